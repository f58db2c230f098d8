"""Transport-wide feedback: what was built is read again, other implementations' packets are read, lies are refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_client.media.core.transport_feedback import (
    MOST_STATUSES,
    PERIOD,
    TICK,
    FeedbackMalformed,
    PacketStatus,
    TransportFeedback,
    build,
    parse,
)

SIXTY_FOUR = 0.064

# What follows the SSRCs in packets of the tests of pion/rtcp and of a capture of Chromium's: base, number, reference in
# 64 ms, then for each packet its delta in ms, None where it was lost, "?" where it came without a time.
OTHERS = {
    "one packet": ("00990001 3de802 17 2001 94 01", 153, 23, 4057090, [37]),
    "two-bit vectors, without a time": (
        "0174000e 45b15a 40 d800 f0ff d0 0000 03",
        372, 64, 4567386, [52, 0, *[None] * 5, "?", None, None, *["?"] * 4],
    ),
    "runs of large and of small deltas": (
        "01740006 45b15a 40 4002 2004 1ffe 1f9a d0 00 d0 00", 372, 64, 4567386, [2047.5, 2022.5, 52, 0, 52, 0],
    ),
    "a run": ("00040007 10636e 01 2007 4c 24 24 10 0c 0c 10 000003", 4, 1, 1074030, [19, 9, 9, 4, 3, 3, 4]),
    "a one-bit vector": (
        "0001000e 10636d 00 ba00 10 0c 0c 10 0003", 1, 0, 1074029, [4, 3, 3, None, 4, *[None] * 9],
    ),
    "captured of Chromium": (
        "00010009 5e9110 00 2009 1c 0c 2c 38 00 04 00 08 18 01", 1, 0, 6197520, [7, 3, 11, 14, 0, 1, 0, 2, 6],
    ),
}  # fmt: skip


@pytest.mark.parametrize("packet", OTHERS.values(), ids=OTHERS)
def test_others_feedback_is_read(packet: tuple[str, int, int, int, list[float | str | None]]) -> None:
    text, base, number, reference, deltas = packet
    feedback = parse(bytes.fromhex(text))
    assert feedback.number == number
    assert [each.sequence for each in feedback.statuses] == list(range(base, base + len(deltas)))
    assert [each.received for each in feedback.statuses] == [delta is not None for delta in deltas]
    now = reference * SIXTY_FOUR
    for status, delta in zip(feedback.statuses, deltas, strict=True):
        if isinstance(delta, int | float):
            now += delta / 1000
            assert status.at == pytest.approx(now)
        else:
            assert status.at is None


def test_the_smallest_feedback_to_the_byte() -> None:
    # Reference 1 is 64 ms; 70 ms are 24 ticks later. The draft's section 3.1.3 has the form of the run.
    assert build(5, {5: 0.070}, 9) == [bytes.fromhex("0005 0001 000001 09 2001 18 00")]


def test_losses_before_the_first_arrival_are_told() -> None:
    (fci,) = build(65533, {65537: 1.0, 65539: 0.5}, 255)
    assert parse(fci) == TransportFeedback(
        255,
        (
            *(PacketStatus(each, False, None) for each in (65533, 65534, 65535, 0)),
            PacketStatus(1, True, 1.0),
            PacketStatus(2, False, None),
            PacketStatus(3, True, 0.5),
        ),
    )


def test_the_receivers_clock_begins_anew() -> None:
    (fci,) = build(0, {0: PERIOD - 0.010, 1: PERIOD + 0.005}, 0)
    assert [status.at for status in parse(fci).statuses] == pytest.approx([PERIOD - 0.010, 0.005])


def test_a_packet_that_is_too_late_for_a_delta_has_a_feedback_of_its_own() -> None:
    told = [parse(fci) for fci in build(0, {0: 1.0, 1: 9.0, 2: 100.0, 4: 99.0}, 255)]
    assert [each.number for each in told] == [255, 0]
    assert [[status.at for status in each.statuses] for each in told] == [[1.0, 9.0], [100.0, None, 99.0]]


def test_of_a_gap_without_end_nothing_is_told() -> None:
    told = [parse(fci) for fci in build(0, {0: 1.0, 2**40: 2.0}, 0)]
    assert [len(each.statuses) for each in told] == [1, 1]


@st.composite
def arrivals(draw: st.DrawFn) -> tuple[int, dict[int, float]]:
    """The first number told of, and what has arrived: with gaps, out of order, stalls, and on any clock."""
    first = draw(st.integers(0, 2**17))
    sequence, at, found = first, draw(st.floats(0, 3 * PERIOD)), {}
    for gap, pause in draw(
        st.lists(
            st.tuples(
                st.sampled_from([0, 0, 0, 0, 1, 2, 9, 30, 9000]),
                st.one_of(st.just(0.0), st.floats(0, 0.06), st.floats(-0.5, 2.0), st.floats(-20, 20)),
            ),
            max_size=900,
        )
    ):
        sequence += 1 + gap
        at = max(0.0, at + pause)
        found[sequence] = at
    return first, found


@given(arrivals(), st.integers(0, 255))
def test_what_is_built_is_read_again(given_arrivals: tuple[int, dict[int, float]], number: int) -> None:
    first, found = given_arrivals
    read: dict[int, float] = {}
    expected = first
    for place, fci in enumerate(build(first, found, number)):
        assert len(fci) % 4 == 0
        assert len(fci) <= 1200
        feedback = parse(fci)
        assert feedback.number == (number + place) % 256
        assert len(feedback.statuses) <= MOST_STATUSES
        unwrapped = next(each for each in sorted(found) if each > max(read, default=-1))
        # One gap may be too long to tell of; otherwise each feedback goes on where the last one ended.
        leading = next(place for place, each in enumerate(feedback.statuses) if each.received)
        assert unwrapped - leading == expected or unwrapped - expected >= MOST_STATUSES
        for step, status in enumerate(feedback.statuses):
            sequence = unwrapped - leading + step
            assert status.sequence == sequence % 2**16
            assert status.received == (sequence in found)
            if status.at is not None:
                read[sequence] = status.at
        expected = unwrapped - leading + len(feedback.statuses)
    assert read.keys() == found.keys()
    for sequence, at in found.items():
        apart = abs(read[sequence] - at % PERIOD)
        assert min(apart, PERIOD - apart) <= TICK / 2 + 1e-6


@pytest.mark.parametrize(
    ("reason", "text"),
    [
        ("too-short", "0001 0001 000001 00"),
        ("status-count", "0001 0000 000001 00 2001 00 00"),
        ("status-count", "0001 ffff 000001 00 1fff 1fff 1fff 1fff 1fff 1fff 1fff 1fff 0007"),
        ("run-length", "0001 0001 000001 00 2002 00 00"),
        ("run-length", "0001 0001 000001 00 2000 00 00"),
        ("chunks-missing", "0001 0010 000001 00 bfff"),
        ("deltas-missing", "0001 0003 000001 00 2003 00 00"),
        ("deltas-missing", "0001 0001 000001 00 4001 00"),
        ("bytes-left", "0001 0001 000001 00 2001 00 00 00 00 00"),
    ],
)
def test_a_lie_is_refused(reason: str, text: str) -> None:
    with pytest.raises(FeedbackMalformed) as refused:
        parse(bytes.fromhex(text))
    assert refused.value.reason == reason


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(fci: bytes) -> None:
    try:
        feedback = parse(fci)
    except FeedbackMalformed:
        return
    assert 0 < len(feedback.statuses) <= MOST_STATUSES
    assert all(each.at is None or (each.received and 0 <= each.at < PERIOD) for each in feedback.statuses)


@given(arrivals(), st.data())
def test_damaged_feedback_is_read_or_refused(given_arrivals: tuple[int, dict[int, float]], data: st.DataObject) -> None:
    first, found = given_arrivals
    for fci in build(first, found, 0):
        damaged = bytearray(fci)
        for place in data.draw(st.lists(st.integers(0, len(fci) - 1), max_size=4)):
            damaged[place] ^= data.draw(st.integers(1, 255))
        try:
            parse(bytes(damaged[: data.draw(st.integers(0, len(fci)))]))
        except FeedbackMalformed as refused:
            assert refused.reason  # noqa: PT017
