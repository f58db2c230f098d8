"""The table of STUN and TURN attributes: a row each, with its number, its value's form and its RFC section.

A row is also how a value is read (``message.get(LIFETIME)``) and written (``LIFETIME(600)``), so that a type checker
knows which value belongs to which attribute.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from media_relay.errors import MalformedAttribute
from media_relay.stun.address import (
    TransportAddress,
    decode_address,
    decode_xor_address,
    encode_address,
    encode_xor_address,
)

T = TypeVar("T")

MD5, SHA256 = 0x0001, 0x0002
"""Password algorithms (RFC 8489 section 18.5)."""


class ErrorCode(NamedTuple):
    """RFC 8489 section 14.8: a number from 300 to 699 and its words."""

    number: int
    reason: str


class AddressError(NamedTuple):
    """RFC 8656 section 18.12: why there is no relayed address of ``family``, beside one of the other."""

    family: int
    error: ErrorCode


class Field(NamedTuple):
    """An attribute together with the value that a message carries."""

    attribute: Attribute[Any]
    value: Any


@dataclass(frozen=True, slots=True)
class Form(Generic[T]):
    """How a value is written and read; both take the transaction id, for the XOR addresses need it."""

    encode: Callable[[T, bytes], bytes]
    decode: Callable[[bytes, bytes], T]


@dataclass(frozen=True, slots=True)
class Attribute(Generic[T]):
    """A row of the table."""

    number: int
    name: str
    form: Form[T]
    section: str

    def __call__(self, value: T) -> Field:
        """This attribute with ``value``, to put into a message."""
        return Field(self, value)

    def decode(self, value: bytes, transaction_id: bytes) -> T:
        """The value in ``value``. Raises MalformedAttribute."""
        try:
            return self.form.decode(value, transaction_id)
        except ValueError as error:
            raise MalformedAttribute(self.name, str(error)) from None


def _sized(value: bytes, size: int) -> bytes:
    if len(value) != size:
        raise ValueError(f"{len(value)} bytes in place of {size}")
    return value


def _text(limit: int) -> Form[str]:
    def decode(value: bytes, _: bytes) -> str:
        if len(value) > limit:
            raise ValueError(f"{len(value)} bytes, more than {limit}")
        return value.decode("utf-8")  # UnicodeDecodeError is a ValueError

    return Form(lambda value, _: value.encode("utf-8"), decode)


def _number(size: int, *, padded_to: int = 0) -> Form[int]:
    def decode(value: bytes, _: bytes) -> int:
        return int.from_bytes(_sized(value, size + padded_to)[:size], "big")

    return Form(lambda value, _: value.to_bytes(size, "big") + bytes(padded_to), decode)


def _opaque(*sizes: int) -> Form[bytes]:
    def decode(value: bytes, _: bytes) -> bytes:
        if sizes and len(value) not in sizes:
            raise ValueError(f"{len(value)} bytes")
        return value

    return Form(lambda value, _: value, decode)


def _encode_error(value: ErrorCode, _: bytes) -> bytes:
    return bytes((0, 0, value.number // 100, value.number % 100)) + value.reason.encode("utf-8")


def _decode_error(value: bytes, _: bytes) -> ErrorCode:
    if len(value) < 4 or not 3 <= value[2] & 0x07 <= 6 or value[3] > 99:
        raise ValueError("no error code")
    return ErrorCode((value[2] & 0x07) * 100 + value[3], value[4:].decode("utf-8"))


def _encode_address_error(value: AddressError, _: bytes) -> bytes:
    return bytes((value.family,)) + _encode_error(value.error, _)[1:]


def _decode_address_error(value: bytes, _: bytes) -> AddressError:
    error = _decode_error(value, _)
    return AddressError(value[0], error)


def _encode_algorithms(value: tuple[int, ...], _: bytes) -> bytes:
    return b"".join(struct.pack("!HH", number, 0) for number in value)


def _decode_algorithms(value: bytes, _: bytes) -> tuple[int, ...]:
    # RFC 8489 section 18.5: both algorithms that there are have no parameters.
    if len(value) % 4 or any(value[at + 2 : at + 4] != b"\0\0" for at in range(0, len(value), 4)):
        raise ValueError("parameters of an algorithm that has none")
    return tuple(int.from_bytes(value[at : at + 2], "big") for at in range(0, len(value), 4))


def _decode_algorithm(value: bytes, _: bytes) -> int:
    return _decode_algorithms(_sized(value, 4), _)[0]


def _decode_types(value: bytes, _: bytes) -> tuple[int, ...]:
    if len(value) % 2:
        raise ValueError(f"{len(value)} bytes")
    return struct.unpack(f"!{len(value) // 2}H", value)


_ADDRESS: Form[TransportAddress] = Form(lambda value, _: encode_address(value), lambda value, _: decode_address(value))
_XOR_ADDRESS: Form[TransportAddress] = Form(encode_xor_address, decode_xor_address)
_TYPES: Form[tuple[int, ...]] = Form(lambda value, _: struct.pack(f"!{len(value)}H", *value), _decode_types)
_ADDRESS_ERROR: Form[AddressError] = Form(_encode_address_error, _decode_address_error)
_ALGORITHM: Form[int] = Form(lambda value, _: _encode_algorithms((value,), _), _decode_algorithm)
_ALGORITHMS: Form[tuple[int, ...]] = Form(_encode_algorithms, _decode_algorithms)
_SHA256_SIZES = tuple(range(16, 33, 4))  # RFC 8489 section 14.6: it may be cut to 16 bytes, in steps of 4

# Comprehension required: 0x0000–0x7FFF. An agent that does not understand one must refuse the message (420).
MAPPED_ADDRESS = Attribute(0x0001, "MAPPED-ADDRESS", _ADDRESS, "RFC 8489 14.1")
USERNAME = Attribute(0x0006, "USERNAME", _text(508), "RFC 8489 14.3")
MESSAGE_INTEGRITY = Attribute(0x0008, "MESSAGE-INTEGRITY", _opaque(20), "RFC 8489 14.5")
ERROR_CODE = Attribute(0x0009, "ERROR-CODE", Form(_encode_error, _decode_error), "RFC 8489 14.8")
UNKNOWN_ATTRIBUTES = Attribute(0x000A, "UNKNOWN-ATTRIBUTES", _TYPES, "RFC 8489 14.13")
CHANNEL_NUMBER = Attribute(0x000C, "CHANNEL-NUMBER", _number(2, padded_to=2), "RFC 8656 18.1")
LIFETIME = Attribute(0x000D, "LIFETIME", _number(4), "RFC 8656 18.2")
XOR_PEER_ADDRESS = Attribute(0x0012, "XOR-PEER-ADDRESS", _XOR_ADDRESS, "RFC 8656 18.3")
DATA = Attribute(0x0013, "DATA", _opaque(), "RFC 8656 18.4")
REALM = Attribute(0x0014, "REALM", _text(763), "RFC 8489 14.9")
NONCE = Attribute(0x0015, "NONCE", _text(763), "RFC 8489 14.10")
XOR_RELAYED_ADDRESS = Attribute(0x0016, "XOR-RELAYED-ADDRESS", _XOR_ADDRESS, "RFC 8656 18.5")
REQUESTED_ADDRESS_FAMILY = Attribute(0x0017, "REQUESTED-ADDRESS-FAMILY", _number(1, padded_to=3), "RFC 8656 18.6")
EVEN_PORT = Attribute(0x0018, "EVEN-PORT", _opaque(1), "RFC 8656 18.7")
REQUESTED_TRANSPORT = Attribute(0x0019, "REQUESTED-TRANSPORT", _number(1, padded_to=3), "RFC 8656 18.8")
DONT_FRAGMENT = Attribute(0x001A, "DONT-FRAGMENT", _opaque(0), "RFC 8656 18.9")
MESSAGE_INTEGRITY_SHA256 = Attribute(0x001C, "MESSAGE-INTEGRITY-SHA256", _opaque(*_SHA256_SIZES), "RFC 8489 14.6")
PASSWORD_ALGORITHM = Attribute(0x001D, "PASSWORD-ALGORITHM", _ALGORITHM, "RFC 8489 14.12")
USERHASH = Attribute(0x001E, "USERHASH", _opaque(32), "RFC 8489 14.4")
XOR_MAPPED_ADDRESS = Attribute(0x0020, "XOR-MAPPED-ADDRESS", _XOR_ADDRESS, "RFC 8489 14.2")
RESERVATION_TOKEN = Attribute(0x0022, "RESERVATION-TOKEN", _opaque(8), "RFC 8656 18.10")
PRIORITY = Attribute(0x0024, "PRIORITY", _number(4), "RFC 8445 16.1")
USE_CANDIDATE = Attribute(0x0025, "USE-CANDIDATE", _opaque(0), "RFC 8445 16.1")

# Comprehension optional: 0x8000–0xFFFF. What is not understood is passed over.
ADDITIONAL_ADDRESS_FAMILY = Attribute(0x8000, "ADDITIONAL-ADDRESS-FAMILY", _number(1, padded_to=3), "RFC 8656 18.11")
ADDRESS_ERROR_CODE = Attribute(0x8001, "ADDRESS-ERROR-CODE", _ADDRESS_ERROR, "RFC 8656 18.12")
PASSWORD_ALGORITHMS = Attribute(0x8002, "PASSWORD-ALGORITHMS", _ALGORITHMS, "RFC 8489 14.11")
ALTERNATE_DOMAIN = Attribute(0x8003, "ALTERNATE-DOMAIN", _text(255), "RFC 8489 14.16")
ICMP = Attribute(0x8004, "ICMP", _opaque(8), "RFC 8656 18.13")
SOFTWARE = Attribute(0x8022, "SOFTWARE", _text(763), "RFC 8489 14.14")
ALTERNATE_SERVER = Attribute(0x8023, "ALTERNATE-SERVER", _ADDRESS, "RFC 8489 14.15")
FINGERPRINT = Attribute(0x8028, "FINGERPRINT", _number(4), "RFC 8489 14.7")
ICE_CONTROLLED = Attribute(0x8029, "ICE-CONTROLLED", _number(8), "RFC 8445 16.1")
ICE_CONTROLLING = Attribute(0x802A, "ICE-CONTROLLING", _number(8), "RFC 8445 16.1")

TABLE: dict[int, Attribute[Any]] = {row.number: row for row in list(vars().values()) if isinstance(row, Attribute)}
"""Every row by its number."""
