"""When a message is due. Pure.

Nobody is woken: between 21:30 and 8:00 on Riyadh's clock nothing leaves that can wait. What a person has just asked
for is told at once, for they are there.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final

from tawasul.domain.message import MessageKind
from tawasul.domain.riyadh import RIYADH

MORNING: Final = time(8)
NIGHT: Final = time(21, 30)
EVENING: Final = time(21)
"""Where a reminder goes that would have come at night: late, and not too late to make plans."""

DAY_BEFORE: Final = timedelta(hours=24)
HOURS_BEFORE: Final = timedelta(hours=2)
TOO_CLOSE: Final = timedelta(minutes=45)
"""A reminder so soon after the booking, or so shortly before the audience, tells nothing."""

_AT_ONCE: Final = frozenset({MessageKind.BOOKED, MessageKind.MOVED, MessageKind.CANCELLED})


def due(
    kind: MessageKind, now: datetime, *, starts_at: datetime | None = None, expires_at: datetime | None = None
) -> datetime:
    """When a message of ``kind`` that is decided ``now`` leaves.

    What the service decided by itself waits for the morning, unless it would come too late then: after the audience
    began (``starts_at``), or after the offer was over (``expires_at``).
    """
    if kind in _AT_ONCE or is_humane(now):
        return now
    morning = _next_morning(now)
    ends = [moment for moment in (starts_at, expires_at) if moment is not None]
    return now if any(morning + TOO_CLOSE > moment for moment in ends) else morning


def reminders(starts_at: datetime, now: datetime) -> list[tuple[MessageKind, datetime]]:
    """The reminders of an audience that begins at ``starts_at``, with the moment at which each is due, in order.

    Left out is what would come within three quarters of an hour from ``now``, or from another reminder.
    """
    planned: list[tuple[MessageKind, datetime]] = []
    after = now + TOO_CLOSE
    for kind, moment in (
        (MessageKind.REMINDER_DAY, _humane_before(starts_at - DAY_BEFORE, starts_at)),
        (MessageKind.REMINDER_HOURS, _humane_before(starts_at - HOURS_BEFORE, starts_at)),
    ):
        if moment >= after:
            planned.append((kind, moment))
            after = moment + TOO_CLOSE
    return planned


def is_humane(moment: datetime) -> bool:
    """Whether one may disturb a person."""
    return MORNING <= moment.astimezone(RIYADH).time() < NIGHT


def _humane_before(moment: datetime, starts_at: datetime) -> datetime:
    if is_humane(moment):
        return moment
    local = moment.astimezone(RIYADH)
    if local.time() < MORNING:
        morning = datetime.combine(local.date(), MORNING, RIYADH)
        if morning + TOO_CLOSE <= starts_at:
            return morning.astimezone(moment.tzinfo)
        local -= timedelta(days=1)
    return datetime.combine(local.date(), EVENING, RIYADH).astimezone(moment.tzinfo)


def _next_morning(now: datetime) -> datetime:
    local = now.astimezone(RIYADH)
    day = local.date() if local.time() < MORNING else local.date() + timedelta(days=1)
    return datetime.combine(day, MORNING, RIYADH).astimezone(now.tzinfo)
