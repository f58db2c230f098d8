"""As much of an address as may be written down anywhere: never who it is, only from which network they come."""

from __future__ import annotations

from media_relay.stun.address import TransportAddress


def prefix_of(address: TransportAddress) -> str:
    """The network of ``address``: an IPv4 /24, an IPv6 /48."""
    packed = address.ip.packed
    if len(packed) == 4:
        return f"{packed[0]}.{packed[1]}.{packed[2]}.0/24"
    return f"{packed[0:2].hex()}:{packed[2:4].hex()}:{packed[4:6].hex()}::/48"
