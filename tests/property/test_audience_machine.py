"""The audience against its drawing: every lawful step does what it says, every unlawful one changes nothing."""

import copy
from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from support.factories import NOW, a_citizen, a_sitting, an_audience

from tawasul.domain.audience import OPEN, WITH_THE_OFFICE, Audience, CallId, State
from tawasul.domain.errors import UnlawfulTransition
from tawasul.domain.events import (
    ArrivalWithdrawn,
    AudienceBooked,
    AudienceCancelled,
    AudienceConcluded,
    AudienceInterrupted,
    CallJoined,
    CitizenArrived,
    CitizenCalledIn,
    CitizenHeard,
    CitizenMissed,
    Event,
)
from tawasul.domain.outcome import Directive, HeardOnly
from tawasul.domain.people import IdentityAssurance

STEPS = {
    "cancel": lambda a: a.cancel(),
    "arrive": lambda a: a.arrive(IdentityAssurance.DECLARED, NOW),
    "withdraw_arrival": lambda a: a.withdraw_arrival(),
    "miss": lambda a: a.miss(),
    "call_in": lambda a: a.call_in(CallId("call"), NOW),
    "join": lambda a: a.join(NOW),
    "interrupt": lambda a: a.interrupt("lost"),
    "hear": lambda a: a.hear(NOW),
    "conclude": lambda a: a.conclude(HeardOnly(), NOW),
}

# The drawing in tawasul/domain/audience.py, as a table: state → step → state. All that is not here is unlawful.
LAWFUL: dict[State, dict[str, State]] = {
    State.BOOKED: {"cancel": State.CANCELLED, "arrive": State.ARRIVED, "miss": State.MISSED},
    State.ARRIVED: {
        "cancel": State.CANCELLED,
        "withdraw_arrival": State.BOOKED,
        "miss": State.MISSED,
        "call_in": State.CALLED_IN,
    },
    State.CALLED_IN: {"join": State.IN_CALL, "interrupt": State.ARRIVED},
    State.IN_CALL: {"interrupt": State.ARRIVED, "hear": State.HEARD, "conclude": State.CONCLUDED},
    State.HEARD: {"call_in": State.CALLED_IN, "conclude": State.CONCLUDED},
    State.CONCLUDED: {},
    State.CANCELLED: {},
    State.MISSED: {},
}

WAY: dict[State, tuple[str, ...]] = {
    State.BOOKED: (),
    State.ARRIVED: ("arrive",),
    State.CALLED_IN: ("arrive", "call_in"),
    State.IN_CALL: ("arrive", "call_in", "join"),
    State.HEARD: ("arrive", "call_in", "join", "hear"),
    State.CONCLUDED: ("arrive", "call_in", "join", "conclude"),
    State.CANCELLED: ("cancel",),
    State.MISSED: ("miss",),
}

TOLD: dict[str, type[Event]] = {
    "cancel": AudienceCancelled,
    "arrive": CitizenArrived,
    "withdraw_arrival": ArrivalWithdrawn,
    "miss": CitizenMissed,
    "call_in": CitizenCalledIn,
    "join": CallJoined,
    "interrupt": AudienceInterrupted,
    "hear": CitizenHeard,
    "conclude": AudienceConcluded,
}


def booked() -> Audience:
    return an_audience(a_citizen(1), a_sitting())


def an_audience_that_is(state: State) -> Audience:
    audience = booked()
    for step in WAY[state]:
        STEPS[step](audience)
    assert audience.state is state
    audience.events.clear()
    return audience


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("state", State)
def test_every_step_from_every_state(state: State, step: str) -> None:
    audience = an_audience_that_is(state)
    before = copy.deepcopy(audience)
    to = LAWFUL[state].get(step)
    if to is None:
        with pytest.raises(UnlawfulTransition) as caught:
            STEPS[step](audience)
        assert caught.value.state == state
        assert audience == before
        assert audience.events == []
    else:
        STEPS[step](audience)
        assert audience.state is to
        assert [type(event) for event in audience.events] == [TOLD[step]]


def test_a_new_audience_is_booked_and_says_so() -> None:
    audience = booked()
    assert audience.state is State.BOOKED
    assert audience.events == [AudienceBooked(audience.id, audience.sitting_id)]


class Walk(RuleBasedStateMachine):
    """Any steps in any order, with time going on; what the audience knows always fits its state."""

    def __init__(self) -> None:
        super().__init__()
        self.audience = booked()
        self.now = NOW
        self.calls = 0
        self.interruptions = 0
        self.first_arrival = None

    @rule(seconds=st.integers(1, 600))
    def time_goes_on(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(step=st.sampled_from(sorted(set(STEPS) - {"arrive", "call_in", "conclude", "interrupt"})))
    def plain_step(self, step: str) -> None:
        self._take(step, STEPS[step])

    @rule(assurance=st.sampled_from(IdentityAssurance))
    def arrive(self, assurance: IdentityAssurance) -> None:
        if self._take("arrive", lambda a: a.arrive(assurance, self.now)):
            assert self.audience.assurance is assurance
            assert self.audience.arrived_at == self.now
            self.first_arrival = self.now

    @rule()
    def call_in(self) -> None:
        self.calls += 1
        call_id = CallId(f"call-{self.calls}")
        if self._take("call_in", lambda a: a.call_in(call_id, self.now)):
            assert (self.audience.call_id, self.audience.joined_at, self.audience.heard_at) == (call_id, None, None)

    @rule()
    def interrupt(self) -> None:
        arrived_at = self.audience.arrived_at
        if self._take("interrupt", lambda a: a.interrupt("lost")):
            self.interruptions += 1
            assert self.audience.arrived_at == arrived_at, "the place in the queue is kept"
            assert self.audience.call_id is None

    @rule(directed=st.booleans())
    def conclude(self, directed: bool) -> None:
        outcome = Directive.write("يُحال") if directed else HeardOnly()
        if self._take("conclude", lambda a: a.conclude(outcome, self.now)):
            told = self.audience.events[-1]
            assert isinstance(told, AudienceConcluded)
            assert told.directed is directed

    @rule(assurance=st.sampled_from(IdentityAssurance))
    @precondition(lambda self: self.audience.state in OPEN)
    def assure(self, assurance: IdentityAssurance) -> None:
        order = list(IdentityAssurance)
        before = self.audience.assurance
        self.audience.assure(assurance)
        assert self.audience.assurance is max(before, assurance, key=order.index)

    @precondition(lambda self: self.audience.state not in OPEN)
    @rule(assurance=st.sampled_from(IdentityAssurance))
    def assure_too_late(self, assurance: IdentityAssurance) -> None:
        with pytest.raises(UnlawfulTransition):
            self.audience.assure(assurance)

    @invariant()
    def what_is_known_fits_the_state(self) -> None:
        audience = self.audience
        assert audience.interruptions == self.interruptions
        if audience.state in WITH_THE_OFFICE:
            assert audience.call_id is not None
            assert audience.called_in_at is not None
            assert audience.arrived_at is not None
        if audience.state is State.BOOKED:
            assert audience.arrived_at is None
        assert (audience.outcome is not None) == (audience.state is State.CONCLUDED)
        if audience.state in (State.HEARD, State.CONCLUDED):
            assert audience.heard_at is not None
            assert audience.joined_at is not None
            assert audience.heard_at >= audience.joined_at
        assert all(event.audience_id == audience.id for event in audience.events)

    def _take(self, name: str, step: object) -> bool:
        assert callable(step)
        before = self.audience.state
        if name in LAWFUL[before]:
            step(self.audience)
            assert self.audience.state is LAWFUL[before][name]
            return True
        with pytest.raises(UnlawfulTransition):
            step(self.audience)
        assert self.audience.state is before
        return False


TestWalk = Walk.TestCase
TestWalk.settings = settings(max_examples=60, stateful_step_count=30)
