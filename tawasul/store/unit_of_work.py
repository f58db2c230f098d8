"""The unit of work: one transaction, its repositories, and the events that go into it.

::

    async with unit_of_work() as uow:
        audience = await uow.audiences.get(id)
        audience.cancel()
        await uow.audiences.save(audience)
        await uow.commit()

Without ``commit()`` everything is undone. Only the edge of a use case commits; no repository does. The events of the
audiences seen and of the cases written go to the outbox in the same transaction (docs/adr/0004).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Protocol, Self

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from tawasul.store.engine import READING, create_engine, is_sqlite
from tawasul.store.errors import DatabaseBusy, ReadingOnly
from tawasul.store.repositories.agencies import Agencies
from tawasul.store.repositories.audiences import Audiences
from tawasul.store.repositories.audit import Audit
from tawasul.store.repositories.calendar import Calendars
from tawasul.store.repositories.case_documents import CaseDocuments
from tawasul.store.repositories.cases import Cases
from tawasul.store.repositories.centre_relays import CentreRelays
from tawasul.store.repositories.centres import Centres
from tawasul.store.repositories.citizens import Citizens
from tawasul.store.repositories.directives import Directives
from tawasul.store.repositories.follow_through import FollowThrough
from tawasul.store.repositories.holds import Holds
from tawasul.store.repositories.link_devices import LinkDevices
from tawasul.store.repositories.messages import Messages
from tawasul.store.repositories.occupancies import Occupancies
from tawasul.store.repositories.outbox import Outbox
from tawasul.store.repositories.petitions import Petitions
from tawasul.store.repositories.places import Governorates, Kiosks, Regions, Towns
from tawasul.store.repositories.rehearsals import Rehearsals
from tawasul.store.repositories.satisfaction import Satisfaction
from tawasul.store.repositories.sittings import Sittings
from tawasul.store.repositories.staff import SignIns, StaffMembers
from tawasul.store.repositories.tasks import Tasks
from tawasul.store.repositories.waitlist import Offers, Waitlist
from tawasul.store.sealed import Sealer

Clock = Callable[[], datetime]
"""The time now, aware."""

_LONGEST_WAIT_TO_WRITE = 20.0


class UnitOfWorkFactory(Protocol):
    """How a room gets a unit of work: ``async with unit_of_work() as uow``; ``reading=True`` never waits to write."""

    def __call__(self, *, reading: bool = False) -> UnitOfWork: ...


class UnitOfWork:
    """One transaction. Enter it once; it ends with the ``async with`` block, however that is left."""

    regions: Regions
    governorates: Governorates
    towns: Towns
    centres: Centres
    centre_relays: CentreRelays
    kiosks: Kiosks
    staff: StaffMembers
    sign_ins: SignIns
    citizens: Citizens
    sittings: Sittings
    audiences: Audiences
    occupancies: Occupancies
    holds: Holds
    calendar: Calendars
    waitlist: Waitlist
    offers: Offers
    petitions: Petitions
    agencies: Agencies
    cases: Cases
    directives: Directives
    case_documents: CaseDocuments
    satisfaction: Satisfaction
    follow_through: FollowThrough
    tasks: Tasks
    messages: Messages
    audit: Audit
    link_devices: LinkDevices
    outbox: Outbox
    rehearsals: Rehearsals

    def __init__(
        self,
        engine: AsyncEngine,
        sealer: Sealer,
        *,
        reading: bool,
        turn_to_write: asyncio.Lock | None,
        clock: Clock,
        told: Callable[[], None],
    ) -> None:
        self._engine = engine
        self._sealer = sealer
        self._reading = reading
        self._turn_to_write = None if reading else turn_to_write
        self._clock = clock
        self._told = told

    async def __aenter__(self) -> Self:
        """Raises: DatabaseBusy: no turn to write within 20 s."""
        await self._wait_for_the_turn()
        engine = self._engine.execution_options(**{READING: True}) if self._reading else self._engine
        self._session = AsyncSession(engine, expire_on_commit=False, autoflush=False)
        session, sealer = self._session, self._sealer
        self.regions = Regions(session)
        self.governorates = Governorates(session)
        self.towns = Towns(session)
        self.centres = Centres(session)
        self.centre_relays = CentreRelays(session)
        self.kiosks = Kiosks(session)
        self.staff = StaffMembers(session)
        self.sign_ins = SignIns(session)
        self.citizens = Citizens(session, sealer)
        self.sittings = Sittings(session, self._clock)
        self.occupancies = Occupancies(session, self._clock)
        self.holds = Holds(session, self.occupancies)
        self.audiences = Audiences(session, sealer, self.occupancies, self.holds, self._clock)
        self.calendar = Calendars(session)
        self.waitlist = Waitlist(session, sealer)
        self.offers = Offers(session)
        self.petitions = Petitions(session, sealer)
        self.agencies = Agencies(session)
        self.cases = Cases(session, sealer)
        self.directives = Directives(session, sealer)
        self.case_documents = CaseDocuments(session, sealer)
        self.satisfaction = Satisfaction(session)
        self.follow_through = FollowThrough(session)
        self.tasks = Tasks(session, sealer)
        self.messages = Messages(session, sealer)
        self.audit = Audit(session, self._clock)
        self.link_devices = LinkDevices(session)
        self.outbox = Outbox(session)
        self.rehearsals = Rehearsals(session)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            # Closing rolls back what was not committed: a cancelled request gives its connection back too.
            await _to_its_end(self._session.close())
        finally:
            if self._turn_to_write is not None:
                self._turn_to_write.release()

    async def commit(self) -> None:
        """All of it, with the events of the audiences seen and the cases written, or nothing. What follows begins
        a new transaction.

        Raises:
            ReadingOnly: opened with ``reading=True``.
        """
        if self._reading:
            raise ReadingOnly("this unit of work was opened for reading")
        events = [*self.audiences.take_events(), *self.cases.take_events()]
        await self.outbox.append(events, self._clock())
        await _to_its_end(self._commit(told=bool(events)))

    async def _commit(self, *, told: bool) -> None:
        await self._session.commit()
        if told:
            self._told()

    async def _wait_for_the_turn(self) -> None:
        if self._turn_to_write is None:
            return
        try:
            async with asyncio.timeout(_LONGEST_WAIT_TO_WRITE):
                await self._turn_to_write.acquire()
        except TimeoutError as error:
            raise DatabaseBusy(f"no turn to write within {_LONGEST_WAIT_TO_WRITE:.0f} s") from error


async def _to_its_end(last_step: Coroutine[Any, Any, None]) -> None:
    """Also where whoever waits for it is cancelled, who learns of that afterwards: the next to write has its turn then,
    and a database that is closed has nothing left to do.
    """
    step = asyncio.ensure_future(last_step)
    try:
        await asyncio.shield(step)
    except asyncio.CancelledError:
        await asyncio.wait([step])
        raise


class Database:
    """One database: its engine, the key of its personal columns, and the units of work on it."""

    def __init__(self, url: str, sealer: Sealer, *, clock: Clock = lambda: datetime.now(UTC)) -> None:
        self.engine = create_engine(url)
        self.events_written = asyncio.Event()
        """Set after a commit that wrote events: the outbox's publisher waits for it."""
        self._sealer = sealer
        self._clock = clock
        # SQLite has one writer. A queue of our own is fair and wakes at once; SQLite's busy handler sleeps and guesses.
        self._turn_to_write = asyncio.Lock() if is_sqlite(self.engine) else None

    def unit_of_work(self, *, reading: bool = False) -> UnitOfWork:
        """A ``UnitOfWorkFactory``."""
        return UnitOfWork(
            self.engine,
            self._sealer,
            reading=reading,
            turn_to_write=self._turn_to_write,
            clock=self._clock,
            told=self.events_written.set,
        )

    async def check_key(self) -> None:
        """Once at start. Raises: WrongPersonalDataKey: this database was sealed under another key."""
        async with self.unit_of_work() as uow:
            await uow.citizens.check_key(self._clock())
            await uow.commit()

    async def close(self) -> None:
        """Gives all connections back."""
        await self.engine.dispose()
