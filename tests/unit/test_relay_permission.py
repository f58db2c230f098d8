"""To whom the relay may send: the table of addresses, and that no disguise gets past it."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media_relay.core.permission import NEVER, UNLESS_ENROLLED, PeerRules, Verdict

OPEN, RELAYED_ONLY, FORBIDDEN = Verdict.OPEN, Verdict.RELAYED_ONLY, Verdict.FORBIDDEN

RULES = PeerRules(
    listening=["5.6.7.8", "2a00::8", "127.0.0.1"],
    machine=["10.20.0.9", "127.0.0.1", "::1", "fe80::1%eth0"],
    allow_peers=[ip_network("10.20.0.0/16"), ip_network("fd20::/16"), ip_network("0.0.0.0/2")],
    allow_public=True,
)

CASES = {
    # loopback, in every dress
    "127.0.0.1": FORBIDDEN,
    "127.0.0.2": FORBIDDEN,
    "127.255.255.255": FORBIDDEN,
    "::1": FORBIDDEN,
    "::ffff:127.0.0.1": FORBIDDEN,
    "::ffff:7f00:1": FORBIDDEN,
    "::127.0.0.1": FORBIDDEN,
    "::ffff:0:127.0.0.1": FORBIDDEN,
    "64:ff9b::127.0.0.1": FORBIDDEN,
    "64:ff9b::7f00:1": FORBIDDEN,
    "64:ff9b:1::7f00:1": FORBIDDEN,
    "2002:7f00:1::": FORBIDDEN,
    "2002:7f00:1::1": FORBIDDEN,
    "2001:0:7f00:1::": FORBIDDEN,
    # nowhere, everywhere
    "0.0.0.0": FORBIDDEN,
    "0.1.2.3": FORBIDDEN,
    "::": FORBIDDEN,
    "::ffff:0.0.0.0": FORBIDDEN,
    "255.255.255.255": FORBIDDEN,
    "240.0.0.1": FORBIDDEN,
    "224.0.0.1": FORBIDDEN,
    "239.255.255.250": FORBIDDEN,
    "ff02::1": FORBIDDEN,
    "ff0e::1": FORBIDDEN,
    # the link, and the metadata services of clouds
    "169.254.0.1": FORBIDDEN,
    "169.254.169.254": FORBIDDEN,
    "::ffff:169.254.169.254": FORBIDDEN,
    "64:ff9b::a9fe:a9fe": FORBIDDEN,
    "fe80::1": FORBIDDEN,
    "fec0::1": FORBIDDEN,
    # private networks: only those that are enrolled
    "10.20.0.1": OPEN,
    "10.20.255.255": OPEN,
    "10.21.0.1": OPEN,  # by the widest enrolment
    "172.16.0.1": FORBIDDEN,
    "172.31.255.255": FORBIDDEN,
    "192.168.1.1": FORBIDDEN,
    "198.18.0.1": FORBIDDEN,
    "192.0.2.1": FORBIDDEN,
    "198.51.100.1": FORBIDDEN,
    "203.0.113.1": FORBIDDEN,
    "fd20::1": OPEN,
    "fd21::1": FORBIDDEN,
    "fc00::1": FORBIDDEN,
    "2001:db8::1": FORBIDDEN,
    "3fff::1": FORBIDDEN,
    # an enrolled IPv4 network is not enrolled in an IPv6 dress
    "::ffff:10.20.0.1": FORBIDDEN,
    "64:ff9b::10.20.0.1": FORBIDDEN,
    "2002:a14:1::1": FORBIDDEN,
    # protocol assignments
    "192.0.0.8": FORBIDDEN,
    "192.88.99.1": FORBIDDEN,
    "100::1": FORBIDDEN,
    # what is not handed out in IPv6
    "4000::1": FORBIDDEN,
    "400::1": FORBIDDEN,
    "f000::1": FORBIDDEN,
    # this machine: nothing but live relayed addresses on what the relay listens on
    "5.6.7.8": RELAYED_ONLY,
    "2a00::8": RELAYED_ONLY,
    "10.20.0.9": FORBIDDEN,
    # the world
    "1.1.1.1": OPEN,
    "8.8.8.8": OPEN,
    "172.15.255.255": OPEN,
    "172.32.0.1": OPEN,
    "192.167.0.1": OPEN,
    "223.255.255.255": OPEN,
    "2a00::9": OPEN,
    "2606:4700::1111": OPEN,
    "2003::1": OPEN,
}


@pytest.mark.parametrize(("host", "verdict"), CASES.items())
def test_the_table(host, verdict):
    assert RULES.verdict(host) is verdict


@pytest.mark.parametrize("host", ["1.1.1.1", "172.15.255.255", "223.255.255.255", "2a00::9", "2606:4700::1111"])
def test_the_public_network_is_not_open_unless_it_is_asked_for(host):
    assert PeerRules(listening=["5.6.7.8"]).verdict(host) is FORBIDDEN
    assert PeerRules(listening=["5.6.7.8"], allow_public=True).verdict(host) is OPEN
    assert PeerRules(listening=["5.6.7.8"], allow_peers=[ip_network(f"{host}")]).verdict(host) is OPEN


def test_without_enrolment_no_private_network_is_open():
    rules = PeerRules(listening=["5.6.7.8"])

    for network, _ in (*NEVER, *UNLESS_ENROLLED):
        assert rules.verdict(str(ip_network(network)[1])) is FORBIDDEN


def test_an_enrolment_opens_nothing_that_is_never_open():
    rules = PeerRules(listening=["5.6.7.8"], allow_peers=[ip_network("0.0.0.0/0"), ip_network("::/0")])

    for network, _ in NEVER:
        assert rules.verdict(str(ip_network(network)[1])) is FORBIDDEN
    for network, _ in UNLESS_ENROLLED:
        assert rules.verdict(str(ip_network(network)[1])) is OPEN


@pytest.mark.parametrize(
    ("host", "verdict"),
    [("127.0.0.1", RELAYED_ONLY), ("::1", RELAYED_ONLY), ("127.0.0.2", FORBIDDEN), ("::ffff:127.0.0.1", FORBIDDEN)],
)
def test_the_demonstration_opens_loopback_for_live_relayed_addresses_alone(host, verdict):
    rules = PeerRules(listening=["127.0.0.1", "::1"], machine=["127.0.0.1", "::1"], allow_loopback=True)

    assert rules.verdict(host) is verdict


def test_the_demonstration_opens_no_loopback_on_which_it_does_not_listen():
    rules = PeerRules(listening=["5.6.7.8"], allow_loopback=True)

    assert rules.verdict("127.0.0.1") is FORBIDDEN
    assert rules.verdict("::1") is FORBIDDEN


def hidden(v4: IPv4Address) -> list[str]:
    """Every way to write ``v4`` as an IPv6 address."""
    number = int(v4)
    return [
        str(IPv6Address(prefix | number << shift))
        for prefix, shift in [
            (0, 0),
            (0xFFFF << 32, 0),
            (0xFFFF << 48, 0),
            (0x0064FF9B << 96, 0),
            (0x0064FF9B0001 << 80, 0),
            (0x2002 << 112, 80),
            (0x20010000 << 96, 64),
            (0x20010000 << 96, 0),
        ]
    ]


@given(st.ip_addresses(v=4))
def test_no_ipv4_address_passes_in_an_ipv6_dress(v4):
    rules = PeerRules(listening=["5.6.7.8"], allow_peers=[ip_network("0.0.0.0/0")], allow_loopback=True)

    for dress in hidden(v4):
        assert rules.verdict(dress) is FORBIDDEN, dress


@given(st.ip_addresses())
def test_every_address_has_a_verdict(address):
    assert isinstance(RULES.verdict(str(address)), Verdict)
