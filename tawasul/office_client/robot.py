"""A native office: signs on to the board, calls a citizen in, answers, and says what it saw and heard.

For the self-test and for tests. It is no mock: the line, the negotiation and the media are those of a real console;
only the person is missing. It reuses the kiosk's conversation, as the end that answers.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from kiosk_client.config import line_address
from kiosk_client.conversation import Conversation, Told
from kiosk_client.core.kiosk_events import Attempt, Decoding, Described, MediaLost, OtherHungUp
from kiosk_client.core.kiosk_events import Path as MediaPath
from kiosk_client.link import Closed, LineEvent, Link, Opened
from kiosk_client.media.evidence import Witness
from kiosk_client.media.sources import CodedSource, Source
from tawasul.protocol.base import PROTOCOL_VERSION
from tawasul.protocol.from_endpoint import Answer, CallIn, Candidate, Conclude, HangUp, Hello, Media, Offer, OngoingCall
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
    """Use `office_robot`. Everything it knows is public and current; `until` waits for it to become something."""

    def __init__(
        self,
        server: str,
        source: Source,
        *,
        headers: Mapping[str, str],
        authority: Path | None = None,
        sitting_id: str | None = None,
    ) -> None:
        self.line = False
        self.board: Board | None = None
        self.call_id: str | None = None
        self.attempts = 0
        self.phase: str | None = None
        self.path: MediaPath | None = None
        self.witness: Witness | None = None
        self.called_in_at: float | None = None
        self.decoding_at: float | None = None
        self.ended: Ended | None = None
        self.concluded: Concluded | None = None
        self.problems: list[str] = []
        self._source = source
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
        self.ended = self.concluded = self._refused = self.decoding_at = None
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
        self._stop(goodbye=True)
        await self.until(lambda robot: robot.ended is not None, seconds, "ended")
        assert self.ended is not None
        return self.ended

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
                self._conversation.take_offer(sdp)
            case Candidate(candidate=candidate) if self._conversation and self._is_current(event):
                self._conversation.take_candidate(candidate)
            case CallState() if event.call_id == self.call_id:
                self.phase = event.phase
            case Ended() if event.call_id == self.call_id:
                self.ended, self.phase = event, None
                self._stop(goodbye=False)
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
        self._conversation = Conversation(attempt, negotiate.ice, self._source, self._on_media, offers=False)
        self.witness = self._conversation.witness

    def _on_media(self, told: Told) -> None:
        if self._conversation is None or told.attempt != self._conversation.attempt:
            return
        call_id, number = told.attempt.call_id, told.attempt.number
        match told:
            case Described(sdp=sdp):
                self._link.say(Answer(call_id=call_id, attempt=number, sdp=sdp))
            case Decoding(path=path):
                self._decoding, self.path = True, path
                self.decoding_at = asyncio.get_running_loop().time()
                self._link.say(Media(call_id=call_id, attempt=number, state="connected", path=path))
            case MediaLost(reason=reason):
                log.warning("the call's media are lost: %s", reason)
                self._decoding = False
                self._stop(goodbye=False)
                self._link.say(Media(call_id=call_id, attempt=number, state="lost"))
            case OtherHungUp():
                self._stop(goodbye=False)
        self._news.set()

    def _is_current(self, message: Offer | Candidate) -> bool:
        attempt = Attempt(message.call_id, message.attempt)
        return self._conversation is not None and self._conversation.attempt == attempt

    def _ongoing(self) -> OngoingCall | None:
        if self._conversation is None:
            return None
        attempt = self._conversation.attempt
        return OngoingCall(call_id=attempt.call_id, attempt=attempt.number, connected=self._decoding)

    def _stop(self, *, goodbye: bool) -> None:
        self._decoding = False
        if self._conversation is not None:
            closing = asyncio.get_running_loop().create_task(self._conversation.close(goodbye=goodbye))
            self._conversation = None
            self._closing.add(closing)
            closing.add_done_callback(self._closing.discard)


@asynccontextmanager
async def office_robot(
    server: str,
    *,
    cookie: str,
    source: Source | None = None,
    authority: Path | None = None,
    headers: Mapping[str, str] | None = None,
    sitting_id: str | None = None,
) -> AsyncIterator[OfficeRobot]:
    """A robot with a line to `server` (`http://host:port`), for as long as the block lasts.

    `cookie` is the value of the Cookie header of someone signed in at the office. Without `source` it sends a tone of
    700 Hz and coded pictures of identity 0x0FF1. `sitting_id` asks for a sitting other than today's. Raises
    `RobotWaited` when there is no line within twenty seconds.
    """
    sent = {"Cookie": cookie, "Origin": server, **(headers or {})}
    coded = source or CodedSource(hertz=700, identity=0x0FF1)
    robot = OfficeRobot(server, coded, headers=sent, authority=authority, sitting_id=sitting_id)
    running = asyncio.create_task(robot.run(), name="office robot")
    try:
        await robot.until(lambda them: them.line, 20.0, "line")
        yield robot
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
