"""The table of who may do what, said a second time: a change of it is a change here, on purpose."""

import itertools

import pytest
from support.factories import BADR, BADR_1, BADR_CENTRE, YANBU

from tawasul.access.policy import (
    TABLE,
    Action,
    Anonymous,
    CitizenPrincipal,
    Kind,
    KioskPrincipal,
    Principal,
    StaffPrincipal,
    allowed,
    kind_of,
    require,
)
from tawasul.domain.audience import AudienceId
from tawasul.domain.errors import NotSignedIn, Refused
from tawasul.domain.people import Role, StaffId
from tawasul.domain.sign_in import SignInId


def staff(role: Role) -> StaffPrincipal:
    governorate_id = BADR.id if role is Role.DESK else None
    return StaffPrincipal(StaffId("s"), role, governorate_id, SignInId("i"))


PRINCIPALS: dict[Kind, Principal] = {
    Kind.DESK: staff(Role.DESK),
    Kind.OFFICE: staff(Role.OFFICE),
    Kind.ADMIN: staff(Role.ADMIN),
    Kind.AGENCY: staff(Role.AGENCY),
    Kind.KIOSK: KioskPrincipal(BADR_1.id, BADR_CENTRE.id, BADR.id),
    Kind.CITIZEN: CitizenPrincipal(AudienceId("own")),
    Kind.ANONYMOUS: Anonymous(),
}

MAY = {
    Action.OPEN_OFFICE: "office",
    Action.SEE_BOARD: "office",
    Action.CALL_IN: "office",
    Action.CONCLUDE: "office",
    Action.HANG_UP: "office kiosk citizen",
    Action.OPEN_DESK: "desk",
    Action.SEE_DAY: "desk",
    Action.FIND_CITIZEN: "desk",
    Action.REGISTER_CITIZEN: "desk",
    Action.BOOK: "desk",
    Action.CANCEL: "desk",
    Action.CHECK_IN: "desk",
    Action.CHECK_IN_OWN: "citizen",
    Action.WITHDRAW_ARRIVAL: "desk",
    Action.MARK_MISSED: "desk",
    Action.ISSUE_LINK: "desk",
    Action.RESCHEDULE: "desk",
    Action.REINSTATE: "desk",
    Action.RECEIVE_WALK_IN: "desk",
    Action.KEEP_WAITLIST: "desk",
    Action.SEE_CITIZEN: "desk",
    Action.CORRECT_CITIZEN: "desk",
    Action.KEEP_PETITION: "desk",
    Action.PRINT: "desk",
    Action.EXPORT_DAY: "desk",
    Action.KEEP_TASKS: "desk",
    Action.SEE_CASES: "desk office agency",
    Action.TAKE_CASE: "desk",
    Action.REFER_CASE: "desk",
    Action.REPLY_CASE: "desk",
    Action.RATIFY_FOR: "desk",
    Action.CLOSE_FOR: "desk",
    Action.DIRECT: "office",
    Action.SEE_FOLLOW_THROUGH: "office",
    Action.SEE_AGENDA: "office",
    Action.ANSWER_CASE: "agency",
    Action.RATIFY_OWN: "citizen",
    Action.PLAN: "office",
    Action.CHECK_IN_BY_REFERENCE: "kiosk",
    Action.SEE_OWN_AUDIENCE: "citizen",
    Action.WAIT: "citizen",
    Action.JOIN: "office kiosk citizen",
    Action.GET_ICE: "citizen",
    Action.SIGN_OUT: "desk office admin agency",
    Action.SEE_SELF: "desk office admin agency",
    Action.SELF_TEST: "admin",
    Action.ADMINISTER: "admin",
}


def test_every_action_is_said_here() -> None:
    assert set(MAY) == set(Action)
    assert set(TABLE) == set(Kind) == set(PRINCIPALS)


@pytest.mark.parametrize(("kind", "action"), list(itertools.product(Kind, Action)))
def test_every_kind_and_every_action(kind: Kind, action: Action) -> None:
    principal = PRINCIPALS[kind]
    assert kind_of(principal) is kind
    may = kind.value in MAY[action].split()
    assert allowed(principal, action) is may
    if may:
        require(principal, action)
    else:
        with pytest.raises(NotSignedIn if kind is Kind.ANONYMOUS else Refused):
            require(principal, action)


@pytest.mark.parametrize("kind", [Kind.DESK, Kind.KIOSK])
def test_a_desk_and_a_kiosk_stay_in_their_governorate(kind: Kind) -> None:
    for action in TABLE[kind]:
        assert allowed(PRINCIPALS[kind], action, governorate=BADR.id)
        assert not allowed(PRINCIPALS[kind], action, governorate=YANBU.id)


def test_a_desk_without_a_governorate_has_none() -> None:
    lost = StaffPrincipal(StaffId("s"), Role.DESK, None, SignInId("i"))
    assert not allowed(lost, Action.CANCEL, governorate=BADR.id)


def test_the_office_sees_all_governorates() -> None:
    assert allowed(PRINCIPALS[Kind.OFFICE], Action.CALL_IN, governorate=YANBU.id)


def test_a_citizens_device_is_one_audience() -> None:
    for action in TABLE[Kind.CITIZEN]:
        assert allowed(PRINCIPALS[Kind.CITIZEN], action, audience=AudienceId("own"))
        assert not allowed(PRINCIPALS[Kind.CITIZEN], action, audience=AudienceId("another"))
        assert not allowed(PRINCIPALS[Kind.CITIZEN], action, governorate=BADR.id)
