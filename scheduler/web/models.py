"""What the desk's API takes and gives. Requests are strict: nothing unknown, nothing unbounded.

A citizen's numbers are given back by their last four digits only: enough to read back, too little to carry away.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from scheduler.days import Day
from tawasul.domain.audience import Audience
from tawasul.domain.people import Citizen, CitizenKind, IdentityAssurance
from tawasul.domain.places import Kiosk, KioskId
from tawasul.domain.places import Name as DomainName
from tawasul.domain.sitting import Sitting
from tawasul.domain.venue import AtKiosk, InPerson, OwnLocation, Venue

Id = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
Typed = Annotated[str, Field(max_length=400)]
"""What a person typed: the domain says what is right, this only that it is not endless."""


class Request(BaseModel):
    """Root of the bodies."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FindCitizens(Request):
    """A national ID, a mobile number or a reference. In a body, so that no number is ever in an address or a log."""

    query: Typed


class RegisterCitizen(Request):
    """A new citizen as typed."""

    name: Typed
    national_id: Typed
    mobile: Typed


class BookAudience(Request):
    """A slot for a citizen. ``kiosk_id`` belongs to the venue ``kiosk`` and to no other."""

    citizen_id: Id
    sitting_id: Id
    slot_starts_at: AwareDatetime
    venue: Literal["kiosk", "own-location", "in-person"]
    kiosk_id: Id | None = None
    subject: Typed


class CheckIn(Request):
    """How the desk knows the person."""

    assurance: Literal[IdentityAssurance.DECLARED, IdentityAssurance.SEEN_AT_DESK] = IdentityAssurance.SEEN_AT_DESK


class Answer(BaseModel):
    """Root of the answers."""

    model_config = ConfigDict(frozen=True)


class Name(Answer):
    """In both languages."""

    arabic: str
    english: str

    @classmethod
    def of(cls, name: DomainName) -> Name:
        """From the domain."""
        return cls(arabic=name.arabic, english=name.english)


class SittingView(Answer):
    """A sitting; times are UTC, ``slot_seconds`` the length of a slot."""

    id: str
    opens_at: datetime
    closes_at: datetime
    slot_seconds: int

    @classmethod
    def of(cls, sitting: Sitting) -> SittingView:
        """From the domain."""
        return cls(
            id=sitting.id,
            opens_at=sitting.opens_at,
            closes_at=sitting.closes_at,
            slot_seconds=int(sitting.slot_length.total_seconds()),
        )


class KioskView(Answer):
    """A kiosk of the desk's governorate."""

    id: str
    centre_id: str
    name: Name

    @classmethod
    def of(cls, kiosk: Kiosk) -> KioskView:
        """From the domain."""
        return cls(id=kiosk.id, centre_id=kiosk.centre_id, name=Name.of(kiosk.name))


class CitizenView(Answer):
    """A citizen, as far as the desk needs."""

    id: str
    name: str
    kind: CitizenKind
    national_id_last_four: str
    mobile_last_four: str

    @classmethod
    def of(cls, citizen: Citizen) -> CitizenView:
        """From the domain."""
        return cls(
            id=citizen.id,
            name=citizen.name.reveal(),
            kind=citizen.kind,
            national_id_last_four=citizen.national_id.reveal().last_four,
            mobile_last_four=citizen.mobile.reveal().last_four,
        )


class AudienceView(Answer):
    """An audience; ``state`` and ``assurance`` as in ``tawasul.domain``."""

    id: str
    reference: str
    sitting_id: str
    slot_starts_at: datetime
    venue: Literal["kiosk", "own-location", "in-person"]
    kiosk_id: str | None
    state: str
    assurance: str
    arrived_at: datetime | None
    interruptions: int

    @classmethod
    def of(cls, audience: Audience) -> AudienceView:
        """From the domain."""
        return cls(
            id=audience.id,
            reference=audience.reference,
            sitting_id=audience.sitting_id,
            slot_starts_at=audience.slot_starts_at,
            venue=venue_word(audience.venue),
            kiosk_id=audience.venue.kiosk_id if isinstance(audience.venue, AtKiosk) else None,
            state=audience.state.value,
            assurance=audience.assurance.value,
            arrived_at=audience.arrived_at,
            interruptions=audience.interruptions,
        )


class DayEntry(Answer):
    """A line of the list of the day."""

    audience: AudienceView
    citizen: CitizenView
    subject: str


class DayView(Answer):
    """The list of the day. ``sitting`` is null when none is planned."""

    sitting: SittingView | None
    governorate: Name
    kiosks: list[KioskView]
    entries: list[DayEntry]

    @classmethod
    def of(cls, day: Day) -> DayView:
        """From the use case."""
        return cls(
            sitting=None if day.sitting is None else SittingView.of(day.sitting),
            governorate=Name.of(day.governorate.name),
            kiosks=[KioskView.of(kiosk) for kiosk in day.kiosks],
            entries=[
                DayEntry(
                    audience=AudienceView.of(audience),
                    citizen=CitizenView.of(citizen),
                    subject=audience.subject.reveal(),
                )
                for audience, citizen in day.audiences
            ],
        )


class SlotsView(Answer):
    """The starts of the slots that may be booked, in order."""

    sitting: SittingView | None
    slots: list[datetime]


class CitizensView(Answer):
    """Whom a query found."""

    citizens: list[CitizenView]


class BookedView(Answer):
    """A new audience; ``link`` is the path of the citizen's link, shown once, for an own location."""

    audience: AudienceView
    link: str | None


class LinkView(Answer):
    """The path of a new link; the token is in its fragment and reaches no server by itself."""

    link: str

    @classmethod
    def of(cls, token: str) -> LinkView:
        """From a token."""
        return cls(link=link_path(token))


def link_path(token: str) -> str:
    """The path and fragment to put after the service's own address."""
    return f"/join#{token}"


def venue_word(venue: Venue) -> Literal["kiosk", "own-location", "in-person"]:
    """The venue as the API says it."""
    match venue:
        case AtKiosk():
            return "kiosk"
        case OwnLocation():
            return "own-location"
        case InPerson():
            return "in-person"


def venue_of(body: BookAudience) -> Venue | None:
    """The venue asked for; ``None`` if kiosk and venue do not fit together."""
    if body.venue == "kiosk":
        return None if body.kiosk_id is None else AtKiosk(KioskId(body.kiosk_id))
    if body.kiosk_id is not None:
        return None
    return OwnLocation() if body.venue == "own-location" else InPerson()
