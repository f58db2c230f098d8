"""Review: an alarm that a kiosk raises while it has no line is said when the line is back."""

from support.kiosk_talk import negotiate, welcome

from kiosk_client.core.kiosk import Kiosk
from kiosk_client.core.kiosk_events import Attempt, Effect, Heard, LineClosed, LineOpened, Refused, Say
from tawasul.protocol.from_endpoint import Alarm, HangUp

CODE = "certificate-in-use-wrong"


def said(effects: list[Effect]) -> list[object]:
    return [effect.message for effect in effects if isinstance(effect, Say)]


def refused_without_a_line(*, tell: bool) -> Kiosk:
    kiosk = Kiosk()
    kiosk.handle(LineOpened(), 0)
    kiosk.handle(Heard(welcome()), 0)
    kiosk.handle(Heard(negotiate()), 1)
    kiosk.handle(LineClosed(None), 2)
    assert said(kiosk.handle(Refused(Attempt("call-1", 1), CODE, tell), 3)) == []
    kiosk.handle(LineOpened(), 4)
    return kiosk


def test_an_alarm_without_a_line_is_raised_when_it_is_back() -> None:
    kiosk = refused_without_a_line(tell=True)
    assert said(kiosk.handle(Heard(welcome()), 4)) == [Alarm(call_id="call-1", attempt=1, code=CODE)]
    kiosk.handle(LineClosed(None), 5)
    kiosk.handle(LineOpened(), 6)
    assert said(kiosk.handle(Heard(welcome()), 6)) == [HangUp(call_id="call-1")], "once is enough"


def test_what_the_other_end_refused_is_no_alarm_of_ours() -> None:
    kiosk = refused_without_a_line(tell=False)
    assert said(kiosk.handle(Heard(welcome()), 4)) == [HangUp(call_id="call-1")]


def test_an_alarm_of_one_call_is_not_said_of_the_next() -> None:
    kiosk = refused_without_a_line(tell=True)
    kiosk.handle(Heard(negotiate("call-2")), 4)
    assert said(kiosk.handle(Heard(welcome()), 5)) == []
