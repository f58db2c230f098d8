"""What the fuzzer sends: messages of a corpus, taken apart, changed where it hurts, signed again, and broken.

Everything is drawn from one seeded generator: a seed and a number name a packet for ever.
"""

from __future__ import annotations

import random
import struct
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from media_relay.stun import attributes as stun
from media_relay.stun.address import MAGIC_COOKIE, TransportAddress, encode_xor_address
from media_relay.stun.integrity import add_fingerprint, sign_sha1, sign_sha256
from media_relay.stun.message import HEADER_SIZE, MessageClass, Method

CORPUS = Path(__file__).resolve().parents[1] / "vectors" / "relay-corpus"

METHODS = (*Method, Method.ALLOCATE, Method.REFRESH, Method.CREATE_PERMISSION, Method.CHANNEL_BIND, 0x00A, 0xFFF)
CLASSES = (MessageClass.REQUEST,) * 6 + (MessageClass.INDICATION,) * 2 + (MessageClass.SUCCESS, MessageClass.ERROR)
NUMBERS = (*stun.TABLE, 0x0000, 0x0002, 0x0003, 0x000B, 0x001B, 0x0030, 0x7FFF, 0xC001, 0xFFFF)
SHIELDS = (stun.MESSAGE_INTEGRITY.number, stun.MESSAGE_INTEGRITY_SHA256.number, stun.FINGERPRINT.number)
PROOF = (stun.USERNAME.number, stun.REALM.number, stun.NONCE.number)
PEERS = (
    *(TransportAddress("10.20.0.7", 5004),) * 4,
    *(TransportAddress(f"10.20.0.{host}", port) for host in (1, 2) for port in (0, 1, 65535)),
    TransportAddress("fd20::1", 1),
    TransportAddress("198.51.100.9", 9),
    TransportAddress("127.0.0.1", 9),
    TransportAddress("::ffff:127.0.0.1", 9),
    TransportAddress("0.0.0.0", 0),
    TransportAddress("192.168.7.7", 1),
    TransportAddress("203.0.113.1", 3478),
    *(TransportAddress("203.0.113.1", port) for port in range(50_000, 50_008)),
)
VALUES = (
    b"",
    b"\0",
    b"\1",
    b"\2",
    bytes(3),
    bytes(4),
    b"\xff" * 4,
    bytes(8),
    bytes(20),
    bytes(32),
    b"\x80",
    bytes(600),
)
LIFETIMES = (0, 1, 599, 600, 601, 3600, 3601, 2**31, 2**32 - 1)
CHANNELS = (0, 0x3FFF, 0x4000, 0x4001, 0x4002, 0x4FFF, 0x5000, 0xFFFF)

Raw = tuple[int, bytes]


@dataclass(frozen=True)
class Draft:
    """A message before it is signed; ``attributes`` without proof, signature and fingerprint."""

    method: int
    message_class: int
    transaction: bytes
    attributes: tuple[Raw, ...]


@dataclass(frozen=True)
class Signature:
    """By what a draft is signed."""

    username: str
    realm: str
    nonce: str
    key: bytes


def corpus(folder: Path = CORPUS) -> list[bytes]:
    """The messages that are kept, in the order of their names."""
    return [bytes.fromhex(path.read_text()) for path in sorted(folder.glob("*.hex"))]


def drafted(datagram: bytes) -> Draft:
    """``datagram`` taken apart, as far as that goes; it need not be a message."""
    head = datagram[:HEADER_SIZE].ljust(HEADER_SIZE, b"\0")
    kind = int.from_bytes(head[:2], "big")
    attributes, at = [], HEADER_SIZE
    while at + 4 <= len(datagram):
        number, size = struct.unpack_from("!HH", datagram, at)
        if number not in (*SHIELDS, *PROOF):
            attributes.append((number, datagram[at + 4 : at + 4 + size]))
        at += 4 + size + (-size % 4)
    method = kind & 0x000F | (kind & 0x00E0) >> 1 | (kind & 0x3E00) >> 2
    return Draft(method, kind & 0x0110, head[8:], tuple(attributes))


def written(draft: Draft, signature: Signature | None, *, sha256: bool = False, fingerprint: bool = False) -> bytes:
    """``draft`` as bytes."""
    attributes = list(draft.attributes)
    if signature is not None:
        proof = (signature.username, signature.realm, signature.nonce)
        attributes += [(number, text.encode()) for number, text in zip(PROOF, proof, strict=True)]
    body = b"".join(struct.pack("!HH", n, len(value)) + value + bytes(-len(value) % 4) for n, value in attributes)
    method = draft.method
    kind = method & 0x000F | (method & 0x0070) << 1 | (method & 0x0F80) << 2 | draft.message_class
    message = struct.pack("!HHI12s", kind, len(body) & 0xFFFF, MAGIC_COOKIE, draft.transaction) + body
    if signature is not None:
        message = (sign_sha256 if sha256 else sign_sha1)(message, signature.key)
    return add_fingerprint(message) if fingerprint else message


class Mutator:
    """Changes drafts and bytes by chance, from ``random_`` alone. ``pool``: what it begins with, and grows by."""

    def __init__(self, random_: random.Random, pool: Sequence[bytes]) -> None:
        self.random = random_
        self.pool = [drafted(datagram) for datagram in pool]

    def draft(self) -> Draft:
        """One of the pool, changed in up to four places, or made up."""
        random_ = self.random
        draft = random_.choice(self.pool)
        for _ in range(random_.choice((0, 0, 0, 1, 1, 2, 4))):
            draft = self.changed(draft)
        return replace(draft, transaction=random_.randbytes(12)) if random_.random() < 0.9 else draft

    def broken(self, datagram: bytes) -> bytes:
        """``datagram`` with bits flipped, cut, stuffed, or lying about its length."""
        random_, changed = self.random, bytearray(datagram)
        for _ in range(random_.choice((1, 1, 2, 4))):
            match random_.randrange(6):
                case 0 | 1 if changed:
                    changed[random_.randrange(len(changed))] ^= 1 << random_.randrange(8)
                case 2 if changed:
                    del changed[random_.randrange(len(changed)) :]
                case 3:
                    at = random_.randint(0, len(changed))
                    changed[at:at] = random_.randbytes(random_.randint(1, 8))
                case 4 if len(changed) >= 4:
                    changed[2:4] = random_.choice((bytes(2), b"\xff\xfc", random_.randbytes(2)))
                case 5 if len(changed) >= HEADER_SIZE + 4:
                    at = random_.randrange(HEADER_SIZE, len(changed) - 3) // 4 * 4
                    changed[at + 2 : at + 4] = random_.choice((b"\0\0", b"\xff\xff", random_.randbytes(2)))
        return bytes(changed)

    def changed(self, draft: Draft) -> Draft:
        """``draft``, changed in one place."""
        random_, attributes = self.random, list(draft.attributes)
        match random_.randrange(9):
            case 0:
                return replace(draft, method=random_.choice(METHODS))
            case 1:
                return replace(draft, message_class=random_.choice(CLASSES))
            case 2 if attributes:
                del attributes[random_.randrange(len(attributes))]
            case 3 if attributes:
                attributes.insert(random_.randint(0, len(attributes)), random_.choice(attributes))
            case 4 if attributes:
                random_.shuffle(attributes)
            case 5 if attributes:
                at = random_.randrange(len(attributes))
                attributes[at] = (random_.choice(NUMBERS), attributes[at][1])
            case 6 if attributes:
                at = random_.randrange(len(attributes))
                attributes[at] = (attributes[at][0], self._value(attributes[at]))
            case 7:
                more = random_.choice(self.pool).attributes
                attributes += random_.sample(more, min(len(more), 2))
            case _:
                attributes.insert(random_.randint(0, len(attributes)), self._made_up(draft.transaction))
        return replace(draft, attributes=tuple(attributes[:80]))

    def _value(self, raw: Raw) -> bytes:
        if self.random.random() < 0.5 and raw[1]:
            changed = bytearray(raw[1])
            changed[self.random.randrange(len(changed))] ^= 1 << self.random.randrange(8)
            return bytes(changed)
        return self.random.choice(VALUES)

    def _made_up(self, transaction: bytes) -> Raw:
        """An attribute that a relay looks at, with a value that means something to it, or nearly."""
        random_ = self.random
        match random_.randrange(9):
            case 0 | 1 | 2:
                peer = random_.choice(PEERS)
                return stun.XOR_PEER_ADDRESS.number, encode_xor_address(peer, transaction)
            case 3:
                return stun.CHANNEL_NUMBER.number, random_.choice(CHANNELS).to_bytes(2, "big") + bytes(2)
            case 4:
                return stun.LIFETIME.number, random_.choice(LIFETIMES).to_bytes(4, "big")
            case 5:
                family = stun.REQUESTED_ADDRESS_FAMILY if random_.random() < 0.5 else stun.ADDITIONAL_ADDRESS_FAMILY
                return family.number, random_.choice((b"\1", b"\2", b"\2", b"\7")) + bytes(3)
            case 6:
                return stun.EVEN_PORT.number, random_.choice((b"\0", b"\x80", b"\x7f"))
            case 7:
                return stun.DATA.number, random_.randbytes(random_.choice((0, 1, 3, 160, 1200)))
            case _:
                return random_.choice(NUMBERS), random_.choice(VALUES)
