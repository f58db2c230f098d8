"""What the planning API gives of sittings and of what is declared. Times are UTC, days Gregorian, of Riyadh."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from scheduler.place import VenueWord, venue_word
from scheduler.protocol_visit import Affected, Consequences
from scheduler.sitting_plans import Planned, Skipped
from scheduler.web.models import Answer, Name, SittingView
from tawasul.domain.calendar import AtCentre, Blackout, BlackoutReason, Holiday, OfficeTime, OneKiosk, Ramadan, Reach
from tawasul.domain.party import Priority
from tawasul.domain.sitting import Sitting


class PlannedSitting(SittingView):
    """A sitting; ``slots`` that cross nothing at the office, of which ``booked`` are taken or held at this moment."""

    buffer_seconds: int
    quota: int | None
    booked: int
    slots: int

    @classmethod
    def planned(cls, planned: Planned) -> PlannedSitting:
        """From the use case."""
        sitting = planned.sitting
        return cls(
            **SittingView.of(sitting).model_dump(),
            buffer_seconds=int(sitting.buffer.total_seconds()),
            quota=sitting.quota,
            booked=planned.booked,
            slots=planned.slots,
        )


class SittingsView(Answer):
    """Sittings in order."""

    sittings: list[PlannedSitting]


class SkippedView(Answer):
    """A day without a sitting, and why: ``holiday``, ``overlap`` or ``past``."""

    day: date
    why: str


class RepeatedView(Answer):
    """What was added, and what not."""

    sittings: list[SittingView]
    skipped: list[SkippedView]

    @classmethod
    def of(cls, added: list[Sitting], skipped: list[Skipped]) -> RepeatedView:
        """From the use case."""
        return cls(
            sittings=[SittingView.of(each) for each in added],
            skipped=[SkippedView(day=each.day, why=each.why) for each in skipped],
        )


class PlaceView(Answer):
    """A place: the centre and its name, for a kiosk."""

    venue: VenueWord
    centre_id: str | None
    name: Name | None


class NewTime(Answer):
    """Another time at the same place."""

    starts_at: datetime
    place: PlaceView


class AffectedView(Answer):
    """Somebody who loses the time ``from``; ``to``: what they get, or null: a person has to find one. ``why``: what
    stands in the way: ``blackout``, ``holiday``, ``closed`` or ``prayer``.
    """

    audience_id: str
    reference: str
    citizen_name: str
    lost_at: Annotated[datetime, Field(serialization_alias="from")]
    place: PlaceView
    to: NewTime | None
    priorities: list[Priority]
    why: str

    @classmethod
    def of(cls, one: Affected) -> AffectedView:
        """From the use case."""
        place = PlaceView(
            venue=venue_word(one.lost.venue),
            centre_id=None if one.centre is None else one.centre.id,
            name=None if one.centre is None else Name.of(one.centre.name),
        )
        return cls(
            audience_id=one.audience.id,
            reference=one.audience.reference,
            citizen_name=one.citizen.name.reveal(),
            lost_at=one.lost.starts_at,
            place=place,
            to=None if one.to is None else NewTime(starts_at=one.to.starts_at, place=place),
            priorities=list(one.audience.priorities),
            why=one.why.value,
        )


class ConsequencesView(Answer):
    """Who loses a time, and what they get. ``arrived``: those who are there already, and stay in the order. ``tasks``:
    how many a desk has to call. ``seen`` goes along with the confirmation.
    """

    affected: list[AffectedView]
    moved: int
    unplaced: int
    arrived: int
    tasks: int
    seen: str

    @classmethod
    def of(cls, consequences: Consequences) -> ConsequencesView:
        """From the use case."""
        return cls(
            affected=[AffectedView.of(one) for one in consequences.affected],
            moved=consequences.moved,
            unplaced=consequences.unplaced,
            arrived=consequences.arrived,
            tasks=len(consequences.affected),
            seen=consequences.seen,
        )


class ReachView(Answer):
    """What is closed: the office's time, a centre, or a kiosk."""

    kind: Literal["office", "centre", "kiosk"]
    centre_id: str | None = None
    kiosk_id: str | None = None

    @classmethod
    def of(cls, reach: Reach) -> ReachView:
        """From the domain."""
        match reach:
            case OfficeTime():
                return cls(kind="office")
            case AtCentre(centre_id):
                return cls(kind="centre", centre_id=centre_id)
            case OneKiosk(kiosk_id):
                return cls(kind="kiosk", kiosk_id=kiosk_id)


class BlackoutView(Answer):
    """A stretch in which nobody is received there."""

    id: str
    reach: ReachView
    starts_at: datetime
    ends_at: datetime
    reason: BlackoutReason

    @classmethod
    def of(cls, blackout: Blackout) -> BlackoutView:
        """From the domain."""
        return cls(
            id=blackout.id,
            reach=ReachView.of(blackout.reach),
            starts_at=blackout.starts_at,
            ends_at=blackout.ends_at,
            reason=blackout.reason,
        )


class BlackoutsView(Answer):
    """In order."""

    blackouts: list[BlackoutView]


class BlackoutDone(ConsequencesView):
    """A blackout that stands, and whom to tell."""

    blackout: BlackoutView


class BlackoutRemoved(Answer):
    """The time may be booked again. ``moved_back`` is always 0: who was moved stays where they are now."""

    moved_back: Literal[0] = 0


class HolidayView(Answer):
    """Days, both included, in one governorate or (null) in the region."""

    id: str
    name: Name
    first_day: date
    last_day: date
    governorate_id: str | None

    @classmethod
    def of(cls, holiday: Holiday) -> HolidayView:
        """From the domain."""
        return cls(
            id=holiday.id,
            name=Name.of(holiday.name),
            first_day=holiday.first_day,
            last_day=holiday.last_day,
            governorate_id=holiday.governorate_id,
        )


class HolidaysView(Answer):
    """In order."""

    holidays: list[HolidayView]


class HolidayDone(ConsequencesView):
    """A holiday that stands, and whom to tell."""

    holiday: HolidayView


class RamadanView(Answer):
    """The days of Ramadan of a Hijri year. ``declared``: otherwise they are the Umm al-Qura table's."""

    hijri_year: int
    first_day: date
    last_day: date
    declared: bool

    @classmethod
    def of(cls, ramadan: Ramadan, *, declared: bool) -> RamadanView:
        """From the domain."""
        return cls(
            hijri_year=ramadan.hijri_year,
            first_day=ramadan.first_day,
            last_day=ramadan.last_day,
            declared=declared,
        )


class RamadansView(Answer):
    """The last, the present and the next two years, and whatever else was declared."""

    ramadans: list[RamadanView]
