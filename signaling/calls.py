"""The calls that are under way: each a core with its runner, the line of each end, and the steps of its audience."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from signaling.core import call as core
from signaling.core.call import Call, End
from signaling.line import Line
from signaling.runner import Runner
from tawasul.access.policy import Principal
from tawasul.domain.audience import Audience, AudienceId, CallId, State
from tawasul.domain.errors import Conflict, NotFound, Stale
from tawasul.domain.sitting import SittingId
from tawasul.protocol.from_endpoint import OngoingCall
from tawasul.protocol.from_server import CallState, Ended, EndState, Negotiate, Party
from tawasul.protocol.ice import IceConfiguration
from tawasul.store.unit_of_work import UnitOfWorkFactory

RECORD_TRIES = 5
"""Of one step, where the desk changes the same row in the same moment: each of them looks at the row anew."""

log = logging.getLogger(__name__)


class Surroundings(Protocol):
    """What a call needs of the switchboard."""

    def now(self) -> datetime:
        """The server's clock, UTC."""

    def line_of(self, venue: str) -> Line | None:
        """The line that stands to this venue."""

    def witnesses(self, sitting_id: SittingId, venue: str) -> list[Line]:
        """Every line that is told of this citizen."""

    def stands(self, call: RunningCall) -> None:
        """Its state changed."""

    def parties(self, audience_id: AudienceId) -> tuple[Party, Party]:
        """The office as the citizen sees it, and the citizen as the office sees them."""

    def ice_for(self, line: Line, call: RunningCall) -> IceConfiguration:
        """The relays for the end at this line."""

    def changed(self) -> None:
        """The store holds something new."""


class RunningCall:
    """One call under way. ``holder`` is the office's line that holds the office's end."""

    def __init__(
        self,
        *,
        call_id: CallId,
        audience_id: AudienceId,
        reference: str,
        sitting_id: SittingId,
        venue: str,
        since: datetime,
        state: Call,
        around: Surroundings,
        units: UnitOfWorkFactory,
    ) -> None:
        self.call_id = call_id
        self.audience_id = audience_id
        self.reference = reference
        self.sitting_id = sitting_id
        self.venue = venue
        self.state = state
        self.holder: Line | None = None
        self.holder_principal: Principal | None = None
        self.recorded = True
        self._around = around
        self._units = units
        self._since = since
        self._runner: Runner[core.Input, core.Effect] = Runner(state, self._perform, passed=core.Passed())

    async def run(self) -> None:
        """Until the call is over."""
        await self._runner.run()

    def give(self, given: core.Input) -> None:
        """Hands an input to the core."""
        self._runner.give(given)

    def take_office_end(self, line: Line, ongoing: OngoingCall | None) -> None:
        """This line of the office holds the office's end from now on."""
        self.holder = line
        self.holder_principal = line.principal
        self.give(core.Returned(End.OFFICE, ongoing))

    def office_end_is_free(self) -> bool:
        """Nobody at the office holds the call, as far as anybody can tell: no line does, and no media go on."""
        return self.holder is None and not self.state.ends[End.OFFICE].online and self.state.phase != "in-call"

    def line(self, end: End) -> Line | None:
        """The line of an end, if it stands."""
        return self.holder if end is End.OFFICE else self._around.line_of(self.venue)

    def tell_state(self, line: Line) -> None:
        """How the call stands, to one line."""
        phase = self.state.phase
        if phase == "over":
            return
        office, citizen = (
            EndState(online=s.online, connected=s.connected, path=s.path)
            for s in (self.state.ends[End.OFFICE], self.state.ends[End.CITIZEN])
        )
        line.say(
            CallState(
                call_id=self.call_id,
                audience_id=self.audience_id,
                attempt=max(1, self.state.attempt),
                phase=phase,
                office=office,
                citizen=citizen,
                since=self._since,
            )
        )

    async def _perform(self, effect: core.Effect) -> None:
        match effect:
            case core.Pass(to, message):
                if line := self.line(to):
                    line.say(message)
            case core.Negotiate(attempt):
                self._negotiate(attempt)
            case core.TellState():
                for line in self._around.witnesses(self.sitting_id, self.venue):
                    self.tell_state(line)
                self._around.stands(self)
            case core.Record(step, reason):
                await self._record(step, reason)
                self._around.changed()
            case core.Finish(because, waits_again):
                ended = Ended(
                    call_id=self.call_id, audience_id=self.audience_id, because=because, waits_again=waits_again
                )
                for line in self._around.witnesses(self.sitting_id, self.venue):
                    line.say(ended)
                self._runner.stop()

    def _negotiate(self, attempt: int) -> None:
        office, citizen = self._around.parties(self.audience_id)
        for end, other in ((End.CITIZEN, office), (End.OFFICE, citizen)):
            if line := self.line(end):
                line.say(
                    Negotiate(
                        call_id=self.call_id,
                        attempt=attempt,
                        audience_id=self.audience_id,
                        reference=self.reference,
                        offers=end is End.CITIZEN,
                        ice=self._around.ice_for(line, self),
                        other=other,
                    )
                )

    async def _record(self, step: str, reason: str) -> None:
        self.recorded = False
        for left in reversed(range(RECORD_TRIES)):
            try:
                async with self._units() as work:
                    audience = await work.audiences.get(self.audience_id)
                    if audience.call_id != self.call_id:
                        raise NotFound("call")
                    self._step(audience, step, reason)
                    await work.audiences.save(audience)
                    await work.commit()
            except Stale:
                # Not this step was overtaken, only the look at the row: the desk has seen an identity meanwhile.
                if left:
                    continue
                raise
            except (Conflict, NotFound) as error:
                # Somebody concluded it in the same moment: their step stands, and the board shows it.
                log.info("call %s: step %s was overtaken (%s)", self.call_id, step, error.code)
            break
        self.recorded = True
        if step == "join":
            self._since = self._around.now()

    def _step(self, audience: Audience, step: str, reason: str) -> None:
        if step == "interrupt":
            audience.interrupt(reason)
            return
        if step == "join" or audience.state is State.CALLED_IN:
            # Whoever was heard has joined, also where that could not be written at its time.
            audience.join(self._around.now())
        if step == "hear":
            audience.hear(self._around.now())


class Calls:
    """All calls under way, by id. ``ended`` is called for each that is over."""

    def __init__(self, tasks: asyncio.TaskGroup, ended: Callable[[RunningCall], None]) -> None:
        self._tasks = tasks
        self._ended = ended
        self._calls: dict[CallId, RunningCall] = {}

    def start(self, call: RunningCall) -> None:
        """Runs it until it is over."""
        self._calls[call.call_id] = call
        self._tasks.create_task(self._run(call), name=f"call {call.call_id}")

    def get(self, call_id: str) -> RunningCall | None:
        """The call, if it is under way."""
        return self._calls.get(CallId(call_id))

    def all(self) -> list[RunningCall]:
        """Every one."""
        return list(self._calls.values())

    def of_sitting(self, sitting_id: SittingId) -> list[RunningCall]:
        """Those of a sitting."""
        return [c for c in self._calls.values() if c.sitting_id == sitting_id]

    def of_venue(self, venue: str) -> list[RunningCall]:
        """Those whose citizen is there."""
        return [c for c in self._calls.values() if c.venue == venue]

    def of_audience(self, audience_id: str) -> RunningCall | None:
        """That of an audience."""
        return next((c for c in self._calls.values() if c.audience_id == audience_id), None)

    def __contains__(self, call_id: object) -> bool:
        return call_id in self._calls

    async def _run(self, call: RunningCall) -> None:
        try:
            await call.run()
        except Exception:
            # One call's mishap is not to end the others: its row is taken up again by the next reading.
            call.recorded = False
            log.exception("call %s stopped", call.call_id)
        finally:
            self._calls.pop(call.call_id, None)
        self._ended(call)
