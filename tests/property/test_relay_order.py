"""The order in which relays are given: whatever answers or not, and wherever the endpoint is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from signaling.core.relay_order import MOST_RELAYS, ordered
from signaling.ice import RelayPlace
from tawasul.protocol.relay_url import TRANSPORTS, RelayUrl, Transport

TRANSPORT = st.sampled_from(TRANSPORTS)


@st.composite
def fleets(draw: st.DrawFn) -> tuple[list[tuple[RelayUrl, ...]], frozenset[RelayUrl]]:
    """A fleet, and which of its addresses are silent."""
    sets = draw(st.lists(st.sets(TRANSPORT, min_size=1), min_size=1, max_size=5))
    fleet = [RelayPlace(host=f"relay-{n}", transports=tuple(each)).urls() for n, each in enumerate(sets)]
    every = [url for relay in fleet for url in relay]
    return fleet, frozenset(draw(st.lists(st.sampled_from(every), unique=True)))


@given(fleets(), st.none() | TRANSPORT, st.text(max_size=12))
def test_whole_relays_and_only_those_that_answer(drawn, first: Transport | None, call: str):
    fleet, silent = drawn
    given_ = ordered(fleet, reachable=lambda url: url not in silent, first=first, call=call)

    answering = [relay for relay in fleet if set(relay) - silent]
    assert len(given_) == min(MOST_RELAYS, len(answering or fleet))
    assert {frozenset(relay) for relay in given_} <= {frozenset(relay) for relay in answering or fleet}
    assert len({relay[0].host for relay in given_}) == len(given_)


@given(fleets(), st.none() | TRANSPORT, st.text(max_size=12))
def test_within_a_relay_what_the_site_knows_then_the_fastest_whatever_this_server_sees(drawn, first, call):
    fleet, silent = drawn
    for relay in ordered(fleet, reachable=lambda url: url not in silent, first=first, call=call):
        ranks = [(url.transport != first, TRANSPORTS.index(url.transport)) for url in relay]
        assert ranks == sorted(ranks)


@given(fleets(), st.text(max_size=12))
def test_no_relay_is_given_before_one_that_answers_by_more(drawn, call):
    fleet, silent = drawn
    given_ = ordered(fleet, reachable=lambda url: url not in silent, first=None, call=call)
    left_out = [relay for relay in fleet if set(relay) not in [set(each) for each in given_] and set(relay) - silent]

    counts = [len(set(relay) & silent) for relay in given_]
    assert counts == sorted(counts)
    assert all(len(set(relay) & silent) >= counts[-1] for relay in left_out)


def test_calls_are_spread_and_both_ends_of_one_meet():
    fleet = [RelayPlace(host=f"relay-{n}").urls() for n in range(3)]
    firsts = [ordered(fleet, reachable=lambda url: True, first=None, call=f"call-{n}")[0][0].host for n in range(300)]

    assert all(firsts.count(f"relay-{n}") > 50 for n in range(3))
    again = ordered(fleet, reachable=lambda url: True, first="tls", call="call-7")
    assert again[0][0].host == firsts[7]


HOSTS = st.sampled_from(["relay.example", "10.1.2.3", "2001:db8::7", "r-1"])


@given(HOSTS, st.integers(1, 65535), TRANSPORT)
def test_an_address_is_read_as_it_was_written(host: str, port: int, transport: Transport):
    url = RelayUrl(host, port, transport)

    assert RelayUrl.parse(str(url)) == url


@given(st.text() | st.from_regex(r"turns?:[^?]*\?transport=(udp|tcp)"))
def test_nothing_else_is_an_address(text: str):
    read = RelayUrl.parse(text)

    assert read is None or RelayUrl.parse(str(read)) == read


def test_what_is_not_offered_is_no_address():
    for text in (
        "turns:relay:443?transport=udp", "turn:relay:0?transport=udp", "turn:relay:65536?transport=udp",
        "turn:[1.2.3.4]:1?transport=udp", "turn:relay?transport=udp", "stun:relay:3478", "turn:a@relay:1?transport=tcp",
    ):  # fmt: skip
        assert RelayUrl.parse(text) is None, text
