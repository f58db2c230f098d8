"""What the data plane writes around a payload: ChannelData, and Data indications (RFC 8656 sections 12.4 and 11.4).

Both are a prefix before the payload, so that a packet is received once into a buffer that has room for the prefix and
sent from the same buffer, without a copy.
"""

from __future__ import annotations

import struct

from media_relay.stun.address import MAGIC_COOKIE, TransportAddress, encode_xor_address
from media_relay.stun.attributes import DATA, XOR_PEER_ADDRESS
from media_relay.stun.message import MessageClass, Method

FIRST_CHANNEL, LAST_CHANNEL = 0x4000, 0x4FFF
"""RFC 8656 section 12: 0x5000–0xFFFF are reserved. Clients of the older RFC 5766 that go higher are answered 400."""

CHANNEL_HEADER = struct.Struct("!HH")
"""Channel number and length of the payload. Over UDP the padding may be left out, and we leave it out."""

_INDICATION = struct.Struct("!HHI12s")
_ATTRIBUTE = struct.Struct("!HH")


def data_indication_prefix(peer: TransportAddress, size: int, transaction_id: bytes) -> bytes:
    """The bytes of a Data indication before a payload of ``size`` bytes (36 for IPv4, 48 for IPv6).

    ``-size % 4`` zero bytes follow the payload.
    """
    address = encode_xor_address(peer, transaction_id)
    length = 4 + len(address) + 4 + size + (-size % 4)
    return b"".join(
        (
            _INDICATION.pack(Method.DATA | MessageClass.INDICATION, length, MAGIC_COOKIE, transaction_id),
            _ATTRIBUTE.pack(XOR_PEER_ADDRESS.number, len(address)),
            address,
            _ATTRIBUTE.pack(DATA.number, size),
        )
    )


INDICATION_PREFIX_LIMIT = 48
"""The longest prefix above: what the data plane leaves free before a received payload."""
