"""Two worker processes of a relay on paper: what is idle at one makes way for the user who comes back to the other."""

from __future__ import annotations

from array import array

import pytest
from support.relay_client import TurnClient, error, on_paper
from support.relay_paper import PaperRelay

from media_relay.core.allocating import IDLE
from media_relay.core.connections import Connections, StreamLimits
from media_relay.core.effects import FiveTuple, Transport
from media_relay.core.request import Limits
from media_relay.core.shares import CELLS, SketchedShares
from media_relay.stun.address import TransportAddress

SERVER = TransportAddress("203.0.113.1", 443)


def two_workers() -> list[SketchedShares]:
    """What each sees of the other."""
    one, two = (memoryview(array("I", bytes(4 * CELLS))) for _ in range(2))
    return [SketchedShares(one, [two], bytes(32)), SketchedShares(two, [one], bytes(32))]


@pytest.fixture
def relays() -> list[PaperRelay]:
    return [PaperRelay(limits=Limits(allocations_per_user=2), shares=shares) for shares in two_workers()]


def kiosk(relay: PaperRelay, port: int) -> TurnClient:
    """The one user, at another port."""
    return on_paper(relay, TransportAddress("5.5.5.5", port), lasting=900)


def wait(relays: list[PaperRelay], seconds: float) -> None:
    """Both look round afterwards."""
    for relay in relays:
        relay.wait(seconds)
    for relay in relays:
        relay.make_way()


def test_a_user_has_no_more_at_two_workers_than_at_one(relays):
    here, there = relays
    assert [error(kiosk(relay, port).allocate()) for port, relay in enumerate([here, there, here, there], 1)] == [
        None, None, 486, 486,
    ]  # fmt: skip


def test_what_vanished_at_another_worker_makes_way_there(relays):
    here, there = relays
    old, older = kiosk(there, 1), kiosk(there, 2)
    older.relayed()
    wait(relays, 1)
    old.relayed()
    wait(relays, IDLE - 2)
    assert error(kiosk(here, 3).allocate()) == 486, "it is not idle yet"
    wait(relays, 2)
    assert error(kiosk(here, 3).allocate()) is None
    assert not there.closed
    there.make_way()
    assert [(closed.five_tuple.client.port, closed.cause) for closed in there.closed] == [(2, "displaced")]
    there.make_way()
    assert len(there.closed) == 1, "one has come, and one has made way"
    assert error(kiosk(here, 4).allocate()) is None, "since the other is idle as well"
    wait(relays, 0)
    assert not there.tables
    assert error(kiosk(here, 5).allocate()) == 486
    assert all(relay.agrees() for relay in relays)


def test_what_is_used_again_does_not(relays):
    here, there = relays
    for port in (1, 2):
        kiosk(there, port).relayed()
    wait(relays, IDLE)
    there.server.note_used(list(there.tables), there.now)
    there.make_way()
    assert error(kiosk(here, 3).allocate()) == 486
    wait(relays, 0)
    assert not there.closed


def test_what_is_idle_here_goes_first_and_more_than_one_may_be_lacking(relays):
    here, there = relays
    kiosk(here, 1).relayed()
    kiosk(there, 2).relayed()
    wait(relays, IDLE)
    assert error(kiosk(here, 3).allocate()) is None
    assert [closed.five_tuple.client.port for closed in here.closed] == [1]
    wait(relays, 0)
    assert not there.closed, "there are no more than may be"
    assert error(kiosk(here, 4).allocate()) is None, "in place of that one"
    wait(relays, 0)
    assert [closed.five_tuple.client.port for closed in there.closed] == [2]


def test_nobody_makes_way_before_they_are_too_many(relays):
    for port, relay in enumerate(relays, 1):
        kiosk(relay, port).relayed()
    wait(relays, IDLE)
    wait(relays, IDLE)
    assert not any(relay.closed for relay in relays)


def test_a_sources_streams_are_counted_over_both():
    def stream(port: int, host: str = "5.5.5.5") -> FiveTuple:
        return FiveTuple(TransportAddress(host, port), SERVER, Transport.TCP)

    one, two = (Connections(StreamLimits(per_source=2), shares) for shares in two_workers())
    assert one.opened(stream(1), 0)
    assert two.opened(stream(2), 0)
    assert not one.opened(stream(3), 0)
    assert not two.opened(stream(4), 0)
    assert one.opened(stream(5, "6.6.6.6"), 0)
    two.closed(stream(2))
    assert one.opened(stream(3), 0)
    assert not two.opened(stream(4), 0)
