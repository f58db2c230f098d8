"""What the office plans and who waits, over the API: for tests of planning, waitlist and citizens' links."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import httpx
from sqlalchemy import literal_column, select
from support.desk import AT_HOME, Clerk, Json
from support.factories import BADR, YANBU
from support.store_app import Browser, Service

from scheduler.citizen_links import BookingLinks, OfferLinks
from scheduler.clockwork import Turn
from tawasul.access.keys import AccessKeys
from tawasul.domain.audience import Audience, AudienceId
from tawasul.domain.message import MessageKind, MessageState
from tawasul.domain.people import Role
from tawasul.domain.places import GovernorateId
from tawasul.domain.task import TaskKind
from tawasul.domain.waitlist import OfferId
from tawasul.store.key_file import load_or_create
from tawasul.store.tables import MessageRow

WISHES_HOME: Json = {"venue": "own-location"}


class Office:
    """A service with an office that plans, and the desks of Badr and Yanbu."""

    def __init__(self, service: Service, folder: Any, office: Browser, badr: Clerk, yanbu: Clerk) -> None:
        self.service = service
        self.browser = office
        self.badr = badr
        self.yanbu = yanbu
        key = AccessKeys.from_secret(load_or_create(folder / "access.key")).bookings
        self.booking_links = BookingLinks(key)
        self.offer_links = OfferLinks(key)

    @classmethod
    async def opened(cls, service: Service, folder: Any) -> Office:
        """With everybody signed in."""
        return cls(
            service,
            folder,
            await service.signed_in("office", Role.OFFICE),
            Clerk(await service.signed_in("badr", Role.DESK, BADR), service),
            Clerk(await service.signed_in("yanbu", Role.DESK, YANBU), service),
        )

    @property
    def now(self) -> datetime:
        """By the clock of the test."""
        return self.service.clock.now

    @property
    def tomorrow(self) -> datetime:
        """Ten in the morning in Riyadh."""
        return datetime.combine(self.now.date() + timedelta(days=1), time(7), UTC)

    async def passes(self, length: timedelta) -> None:
        """The clock goes on; who was signed in signs in again, for nobody sits there all the while."""
        self.service.clock.now += length
        for browser, name in ((self.browser, "office"), (self.badr.browser, "badr"), (self.yanbu.browser, "yanbu")):
            assert (await browser.sign_in(name)).status_code == 200

    async def turn(self) -> Turn:
        """One turn of the clockwork."""
        return await self.service.parts.planning.clockwork.turn()

    async def asks(self, method: str, path: str, **body: object) -> httpx.Response:
        """Of the planning API."""
        return await self.browser.http.request(method, f"/api/planning/{path}", json=body or None)

    async def sits(self, opens_at: datetime, slots: int, minutes: int = 20, **more: object) -> Json:
        """A sitting with so many slots."""
        closes_at = opens_at + slots * timedelta(minutes=minutes)
        answer = await self.asks(
            "POST",
            "sittings",
            opens_at=opens_at.isoformat(),
            closes_at=closes_at.isoformat(),
            slot_minutes=minutes,
            **more,
        )
        assert answer.status_code == 201, answer.text
        sitting: Json = answer.json()
        return sitting

    async def holds(self, clerk: Clerk, sitting: Json, starts_at: datetime, place: Json | None = None) -> str:
        """The id of a hold of that time."""
        answer = await clerk.browser.post(
            "/api/desk/holds", place=place or AT_HOME, sitting_id=sitting["id"], starts_at=starts_at.isoformat()
        )
        assert answer.status_code == 201, answer.text
        id: str = answer.json()["id"]
        return id

    async def books(
        self, clerk: Clerk, number: int, sitting: Json, starts_at: datetime, place: Json | None = None, **more: object
    ) -> Json:
        """The audience of a new citizen of that number."""
        citizen = await clerk.registers(number)
        answer = await clerk.books(citizen, await self.holds(clerk, sitting, starts_at, place), **more)
        assert answer.status_code == 201, answer.text
        audience: Json = answer.json()["audience"]
        return audience

    async def waits(self, clerk: Clerk, number: int, **wish: object) -> Json:
        """The entry of a new citizen of that number, who wants a time at home in the next month."""
        citizen = await clerk.registers(number)
        answer = await self.joins(clerk, citizen, **wish)
        assert answer.status_code == 201, answer.text
        return {**answer.json(), "citizen_id": citizen}

    async def joins(self, clerk: Clerk, citizen: str, **wish: object) -> httpx.Response:
        """Puts a citizen on the waitlist."""
        asked = {
            "citizen_id": citizen,
            "venue": "own-location",
            "from_day": self.now.date().isoformat(),
            "to_day": (self.now.date() + timedelta(days=30)).isoformat(),
            "subject": "طلب",
        }
        return await clerk.browser.post("/api/desk/waitlist", **(asked | wish))

    async def waitlist(self, clerk: Clerk) -> list[Json]:
        """The entries as the desk sees them."""
        entries: list[Json] = (await clerk.browser.get("/api/desk/waitlist")).json()["entries"]
        return entries

    async def offers(self, clerk: Clerk) -> dict[str, Json]:
        """The open offers of a desk, by their entries."""
        return {entry["id"]: entry["offer"] for entry in await self.waitlist(clerk) if entry["offer"]}

    async def token(self, offer_id: str) -> str:
        """Of the link to an offer."""
        async with self.service.parts.database.unit_of_work(reading=True) as uow:
            return self.offer_links.token(await uow.offers.get(OfferId(offer_id)))

    async def audience(self, id: str) -> Audience:
        """As the database has it."""
        async with self.service.parts.database.unit_of_work(reading=True) as uow:
            return await uow.audiences.get(AudienceId(id))

    async def told(self, id: str) -> list[MessageKind]:
        """The kinds of the messages about an audience that are planned."""
        async with self.service.parts.database.unit_of_work(reading=True) as uow:
            return [m.kind for m in await uow.messages.of_audience(AudienceId(id)) if m.state is MessageState.DUE]

    async def told_last(self, citizen_id: str) -> MessageKind:
        """The kind of the message that was planned last for a citizen, of those that no audience has."""
        async with self.service.parts.database.engine.connect() as connection:
            statement = select(MessageRow.kind).where(
                MessageRow.citizen_id == citizen_id, MessageRow.audience_id.is_(None)
            )
            kinds = (await connection.scalars(statement.order_by(MessageRow.made_at, literal_column("rowid")))).all()
        return MessageKind(kinds[-1])

    async def tasks(self, governorate: str = "badr") -> list[tuple[TaskKind, str | None]]:
        """The open tasks of a governorate, with their audiences."""
        async with self.service.parts.database.unit_of_work(reading=True) as uow:
            return [(task.kind, task.audience_id) for task in await uow.tasks.open_of(GovernorateId(governorate))]
