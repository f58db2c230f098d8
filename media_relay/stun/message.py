"""STUN messages: a strict parser and a builder (RFC 8489 sections 5 and 14).

``parse`` checks the framing and nothing else; values are read when asked for, so that a broken value can be answered
(400) while broken framing is dropped. Attributes that follow the integrity attribute are not authenticated: left out.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeVar

from media_relay.errors import MalformedMessage
from media_relay.stun import integrity
from media_relay.stun.address import MAGIC_COOKIE
from media_relay.stun.attributes import (
    FINGERPRINT,
    MESSAGE_INTEGRITY,
    MESSAGE_INTEGRITY_SHA256,
    Attribute,
    Field,
)

HEADER_SIZE = 20
MAXIMUM_ATTRIBUTES = 64
"""Ours: no message of RFC 8656 needs a third of it, and it bounds the work that one datagram can ask for."""

T = TypeVar("T")


class Method(IntEnum):
    """RFC 8489 section 18.2 and RFC 8656 section 17."""

    BINDING = 0x001
    ALLOCATE = 0x003
    REFRESH = 0x004
    SEND = 0x006
    DATA = 0x007
    CREATE_PERMISSION = 0x008
    CHANNEL_BIND = 0x009


class MessageClass(IntEnum):
    """RFC 8489 section 5: the two class bits, where they stand in the type."""

    REQUEST = 0x000
    INDICATION = 0x010
    SUCCESS = 0x100
    ERROR = 0x110


@dataclass(frozen=True, slots=True)
class Message:
    """A parsed message. ``method`` is a plain number, for a method may be unknown to us."""

    method: int
    message_class: MessageClass
    transaction_id: bytes
    attributes: tuple[tuple[int, bytes], ...]
    """(number, value) in the order of the wire, unknown ones included; integrity and fingerprint are not among them."""
    protection: integrity.Protection

    def get(self, attribute: Attribute[T]) -> T | None:
        """The first ``attribute``'s value (RFC 8489 section 14: later ones are ignored), or None.

        Raises MalformedAttribute.
        """
        for number, value in self.attributes:
            if number == attribute.number:
                return attribute.decode(value, self.transaction_id)
        return None

    def all(self, attribute: Attribute[T]) -> list[T]:
        """Every value of ``attribute`` (CreatePermission repeats XOR-PEER-ADDRESS). Raises MalformedAttribute."""
        return [attribute.decode(v, self.transaction_id) for number, v in self.attributes if number == attribute.number]

    @property
    def has_fingerprint(self) -> bool:
        """Whether the message ended in a FINGERPRINT (a wrong one does not parse)."""
        return self.protection.fingerprinted


def parse(datagram: bytes) -> Message:
    """The message in ``datagram``, all of it. Raises MalformedMessage, and nothing else, whatever the bytes."""
    if len(datagram) < HEADER_SIZE:
        raise MalformedMessage("shorter than a header")
    message_type, length, cookie = struct.unpack_from("!HHI", datagram)
    if message_type & 0xC000:
        raise MalformedMessage("the first two bits are not zero")
    if cookie != MAGIC_COOKIE:
        raise MalformedMessage("no magic cookie")
    if length % 4 or HEADER_SIZE + length != len(datagram):
        raise MalformedMessage("the length does not match")
    attributes, protection = _parse_attributes(datagram)
    return Message(
        # RFC 8489 section 5: the class bits stand between the bits of the method.
        method=message_type & 0x000F | (message_type & 0x00E0) >> 1 | (message_type & 0x3E00) >> 2,
        message_class=MessageClass(message_type & 0x0110),
        transaction_id=datagram[8:HEADER_SIZE],
        attributes=attributes,
        protection=protection,
    )


def build(
    method: int,
    message_class: MessageClass,
    transaction_id: bytes,
    fields: Iterable[Field] = (),
    *,
    key: bytes | None = None,
    sha256: bool = False,
    fingerprint: bool = False,
) -> bytes:
    """A message as bytes, signed with ``key`` if there is one, by SHA-1 unless ``sha256`` is asked for."""
    body = b"".join(_encode(field, transaction_id) for field in fields)
    message = _header(method, message_class, len(body), transaction_id) + body
    if key is not None:
        message = integrity.sign_sha256(message, key) if sha256 else integrity.sign_sha1(message, key)
    return integrity.add_fingerprint(message) if fingerprint else message


def _parse_attributes(datagram: bytes) -> tuple[tuple[tuple[int, bytes], ...], integrity.Protection]:
    attributes: list[tuple[int, bytes]] = []
    sha1_at = sha256_at = None
    end, at = len(datagram), HEADER_SIZE
    count = 0
    while at < end:
        count += 1
        # The length is a multiple of 4, and so is every step: a header always has its four bytes.
        number, size = struct.unpack_from("!HH", datagram, at)
        after = at + 4 + (size + 3 & ~3)
        if after > end or count > MAXIMUM_ATTRIBUTES:
            raise MalformedMessage("an attribute runs past the end" if after > end else "too many attributes")
        if number == FINGERPRINT.number:
            # RFC 8489 section 14.7: the last attribute; one that does not match is not a STUN message for us.
            if after != end or size != 4 or not integrity.fingerprint_matches(datagram, at):
                raise MalformedMessage("the fingerprint does not match")
            return tuple(attributes), integrity.Protection(datagram, sha1_at, sha256_at, fingerprinted=True)
        if sha256_at is None and number == MESSAGE_INTEGRITY_SHA256.number:
            sha256_at = at
        elif sha1_at is None and sha256_at is None:
            if number == MESSAGE_INTEGRITY.number:
                sha1_at = at
            else:
                attributes.append((number, datagram[at + 4 : at + 4 + size]))
        at = after
    return tuple(attributes), integrity.Protection(datagram, sha1_at, sha256_at, fingerprinted=False)


def _header(method: int, message_class: MessageClass, length: int, transaction_id: bytes) -> bytes:
    bits = method & 0x000F | (method & 0x0070) << 1 | (method & 0x0F80) << 2 | message_class
    return struct.pack("!HHI12s", bits, length, MAGIC_COOKIE, transaction_id)


def _encode(field: Field, transaction_id: bytes) -> bytes:
    value = field.attribute.form.encode(field.value, transaction_id)
    return struct.pack("!HH", field.attribute.number, len(value)) + value + bytes(-len(value) % 4)
