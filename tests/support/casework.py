"""Casework on a real database: its use cases, people of every part, and a telling that keeps what it was told."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from support.cases import ROADS, WATER
from support.factories import BADR, NOW, YANBU, a_citizen, a_member_of_staff, a_sitting, an_audience, arrived
from support.store import Clock, open_database, put_places

from tawasul.access.policy import CitizenPrincipal, StaffPrincipal
from tawasul.casework.agenda import Agenda
from tawasul.casework.clockwork import CaseClockwork
from tawasul.casework.closing import Closing
from tawasul.casework.directing import Directing
from tawasul.casework.finding import Finding
from tawasul.casework.forwarding import Forwarding
from tawasul.casework.opening import Opening
from tawasul.casework.ports import CaseNews
from tawasul.casework.ratifying import Ratifying
from tawasul.casework.referring import Referring
from tawasul.casework.scope import CitizenOfCase
from tawasul.casework.step import Casework
from tawasul.casework.tracking import Tracking
from tawasul.casework.triage import Triage
from tawasul.casework.views import Views
from tawasul.domain.agency import Agency
from tawasul.domain.audience import Audience
from tawasul.domain.audit import AuditAction
from tawasul.domain.case import Case, CaseId
from tawasul.domain.case_entry import CaseEntry
from tawasul.domain.case_state import CaseKind
from tawasul.domain.directive import CaseDirective, Urgency
from tawasul.domain.errors import TicketNotValid
from tawasul.domain.events import AudienceEvent
from tawasul.domain.outcome import Outcome
from tawasul.domain.people import Citizen, Role, Staff, StaffId
from tawasul.domain.places import Governorate
from tawasul.domain.riyadh import day_of
from tawasul.domain.sign_in import SignInId
from tawasul.domain.sitting import Sitting
from tawasul.domain.task import TaskKind
from tawasul.store.audit_chain import Link
from tawasul.store.unit_of_work import Database, UnitOfWork


def principal(role: Role, governorate: Governorate | None = None, agency: Agency | None = None) -> StaffPrincipal:
    """A signed-in member of staff, whom ``CaseworkScene`` has in its database."""
    name = "-".join([role.value, *(each.id for each in (governorate, agency) if each is not None)])
    return StaffPrincipal(
        StaffId(f"staff-{name}"),
        role,
        None if governorate is None else governorate.id,
        SignInId(name),
        agency_id=None if agency is None else agency.id,
    )


DESK, OTHER_DESK = principal(Role.DESK, BADR), principal(Role.DESK, YANBU)
OFFICE = principal(Role.OFFICE)
WATER_OFFICE, ROADS_OFFICE = principal(Role.AGENCY, agency=WATER), principal(Role.AGENCY, agency=ROADS)
EVERYBODY = (DESK, OTHER_DESK, OFFICE, WATER_OFFICE, ROADS_OFFICE)


@dataclass
class Told:
    """A ``Telling`` that keeps what it was told: the news, of which case, and until when."""

    news: list[tuple[CaseNews, CaseId, datetime | None]] = field(default_factory=list)

    async def tell_of_case(
        self, uow: UnitOfWork, news: CaseNews, case: Case, *, now: datetime, closes_at: datetime | None = None
    ) -> None:
        """Keeps it."""
        self.news.append((news, case.id, closes_at))


def read_code(typed: str) -> str:
    """A ticket's code of these tests is ``code of`` and its reference."""
    before, of, reference = typed.partition("code of ")
    if before or not of:
        raise TicketNotValid(field="code")
    return reference


class CaseworkScene:
    """One service. ``clock`` is turned by the test; ``told`` is what citizens were told."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database = database
        self.clock = clock
        self.told = Told()
        self.casework = Casework(database.unit_of_work, clock, self.told)
        self.opening = Opening(self.casework)
        self.triage = Triage(self.casework)
        self.directing = Directing(self.casework)
        self.ratifying = Ratifying(self.casework, read_code)
        self.referring = Referring(self.casework)
        self.forwarding = Forwarding(self.casework)
        self.closing = Closing(self.casework)
        self.views = Views(self.casework)
        self.agenda = Agenda(self.casework)
        self.finding = Finding(self.casework)
        self.tracking = Tracking(self.casework)
        self.clockwork = CaseClockwork(self.casework)
        self._booked = 0

    # What there is

    async def citizen(self, name: str = "عينة: سالم بن محمد") -> Citizen:
        """A new one."""
        citizen = a_citizen(name=name)
        async with self.database.unit_of_work() as uow:
            await uow.citizens.add(citizen)
            await uow.commit()
        return citizen

    async def sitting(self, name: str = "today", opens_at: datetime | None = None) -> Sitting:
        """A new one, open now unless told otherwise."""
        sitting = a_sitting(name, opens_at=opens_at)
        async with self.database.unit_of_work() as uow:
            await uow.sittings.add(sitting)
            await uow.commit()
        return sitting

    async def audience(self, sitting: Sitting, citizen: Citizen | None = None, case: Case | None = None) -> Audience:
        """Booked for the next slot; the events of it have not been told."""
        audience = an_audience(citizen or await self.citizen(), sitting, number=self._booked)
        audience.slot_ends_at = audience.slot_starts_at + sitting.slot_length
        audience.case_id = None if case is None else case.id
        self._booked += 3  # a kiosk needs a while between two
        async with self.database.unit_of_work() as uow:
            await uow.audiences.add(audience)
            await uow.commit()
        return audience

    async def changed(self, audience: Audience, step: Callable[[Audience], object]) -> None:
        """The audience takes a step; the events of it have not been told."""
        async with self.database.unit_of_work() as uow:
            found = await uow.audiences.get(audience.id)
            step(found)
            await uow.audiences.save(found)
            await uow.commit()

    async def concluded(self, audience: Audience, outcome: Outcome) -> None:
        """Received, heard, and the outcome written."""

        def through(found: Audience) -> None:
            arrived(found, self.clock())
            found.call_in(f"call-{found.id}", self.clock())  # type: ignore[arg-type]
            found.join(self.clock())
            found.conclude(outcome, self.clock())

        await self.changed(audience, through)

    async def told_of(self, audience: Audience, times: int = 1) -> None:
        """What happened to the audience is told, so many times each."""
        async with self.database.unit_of_work(reading=True) as uow:
            pending = [each.event for each in await uow.outbox.pending(1000) if each.subject_id == audience.id]
        for event in pending:
            assert isinstance(event, AudienceEvent)
            for _ in range(times):
                await self.opening.heard_of(event)

    async def taken(self, citizen: Citizen | None = None, subject: str = "طلب إيصال المياه إلى القرية") -> Case:
        """A petition, taken by Badr's desk."""
        citizen = citizen or await self.citizen()
        taken = await self.triage.take(DESK, CaseKind.PETITION, citizen.id, subject, "نص المعروض")
        return taken.case

    async def referred(self, case: Case | None = None) -> Case:
        """To the water company, by the desk."""
        case = case or await self.taken()
        return await self.forwarding.refer(DESK, case.id, WATER.id, "للاختصاص")

    async def under_way(self, case: Case | None = None) -> Case:
        """The water company has taken it on."""
        return await self.referring.take_on(WATER_OFFICE, (await self.referred(case)).id)

    async def answered(self, case: Case | None = None) -> Case:
        """The water company has answered."""
        return await self.answered_now(await self.under_way(case))

    async def answered_now(self, case: Case) -> Case:
        """The water company answers what it has taken on."""
        return await self.referring.answer(WATER_OFFICE, case.id, "وصلت المياه")

    async def directed(self, case: Case | None = None, agency: Agency = WATER) -> CaseDirective:
        """The office has directed it; the citizen has not heard it yet."""
        case = case or await self.taken()
        return await self.directing.direct(
            OFFICE, case.id, agency_id=agency.id, wording="يوجه بإيصال المياه", urgency=Urgency.URGENT,
            due_on=self.in_days(30),
        )  # fmt: skip

    def in_days(self, count: int) -> date:
        """A day in Riyadh."""
        return day_of(self.clock.now + timedelta(days=count))

    # What was kept

    async def case(self, case: Case | CaseId) -> Case:
        """As it is now."""
        async with self.database.unit_of_work(reading=True) as uow:
            return await uow.cases.get(case if isinstance(case, str) else case.id)

    async def case_of(self, audience: Audience) -> Case | None:
        """The audience's."""
        async with self.database.unit_of_work(reading=True) as uow:
            return await uow.cases.of_audience(audience.id)

    async def entries(self, case: Case) -> list[CaseEntry]:
        """Its timeline."""
        async with self.database.unit_of_work(reading=True) as uow:
            return await uow.cases.entries(case.id)

    async def tasks(self, case: Case) -> set[TaskKind]:
        """Those of its desk that are open."""
        async with self.database.unit_of_work(reading=True) as uow:
            return {task.kind for task in await uow.tasks.open_for_case(case.id)}

    async def audited(self) -> list[Link]:
        """All that was noted, in its order."""
        async with self.database.unit_of_work() as uow:
            await uow.audit.link_next(10_000)
            await uow.commit()
        async with self.database.unit_of_work(reading=True) as uow:
            return [link async for link in uow.audit.chained()]

    async def refused(self) -> list[tuple[str, str]]:
        """What was refused: the step, and the code of why."""
        refused = [link for link in await self.audited() if link.action == AuditAction.REFUSED_ON_CASE.value]
        facts = [json.loads(link.facts) for link in refused]
        return [(each["step"], each["because"]) for each in facts]


@asynccontextmanager
async def casework_on(url: str, now: datetime = NOW) -> AsyncIterator[CaseworkScene]:
    """With the places, two agencies, and a member of staff for each of ``EVERYBODY``."""
    clock = Clock(now)
    async with open_database(url, clock) as database:
        async with database.unit_of_work() as uow:
            await put_places(uow)
            for agency in (WATER, ROADS):
                await uow.agencies.put(agency)
            for who in EVERYBODY:
                await uow.staff.add(_member(who))
            await uow.commit()
        yield CaseworkScene(database, clock)


def own(case: Case) -> CitizenOfCase:
    """Its citizen, by its link."""
    return CitizenOfCase(case.id)


def device(audience: Audience) -> CitizenPrincipal:
    """The device of the audience's link."""
    return CitizenPrincipal(audience.id)


async def outcomes(*doing: Awaitable[object]) -> Sequence[object]:
    """What became of each that was done at the same time: what it gave, or the class of what it raised."""
    done = await asyncio.gather(*doing, return_exceptions=True)
    return [type(each) if isinstance(each, BaseException) else each for each in done]


def _member(who: StaffPrincipal) -> Staff:
    staff = a_member_of_staff(who.staff_id.removeprefix("staff-"), who.role, None)
    return Staff(
        who.staff_id, staff.user_name, staff.display_name, who.role, who.governorate_id, staff.password_hash,
        agency_id=who.agency_id,
    )  # fmt: skip
