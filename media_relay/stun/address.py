"""Transport addresses and their two encodings in STUN attributes (RFC 8489 sections 14.1 and 14.2)."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import NamedTuple

MAGIC_COOKIE = 0x2112A442
"""RFC 8489 section 5: what tells STUN from everything else, and the mask of XOR addresses."""

IPV4 = 0x01
IPV6 = 0x02

_COOKIE_BYTES = MAGIC_COOKIE.to_bytes(4, "big")


class TransportAddress(NamedTuple):
    """An address and a UDP port. ``host`` is the text that the kernel prints; equal addresses have equal text."""

    host: str
    port: int

    @property
    def ip(self) -> IPv4Address | IPv6Address:
        """The address as a number with its family."""
        return _ip_address(self.host)

    @property
    def family(self) -> int:
        """``IPV4`` or ``IPV6``, as written in STUN."""
        return IPV6 if ":" in self.host else IPV4


def encode_address(address: TransportAddress) -> bytes:
    """``address`` in the clear (RFC 8489 section 14.1): a zero, the family, the port, 4 or 16 bytes."""
    return bytes((0, address.family)) + address.port.to_bytes(2, "big") + address.ip.packed


def decode_address(value: bytes) -> TransportAddress:
    """The reverse of ``encode_address``. Raises ValueError for an unknown family or a wrong length."""
    if len(value) < 4:
        raise ValueError("shorter than 4 bytes")
    family, length = value[1], len(value) - 4
    if (family, length) not in ((IPV4, 4), (IPV6, 16)):
        raise ValueError(f"family {family} with {length} bytes of address")
    host = IPv4Address(value[4:]) if family == IPV4 else IPv6Address(value[4:])
    return TransportAddress(str(host), int.from_bytes(value[2:4], "big"))


def encode_xor_address(address: TransportAddress, transaction_id: bytes) -> bytes:
    """``address`` masked by the cookie and the transaction id, so that no NAT rewrites it (RFC 8489 section 14.2)."""
    return _masked(encode_address(address), transaction_id)


def decode_xor_address(value: bytes, transaction_id: bytes) -> TransportAddress:
    """The reverse of ``encode_xor_address``. Raises ValueError as ``decode_address`` does."""
    if len(value) not in (8, 20):
        raise ValueError(f"{len(value)} bytes")
    return decode_address(_masked(value, transaction_id))


@lru_cache(maxsize=1024)
def _ip_address(host: str) -> IPv4Address | IPv6Address:
    # One datagram asks for the same address several times, and reading it costs more than all else done to it.
    return ip_address(host)


def _masked(value: bytes, transaction_id: bytes) -> bytes:
    # Port and address are one run of bytes after the family; the port's mask is the first half of the cookie.
    mask = (_COOKIE_BYTES[:2] + _COOKIE_BYTES + transaction_id)[: len(value) - 2]
    masked = int.from_bytes(value[2:], "big") ^ int.from_bytes(mask, "big")
    return value[:2] + masked.to_bytes(len(value) - 2, "big")
