"""Streams that earn their place and those that do not, and what waits to be written to one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media_relay.core.connections import A_FRAME, AGAIN, OF_A_STRANGER, WHILE, Connections, StreamLimits
from media_relay.core.effects import FiveTuple, Transport
from media_relay.core.write_queue import MOST, OLDEST, WriteQueue
from media_relay.stun.address import TransportAddress

SERVER = TransportAddress("203.0.113.1", 443)
LIMITS = StreamLimits(per_source=2, in_all=3, half_frame=10, without_allocation=30)


def stream(host: str, port: int = 1) -> FiveTuple:
    """A client's stream."""
    return FiveTuple(TransportAddress(host, port), SERVER, Transport.TLS)


KIOSK = stream("5.5.5.5")


@pytest.fixture
def connections() -> Connections:
    return Connections(LIMITS)


def half(connections: Connections, now: float, frames: int = 0) -> None:
    """Ten bytes come from the kiosk, and behind ``frames`` frames one is half."""
    assert connections.received(KIOSK, now, size=10, frames=frames, half=True)


def opened_and_closed(connections: Connections, now: float) -> bool:
    """Whether the kiosk, which leaves at once, was let in."""
    if not connections.opened(KIOSK, now):
        return False
    connections.closed(KIOSK)
    return True


class TestConnections:
    def test_a_source_has_its_number(self, connections):
        one, two, three = (stream("5.5.5.5", port) for port in (1, 2, 3))

        assert [connections.opened(each, 0) for each in (one, two, three)] == [True, True, False]
        assert connections.opened(stream("6.6.6.6"), 0)
        connections.closed(two)
        assert connections.opened(three, 0)

    def test_of_too_many_the_oldest_without_an_allocation_makes_way(self, connections):
        first, second, third, fourth = (stream(f"5.5.5.{number}") for number in range(4))
        for now, each in enumerate((first, second, third)):
            assert connections.opened(each, now)
            assert connections.surplus() is None
        connections.allocated(first)
        assert connections.opened(fourth, 3)
        assert connections.surplus() == second
        connections.closed(second)
        assert connections.surplus() is None

    def test_none_makes_way_who_has_one(self, connections):
        for number in range(3):
            assert connections.opened(stream(f"5.5.5.{number}"), 0)
            connections.allocated(stream(f"5.5.5.{number}"))
        assert not connections.opened(stream("5.5.5.4"), 0)
        assert connections.surplus() is None
        connections.released(stream("5.5.5.1"), 1)
        assert connections.opened(stream("5.5.5.4"), 1)
        assert connections.surplus() == stream("5.5.5.1")

    def test_who_comes_and_goes_without_end_comes_seldom(self, connections):
        came = sum(opened_and_closed(connections, number / 1000) for number in range(1000))
        assert came == AGAIN * LIMITS.per_source
        assert connections.opened(stream("6.6.6.6"), 1), "others are not kept out by it"
        assert opened_and_closed(connections, WHILE), "and it may come again"

    def test_a_subscriber_of_ipv6_is_one_source(self, connections):
        assert [connections.opened(stream(f"2a00::{n}"), 0) for n in (1, 2, 3)] == [True, True, False]

    def test_nothing_is_left_of_those_who_went(self, connections):
        for port in range(1, 500):
            now = port * WHILE
            assert connections.opened(stream("5.5.5.5", port), now)
            connections.received(stream("5.5.5.5", port), now, size=1, frames=0, half=True)
            connections.closed(stream("5.5.5.5", port))

        assert len(connections) == 0
        assert connections.deadline is None
        assert not connections._of_source
        assert not connections._strangers
        assert len(connections._came) == 1

    def test_who_never_allocates_is_closed(self, connections):
        connections.opened(KIOSK, 100)
        assert connections.deadline == 130
        assert connections.overdue(129.9) == []
        assert connections.overdue(130) == [KIOSK]

    def test_who_has_an_allocation_stays_until_it_is_gone(self, connections):
        connections.opened(KIOSK, 100)
        connections.allocated(KIOSK)
        assert connections.overdue(130) == []
        assert connections.deadline is None
        connections.released(KIOSK, 160)
        assert connections.overdue(189.9) == []
        assert connections.overdue(190) == [KIOSK]

    def test_who_came_again_is_not_given_more_time_by_the_end_of_what_it_had(self, connections):
        connections.opened(KIOSK, 100)
        connections.closed(KIOSK)
        connections.opened(KIOSK, 110)
        connections.released(KIOSK, 120)
        assert connections.overdue(140) == [KIOSK]

    def test_half_a_frame_has_its_time_from_its_beginning(self, connections):
        connections.opened(KIOSK, 100)
        connections.allocated(KIOSK)
        half(connections, 101)
        for now in range(102, 111):
            half(connections, now)
            assert connections.overdue(now) == []
        assert connections.deadline == 111
        assert connections.overdue(111) == [KIOSK]

    def test_a_frame_that_ends_gives_the_next_one_its_own_time(self, connections):
        connections.opened(KIOSK, 100)
        connections.allocated(KIOSK)
        half(connections, 101)
        half(connections, 110, frames=1)
        assert connections.overdue(111) == []
        assert connections.deadline == 120
        connections.received(KIOSK, 119, size=10, frames=1, half=False)
        assert connections.overdue(125) == []

    @pytest.mark.parametrize(("size", "frames"), [(4, 1), (1600, 100), (4096, 1), (1024, 0)])
    def test_who_has_no_allocation_may_say_little(self, connections, size, frames):
        connections.opened(KIOSK, 100)
        said = 0
        while connections.received(KIOSK, 100, size=size, frames=frames, half=False):
            said += size + frames * A_FRAME
        assert OF_A_STRANGER - size - frames * A_FRAME < said <= OF_A_STRANGER

    def test_who_has_one_may_say_anything_and_as_little_as_others_afterwards(self, connections):
        connections.opened(KIOSK, 100)
        connections.allocated(KIOSK)
        assert connections.received(KIOSK, 100, size=100 * OF_A_STRANGER, frames=10_000, half=False)
        connections.released(KIOSK, 110)
        assert connections.received(KIOSK, 110, size=OF_A_STRANGER, frames=0, half=False)
        assert not connections.received(KIOSK, 110, size=1, frames=0, half=False)

    def test_overdue_twice_over_is_overdue_once(self, connections):
        connections.opened(KIOSK, 100)
        half(connections, 101)

        assert connections.overdue(200) == [KIOSK]


def drain(queue: WriteQueue, now: float) -> list[bytes]:
    """Everything that the queue gives at ``now``."""
    found = []
    while (front := queue.front(now)) is not None:
        found.append(bytes(front))
        queue.written(len(front))
    return found


class TestWriteQueue:
    def test_frames_come_in_their_order_and_in_pieces(self):
        queue = WriteQueue()
        queue.push(b"first", 0, media=True)
        queue.push(b"second", 0, media=False)
        assert bytes(queue.front(0)) == b"first"
        queue.written(3)
        assert drain(queue, 0) == [b"st", b"second"]
        assert len(queue) == 0

    def test_frames_go_together_as_far_as_they_fit(self):
        queue = WriteQueue()
        for frame in (b"first", b"second", b"third"):
            queue.push(frame, 0, media=True)
        assert bytes(queue.front(0, 10)) == b"first", "the second would be one byte too many"
        assert bytes(queue.front(0, 11)) == b"firstsecond"
        queue.written(7)
        assert bytes(queue.front(0, 100)) == b"condthird"
        assert bytes(queue.front(OLDEST, 100)) == b"cond", "what has begun stays, and the rest has grown old"
        assert queue.dropped == 1

    def test_old_media_make_way_and_answers_do_not(self):
        queue = WriteQueue()
        queue.push(b"sound", 0, media=True)
        queue.push(b"answer", 0, media=False)
        queue.push(b"sound again", 0.4, media=True)

        assert drain(queue, OLDEST) == [b"answer", b"sound again"]
        assert queue.dropped == 1

    def test_media_behind_an_answer_that_waits_grow_old_too(self):
        queue = WriteQueue()
        queue.push(b"answer", 0, media=False)
        queue.push(b"sound", 0, media=True)

        assert drain(queue, 5) == [b"answer"]

    def test_a_frame_that_has_begun_is_ended(self):
        queue = WriteQueue()
        queue.push(b"picture", 0, media=True)
        queue.front(0)
        queue.written(3)

        assert drain(queue, 5) == [b"ture"]
        assert queue.dropped == 0

    def test_of_too_much_the_oldest_media_make_way(self):
        queue = WriteQueue()
        for name in (b"1", b"2", b"3", b"4"):
            queue.push(name * (MOST * 3 // 10), 0, media=True)

        assert [frame[:1] for frame in drain(queue, 0)] == [b"3", b"4"]
        assert queue.dropped == 2

    @pytest.mark.parametrize("size", [0, 4, 160])
    def test_very_many_short_frames_are_not_free(self, size):
        queue, looks = WriteQueue(), 0
        for number in range(20_000):
            before = queue.dropped
            queue.push(bytes(size), number / 100_000, media=True)
            looks += queue.dropped > before
        assert len(queue) < MOST // 128
        assert looks < 40, "each look for what may go is at all that waits"

    def test_too_many_answers_are_too_much(self):
        queue = WriteQueue()
        for size in (MOST // 2, MOST // 4):
            queue.push(bytes(size), 0, media=False)
        assert not queue.overfull
        queue.push(bytes(MOST // 4), 0, media=False)
        assert queue.overfull

    @given(
        st.lists(
            st.tuples(st.integers(1, 200_000), st.booleans(), st.integers(0, 300_000), st.sampled_from([0, 0.1, 0.6])),
            max_size=60,
        ),
        st.sampled_from([0, 16_384, 400_000]),
    )
    def test_a_stream_is_always_of_whole_frames(self, steps, most):
        queue, now, pushed, stream_ = WriteQueue(), 0.0, [], bytearray()
        for number, (size, media, taken, pause) in enumerate(steps):
            frame = number.to_bytes(4, "big") + size.to_bytes(4, "big") + bytes(size)
            pushed.append((frame, media))
            queue.push(frame, now, media=media)
            now += pause
            front = queue.front(now, most)
            if front is not None and taken:
                stream_ += front[:taken]
                queue.written(min(taken, len(front)))
        while (front := queue.front(now, most)) is not None:
            stream_ += front
            queue.written(len(front))

        arrived = []
        while stream_:
            number, size = int.from_bytes(stream_[:4], "big"), int.from_bytes(stream_[4:8], "big")
            assert stream_[: size + 8] == pushed[number][0]
            arrived.append(number)
            del stream_[: size + 8]
        assert arrived == sorted(arrived)
        assert all(number in arrived for number, (_, media) in enumerate(pushed) if not media)
        assert queue._size == 0
        assert len(arrived) + queue.dropped == len(pushed)
