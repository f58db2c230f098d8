"""The path watch under any order of events: alive while heard, lost once and in time, silent afterwards."""

from hypothesis import given
from hypothesis import strategies as st

from kiosk_client.core.path_watch import (
    CONNECT_WITHIN,
    ChannelOpened,
    DeclareLost,
    Finished,
    Given,
    Heard,
    PathWatch,
    SendHeartbeat,
    Tick,
    TransportFailed,
)
from tawasul.protocol.peer import HEARTBEAT_EVERY, PATH_LOST_AFTER

EPSILON = 1e-6


def test_an_attempt_that_never_connects_is_given_up() -> None:
    watch = PathWatch(100.0)
    assert watch.deadline == 100.0 + CONNECT_WITHIN
    assert watch.handle(Tick(), 100.0 + CONNECT_WITHIN - 0.01) == []
    assert watch.handle(Tick(), 100.0 + CONNECT_WITHIN) == [DeclareLost("no-connection")]
    assert watch.deadline is None


def test_what_is_heard_before_the_channel_stands_does_not_shorten_the_wait() -> None:
    watch = PathWatch(0.0)
    watch.handle(Heard(), 0.0)
    assert watch.deadline == CONNECT_WITHIN


def test_the_first_heartbeat_goes_out_at_once_and_then_each_second() -> None:
    watch = PathWatch(0.0)
    assert watch.handle(ChannelOpened(), 2.0) == [SendHeartbeat()]
    assert watch.handle(Tick(), 2.5) == []
    assert watch.handle(Tick(), 2.0 + HEARTBEAT_EVERY) == [SendHeartbeat()]


@given(st.lists(st.floats(0.01, PATH_LOST_AFTER - 0.01), max_size=50))
def test_it_lives_as_long_as_something_is_heard_in_time(pauses: list[float]) -> None:
    watch, now = PathWatch(0.0), 1.0
    watch.handle(ChannelOpened(), now)
    for pause in pauses:
        until = now + pause
        while watch.deadline is not None and watch.deadline < until:
            now = watch.deadline
            assert watch.handle(Tick(), now) == [SendHeartbeat()]
        now = until
        assert DeclareLost("no-heartbeat") not in watch.handle(Heard(), now)
    end = now + PATH_LOST_AFTER
    effects = []
    while watch.deadline is not None:
        now = watch.deadline
        effects += watch.handle(Tick(), now)
    assert effects[-1] == DeclareLost("no-heartbeat")
    assert abs(now - end) < EPSILON


steps = st.tuples(
    st.sampled_from([ChannelOpened(), Heard(), TransportFailed(), Finished(), Tick()]), st.floats(0.0, 5.0)
)


@given(st.lists(steps, max_size=60))
def test_whatever_happens_a_loss_is_told_once_and_nothing_follows(given_steps: list[tuple[Given, float]]) -> None:
    watch, now, over = PathWatch(0.0), 0.0, False
    for given_now, pause in given_steps:
        now += pause
        effects = watch.handle(given_now, now)
        assert not (over and effects)
        over = over or isinstance(given_now, Finished) or any(isinstance(effect, DeclareLost) for effect in effects)
        assert (watch.deadline is None) == over
        assert watch.deadline is None or watch.deadline > now
        assert len(effects) <= 1
