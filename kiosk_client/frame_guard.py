"""What stands between encoder and packetizer, and between depacketizer and decoder, of one connection.

Without keys nothing passes, in either direction. What cannot be sealed is not sent, and what does not open is never
decoded: it would be noise at best. Called from the encoders' and decoders' threads; keys come from the event loop.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from dataclasses import dataclass

from tawasul.e2ee.errors import FrameProblem
from tawasul.e2ee.frames import FrameOpener, FrameSealer, Kind
from tawasul.e2ee.session import EpochSecrets, Side

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class FrameCounts:
    """Frames of sound and picture, of this connection: sealed, opened, and refused by code."""

    sealed: int
    opened: int
    refused: Counter[str]


class FrameGuard:
    """Made with the connection, for the `side` of the call that this end is."""

    def __init__(self, side: Side) -> None:
        self._sealers = {kind: FrameSealer(side, kind) for kind in Kind}
        self._openers = {kind: FrameOpener(side, kind) for kind in Kind}
        self._has_keys = False
        self._is_shut = threading.Event()

    def unlock(self, secrets: EpochSecrets) -> None:
        """Begin: the handshake is confirmed and the certificate in use is the signed one."""
        self.install(secrets)
        self.switch(secrets)
        self._has_keys = True

    def install(self, secrets: EpochSecrets) -> None:
        """Open frames of this epoch too."""
        for opener in self._openers.values():
            opener.install(secrets)

    def switch(self, secrets: EpochSecrets) -> None:
        """From the next frame on, seal under this epoch."""
        for sealer in self._sealers.values():
            sealer.switch(secrets)

    def drop(self, epoch: int) -> None:
        """Open no more frames of this epoch."""
        for opener in self._openers.values():
            opener.drop(epoch)

    def shut(self) -> None:
        """Nothing passes any more, in either direction."""
        self._is_shut.set()

    @property
    def has_keys(self) -> bool:
        """Whether frames can be sealed and opened."""
        return self._has_keys

    @property
    def counts(self) -> FrameCounts:
        """What has passed so far, and what has not."""
        return FrameCounts(
            sealed=sum(sealer.sealed for sealer in self._sealers.values()),
            opened=sum(opener.opened for opener in self._openers.values()),
            refused=sum((opener.refused for opener in self._openers.values()), Counter()),
        )

    def seal(self, kind: Kind, frame: bytes) -> bytes | None:
        """The frame as it travels; None when it must not. Raises nothing."""
        if self._is_shut.is_set() or not self._has_keys:
            return None
        try:
            return self._sealers[kind].seal(frame)
        except Exception:
            # Whatever it is: aiortc would end the sender without a word, and a frame in clear is not the way out.
            log.exception("a frame of %s could not be sealed and was not sent", kind.name.lower())
            return None

    def open(self, kind: Kind, frame: bytes) -> bytes | None:
        """The frame as the other end's encoder made it; None when it must not be decoded. Raises nothing."""
        if self._is_shut.is_set():
            return None
        try:
            return self._openers[kind].open(frame)
        except FrameProblem:
            return None
        except Exception:
            log.exception("a frame of %s could not be opened and was not decoded", kind.name.lower())
            return None
