"""One attempt of a call as it runs: media opened, the handshake gone through, what comes in decoded and watched.

The shell under `core.kiosk`, and under the office's robot. What goes wrong is told once, with a stable code: as the
loss of this attempt's media, after which the server has a new attempt made or gives the call up; or as a refusal, when
nobody can say that the call is private.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field

from kiosk_client.call_keys import CallKeys
from kiosk_client.core.call_record import CallRecord
from kiosk_client.core.kiosk_events import (
    Attempt,
    Decoding,
    Described,
    MediaLost,
    OtherHungUp,
    QualityChanged,
    Refused,
    Sealed,
    Secured,
)
from kiosk_client.errors import CandidateRefused, KioskError, MediaSourceError
from kiosk_client.farewell import Farewell
from kiosk_client.handshaking import Handshaking, citizen_end, office_end
from kiosk_client.identity import Identity, Proofs
from kiosk_client.media.core.steady import ToldQuality
from kiosk_client.media.evidence import Witness
from kiosk_client.media.sources import Source
from kiosk_client.peer import Peer
from kiosk_client.peer_events import (
    AttestationHeard,
    CertificateInUseDiffers,
    Connected,
    OtherLeft,
    OtherMuted,
    PathLost,
    PeerEvent,
    QualityHeard,
    RekeyHeard,
    TrackArrived,
)
from kiosk_client.quality_watch import QualityWatch
from kiosk_client.relays import AttemptRelay, Relays
from tawasul.e2ee import handshake
from tawasul.e2ee.errors import (
    CertificateInUseWrong,
    CertificateMissing,
    HandshakeLate,
    PrivacyError,
    RekeyProblem,
)
from tawasul.e2ee.handshake_messages import write_refused
from tawasul.e2ee.pinning import fingerprint_of
from tawasul.e2ee.rekey import EVERY
from tawasul.e2ee.session import Session
from tawasul.protocol.base import BothNames
from tawasul.protocol.ice import IceCandidate, IceConfiguration

DECODE_WITHIN = 20.0
"""Seconds from the beginning until picture and sound are decoded. A path that stands but brings nothing (keys that do
not fit, a codec that fails) is no call."""

SOURCE_PAUSE = 3.0
"""Seconds before a camera or microphone that could not be opened is told as a loss: a new attempt follows at once, and
the device may need a moment (another attempt may just have let it go)."""

WORD_FIRST = 0.3
"""Seconds for which a path on which nothing passes any more is kept, so that the word of why, which goes by the server,
is not overtaken by DTLS's end: that would look like a fault of the network."""

Told = Described | Sealed | Secured | Refused | Decoding | QualityChanged | MediaLost | OtherHungUp

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class CallEnd:
    """Which end of the call this is, and whom it expects at the other.

    `offers`: the citizen's end. `other`: there the place of the office that must answer; at the office that of the
    kiosk of which the server speaks, None for a citizen at their own location. `rekey_every`: seconds. `relays`: this
    device's, which remember what worked.
    """

    offers: bool
    other: str | None
    identity: Identity
    rekey_every: float = EVERY
    relays: Relays = field(default_factory=Relays)


class Conversation:
    """Made in a running event loop; `tell` is called there and must not block. Steps asked for are taken in order.

    `record` is that of the call, to which this attempt adds.
    """

    def __init__(
        self,
        attempt: Attempt,
        ice: IceConfiguration,
        source: Source,
        tell: Callable[[Told], None],
        end: CallEnd,
        record: CallRecord,
    ) -> None:
        self.attempt = attempt
        self.witness = Witness()
        self.other_muted = OtherMuted(sound=False, picture=False)
        self.session: Session | None = None
        self._ice = ice
        self._source = source
        self._tell = tell
        self._end = end
        self._record = record
        self._farewell = Farewell(record)
        self._muted = (False, False)
        self._peer: Peer | None = None
        self._handshaking: Handshaking | None = None
        self._keys: CallKeys | None = None
        self._proofs: Proofs | None = None
        self._quality: QualityWatch | None = None
        self._description: str | None = None
        self._pinned: str | None = None
        self._described = False
        self._connected = False
        self._over = False
        self._refused = False
        self._relay = AttemptRelay(end.relays, ice, attempt.call_id)
        self._lost_by: str | None = None
        self._steps: asyncio.Queue[Callable[[Peer], Coroutine[None, None, None]]] = asyncio.Queue()
        self._task = asyncio.create_task(self._run(), name=f"conversation {attempt.number}")

    def take_description(self, sdp: str) -> None:
        """The citizen's offer (our answer is told as `Described`), or the office's answer."""
        self._steps.put_nowait(lambda peer: self._describe(peer, sdp))

    def take_seal(self, payload: bytes) -> None:
        """What the other end's handshake says. At once where it has begun: the server's next word may be the end."""
        given = handshake.Received(payload)
        if self._handshaking is None:
            self._steps.put_nowait(lambda peer: self._hear(given))
        elif not self._over:
            try:
                self._handshaking.give(given)
            except Exception:
                self._fail()

    def take_candidate(self, candidate: IceCandidate) -> None:
        """One of the other end's candidates; one that cannot be read is passed over, since others may do."""
        self._steps.put_nowait(lambda peer: _add(peer, candidate))

    def mute(self, *, sound: bool, picture: bool) -> None:
        """Withhold sound, picture, both or none."""
        self._muted = (sound, picture)
        if self._peer is not None:
            self._peer.mute(sound=sound, picture=picture)

    def refuse(self, error: PrivacyError) -> None:
        """End it because nobody can say that it is private; the other end is told why, as far as it believes us."""
        if not self._over:
            self._tell(Sealed(self.attempt, write_refused(error)))
        self._end_by(error)

    async def close(self, *, goodbye: bool, attest: bool = False) -> None:
        """End it, with a word to the other end or without. Nothing is told after this.

        `attest`: the call is over; both ends first sign what it was, for which the other's is awaited one second.
        """
        self._over = True
        self._relay.over(self._lost_by)
        if self._handshaking is not None:
            self._handshaking.close()
        if self._keys is not None:
            self._keys.close()
        if self._quality is not None:
            self._quality.close()
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        if self._peer is not None:
            self._peer.guard.shut()
            self._count(self._peer)
            self._record.end_attempt(time.time())
            if attest:
                await self._farewell.exchange()
            if self._refused:
                await asyncio.sleep(WORD_FIRST)
            await (self._peer.hang_up() if goodbye else self._peer.close())
        await self.witness.close()

    async def _run(self) -> None:
        try:
            self._proofs = await self._end.identity.proofs()
            if self._proofs.credentials is None:
                # Before camera and microphone are opened for a call that cannot be.
                raise CertificateMissing("this end has no certificate that is valid now")
            async with asyncio.TaskGroup() as tasks:
                peer = await self._open()
                tasks.create_task(self._decode(peer))
                await self._begin(peer, self._proofs)
                while True:
                    await (await self._steps.get())(peer)
        except* PrivacyError as group:
            error = group.exceptions[0]
            assert isinstance(error, PrivacyError)
            self.refuse(error)
        except* KioskError as kiosk_group:
            fault = kiosk_group.exceptions[0]
            assert isinstance(fault, KioskError)
            log.warning("attempt %d: %s", self.attempt.number, fault)
            self._lose(fault.code)
        except* Exception:
            self._fail()

    async def _open(self) -> Peer:
        # While the camera opens: neither takes longer for the other.
        finding = asyncio.create_task(self._relay.find())
        try:
            media = await self._source.open()
        except BaseException as fault:
            finding.cancel()
            await asyncio.gather(finding, return_exceptions=True)
            if isinstance(fault, MediaSourceError):
                await asyncio.sleep(SOURCE_PAUSE)
            raise
        try:
            relay = await finding
            silent = self._relay.silent()
            peer = Peer(self._ice, media, self._on_event, offers=self._end.offers, relay=relay, silent=silent)
        except BaseException:
            media.stop()
            raise
        self._peer = peer
        peer.mute(sound=self._muted[0], picture=self._muted[1])
        return peer

    async def _begin(self, peer: Peer, proofs: Proofs) -> None:
        core: handshake.HandshakeEnd
        if self._end.offers:
            offer = await peer.offer()
            core = citizen_end(self.attempt, proofs, office=self._end.other or "", fingerprint=fingerprint_of(offer))
            self._tell(Described(self.attempt, offer))
        else:
            core = office_end(self.attempt, proofs, kiosk=self._end.other)
        self._handshaking = Handshaking(core, self._perform)
        self._handshaking.give(handshake.Begin())

    async def _hear(self, given: handshake.Given) -> None:
        if self._handshaking is not None and not self._over:
            self._handshaking.give(given)

    async def _describe(self, peer: Peer, sdp: str) -> None:
        """Take the other end's description as soon as both are there: it, and the certificate that it must use."""
        self._description = self._description or sdp
        await self._connect(peer)

    async def _connect(self, peer: Peer) -> None:
        if self._described or self._description is None or self._pinned is None:
            return
        self._described = True
        description, pinned = self._description, self._pinned
        if self._end.offers:
            await peer.take_answer(description, pinned)
        else:
            answer = await peer.answer(description, pinned)
            self._tell(Described(self.attempt, answer))
            await self._hear(handshake.Answering(fingerprint_of(answer)))

    def _perform(self, effect: handshake.Effect) -> None:
        match effect:
            case handshake.Send(payload):
                self._tell(Sealed(self.attempt, payload))
            case handshake.PinPeer(fingerprint):
                self._pinned = fingerprint
                self._steps.put_nowait(self._connect)
            case handshake.Confirmed(session):
                self.session = session
                self._unlock()
            case handshake.Refuse(error, tell):
                self._end_by(error, tell=tell)

    def _unlock(self) -> None:
        """Let sound and picture flow, once the handshake is confirmed and the connection is with whom it was made."""
        if self.session is None or not self._connected or self._over or self._peer is None or self._proofs is None:
            return
        credentials = self._proofs.credentials
        assert credentials is not None
        self._record.confirm(self.attempt.number, self.session, credentials.chain)
        self._farewell.begin(self.session, credentials.key, self._peer.say)
        self._keys = CallKeys(
            self.session,
            self._peer.guard,
            say=self._peer.say,
            switched=lambda epoch: self._record.switch(epoch, time.time()),
            # Of a renewal the other end needs no word: it sees that the attempt is lost.
            refuse=self._end_by,
            every=self._end.rekey_every,
        )
        certificate = self.session.peer.certificate
        present = (BothNames(arabic=certificate.title.ar, english=certificate.title.en),) if certificate else ()
        self._tell(Secured(self.attempt, self.session.phrase, present))

    async def _decode(self, peer: Peer) -> None:
        if await self.witness.until(lambda seen: seen.picture.frames > 0 and seen.sound.seconds > 0, DECODE_WITHIN):
            if not self._over:
                via = self._relay.flows(by_it=peer.leaves_by_relay())
                self._tell(Decoding(self.attempt, peer.path(), via))
                self._quality = QualityWatch(peer, self._relay.found, lambda: self.other_muted, self._on_quality)
        else:
            self._lose("nothing-decoded")

    def _on_event(self, event: PeerEvent) -> None:
        match event:
            case TrackArrived(track):
                self.witness.watch(track)
            case Connected():
                self._connected = True
                self._unlock()
            case CertificateInUseDiffers():
                self.refuse(CertificateInUseWrong())
            case RekeyHeard(message) if self._keys is not None and not self._over:
                self._keys.hear(message)
            case AttestationHeard(jws) if self._peer is not None:
                self._count(self._peer)
                self._farewell.hear(jws)
            case QualityHeard(message) if self._quality is not None:
                self._quality.hear(message)
            case OtherMuted():
                self.other_muted = event
            case OtherLeft():
                self._farewell.left()
                if not self._over:
                    self._over = True
                    self._tell(OtherHungUp(self.attempt))
            case PathLost(reason):
                self._farewell.left()
                self._lose(reason)

    def _on_quality(self, told: ToldQuality) -> None:
        if not self._over:
            self._tell(QualityChanged(self.attempt, told.level, told.cause))

    def _count(self, peer: Peer) -> None:
        counts = peer.guard.counts
        if self._keys is not None:
            self._record.count(sealed=counts.sealed, opened=counts.opened, refused=counts.refused.total())

    def _end_by(self, error: PrivacyError, *, tell: bool = True) -> None:
        """Nothing passes from this moment on. `tell` the server; the other end has been told."""
        if self._peer is not None:
            self._peer.guard.shut()
        if isinstance(error, HandshakeLate) or getattr(error, "reason", None) == HandshakeLate.code:
            # A line that is slow, or a server that died in the middle: the attempt is lost, and another follows.
            self._lose(HandshakeLate.code)
        if isinstance(error, RekeyProblem):
            # Nothing passes under keys that are not renewed, and whoever is there has to prove themselves anew.
            self._lose(error.code)
        if not self._over:
            self._over = True
            self._refused = True
            log.warning("attempt %d is not private: %s (%s)", self.attempt.number, error.code, error)
            self._tell(Refused(self.attempt, error.code, tell))

    def _fail(self) -> None:
        """A fault of ours: it costs this attempt, not the kiosk."""
        log.exception("attempt %d failed", self.attempt.number)
        self._lose("internal")

    def _lose(self, reason: str) -> None:
        if not self._over:
            self._over = True
            self._lost_by = reason
            self._tell(MediaLost(self.attempt, reason))


async def _add(peer: Peer, candidate: IceCandidate) -> None:
    try:
        await peer.add_candidate(candidate)
    except CandidateRefused as refused:
        log.info("a candidate of the other end was passed over: %s", refused.code)
