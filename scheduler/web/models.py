"""What the desk's API gives. What it takes is in ``scheduler.web.asked``.

A citizen's numbers are given back by their last four digits only: enough to read back, too little to carry away.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from scheduler.days import Day, Line
from scheduler.drafting import Booked
from scheduler.holds import Kept
from scheduler.place import VenueWord, venue_word
from tawasul.access.policy import StaffPrincipal
from tawasul.domain.audience import Audience, MissedBecause, State
from tawasul.domain.party import Alone, Group, Party, Priority, Proof, Relation, Representative
from tawasul.domain.people import Citizen, CitizenKind, IdentityAssurance
from tawasul.domain.places import Kiosk
from tawasul.domain.places import Name as DomainName
from tawasul.domain.sitting import Receiver, Sitting
from tawasul.domain.venue import AtKiosk

Id = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
Typed = Annotated[str, Field(max_length=400)]
"""What a person typed: the domain says what is right, this only that it is not endless."""


class Request(BaseModel):
    """Root of the bodies. They are strict: nothing unknown, nothing unbounded."""

    model_config = ConfigDict(extra="forbid", frozen=True)


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
    receiver: Receiver

    @classmethod
    def of(cls, sitting: Sitting) -> SittingView:
        """From the domain."""
        return cls(
            id=sitting.id,
            opens_at=sitting.opens_at,
            closes_at=sitting.closes_at,
            slot_seconds=int(sitting.slot_length.total_seconds()),
            receiver=sitting.receiver,
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
    """An audience; words as in ``tawasul.domain``. ``booked_here``: this desk made the booking. ``version`` goes back
    with a step that must not overwrite what somebody else did meanwhile. ``slot_starts_at`` of a walk-in that holds no
    slot is its turn.
    """

    id: str
    reference: str
    version: int
    sitting_id: str
    slot_starts_at: datetime
    slot_ends_at: datetime | None
    venue: VenueWord
    kiosk_id: str | None
    governorate_id: str
    booked_here: bool
    state: State
    assurance: IdentityAssurance
    arrived_at: datetime | None
    interruptions: int
    priorities: list[Priority]
    walk_in: bool
    holds_slot: bool
    missed_because: MissedBecause | None
    language: str

    @classmethod
    def of(cls, audience: Audience, who: StaffPrincipal, **more: object) -> Self:
        """From the domain, as the desk of ``who`` sees it."""
        return cls(
            id=audience.id,
            reference=audience.reference,
            version=audience.version,
            sitting_id=audience.sitting_id,
            slot_starts_at=audience.slot_starts_at,
            slot_ends_at=audience.slot_ends_at,
            venue=venue_word(audience.venue),
            kiosk_id=audience.venue.kiosk_id if isinstance(audience.venue, AtKiosk) else None,
            governorate_id=audience.governorate_id,
            booked_here=(audience.booked_at or audience.governorate_id) == who.governorate_id,
            state=audience.state,
            assurance=audience.assurance,
            arrived_at=audience.arrived_at,
            interruptions=audience.interruptions,
            priorities=list(audience.priorities),
            walk_in=audience.walk_in,
            holds_slot=audience.holds_slot,
            missed_because=audience.missed_because,
            language=audience.language,
            **more,
        )


class MissedView(AudienceView):
    """``rebook``: it was not the citizen's doing, so another time is to be found at once if they are there."""

    rebook: bool


class MovedView(AudienceView):
    """``link``: a new one, if the earlier one does not open at the new time."""

    link: str | None


class AloneView(Answer):
    """The citizen speaks for themselves."""

    kind: Literal["alone"] = "alone"


class RepresentativeView(Answer):
    """Somebody speaks for the citizen. ``proof_seen``: a member of staff has looked at the proof."""

    kind: Literal["representative"] = "representative"
    name: str
    national_id_last_four: str
    relation: Relation
    proof: Proof
    proof_number: str
    proof_seen: bool


class GroupView(Answer):
    """Several, whose spokesman the citizen is; ``size`` counts all."""

    kind: Literal["group"] = "group"
    name: str
    size: int


PartyView = Annotated[AloneView | RepresentativeView | GroupView, Field(discriminator="kind")]


def party_view(party: Party) -> AloneView | RepresentativeView | GroupView:
    """From the domain."""
    match party:
        case Alone():
            return AloneView()
        case Representative():
            return RepresentativeView(
                name=party.name,
                national_id_last_four=party.national_id.last_four,
                relation=party.relation,
                proof=party.proof,
                proof_number=party.proof_number,
                proof_seen=party.proof_seen,
            )
        case Group():
            return GroupView(name=party.name, size=party.size)


class DayEntry(Answer):
    """A line of the list of the day. ``order``: the place among all who are still to be heard in the sitting."""

    audience: AudienceView
    citizen: CitizenView
    subject: str
    party: PartyView
    order: int | None
    petition: bool
    attachments: int

    @classmethod
    def of(cls, line: Line, who: StaffPrincipal) -> DayEntry:
        """From the use case."""
        return cls(
            audience=AudienceView.of(line.audience, who),
            citizen=CitizenView.of(line.citizen),
            subject=line.audience.subject.reveal(),
            party=party_view(line.audience.party.reveal()),
            order=line.order,
            petition=line.has_petition,
            attachments=line.attachments,
        )


class DayView(Answer):
    """The list of the day, in the order of all who are to be heard. ``sitting`` is null when none is planned;
    ``sittings``: those around this day.
    """

    sitting: SittingView | None
    sittings: list[SittingView]
    governorate: Name
    kiosks: list[KioskView]
    entries: list[DayEntry]

    @classmethod
    def of(cls, day: Day, who: StaffPrincipal) -> DayView:
        """From the use case."""
        return cls(
            sitting=None if day.sitting is None else SittingView.of(day.sitting),
            sittings=[SittingView.of(sitting) for sitting in day.sittings],
            governorate=Name.of(day.governorate.name),
            kiosks=[KioskView.of(kiosk) for kiosk in day.kiosks],
            entries=[DayEntry.of(line, who) for line in day.lines],
        )


class HoldView(Answer):
    """A slot that is kept. ``seconds_left`` by the server's clock: a page counts down by its own from there."""

    id: str
    sitting_id: str
    starts_at: datetime
    ends_at: datetime
    venue: VenueWord
    centre_id: str | None
    kiosk_id: str | None
    expires_at: datetime
    seconds_left: int

    @classmethod
    def of(cls, kept: Kept, now: datetime) -> HoldView:
        """From the use case."""
        hold = kept.hold
        return cls(
            id=hold.id,
            sitting_id=hold.sitting_id,
            starts_at=hold.slot_starts_at,
            ends_at=hold.slot_ends_at,
            venue=venue_word(hold.venue),
            centre_id=kept.centre_id,
            kiosk_id=hold.venue.kiosk_id if isinstance(hold.venue, AtKiosk) else None,
            expires_at=hold.expires_at,
            seconds_left=max(0, int((hold.expires_at - now).total_seconds())),
        )


class WalkInView(Answer):
    """Who walked in: ``position`` among those who wait (1 is next), ``estimate``: when they may expect to be heard, or
    ``null``: not before the sitting ends, if all who are booked come.
    """

    audience: AudienceView
    position: int
    estimate: datetime | None


class SlotsView(Answer):
    """The starts of the slots that may be booked, in order."""

    sitting: SittingView | None
    slots: list[datetime]


class BookedView(Answer):
    """A new audience. ``link``: the path by which the citizen joins, for an own location; ``booking_link``: the path of
    the page on which they see, move or cancel it.
    """

    audience: AudienceView
    link: str | None
    booking_link: str

    @classmethod
    def of(cls, booked: Booked, who: StaffPrincipal) -> BookedView:
        """From the use case."""
        return cls(
            audience=AudienceView.of(booked.audience, who),
            link=None if booked.link_token is None else link_path(booked.link_token),
            booking_link=f"/booking#{booked.booking_token}",
        )


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
