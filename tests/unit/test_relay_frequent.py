"""Who asks most often is known, however many others ask, and the table that knows it has a fixed size."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.relay_client import error, on_paper
from support.relay_paper import PaperRelay

from media_relay.core.frequent import Frequent
from media_relay.core.server import PREFIXES
from media_relay.stun.address import TransportAddress


def test_few_are_counted_exactly():
    table = Frequent(4)
    for name in "abacab":
        table.note(name)

    assert table.certain(1) == {"a": 3, "b": 2, "c": 1}
    assert table.certain(3) == {"a": 3}
    assert table.total == 6


def test_the_table_does_not_grow_and_the_frequent_are_in_it():
    # Three of ten thousand ask often; every other one asks once, which is what forged sources look like.
    asked = [f"once-{number}" for number in range(10_000)] + ["often"] * 900 + ["more"] * 1500 + ["most"] * 3000
    random.Random(6).shuffle(asked)
    table = Frequent(64)
    for name in asked:
        table.note(name)

    assert len(table) == 64
    assert list(table.certain(500)) == ["most", "more", "often"]
    assert all(table.certain(1)[name] <= count for name, count in Counter(asked).items() if name in table.certain(1))
    assert set(table.certain(5)) == {"most", "more", "often"}, "who came once is not named"


@given(st.lists(st.sampled_from("abcdefgh"), max_size=60), st.integers(1, 5))
@example([*"bbcc", *"ad" * 5], 3)  # where one that came back were to begin at nothing, it would be lost each time
def test_whoever_is_more_than_one_in_its_size_is_in_it_and_nobody_is_told_more_than_they_were(asked, size):
    table = Frequent(size)
    for name in asked:
        table.note(name)

    really, kept = Counter(asked), table.certain(1)
    assert len(table) == len(kept) <= size
    assert {name for name, count in really.items() if count * size > len(asked)} <= set(kept)
    assert all(count <= really[name] for name, count in kept.items())


@pytest.mark.parametrize(
    ("host", "prefix"), [("198.51.100.77", "198.51.100.0/24"), ("2001:db8:1:2::3", "2001:0db8:0001::/48")]
)
def test_the_core_counts_401_by_prefix_and_wrong_credentials_apart(host, prefix):
    relay = PaperRelay()
    for port in range(5000, 5003):
        assert error(on_paper(relay, TransportAddress(host, port), secret="not the relay's secret").allocate()) == 401

    # Each was asked for credentials, and then refused those that it gave.
    assert relay.server.unauthorized.certain(1) == {prefix: 6}
    assert relay.server.counters["refused.credentials"] == 3
    assert relay.server.counters["refused.401"] == 6


def test_ten_thousand_networks_leave_the_core_as_small_as_before():
    relay = PaperRelay(answers=1_000_000, datagrams=1_000_000)
    for number in range(10_000):
        on_paper(relay, TransportAddress(f"203.{number >> 8 & 255}.{number & 255}.9", 4000)).send(BARE_ALLOCATE)

    assert len(relay.server.unauthorized) == PREFIXES
    assert relay.server.unauthorized.total == 10_000
    assert relay.server.unauthorized.certain(10) == {}


BARE_ALLOCATE = bytes.fromhex("0003 0008 2112a442 000102030405060708090a0b 0019 0004 11000000")


def test_allocations_are_counted_when_they_are_made_and_by_how_they_end():
    relay = PaperRelay()
    gone, kept = (on_paper(relay, TransportAddress("198.51.100.7", port)) for port in (4000, 4001))
    gone.relayed()
    kept.relayed()
    gone.refresh(0)
    assert (relay.server.allocations.made, dict(relay.server.allocations.ended)) == (2, {"released": 1})
    relay.wait(100_000)
    assert (relay.server.allocations.made, dict(relay.server.allocations.ended)) == (2, {"released": 1, "expired": 1})
