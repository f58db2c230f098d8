"""The switchboard: which lines stand, who waits, which calls are under way; everybody is told what concerns them.

Places in the queue and states of audiences are rows in the store; here are only the lines and a reading of the rows.
What is lost with this process is therefore a line, which comes back by itself, and never a citizen's place. Calls that
were under way are taken up again from their rows, and their ends say how they stand.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Protocol

from signaling import views
from signaling.call_relays import CallRelays
from signaling.calls import Calls, RunningCall
from signaling.core import call as call_core
from signaling.core import waiting_room
from signaling.core.call import Call, End
from signaling.core.peer import Endpoint
from signaling.core.waiting_room import LineDown, LineUp, Refreshed, WaitingRoom
from signaling.ice import IceIssuer
from signaling.line import Line
from signaling.reading import Reading, calls_under_way, read, venue_key
from signaling.runner import Runner
from signaling.strangers import Strangers
from tawasul.access.policy import KioskPrincipal, Principal
from tawasul.domain.audience import Audience, AudienceId, CallId, State
from tawasul.domain.errors import Refused
from tawasul.domain.places import KioskId
from tawasul.domain.sitting import SittingId
from tawasul.protocol.base import PROTOCOL_VERSION, BothNames
from tawasul.protocol.from_endpoint import Hello
from tawasul.protocol.from_server import Party, Pulse, Welcome
from tawasul.protocol.ice import IceConfiguration
from tawasul.store.unit_of_work import UnitOfWorkFactory

PULSE_EVERY = 10.0
"""Seconds. An endpoint that misses two makes its line anew: a dead line is known before a person asks."""

READ_AT_LEAST_EVERY = 15.0
"""Seconds. Events tell of changes at once; this mends what an event could not tell (another process, a lost one)."""

READ_AGAIN_AFTER = 1.0
"""Seconds after a reading that failed."""

LOOK_AGAIN_EVERY = 6
"""Pulses' times. A sign-in that ended a minute ago may still listen, no longer."""

GOING_AWAY = 1012
"""WebSocket close code "service restart" (IANA registry)."""

log = logging.getLogger(__name__)


class Door(Protocol):
    """Who may have a line: the doorkeeper."""

    async def recognise_kiosk(self, nonce: str, kiosk_id: KioskId, signature: str) -> KioskPrincipal:
        """Who a kiosk is. Raises: KioskNotRecognised: not registered, or the signature is not that of its key."""

    async def look_again(self, principal: Principal) -> None:
        """Nothing, while what the principal came in by still holds. Raises: Refused: it does not."""


class Switchboard:
    """One a process. ``run`` it for as long as lines are taken."""

    def __init__(
        self,
        *,
        units: UnitOfWorkFactory,
        ice: IceIssuer,
        door: Door,
        clock: Callable[[], datetime],
    ) -> None:
        self.door = door
        self.strangers = Strangers()
        self.ready = asyncio.Event()
        self._units = units
        self.relays = CallRelays(ice, units, clock)
        self._clock = clock
        self._room = WaitingRoom()
        self._room_runner: Runner[waiting_room.Input, waiting_room.Effect] = Runner(
            self._room, self._tell_of_room, passed=waiting_room.Passed()
        )
        self.reading = Reading()
        self._dirty = asyncio.Event()
        self._venues: dict[str, Line] = {}
        self._offices: dict[Line, SittingId | None] = {}
        self._chose: set[Line] = set()
        self._starting: set[CallId] = set()
        self._over: deque[CallId] = deque(maxlen=1000)
        self._calls: Calls | None = None

    # What the gateway and the composition root call

    async def run(self) -> None:
        """Until cancelled. Lines are told that the service restarts when it stops."""
        try:
            async with asyncio.TaskGroup() as tasks:
                self._calls = Calls(tasks, self._call_ended)
                tasks.create_task(self._room_runner.run(), name="waiting room")
                tasks.create_task(self._keep_reading(), name="reading")
                tasks.create_task(self._keep_pulse(), name="pulse")
                tasks.create_task(self._keep_looking(), name="door")
        finally:
            self.ready.clear()
            for line in [*self._venues.values(), *self._offices]:
                line.hang_up(GOING_AWAY)

    def changed(self) -> None:
        """The store holds something new."""
        self._dirty.set()

    async def greet(self, line: Line, hello: Hello) -> None:
        """The endpoint at this line has said hello: it is told how everything stands."""
        line.say(
            Welcome(
                protocol=PROTOCOL_VERSION,
                endpoint=line.endpoint.value,
                name=self._name_of(line),
                server_time=self._clock(),
            )
        )
        if hello.call is not None and self.call(hello.call.call_id) is None:
            line.refuse("no-such-call", about="hello")
        if line.endpoint is Endpoint.OFFICE:
            self._greet_office(line, hello)
        else:
            self._greet_venue(line, hello)

    def left(self, line: Line) -> None:
        """The line is gone."""
        if line in self._offices:
            del self._offices[line]
            self._chose.discard(line)
            for call in self._running_calls.all():
                if call.holder is line:
                    call.holder = None
                    call.give(call_core.Left(End.OFFICE))
            self._tell_all_venues()
        elif self._venues.get(line.key) is line:
            del self._venues[line.key]
            self._room_runner.give(LineDown(line.key))
            for call in self._running_calls.of_venue(line.key):
                call.give(call_core.Left(End.CITIZEN))

    # What requests need

    def call(self, call_id: str) -> RunningCall | None:
        """The call, if it is under way."""
        return self._running_calls.get(call_id)

    def call_of_audience(self, audience_id: AudienceId) -> RunningCall | None:
        """The call of this audience, if one is under way."""
        return self._running_calls.of_audience(audience_id)

    def shows(self, console: Line) -> SittingId | None:
        """The sitting that a console shows."""
        return self._offices.get(console)

    @contextlib.contextmanager
    def starting(self, call_id: CallId) -> Iterator[None]:
        """Between the row and the call that runs: a reading in this moment is not to take the call up as a lost one."""
        self._starting.add(call_id)
        try:
            yield
        finally:
            self._starting.discard(call_id)

    def start_call(self, audience: Audience) -> RunningCall:
        """The call of an audience that has just been called in."""
        assert audience.call_id is not None, "a called-in audience has a call"
        call = self._take_up(audience, Call(audience.call_id, began_at=asyncio.get_running_loop().time()))
        self.changed()
        return call

    # What a running call needs (calls.Surroundings)

    def now(self) -> datetime:
        """The server's clock, UTC."""
        return self._clock()

    def line_of(self, venue: str) -> Line | None:
        """The line that stands to this venue."""
        return self._venues.get(venue)

    def witnesses(self, sitting_id: SittingId, venue: str) -> list[Line]:
        """Every line that is told of this citizen: the venue's, and all consoles that show the sitting."""
        citizen = self.line_of(venue)
        return [*self._offices_of(sitting_id), *([citizen] if citizen else [])]

    def stands(self, call: RunningCall) -> None:
        """A call's state changed: if the office's end is free, a console that is open may take it."""
        self._give_free_office_end(call)

    def parties(self, audience_id: AudienceId) -> tuple[Party, Party]:
        """The office as the citizen sees it, and the citizen as the office sees them."""
        return views.office_as_party(), views.citizen_as_party(self.reading.audiences[audience_id], self.reading)

    def ice_for(self, line: Line, call: RunningCall) -> IceConfiguration:
        """The relays for the end at this line, with credentials for this call."""
        return self.relays.issue(line, call, self.reading)

    # Lines

    def _greet_office(self, line: Line, hello: Hello) -> None:
        wanted = SittingId(hello.sitting_id) if hello.sitting_id else self._sitting_of(line, hello)
        self._offices[line] = wanted
        if hello.sitting_id:
            self._chose.add(line)
        line.say(views.board(self.reading, self._room, wanted, self._clock()))
        self._tell_all_venues()
        for call in self._running_calls.of_sitting(wanted) if wanted else ():
            if hello.call is not None and hello.call.call_id == call.call_id:
                call.take_office_end(line, hello.call)
            elif call.holder is None and call.holder_principal == line.principal:
                # The same sign-in without its media: the page was loaded anew.
                call.take_office_end(line, None)
            else:
                call.tell_state(line)
                self._give_free_office_end(call)

    def _sitting_of(self, line: Line, hello: Hello) -> SittingId | None:
        """The sitting of the call that this page holds, or held until it was loaded anew; otherwise the present one."""
        for call in self._running_calls.all():
            held = hello.call is not None and hello.call.call_id == call.call_id
            if held or (call.holder is None and call.holder_principal == line.principal):
                return call.sitting_id
        current = self.reading.current(self._clock())
        return current.id if current else None

    def _greet_venue(self, line: Line, hello: Hello) -> None:
        if before := self._venues.get(line.key):
            before.close("replaced")
        self._venues[line.key] = line
        self._room_runner.give(LineUp(line.key))
        for call in self._running_calls.of_venue(line.key):
            ongoing = hello.call if hello.call and hello.call.call_id == call.call_id else None
            call.give(call_core.Returned(End.CITIZEN, ongoing))

    def _name_of(self, line: Line) -> BothNames:
        if line.endpoint is Endpoint.OFFICE:
            return BothNames.of(views.OFFICE)
        if line.endpoint is Endpoint.KIOSK:
            kiosk = self.reading.kiosks.get(KioskId(line.key.removeprefix("kiosk:")))
            return BothNames.of(kiosk.name) if kiosk else BothNames(arabic="كشك", english="Kiosk")
        return BothNames.of(views.OWN_LOCATION)

    def _give_free_office_end(self, call: RunningCall) -> None:
        """A call that nobody at the office holds goes to the newest page of the office, if there is one."""
        if call.office_end_is_free():
            for line, sitting_id in reversed(self._offices.items()):
                known = call.holder_principal
                if sitting_id == call.sitting_id and (known is None or known == line.principal):
                    call.take_office_end(line, None)
                    return

    # Reading and telling

    async def _keep_reading(self) -> None:
        while True:
            self._dirty.clear()
            pause = READ_AT_LEAST_EVERY
            try:
                self.reading = await read(self._units, self._clock(), remember_for=self.relays.remember_for)
                self._restore_calls()
                self._follow_the_day()
                self._room_runner.give(Refreshed(self.reading.entries()))
                self.ready.set()
            except Exception:
                log.exception("the store could not be read; it is tried again")
                pause = READ_AGAIN_AFTER
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._dirty.wait()

    def _restore_calls(self) -> None:
        now = asyncio.get_running_loop().time()
        for audience in calls_under_way(list(self.reading.audiences.values())):
            call_id = audience.call_id
            if call_id is None or call_id in self._running_calls or call_id in self._starting or call_id in self._over:
                continue
            joined = audience.state is State.IN_CALL
            self._take_up(audience, Call(call_id, began_at=now, joined=joined, restored=True))

    def _take_up(self, audience: Audience, state: Call) -> RunningCall:
        call = RunningCall(
            call_id=CallId(state.call_id),
            audience_id=audience.id,
            reference=audience.reference,
            sitting_id=audience.sitting_id,
            venue=venue_key(audience),
            since=audience.joined_at or audience.called_in_at or self._clock(),
            state=state,
            around=self,
            units=self._units,
        )
        self._running_calls.start(call)
        if self.line_of(call.venue):
            call.give(call_core.Returned(End.CITIZEN))
        return call

    async def _keep_pulse(self) -> None:
        while True:
            await asyncio.sleep(PULSE_EVERY)
            pulse = Pulse(server_time=self._clock())
            for line in [*self._venues.values(), *self._offices]:
                line.say(pulse)

    async def _keep_looking(self) -> None:
        """Beside the pulse: it asks the store, and where that is slow no line is to be thought dead."""
        while True:
            await asyncio.sleep(PULSE_EVERY * LOOK_AGAIN_EVERY)
            await self._show_out()

    async def _show_out(self) -> None:
        """Who has signed out, whose time is over, whose kiosk or link was withdrawn: their line ends too."""
        for line in [*self._venues.values(), *self._offices]:
            try:
                await self.door.look_again(line.principal)
            except Refused as refusal:
                line.close(refusal.code)
            except Exception:
                log.exception("a line's proof could not be looked at again; it is, a minute later")

    async def _tell_of_room(self, effect: waiting_room.Effect) -> None:
        match effect:
            case waiting_room.TellOffice(sitting_id):
                for line in self._offices_of(sitting_id):
                    line.say(views.board(self.reading, self._room, sitting_id, self._clock()))
            case waiting_room.TellVenue(venue):
                self._tell_venue(venue)

    def _follow_the_day(self) -> None:
        """Consoles that asked for no sitting in particular show the present one, also when the one before is over."""
        current = self.reading.current(self._clock())
        if current is None:
            return
        for line, shown in self._offices.items():
            # Nor from one whose call they hold: nothing would reach that call any more.
            holds = shown is not None and any(c.holder is line for c in self._running_calls.of_sitting(shown))
            if shown != current.id and line not in self._chose and not holds:
                self._offices[line] = current.id
                line.say(views.board(self.reading, self._room, current.id, self._clock()))

    def _tell_venue(self, venue: str) -> None:
        line = self.line_of(venue)
        if line is None:
            return
        there = self._room.at(venue)
        present = any(self._offices_of(entry.sitting_id) for entry in there) if there else bool(self._offices)
        line.say(views.waiting(self.reading, self._room, venue, office_present=present, now=self._clock()))

    def _tell_all_venues(self) -> None:
        for venue in list(self._venues):
            self._tell_venue(venue)

    def _offices_of(self, sitting_id: SittingId) -> list[Line]:
        return [line for line, shown in self._offices.items() if shown == sitting_id]

    def _call_ended(self, call: RunningCall) -> None:
        # A reading may be older than the end of the call: it must not take it up again. One whose end could not be
        # written is taken up again on purpose: it will end once more.
        if call.recorded:
            self._over.append(call.call_id)
        self.changed()

    @property
    def _running_calls(self) -> Calls:
        assert self._calls is not None, "the switchboard runs before lines are taken"
        return self._calls
