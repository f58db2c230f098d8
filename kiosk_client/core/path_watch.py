"""Notices that the path to the other end is gone, long before ICE does (aioice: half a minute).

A pure core: `handle` takes what happened and the time, and returns what to do; call it again with `Tick` when
`deadline` has passed. The other end's heartbeats come on the data channel (`tawasul.protocol.peer`), so that a path
that carries nothing any more is known on both ends, with the server or without it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tawasul.protocol.peer import HEARTBEAT_EVERY, PATH_LOST_AFTER

CONNECT_WITHIN = 15.0
"""Seconds for an attempt to connect. ICE over a slow relay with loss takes up to six; beyond fifteen a fresh attempt
is likelier to succeed than this one."""

LossReason = Literal["no-connection", "no-heartbeat", "transport-failed"]


@dataclass(frozen=True)
class ChannelOpened:
    """The data channel stands."""


@dataclass(frozen=True)
class Heard:
    """Something lawful came from the other end on the data channel."""


@dataclass(frozen=True)
class TransportFailed:
    """ICE or DTLS has failed, or the other end has closed without a goodbye."""


@dataclass(frozen=True)
class Finished:
    """A goodbye was said or heard: nothing is watched any more."""


@dataclass(frozen=True)
class Tick:
    """The deadline may have passed."""


Given = ChannelOpened | Heard | TransportFailed | Finished | Tick


@dataclass(frozen=True)
class SendHeartbeat:
    """Say a heartbeat now."""


@dataclass(frozen=True)
class DeclareLost:
    """The path is lost; said once."""

    reason: LossReason


Effect = SendHeartbeat | DeclareLost


class PathWatch:
    """From the start of an attempt to its loss or its end. Times are seconds of any one clock that never runs back."""

    def __init__(self, now: float) -> None:
        self._give_up: float | None = now + CONNECT_WITHIN
        self._heartbeat: float | None = None
        self._open = False

    @property
    def deadline(self) -> float | None:
        """When to call `handle` with `Tick` at the latest; None when nothing is awaited any more."""
        return min((at for at in (self._give_up, self._heartbeat) if at is not None), default=None)

    def handle(self, given: Given, now: float) -> list[Effect]:
        """What to do about `given`. After a loss or the end: nothing, whatever comes."""
        if self._give_up is None:
            return []
        match given:
            case ChannelOpened():
                self._open = True
                self._give_up = now + PATH_LOST_AFTER
                self._heartbeat = now
            case Heard():
                if self._open:
                    self._give_up = now + PATH_LOST_AFTER
            case TransportFailed():
                return self._lost("transport-failed")
            case Finished():
                self._stop()
            case Tick():
                pass
        return self._due(now)

    def _due(self, now: float) -> list[Effect]:
        if self._give_up is not None and now >= self._give_up:
            return self._lost("no-heartbeat" if self._open else "no-connection")
        if self._heartbeat is not None and now >= self._heartbeat:
            # From now and not from when it was due: after a stall one heartbeat says as much as many.
            self._heartbeat = now + HEARTBEAT_EVERY
            return [SendHeartbeat()]
        return []

    def _lost(self, reason: LossReason) -> list[Effect]:
        self._stop()
        return [DeclareLost(reason)]

    def _stop(self) -> None:
        self._give_up = self._heartbeat = None
