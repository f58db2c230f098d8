"""Flows on an emulated link: a call's sending side as it is, with a model of its encoder; and a greedy download."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from support.link_emulator import Line, Link

from kiosk_client.media.core import bandwidth, pacer
from kiosk_client.media.core.bandwidth import Bandwidth, BeginProbe, Heard, Target, Wanted
from kiosk_client.media.core.pacer import Allow, Begin, DroppedPictures, Kind, Pacer, Pad, Queue, Send
from kiosk_client.media.core.transport_feedback import build, parse

SOUND_BYTES, SOUND_EVERY = 160, 0.020
"""Opus at 32 kbit/s with one RED copy, sealed: 64 kbit/s of RTP."""

SOUND_RATE = 8 * SOUND_BYTES / SOUND_EVERY
PACKET = 1100
FRAMES = 30.0
WANTED = 2_500_000.0


@dataclass
class Seen:
    """What a flow went through. Pairs of time and value; rates in bits a second."""

    targets: list[tuple[float, float]] = field(default_factory=list)
    causes: list[tuple[float, str]] = field(default_factory=list)
    sound_sent: int = 0
    sound: list[tuple[float, float]] = field(default_factory=list)
    """When each packet of sound arrived, and after how long."""
    arrived: list[tuple[float, int]] = field(default_factory=list)
    dropped: int = 0
    probes: list[tuple[float, float]] = field(default_factory=list)


class Call:
    """One end's sound and picture on `there`, its feedback coming back on `back`, from `start` on.

    `wanted`: bits a second that sound and picture take at most, as where little moves.
    """

    def __init__(
        self, line: Line, there: Link, back: Link, seed: int, *, start: float = 0.0, wanted: float = WANTED
    ) -> None:
        self.seen = Seen()
        self.bandwidth = Bandwidth(start)
        self._line, self._there, self._back = line, there, back
        self._chance = random.Random(seed)
        self._pacer: Pacer[tuple[Kind, int, float]] = Pacer(self.bandwidth.target.rate, start)
        self._due: dict[str, float] = {}
        self._key = True
        self._received: dict[int, float] = {}
        self._told = self._highest = -1
        self._wanted = wanted
        line.at(start, lambda: self._on(Wanted(WANTED)))
        line.at(start, self._speak)
        line.at(start, self._film)
        line.at(start + 0.1, self._tell)

    def rate(self, since: float, until: float) -> float:
        """Bits a second that arrived in that time."""
        return 8 * sum(size for at, size in self.seen.arrived if since <= at < until) / (until - since)

    def target(self, since: float, until: float) -> float:
        """The mean of the target in that time."""
        points = [each for each in self.seen.targets if each[0] < until]
        total, upper = 0.0, until
        for at, rate in reversed(points):
            total += rate * max(0.0, upper - max(at, since))
            upper = min(upper, at)
            if at <= since:
                break
        return total / (until - since)

    def sound_late(self, since: float, until: float, share: float = 0.95) -> float:
        """Seconds that this share of the sound of that time took at most."""
        delays = sorted(took for at, took in self.seen.sound if since <= at < until)
        return delays[int(share * (len(delays) - 1))] if delays else float("inf")

    def _speak(self) -> None:
        self.seen.sound_sent += 1
        self._pace(Queue(Kind.SOUND, SOUND_BYTES, (Kind.SOUND, SOUND_BYTES, self._line.now)))
        self._line.after(SOUND_EVERY, self._speak)

    def _film(self) -> None:
        rate = min(self.bandwidth.target.rate, self._wanted) - SOUND_RATE
        if rate > 20_000 and self._pacer.waits < 0.3:
            size = int(rate / 8 / FRAMES * self._chance.lognormvariate(-0.03, 0.25) * (4 if self._key else 1))
            self._key = False
            while size > 0:
                part = min(size, PACKET)
                size -= part
                self._pace(Queue(Kind.PICTURE, part, (Kind.PICTURE, part, self._line.now)))
        self._line.after(1 / FRAMES, self._film)

    def _pace(self, given: pacer.Given[tuple[Kind, int, float]]) -> None:
        for effect in self._pacer.handle(given, self._line.now):
            match effect:
                case Send(item=(kind, size, made), probe=probe):
                    self._send(kind, size, made, probe)
                case Pad(size, probe):
                    self._send(Kind.RETRANSMISSION, size, self._line.now, probe)
                case DroppedPictures(packets):
                    self.seen.dropped += packets
                    self._key = True
        self._wake(self._pacer.deadline, lambda: self._pace(pacer.Tick()), "pacer")

    def _on(self, given: bandwidth.Given) -> None:
        for effect in self.bandwidth.handle(given, self._line.now):
            match effect:
                case Target(rate, cause):
                    self.seen.targets.append((self._line.now, rate))
                    self.seen.causes.append((self._line.now, cause))
                    self._pace(Allow(rate))
                case BeginProbe(probe):
                    self.seen.probes.append((self._line.now, probe.rate))
                    self._pace(Begin(probe))
        self._wake(self.bandwidth.deadline, lambda: self._on(bandwidth.Tick()), "bandwidth")

    def _send(self, kind: Kind, size: int, made: float, probe: int | None) -> None:
        number = self.bandwidth.sent(size, self._line.now, probe)
        self._there.send(size, lambda: self._arrive(kind, size, made, number), self)
        self._wake(self.bandwidth.deadline, lambda: self._on(bandwidth.Tick()), "bandwidth")

    def _arrive(self, kind: Kind, size: int, made: float, number: int) -> None:
        number = self._highest + (number - self._highest + 2**15) % 2**16 - 2**15
        self._highest = max(self._highest, number)
        self._received[number] = self._line.now + 1000.0
        self.seen.arrived.append((self._line.now, size))
        if kind is Kind.SOUND:
            self.seen.sound.append((self._line.now, self._line.now - made))

    def _tell(self) -> None:
        for fci in build(self._told + 1, self._received, 0):
            self._back.send(len(fci) + 20, lambda fci=fci: self._on(Heard(parse(fci))))  # type: ignore[misc]
        if self._received:
            self._told = max(self._received)
            self._received.clear()
        self._line.after(0.1, self._tell)

    def _wake(self, when: float | None, act: Callable[[], None], which: str) -> None:
        if when is None:
            return
        when = max(when, self._line.now)
        if self._due.get(which) == when:
            return
        self._due[which] = when

        def woken() -> None:
            # Another deadline may have taken this one's place.
            if self._due.get(which) == when:
                del self._due[which]
                act()

        self._line.at(when, woken)


class Download:
    """TCP as greedy as NewReno (RFC 5681, RFC 6582) with selective acknowledgements, from `start` to `until`."""

    def __init__(
        self,
        line: Line,
        there: Link,
        back: Link,
        *,
        start: float = 0.0,
        until: float = float("inf"),
        size: int = 1400,
    ) -> None:
        self.arrived: list[tuple[float, int]] = []
        self._line, self._there, self._back, self._size = line, there, back, size
        self._window, self._threshold = 10.0, 1e9
        self._next = 0
        self._flying: dict[int, float] = {}
        self._recover = -1
        self._patience = 1.0
        self._until = until
        line.at(start, self._fill)

    def rate(self, since: float, until: float) -> float:
        """Bits a second that arrived in that time."""
        return 8 * sum(size for at, size in self.arrived if since <= at < until) / (until - since)

    def _fill(self) -> None:
        while len(self._flying) < int(self._window) and self._line.now < self._until:
            number, self._next = self._next, self._next + 1
            self._flying[number] = self._line.now
            self._there.send(self._size, lambda number=number: self._arrive(number), self)  # type: ignore[misc]
            self._line.after(self._patience, lambda number=number: self._late(number))  # type: ignore[misc]

    def _arrive(self, number: int) -> None:
        self.arrived.append((self._line.now, self._size))
        self._back.send(40, lambda: self._acknowledged(number), self)

    def _acknowledged(self, number: int) -> None:
        if self._flying.pop(number, None) is None:
            return
        self._window += 1 if self._window < self._threshold else 1 / self._window
        lost = [each for each in self._flying if each < number - 3]
        if lost:
            self._cut(lost, 0.5)
        self._fill()

    def _late(self, number: int) -> None:
        if number in self._flying:
            self._cut(list(self._flying), 0.0)
            self._fill()

    def _cut(self, lost: list[int], factor: float) -> None:
        if max(lost) > self._recover:
            self._threshold = max(2.0, self._window / 2)
            self._window = max(2.0, factor * self._window)
            self._recover = self._next - 1
        for each in lost:
            del self._flying[each]
