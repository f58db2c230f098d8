"""Who may do what: the one table. Pure.

An endpoint names its action in its signature (``tawasul.access.endpoint``); a use case that touches a record asks
again with the record's governorate or audience. What is not in the table is refused.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tawasul.domain.agency import AgencyId
from tawasul.domain.audience import AudienceId
from tawasul.domain.errors import NotSignedIn, Refused
from tawasul.domain.people import Role, StaffId
from tawasul.domain.places import CentreId, GovernorateId, KioskId
from tawasul.domain.sign_in import SignInId


@dataclass(frozen=True, slots=True)
class StaffPrincipal:
    """A signed-in member of staff. A desk has a governorate, an agency's account its agency; office and admin have
    neither.
    """

    staff_id: StaffId
    role: Role
    governorate_id: GovernorateId | None
    session_id: SignInId
    display_name: str = ""
    agency_id: AgencyId | None = None


@dataclass(frozen=True, slots=True)
class KioskPrincipal:
    """A kiosk that proved its device key on this line."""

    kiosk_id: KioskId
    centre_id: CentreId
    governorate_id: GovernorateId


@dataclass(frozen=True, slots=True)
class CitizenPrincipal:
    """The device that a citizen's link belongs to: it is this one audience, and nothing else.

    ``generation``: of the link that it came by. One issued later shuts the device out.
    """

    audience_id: AudienceId
    generation: int = 1


@dataclass(frozen=True, slots=True)
class Anonymous:
    """Nobody that we know."""


Principal = StaffPrincipal | KioskPrincipal | CitizenPrincipal | Anonymous


class Action(enum.StrEnum):
    """Everything that may be allowed or refused."""

    # The office
    OPEN_OFFICE = "open-office"
    SEE_BOARD = "see-board"
    CALL_IN = "call-in"
    HANG_UP = "hang-up"
    CONCLUDE = "conclude"
    # The desk
    OPEN_DESK = "open-desk"
    SEE_DAY = "see-day"
    FIND_CITIZEN = "find-citizen"
    REGISTER_CITIZEN = "register-citizen"
    BOOK = "book"
    CANCEL = "cancel"
    CHECK_IN = "check-in"
    WITHDRAW_ARRIVAL = "withdraw-arrival"
    MARK_MISSED = "mark-missed"
    ISSUE_LINK = "issue-link"
    RESCHEDULE = "reschedule"
    REINSTATE = "reinstate"
    RECEIVE_WALK_IN = "receive-walk-in"
    KEEP_WAITLIST = "keep-waitlist"
    SEE_CITIZEN = "see-citizen"
    CORRECT_CITIZEN = "correct-citizen"
    KEEP_PETITION = "keep-petition"
    PRINT = "print"
    EXPORT_DAY = "export-day"
    KEEP_TASKS = "keep-tasks"
    # Cases: seen by whoever has a part in them, within the bounds of ``tawasul.casework.scope``
    SEE_CASES = "see-cases"
    TAKE_CASE = "take-case"
    REFER_CASE = "refer-case"
    REPLY_CASE = "reply-case"
    RATIFY_FOR = "ratify-for"
    CLOSE_FOR = "close-for"
    DIRECT = "direct"
    SEE_FOLLOW_THROUGH = "see-follow-through"
    SEE_AGENDA = "see-agenda"
    ANSWER_CASE = "answer-case"
    RATIFY_OWN = "ratify-own"
    # The calendar: the office plans it
    PLAN = "plan"
    # Kiosks and citizens
    CHECK_IN_BY_REFERENCE = "check-in-by-reference"
    SEE_OWN_AUDIENCE = "see-own-audience"
    CHECK_IN_OWN = "check-in-own"
    WAIT = "wait"
    JOIN = "join"
    GET_ICE = "get-ice"
    # Whoever is signed in
    SIGN_OUT = "sign-out"
    SEE_SELF = "see-self"
    # Those who run the service
    SELF_TEST = "self-test"
    ADMINISTER = "administer"


class Kind(enum.StrEnum):
    """The kinds of principal the table has a column for."""

    DESK = "desk"
    OFFICE = "office"
    ADMIN = "admin"
    AGENCY = "agency"
    KIOSK = "kiosk"
    CITIZEN = "citizen"
    ANONYMOUS = "anonymous"


_EVERY_STAFF: Final = frozenset({Action.SIGN_OUT, Action.SEE_SELF})

TABLE: Final[Mapping[Kind, frozenset[Action]]] = {
    Kind.DESK: _EVERY_STAFF
    | {
        Action.OPEN_DESK,
        Action.SEE_DAY,
        Action.FIND_CITIZEN,
        Action.REGISTER_CITIZEN,
        Action.BOOK,
        Action.CANCEL,
        Action.CHECK_IN,
        Action.WITHDRAW_ARRIVAL,
        Action.MARK_MISSED,
        Action.ISSUE_LINK,
        Action.RESCHEDULE,
        Action.REINSTATE,
        Action.RECEIVE_WALK_IN,
        Action.KEEP_WAITLIST,
        Action.SEE_CITIZEN,
        Action.CORRECT_CITIZEN,
        Action.KEEP_PETITION,
        Action.PRINT,
        Action.EXPORT_DAY,
        Action.KEEP_TASKS,
        Action.SEE_CASES,
        Action.TAKE_CASE,
        Action.REFER_CASE,
        Action.REPLY_CASE,
        Action.RATIFY_FOR,
        Action.CLOSE_FOR,
    },
    Kind.OFFICE: _EVERY_STAFF
    | {
        Action.OPEN_OFFICE,
        Action.SEE_BOARD,
        Action.CALL_IN,
        Action.HANG_UP,
        Action.CONCLUDE,
        Action.JOIN,
        Action.PLAN,
        Action.SEE_CASES,
        Action.DIRECT,
        Action.SEE_FOLLOW_THROUGH,
        Action.SEE_AGENDA,
    },
    # Runs the service and hears nobody: neither the board nor a citizen is theirs to see.
    Kind.ADMIN: _EVERY_STAFF | {Action.SELF_TEST, Action.ADMINISTER},
    # Sees what is referred to it, and answers.
    Kind.AGENCY: _EVERY_STAFF | {Action.SEE_CASES, Action.ANSWER_CASE},
    Kind.KIOSK: frozenset({Action.CHECK_IN_BY_REFERENCE, Action.JOIN, Action.HANG_UP}),
    Kind.CITIZEN: frozenset(
        {
            Action.SEE_OWN_AUDIENCE,
            Action.CHECK_IN_OWN,
            Action.WAIT,
            Action.JOIN,
            Action.HANG_UP,
            Action.GET_ICE,
            Action.RATIFY_OWN,
        },
    ),
    Kind.ANONYMOUS: frozenset(),
}


def kind_of(principal: Principal) -> Kind:
    """The principal's column in the table."""
    match principal:
        case StaffPrincipal(role=role):
            return Kind(role.value)
        case KioskPrincipal():
            return Kind.KIOSK
        case CitizenPrincipal():
            return Kind.CITIZEN
        case Anonymous():
            return Kind.ANONYMOUS


def allowed(
    principal: Principal,
    action: Action,
    *,
    governorate: GovernorateId | None = None,
    audience: AudienceId | None = None,
) -> bool:
    """Whether the table has the action for the principal, and the record named is within their bounds.

    ``governorate`` bounds desks and kiosks, ``audience`` bounds a citizen's device.
    """
    if action not in TABLE[kind_of(principal)]:
        return False
    match principal:
        case StaffPrincipal(role=Role.DESK) | KioskPrincipal():
            return governorate is None or governorate == principal.governorate_id
        case CitizenPrincipal(audience_id=own):
            # Of a governorate's records a citizen has none but the own one: naming the place alone is not enough.
            return audience == own or (audience is None and governorate is None)
        case _:
            return True


def require(
    principal: Principal,
    action: Action,
    *,
    governorate: GovernorateId | None = None,
    audience: AudienceId | None = None,
) -> None:
    """Nothing, if it is ``allowed``.

    Raises:
        NotSignedIn: nobody is signed in.
        Refused: the person may not do this.
    """
    if allowed(principal, action, governorate=governorate, audience=audience):
        return
    raise NotSignedIn if isinstance(principal, Anonymous) else Refused
