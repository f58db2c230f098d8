"""To whom the relay may send: the table of addresses that keeps it from being anybody's open door.

Nobody, but what is enrolled: the governorates' networks, and the live relayed addresses of this relay, since both ends
of a call may be relayed.

Debian's coturn 4.6.1 lets ``::ffff:127.0.0.1`` through (CVE-2026-27624). Here every disguise of an IPv4 address as an
IPv6 one (mapped, compatible, translated, 6to4, Teredo) is refused for what it is, whatever it hides: no honest peer
needs one, and what is refused need not be unwrapped.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

NEVER: tuple[tuple[str, str], ...] = (
    ("0.0.0.0/8", "this network, RFC 791"),
    ("127.0.0.0/8", "loopback, RFC 1122"),
    ("169.254.0.0/16", "link-local, and the metadata services of clouds, RFC 3927"),
    ("192.0.0.0/24", "protocol assignments, RFC 6890"),
    ("192.88.99.0/24", "6to4 relays, RFC 7526"),
    ("224.0.0.0/4", "multicast, RFC 5771"),
    ("240.0.0.0/4", "reserved and broadcast, RFC 1112"),
    ("::/96", "unspecified, loopback and IPv4-compatible, RFC 4291"),
    ("::ffff:0:0/96", "IPv4-mapped, RFC 4291"),
    ("::ffff:0:0:0/96", "IPv4-translated, RFC 2765"),
    ("64:ff9b::/96", "translated to IPv4, RFC 6052"),
    ("64:ff9b:1::/48", "translated to IPv4, RFC 8215"),
    ("100::/64", "discard, RFC 6666"),
    ("2001::/32", "Teredo, IPv4 inside, RFC 4380"),
    ("2002::/16", "6to4, IPv4 inside, RFC 3056"),
    ("fe80::/10", "link-local, RFC 4291"),
    ("fec0::/10", "site-local, RFC 3879"),
    ("ff00::/8", "multicast, RFC 4291"),
)
"""Networks that no configuration opens."""

UNLESS_ENROLLED: tuple[tuple[str, str], ...] = (
    ("10.0.0.0/8", "private, RFC 1918"),
    ("100.64.0.0/10", "shared by carriers, RFC 6598"),
    ("172.16.0.0/12", "private, RFC 1918"),
    ("192.0.2.0/24", "documentation, RFC 5737"),
    ("192.168.0.0/16", "private, RFC 1918"),
    ("198.18.0.0/15", "benchmarking, RFC 2544"),
    ("198.51.100.0/24", "documentation, RFC 5737"),
    ("203.0.113.0/24", "documentation, RFC 5737"),
    ("2001:db8::/32", "documentation, RFC 3849"),
    ("3fff::/20", "documentation, RFC 9637"),
    ("fc00::/7", "unique local, RFC 4193"),
)
"""Networks that are opened by naming them alone, or a part of them: a governorate's network is one."""

GLOBAL_IPV6 = IPv6Network("2000::/3")
"""The only IPv6 addresses that are handed out as global unicast (RFC 4291): all others are refused unless enrolled."""

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


class Verdict(Enum):
    """What may be sent to an address, and taken from it."""

    OPEN = "open"
    """Any port."""
    RELAYED_ONLY = "relayed-only"
    """Only ports that are relayed addresses of this relay when the packet passes: both ends may be relay-only."""
    FORBIDDEN = "forbidden"
    """None: 403."""


class PeerRules:
    """The verdict on a peer. ``listening``: the relay's own addresses; ``machine``: all others of its host;
    ``allow_peers``: what is enrolled; ``allow_public``: whether the public network is open as well."""

    def __init__(
        self,
        *,
        listening: Iterable[str],
        machine: Iterable[str] = (),
        allow_peers: Iterable[Network] = (),
        allow_public: bool = False,
        allow_loopback: bool = False,
    ) -> None:
        self._listening = frozenset(ip_address(host) for host in listening)
        # Scoped text such as fe80::1%eth0 is link-local and refused anyway.
        self._machine = frozenset(ip_address(host) for host in machine if "%" not in host)
        self._enrolled = tuple(allow_peers)
        self._allow_public = allow_public
        self._allow_loopback = allow_loopback

    def verdict(self, host: str) -> Verdict:
        """The verdict on ``host`` (an IPv4 or IPv6 address as text). Raises ValueError when it is not an address."""
        address = ip_address(host)
        if address in self._listening:
            # A loopback address of ours is opened by the demonstration and test profile alone.
            lawful = self._allow_loopback if address.is_loopback else not _in_any(address, _NEVER)
            return Verdict.RELAYED_ONLY if lawful else Verdict.FORBIDDEN
        # A service of this very machine is not a peer, whichever of its addresses it is asked for by.
        if address in self._machine or _in_any(address, _NEVER):
            return Verdict.FORBIDDEN
        if _in_any(address, self._enrolled):
            return Verdict.OPEN
        private = _in_any(address, _UNLESS_ENROLLED)
        if private or (isinstance(address, IPv6Address) and address not in GLOBAL_IPV6):
            return Verdict.FORBIDDEN
        return Verdict.OPEN if self._allow_public else Verdict.FORBIDDEN


def _in_any(address: Address, networks: Iterable[Network]) -> bool:
    return any(address in network for network in networks)


_NEVER = tuple(ip_network(network) for network, _ in NEVER)
_UNLESS_ENROLLED = tuple(ip_network(network) for network, _ in UNLESS_ENROLLED)
