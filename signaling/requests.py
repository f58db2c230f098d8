"""What endpoints ask for on their lines, carried out. What is refused is told on the line that asked, to no other."""

from __future__ import annotations

import contextlib
import logging
import secrets
from typing import Protocol

from signaling import office
from signaling.calls import RunningCall
from signaling.core import call as call_core
from signaling.core.call import End
from signaling.core.peer import Endpoint
from signaling.line import Line
from signaling.reading import venue_key
from signaling.switchboard import Switchboard
from signaling.views import is_in_the_room
from tawasul.access.policy import CitizenPrincipal, KioskPrincipal
from tawasul.domain.agency import AgencyId
from tawasul.domain.audience import Audience, AudienceId, CallId
from tawasul.domain.errors import NoSuchCall, NotFound, Refused, TawasulError, TooManyAttempts, VenueNotConnected
from tawasul.domain.outcome import Directive, HeardOnly
from tawasul.domain.venue import InPerson
from tawasul.protocol.from_endpoint import Alarm, CallIn, CheckIn, Conclude, FromEndpoint, HangUp, Hello, Media, Relayed
from tawasul.protocol.from_server import Concluded
from tawasul.store.unit_of_work import UnitOfWorkFactory

log = logging.getLogger(__name__)


class Arrivals(Protocol):
    """The scheduler's part in an arrival. The composition root lends it: rooms do not know each other."""

    async def check_in_by_reference(self, kiosk: KioskPrincipal, typed: str) -> Audience:
        """A citizen with this reference stands at this kiosk."""

    async def check_in_own(self, citizen: CitizenPrincipal) -> Audience:
        """The citizen of this device is ready, where they are."""


class Requests:
    """One a process, beside the switchboard."""

    def __init__(self, switchboard: Switchboard, units: UnitOfWorkFactory, arrivals: Arrivals) -> None:
        self._switchboard = switchboard
        self._units = units
        self._arrivals = arrivals

    async def deliver(self, line: Line, message: FromEndpoint) -> None:
        """A lawful message came in on this line."""
        try:
            await self._act(line, message)
        except TooManyAttempts as error:
            line.refuse(error.code, about=message.type, retry_after=error.retry_after)
        except TawasulError as error:
            line.refuse(error.code, about=message.type)
        except Exception:
            # A full disk, say. Whoever asked has to know that nothing was done; the line is not to blame.
            log.exception("%s could not be carried out", message.type)
            line.refuse("internal", about=message.type)

    async def _act(self, line: Line, message: FromEndpoint) -> None:
        match message:
            case CallIn():
                await self._call_in(line, AudienceId(message.audience_id))
            case Conclude():
                await self._conclude(message)
            case CheckIn():
                await self._check_in(line, message)
            case HangUp() if in_the_room := self._in_the_room(line, message.call_id):
                await office.let_go(
                    self._units,
                    in_the_room,
                    CallId(message.call_id),
                    self._switchboard.now(),
                    waits_again=message.takes_back,
                )
                self._switchboard.changed()
            case HangUp():
                call, end = self._call_of(line, message.call_id, by_holder=False)
                call.give(call_core.HungUp(end))
            case Alarm():
                self._alarm(line, message)
            case Hello():
                raise AssertionError("the line's core delivers no second hello")
            case _:
                await self._pass_on(line, message)

    async def _call_in(self, line: Line, audience_id: AudienceId) -> None:
        audience = self._switchboard.reading.audiences.get(audience_id)
        if audience is None or audience.sitting_id != self._switchboard.shows(line):
            # Not of this console's board (any more): it could not be told how the call stands.
            raise NotFound("audience")
        call_id = CallId(secrets.token_urlsafe(12))
        if isinstance(audience.venue, InPerson):
            await office.call_in(self._units, audience_id, call_id, self._switchboard.now())
            self._switchboard.changed()
            return
        if self._switchboard.line_of(venue_key(audience)) is None:
            raise VenueNotConnected
        with self._switchboard.starting(call_id):
            audience = await office.call_in(self._units, audience_id, call_id, self._switchboard.now())
            call = self._switchboard.start_call(audience)
        call.take_office_end(line, None)

    async def _conclude(self, message: Conclude) -> None:
        audience_id = AudienceId(message.audience_id)
        audience = await office.conclude(self._units, audience_id, _outcome(message), self._switchboard.now())
        if call := self._switchboard.call_of_audience(audience_id):
            call.give(call_core.WasConcluded())
        told = Concluded(
            audience_id=audience.id,
            reference=audience.reference,
            directed=isinstance(audience.outcome, Directive),
        )
        for line in self._switchboard.witnesses(audience.sitting_id, venue_key(audience)):
            line.say(told)
        self._switchboard.changed()

    async def _check_in(self, line: Line, message: CheckIn) -> None:
        match line.principal:
            case KioskPrincipal() as kiosk:
                await self._arrivals.check_in_by_reference(kiosk, message.reference or "")
            case CitizenPrincipal() as citizen:
                await self._arrivals.check_in_own(citizen)
            case _:
                raise Refused
        self._switchboard.changed()

    def _alarm(self, line: Line, message: Alarm) -> None:
        with contextlib.suppress(NoSuchCall):
            call, end = self._call_of(line, message.call_id)
            # For whoever watches over the service: somebody may stand between the ends, or a certificate has lapsed.
            log.error("privacy alarm: call %s, the %s's end refuses: %s", call.call_id, end, message.code)
            call.give(call_core.Alarmed(end, message.code))

    async def _pass_on(self, line: Line, message: Relayed | Media) -> None:
        # What an end had on its way when the call ended is no mistake of its.
        with contextlib.suppress(NoSuchCall):
            call, end = self._call_of(line, message.call_id)
            call.give(call_core.Said(end, message))
            if isinstance(message, Media):
                await self._switchboard.relays.remember(line, message, self._switchboard.reading)

    def _in_the_room(self, line: Line, call_id: str) -> AudienceId | None:
        """Who is received in person under this id at the sitting that this console shows."""
        shown = self._switchboard.shows(line) if line.endpoint is Endpoint.OFFICE else None
        for audience in self._switchboard.reading.of_sitting(shown) if shown else ():
            if audience.call_id == call_id and is_in_the_room(audience):
                return audience.id
        return None

    def _call_of(self, line: Line, call_id: str, *, by_holder: bool = True) -> tuple[RunningCall, End]:
        """The call, and the end at which this line stands in it. Raises: NoSuchCall: it is over, or not this line's."""
        call = self._switchboard.call(call_id)
        if call is not None:
            if line.endpoint is not Endpoint.OFFICE and call.venue == line.key:
                return call, End.CITIZEN
            at_this_sitting = line.endpoint is Endpoint.OFFICE and self._switchboard.shows(line) == call.sitting_id
            if at_this_sitting and (call.holder is line or not by_holder):
                return call, End.OFFICE
        raise NoSuchCall


def _outcome(message: Conclude) -> Directive | HeardOnly:
    """Raises: InvalidText."""
    if message.directive is None:
        return HeardOnly()
    agency_id = None if message.agency_id is None else AgencyId(message.agency_id)
    return Directive.write(message.directive, agency_id, message.urgency, message.due_on)
