"""What is noted for the audit log (F91): who did what to which record. Identifiers only, never a name or a number."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol, Self, runtime_checkable

from tawasul.domain.people import StaffId

Facts = Mapping[str, str | int]
"""What else there is to say: identifiers, words of an enumeration, counts, moments as RFC 3339."""

_FACT: Final = re.compile(r"[A-Za-z0-9_.,:+-]{0,400}", re.ASCII)
"""Identifiers and moments, or several with commas between. A name in Arabic does not pass, nor does a sentence."""

_PERSONAL_NUMBER: Final = re.compile(r"(?:\+?966)?\d{9,10}", re.ASCII)


class AuditAction(enum.StrEnum):
    """Everything that is noted. The words for each are in the command's own list (``tawasul audit show``)."""

    # Citizens: reading is noted too
    FOUND_CITIZEN = "found-citizen"
    OPENED_CITIZEN = "opened-citizen"
    REGISTERED_CITIZEN = "registered-citizen"
    CORRECTED_CITIZEN = "corrected-citizen"
    # Audiences
    BOOKED = "booked"
    MOVED = "moved"
    CANCELLED = "cancelled"
    REINSTATED = "reinstated"
    CHECKED_IN = "checked-in"
    WITHDREW_ARRIVAL = "withdrew-arrival"
    MISSED = "missed"
    RECEIVED_WALK_IN = "received-walk-in"
    ISSUED_LINK = "issued-link"
    # Papers
    WROTE_PETITION = "wrote-petition"
    OPENED_PETITION = "opened-petition"
    ATTACHED = "attached"
    OPENED_ATTACHMENT = "opened-attachment"
    REMOVED_ATTACHMENT = "removed-attachment"
    PRINTED_TICKET = "printed-ticket"
    PRINTED_RECEIPT = "printed-receipt"
    READ_TICKET = "read-ticket"
    EXPORTED_DAY = "exported-day"
    # Cases: reading is noted too
    OPENED_CASE = "opened-case"
    FOUND_CASE = "found-case"
    SAW_AGENDA = "saw-agenda"
    TOOK_CASE = "took-case"
    DIRECTED_CASE = "directed-case"
    RATIFIED_DIRECTIVE = "ratified-directive"
    CORRECTED_DIRECTIVE = "corrected-directive"
    REFERRED_CASE = "referred-case"
    TOOK_ON_CASE = "took-on-case"
    RETURNED_CASE = "returned-case"
    REASSIGNED_CASE = "reassigned-case"
    PROLONGED_CASE = "prolonged-case"
    ASKED_OF_CASE = "asked-of-case"
    REPLIED_TO_CASE = "replied-to-case"
    REPORTED_ON_CASE = "reported-on-case"
    ANSWERED_CASE = "answered-case"
    SETTLED_CASE = "settled-case"
    ACCEPTED_ANSWER = "accepted-answer"
    CONTESTED_ANSWER = "contested-answer"
    WITHDREW_CASE = "withdrew-case"
    MERGED_CASE = "merged-case"
    GAVE_UP_CASE = "gave-up-case"
    TOOK_UP_CASE_AGAIN = "took-up-case-again"
    NOTIFIED_OF_ANSWER = "notified-of-answer"
    ESCALATED_CASE = "escalated-case"
    CASE_LAPSED = "case-lapsed"
    REFUSED_ON_CASE = "refused-on-case"
    """A step that was not lawful, not theirs, or whose words could not be right: nothing was changed."""
    # The waitlist
    JOINED_WAITLIST = "joined-waitlist"
    LEFT_WAITLIST = "left-waitlist"
    OFFERED = "offered"
    ACCEPTED_OFFER = "accepted-offer"
    DECLINED_OFFER = "declined-offer"
    OFFER_LAPSED = "offer-lapsed"
    TOOK_OFFER_BACK = "took-offer-back"
    # Planning
    ADDED_SITTING = "added-sitting"
    CHANGED_SITTING = "changed-sitting"
    REMOVED_SITTING = "removed-sitting"
    ADDED_BLACKOUT = "added-blackout"
    REMOVED_BLACKOUT = "removed-blackout"
    ADDED_HOLIDAY = "added-holiday"
    REMOVED_HOLIDAY = "removed-holiday"
    PUT_RAMADAN = "put-ramadan"
    REMOVED_RAMADAN = "removed-ramadan"
    ADDED_CENTRE = "added-centre"
    CHANGED_HOURS = "changed-hours"
    CHANGED_PAUSES = "changed-pauses"
    CHANGED_STOPS = "changed-stops"
    # Tasks and messages
    TOOK_TASK = "took-task"
    RELEASED_TASK = "released-task"
    DID_TASK = "did-task"
    REOPENED_TASK = "reopened-task"
    SHOWED_MESSAGES = "showed-messages"
    EXPORTED_AUDIT = "exported-audit"


class AuditSubject(enum.StrEnum):
    """Kinds of record."""

    CITIZEN = "citizen"
    AUDIENCE = "audience"
    ATTACHMENT = "attachment"
    SITTING = "sitting"
    ENTRY = "entry"
    OFFER = "offer"
    BLACKOUT = "blackout"
    HOLIDAY = "holiday"
    RAMADAN = "ramadan"
    CENTRE = "centre"
    TASK = "task"
    CASE = "case"
    MESSAGE = "message"
    AUDIT = "audit"


class ActorKind(enum.StrEnum):
    """Kinds of actor."""

    STAFF = "staff"
    KIOSK = "kiosk"
    CITIZEN = "citizen"
    """By a link of theirs: its audience or offer is the identifier."""
    COMMAND = "command"
    """Somebody at the server's own command line."""
    SERVICE = "service"
    """The service by itself: an offer that lapses, a rebooking."""


@runtime_checkable
class _ActsAsStaff(Protocol):
    @property
    def staff_id(self) -> StaffId: ...


@runtime_checkable
class _ActsAsKiosk(Protocol):
    @property
    def kiosk_id(self) -> str: ...


@runtime_checkable
class _ActsAsCitizen(Protocol):
    @property
    def audience_id(self) -> str: ...


@dataclass(frozen=True, slots=True)
class AuditActor:
    """Who did it. ``id`` is empty for the service itself and for the command line."""

    kind: ActorKind
    id: str = ""

    @classmethod
    def of(cls, principal: object) -> Self:
        """From a principal of ``tawasul.access.policy``.

        Raises:
            TypeError: nobody that is known: what is done without anybody is ``SERVICE``'s or a link's.
        """
        match principal:
            case _ActsAsStaff():
                return cls(ActorKind.STAFF, principal.staff_id)
            case _ActsAsKiosk():
                return cls(ActorKind.KIOSK, principal.kiosk_id)
            case _ActsAsCitizen():
                return cls(ActorKind.CITIZEN, principal.audience_id)
            case _:
                raise TypeError(f"{type(principal).__name__} is nobody whose acts can be noted")


THE_SERVICE: Final = AuditActor(ActorKind.SERVICE)
THE_COMMAND: Final = AuditActor(ActorKind.COMMAND)


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One act. The store adds the time; what chains the entries comes afterwards (docs/adr/0022).

    Raises:
        ValueError: a fact that could be a name, a sentence, or somebody's number.
    """

    actor: AuditActor
    action: AuditAction
    subject_kind: AuditSubject
    subject_id: str
    facts: Facts = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, value in (("subject_id", self.subject_id), *self.facts.items()):
            if isinstance(value, str) and (not _FACT.fullmatch(value) or _PERSONAL_NUMBER.fullmatch(value)):
                raise ValueError(f"{name} may be personal: an audit entry holds identifiers only")
