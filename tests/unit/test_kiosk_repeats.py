"""What has had no answer is sent again: how soon, how often, and how near to each other."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk_client.core.flights import Flights
from kiosk_client.core.repeats import Pace, Repeats

PACE = Pace(first=0.05, growth=2.0, longest=0.3, times=5)


def rung(repeats: Repeats[str], until: float) -> list[tuple[float, str]]:
    """What is sent again until then, each at its moment."""
    out: list[tuple[float, str]] = []
    while (at := repeats.deadline) is not None and at <= until:
        out += [(round(at, 6), key) for key in repeats.due(at)]
    return out


def test_pauses_grow_to_the_longest_and_then_it_ends() -> None:
    repeats: Repeats[str] = Repeats(PACE)
    repeats.sent("a", 1.0)
    assert repeats.due(1.049) == []
    assert [at for at, _ in rung(repeats, 100)] == [1.05, 1.15, 1.35, 1.65, 1.95]
    assert repeats.deadline is None


def test_what_is_answered_is_not_sent_again() -> None:
    repeats: Repeats[str] = Repeats(PACE)
    repeats.sent("a", 0.0)
    repeats.sent("b", 0.01)
    repeats.answered("a")
    repeats.answered("never sent")
    assert {key for _, key in rung(repeats, 1)} == {"b"}


def test_an_urge_is_heeded_once() -> None:
    repeats: Repeats[str] = Repeats(PACE)
    repeats.sent("a", 0.0)
    repeats.urge("never sent", 0.02)
    repeats.urge("a", 0.02)
    assert repeats.due(0.02) == ["a"]
    repeats.urge("a", 0.03)
    assert repeats.due(0.03) == []
    assert repeats.deadline == pytest.approx(0.12)


@given(
    st.lists(st.tuples(st.floats(0, 0.2), st.sampled_from("abcdefgh"), st.sampled_from(["sent", "urge", "answered"]))),
    st.sampled_from([0.0, 0.02]),
)
@settings(max_examples=200)
def test_however_much_there_is_it_goes_out_apart_and_comes_to_an_end(
    steps: list[tuple[float, str, str]], apart: float
) -> None:
    repeats: Repeats[str] = Repeats(Pace(0.05, 1.25, 0.5, 6, apart))
    now, out, sent = 0.0, list[tuple[float, str]](), 0
    for pause, key, what in steps:
        out += rung(repeats, now + pause)
        now += pause
        match what:
            case "sent":
                repeats.sent(key, now)
                sent += 1
            case "urge":
                repeats.urge(key, now)
            case _:
                repeats.answered(key)
    out += rung(repeats, now + 1000)
    assert repeats.deadline is None
    assert len(out) <= 6 * sent
    assert all(later - earlier >= apart - 1e-5 for (earlier, _), (later, _) in pairwise(out))


def test_of_a_handshake_only_a_handshakes_datagrams_are_kept() -> None:
    flights = Flights()
    flights.sent(b"", 0.0)
    flights.sent(b"\x15 an alert", 0.0)
    flights.sent(b"\x17 data", 0.0)
    assert flights.deadline is None
    flights.sent(b"\x16 one", 0.0)
    flights.sent(b"\x16 two", 0.001)
    assert flights.due(0.05) == [b"\x16 one", b"\x16 two"]


def test_what_openssl_repeats_itself_takes_the_place_of_what_was_kept_at_the_same_pace() -> None:
    flights = Flights()
    flights.sent(b"\x16 number 0", 0.0)
    for _ in range(4):
        flights.due(flights.deadline or 0.0)
    assert flights.deadline == pytest.approx(1.55)
    flights.sent(b"\x16 number 1", 1.0)
    assert flights.deadline == pytest.approx(1.55)
    assert flights.due(1.551) == [b"\x16 number 1"]
