"""The switchboard: which lines stand, who waits, which calls are under way; everybody is told what concerns them.

Places in the queue and states of audiences are rows in the store; here are only the lines and a reading of the rows.
What is lost with this process is therefore a line, which comes back by itself, and never a citizen's place. Calls that
were under way are taken up again from their rows, and their ends say how they stand.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections import deque
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from signaling import office, views
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
from tawasul.access.policy import CitizenPrincipal, KioskPrincipal
from tawasul.domain.audience import Audience, AudienceId, CallId, State
from tawasul.domain.errors import NoSuchCall, NotFound, Refused, TawasulError, TooManyAttempts, VenueNotConnected
from tawasul.domain.outcome import Directive
from tawasul.domain.places import KioskId
from tawasul.domain.sitting import SittingId
from tawasul.protocol.base import PROTOCOL_VERSION, BothNames
from tawasul.protocol.from_endpoint import CallIn, CheckIn, Conclude, FromEndpoint, HangUp, Hello, Media, Relayed
from tawasul.protocol.from_server import Concluded, Party, Pulse, Welcome
from tawasul.protocol.ice import IceConfiguration
from tawasul.store.unit_of_work import UnitOfWorkFactory

PULSE_EVERY = 10.0
"""Seconds. An endpoint that misses two makes its line anew: a dead line is known before a person asks."""

READ_AT_LEAST_EVERY = 15.0
"""Seconds. Events tell of changes at once; this mends what an event could not tell (another process, a lost one)."""

GOING_AWAY = 1012
"""WebSocket close code "service restart" (IANA registry)."""

log = logging.getLogger(__name__)


class Arrivals(Protocol):
    """The scheduler's part in an arrival. The composition root lends it: rooms do not know each other."""

    async def check_in_by_reference(self, kiosk: KioskPrincipal, typed: str) -> Audience:
        """A citizen with this reference stands at this kiosk."""

    async def check_in_own(self, citizen: CitizenPrincipal) -> Audience:
        """The citizen of this device is ready, where they are."""


class KioskDoor(Protocol):
    """Who a kiosk is, by its device key."""

    async def recognise_kiosk(self, nonce: str, kiosk_id: KioskId, signature: str) -> KioskPrincipal:
        """Raises: KioskNotRecognised: not registered, or the signature is not that of its key."""


class Switchboard:
    """One a process. ``run`` it for as long as lines are taken."""

    def __init__(
        self,
        *,
        units: UnitOfWorkFactory,
        ice: IceIssuer,
        arrivals: Arrivals,
        kiosk_door: KioskDoor,
        clock: Callable[[], datetime],
    ) -> None:
        self.kiosk_door = kiosk_door
        self.ready = asyncio.Event()
        self._units = units
        self._ice = ice
        self._arrivals = arrivals
        self._clock = clock
        self._room = WaitingRoom()
        self._room_runner: Runner[waiting_room.Input, waiting_room.Effect] = Runner(
            self._room, self._tell_of_room, passed=waiting_room.Passed()
        )
        self._reading = Reading()
        self._dirty = asyncio.Event()
        self._venues: dict[str, Line] = {}
        self._offices: dict[Line, SittingId | None] = {}
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
        finally:
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
        if hello.call is not None and self._running(hello.call.call_id) is None:
            line.refuse("no-such-call", about="hello")
        if line.endpoint is Endpoint.OFFICE:
            self._greet_office(line, hello)
        else:
            self._greet_venue(line, hello)

    async def deliver(self, line: Line, message: FromEndpoint) -> None:
        """A lawful message came in on this line. What is refused is told on it, and nowhere else."""
        try:
            await self._act(line, message)
        except TooManyAttempts as error:
            line.refuse(error.code, about=message.type, retry_after=error.retry_after)
        except TawasulError as error:
            line.refuse(error.code, about=message.type)

    def left(self, line: Line) -> None:
        """The line is gone."""
        if line in self._offices:
            del self._offices[line]
            for call in self._all_calls():
                if call.holder is line:
                    call.holder = None
                    call.give(call_core.Left(End.OFFICE))
            self._tell_all_venues()
        elif self._venues.get(line.key) is line:
            del self._venues[line.key]
            self._room_runner.give(LineDown(line.key))
            for call in self._running_calls.of_venue(line.key):
                call.give(call_core.Left(End.CITIZEN))

    # What a running call needs (calls.Surroundings)

    def now(self) -> datetime:
        """The server's clock, UTC."""
        return self._clock()

    def line_of(self, venue: str) -> Line | None:
        """The line that stands to this venue."""
        return self._venues.get(venue)

    def witnesses(self, call: RunningCall) -> list[Line]:
        """Every line that is told how this call stands: the citizen's, and all consoles that show its sitting."""
        citizen = self.line_of(call.venue)
        return [*self._offices_of(call.sitting_id), *([citizen] if citizen else [])]

    def stands(self, call: RunningCall) -> None:
        """A call's state changed: if the office's end is free, a console that is open may take it."""
        self._give_free_office_end(call)

    def parties(self, audience_id: AudienceId) -> tuple[Party, Party]:
        """The office as the citizen sees it, and the citizen as the office sees them."""
        return views.office_as_party(), views.citizen_as_party(self._reading.audiences[audience_id], self._reading)

    def ice_for(self, line: Line, call: RunningCall) -> IceConfiguration:
        """The relays for the end at this line, with credentials for this call."""
        policy = self._ice.policy_of(own_location=call.venue.startswith("citizen:"))
        end = "office" if line.endpoint is Endpoint.OFFICE else "citizen"
        name = f"{call.call_id}.{end}"
        return self._ice.issue(name, host=line.host, policy=policy, now=self._clock().timestamp())

    # Lines

    def _greet_office(self, line: Line, hello: Hello) -> None:
        current = self._reading.current(self._clock())
        wanted = SittingId(hello.sitting_id) if hello.sitting_id else (current.id if current else None)
        self._offices[line] = wanted
        line.say(views.board(self._reading, self._room, wanted, self._clock()))
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
            kiosk = self._reading.kiosks.get(KioskId(line.key.removeprefix("kiosk:")))
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

    # Messages

    async def _act(self, line: Line, message: FromEndpoint) -> None:
        match message:
            case CallIn():
                await self._call_in(line, AudienceId(message.audience_id))
            case Conclude():
                await self._conclude(message)
            case CheckIn():
                await self._check_in(line, message)
            case HangUp():
                call, end = self._call_of(line, message.call_id, by_holder=False)
                call.give(call_core.HungUp(end))
            case Hello():
                raise AssertionError("the line's core delivers no second hello")
            case _:
                self._pass_on(line, message)

    def _pass_on(self, line: Line, message: Relayed | Media) -> None:
        # What an end had on its way when the call ended is no mistake of its.
        with contextlib.suppress(NoSuchCall):
            call, end = self._call_of(line, message.call_id)
            call.give(call_core.Said(end, message))

    async def _call_in(self, line: Line, audience_id: AudienceId) -> None:
        audience = self._reading.audiences.get(audience_id)
        if audience is None:
            raise NotFound("audience")
        if self.line_of(venue_key(audience)) is None:
            raise VenueNotConnected
        call_id = CallId(secrets.token_urlsafe(12))
        self._starting.add(call_id)
        try:
            audience = await office.call_in(self._units, audience_id, call_id, self._clock())
            call = self._take_up(audience, Call(call_id, began_at=asyncio.get_running_loop().time()))
        finally:
            self._starting.discard(call_id)
        if self.line_of(call.venue):
            call.give(call_core.Returned(End.CITIZEN))
        call.take_office_end(line, None)
        self.changed()

    async def _conclude(self, message: Conclude) -> None:
        audience_id = AudienceId(message.audience_id)
        audience = await office.conclude(self._units, audience_id, message.directive, self._clock())
        if call := self._running_calls.of_audience(audience_id):
            call.give(call_core.WasConcluded())
        told = Concluded(
            audience_id=audience.id,
            reference=audience.reference,
            directed=isinstance(audience.outcome, Directive),
        )
        for line in [*self._offices_of(audience.sitting_id), self.line_of(venue_key(audience))]:
            if line is not None:
                line.say(told)
        self.changed()

    async def _check_in(self, line: Line, message: CheckIn) -> None:
        match line.principal:
            case KioskPrincipal() as kiosk:
                await self._arrivals.check_in_by_reference(kiosk, message.reference or "")
            case CitizenPrincipal() as citizen:
                await self._arrivals.check_in_own(citizen)
            case _:
                raise Refused
        self.changed()

    def _call_of(self, line: Line, call_id: str, *, by_holder: bool = True) -> tuple[RunningCall, End]:
        """The call, and the end at which this line stands in it.

        Raises:
            NoSuchCall: it is over, or is not this line's.
        """
        call = self._running(call_id)
        if call is not None:
            if line.endpoint is not Endpoint.OFFICE and call.venue == line.key:
                return call, End.CITIZEN
            in_office = self._offices.get(line) == call.sitting_id and line.endpoint is Endpoint.OFFICE
            if in_office and (call.holder is line or not by_holder):
                return call, End.OFFICE
        raise NoSuchCall

    # Reading and telling

    async def _keep_reading(self) -> None:
        while True:
            self._dirty.clear()
            try:
                self._reading = await read(self._units, self._clock())
                self._restore_calls()
                self._room_runner.give(Refreshed(self._reading.entries()))
                self.ready.set()
            except Exception:
                log.exception("the store could not be read; it is tried again")
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(READ_AT_LEAST_EVERY if self.ready.is_set() else 1.0):
                    await self._dirty.wait()

    def _restore_calls(self) -> None:
        now = asyncio.get_running_loop().time()
        for audience in calls_under_way(list(self._reading.audiences.values())):
            call_id = audience.call_id
            if call_id is None or call_id in self._running_calls or call_id in self._starting or call_id in self._over:
                continue
            joined = audience.state is State.IN_CALL
            call = self._take_up(audience, Call(call_id, began_at=now, joined=joined, restored=True))
            if self.line_of(call.venue):
                call.give(call_core.Returned(End.CITIZEN))

    def _take_up(self, audience: Audience, state: Call) -> RunningCall:
        call = RunningCall(
            call_id=CallId(state.call_id),
            audience_id=audience.id,
            reference=audience.reference,
            sitting_id=audience.sitting_id,
            venue=venue_key(audience),
            state=state,
            around=self,
            units=self._units,
        )
        self._running_calls.start(call)
        return call

    async def _keep_pulse(self) -> None:
        while True:
            await asyncio.sleep(PULSE_EVERY)
            pulse = Pulse(server_time=self._clock())
            for line in [*self._venues.values(), *self._offices]:
                line.say(pulse)

    async def _tell_of_room(self, effect: waiting_room.Effect) -> None:
        match effect:
            case waiting_room.TellOffice(sitting_id):
                self._follow_the_day()
                for line in self._offices_of(sitting_id):
                    line.say(views.board(self._reading, self._room, sitting_id, self._clock()))
            case waiting_room.TellVenue(venue):
                self._tell_venue(venue)

    def _follow_the_day(self) -> None:
        """Consoles that were opened before there was a sitting, and those of the one before, see the present one."""
        current = self._reading.current(self._clock())
        for line, shown in self._offices.items():
            if current is not None and shown is None:
                self._offices[line] = current.id

    def _tell_venue(self, venue: str) -> None:
        line = self.line_of(venue)
        if line is None:
            return
        there = self._room.at(venue)
        present = any(self._offices_of(entry.sitting_id) for entry in there) if there else bool(self._offices)
        line.say(views.waiting(self._reading, self._room, venue, office_present=present, now=self._clock()))

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

    def _running(self, call_id: str) -> RunningCall | None:
        return self._running_calls.get(call_id)

    def _all_calls(self) -> list[RunningCall]:
        return self._running_calls.all()

    @property
    def _running_calls(self) -> Calls:
        assert self._calls is not None, "the switchboard runs before lines are taken"
        return self._calls
