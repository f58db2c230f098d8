"""The composition root: every part is made here, given what it needs, and put where its endpoints look for it.

Rooms do not know each other; where one needs another's part (a kiosk's check-in is the scheduler's use case), it names
a port, and this module lends it the part.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from fastapi import FastAPI, Request
from pydantic import BaseModel, SecretStr
from starlette.responses import FileResponse

import scheduler.web.citizen_pages
import scheduler.web.pages
import signaling.web.pages
import tawasul.web.base
import tawasul.web.front
from media_relay.fleet import Fleet
from scheduler.arrivals import Arrivals
from scheduler.attachments import Attachments
from scheduler.availability import Availability
from scheduler.booking import Booking
from scheduler.citizen_links import BookingLinks, OfferLinks
from scheduler.days import Days
from scheduler.drafting import Drafts
from scheduler.holds import Holds
from scheduler.papers.day_list import DayLists
from scheduler.papers.ticket import TicketCodes
from scheduler.papers.tickets import Tickets
from scheduler.planning_parts import PlanningParts, planning_parts
from scheduler.registration import Registration
from scheduler.search import Search
from scheduler.undo import Undo
from scheduler.walk_ins import WalkIns
from scheduler.web.attachments import DOOR, attachments_router
from scheduler.web.availability import availability_router
from scheduler.web.booking import booking_router
from scheduler.web.desk import desk_router
from scheduler.web.papers import papers_router
from signaling.gateway import gateway_router
from signaling.ice import EmbeddedRelay, IceIssuer
from signaling.requests import Requests
from signaling.switchboard import Switchboard
from signaling.web.relays import relays_router
from tawasul import __version__
from tawasul.access.cookies import Cookies
from tawasul.access.csrf import CsrfTokens
from tawasul.access.door import Doorkeeper
from tawasul.access.endpoint import Public
from tawasul.access.keys import AccessKeys
from tawasul.access.links import LinkDesk, LinkSigner
from tawasul.access.passwords import Passwords
from tawasul.access.policy import Principal
from tawasul.access.sign_in import SignInDesk
from tawasul.access.throttle import Throttle
from tawasul.bus.memory import MemoryEvents
from tawasul.casework.documents import CaseDocuments
from tawasul.casework.receipts.signing import PublicKeys, ReceiptSigner
from tawasul.casework.receipts.web import receipt_page_router, receipts_router
from tawasul.casework.web.documents import DOOR as CASE_DOOR
from tawasul.documents.examiner import Examiner
from tawasul.domain.events import AudienceEvent
from tawasul.domain.places import Name
from tawasul.following import Following
from tawasul.own_database import sealer, utc_now
from tawasul.protocol.base import PROTOCOL_VERSION
from tawasul.recording import Recording
from tawasul.settings import Settings
from tawasul.store.attachment_files import AttachmentFiles
from tawasul.store.errors import BUSY
from tawasul.store.key_file import load_or_create
from tawasul.store.outbox import OutboxPublisher
from tawasul.store.unit_of_work import Database
from tawasul.web.bounds import BoundedBody
from tawasul.web.problems import DESCRIBED, answer_busy
from tawasul.web.sign_in_routes import sign_in_router
from tawasul.web.trust import TrustPassage, trust_router

Clock = Callable[[], datetime]

BEGIN_ANEW_AFTER = 1.0
"""Seconds after a part that runs for ever has failed."""

log = logging.getLogger(__name__)


class Health(BaseModel):
    """Whether lines are taken, and in which version of the protocol.

    ``relays_silent``: addresses of the fleet's relays at which none answers, of ``relays_watched``; which, the log and
    ``tawasul doctor`` say.
    """

    ready: bool
    version: str
    relays_watched: int = 0
    relays_silent: int = 0
    protocol: int = PROTOCOL_VERSION


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything that was made. The command line and the tests take from here; endpoints from ``app.state``."""

    database: Database
    doorkeeper: Doorkeeper
    sign_ins: SignInDesk
    links: LinkDesk
    availability: Availability
    registration: Registration
    holds: Holds
    booking: Booking
    walk_ins: WalkIns
    arrivals: Arrivals
    undo: Undo
    days: Days
    planning: PlanningParts
    tickets: Tickets
    day_lists: DayLists
    attachments: Attachments
    recording: Recording
    following: Following
    clock: Clock
    ice: IceIssuer
    fleet: Fleet
    switchboard: Switchboard
    requests: Requests
    events: MemoryEvents
    publisher: OutboxPublisher
    trust: TrustPassage
    receipts: ReceiptSigner
    receipt_keys: PublicKeys
    address: str
    """Of the service, as citizens reach it."""


def assemble(
    settings: Settings,
    database: Database,
    *,
    relay_secret: SecretStr,
    relay_port: int,
    relay_streams: Sequence[tuple[str, str, int]] = (),
    clock: Clock = utc_now,
) -> Parts:
    """Makes every part. ``relay_port``: where the relay really listens, which may be of the system's choosing;
    ``relay_streams``: kind, host and port of its TCP and TLS listeners.
    """
    units = database.unit_of_work
    keys = AccessKeys.from_secret(load_or_create(settings.directory / "access.key"))
    sign_ins = SignInDesk(units, Passwords(), Throttle(), clock)
    links = LinkDesk(units, LinkSigner(keys.links), clock)
    doorkeeper = Doorkeeper(units, sign_ins, links, CsrfTokens(keys.csrf), Cookies(https=settings.server.https))
    availability = Availability(units, clock)
    codes = TicketCodes(keys.tickets)
    events = MemoryEvents()
    recording = Recording.assemble(settings, database, codes, events, clock)
    herald, tasks = recording.herald, recording.tasks
    booking_links = BookingLinks(keys.bookings)
    holds = Holds(units, availability, clock)
    drafts = Drafts(
        clock=clock,
        random_bytes=secrets.token_bytes,
        links=links,
        booking_links=booking_links,
        herald=herald,
        tasks=tasks,
    )
    booking = Booking(units, clock, holds=holds, availability=availability, drafts=drafts, links=links, herald=herald)
    arrivals = Arrivals(units, clock, herald, tasks)
    files = AttachmentFiles(settings.directory / "attachments", sealer(settings))
    undo = Undo(units, clock, herald, booking_links, availability)
    planning = planning_parts(
        units,
        clock,
        availability=availability,
        holds=holds,
        booking=booking,
        undo=undo,
        herald=herald,
        tasks=tasks,
        booking_links=booking_links,
        offer_links=OfferLinks(keys.bookings),
    )
    receipts = ReceiptSigner.load_or_create(settings.directory)
    following = Following.assemble(
        units,
        keys,
        recording,
        codes.read,
        AttachmentFiles(settings.directory / "case-documents", sealer(settings)),
        Examiner(),
        clock,
    )
    fleet = Fleet(settings.ice.fleet_urls(), context=settings.server.trusting if settings.ice.relays else None)
    embedded = EmbeddedRelay.listening(relay_port, relay_streams)
    ice = IceIssuer(settings.ice, secret=relay_secret, embedded=embedded, health=fleet)
    switchboard = Switchboard(units=units, ice=ice, door=doorkeeper, clock=clock)

    async def tell_switchboard(event: AudienceEvent) -> None:
        # An event has no name and no number of a person: it is what a log may know.
        log.info("%s (audience %.8s)", type(event).__name__, event.audience_id)
        switchboard.changed()

    events.subscribe(AudienceEvent, tell_switchboard)
    planning.clockwork.listen(events)
    following.opening.listen(events)
    return Parts(
        database=database,
        doorkeeper=doorkeeper,
        sign_ins=sign_ins,
        links=links,
        availability=availability,
        registration=Registration(units, clock),
        holds=holds,
        booking=booking,
        walk_ins=WalkIns(units, clock, availability=availability, drafts=drafts),
        arrivals=arrivals,
        undo=undo,
        planning=planning,
        days=Days(units, clock, codes),
        tickets=Tickets(units, codes, clock),
        day_lists=DayLists(units, clock),
        attachments=Attachments(units, files, Examiner(), clock),
        recording=recording,
        following=following,
        clock=clock,
        ice=ice,
        fleet=fleet,
        switchboard=switchboard,
        requests=Requests(switchboard, units, arrivals),
        events=events,
        publisher=OutboxPublisher(database, events.publish, clock=clock),
        trust=TrustPassage(str(settings.trust.issuer) if settings.trust.issuer else None),
        receipts=receipts,
        receipt_keys=PublicKeys.of_directory(settings.directory),
        address=settings.notify.address or settings.server.address,
    )


def create_app(parts: Parts, region: Name, authority: Path | None = None) -> FastAPI:
    """The application: pages, API and lines, for one region. ``authority``: a certificate (PEM) to offer for trials."""

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        running = [
            asyncio.create_task(_sweep(parts.attachments), name="left-over attachments"),
            asyncio.create_task(_sweep(parts.following.documents), name="left-over documents"),
            asyncio.create_task(_for_ever(parts.switchboard.run, "the switchboard"), name="switchboard"),
            asyncio.create_task(_for_ever(parts.publisher.run, "the outbox"), name="outbox"),
            asyncio.create_task(_for_ever(parts.fleet.run, "the watch over the relays"), name="relays"),
            asyncio.create_task(_give_tokens(parts.recording.search), name="tokens of names"),
            *(asyncio.create_task(_for_ever(run, name), name=name) for run, name in parts.recording.runs_for_ever()),
            asyncio.create_task(_for_ever(parts.planning.clockwork.run, "the clockwork"), name="clockwork"),
            asyncio.create_task(_for_ever(parts.following.clockwork.run, "the cases' clockwork"), name="cases"),
        ]
        try:
            yield
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
            await parts.trust.close()

    app = FastAPI(
        title="Tawasul",
        version=__version__,
        lifespan=lifespan,
        # The ready-made pages of the documentation load scripts from elsewhere; the description itself is ours.
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        responses=DESCRIBED,
    )
    app.add_middleware(BoundedBody, larger=(DOOR, CASE_DOOR))
    tawasul.web.base.install(app, region)
    answer_busy(app, *BUSY)
    app.state.doorkeeper = parts.doorkeeper
    door = parts.doorkeeper
    for router in (
        tawasul.web.front.router,
        scheduler.web.pages.router,
        scheduler.web.citizen_pages.router,
        signaling.web.pages.router,
        sign_in_router(parts.sign_ins, parts.links, door.cookies, door.csrf, parts.database.unit_of_work),
        desk_router(parts.days, parts.registration, parts.booking, parts.arrivals, parts.undo),
        availability_router(parts.availability, parts.clock),
        booking_router(parts.holds, parts.booking, parts.walk_ins, parts.clock),
        papers_router(parts.tickets, parts.day_lists, region),
        attachments_router(parts.attachments),
        *parts.planning.routers(),
        *parts.recording.routers(parts.sign_ins, parts.clock),
        *parts.following.routers(),
        relays_router(parts.ice, parts.database.unit_of_work, parts.clock),
        gateway_router(parts.switchboard, parts.requests),
        trust_router(parts.trust),
        receipts_router(parts.following.ratified, parts.receipts, region, parts.address),
        receipt_page_router(parts.receipt_keys),
    ):
        app.include_router(router)

    async def health(who: Annotated[Principal, Public()]) -> Health:
        """Whether the service takes lines: the database has been read."""
        fleet = parts.fleet
        return Health(
            ready=parts.switchboard.ready.is_set(),
            version=__version__,
            relays_watched=len(fleet.urls),
            relays_silent=len(fleet.unreachable()),
        )

    app.add_api_route("/api/health", health, methods=["GET"], tags=["service"])
    if authority is not None:
        app.add_api_route("/authority.crt", _offering(authority), methods=["GET"], include_in_schema=False)
    app.add_api_route("/api/openapi.json", description, methods=["GET"], include_in_schema=False)
    return app


async def _for_ever(run: Callable[[], Awaitable[None]], name: str) -> None:
    """Until cancelled. A part that failed is begun anew: what it knew, it reads from the rows."""
    while True:
        try:
            await run()
        except Exception:
            log.exception("%s has failed; it begins anew", name)
        await asyncio.sleep(BEGIN_ANEW_AFTER)


async def _sweep(attachments: Attachments | CaseDocuments) -> None:
    """Once: what a service that was killed has left behind."""
    try:
        swept = await attachments.sweep()
    except Exception:
        log.exception("left-over attachments were not looked for")
    else:
        if swept:
            log.info("%d files of attachments without a row were removed", swept)


async def _give_tokens(search: Search) -> None:
    """Once: names that were kept before they could be looked for."""
    try:
        given = await search.give_tokens()
    except Exception:
        log.exception("older names were not made ready to be looked for")
    else:
        if given:
            log.info("%d older names can be looked for now", given)


def _offering(authority: Path) -> Callable[..., Awaitable[FileResponse]]:
    async def offer(who: Annotated[Principal, Public()]) -> FileResponse:
        """The local authority's certificate: telephones install what comes under this media type."""
        return FileResponse(authority, media_type="application/x-x509-ca-cert", filename="tawasul.crt")

    return offer


async def description(request: Request, who: Annotated[Principal, Public()]) -> dict[str, Any]:
    """The API, as OpenAPI 3.1."""
    described: dict[str, Any] = request.app.openapi()
    return described
