"""The round trip by feedback: its shortest of late, though most feedback comes a while after what it tells of."""

from collections.abc import Iterable

import pytest

from kiosk_client.media.core.round_trip import AT_FIRST, LEAST, OF_LATE, RoundTrip


def measured(values: Iterable[float], every: float = 0.1) -> RoundTrip:
    trip = RoundTrip()
    for number, value in enumerate(values):
        trip.take(value, number * every)
    return trip


def test_before_anything_is_known_a_usual_one_is_assumed() -> None:
    assert RoundTrip().smoothed == RoundTrip().shortest == AT_FIRST


def test_feedback_that_waited_does_not_lengthen_the_shortest() -> None:
    trip = measured([0.08, 0.13, 0.17] * 30)
    assert trip.shortest == 0.08
    assert 0.1 < trip.smoothed < 0.16


def test_a_way_that_became_longer_is_believed_after_a_while_and_a_shorter_one_at_once() -> None:
    longer = [0.08] * 10 + [0.3] * round(OF_LATE / 0.1)
    assert measured(longer[:-1]).shortest == 0.08
    assert measured([*longer, 0.3]).shortest == 0.3
    assert measured([*longer, 0.02]).shortest == 0.02


def test_what_cannot_be_is_little() -> None:
    assert measured([-5.0]).shortest == LEAST


def test_little_is_kept_of_a_long_call() -> None:
    trip = measured(0.08 + 0.0001 * (number % 997) for number in range(20_000))
    assert len(trip._shorter) <= OF_LATE / 0.1 + 1
    assert trip.shortest == pytest.approx(0.08, abs=0.1)
