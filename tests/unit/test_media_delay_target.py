"""What play-out waits for: regular lateness, and not what happens once; soon more, and slowly less."""

import pytest

from kiosk_client.media.core.delay_target import CEILING, FLOOR, DelayTarget

STEP = 0.02


def told(target: DelayTarget, seconds: float, since: float, late_each: float = 0.0, late: float = 0.0) -> float:
    """A frame every 20 ms; one in every `late_each` seconds comes `late`. Returns the time when it is over."""
    for number in range(round(seconds / STEP)):
        now = since + number * STEP
        is_late = late_each and number % round(late_each / STEP) == round(late_each / STEP) - 1
        target.add(late if is_late else 0.0, now)
    return since + seconds


def test_at_first_it_is_the_least_and_within_two_seconds_what_the_line_needs() -> None:
    target = DelayTarget()
    assert target.seconds == FLOOR
    told(target, 1.6, 0.0, late_each=0.2, late=0.085)
    assert target.seconds == pytest.approx(0.09)


def test_what_is_late_regularly_is_waited_for() -> None:
    target = DelayTarget()
    told(target, 60.0, 0.0, late_each=5.0, late=0.205)
    assert target.seconds == pytest.approx(0.21)


def test_what_is_late_once_in_a_minute_is_not() -> None:
    target = DelayTarget()
    now = told(target, 60.0, 0.0)
    told(target, 60.0, now, late_each=60.0, late=0.3)
    assert target.seconds == FLOOR


def test_more_is_waited_for_within_two_seconds_and_less_after_many() -> None:
    target = DelayTarget()
    now = told(target, 60.0, 0.0)
    now = told(target, 2.5, now, late_each=0.1, late=0.1)
    assert target.seconds >= 0.1
    now = told(target, 2.0, now)
    assert target.seconds >= 0.1
    told(target, 60.0, now)
    assert target.seconds == FLOOR


def test_it_is_never_more_than_two_people_bear() -> None:
    target = DelayTarget()
    told(target, 60.0, 0.0, late_each=1.0, late=2.0)
    assert target.seconds == CEILING


def test_a_way_that_becomes_longer_or_shorter_is_taken_as_it_is() -> None:
    target = DelayTarget()
    told(target, 10.0, 0.0)
    for number in range(500):
        target.add(0.5, 10.0 + number * STEP)
    assert target.base == 0.5
    target.add(0.1, 20.0)
    assert target.base == 0.1
    target.forget_way()
    assert target.base is None
