"""The endpoints about citizens: finding one, opening a file, putting right what was mistyped."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Path

from scheduler.citizens import CitizenFile, Citizens
from scheduler.search import Found, Matched, Search
from scheduler.web.asked import FindCitizens
from scheduler.web.models import Answer, AudienceView, CitizenView, Id, Request, Typed
from tawasul.access.endpoint import Allow
from tawasul.access.policy import Action, StaffPrincipal
from tawasul.domain.people import Citizen, CitizenId
from tawasul.domain.waitlist import EntryState, WaitlistEntry, WishedVenue

CitizenPath = Annotated[Id, Path()]


class CorrectCitizen(Request):
    """What is not given stays."""

    name: Typed | None = None
    mobile: Typed | None = None


class FoundCitizen(CitizenView):
    """``matched``: by what."""

    matched: Matched

    @classmethod
    def found(cls, citizen: Citizen, matched: Matched) -> FoundCitizen:
        """From the domain."""
        return cls(**CitizenView.of(citizen).model_dump(), matched=matched)


class FoundView(Answer):
    """``more``: there are others; another word of the name tells them apart."""

    citizens: list[FoundCitizen]
    more: bool

    @classmethod
    def of(cls, found: Found) -> FoundView:
        """From the use case."""
        return cls(citizens=[FoundCitizen.found(each, found.matched) for each in found.citizens], more=found.more)


class WishView(Answer):
    """A place on the waitlist, now or once."""

    id: str
    venue: WishedVenue
    centre_id: str | None
    from_day: date
    to_day: date
    joined_at: datetime
    state: EntryState

    @classmethod
    def of(cls, entry: WaitlistEntry) -> WishView:
        """From the domain."""
        return cls(
            id=entry.id,
            venue=entry.venue,
            centre_id=entry.centre_id,
            from_day=entry.from_day,
            to_day=entry.to_day,
            joined_at=entry.joined_at,
            state=entry.state,
        )


class CitizenFileView(Answer):
    """``elsewhere``: audiences that other desks look after."""

    citizen: CitizenView
    audiences: list[AudienceView]
    waitlist: list[WishView]
    elsewhere: int

    @classmethod
    def of(cls, file: CitizenFile, who: StaffPrincipal) -> CitizenFileView:
        """From the use case, as the desk of ``who`` sees it."""
        return cls(
            citizen=CitizenView.of(file.citizen),
            audiences=[AudienceView.of(audience, who) for audience in file.audiences],
            waitlist=[WishView.of(entry) for entry in file.waitlist],
            elsewhere=file.elsewhere,
        )


def citizens_router(search: Search, citizens: Citizens) -> APIRouter:
    """The router, over the use cases that the composition root made."""
    router = APIRouter(prefix="/api/desk/citizens", tags=["citizens"])

    @router.post("/find")
    async def find(who: Annotated[StaffPrincipal, Allow(Action.FIND_CITIZEN)], body: FindCitizens) -> FoundView:
        """By national ID, mobile number, reference, ticket or name."""
        return FoundView.of(await search.find(who, body.query))

    @router.get("/{citizen_id}")
    async def open_file(
        who: Annotated[StaffPrincipal, Allow(Action.SEE_CITIZEN)], citizen_id: CitizenPath
    ) -> CitizenFileView:
        """A citizen with the audiences and wishes that the desk looks after."""
        return CitizenFileView.of(await citizens.open(who, CitizenId(citizen_id)), who)

    @router.patch("/{citizen_id}")
    async def correct(
        who: Annotated[StaffPrincipal, Allow(Action.CORRECT_CITIZEN)], citizen_id: CitizenPath, body: CorrectCitizen
    ) -> CitizenView:
        """Puts a mistyped name or mobile number right."""
        return CitizenView.of(await citizens.correct(who, CitizenId(citizen_id), name=body.name, mobile=body.mobile))

    return router
