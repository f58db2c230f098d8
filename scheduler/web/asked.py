"""What the desk's API is asked: the bodies. They are strict: nothing unknown, nothing unbounded.

What a person typed is only kept from being endless here; the domain says whether it is right.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from scheduler.drafting import Wanted
from scheduler.place import InCentre, Place, VenueWord
from scheduler.web.models import Id as Id
from scheduler.web.models import Request as Request
from scheduler.web.models import Typed as Typed
from tawasul.domain.audience import MissedBecause
from tawasul.domain.errors import InvalidInput
from tawasul.domain.party import Alone, Group, Party, Priority, Representative
from tawasul.domain.people import CitizenId, IdentityAssurance
from tawasul.domain.petition import LONGEST_PETITION
from tawasul.domain.places import CentreId, KioskId
from tawasul.domain.venue import AtKiosk, InPerson, OwnLocation

Key = Annotated[str, Field(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
"""What a caller calls something that is to be done once, of its own drawing."""

ClaimedPriority = Literal[Priority.DISABLED, Priority.ELDERLY, Priority.TRAVELLED_FAR]
"""That somebody was rebooked is for the service to know."""


class FindCitizens(Request):
    """A national ID, a mobile number or a reference. In a body, so that no number is ever in an address or a log."""

    query: Typed


class RegisterCitizen(Request):
    """A new citizen as typed."""

    name: Typed
    national_id: Typed
    mobile: Typed


class PlaceBody(Request):
    """Where: ``centre_id`` (any of its kiosks) or ``kiosk_id`` belongs to the venue ``kiosk``, and to no other."""

    venue: VenueWord
    centre_id: Id | None = None
    kiosk_id: Id | None = None

    def place(self) -> Place:
        """Raises: InvalidInput: venue and ids do not fit together; ``field`` is ``venue``."""
        match self.venue, self.centre_id, self.kiosk_id:
            case "kiosk", str(centre_id), None:
                return InCentre(CentreId(centre_id))
            case "kiosk", None, str(kiosk_id):
                return AtKiosk(KioskId(kiosk_id))
            case "own-location", None, None:
                return OwnLocation()
            case "in-person", None, None:
                return InPerson()
            case _:
                raise InvalidInput("the venue, the centre and the kiosk do not fit together", field="venue")


class AloneBody(Request):
    """The citizen speaks for themselves."""

    kind: Literal["alone"] = "alone"

    def party(self) -> Party:
        """For the domain."""
        return Alone()


class RepresentativeBody(Request):
    """Somebody speaks for the citizen, with proof."""

    kind: Literal["representative"]
    name: Typed
    national_id: Typed
    relation: Typed
    proof: Typed
    proof_number: Typed
    proof_seen: bool = False

    def party(self) -> Party:
        """Raises: InvalidText, InvalidNationalId, InvalidInput: by the field that is wrong."""
        return Representative.named(
            name=self.name,
            national_id=self.national_id,
            relation=self.relation,
            proof=self.proof,
            proof_number=self.proof_number,
            proof_seen=self.proof_seen,
        )


class GroupBody(Request):
    """Several, whose spokesman the citizen is."""

    kind: Literal["group"]
    name: Typed
    size: Annotated[int, Field(ge=0, le=1000)]

    def party(self) -> Party:
        """Raises: InvalidText: the name. InvalidInput: the size."""
        return Group.named(name=self.name, size=self.size)


PartyBody = Annotated[AloneBody | RepresentativeBody | GroupBody, Field(discriminator="kind")]


class TakeHold(Request):
    """A slot to be kept while the form is filled; ``replaces``: the one that this form kept before."""

    place: PlaceBody
    sitting_id: Id
    starts_at: AwareDatetime
    replaces: Id | None = None


class _Wanted(Request):
    citizen_id: Id
    subject: Typed
    priorities: Annotated[tuple[ClaimedPriority, ...], Field(max_length=3)] = ()
    party: PartyBody = AloneBody()
    petition: Annotated[str, Field(max_length=2 * LONGEST_PETITION)] | None = None
    language: Literal["ar", "en"] = "ar"

    def wanted(self) -> Wanted:
        """For the use cases. A petition without words is none.

        Raises: InvalidText, InvalidNationalId, InvalidInput: by the field of the party that is wrong.
        """
        return Wanted(
            citizen_id=CitizenId(self.citizen_id),
            subject=self.subject,
            priorities=self.priorities,
            party=self.party.party(),
            petition=self.petition if self.petition and self.petition.strip() else None,
            language=self.language,
        )


class BookAudience(_Wanted):
    """A time for a citizen: the one that is kept by ``hold_id``; or, without a hold, the four that say which."""

    hold_id: Id | None = None
    sitting_id: Id | None = None
    slot_starts_at: AwareDatetime | None = None
    venue: VenueWord | None = None
    kiosk_id: Id | None = None


class ReceiveWalkIn(_Wanted):
    """Somebody stands at the desk without a time."""

    place: PlaceBody
    assurance: Literal[IdentityAssurance.DECLARED, IdentityAssurance.SEEN_AT_DESK] = IdentityAssurance.SEEN_AT_DESK


Version = Annotated[int, Field(ge=0, le=1_000_000_000)]
"""As the page knows it: what somebody else changed since is not overwritten unseen."""


class Reschedule(Request):
    """To the slot that is kept."""

    hold_id: Id
    version: Version


class AsItWas(Request):
    """The step of a page that shows this version."""

    version: Version


class IfUnchanged(Request):
    """The same, where the page may leave it open."""

    version: Version | None = None


class Missed(IfUnchanged):
    """Whose doing it was."""

    because: MissedBecause = MissedBecause.CITIZEN


class CheckIn(Request):
    """How the desk knows the person."""

    assurance: Literal[IdentityAssurance.DECLARED, IdentityAssurance.SEEN_AT_DESK] = IdentityAssurance.SEEN_AT_DESK


class ReadTicket(Request):
    """What was scanned, or typed: the digits of a ticket, or a reference."""

    code: Typed
