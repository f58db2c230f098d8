"""A sender of pictures and a line that loses, delays and jitters, by a seed and faster than time, around a reception.

The sender keeps what it sent, sends again what is asked for, though as browsers do not twice within what it believes
to be the round trip (it measures a little more than there is), and makes a key frame when it is asked for one.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise

from support.link_emulator import Line, Link, Loss, RandomLoss

from kiosk_client.media.core.freezes import Freezes
from kiosk_client.media.core.picture_assembly import PictureFrame
from kiosk_client.media.core.picture_reception import (
    AskAgain,
    AskForKeyFrame,
    Decode,
    Given,
    PacketArrived,
    PictureReception,
    RoundTrip,
    Tick,
)

PIECE = b"\x00" * 20
PACKET, REQUEST = 1000, 40
"""Bytes on the line."""


def payload(*, begins: bool, is_key: bool) -> bytes:
    """A packet's payload: a descriptor of one byte, then what stands for a part of a sealed frame."""
    return bytes([0x10 if begins else 0x00, 0x00 if is_key else 0x01]) + PIECE


@dataclass
class Seen:
    """What came of it. ``shown``: frames with the moment each was decoded at; ``asked``: moments of key-frame asks."""

    shown: list[tuple[float, PictureFrame]] = field(default_factory=list)
    asked: list[float] = field(default_factory=list)
    asked_again: int = 0
    sent: int = 0
    most_held: int = 0
    freezes: Freezes = field(default_factory=Freezes)

    def pauses(self) -> list[float]:
        """Seconds between each two frames shown."""
        return [later - earlier for (earlier, _), (later, _) in pairwise(self.shown)]


class Run:
    """One stream over a line for some seconds, at 25 pictures a second; `loss` and `delay` (one way) are of both ways.

    `loss` is a share, or a model of loss for the way of the pictures; the requests then get through. `round_trip`:
    what the reception is told, where that is not the truth.
    """

    def __init__(
        self,
        seed: int,
        *,
        loss: float | Loss = 0.0,
        delay: float = 0.040,
        jitter: float = 0.0,
        reorders: bool = False,
        rate: float | Callable[[float], float] = 1e9,
        round_trip: float | None = None,
    ) -> None:
        self.reception = PictureReception()
        self.seen = Seen()
        self.line = Line()
        there, back = (RandomLoss(loss), RandomLoss(loss)) if isinstance(loss, float) else (loss, RandomLoss())
        self.there = Link(
            self.line, seed, rate=rate, delay=delay, jitter=jitter, reorders=reorders, loss=there, patience=0.5
        )
        self.back = Link(self.line, seed + 1, delay=delay, loss=back)
        self._chance = random.Random(seed + 2)
        self._sequence = 65_000
        self._sent: dict[int, PacketArrived] = {}
        self._repeated: dict[int, float] = {}
        self._believed = 2 * delay + 0.005
        self._wants_key = True
        self._pictures = 0
        self._look_at = float("inf")
        self.reception.handle(RoundTrip(2 * delay if round_trip is None else round_trip), 0.0)
        self.line.at(0.0, self._send_picture)

    def play(self, until: float) -> Seen:
        """Goes on until then, in seconds of the line."""
        self.line.run(until)
        return self.seen

    def _send_picture(self) -> None:
        is_key, self._wants_key = self._wants_key, False
        size = 25 if is_key else self._chance.randint(1, 8)
        timestamp = self._pictures * 3600 & 0xFFFFFFFF
        for place in range(size):
            packet = PacketArrived(
                self._sequence, timestamp, place == size - 1, payload(begins=place == 0, is_key=is_key)
            )
            self._sent[self._sequence] = packet
            self._sequence = (self._sequence + 1) & 0xFFFF
            self.line.after(place * 0.001, partial(self._send, packet))
        self._pictures += 1
        self.line.at(self._pictures * 0.040, self._send_picture)

    def _send(self, packet: PacketArrived) -> None:
        self.seen.sent += 1
        self.there.send(PACKET, partial(self._handle, packet))

    def _send_again(self, sequences: tuple[int, ...]) -> None:
        for each in sequences:
            if each in self._sent and self.line.now >= self._repeated.get(each, -1.0) + self._believed:
                self._repeated[each] = self.line.now
                self._send(self._sent[each])

    def _make_key_frame(self) -> None:
        self._wants_key = True

    def _handle(self, given: Given) -> None:
        now = self.line.now
        for effect in self.reception.handle(given, now):
            match effect:
                case Decode(frame):
                    self.seen.shown.append((now, frame))
                    self.seen.freezes.shown(now)
                case AskForKeyFrame():
                    self.seen.asked.append(now)
                    self.back.send(REQUEST, self._make_key_frame)
                case AskAgain(sequences):
                    self.seen.asked_again += len(sequences)
                    self.back.send(REQUEST, partial(self._send_again, sequences))
        self.seen.most_held = max(self.seen.most_held, self.reception.held)
        deadline = self.reception.deadline
        if deadline is not None and not now < self._look_at <= deadline:
            self._look_at = deadline
            self.line.at(deadline, partial(self._look, deadline))

    def _look(self, at: float) -> None:
        if at == self._look_at:
            self._look_at = float("inf")
            self._handle(Tick())
