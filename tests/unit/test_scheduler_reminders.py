"""When a message is due: nobody is woken, and no reminder comes too late or tells nothing."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.core.reminders import TOO_CLOSE, due, is_humane, reminders
from tawasul.domain.message import MessageKind
from tawasul.domain.riyadh import RIYADH


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=RIYADH)


def test_a_day_and_two_hours_before() -> None:
    assert reminders(at(25, 12), at(20, 9)) == [
        (MessageKind.REMINDER_DAY, at(24, 12)),
        (MessageKind.REMINDER_HOURS, at(25, 10)),
    ]


@pytest.mark.parametrize(
    ("starts_at", "day", "hours"),
    [
        # Two hours before nine are seven: at eight, an hour before.
        (at(25, 9), at(24, 9), at(25, 8)),
        # Before 8:45 the morning tells nothing any more: the evening before.
        (at(25, 8, 44), at(24, 8, 44), at(24, 21)),
        (at(25, 8, 45), at(24, 8, 45), at(25, 8)),
        (at(25, 7, 30), at(24, 8), at(24, 21)),
        # At night: the evening, and not the night.
        (at(25, 23), at(24, 21), at(25, 21)),
        (at(25, 23, 30), at(24, 21), at(25, 21)),
        (at(25, 23, 29), at(24, 21), at(25, 21, 29)),
    ],
)
def test_nobody_is_woken(starts_at: datetime, day: datetime, hours: datetime) -> None:
    assert reminders(starts_at, at(20, 9)) == [(MessageKind.REMINDER_DAY, day), (MessageKind.REMINDER_HOURS, hours)]


def test_what_is_booked_late_is_reminded_of_only_where_that_tells_something() -> None:
    assert [kind for kind, _ in reminders(at(25, 12), at(24, 13))] == [MessageKind.REMINDER_HOURS]
    assert [kind for kind, _ in reminders(at(25, 12), at(25, 9, 15))] == [MessageKind.REMINDER_HOURS]
    assert reminders(at(25, 12), at(25, 9, 16)) == []
    assert reminders(at(25, 12), at(25, 13)) == []


moments = st.integers(0, 1500 * 24 * 60).map(lambda minutes: at(1, 0) + timedelta(minutes=minutes))


@given(moments, st.timedeltas(timedelta(0), timedelta(days=60)))
def test_reminders_always(now: datetime, ahead: timedelta) -> None:
    planned = reminders(now + ahead, now)
    for _, moment in planned:
        assert is_humane(moment)
        assert now + TOO_CLOSE <= moment <= now + ahead - TOO_CLOSE
    assert [moment for _, moment in planned] == sorted(moment for _, moment in planned)


@pytest.mark.parametrize("kind", [MessageKind.BOOKED, MessageKind.MOVED, MessageKind.CANCELLED])
def test_what_was_asked_for_is_told_at_once(kind: MessageKind) -> None:
    assert due(kind, at(25, 3)) == at(25, 3)


@pytest.mark.parametrize("kind", [MessageKind.REBOOKED, MessageKind.TIME_LOST, MessageKind.OFFER])
def test_what_the_service_decides_at_night_waits_for_the_morning(kind: MessageKind) -> None:
    assert due(kind, at(25, 3), starts_at=at(27, 9)) == at(25, 8)
    assert due(kind, at(25, 22), starts_at=at(27, 9)) == at(26, 8)
    assert due(kind, at(25, 10), starts_at=at(27, 9)) == at(25, 10)


def test_what_would_come_too_late_in_the_morning_does_not_wait() -> None:
    assert due(MessageKind.OFFER, at(25, 22), expires_at=at(26, 8, 30)) == at(25, 22)
    assert due(MessageKind.OFFER, at(25, 22), expires_at=at(26, 8, 45)) == at(26, 8)
    assert due(MessageKind.REBOOKED, at(25, 6), starts_at=at(25, 8, 15)) == at(25, 6)


@given(moments, st.timedeltas(timedelta(0), timedelta(days=3)))
def test_due_is_never_in_the_past(now: datetime, ahead: timedelta) -> None:
    for kind in MessageKind:
        assert now <= due(kind, now, starts_at=now + ahead) <= max(now, now + ahead)
