"""A kiosk as it runs: the thin shell that feeds the core and does what it asks."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from kiosk_client.attestations import AttestationFolder
from kiosk_client.conversation import CallEnd, Conversation
from kiosk_client.core.call_record import CallRecord
from kiosk_client.core.kiosk import Kiosk
from kiosk_client.core.kiosk_events import (
    Begin,
    CheckInAsked,
    Decoding,
    DropLine,
    Effect,
    Enrolment,
    EnrolmentSeen,
    Given,
    HangUpAsked,
    Heard,
    LineClosed,
    LineOpened,
    MediaLost,
    Passed,
    Say,
    SayHello,
    Show,
    Stop,
    TakeAnswer,
    TakeCandidate,
    TakeSeal,
    View,
)
from kiosk_client.identity import Identity
from kiosk_client.link import Closed, LineEvent, Link, Opened
from kiosk_client.media.evidence import Witness
from kiosk_client.media.sources import Source
from kiosk_client.relays import Relays
from kiosk_client.vault import DeviceKey
from tawasul.e2ee.errors import PhraseDiffers
from tawasul.e2ee.rekey import EVERY
from tawasul.protocol.base import PROTOCOL_VERSION
from tawasul.protocol.from_endpoint import Hello

log = logging.getLogger(__name__)


class Station:
    """One kiosk. `show` is called with each new view, in the event loop, and must not block.

    `office`: the place of the office that it calls, and no other. `attestations`: where those of its calls are kept.
    `rekey_every`: seconds from one epoch of a call's keys to the next. `relays`: what it knows of them.

    `witness` is the evidence of the present call's incoming sound and picture, or of the last one's.
    """

    def __init__(
        self,
        *,
        kiosk_id: str,
        key: DeviceKey,
        identity: Identity,
        source: Source,
        link: Callable[[Callable[[LineEvent], None]], Link],
        office: str = "emirate",
        attestations: AttestationFolder | None = None,
        rekey_every: float = EVERY,
        relays: Relays | None = None,
        references: tuple[str, ...] = (),
        show: Callable[[View], None] = lambda view: None,
    ) -> None:
        self.witness: Witness | None = None
        self._kiosk_id = kiosk_id
        self._key = key
        self._identity = identity
        self._end = CallEnd(
            offers=True, other=office, identity=identity, rekey_every=rekey_every, relays=relays or Relays()
        )
        self._attestations = attestations
        self._record = CallRecord("")
        self._source = source
        self._show = show
        self._core = Kiosk(references)
        self._link = link(self._on_line)
        self._conversation: Conversation | None = None
        self._muted = (False, False)
        self._closing: set[asyncio.Task[None]] = set()
        self._timer: asyncio.TimerHandle | None = None

    @property
    def view(self) -> View:
        """What there is to see now."""
        return self._core.view

    async def run(self) -> None:
        """Until cancelled; then everything is closed, without a goodbye: a kiosk that restarts comes back to its call.

        Raises `LineRefused` when another process has taken this kiosk's place.
        """
        enrolling = asyncio.create_task(self._identity.run(self._on_enrolment), name="identity")
        try:
            await self._link.run()
        finally:
            enrolling.cancel()
            await asyncio.gather(enrolling, return_exceptions=True)
            if self._timer is not None:
                self._timer.cancel()
            self._stop(goodbye=False)
            await asyncio.gather(*self._closing, return_exceptions=True)

    def check_in(self, reference: str) -> None:
        """The citizen with this reference stands here."""
        self._give(CheckInAsked(reference))

    def hang_up(self) -> None:
        """The citizen ends the call."""
        self._give(HangUpAsked())

    def compare(self, *, same: bool) -> None:
        """The citizen's own word about the phrase: the office reads out the same, or another, which ends the call."""
        if self._conversation is None or self._conversation.session is None:
            return
        if same:
            self._record.compared = True
        else:
            self._conversation.refuse(PhraseDiffers())

    def mute(self, *, sound: bool, picture: bool) -> None:
        """Withhold sound, picture, both or none, in this call."""
        self._muted = (sound, picture)
        if self._conversation is not None:
            self._conversation.mute(sound=sound, picture=picture)

    def _on_enrolment(self, enrolment: Enrolment | None) -> None:
        self._give(EnrolmentSeen(enrolment))

    def _on_line(self, event: LineEvent) -> None:
        match event:
            case Opened():
                self._give(LineOpened())
            case Closed(code):
                self._give(LineClosed(code))
            case _:
                self._give(Heard(event))

    def _give(self, given: Given) -> None:
        now = asyncio.get_running_loop().time()
        if isinstance(given, MediaLost):
            log.warning("the call's media are lost: %s", given.reason)
        for effect in self._core.handle(given, now):
            self._perform(effect)
        if isinstance(given, Decoding) and self.witness is not None:
            by = f"{given.path}, {given.via.upper()}" if given.via else given.path
            log.info("the office is seen and heard, by the path %s", by)
        if self._timer is not None:
            self._timer.cancel()
        deadline = self._core.deadline
        loop = asyncio.get_running_loop()
        self._timer = None if deadline is None else loop.call_at(deadline, self._give, Passed())

    def _perform(self, effect: Effect) -> None:
        match effect:
            case SayHello(nonce, call):
                proof = self._key.prove(nonce, self._kiosk_id)
                self._link.say(Hello(protocol=PROTOCOL_VERSION, proof=proof, call=call))
            case Say(message):
                self._link.say(message)
            case DropLine():
                self._link.drop()
            case Begin(attempt, negotiate):
                if attempt.number == 1:
                    self._muted = (False, False)
                if self._record.call_id != attempt.call_id:
                    self._record = CallRecord(attempt.call_id)
                self._conversation = Conversation(
                    attempt, negotiate.ice, self._source, self._give, self._end, self._record
                )
                self._conversation.mute(sound=self._muted[0], picture=self._muted[1])
                self.witness = self._conversation.witness
            case TakeAnswer(attempt, sdp) if self._conversation and self._conversation.attempt == attempt:
                self._conversation.take_description(sdp)
            case TakeCandidate(attempt, candidate) if self._conversation and self._conversation.attempt == attempt:
                self._conversation.take_candidate(candidate)
            case TakeSeal(attempt, payload) if self._conversation and self._conversation.attempt == attempt:
                self._conversation.take_seal(payload)
            case Stop(attempt, goodbye, attest) if self._conversation and self._conversation.attempt == attempt:
                self._stop(goodbye=goodbye, attest=attest)
            case Show(view):
                self._show(view)

    def _stop(self, *, goodbye: bool, attest: bool = False) -> None:
        if self._conversation is None:
            return
        closing = asyncio.get_running_loop().create_task(
            self._close(self._conversation, self._record, goodbye=goodbye, attest=attest)
        )
        self._conversation = None
        self._closing.add(closing)
        closing.add_done_callback(self._closing.discard)

    async def _close(self, conversation: Conversation, record: CallRecord, *, goodbye: bool, attest: bool) -> None:
        await conversation.close(goodbye=goodbye, attest=attest)
        if attest and self._attestations is not None:
            self._attestations.keep(record)
