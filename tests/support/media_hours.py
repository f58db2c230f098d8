"""Hours of a call in virtual time: its voice, its pictures and its sending end, each on a line with weather.

The weather comes round and round: two minutes of calm, then jitter, bursts of losses, a longer way, a stall. In the
second half of each calm a `Calm` is written down; in a call that does not age they are all alike. Clocks drift apart,
and numbers of 16, 24 and 32 bits begin anew early on.
"""

from __future__ import annotations

import sys
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from statistics import mean
from types import FrameType
from typing import Any

import numpy as np
from support.link_emulator import BurstLoss, Line, Link, Loss, RandomLoss
from support.picture_line import Run, payload
from support.rate_flows import Call

from kiosk_client.media.core.arrivals import Arrivals
from kiosk_client.media.core.bandwidth import Heard
from kiosk_client.media.core.pacer import Kind
from kiosk_client.media.core.picture_reception import PacketArrived
from kiosk_client.media.core.playout import Playout
from kiosk_client.media.core.redundancy_choice import RedundancyChoice, affordable
from kiosk_client.media.core.send_history import SendHistory
from kiosk_client.media.core.speech import FRAME, RATE, Comfort, Conceal, Pace, Play, Recover, SpeechPacket
from kiosk_client.media.core.time_scale import lengthened, shortened
from kiosk_client.media.core.transport_feedback import PERIOD, parse

CYCLE, CALM, JUDGED = 240.0, 120.0, 60.0
"""Seconds: of the weather, of its calm with which it begins, and after which of it a call must have settled."""
COUNTED = 10.0
"""Seconds of a calm, its last, in which steps are counted."""
WAY, LONG_WAY = 0.040, 0.150
SPEECH_BEGINS = 2**32 - 50 * RATE
PICTURES_BEGIN = 2**32 - 50 * 90_000
"""Timestamps, fifty seconds before they begin anew (RFC 3550, section 5.1)."""
TELLING_BEGINS = PERIOD - 50.0
"""Seconds of the clock of transport-wide feedback, likewise."""
VOICE = 150
"""Hertz of what is said here, as long as it is played at another pace."""


@dataclass(frozen=True)
class Calm:
    """Of the judged half of one calm. `late`: seconds from being said or taken until heard or shown, or until arrived
    where only that is known; mean and greatest. `rate`: of what comes, a second: frames, or bits. `kept`: things held
    by the cores. `steps`: calls of functions, a second; the same on every machine, however busy it is.
    """

    late: float
    latest: float
    rate: float
    kept: int
    steps: float


def kept(thing: object) -> int:
    """How many things are held by an object of ours and all that it holds: elements of all its containers."""
    seen: set[int] = set()
    total, waiting = 0, [thing]
    while waiting:
        each = waiting.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        match each:
            case dict() | OrderedDict():
                inside: list[Any] = [*each.keys(), *each.values()]
                total += len(each)
            case list() | tuple() | set() | deque() | frozenset():
                inside = list(each)
                total += len(each)
            case _ if type(each).__module__.startswith("kiosk_client"):
                slots = [name for kind in type(each).__mro__ for name in getattr(kind, "__slots__", ())]
                inside = [*getattr(each, "__dict__", {}).values(), *(getattr(each, name, None) for name in slots)]
            case _:
                continue
        waiting += inside
    return total


def _calls(act: Callable[[], None]) -> int:
    """How many calls of functions it takes to do this, each turn of a generator among them."""
    calls = 0

    def count(_frame: FrameType, event: str, _given: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        act()
    finally:
        sys.setprofile(before)
    return calls


class Weathered:
    """A part of a call on a line with weather. `links`: those that have it, with what they lose in calm."""

    def __init__(self, line: Line, links: list[Link], core: Callable[[], object]) -> None:
        self.calms: list[Calm] = []
        self.lates: list[float] = []
        """Since the last `forget`."""
        self.came = 0.0
        self._line, self._links, self._core = line, links, core

    def lives(self, seconds: float) -> list[Calm]:
        """For so long, a whole number of cycles; all calms."""
        for cycle in range(round(seconds / CYCLE)):
            self._cycle(cycle * CYCLE)
        return self.calms

    def forget(self) -> None:
        """What the tests themselves have noted: hours of it would be most of what is held."""
        self.lates.clear()
        self.came = 0.0
        for link in self._links:
            for counts in link.counts.values():
                counts.queued.clear()

    def _cycle(self, begins: float) -> None:
        line = self._line
        line.run(begins + JUDGED)
        self.forget()
        line.run(begins + CALM - COUNTED)
        steps = _calls(partial(line.run, begins + CALM)) / COUNTED
        late, latest = mean(self.lates), max(self.lates)
        self.calms.append(Calm(late, latest, self.came / (CALM - JUDGED), kept(self._core()), steps))
        self._weather(jitter=0.080)
        line.run(begins + CALM + 30)
        self._weather(loss=BurstLoss.of(0.1, 5))
        line.run(begins + CALM + 60)
        self._weather(delay=LONG_WAY)
        line.run(begins + CALM + 90)
        self._weather(loss=RandomLoss(1.0))
        line.run(begins + CALM + 91.5)
        self._weather(loss=RandomLoss(0.03), jitter=0.020)
        line.run(begins + CYCLE)
        self._weather()

    def _weather(self, *, loss: Loss | None = None, jitter: float = 0.0, delay: float = WAY) -> None:
        for link in self._links:
            link.loss, link.jitter, link.delay = loss or RandomLoss(), jitter, delay


class LongVoice(Weathered):
    """The voice, repeated as the choice of redundancy has it, up to the play-out. `drift`: of the sender's clock."""

    def __init__(self, *, drift: float, seed: int = 1) -> None:
        line = Line()
        link = Link(line, seed, delay=WAY)
        self.playout, self.choice = Playout(), RedundancyChoice(0.0)
        super().__init__(line, [link], lambda: [self.playout, self.choice])
        self.stretched = 0
        """Samples by which the pace made sound longer, less those by which it made it shorter."""
        self._link, self._drift = link, drift
        self._ready = self._number = self._ticks = 0
        self._lost_before = self._sent_before = 0
        times = np.arange(FRAME) / RATE
        self._sound = (8000 * np.sin(2 * np.pi * VOICE * times)).astype(np.int16)
        line.at(0.0, self._speak)
        line.at(0.010, self._hear)
        line.at(1.0, self._report)

    def _speak(self) -> None:
        copies = range(max(self._number - self.choice.depth, 0), self._number + 1)
        self._link.send(60 * len(copies), partial(self._arrive, copies))
        self._number += 1
        self._line.at(self._said_at(self._number), self._speak)

    def _said_at(self, number: int) -> float:
        return number * FRAME / RATE / (1 + self._drift)

    def _arrive(self, numbers: range) -> None:
        for number in numbers:
            timestamp = (SPEECH_BEGINS + number * FRAME) % 2**32
            self.playout.put(SpeechPacket(1, timestamp, FRAME, str(number).encode(), self._line.now, recovers=True))

    def _hear(self) -> None:
        now = self._line.now
        while self._ready < FRAME:
            match self.playout.next(now):
                case Play(number, pace):
                    self.lates.append(now + self._ready / RATE - self._said_at(int(number)))
                    self.came += 1
                    self._ready += self._paced(pace)
                case Recover(samples=samples) | Conceal(samples) | Comfort(samples):
                    self._ready += samples
        self._ready -= FRAME
        self._ticks += 1
        self._line.at(0.010 + self._ticks * FRAME / RATE, self._hear)

    def _paced(self, pace: Pace) -> int:
        if pace is Pace.STEADY:
            return FRAME
        length = len((shortened if pace is Pace.SHORTER else lengthened)(self._sound))
        self.stretched += length - FRAME
        return length

    def _report(self) -> None:
        counts = self._link.counts[None]
        lost, sent = counts.lost - self._lost_before, counts.sent - self._sent_before
        self._lost_before, self._sent_before = counts.lost, counts.sent
        self.choice.heard(lost / max(sent, 1), self._line.now)
        assert 0 <= self.choice.depth <= affordable(1e6)
        self._line.after(1.0, self._report)


class LongPictures(Weathered):
    """Pictures that come in, up to their being decoded; what is lost is asked for again. `drift`: of their clock."""

    def __init__(self, *, drift: float, seed: int = 1) -> None:
        self.run = _Drifting(seed, drift)
        super().__init__(self.run.line, [self.run.there, self.run.back], lambda: self.run.reception)

    def forget(self) -> None:
        """Also the frames that were shown."""
        super().forget()
        self.run.seen.shown.clear()
        self.run.told = self

    @property
    def asked(self) -> int:
        """Key frames asked for so far."""
        return len(self.run.seen.asked)


class _Drifting(Run):
    """As `Run`, by another clock, and with timestamps that soon begin anew."""

    told: LongPictures | None = None

    def __init__(self, seed: int, drift: float) -> None:
        self._drift = drift
        super().__init__(seed, delay=WAY)

    def _send_picture(self) -> None:
        is_key, self._wants_key = self._wants_key, False
        size = 25 if is_key else self._chance.randint(1, 8)
        timestamp = (PICTURES_BEGIN + self._pictures * 3600) & 0xFFFFFFFF
        for place in range(size):
            packet = PacketArrived(
                self._sequence, timestamp, place == size - 1, payload(begins=place == 0, is_key=is_key)
            )
            self._sent[self._sequence] = packet
            self._sequence = (self._sequence + 1) & 0xFFFF
            self.line.after(place * 0.001, partial(self._send, packet))
        self._pictures += 1
        self.line.at(self._taken_at(self._pictures), self._send_picture)

    def _taken_at(self, number: int) -> float:
        return number * 0.040 / (1 + self._drift)

    def _handle(self, given: Any) -> None:
        shown = len(self.seen.shown)
        super()._handle(given)
        if self.told is not None:
            for at, frame in self.seen.shown[shown:]:
                number = ((frame.timestamp - PICTURES_BEGIN) & 0xFFFFFFFF) // 3600
                self.told.lates.append(at - self._taken_at(number))
                self.told.came += 1


class LongSending(Weathered):
    """An end's estimator, pacer and history, with the other end's feedback. `drift`: of the other end's clock."""

    def __init__(self, *, drift: float, seed: int = 1) -> None:
        line = Line()
        there, back = (Link(line, seed + each, rate=1e6, delay=WAY, overhead=48) for each in (0, 100))
        self.call = _Told(line, there, back, seed, drift)
        super().__init__(line, [there, back], lambda: [self.call.bandwidth, self.call._pacer, self.call.arrivals])

    def forget(self) -> None:
        """Also what the flow has noted."""
        super().forget()
        seen = self.call.seen
        for noted in (seen.targets, seen.causes, seen.sound, seen.arrived, seen.probes):
            noted.clear()
        self.call.told = self


class _Told(Call):
    """As `Call`, with the feedback that our own receiving end gives, by a clock that runs otherwise.

    The numbers of its packets, of 16 bits, begin anew after half a minute.
    """

    told: LongSending | None = None

    def __init__(self, line: Line, there: Link, back: Link, seed: int, drift: float) -> None:
        self.arrivals = Arrivals()
        self._drift = drift
        super().__init__(line, there, back, seed, wanted=350_000)
        self.bandwidth._history = SendHistory(2**16 - 3000)

    def _arrive(self, kind: Kind, size: int, made: float, number: int) -> None:
        self.arrivals.arrived(number, self._clock())
        if self.told is not None:
            self.told.came += 8 * size
            if kind is Kind.SOUND:
                self.told.lates.append(self._line.now - made)

    def _tell(self) -> None:
        for fci in self.arrivals.due(self._clock()):
            self._back.send(len(fci) + 20, lambda fci=fci: self._on(Heard(parse(fci))))  # type: ignore[misc]
        self._line.after(0.025, self._tell)

    def _clock(self) -> float:
        return TELLING_BEGINS + self._line.now * (1 + self._drift)
