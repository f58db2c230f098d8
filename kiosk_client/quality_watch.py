"""Watches how a call is, tells it here and at the other end: the shell of `media.core.quality`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from kiosk_client.media.core.quality import Around, Measures, Quality, figures_of
from kiosk_client.media.core.statistics import Statistics
from kiosk_client.media.core.steady import ToldQuality
from kiosk_client.peer import Peer
from kiosk_client.peer_events import OtherMuted
from kiosk_client.relay_asking import RelayAsking
from kiosk_client.relays import FoundRelay
from tawasul.protocol import peer as protocol

LOOKED_EVERY = 1.0
"""Seconds."""


class QualityWatch:
    """Begins at once, in a running event loop, once the other end is seen and heard; `tell` is called with each change.

    `relay`: by which this end's media leave, if by one. `other_muted`: what the other end withholds.
    """

    def __init__(
        self,
        peer: Peer,
        relay: FoundRelay | None,
        other_muted: Callable[[], OtherMuted],
        tell: Callable[[ToldQuality], None],
    ) -> None:
        self.told = ToldQuality("good")
        self._peer = peer
        self._other_muted = other_muted
        self._tell = tell
        self._loop = asyncio.get_running_loop()
        self._quality = Quality()
        by_udp = relay is not None and relay.url.transport == "udp" and peer.leaves_by_relay()
        self._asking = RelayAsking(relay) if relay is not None and by_udp else None
        self._heard: tuple[float, protocol.Quality] | None = None
        self._said_at = float("-inf")
        self._task = asyncio.create_task(self._run(), name="quality")

    def hear(self, message: protocol.Quality) -> None:
        """How it is at the other end, as it says."""
        self._heard = self._loop.time(), message

    def close(self) -> None:
        """Watch no more. May be called again."""
        self._task.cancel()
        if self._asking is not None:
            self._asking.close()

    async def _run(self) -> None:
        while True:
            self._look()
            await asyncio.sleep(LOOKED_EVERY)

    def _look(self) -> None:
        statistics = self._peer.statistics()
        self._quality.take(figures_of(statistics))
        around = self._around()
        told = self._quality.judge(around)
        now = self._loop.time()
        if told != self.told or now - self._said_at >= protocol.QUALITY_EVERY:
            self._said_at = now
            self._peer.say(message_of(told, around.own_leg, self._quality.now, statistics))
        if told != self.told:
            self.told = told
            self._tell(told)

    def _around(self) -> Around:
        muted, now = self._other_muted(), self._loop.time()
        own, other = None, None
        if self._asking is not None:
            own = self._asking.leg.judge(self._quality.loss, self._quality.rise, now)
        if self._heard is not None and now - self._heard[0] <= protocol.QUALITY_HOLDS:
            other = self._heard[1].leg
        return Around(
            sound=not muted.sound,
            picture=not muted.picture,
            own_picture=not self._peer.withholds_picture,
            own_leg=own,
            other_leg=other,
            meet=self._peer.legs_meet(),
        )


def message_of(
    told: ToldQuality, leg: protocol.Leg | None, measures: Measures, statistics: Statistics
) -> protocol.Quality:
    """What the other end is told of this one."""
    height = statistics["inbound"].get("video", {}).get("frameHeight")
    rate = statistics["candidatePair"].get("availableOutgoingBitrate")
    return protocol.Quality(
        level=told.level,
        leg=leg,
        loss_in=_rounded(measures.loss_in),
        loss_out=_rounded(measures.loss_out),
        concealed=_rounded(measures.concealed),
        round_trip=_rounded(measures.round_trip),
        frames_per_second=_rounded(None if measures.frames_in is None else min(measures.frames_in, 240.0)),
        frame_height=height,
        target_bitrate=None if rate is None else round(rate),
    )


def _rounded(value: float | None) -> float | None:
    """Finer than anybody needs; and a share of what is lost is no fingerprint."""
    return None if value is None else round(value, 3)
