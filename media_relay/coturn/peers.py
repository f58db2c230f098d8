"""To whom coturn may send, in its own words: ``allowed-peer-ip`` and ``denied-peer-ip`` from our table of peers.

How coturn judges a peer (``good_peer_addr`` in its ``ns_turn_server.c``) decides how this is written:

- What is allowed wins over what is denied. So everything that no configuration opens, and this host's other addresses,
  are cut out of the enrolled networks, instead of being denied beside them.
- 4.6.1 compares IPv6 addresses byte by byte, so that ``a-b`` is a box and no span. For a network of one prefix both are
  the same: so only such are written.
- A range that begins at ``::`` begins before every IPv4 address as well. So it is taken apart where not everything is
  denied. ``::`` itself coturn never sends to.
- 4.6.1 compares an address as it is written: ``::ffff:127.0.0.1`` is no loopback to it (CVE-2026-27624), and in no IPv4
  range. So each disguise of an IPv4 address is denied by its own IPv6 prefix, or with the whole of IPv6.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_address, ip_network

from media_relay.config import RelayConfig
from media_relay.core.permission import GLOBAL_IPV6, NEVER, UNLESS_ENROLLED

Network = IPv4Network | IPv6Network

_EVERYTHING: tuple[Network, ...] = (IPv4Network("0.0.0.0/0"), IPv6Network("::/0"))
_NEVER = tuple(ip_network(network) for network, _ in NEVER)
_UNLESS_ENROLLED = tuple(ip_network(network) for network, _ in UNLESS_ENROLLED)
_NOT_GLOBAL = tuple(IPv6Network("::/0").address_exclude(GLOBAL_IPV6))
_ZERO = IPv6Network("::/128")


@dataclass(frozen=True, slots=True)
class Peers:
    """``allowed`` wins over ``denied``; what is in neither, coturn sends to."""

    allowed: tuple[Network, ...]
    denied: tuple[Network, ...]


def peers_of(config: RelayConfig, machine: Iterable[str] = ()) -> Peers:
    """Whom a relay of ``config`` may send to. ``machine``: all addresses of its host, as text.

    The relay's own addresses are allowed whole, since both ends of a call may be relayed: that only the live relayed
    addresses among their ports may be reached, coturn cannot be told.
    """
    listening = {ip_network(str(address)) for address in config.addresses}
    lawful = [own for own in listening if (config.allow_loopback if own[0].is_loopback else not _in_any(own, _NEVER))]
    others = {ip_network(ip_address(host)) for host in machine if "%" not in host} - listening
    enrolled = [ip_network(str(network)) for network in config.allow_peers]
    allowed = [part for network in enrolled for part in _without(network, (*_NEVER, *others))]
    denied = (*_NEVER, *_UNLESS_ENROLLED, *_NOT_GLOBAL, *others) if config.allow_public else _EVERYTHING
    pieces = _apart(_collapsed(denied)) if config.allow_public else denied
    return Peers(tuple(_collapsed([*allowed, *lawful])), tuple(pieces))


def as_range(network: Network) -> str:
    """``first-last``: every version of coturn reads it, and CIDR only the later ones."""
    return f"{network[0]}-{network[-1]}"


def _without(network: Network, holes: Iterable[Network]) -> Iterator[Network]:
    """What is left of ``network``, as networks."""
    left: list[Network] = [network]
    for hole in holes:
        left = [piece for whole in left for piece in _cut(whole, hole)]
    return iter(left)


def _cut(whole: Network, hole: Network) -> Iterable[Network]:
    if not whole.overlaps(hole):
        return (whole,)
    if isinstance(whole, IPv4Network) and isinstance(hole, IPv4Network):
        return () if whole.subnet_of(hole) else whole.address_exclude(hole)
    assert isinstance(whole, IPv6Network)
    assert isinstance(hole, IPv6Network)
    return () if whole.subnet_of(hole) else whole.address_exclude(hole)


def _collapsed(networks: Iterable[Network]) -> list[Network]:
    given = list(networks)
    return [
        *collapse_addresses(network for network in given if isinstance(network, IPv4Network)),
        *collapse_addresses(network for network in given if isinstance(network, IPv6Network)),
    ]


def _apart(networks: Iterable[Network]) -> Iterator[Network]:
    """The same, none of which begins at ``::``."""
    for network in networks:
        yield from _cut(network, _ZERO)


def _in_any(network: Network, others: Iterable[Network]) -> bool:
    return any(network.overlaps(other) for other in others)
