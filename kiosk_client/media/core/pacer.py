"""When each packet goes out: sound at once, then what was asked for again, then pictures, at the rate that is allowed.

A leaky bucket: each packet fills it by its size, it drains at the rate, and what may wait goes out when it is empty. So
a key frame does not go out in one burst, and sound is never behind it. Bounded by age: pictures that waited too long
are dropped with all after them, and said to be, so that a key frame is made.

A pure core: `handle` takes what happened and the time, and returns what to do; call it with `Tick` when `deadline` has
passed.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import IntEnum
from typing import Generic, TypeVar

from kiosk_client.media.core.probing import Probe

Item = TypeVar("Item")

PACE = 1.25
"""The bucket drains at this multiple of the rate. An encoder's frames differ in size around its rate, and what waits
must become less again; much more, and a key frame would fill the line's own queue, where sound waits behind it."""

BURST = 0.005
"""Seconds of the rate that may go out together: timers are no finer."""

MOST_DEBT = 0.25
"""Seconds of the rate to which the bucket may be full: pictures wait no longer than that, though sound be more than the
whole rate."""

PICTURES_WAIT, RETRANSMISSIONS_WAIT = 1.0, 0.5
"""Seconds. A picture that comes later is a freeze anyway, and all after it would be as late; a packet that was asked
for is of no use by then."""

MOST_WAITING = 1_000_000
"""Bytes of pictures that may wait, whatever the times say."""

TINY = 1e-6

PADDING = 1100
"""Bytes of a packet of padding, at most."""


class Kind(IntEnum):
    """What a packet is; the lower goes first."""

    SOUND = 0
    RETRANSMISSION = 1
    PICTURE = 2


@dataclass(frozen=True)
class Queue(Generic[Item]):
    """`item`, a packet of `size` bytes, is to go out."""

    kind: Kind
    size: int
    item: Item


@dataclass(frozen=True)
class Allow:
    """From now on `rate` bits a second are allowed, for all together."""

    rate: float


@dataclass(frozen=True)
class Begin:
    """Send this probe."""

    probe: Probe


@dataclass(frozen=True)
class Tick:
    """The deadline may have passed."""


Given = Queue[Item] | Allow | Begin | Tick


@dataclass(frozen=True)
class Send(Generic[Item]):
    """This packet goes out now, as part of the probe of this number if there is one."""

    item: Item
    probe: int | None = None


@dataclass(frozen=True)
class Pad:
    """Send `size` bytes or so of no further use, as part of the probe: packets again that went out lately."""

    size: int
    probe: int


@dataclass(frozen=True)
class DroppedPictures:
    """So many packets of pictures will not go out. Nothing after them can be decoded: make a key frame."""

    packets: int


Effect = Send[Item] | Pad | DroppedPictures


@dataclass(slots=True)
class _Waiting(Generic[Item]):
    since: float
    size: int
    item: Item


@dataclass(slots=True)
class _Probing:
    probe: Probe
    due: float
    sent: int = 0
    packets: int = 0


class Pacer(Generic[Item]):
    """`rate`: bits a second at first. Times: seconds of any one clock that never runs back."""

    def __init__(self, rate: float, now: float) -> None:
        self._rate = rate
        self._debt = 0.0
        self._drained = now
        self._waiting = {kind: deque[_Waiting[Item]]() for kind in (Kind.RETRANSMISSION, Kind.PICTURE)}
        self._bytes = 0
        self._probes: deque[_Probing] = deque()

    @property
    def deadline(self) -> float | None:
        """When to call `handle` with `Tick` at the latest; None while nothing waits."""
        if self._probes:
            return self._probes[0].due
        if not any(self._waiting.values()):
            return None
        return self._drained + max(0.0, self._debt / self._drain - BURST)

    @property
    def waits(self) -> float:
        """Seconds that what waits will take to go out: an encoder had better leave frames out than let this grow."""
        return self._bytes / self._drain

    def handle(self, given: Given[Item], now: float) -> list[Effect[Item]]:
        """What to do about `given`."""
        self._debt = max(0.0, self._debt - (now - self._drained) * self._drain)
        self._drained = now
        match given:
            case Queue(kind=Kind.SOUND, size=size, item=item):
                return [self._sent(item, size, now)]
            case Queue(kind=kind, size=size, item=item):
                self._waiting[kind].append(_Waiting(now, size, item))
                self._bytes += size
            case Allow(rate):
                self._rate = rate
            case Begin(probe):
                self._probes.append(_Probing(probe, now))
            case Tick():
                pass
        return [*self._dropped(now), *self._probed(now), *self._due(now)]

    def _dropped(self, now: float) -> list[Effect[Item]]:
        again, pictures = self._waiting[Kind.RETRANSMISSION], self._waiting[Kind.PICTURE]
        while again and again[0].since < now - RETRANSMISSIONS_WAIT:
            self._bytes -= again.popleft().size
        if not pictures or (pictures[0].since >= now - PICTURES_WAIT and self._bytes <= MOST_WAITING):
            return []
        dropped = DroppedPictures(len(pictures))
        self._bytes -= sum(each.size for each in pictures)
        pictures.clear()
        return [dropped]

    def _probed(self, now: float) -> list[Effect[Item]]:
        """One packet of a probe at a time: were those made good that a late timer has cost, they would be one burst."""
        if not self._probes or now < self._probes[0].due:
            return []
        running = self._probes[0]
        waiting = next((each for each in self._waiting.values() if each), None)
        if waiting:
            return [self._next(waiting, now)]
        size = min(PADDING, -(-running.probe.size // running.probe.packets))
        pad = Pad(size, running.probe.number)
        self._count(size, now)
        return [pad]

    def _due(self, now: float) -> list[Effect[Item]]:
        out: list[Effect[Item]] = []
        for waiting in self._waiting.values():
            while waiting and self._debt <= BURST * self._drain + TINY:
                out.append(self._next(waiting, now))
        return out

    def _next(self, waiting: deque[_Waiting[Item]], now: float) -> Send[Item]:
        first = waiting.popleft()
        self._bytes -= first.size
        return self._sent(first.item, first.size, now)

    def _sent(self, item: Item, size: int, now: float) -> Send[Item]:
        number = self._probes[0].probe.number if self._probes else None
        self._count(size, now)
        return Send(item, number)

    def _count(self, size: int, now: float) -> None:
        """So much has gone out, which counts for a probe that runs."""
        self._debt = min(self._debt + size, MOST_DEBT * self._drain)
        if not self._probes:
            return
        running = self._probes[0]
        running.sent += size
        running.packets += 1
        running.due = max(running.due, now - BURST) + 8 * size / running.probe.rate
        if running.packets >= running.probe.packets and running.sent >= running.probe.size:
            self._probes.popleft()
            if self._probes:
                self._probes[0].due = running.due

    @property
    def _drain(self) -> float:
        """Bytes a second."""
        return PACE * self._rate / 8
