"""Native ends that went through an honest handshake and then do not keep to it: what they do with their frames."""

from __future__ import annotations

import secrets as chance
from collections import deque

from kiosk_client.frame_guard import FrameGuard
from tawasul.e2ee.frames import Kind
from tawasul.e2ee.session import EpochSecrets


class PlainSender(FrameGuard):
    """Seals nothing."""

    def seal(self, kind: Kind, frame: bytes) -> bytes | None:
        """The frame as it is, as soon as an honest end would send."""
        return frame if super().seal(kind, frame) is not None else None


class PlainLater(FrameGuard):
    """Seals honestly until it is believed, and then nothing."""

    def __init__(self, *given: object) -> None:
        super().__init__(*given)  # type: ignore[arg-type]
        self.plain = False

    def seal(self, kind: Kind, frame: bytes) -> bytes | None:
        """The frame as it is, once `plain` is set."""
        sealed = super().seal(kind, frame)
        return frame if self.plain and sealed is not None else sealed


class OtherKey(FrameGuard):
    """Seals under keys that nobody else has."""

    def switch(self, secrets: EpochSecrets) -> None:
        """Of the right epoch, and of another secret."""
        super().switch(EpochSecrets(secrets.epoch, chance.token_bytes(32), secrets.transcript))


class NoKey(FrameGuard):
    """Never gets keys."""

    def unlock(self, secrets: EpochSecrets) -> None:
        """Forgotten."""


class Repeater(FrameGuard):
    """Seals one frame of each kind, and sends it again and again."""

    def __init__(self, *given: object) -> None:
        super().__init__(*given)  # type: ignore[arg-type]
        self._first: dict[Kind, bytes] = {}

    def seal(self, kind: Kind, frame: bytes) -> bytes | None:
        """The first, always."""
        if kind not in self._first and (sealed := super().seal(kind, frame)) is not None:
            self._first[kind] = sealed
        return self._first.get(kind)


class Reflector(FrameGuard):
    """Sends the other end's own frames back to it."""

    def __init__(self, *given: object) -> None:
        super().__init__(*given)  # type: ignore[arg-type]
        self._heard: dict[Kind, deque[bytes]] = {kind: deque(maxlen=100) for kind in Kind}

    def open(self, kind: Kind, frame: bytes) -> bytes | None:
        """Kept, to be sent back."""
        self._heard[kind].append(frame)
        return super().open(kind, frame)

    def seal(self, kind: Kind, frame: bytes) -> bytes | None:
        """One of the other's."""
        return self._heard[kind].popleft() if self._heard[kind] else None
