"""When an offer may be made and until when it may be answered: by day, with notice, never past the audience."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from support.factories import NOW

from scheduler.core.offering import (
    ANSWER_SOON_WITHIN,
    ANSWER_WITHIN,
    ASKING,
    NOTICE,
    RIYADH,
    SOON,
    answer_until,
    next_asking,
)

moments = st.integers(0, 3 * 24 * 60).map(lambda minutes: NOW + timedelta(minutes=minutes))
ahead = st.integers(-60, 4 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))


@given(moments, ahead)
def test_the_time_to_answer_lies_within_the_day_and_before_the_audience(now: datetime, until_it: timedelta) -> None:
    until = answer_until(now, now + until_it)
    if until is None:
        return
    assert until_it >= NOTICE
    assert until - now == (ANSWER_SOON_WITHIN if until_it < SOON else ANSWER_WITHIN)
    begins, ends = now.astimezone(RIYADH), until.astimezone(RIYADH)
    assert ASKING.opens <= begins.time() < ends.time() <= ASKING.closes
    assert until < now + until_it


@given(moments)
def test_when_the_hours_of_asking_begin_an_offer_can_be_made(now: datetime) -> None:
    morning = next_asking(now)
    assert now < morning <= now + timedelta(days=1)
    assert morning.astimezone(RIYADH).time() == ASKING.opens
    assert answer_until(morning, morning + NOTICE) == morning + ANSWER_SOON_WITHIN


def test_at_night_and_late_in_the_evening_nobody_is_asked() -> None:
    evening = datetime(2026, 2, 3, 21, 31, tzinfo=RIYADH)
    assert answer_until(evening, evening + timedelta(hours=12)) is None, "half an hour would run into the night"
    assert answer_until(evening - timedelta(minutes=1), evening + timedelta(hours=12)) is not None
    assert answer_until(evening - timedelta(hours=1), evening + timedelta(days=3)) is None, "two hours would"
    for hour in (22, 23, 0, 3, 7):
        night = datetime(2026, 2, 3, hour, tzinfo=RIYADH)
        assert answer_until(night, night + timedelta(days=2)) is None
