"""A line on which packets queue, are late and are lost, in a time of its own: seeded, and faster than real time.

`Line` has the clock and the events; a `Link` is one direction of a wire, on which any number of flows may send. For a
core that only takes packets in, `carried` puts a whole stream over a link and gives its arrivals.
"""

from __future__ import annotations

import heapq
import itertools
import random
from collections import Counter, deque
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

Item = TypeVar("Item")


class Line:
    """Time that passes from event to event. Seconds, from 0."""

    def __init__(self) -> None:
        self.now = 0.0
        self._order = itertools.count()
        self._events: list[tuple[float, int, Callable[[], None]]] = []

    def at(self, when: float, act: Callable[[], None]) -> None:
        """Do this then, or now where that has passed; what is due at one time is done in the order it was asked for."""
        heapq.heappush(self._events, (max(when, self.now), next(self._order), act))

    @property
    def due(self) -> float | None:
        """When the next thing happens, if anything does: until then a line that runs in real time can sleep."""
        return self._events[0][0] if self._events else None

    def after(self, pause: float, act: Callable[[], None]) -> None:
        """Do this in so many seconds."""
        self.at(self.now + pause, act)

    def run(self, until: float = float("inf")) -> None:
        """Let time pass until then, or until nothing is left to happen."""
        while self._events and self._events[0][0] <= until:
            self.now, _, act = heapq.heappop(self._events)
            act()
        if until < float("inf"):
            self.now = until


class Loss(Protocol):
    """Whether the next packet is lost, by chance."""

    def strikes(self, chance: random.Random) -> bool: ...


@dataclass
class RandomLoss:
    """Each packet by itself. `share`: of all, 0 to 1."""

    share: float = 0.0

    def strikes(self, chance: random.Random) -> bool:
        return chance.random() < self.share


@dataclass
class BurstLoss:
    """The model of Gilbert and Elliott: a good and a bad state, each of which loses packets by a share of its own.

    `to_bad`, `to_good`: the chance at each packet of going there.
    """

    to_bad: float
    to_good: float
    lost_in_bad: float = 1.0
    lost_in_good: float = 0.0
    bad: bool = False

    @classmethod
    def of(cls, share: float, mean_burst: float) -> BurstLoss:
        """Bursts of `mean_burst` packets on average (1 or more), which lose this share of all."""
        return cls(to_bad=share / ((1 - share) * mean_burst), to_good=1 / mean_burst)

    def strikes(self, chance: random.Random) -> bool:
        self.bad = chance.random() >= self.to_good if self.bad else chance.random() < self.to_bad
        return chance.random() < (self.lost_in_bad if self.bad else self.lost_in_good)


@dataclass
class Counts:
    """Of one flow on one link. `queued`: seconds each packet waited, from its coming to the end of its sending."""

    sent: int = 0
    lost: int = 0
    overflowed: int = 0
    arrived: int = 0
    arrived_bytes: int = 0
    queued: list[tuple[float, float]] = field(default_factory=list)


class Link:
    """One direction: a queue that drops what it has no room for, a rate, a distance, and chance.

    `rate`: bits a second, or a function of time. `delay`: seconds of the way. `patience`: seconds of traffic that the
    queue holds at its present rate; `room`: bytes it holds; a packet must fit both. `jitter`: up to so many seconds
    more, by chance; packets overtake each other only if `reorders`. `overhead`: bytes a packet has besides its size.
    """

    def __init__(
        self,
        line: Line,
        seed: int,
        *,
        rate: float | Callable[[float], float] = 1e9,
        delay: float = 0.0,
        patience: float = 0.3,
        room: float = float("inf"),
        loss: Loss | None = None,
        jitter: float = 0.0,
        reorders: bool = False,
        overhead: int = 0,
    ) -> None:
        self.loss: Loss = loss or RandomLoss()
        self.jitter = jitter
        self.delay = delay
        self.counts: dict[Hashable, Counts] = {}
        self._line = line
        self._chance = random.Random(seed)
        self._rate = rate if callable(rate) else lambda _: rate
        self._patience, self._room = patience, room
        self._reorders, self._overhead = reorders, overhead
        self._queue: deque[tuple[int, float, Counts, Callable[[], None]]] = deque()
        self._queued_bytes = 0
        self._last_arrival = 0.0

    def send(self, size: int, arrives: Callable[[], None], flow: Hashable = None) -> None:
        """Put a packet of `size` bytes on the link now; `arrives` is called when it comes out, if it does."""
        counts = self.counts.setdefault(flow, Counts())
        counts.sent += 1
        size += self._overhead
        if self._queued_bytes + size > min(self._room, self._rate(self._line.now) * self._patience / 8 + size):
            counts.overflowed += 1
            return
        self._queue.append((size, self._line.now, counts, arrives))
        self._queued_bytes += size
        if len(self._queue) == 1:
            self._transmit()

    @property
    def waits(self) -> float:
        """Seconds that a packet that comes now would wait."""
        return self._queued_bytes * 8 / self._rate(self._line.now)

    def _transmit(self) -> None:
        self._line.after(self._queue[0][0] * 8 / self._rate(self._line.now), self._transmitted)

    def _transmitted(self) -> None:
        size, came, counts, arrives = self._queue.popleft()
        self._queued_bytes -= size
        counts.queued.append((came, self._line.now - came))
        if self._queue:
            self._transmit()
        if self.loss.strikes(self._chance):
            counts.lost += 1
            return
        arrival = self._line.now + self.delay + self._chance.uniform(0.0, self.jitter)
        if not self._reorders:
            arrival = self._last_arrival = max(arrival, self._last_arrival)

        def arrived() -> None:
            counts.arrived += 1
            counts.arrived_bytes += size
            arrives()

        self._line.at(arrival, arrived)


def steps(*levels: tuple[float, float]) -> Callable[[float], float]:
    """A rate that changes: pairs of the second from which on, and the bits a second then."""

    def level(now: float) -> float:
        return [rate for since, rate in levels if since <= now][-1]

    return level


def carried(packets: Iterable[tuple[float, int, Item]], link: Link, line: Line) -> list[tuple[float, Item]]:
    """Put a stream over a link of an unused line: pairs of arrival and item, as they come out.

    `packets`: when each is sent, its bytes, and what it is.
    """
    arrivals: list[tuple[float, Item]] = []

    def send(size: int, item: Item) -> None:
        link.send(size, lambda: arrivals.append((line.now, item)))

    for when, size, item in packets:
        line.at(when, lambda size=size, item=item: send(size, item))  # type: ignore[misc]
    line.run()
    return arrivals


def share_lost(link: Link) -> float:
    """Of all that was sent on it, by chance or for want of room."""
    total = Counter[str]()
    for counts in link.counts.values():
        total.update(sent=counts.sent, lost=counts.lost + counts.overflowed)
    return total["lost"] / max(1, total["sent"])
