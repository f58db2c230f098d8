"""The data channel `tawasul` of one connection: who is muted, who is there, who has hung up, which keys come next.

The thin shell of `core.path_watch`: it arms one timer and sends the heartbeats that the core asks for. The messages
are those of `tawasul.protocol.peer`.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import suppress

from aiortc import InvalidStateError, RTCDataChannel
from pydantic import ValidationError

from kiosk_client.core.path_watch import (
    ChannelOpened,
    DeclareLost,
    Finished,
    Given,
    Heard,
    PathWatch,
    SendHeartbeat,
    Tick,
    TransportFailed,
)
from kiosk_client.peer_events import (
    AttestationHeard,
    OtherLeft,
    OtherMuted,
    PathLost,
    PeerEvent,
    QualityHeard,
    RekeyHeard,
)
from tawasul.protocol.peer import (
    CHANNEL_LABEL,
    LARGEST_PEER_MESSAGE,
    PEER_MESSAGE,
    QUALITY_EVERY,
    Attestation,
    Goodbye,
    Heartbeat,
    Muted,
    PeerMessage,
    Quality,
    Rekey,
)

MOST_BUFFERED = 16 * 1024
"""Bytes waiting to be sent beyond which nothing is added: the path is stuck, more would not help."""


class Channel:
    """Watches the path from the moment it is made.

    `tell` gets `OtherMuted`, `OtherLeft`, `PathLost`, `RekeyHeard`, `AttestationHeard` and `QualityHeard`.
    """

    def __init__(self, tell: Callable[[PeerEvent], None]) -> None:
        self._tell = tell
        self.passed_over: Counter[str] = Counter()
        """Messages that changed nothing, by code: `peer-message-too-long`, `peer-message-malformed`,
        `quality-too-often`."""
        self._quality_at = float("-inf")
        self._loop = asyncio.get_running_loop()
        self._channel: RTCDataChannel | None = None
        self._muted = Muted(sound=False, picture=False)
        self._other: OtherMuted | None = None
        self._watch = PathWatch(self._loop.time())
        self._timer: asyncio.TimerHandle | None = None
        self._handle(Tick())

    def use(self, channel: RTCDataChannel) -> None:
        """Talk over `channel`, made here or by the other end. Any but the first `tawasul` is closed."""
        if channel.label != CHANNEL_LABEL or self._channel is not None:
            channel.close()
            return
        self._channel = channel
        channel.on("message", self._on_message)
        if channel.readyState == "open":
            self._on_open()
        else:
            channel.on("open", self._on_open)

    def mute(self, *, sound: bool, picture: bool) -> None:
        """Tell the other end what is withheld, now or as soon as the channel stands."""
        self._muted = Muted(sound=sound, picture=picture)
        self._say(self._muted)

    def say(self, message: Rekey | Attestation | Quality) -> None:
        """Send a message, if a path is left to say it on."""
        self._say(message)

    def goodbye(self) -> None:
        """Tell the other end that we hang up, if a path is left to say it on."""
        self._say(Goodbye())
        self.finish()

    def transport_failed(self) -> None:
        """ICE or DTLS has failed or was closed: unless that was meant, the path is lost."""
        self._handle(TransportFailed())

    def finish(self) -> None:
        """Stop watching. No event comes after this."""
        self._handle(Finished())

    def _on_open(self) -> None:
        self._say(self._muted)
        self._handle(ChannelOpened())

    def _on_message(self, data: str | bytes) -> None:
        if self._watch.deadline is None:
            return
        if len(data) > LARGEST_PEER_MESSAGE:
            self.passed_over["peer-message-too-long"] += 1
            return
        try:
            message = PEER_MESSAGE.validate_json(data)
        except ValidationError:
            self.passed_over["peer-message-malformed"] += 1
            return  # not ours, or of a version to come: it changes nothing and proves no life
        self._handle(Heard())
        match message:
            case Muted(sound=sound, picture=picture):
                told = OtherMuted(sound=sound, picture=picture)
                if told != self._other:
                    self._other = told
                    self._tell(told)
            case Rekey():
                self._tell(RekeyHeard(message))
            case Attestation(jws=jws):
                self._tell(AttestationHeard(jws))
            case Quality():
                self._take_quality(message)
            case Goodbye():
                self.finish()
                self._tell(OtherLeft())

    def _take_quality(self, message: Quality) -> None:
        now = self._loop.time()
        if now - self._quality_at < QUALITY_EVERY / 2:
            self.passed_over["quality-too-often"] += 1
            return
        self._quality_at = now
        self._tell(QualityHeard(message))

    def _handle(self, given: Given) -> None:
        for effect in self._watch.handle(given, self._loop.time()):
            match effect:
                case SendHeartbeat():
                    self._say(Heartbeat())
                case DeclareLost(reason):
                    self._tell(PathLost(reason))
        if self._timer is not None:
            self._timer.cancel()
        deadline = self._watch.deadline
        self._timer = None if deadline is None else self._loop.call_at(deadline, self._handle, Tick())

    def _say(self, message: PeerMessage) -> None:
        channel = self._channel
        if channel is None or channel.readyState != "open" or channel.bufferedAmount > MOST_BUFFERED:
            return
        with suppress(ConnectionError, InvalidStateError):
            channel.send(message.model_dump_json(exclude_none=True))
