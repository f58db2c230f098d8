"""The estimate under any feedback: in its bounds, down in silence, never raised by what is missing, late or a lie."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_client.media.core.bandwidth import (
    CEILING,
    FLOOR,
    FULL_FOR,
    SILENT_FOR,
    START,
    Bandwidth,
    BeginProbe,
    Effect,
    Heard,
    Target,
    Tick,
    Wanted,
)
from kiosk_client.media.core.rate_control import DRAINS
from kiosk_client.media.core.transport_feedback import PERIOD, PacketStatus, TransportFeedback


def feedback(first: int, arrivals: list[float | None]) -> Heard:
    statuses = (
        PacketStatus((first + place) % 2**16, at is not None, None if at is None else at % PERIOD)
        for place, at in enumerate(arrivals)
    )
    return Heard(TransportFeedback(0, tuple(statuses)))


def begun() -> Bandwidth:
    """An estimator of which the first packet has arrived, so that its probes are on their way."""
    bandwidth = Bandwidth(-1.0)
    bandwidth.sent(100, -1.0)
    bandwidth.handle(feedback(0, [8.0]), -0.9)
    return bandwidth


def targets(effects: list[Effect]) -> list[float]:
    return [each.rate for each in effects if isinstance(each, Target)]


def test_it_begins_with_a_probe_at_three_times_the_start() -> None:
    bandwidth = Bandwidth(0.0)
    assert bandwidth.handle(Wanted(CEILING), 0.0) == []
    bandwidth.sent(100, 0.0)
    effects = bandwidth.handle(feedback(0, [5.0]), 0.1)
    assert [each.probe.rate for each in effects if isinstance(each, BeginProbe)] == [3 * START]


def test_a_long_queue_is_remembered_until_what_it_lost_has_been_reported() -> None:
    bandwidth = begun()
    for number in range(60):  # each waits 5 ms more than the one before
        bandwidth.sent(900, 0.020 * number)
        bandwidth.handle(feedback(number + 1, [9.0 + 0.025 * number]), 0.020 * number + 0.1)
        assert bandwidth.full(0.020 * number + 0.1) == (number >= 39), "smoothed over ten packets"
    assert bandwidth.full(1.28 + FULL_FOR - 0.01)
    assert not bandwidth.full(1.28 + FULL_FOR + 0.01)


def test_a_probe_that_arrives_raises_the_estimate_at_once() -> None:
    bandwidth = begun()
    for number in range(6):
        assert bandwidth.sent(900, 0.003 * number, probe=1) == number + 1
    effects = bandwidth.handle(feedback(1, [9.0 + 0.003 * number for number in range(6)]), 0.1)
    assert targets(effects) == [pytest.approx(8 * 900 / 0.003)]
    assert [each.probe.rate for each in effects if isinstance(each, BeginProbe)] == [CEILING]


def queued(bandwidth: Bandwidth, first: int, count: int, since: float, way: float) -> None:
    """So many packets of 240 kbit/s, each of which comes 10 ms later than it would on an empty line."""
    for number in range(count):
        bandwidth.sent(900, since + 0.020 * number)
        came = way + since + 0.030 * number
        bandwidth.handle(feedback(first + number, [came]), since + 0.020 * number + 0.1)


def test_a_queue_that_stands_at_the_beginning_is_drained_at_once() -> None:
    bandwidth = begun()
    queued(bandwidth, 1, 10, 0.0, 9.0)
    assert bandwidth.target.rate >= START, "the fifth to the ninth waited 40 to 80 ms"
    queued(bandwidth, 11, 1, 0.200, 9.1)
    assert bandwidth.target == Target(pytest.approx(DRAINS * 240_000, rel=0.05), "delay")


def test_later_a_queue_that_stands_is_not_drained() -> None:
    bandwidth = begun()
    # A still picture: 50 kbit/s, and after ten seconds the way becomes longer by a tenth of a second.
    for number in range(200):
        bandwidth.sent(500, 0.080 * number)
        came = (9.0 + 0.080 * number + 0.1 * (number > 125)) % PERIOD
        bandwidth.handle(feedback(number + 1, [came]), 0.080 * number + 0.1)
    assert bandwidth.target.rate > 60_000


def test_of_a_queue_of_the_beginning_no_probe_from_before_is_believed() -> None:
    bandwidth = begun()
    queued(bandwidth, 1, 11, 0.0, 9.0)
    drained = bandwidth.target.rate
    for number in range(6):
        bandwidth.sent(900, 0.3 + 0.003 * number, probe=1)
    bandwidth.handle(feedback(12, [9.4 + 0.003 * number for number in range(6)]), 0.5)
    assert bandwidth.target.rate == drained


@pytest.mark.parametrize(
    "arrivals",
    [
        [9.0] * 6,  # all at once: faster than they were sent
        [9.0, 9.0001, 9.0002, 9.0003, 9.0004, 9.0005],
        [9.0 - 0.003 * number for number in range(6)],
        [9.0, 9.003, None, None, None, 9.015],
        [9.0, 10.0, 11.0, 12.0, 13.0, 14.0],
    ],
)
def test_a_probe_that_cannot_be_believed_raises_nothing(arrivals: list[float | None]) -> None:
    bandwidth = begun()
    for number in range(6):
        bandwidth.sent(900, 0.003 * number, probe=1)
    bandwidth.handle(feedback(1, arrivals), 0.1)
    assert bandwidth.target.rate <= START


def test_silence_brings_it_to_the_floor_and_feedback_ends_it() -> None:
    bandwidth = Bandwidth(0.0)
    bandwidth.handle(Wanted(CEILING), 0.0)
    bandwidth.sent(1000, 0.0)
    now, last = 0.0, START
    while bandwidth.target.rate > FLOOR:
        assert bandwidth.deadline is not None
        now = bandwidth.deadline
        assert now >= SILENT_FOR
        bandwidth.sent(1000, now)
        assert bandwidth.handle(Tick(), now) == [Target(max(FLOOR, 0.7 * last), "silence")]
        last = bandwidth.target.rate
    assert now < 5.0
    assert bandwidth.handle(feedback(0, [1.0]), now)[-1:] == [Target(FLOOR, "growing")]


def test_who_sends_nothing_hears_nothing_and_falls_not() -> None:
    bandwidth = Bandwidth(0.0)
    bandwidth.sent(1000, 0.0)
    bandwidth.handle(feedback(0, [1.0]), 0.1)
    assert bandwidth.deadline is None
    assert targets(bandwidth.handle(Tick(), 3600.0)) == []


def test_feedback_that_comes_again_is_counted_and_no_more() -> None:
    bandwidth = Bandwidth(0.0)
    for number in range(100):
        bandwidth.sent(1000, 0.02 * number)
    told = feedback(0, [0.02 * number for number in range(100)])
    bandwidth.handle(told, 2.1)
    before = bandwidth.target
    for _ in range(50):
        assert bandwidth.handle(told, 2.1) == []
    assert bandwidth.target == before
    assert bandwidth.unknown == 5000


lies = st.lists(
    st.tuples(
        st.integers(-40, 10),  # how far from the newest packet the feedback begins
        st.lists(st.one_of(st.none(), st.floats(0, 0.3), st.floats(0, PERIOD)), min_size=1, max_size=60),
        st.booleans(),  # times as of the packets, or at random
    ),
    min_size=5,
    max_size=60,
)


@given(lies, st.integers(0, 2**32))
def test_no_lie_raises_it_above_what_was_sent(told: list[tuple[int, list[float | None], bool]], seed: int) -> None:
    # 100 kbit/s are sent, and no probe: nothing that is heard of them can tell of a line of more than the start.
    chance = random.Random(seed)
    bandwidth, now, number = Bandwidth(0.0), 0.0, 0
    for begins, times, honest in told:
        for _ in range(chance.randrange(10)):
            now += 0.040
            bandwidth.sent(500, now)
            number += 1
        first = max(0, number + begins)
        arrivals = [None if at is None else (now + at if honest else at) for at in times]
        effects = bandwidth.handle(feedback(first, arrivals), now)
        assert all(FLOOR <= rate <= START for rate in targets(effects))
        assert FLOOR <= bandwidth.target.rate <= START
        assert 0 <= bandwidth.lost <= 1
        assert bandwidth.deadline is None or bandwidth.deadline > now
