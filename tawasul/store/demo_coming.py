"""The coming days of a demonstration: sittings on ten working days, the first of them fully booked.

Two wait for a time on that day, two tasks wait for somebody; a market has a centre of its own for a while, and another
centre goes from village to village.
"""

from __future__ import annotations

import dataclasses
import itertools
import uuid
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import Final

from tawasul.domain.audience import Audience, AudienceId
from tawasul.domain.errors import NotFound
from tawasul.domain.hours import ALWAYS, Prayer, PrayerPause, Span
from tawasul.domain.party import Alone, Representative
from tawasul.domain.places import (
    CentreId,
    CentreKind,
    Coordinates,
    GovernorateId,
    Kiosk,
    KioskId,
    Name,
    ReceptionCentre,
    Stop,
)
from tawasul.domain.private import Private
from tawasul.domain.riyadh import RIYADH
from tawasul.domain.sitting import Receiver, Sitting, SittingId
from tawasul.domain.task import Task, TaskId, TaskKind
from tawasul.domain.venue import AtKiosk
from tawasul.domain.waitlist import EntryId, WaitlistEntry, WishedVenue
from tawasul.store.demo_people import COMING, TODAY, WAITING, Sample
from tawasul.store.unit_of_work import UnitOfWork

WORKING_DAYS: Final = 10
BADR: Final = GovernorateId("badr")

_NO_PAUSES: Final[Mapping[Prayer, PrayerPause]] = MappingProxyType({})
_A_DAY: Final = timedelta(days=1)
_FRIDAY, _SATURDAY, _TUESDAY = 4, 5, 1
_BOOKED: Final = (12, 7, 3, 8, 5, 2, 4, 1, 3, 0)
"""How many are booked on each of the days."""


async def make_coming_days(uow: UnitOfWork, now: datetime, draw_reference: Callable[[], str]) -> None:
    """Adds it all, after the sample citizens; commits nothing."""
    days = list(itertools.islice(_working_days_after(now.astimezone(RIYADH).date()), WORKING_DAYS))
    await _put_centres(uow, days)
    samples = itertools.cycle(COMING + TODAY)
    audiences: list[Audience] = []
    for day, booked in zip(days, _BOOKED, strict=True):
        sitting = _sitting(day)
        await uow.sittings.add(sitting)
        for slot, sample in zip(itertools.islice(sitting.slots(), booked), samples, strict=False):
            audiences.append(_audience(sample, sitting, slot, draw_reference()))
            await uow.audiences.add(audiences[-1])
    for number, sample in enumerate(WAITING):
        await uow.waitlist.add(_entry(sample, days[0], now - timedelta(hours=3 - number)))
    for task in _tasks(audiences, now):
        await uow.tasks.add(task)


async def open_always(uow: UnitOfWork) -> None:
    """The emirate and all centres have no hours and no pauses: a demonstration works at two at night too."""
    for region in await uow.regions.all():
        try:
            emirate = await uow.regions.emirate(region.id)
        except NotFound:
            continue  # a region whose file does not say where its Amir receives
        await uow.regions.put_emirate(dataclasses.replace(emirate, hours=ALWAYS, pauses=_NO_PAUSES))
    for centre in await uow.centres.all():
        await uow.centres.put(dataclasses.replace(centre, hours=ALWAYS, pauses=_NO_PAUSES))


def _working_days_after(day: date) -> Iterator[date]:
    while True:
        day += _A_DAY
        if day.weekday() not in (_FRIDAY, _SATURDAY):
            yield day


async def _put_centres(uow: UnitOfWork, days: list[date]) -> None:
    market = ReceptionCentre(
        CentreId("badr-market"),
        BADR,
        Name("عينة: مركز سوق بدر", "Sample: Badr market centre"),
        Coordinates(23.7806, 38.7903),
        CentreKind.TEMPORARY,
        opens_on=days[0],
        closes_on=days[-1],
        hours=ALWAYS,
        pauses=_NO_PAUSES,
    )
    mornings = Span(time(9), time(13))
    stops = (
        Stop(days[1], Name("قرية الروضة", "Al Rawdah village"), Coordinates(23.861, 38.903), mornings),
        Stop(days[3], Name("قرية السديرة", "As Sudayrah village"), Coordinates(23.655, 38.742), mornings),
        Stop(
            days[5], Name("زيارة منزلية", "Home visit"), Coordinates(23.78, 38.79), Span(time(10), time(11)), home=True
        ),
    )
    portable = ReceptionCentre(
        CentreId("badr-portable"),
        BADR,
        Name("عينة: المركز المتنقل ببدر", "Sample: Badr portable centre"),
        Coordinates(23.78, 38.79),
        CentreKind.PORTABLE,
        hours=ALWAYS,
        pauses=_NO_PAUSES,
        stops=stops,
    )
    for centre, kiosk in ((market, Name("كشك السوق", "Market kiosk")), (portable, Name("كشك متنقل", "Portable kiosk"))):
        await uow.centres.put(centre)
        await uow.kiosks.put(Kiosk(KioskId(f"{centre.id}-1"), centre.id, kiosk))


def _sitting(day: date) -> Sitting:
    """Two hours in the forenoon; on Tuesdays the deputy's, with five minutes between two audiences."""
    opens_at = datetime.combine(day, time(10), RIYADH).astimezone(UTC)
    deputy = day.weekday() == _TUESDAY
    return Sitting(
        SittingId(uuid.uuid4().hex),
        opens_at,
        opens_at + timedelta(hours=3 if deputy else 2),
        timedelta(minutes=10),
        receiver=Receiver.DEPUTY if deputy else Receiver.AMIR,
        buffer=timedelta(minutes=5 if deputy else 0),
        quota=6,
    )


def _audience(sample: Sample, sitting: Sitting, slot: datetime, reference: str) -> Audience:
    return Audience.book(
        AudienceId(uuid.uuid4().hex),
        reference=reference,
        citizen_id=sample.citizen_id,
        sitting_id=sitting.id,
        slot_starts_at=slot,
        slot_ends_at=slot + sitting.slot_length,
        venue=sample.venue,
        governorate_id=sample.governorate_id,
        subject=sample.subject,
        party=sample.party,
        priorities=sample.priorities,
    )


def _entry(sample: Sample, day: date, joined_at: datetime) -> WaitlistEntry:
    at_a_centre = isinstance(sample.venue, AtKiosk)
    return WaitlistEntry(
        id=EntryId(uuid.uuid4().hex),
        citizen_id=sample.citizen_id,
        governorate_id=sample.governorate_id,
        venue=WishedVenue.CENTRE if at_a_centre else WishedVenue.OWN_LOCATION,
        centre_id=CentreId(f"{sample.governorate_id}-centre") if at_a_centre else None,
        from_day=day,
        to_day=day,
        subject=Private(sample.subject),
        party=Private(sample.party or Alone()),
        priorities=sample.priorities,
        joined_at=joined_at,
    )


def _tasks(audiences: list[Audience], now: datetime) -> Iterator[Task]:
    """A proof to be checked, and somebody to be told of another time."""
    of_badr = [audience for audience in audiences if audience.governorate_id == BADR]
    represented = next(each for each in of_badr if isinstance(each.party.reveal(), Representative))
    yield _task(TaskKind.CHECK_PROOF, represented, now, represented.slot_starts_at)
    yield _task(TaskKind.TELL_OF_NEW_TIME, of_badr[-1], now, now + timedelta(hours=4))


def _task(kind: TaskKind, audience: Audience, now: datetime, due_at: datetime) -> Task:
    return Task(TaskId(uuid.uuid4().hex), kind, audience.governorate_id, audience.id, now, due_at)
