"""The waitlist at the desk: JSON under ``/api/desk/waitlist`` and ``/api/desk/offers``."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import Field

from scheduler.offers import Offers
from scheduler.place import VenueWord
from scheduler.waitlist import Line, Waitlist
from scheduler.web.asked import AloneBody, ClaimedPriority, Id, PartyBody, Request, Typed
from scheduler.web.models import Answer, BookedView, CitizenView
from tawasul.access.endpoint import Allow
from tawasul.access.policy import Action, StaffPrincipal
from tawasul.domain.party import Priority
from tawasul.domain.people import CitizenId
from tawasul.domain.places import CentreId
from tawasul.domain.waitlist import EntryId, EntryState, OfferId, WaitlistEntry, WishedVenue

_WISHED: dict[VenueWord, WishedVenue] = {
    "kiosk": WishedVenue.CENTRE,
    "own-location": WishedVenue.OWN_LOCATION,
    "in-person": WishedVenue.IN_PERSON,
}
_WORD: dict[WishedVenue, VenueWord] = {wished: word for word, wished in _WISHED.items()}

EntryPath = Annotated[Id, Path()]
OfferPath = Annotated[Id, Path()]
Keeps = Annotated[StaffPrincipal, Allow(Action.KEEP_WAITLIST)]


class JoinWaitlist(Request):
    """A citizen who wants a time when there is none; days are Gregorian, of Riyadh, both included."""

    citizen_id: Id
    venue: VenueWord
    centre_id: Id | None = None
    from_day: date
    to_day: date
    subject: Typed
    priorities: Annotated[tuple[ClaimedPriority, ...], Field(max_length=3)] = ()
    party: PartyBody = AloneBody()


class OfferView(Answer):
    """An open offer: the time that is kept, and until when it may be answered: ``seconds_left`` from now."""

    id: str
    starts_at: datetime
    ends_at: datetime
    expires_at: datetime
    seconds_left: int


class EntryView(Answer):
    """An entry. ``position``: its place in the region's order, from 1, while it waits; ``why``: the reasons for it, the
    weightiest first, as words ``waitlist-why-<why>``. ``passed_over``: offers declined or let lapse.
    """

    id: str
    citizen: CitizenView
    venue: VenueWord
    centre_id: str | None
    from_day: date
    to_day: date
    subject: str
    priorities: list[Priority]
    joined_at: datetime
    state: EntryState
    passed_over: int
    position: int | None
    why: list[str]
    offer: OfferView | None

    @classmethod
    def of(cls, line: Line) -> EntryView:
        """From the use case."""
        entry = line.entry
        return cls(
            id=entry.id,
            citizen=CitizenView.of(line.citizen),
            venue=_WORD[entry.venue],
            centre_id=entry.centre_id,
            from_day=entry.from_day,
            to_day=entry.to_day,
            subject=entry.subject.reveal(),
            priorities=list(entry.priorities),
            joined_at=entry.joined_at,
            state=entry.state,
            passed_over=entry.passed_over,
            position=None if line.ranked is None else line.ranked.position,
            why=[] if line.ranked is None else [why.value for why in line.ranked.why],
            offer=_offer(line),
        )


class WaitlistView(Answer):
    """The open entries of the desk's governorate: those with an offer first, then in the order of the region."""

    entries: list[EntryView]


class ChangedEntry(Answer):
    """An entry after a step."""

    id: str
    state: EntryState

    @classmethod
    def of(cls, entry: WaitlistEntry) -> ChangedEntry:
        """From the domain."""
        return cls(id=entry.id, state=entry.state)


def waitlist_router(waitlist: Waitlist, offers: Offers) -> APIRouter:
    """The router, over the use cases that the composition root made."""
    router = APIRouter(prefix="/api/desk", tags=["waitlist"])

    @router.get("/waitlist")
    async def entries(who: Keeps) -> WaitlistView:
        """Who waits, in order, and why so."""
        return WaitlistView(entries=[EntryView.of(line) for line in await waitlist.lines(who)])

    @router.post("/waitlist", status_code=201)
    async def join(who: Keeps, body: JoinWaitlist) -> ChangedEntry:
        """Puts a citizen on the list."""
        entry = await waitlist.join(
            who,
            citizen_id=CitizenId(body.citizen_id),
            venue=_WISHED[body.venue],
            centre_id=None if body.centre_id is None else CentreId(body.centre_id),
            from_day=body.from_day,
            to_day=body.to_day,
            subject=body.subject,
            priorities=body.priorities,
            party=body.party.party(),
        )
        return ChangedEntry.of(entry)

    @router.post("/waitlist/{id}/withdraw")
    async def withdraw(who: Keeps, id: EntryPath) -> ChangedEntry:
        """The citizen does not want a time any more."""
        return ChangedEntry.of(await waitlist.withdraw(who, EntryId(id)))

    @router.post("/waitlist/{id}/restore")
    async def restore(who: Keeps, id: EntryPath) -> ChangedEntry:
        """That it was withdrawn was a slip: it waits again, since when it did."""
        return ChangedEntry.of(await waitlist.restore(who, EntryId(id)))

    @router.post("/offers/{id}/accept", status_code=201)
    async def accept(who: Keeps, id: OfferPath) -> BookedView:
        """The citizen takes it, on the telephone or at the desk."""
        return BookedView.of(await offers.accept(who, OfferId(id)), who)

    @router.post("/offers/{id}/decline", status_code=204)
    async def decline(who: Keeps, id: OfferPath) -> None:
        """The citizen leaves it: it goes to the next."""
        await offers.decline(who, OfferId(id))

    return router


def _offer(line: Line) -> OfferView | None:
    if line.offer is None or line.hold is None:
        return None
    return OfferView(
        id=line.offer.id,
        starts_at=line.hold.slot_starts_at,
        ends_at=line.hold.slot_ends_at,
        expires_at=line.offer.expires_at,
        seconds_left=line.seconds_left,
    )
