"""One attempt of a call as it runs: media opened, peer connected, what comes in decoded and watched.

The shell under `core.kiosk`, and under the office's robot. Whatever goes wrong is told as the loss of this attempt's
media, once, with a stable code: the server then has a new attempt made, or gives the call up.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine

from kiosk_client.core.kiosk_events import Attempt, Decoding, Described, MediaLost, OtherHungUp
from kiosk_client.errors import CandidateRefused, KioskError, MediaSourceError
from kiosk_client.media.evidence import Witness
from kiosk_client.media.sources import Source
from kiosk_client.peer import Peer
from kiosk_client.peer_events import OtherLeft, OtherMuted, PathLost, PeerEvent, TrackArrived
from tawasul.protocol.ice import IceCandidate, IceConfiguration

DECODE_WITHIN = 20.0
"""Seconds from the beginning until picture and sound are decoded. A path that stands but brings nothing (keys that do
not fit, a codec that fails) is no call."""

SOURCE_PAUSE = 3.0
"""Seconds before a camera or microphone that could not be opened is told as a loss: a new attempt follows at once, and
the device may need a moment (another attempt may just have let it go)."""

Told = Described | Decoding | MediaLost | OtherHungUp

log = logging.getLogger(__name__)


class Conversation:
    """Made in a running event loop; `tell` is called there and must not block. Steps asked for are taken in order."""

    def __init__(
        self,
        attempt: Attempt,
        ice: IceConfiguration,
        source: Source,
        tell: Callable[[Told], None],
        *,
        offers: bool,
    ) -> None:
        self.attempt = attempt
        self.witness = Witness()
        self.other_muted = OtherMuted(sound=False, picture=False)
        self._ice = ice
        self._source = source
        self._tell = tell
        self._offers = offers
        self._muted = (False, False)
        self._peer: Peer | None = None
        self._lost = False
        self._steps: asyncio.Queue[Callable[[Peer], Coroutine[None, None, None]]] = asyncio.Queue()
        self._task = asyncio.create_task(self._run(), name=f"conversation {attempt.number}")

    def take_offer(self, sdp: str) -> None:
        """The citizen's offer; the answer is told as `Described`."""
        self._steps.put_nowait(lambda peer: self._answer(peer, sdp))

    def take_answer(self, sdp: str) -> None:
        """The office's answer."""
        self._steps.put_nowait(lambda peer: peer.take_answer(sdp))

    def take_candidate(self, candidate: IceCandidate) -> None:
        """One of the other end's candidates; one that cannot be read is passed over, since others may do."""
        self._steps.put_nowait(lambda peer: _add(peer, candidate))

    def mute(self, *, sound: bool, picture: bool) -> None:
        """Withhold sound, picture, both or none."""
        self._muted = (sound, picture)
        if self._peer is not None:
            self._peer.mute(sound=sound, picture=picture)

    async def close(self, *, goodbye: bool) -> None:
        """End it, with a word to the other end or without. Nothing is told after this."""
        self._lost = True
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        if self._peer is not None:
            await (self._peer.hang_up() if goodbye else self._peer.close())
        await self.witness.close()

    async def _run(self) -> None:
        try:
            async with asyncio.TaskGroup() as tasks:
                peer = await self._open()
                tasks.create_task(self._decode(peer))
                if self._offers:
                    self._tell(Described(self.attempt, await peer.offer()))
                while True:
                    await (await self._steps.get())(peer)
        except* KioskError as group:
            error = group.exceptions[0]
            assert isinstance(error, KioskError)
            log.warning("attempt %d: %s", self.attempt.number, error)
            self._lose(error.code)
        except* Exception:
            # A fault of ours: it costs this attempt, not the kiosk.
            log.exception("attempt %d failed", self.attempt.number)
            self._lose("internal")

    async def _open(self) -> Peer:
        try:
            media = await self._source.open()
        except MediaSourceError:
            await asyncio.sleep(SOURCE_PAUSE)
            raise
        try:
            peer = Peer(self._ice, media, self._on_event, offers=self._offers, attempt=self.attempt.number)
        except KioskError:
            media.stop()
            raise
        self._peer = peer
        peer.mute(sound=self._muted[0], picture=self._muted[1])
        return peer

    async def _answer(self, peer: Peer, offer: str) -> None:
        self._tell(Described(self.attempt, await peer.answer(offer)))

    async def _decode(self, peer: Peer) -> None:
        if await self.witness.until(lambda seen: seen.picture.frames > 0 and seen.sound.seconds > 0, DECODE_WITHIN):
            if not self._lost:
                self._tell(Decoding(self.attempt, peer.path()))
        else:
            self._lose("nothing-decoded")

    def _on_event(self, event: PeerEvent) -> None:
        match event:
            case TrackArrived(track):
                self.witness.watch(track)
            case OtherMuted():
                self.other_muted = event
            case OtherLeft() if not self._lost:
                self._lost = True
                self._tell(OtherHungUp(self.attempt))
            case PathLost(reason):
                self._lose(reason)

    def _lose(self, reason: str) -> None:
        if not self._lost:
            self._lost = True
            self._tell(MediaLost(self.attempt, reason))


async def _add(peer: Peer, candidate: IceCandidate) -> None:
    try:
        await peer.add_candidate(candidate)
    except CandidateRefused as refused:
        log.info("a candidate of the other end was passed over: %s", refused.code)
