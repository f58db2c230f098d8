"""coturn, told our peers in its own ranges, sends to whom our relay sends to: by the rules that its source has.

Two versions of them, for the later one compares IPv6 addresses otherwise, and sees through disguises;
``test_relay_coturn`` holds the real one of Debian against the same table.
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr
from support.coturn_engine import undisguised

from media_relay.config import RelayConfig
from media_relay.core.permission import NEVER, UNLESS_ENROLLED, PeerRules, Verdict
from media_relay.coturn.peers import Network, Peers, as_range, peers_of

Address = IPv4Address | IPv6Address
OWN = ("5.6.7.8", "2a00::8")
MACHINE = (*OWN, "10.20.0.9", "5.6.7.9", "fd20::9", "2a00::9", "127.0.0.1", "::1", "fe80::1%eth0")
ENROLLED = ("10.20.0.0/16", "fd20::/16", "198.51.100.0/24", "2a02:1::/32", "0.0.0.0/2", "8000::/1")
EDGES = sorted(
    {
        edge
        for network in (*(name for name, _ in (*NEVER, *UNLESS_ENROLLED)), *ENROLLED, "2000::/3", "0.0.0.0/0", "::/0")
        for end in (ip_network(network)[0], ip_network(network)[-1])
        for edge in (end, *([end + 1] if int(end) + 1 < 2**end.max_prefixlen else []), *([end - 1] if int(end) else []))
    }
    | {ip_address(host) for host in MACHINE if "%" not in host},
    key=lambda address: (address.version, int(address)),
)
"""The first and last address of everything that is named anywhere, and their neighbours."""

addresses = st.one_of(st.sampled_from(EDGES), st.ip_addresses(v=4), st.ip_addresses(v=6))


def config(*enrolled: str, public: bool = False) -> RelayConfig:
    return RelayConfig(
        addresses=OWN,
        secrets=(SecretStr("a secret that is long enough"),),
        allow_peers=enrolled,
        allow_public=public,
    )


def rules(enrolled: Sequence[str], *, public: bool) -> PeerRules:
    networks = [ip_network(network) for network in enrolled]
    return PeerRules(listening=OWN, machine=MACHINE, allow_peers=networks, allow_public=public)


def may(judge: PeerRules, address: Address) -> bool:
    return judge.verdict(str(address)) is not Verdict.FORBIDDEN


def less_or_equal(one: Address, other: Address, *, later: bool) -> bool:
    """``addr_less_eq``: IPv4 before IPv6; 4.6.1 compares IPv6 byte by byte, 4.17.1 as a number."""
    if one.version != other.version:
        return one.version < other.version
    if one.version == 4 or later:
        return int(one) <= int(other)
    return all(mine <= theirs for mine, theirs in zip(one.packed, other.packed, strict=True))


def within(network: Network, address: Address, *, later: bool) -> bool:
    """``ioa_addr_in_range``: a range that begins at zero begins before everything; 4.17.1 sees through disguises."""
    first, last = map(ip_address, as_range(network).split("-"))
    if later and first.version == 4:
        address = undisguised(address) or address
    begins = int(first) == 0 or less_or_equal(first, address, later=later)
    return begins and (int(last) == 0 or less_or_equal(address, last, later=later))


def sends_to(peers: Peers, address: Address, *, later: bool) -> bool:
    """``good_peer_addr``: multicast, loopback and zero first, then what is allowed, then what is denied."""
    if isinstance(address, IPv4Address):
        refused = address.packed[0] in (0, 127) or address.packed[0] > 223
    else:
        refused = int(address) in (0, 1) or address.packed[0] == 255
    if refused:
        return False
    if any(within(network, address, later=later) for network in peers.allowed):
        return True
    return not any(within(network, address, later=later) for network in peers.denied)


def lawful(address: Address, enrolled: Sequence[str], *, public: bool, later: bool) -> bool:
    """Our verdict. The later one also sends to who is enrolled by a disguised name, which reaches nobody else."""
    seen_as = undisguised(address) if later else None
    return may(rules(enrolled, public=public), address) or (
        seen_as is not None and may(rules(enrolled, public=False), seen_as)
    )


@pytest.mark.parametrize("later", [False, True], ids=["4.6.1", "4.17.1"])
@pytest.mark.parametrize("public", [False, True], ids=["enrolled alone", "public as well"])
@settings(max_examples=60)
@given(address=addresses, enrolled=st.lists(st.sampled_from(ENROLLED), unique=True, max_size=3))
@example(address=IPv6Address("::ffff:127.0.0.1"), enrolled=[])
@example(address=IPv4Address("8.8.8.8"), enrolled=[])
@example(address=IPv6Address("2a00::9"), enrolled=["0.0.0.0/2"])
def test_it_sends_to_whom_our_relay_sends(later: bool, public: bool, address: Address, enrolled: list[str]) -> None:
    peers = peers_of(config(*enrolled, public=public), MACHINE)
    assert sends_to(peers, address, later=later) == lawful(address, enrolled, public=public, later=later)


def test_every_edge_of_every_network() -> None:
    # Chance finds most of them; these are where a slip would be.
    for public in (False, True):
        peers = peers_of(config(*ENROLLED, public=public), MACHINE)
        for address in EDGES:
            for later in (False, True):
                ours = lawful(address, ENROLLED, public=public, later=later)
                assert sends_to(peers, address, later=later) == ours, address


def test_loopback_is_allowed_in_the_test_profile_alone_and_there_its_own_addresses() -> None:
    told = {"addresses": ("127.0.0.1", "::1"), "secrets": (SecretStr("a secret that is long enough"),)}
    assert peers_of(RelayConfig(**told)).allowed == ()
    own = {str(network) for network in peers_of(RelayConfig(**told, allow_loopback=True)).allowed}
    assert own == {"127.0.0.1/32", "::1/128"}
