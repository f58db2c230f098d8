"""A native office: signs on to the board, calls a citizen in, answers, and says what it saw and heard.

For the self-test and for tests. It is no mock: the line, the negotiation and the media are those of a real console;
only the person is missing. It reuses the kiosk's conversation, as the end that answers, and proves itself as any
office does: without the other end's proof it neither sends nor decodes anything.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from kiosk_client.config import line_address
from kiosk_client.conversation import CallEnd, Conversation, Told
from kiosk_client.core.call_record import CallRecord
from kiosk_client.core.kiosk_events import (
    Attempt,
    Decoding,
    Described,
    MediaLost,
    OtherHungUp,
    Refused,
    Sealed,
    Secured,
)
from kiosk_client.core.kiosk_events import Path as MediaPath
from kiosk_client.core.seals import seal, unsealed
from kiosk_client.identity import GivenIdentity
from kiosk_client.link import Closed, LineEvent, Link, Opened
from kiosk_client.media.evidence import Witness
from kiosk_client.media.sources import CodedSource, Source
from kiosk_client.relays import Relays
from tawasul.e2ee.certificate import Certificate
from tawasul.e2ee.errors import PhraseDiffers
from tawasul.e2ee.handshake import Credentials
from tawasul.e2ee.rekey import EVERY
from tawasul.e2ee.revocation import Trust
from tawasul.protocol.base import PROTOCOL_VERSION
from tawasul.protocol.from_endpoint import (
    Alarm,
    Answer,
    CallIn,
    Candidate,
    Conclude,
    HangUp,
    Hello,
    Media,
    Offer,
    OngoingCall,
    Seal,
)
from tawasul.protocol.from_server import Board, BoardRow, CallState, Concluded, Ended, Negotiate, ProblemMessage

log = logging.getLogger(__name__)


class RobotError(Exception):
    """What the robot was told or waited for in vain.

    RobotError
    ├── RobotRefused    the service refused a step; `code` is the problem's
    └── RobotWaited     something did not happen in time; `code` says what
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class RobotRefused(RobotError):
    """The service refused a step."""


class RobotWaited(RobotError):
    """Something did not happen in time."""


class OfficeRobot:
    """Use `office_robot`. Everything it knows is public and current; `until` waits for it to become something.

    `phrase`: the six digits of the present call. `identity`: who is at the other end, None where it is a citizen's own
    device. `refused`: the code for which the last call was ended, because nobody could say that it was private.
    """

    def __init__(
        self,
        server: str,
        source: Source,
        *,
        credentials: Credentials | None,
        trust: Trust,
        headers: Mapping[str, str],
        authority: Path | None = None,
        sitting_id: str | None = None,
        rekey_every: float = EVERY,
    ) -> None:
        self.line = False
        self.board: Board | None = None
        self.call_id: str | None = None
        self.attempts = 0
        self.phase: str | None = None
        self.path: MediaPath | None = None
        self.witness: Witness | None = None
        self.phrase: str | None = None
        self.identity: Certificate | None = None
        self.refused: str | None = None
        self.record = CallRecord("")
        self.called_in_at: float | None = None
        self.decoding_at: float | None = None
        self.ended: Ended | None = None
        self.concluded: Concluded | None = None
        self.problems: list[str] = []
        self._source = source
        self._own = GivenIdentity(credentials, trust)
        self._rekey_every = rekey_every
        self._relays = Relays(authority=authority)
        self._sitting_id = sitting_id
        self._refused: ProblemMessage | None = None
        self._decoding = False
        self._conversation: Conversation | None = None
        self._closing: set[asyncio.Task[None]] = set()
        self._news = asyncio.Event()
        self._link = Link(line_address(server, "office"), self._on_line, headers=headers, authority=authority)

    async def run(self) -> None:
        """The line, until cancelled."""
        try:
            await self._link.run()
        finally:
            self._stop(goodbye=False)
            await asyncio.gather(*self._closing, return_exceptions=True)

    async def until(self, holds: Callable[[OfficeRobot], object], seconds: float, what: str) -> None:
        """Wait until `holds(self)` is true.

        Raises `RobotRefused` when the service refuses something meanwhile, and `RobotWaited` with the code `what`
        after `seconds`.
        """
        try:
            async with asyncio.timeout(seconds):
                while not holds(self):
                    if self._refused is not None:
                        refused, self._refused = self._refused, None
                        raise RobotRefused(refused.code, refused.english)
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise RobotWaited(what, f"waited {seconds:.0f} s in vain: {what}") from None

    def row(self, reference: str) -> BoardRow | None:
        """The row of this reference on the board, if there is one."""
        rows = self.board.rows if self.board else ()
        return next((row for row in rows if row.reference == reference), None)

    async def until_ready(self, reference: str, seconds: float = 20.0) -> BoardRow:
        """Wait until the citizen of this reference has arrived and their end has a line."""

        def ready(_: OfficeRobot) -> bool:
            row = self.row(reference)
            return row is not None and row.state == "arrived" and row.online

        await self.until(ready, seconds, "citizen-ready")
        row = self.row(reference)
        assert row is not None
        return row

    def call_in(self, audience_id: str) -> None:
        """Call this citizen in. `called_in_at` is the loop's time (seconds) at which it was said."""
        self.ended = self.concluded = self._refused = self.decoding_at = self.refused = None
        self.attempts = 0
        self.called_in_at = asyncio.get_running_loop().time()
        self._link.say(CallIn(audience_id=audience_id))

    async def until_in_call(self, seconds: float = 30.0) -> None:
        """Wait until both ends have said that they decode each other."""
        await self.until(lambda robot: robot.phase == "in-call" and robot._decoding, seconds, "in-call")

    async def conclude(self, audience_id: str, directive: str | None, seconds: float = 10.0) -> Concluded:
        """Write the outcome, which also ends the call, and wait until it is kept."""
        self._link.say(Conclude(audience_id=audience_id, directive=directive))
        await self.until(lambda robot: robot.concluded is not None, seconds, "concluded")
        assert self.concluded is not None
        return self.concluded

    async def hang_up(self, seconds: float = 10.0) -> Ended:
        """End the call, with a goodbye to the other end, and wait until the service says so."""
        assert self.call_id is not None
        self._link.say(HangUp(call_id=self.call_id))
        self._stop(goodbye=True, attest=True)
        await self.until(lambda robot: robot.ended is not None, seconds, "ended")
        assert self.ended is not None
        return self.ended

    def compare(self, *, same: bool) -> None:
        """What the office's person would say of the phrase: the same, or another, which ends the call."""
        if same:
            self.record.compared = True
        elif self._conversation is not None:
            self._conversation.refuse(PhraseDiffers())

    async def closed(self) -> None:
        """Wait until every call that has ended is closed, and what both ends sign about it is in `record`."""
        await asyncio.gather(*self._closing, return_exceptions=True)

    def _on_line(self, event: LineEvent) -> None:
        match event:
            case Opened():
                self._link.say(Hello(protocol=PROTOCOL_VERSION, sitting_id=self._sitting_id, call=self._ongoing()))
            case Closed():
                self.line = False
            case Board():
                self.line, self.board = True, event
            case Negotiate():
                self._negotiate(event)
            case Offer(sdp=sdp) if self._conversation and self._is_current(event):
                self._conversation.take_description(sdp)
            case Candidate(candidate=candidate) if self._conversation and self._is_current(event):
                self._conversation.take_candidate(candidate)
            case Seal(payload=payload) if self._conversation and self._is_current(event):
                self._conversation.take_seal(unsealed(payload))
            case CallState() if event.call_id == self.call_id:
                self.phase = event.phase
            case Ended() if event.call_id == self.call_id:
                self.ended, self.phase = event, None
                self._stop(goodbye=False, attest=event.because != "not-private")
            case Concluded():
                self.concluded = event
            case ProblemMessage():
                self.problems.append(event.code)
                self._refused = event
        self._news.set()

    def _negotiate(self, negotiate: Negotiate) -> None:
        self._stop(goodbye=False)
        self.call_id, self.attempts, self.path = negotiate.call_id, self.attempts + 1, None
        attempt = Attempt(negotiate.call_id, negotiate.attempt)
        self.phrase = self.identity = None
        if self.record.call_id != negotiate.call_id:
            self.record = CallRecord(negotiate.call_id)
        end = CallEnd(
            offers=False,
            other=negotiate.other.device,
            identity=self._own,
            rekey_every=self._rekey_every,
            relays=self._relays,
        )
        self._conversation = Conversation(attempt, negotiate.ice, self._source, self._on_media, end, self.record)
        self.witness = self._conversation.witness

    def _on_media(self, told: Told) -> None:
        if self._conversation is None or told.attempt != self._conversation.attempt:
            return
        call_id, number = told.attempt.call_id, told.attempt.number
        match told:
            case Described(sdp=sdp):
                self._link.say(Answer(call_id=call_id, attempt=number, sdp=sdp))
            case Sealed(payload=payload):
                self._link.say(seal(told.attempt, payload))
            case Secured(phrase=phrase):
                session = self._conversation.session
                self.phrase, self.identity = phrase, session.peer.certificate if session else None
            case Refused(code=code, tell=tell):
                self.refused = code
                self._stop(goodbye=False)
                if tell:
                    self._link.say(Alarm(call_id=call_id, attempt=number, code=code))
            case Decoding(path=path, via=via):
                self._decoding, self.path = True, path
                self.decoding_at = asyncio.get_running_loop().time()
                self._link.say(Media(call_id=call_id, attempt=number, state="connected", path=path, via=via))
            case MediaLost(reason=reason):
                log.warning("the call's media are lost: %s", reason)
                self._decoding = False
                self._stop(goodbye=False)
                self._link.say(Media(call_id=call_id, attempt=number, state="lost"))
            case OtherHungUp():
                self._stop(goodbye=False, attest=True)
        self._news.set()

    def _is_current(self, message: Offer | Candidate | Seal) -> bool:
        attempt = Attempt(message.call_id, message.attempt)
        return self._conversation is not None and self._conversation.attempt == attempt

    def _ongoing(self) -> OngoingCall | None:
        if self._conversation is None:
            return None
        attempt = self._conversation.attempt
        return OngoingCall(call_id=attempt.call_id, attempt=attempt.number, connected=self._decoding)

    def _stop(self, *, goodbye: bool, attest: bool = False) -> None:
        self._decoding = False
        if self._conversation is not None:
            closing = asyncio.get_running_loop().create_task(self._conversation.close(goodbye=goodbye, attest=attest))
            self._conversation = None
            self._closing.add(closing)
            closing.add_done_callback(self._closing.discard)


@asynccontextmanager
async def office_robot(
    server: str,
    *,
    cookie: str,
    credentials: Credentials | None,
    trust: Trust,
    source: Source | None = None,
    authority: Path | None = None,
    headers: Mapping[str, str] | None = None,
    sitting_id: str | None = None,
    rekey_every: float = EVERY,
) -> AsyncIterator[OfficeRobot]:
    """A robot with a line to `server` (`http://host:port`), for as long as the block lasts.

    `cookie` is the value of the Cookie header of someone signed in at the office. `credentials` and `trust`: by what it
    proves itself, and judges the other end; without the first it refuses each call. Without `source` it sends a tone of
    700 Hz and coded pictures of identity 0x0FF1. `sitting_id` asks for a sitting other than today's. Raises
    `RobotWaited` when there is no line within twenty seconds.
    """
    sent = {"Cookie": cookie, "Origin": server, **(headers or {})}
    coded = source or CodedSource(hertz=700, identity=0x0FF1)
    robot = OfficeRobot(
        server,
        coded,
        credentials=credentials,
        trust=trust,
        headers=sent,
        authority=authority,
        sitting_id=sitting_id,
        rekey_every=rekey_every,
    )
    running = asyncio.create_task(robot.run(), name="office robot")
    try:
        await robot.until(lambda them: them.line, 20.0, "line")
        yield robot
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
