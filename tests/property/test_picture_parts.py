"""The parts of which the reception of a picture is made: numbers, payloads, requests, arrivals, freezes."""

from itertools import pairwise

import pytest
from aiortc.codecs.vpx import VpxPayloadDescriptor
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk_client.media.core.arrivals import AT_FIRST, AT_FIRST_FOR, TOLD_AT_MOST_EVERY, TOLD_WITHIN, Arrivals
from kiosk_client.media.core.freezes import Freezes
from kiosk_client.media.core.missing import (
    ASKED_AT_MOST_EVERY,
    LARGEST_GAP,
    MOST_ASKS,
    SHORTEST_PATIENCE,
    WORTH_WAITING,
    Missing,
)
from kiosk_client.media.core.picture_assembly import MOST_BYTES, MOST_PIECES, PictureAssembly, Piece
from kiosk_client.media.core.picture_timing import LONGEST_WAIT, PictureTiming
from kiosk_client.media.core.sequence import MAX_MISORDER, SequenceNumbers, unwrap
from kiosk_client.media.core.transport_feedback import parse
from kiosk_client.media.core.vp8_payload import PayloadMalformed, Vp8Payload, parse_payload

optional = st.none()


@given(
    st.booleans(),
    st.integers(0, 7),
    st.one_of(optional, st.integers(0, 0x7FFF)),
    st.one_of(optional, st.integers(0, 255)),
    st.one_of(optional, st.tuples(st.integers(0, 3), st.integers(0, 1))),
    st.one_of(optional, st.integers(0, 31)),
    st.binary(min_size=1, max_size=30),
)
def test_any_descriptor_is_taken_off(
    begins: bool,
    partition: int,
    picture_id: int | None,
    layer_index: int | None,
    layer: tuple[int, int] | None,
    key_index: int | None,
    data: bytes,
) -> None:
    """Against aiortc's writer of descriptors, which is somebody else's reading of RFC 7741."""
    descriptor = bytes(VpxPayloadDescriptor(int(begins), partition, picture_id, layer_index, layer, key_index))
    found = parse_payload(descriptor + data)
    assert found == Vp8Payload(begins=begins and partition == 0, data=data)
    for size in range(len(descriptor) + 1):
        with pytest.raises(PayloadMalformed):
            parse_payload(descriptor[:size])


@given(st.binary(max_size=12))
def test_any_payload_is_read_or_refused(payload: bytes) -> None:
    try:
        found = parse_payload(payload)
    except PayloadMalformed:
        return
    assert found.data
    assert payload.endswith(found.data)


def test_a_picture_id_of_seven_bits_is_one_byte() -> None:
    assert parse_payload(b"\x90\x80\x11\x00rest") == Vp8Payload(begins=True, data=b"\x00rest")


@given(st.integers(0, 1 << 40), st.integers(-(1 << 14), 1 << 14))
def test_numbers_are_unwrapped_to_the_nearest(near: int, off: int) -> None:
    assert unwrap((near + off) & 0xFFFF, near, 16) == near + off


@given(st.integers(0, 0xFFFF), st.lists(st.integers(1, 1000), max_size=200))
def test_a_stream_only_grows_through_every_wrap(start: int, steps: list[int]) -> None:
    numbers, true = SequenceNumbers(), start
    found = [numbers.extend(start)]
    for step in steps:
        true += step
        found.append(numbers.extend(true & 0xFFFF))
    assert [each - found[0] for each in found if each is not None and found[0] is not None] == [
        0, *[sum(steps[: place + 1]) for place in range(len(steps))]
    ]  # fmt: skip


def test_a_jump_is_believed_at_its_second_packet() -> None:
    numbers = SequenceNumbers()
    first = numbers.extend(100)
    assert first is not None
    assert numbers.extend(40_000) is None
    assert numbers.extend(101) == first + 1
    assert numbers.extend(40_000) is None
    assert numbers.extend(40_001) == numbers.highest > first + (1 << 16)
    assert numbers.extend((40_001 - MAX_MISORDER - 1) & 0xFFFF) is None


def test_what_is_missing_is_asked_for_by_a_timer_and_then_given_up() -> None:
    missing, asks, now = Missing(), [], 0.0
    missing.measured(0.08)
    for number in (1000, 1002, *range(1003, 1040)):  # enough came that some may be asked for
        missing.arrived(number, 0.0)
    while (deadline := missing.deadline) is not None:
        now = deadline
        asks += [(now, number) for number in missing.due(now)]
        if missing.given_up(now) is not None:
            break
    assert {number for _, number in asks} == {1001}
    assert 2 < len(asks) <= MOST_ASKS
    assert all(later - earlier >= 0.4 * 0.08 - 1e-9 for (earlier, _), (later, _) in pairwise(asks))
    assert asks[0][0] <= 0.02
    assert now == WORTH_WAITING
    assert missing.deadline is None


@given(st.floats(0.02, 0.3), st.sets(st.integers(1, 398), max_size=120))
def test_answers_are_not_taken_for_packets_that_were_overtaken(way: float, lost: set[int]) -> None:
    missing, now, coming = Missing(), 0.0, dict[int, float]()
    for number in range(400):
        now += 0.01
        if number == 40:
            missing.measured(way)
        for answered in [each for each, at in coming.items() if at <= now]:
            del coming[answered]
            missing.arrived(answered, now)
        if number not in lost:
            missing.arrived(number, now)
        for asked in missing.due(now):
            coming.setdefault(asked, now + way)
    assert missing.patience == SHORTEST_PATIENCE


@given(st.floats(0.03, 0.09))
def test_how_long_packets_are_overtaken_is_learnt(late: float) -> None:
    missing, now = Missing(), 0.0
    missing.measured(0.2)
    for number in range(0, 800, 2):
        now += 0.1
        missing.arrived(number, now)
        missing.arrived(number + 2, now)
        for at in (now + 0.001 * tick for tick in range(int(1000 * late))):
            missing.due(at)
        missing.arrived(number + 1, now + late)
    assert missing.patience == pytest.approx(late, abs=0.01)


def test_a_short_way_is_not_flooded() -> None:
    missing = Missing()
    missing.measured(0.001)
    missing.arrived(10, 0.0)
    missing.arrived(12, 0.0)
    assert missing.due(0.02) == [11]
    assert missing.due(0.02 + ASKED_AT_MOST_EVERY / 2) == []
    assert missing.due(0.02 + ASKED_AT_MOST_EVERY) == [11]


@given(st.integers(2, 1 << 30), st.integers(0, 60))
def test_however_far_numbers_jump_few_are_remembered(jump: int, before: int) -> None:
    missing = Missing()
    for number in range(0, before * 3, 3):
        missing.arrived(number, 0.0)
    fits = missing.arrived(before * 3 + jump, 0.0)
    assert len(missing) <= LARGEST_GAP
    assert fits or len(missing) == 0


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 3), st.booleans(), st.booleans()), max_size=200))
def test_frames_come_whole_and_in_order_however_packets_come(
    packets: list[tuple[int, int, bool, bool]],
) -> None:
    assembly, last = PictureAssembly(), -1
    for number, timestamp, begins, marker in packets:
        assembly.add(number, Piece(timestamp, marker, Vp8Payload(begins, bytes([1, number & 0xFF])), 0.0))
        while (frame := assembly.take()) is not None:
            assert frame.first > last
            last = frame.last
            assert frame.data == b"".join(bytes([1, at & 0xFF]) for at in range(frame.first, frame.last + 1))


def test_a_frame_without_a_marker_ends_where_the_next_begins_and_padding_breaks_nothing() -> None:
    assembly = PictureAssembly()
    assembly.add(1, Piece(0, False, Vp8Payload(True, b"\x00a"), 0.0))
    assembly.add(2, Piece(0, False, Vp8Payload(False, b"b"), 0.1))
    assert assembly.take() is None
    assembly.add(4, Piece(3000, True, Vp8Payload(True, b"\x01c"), 0.2))
    assembly.add(3, Piece(0, False, None, 0.2))
    first, second = assembly.take(), assembly.take()
    assert first is not None
    assert second is not None
    assert (first.data, first.is_key, first.began) == (b"\x00ab", True, 0.0)
    assert (second.data, second.is_key) == (b"\x01c", False)


def test_what_begins_twice_is_no_frame() -> None:
    assembly = PictureAssembly()
    for number, begins, key in ((1, True, b"\x00"), (2, True, b"\x01"), (3, True, b"\x00")):
        assembly.add(number, Piece(3000 if number == 3 else 0, number > 1, Vp8Payload(begins, key), 0.0))
    frame = assembly.take()
    assert frame is not None
    assert (frame.first, frame.last) == (3, 3)


@settings(max_examples=12)
@given(st.integers(1, 60_000))
def test_what_never_becomes_a_frame_is_not_kept(size: int) -> None:
    assembly = PictureAssembly()
    for number in range(0, 4 * MOST_PIECES, 2):
        assembly.add(number, Piece(number, False, Vp8Payload(True, bytes(size)), 0.0))
        assert assembly.take() is None
        assert assembly.held <= MOST_PIECES
        assert assembly.held * size <= MOST_BYTES + size


@given(st.lists(st.tuples(st.integers(0, 0xFFFFFFFF), st.floats(0, 5)), max_size=100))
def test_no_timestamp_makes_a_frame_wait_long_or_overtake(frames: list[tuple[int, float]]) -> None:
    timing, now, before = PictureTiming(), 0.0, 0.0
    for timestamp, pause in frames:
        now += pause
        due = timing.due(timestamp, now)
        assert now <= due <= max(now, before) + LONGEST_WAIT
        assert due >= before
        assert due - now <= LONGEST_WAIT
        before = due


def test_a_picture_waits_for_the_sound_but_not_the_first() -> None:
    timing = PictureTiming()
    timing.least_wait = 0.12
    waits = [round(timing.due(number * 3000, number / 30) - number / 30, 6) for number in range(3)]
    assert waits == [0.0, 0.12, 0.12]


@given(st.lists(st.tuples(st.integers(0, 30), st.floats(0.0001, 0.2)), min_size=1, max_size=150), st.integers(0, 65535))
def test_every_arrival_is_told_once_in_time_and_truly(packets: list[tuple[int, float]], start: int) -> None:
    """In any order within a window, around the wrap; lost packets between two feedbacks are told as lost."""
    arrivals, now, number = Arrivals(), 0.0, start
    came: dict[int, float] = {}
    told: dict[int, float] = {}
    sent_at: list[float] = []

    def tell(until: float) -> None:
        while (deadline := arrivals.deadline) is not None and deadline <= until:
            fcis = arrivals.due(deadline)
            assert fcis
            sent_at.append(deadline)
            for fci in fcis:
                for status in parse(fci).statuses:
                    if status.received:
                        assert status.at is not None
                        told[status.sequence] = status.at

    for skipped, pause in packets:
        now += pause
        tell(now)
        number += 1 + skipped
        sequence = (number - 2 * (skipped % 2)) & 0xFFFF  # some overtake
        arrivals.arrived(sequence, now)
        came.setdefault(sequence, now)
    tell(now + 1)
    assert told.keys() == came.keys()
    assert all(abs(told[sequence] - came[sequence]) < 0.001 for sequence in came)
    first = min(came.values())
    for earlier, later in pairwise(sent_at):
        assert later - earlier >= (TOLD_AT_MOST_EVERY if earlier > first + AT_FIRST_FOR else AT_FIRST) - 1e-9
    assert sent_at[-1] <= now + TOLD_WITHIN + 1e-9


def test_what_arrives_at_first_is_told_at_once() -> None:
    arrivals, told = Arrivals(), list[float]()
    for number in range(200):
        now = number * 0.01
        if arrivals.deadline is not None and arrivals.deadline <= now:
            told += [now] * len(arrivals.due(now))
        arrivals.arrived(number, now)
    pauses = [later - earlier for earlier, later in pairwise(told)]
    assert told[0] <= AT_FIRST + 0.011
    assert max(pause for pause, at in zip(pauses, told, strict=False) if at < AT_FIRST_FOR - 0.05) <= 2 * AT_FIRST
    assert min(pause for pause, at in zip(pauses, told, strict=False) if at > AT_FIRST_FOR) >= 0.095


def test_lying_numbers_are_not_told_and_not_kept() -> None:
    arrivals = Arrivals()
    for number in range(5000):
        arrivals.arrived(number * 7919 & 0xFFFF, number * 0.001)
        for fci in arrivals.due(number * 0.001):
            assert len(fci) < 1200
    assert len(arrivals._arrived) <= 1000


def test_a_freeze_is_a_pause_of_three_usual_ones_and_150_ms_longer() -> None:
    freezes, now = Freezes(), 0.0
    for pause in [0.04] * 40 + [0.18] + [0.04] * 40 + [0.5] + [0.04] * 5:
        now += pause
        freezes.shown(now)
    assert freezes.count == 1
    assert freezes.total == pytest.approx(0.5)
