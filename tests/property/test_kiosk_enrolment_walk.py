"""How a kiosk comes by its certificate: any answers in any order, and one request at a time, never a storm of them."""

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk_client.core import enrolment as core
from kiosk_client.core.enrolment import Enroller, Holding
from kiosk_client.core.kiosk_events import Enrolment

UNPROVEN = Enrolment("ABCD-EFGH-JKMN", "tawasul-enrol:1:x")
DAY = 86_400.0


def enroller(holding: Holding | None = None) -> Enroller:
    return Enroller(UNPROVEN, holding)


def due(given_to: Enroller, now: float) -> list[core.Effect]:
    return given_to.handle(core.Passed(), now)


def test_from_the_first_request_to_the_certificate_and_its_renewal() -> None:
    kiosk = enroller()
    assert kiosk.handle(core.Begin(), 0) == [core.Tell(UNPROVEN), core.FetchList(), core.Ask()]
    assert kiosk.deadline is None
    reached = Enrolment(UNPROVEN.code, UNPROVEN.qr, reached=True)
    assert kiosk.handle(core.Asked(), 1) == [core.Tell(reached)]
    assert due(kiosk, 1 + core.LOOK_EVERY) == [core.LookUp()]
    one = Enrolment(UNPROVEN.code, UNPROVEN.qr, 1, reached=True)
    assert kiosk.handle(core.Looked(known=True, approvals=1), 5) == [core.Tell(one)]
    assert due(kiosk, 5 + core.LOOK_EVERY) == [core.LookUp()]
    assert kiosk.handle(core.ListLearned(), 8) == []
    assert kiosk.handle(core.Certified(Holding("s", 0, 3 * DAY)), 9) == [core.Tell(None)]
    assert due(kiosk, 8 + core.LIST_EVERY) == [core.FetchList()]
    assert due(kiosk, 1.5 * DAY - 1) == []
    assert due(kiosk, 1.5 * DAY) == [core.Renew("s")]
    assert kiosk.handle(core.Certified(Holding("t", 1.5 * DAY, 4.5 * DAY)), 1.5 * DAY) == []
    assert kiosk.deadline == 3 * DAY


def test_a_request_that_the_issuer_forgot_is_made_again() -> None:
    kiosk = enroller()
    kiosk.handle(core.Begin(), 0)
    kiosk.handle(core.Asked(), 0)
    due(kiosk, 10)
    kiosk.handle(core.Looked(known=False), 10)
    assert due(kiosk, 10 + core.RETRY_FIRST) == [core.Ask()]


def test_a_certificate_that_has_ended_is_renewed_and_only_if_that_is_refused_people_come_again() -> None:
    kiosk = enroller(Holding("s", 0, 3 * DAY))
    now = 5 * DAY
    assert kiosk.handle(core.Begin(), now) == [core.Tell(UNPROVEN), core.FetchList(), core.Renew("s")]
    kiosk.handle(core.Failed(), now)  # the issuer is away
    assert due(kiosk, now + core.RETRY_FIRST) == [core.Renew("s")]
    kiosk.handle(core.Refused(), now + 4)
    assert due(kiosk, now + 400) == [core.Ask()]
    assert kiosk.handle(core.Certified(Holding("t", now, now + 3 * DAY)), now + 500) == [core.Tell(None)]


def test_a_renewal_that_is_refused_while_the_certificate_lasts_is_tried_again() -> None:
    kiosk = enroller(Holding("s", 0, 3 * DAY))
    assert kiosk.handle(core.Begin(), 2 * DAY) == [core.Tell(None), core.FetchList(), core.Renew("s")]
    kiosk.handle(core.Refused(), 2 * DAY)
    assert due(kiosk, 2 * DAY + 1000) == [core.Renew("s")]
    assert kiosk.handle(core.Failed(), 4 * DAY) == [core.Tell(UNPROVEN)]  # it has ended meanwhile, and one sees it


outcomes = st.one_of(
    st.just(core.Asked()),
    st.builds(core.Looked, st.booleans(), st.integers(0, 2)),
    st.builds(
        lambda begins, lasts: core.Certified(Holding("s", begins, begins + lasts)), st.floats(0, 1e6), st.floats(1, 1e6)
    ),
    st.just(core.Failed()),
    st.just(core.Refused()),
)
lists = st.sampled_from([core.ListLearned(), core.ListFailed()])


@given(st.lists(st.tuples(outcomes, lists, st.floats(0, 1e5)), max_size=60), st.booleans())
@settings(max_examples=300)
def test_any_answers(answers: list[tuple[core.Given, core.Given, float]], enrolled: bool) -> None:
    kiosk, now = enroller(Holding("s", 0, 1e5) if enrolled else None), 0.0
    effects = kiosk.handle(core.Begin(), now)
    for outcome, fetched, pause in answers:
        acting = [effect for effect in effects if isinstance(effect, core.Ask | core.LookUp | core.Renew)]
        fetching = [effect for effect in effects if isinstance(effect, core.FetchList)]
        assert len(acting) <= 1
        assert len(fetching) <= 1
        assert kiosk.deadline is None or kiosk.deadline > now  # a shell that arms a timer for it never spins
        for given_back in ([outcome] if acting else []) + ([fetched] if fetching else []):
            for effect in kiosk.handle(given_back, now):
                # What was just answered is not asked again in the same moment.
                assert isinstance(effect, core.Tell)
        has_one = kiosk.holding is not None and now < kiosk.holding.expires
        assert (kiosk._shown is None) == has_one
        now += pause
        effects = kiosk.handle(core.Passed(), now)
