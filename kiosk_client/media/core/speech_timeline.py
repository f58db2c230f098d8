"""When a packet of speech belongs, in ticks that do not wrap, and whether it belongs to the stream at all."""

from __future__ import annotations

from kiosk_client.media.core.sequence import unwrap
from kiosk_client.media.core.speech import RATE, SpeechPacket

AHEAD = 0.5
"""Seconds by which a packet may be earlier than the fastest one: no way becomes shorter than that at once, and one
packet with a lying time must not throw away what is to be played before it."""
BEHIND = 3.0
"""Seconds by which one may be later: a network may well hold packets that long."""
STRANGERS = 3
"""So many packets on end, of one mind about a time or source that is not ours: their sender has begun anew."""


class SpeechTimeline:
    """The source and time of one stream. Packets that fit neither are kept for a moment, in case a new one begins."""

    def __init__(self) -> None:
        self._source: int | None = None
        self._newest = 0
        self._strangers: list[SpeechPacket] = []

    def place(self, packet: SpeechPacket, fastest: float | None) -> int | None:
        """When the packet begins, in ticks; None for a stranger.

        `fastest`: the smallest arrival less time of those before it, in seconds, if known.
        """
        if self._source is None:
            self._source, self._newest = packet.source, packet.timestamp
        at = unwrap(packet.timestamp, self._newest, 32)
        late = 0.0 if fastest is None else packet.arrival - at / RATE - fastest
        if packet.source != self._source or not -AHEAD <= late <= BEHIND:
            if self._strangers and not _of_one_mind(self._strangers[-1], packet):
                self._strangers.clear()
            self._strangers.append(packet)
            return None
        self._strangers.clear()
        self._newest = max(self._newest, at)
        return at

    def begin_anew(self) -> list[SpeechPacket]:
        """Where enough strangers came one after the other: they, and from now on the stream is theirs. Else none."""
        if len(self._strangers) < STRANGERS:
            return []
        begun, self._strangers = self._strangers, []
        self._source, self._newest = begun[0].source, begun[0].timestamp
        return begun


def _of_one_mind(first: SpeechPacket, second: SpeechPacket) -> bool:
    passed = unwrap(second.timestamp, first.timestamp, 32) - first.timestamp
    return first.source == second.source and abs(second.arrival - first.arrival - passed / RATE) <= AHEAD
