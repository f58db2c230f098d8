"""What the planning API is asked of sittings and what is declared. Clock times: ``HH:MM`` in Riyadh, to ``24:00``."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Final, Literal

from pydantic import AwareDatetime, Field

from scheduler.sitting_plans import Pattern
from scheduler.web.asked import Id, Request
from tawasul.domain.calendar import (
    AtCentre,
    Blackout,
    BlackoutId,
    BlackoutReason,
    Holiday,
    HolidayId,
    OfficeTime,
    OneKiosk,
    Ramadan,
    Reach,
)
from tawasul.domain.places import (
    CentreId,
    GovernorateId,
    KioskId,
    Name,
)
from tawasul.domain.sitting import Receiver
from tawasul.domain.text import bounded

LONGEST_NAME: Final = 120
FIRST_DAY: Final = date(2020, 1, 1)
LAST_DAY: Final = date(2076, 12, 31)
"""The Umm al-Qura table ends in 2077."""

TimeOfDay = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$")]
Typed = Annotated[str, Field(max_length=400)]
Day = Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY)]
"""Gregorian, of Riyadh."""
Moment = Annotated[AwareDatetime, Field(ge=datetime(2020, 1, 1, tzinfo=UTC), le=datetime(2076, 12, 31, tzinfo=UTC))]
Minutes = Annotated[int, Field(ge=0, le=24 * 60, strict=True)]
Expected = Annotated[int, Field(ge=0, le=100_000, strict=True)]
"""How many people the preview showed to be affected: if it is not so any more, nothing is done."""
Seen = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{22}$")] | None
"""The preview's ``seen``: if others are affected by now, or get other times, nothing is done either."""


def at(text: str) -> time:
    """Of ``HH:MM``."""
    return time.max if text == "24:00" else time.fromisoformat(text)


class NameBody(Request):
    """In both languages; the English one may be left out."""

    arabic: Typed
    english: Typed = ""

    def name(self, field: str) -> Name:
        """Raises: InvalidText: by the field."""
        arabic = bounded(self.arabic, field=field, longest=LONGEST_NAME)
        return Name(arabic, bounded(self.english.strip() or arabic, field=field, longest=LONGEST_NAME))


class _Sitting(Request):
    slot_minutes: Minutes
    buffer_minutes: Minutes = 0
    receiver: Receiver = Receiver.AMIR
    quota: Annotated[int, Field(ge=1, le=1000, strict=True)] | None = None

    def pattern(self) -> Pattern:
        """For the use case."""
        slot, buffer = timedelta(minutes=self.slot_minutes), timedelta(minutes=self.buffer_minutes)
        return Pattern(slot, buffer, self.receiver, self.quota)


class AddSitting(_Sitting):
    """One sitting. ``quota``: the most slots one governorate may take until they are released."""

    opens_at: Moment
    closes_at: Moment


class RepeatSitting(_Sitting):
    """The same on these weekdays, 0 is Monday; days are Gregorian, of Riyadh, both included."""

    weekdays: Annotated[tuple[Annotated[int, Field(ge=0, le=6, strict=True)], ...], Field(min_length=1, max_length=7)]
    from_day: Day
    to_day: Day
    opens: TimeOfDay
    closes: TimeOfDay


class OfficeReach(Request):
    """The Amir's own time: nobody is received anywhere."""

    kind: Literal["office"]

    def reach(self) -> Reach:
        """For the domain."""
        return OfficeTime()


class CentreReach(Request):
    """One centre."""

    kind: Literal["centre"]
    centre_id: Id

    def reach(self) -> Reach:
        """For the domain."""
        return AtCentre(CentreId(self.centre_id))


class KioskReach(Request):
    """One kiosk."""

    kind: Literal["kiosk"]
    kiosk_id: Id

    def reach(self) -> Reach:
        """For the domain."""
        return OneKiosk(KioskId(self.kiosk_id))


class PreviewBlackout(Request):
    """A stretch in which nobody is received there."""

    reach: Annotated[OfficeReach | CentreReach | KioskReach, Field(discriminator="kind")]
    starts_at: Moment
    ends_at: Moment
    reason: BlackoutReason

    def blackout(self) -> Blackout:
        """Raises: InvalidInput: it ends before it begins."""
        id = BlackoutId(uuid.uuid4().hex)
        return Blackout(id, self.reach.reach(), self.starts_at, self.ends_at, self.reason)


class AddBlackoutBody(PreviewBlackout):
    """The same, when its preview was looked at."""

    expected: Expected
    seen: Seen = None


class PreviewHoliday(Request):
    """Days on which nobody is received; in one governorate, or in the region."""

    name: NameBody
    first_day: Day
    last_day: Day
    governorate_id: Id | None = None

    def holiday(self) -> Holiday:
        """Raises: InvalidText: the name. InvalidInput: it ends before it begins."""
        governorate = None if self.governorate_id is None else GovernorateId(self.governorate_id)
        return Holiday(HolidayId(uuid.uuid4().hex), self.name.name("name"), self.first_day, self.last_day, governorate)


class AddHolidayBody(PreviewHoliday):
    """The same, when its preview was looked at."""

    expected: Expected = 0
    seen: Seen = None


class PreviewRamadan(Request):
    """The days of Ramadan as they were declared."""

    first_day: Day
    last_day: Day

    def ramadan(self, hijri_year: int) -> Ramadan:
        """Raises: InvalidInput: not 29 or 30 days."""
        return Ramadan(hijri_year, self.first_day, self.last_day)


class PutRamadanBody(PreviewRamadan):
    """The same, when its preview was looked at."""

    expected: Expected = 0
    seen: Seen = None
