"""The history of sending against a plain model: each packet's fate is told once, and nothing is kept without bound."""

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from kiosk_client.media.core.send_history import MOST_PACKETS, REMEMBERED_FOR, SendHistory
from kiosk_client.media.core.transport_feedback import PERIOD, PacketStatus, TransportFeedback


def told(first: int, arrivals: list[float | None]) -> TransportFeedback:
    return TransportFeedback(
        0, tuple(PacketStatus((first + place) % 2**16, at is not None, at) for place, at in enumerate(arrivals))
    )


def test_numbers_go_on_over_their_end() -> None:
    history = SendHistory(first=65534)
    assert [history.sent(100, 1.0) for _ in range(4)] == [65534, 65535, 0, 1]
    results = history.results(told(65535, [5.0, None, 5.5]), 2.0)
    assert [(each.sequence, each.arrived_at) for each in results] == [(65535, 5.0), (65536, None), (65537, 5.5)]


def test_the_receivers_clock_goes_on_over_its_end() -> None:
    history = SendHistory()
    for _ in range(3):
        history.sent(100, 1.0)
    results = history.results(told(0, [PERIOD - 0.010, 0.010, PERIOD - 0.005]), 2.0)
    arrived = [each.arrived_at or 0.0 for each in results]
    assert [round(at - arrived[0], 6) for at in arrived] == [0.0, 0.020, 0.005]


def test_what_was_told_as_lost_may_still_be_told_as_arrived() -> None:
    history = SendHistory()
    history.sent(100, 1.0)
    history.sent(100, 1.0)
    (lost, _) = history.results(told(0, [None, 3.0]), 2.0)
    assert not lost.received
    (revised,) = history.results(told(0, [3.1, 3.0]), 2.1)
    assert revised.received
    assert revised.revised
    assert history.in_flight == len(history) == 0


def test_what_was_not_sent_is_counted_and_nothing_more() -> None:
    history = SendHistory()
    history.sent(100, 1.0)
    assert history.results(told(1, [1.0] * 500), 1.0) == []
    assert history.unknown == 500
    assert history.in_flight == 100


def test_old_packets_are_forgotten() -> None:
    history = SendHistory()
    history.sent(100, 1.0)
    history.sent(100, 2.0 + REMEMBERED_FOR)
    assert len(history) == 1
    for _ in range(MOST_PACKETS + 10):
        history.sent(100, 2.0 + REMEMBERED_FOR)
    assert len(history) == MOST_PACKETS
    assert history.in_flight == 100 * MOST_PACKETS


class Walk(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.history = SendHistory(first=65500)
        self.now = 0.0
        self.flying: dict[int, int] = {}
        self.lost: set[int] = set()
        self.next = 65500

    @rule(sizes=st.lists(st.integers(1, 1500), min_size=1, max_size=50), pause=st.floats(0, 0.05))
    def send(self, sizes: list[int], pause: float) -> None:
        self.now += pause
        for size in sizes:
            assert self.history.sent(size, self.now) == self.next % 2**16
            self.flying[self.next] = size
            self.next += 1

    @precondition(lambda self: self.next > 65500)
    @rule(data=st.data())
    def hear(self, data: st.DataObject) -> None:
        first = data.draw(st.integers(max(65500, self.next - 100), self.next + 5))
        fates = data.draw(st.lists(st.one_of(st.none(), st.floats(0, PERIOD, exclude_max=True)), max_size=20))
        results = {each.sequence: each for each in self.history.results(told(first, fates), self.now)}
        assert list(results) == sorted(results)
        for sequence, fate in zip(range(first, first + len(fates)), fates, strict=False):
            new = sequence in self.flying and (fate is not None or sequence not in self.lost)
            assert (sequence in results) == new
            if not new:
                continue
            assert results[sequence].received == (fate is not None)
            assert results[sequence].size == self.flying[sequence]
            if fate is None:
                self.lost.add(sequence)
            else:
                del self.flying[sequence]
                self.lost.discard(sequence)

    @invariant()
    def what_is_in_flight_is_the_rest(self) -> None:
        assert self.history.in_flight == sum(size for each, size in self.flying.items() if each not in self.lost)
        assert len(self.history) == len(self.flying)


TestWalk = Walk.TestCase
TestWalk.settings = settings(max_examples=40, stateful_step_count=20, deadline=None)


@given(st.lists(st.tuples(st.integers(0, 65535), st.booleans(), st.floats(0, PERIOD)), max_size=80))
def test_any_feedback_is_borne(statuses: list[tuple[int, bool, float]]) -> None:
    history = SendHistory()
    for _ in range(30):
        history.sent(100, 0.0)
    told_of = TransportFeedback(0, tuple(PacketStatus(*each) for each in statuses))
    results = history.results(told_of, 0.1)
    assert all(0 <= each.sequence < 30 for each in results)
    assert history.in_flight >= 0
