"""How much may be sent: a send-side estimate by Google Congestion Control, from transport-wide feedback.

draft-ietf-rmcat-gcc-02, with the trendline in place of the Kalman filter (`delay_trend`), its rate controller
(`rate_control`), losses explained before they are obeyed (`loss_limit`), and probes (`probing`).

A pure core: `handle` takes what happened and the time, and returns what to do; call it with `Tick` when `deadline` has
passed. Feedback that is missing, late or absurd never raises the estimate.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kiosk_client.media.core.arrival_rate import ArrivalRate
from kiosk_client.media.core.delay_trend import DelayTrend, Usage
from kiosk_client.media.core.loss_limit import FULL, LossLimit
from kiosk_client.media.core.probing import Probe, Probing
from kiosk_client.media.core.queue_delay import QueueDelay
from kiosk_client.media.core.rate_control import RateControl
from kiosk_client.media.core.round_trip import RoundTrip
from kiosk_client.media.core.send_history import PacketResult, SendHistory
from kiosk_client.media.core.transport_feedback import TransportFeedback

START, FLOOR, CEILING = 300_000.0, 50_000.0, 4_000_000.0
"""Bits a second, all flows together, as packets of RTP. The first probe is at three times the start."""

SILENT_FOR = 1.0
"""Seconds, beside the round trip, after which feedback that does not come lowers the estimate: several intervals of
feedback, so that the loss of one of them says nothing."""

SILENCE_EVERY, SILENCE_FACTOR = 0.5, 0.7
"""While it does not come, the estimate falls by this factor each half second: to the floor in four seconds."""

OF_LATE, MOMENT = 0.8, 0.3
"""Seconds over which arrivals are reckoned as a rate: for growing, and for falling."""

FULL_FOR = 3.0
"""Seconds after a long queue for which losses are held to be of it: reports of them come as late as that."""

BEGINNING = 5.0
"""Seconds. A later queue is not of what was guessed at first, and what is sent then may be far below the line's."""

TOO_LONG = 0.05
"""Seconds of a standing queue that are waited for at the beginning: a trend would be seen half a second later, and the
queue of a narrow line would be full. A browser's play-out remembers that for ten seconds."""

FAR = 0.6
"""A fall to less than this share of the target is looked at by a probe, soon."""

Cause = Literal["growing", "delay", "loss", "silence"]
"""Why the target is what it is: it may still grow, or what last brought it down."""


@dataclass(frozen=True)
class Heard:
    """Feedback has come in, as it was parsed."""

    feedback: TransportFeedback


@dataclass(frozen=True)
class Wanted:
    """So many bits a second could be used from now on. More than that is not probed for."""

    rate: float


@dataclass(frozen=True)
class Tick:
    """The deadline may have passed."""


Given = Heard | Wanted | Tick


@dataclass(frozen=True)
class Target:
    """From now on `rate` bits a second may be sent, for `cause`."""

    rate: float
    cause: Cause


@dataclass(frozen=True)
class BeginProbe:
    """Send a probe, of what is there and of padding for the rest."""

    probe: Probe


Effect = Target | BeginProbe


class Bandwidth:
    """From a transport's first packet to its end. Times: seconds of any one clock that never runs back.

    Call `sent` for each packet, write the number it gives into the packet, and `handle` for all else.
    """

    def __init__(self, now: float, *, start: float = START, floor: float = FLOOR, ceiling: float = CEILING) -> None:
        self.target = Target(start, "growing")
        self.round_trip = RoundTrip()
        self._history = SendHistory()
        self._trend = DelayTrend()
        self._rate = RateControl(start, floor, ceiling)
        self._losses = LossLimit(floor, ceiling)
        self._probing = Probing(now, start, ceiling)
        self._arrivals = ArrivalRate()
        self._queue = QueueDelay()
        self._floor = floor
        self._wanted = ceiling
        self._silent = self._reached = False
        self._beginning_ends = float("inf")
        self._full_at = float("-inf")
        self._next_fall: float | None = None

    @property
    def deadline(self) -> float | None:
        """When to call `handle` with `Tick` at the latest: when feedback will have failed to come."""
        return self._next_fall

    @property
    def lost(self) -> float:
        """Share of the packets of late that were told of as lost, 0 to 1."""
        return self._losses.lost

    def full(self, now: float) -> bool:
        """Whether there has been a long queue on the way of late: what is lost is lost for want of room."""
        return now - self._full_at < FULL_FOR

    @property
    def in_flight(self) -> int:
        """Bytes of which nothing has been told yet."""
        return self._history.in_flight

    @property
    def unknown(self) -> int:
        """How often feedback told of the arrival of a packet that was not sent, or long before."""
        return self._history.unknown

    def sent(self, size: int, now: float, probe: int | None = None) -> int:
        """A packet of `size` bytes goes out now, of this probe or of none: its transport-wide number, 0 to 65535."""
        if self._next_fall is None:
            self._next_fall = now + SILENT_FOR + self.round_trip.smoothed
        if self._beginning_ends == float("inf"):
            self._beginning_ends = now + BEGINNING
        return self._history.sent(size, now, probe)

    def handle(self, given: Given, now: float) -> list[Effect]:
        """What to do about `given`."""
        match given:
            case Heard(feedback):
                self._heard(self._history.results(feedback, now), now)
            case Wanted(rate):
                self._wanted = rate
            case Tick():
                pass
        self._fall_if_silent(now)
        return [*self._probes(now), *self._retarget()]

    def _heard(self, packets: list[PacketResult], now: float) -> None:
        if not packets:
            return
        self._silent = False
        self._next_fall = now + SILENT_FOR + self.round_trip.smoothed if self._history.in_flight else None
        came = [each for each in packets if each.received]
        if came:
            self._reached = True
            self.round_trip.take(now - came[-1].sent_at, now)
        due = False
        for packet in packets:
            due |= self._losses.take(packet)
            self._trend.take(packet)
            self._arrivals.take(packet)
            self._queue.take(packet)
            if self._queue.waiting > FULL:
                self._full_at = now
        before = self._rate.rate
        of_late, moment = self._arrivals.rate(OF_LATE), self._arrivals.rate(MOMENT)
        self._rate.update(self._trend.usage, of_late, moment or of_late, self.round_trip.smoothed, now)
        if not self._rate.increases:
            self._beginning_ends = min(self._beginning_ends, now)
        if now < self._beginning_ends and self._queue.standing > TOO_LONG and moment is not None:
            self._beginning_ends = now
            self._rate.drain(moment, now)
            self._probing.forget()
            self._probing.fell(now)
        if self._rate.rate < FAR * before:
            self._probing.fell(now)
        for proven in self._probing.take(packets):
            if self._trend.usage is not Usage.OVERUSED:
                self._rate.proven(proven)
        if due:
            self._losses.judge(self._rate.rate, of_late, self._queue.waiting)

    def _fall_if_silent(self, now: float) -> None:
        if self._next_fall is None or now < self._next_fall:
            return
        if self._history.in_flight:
            self._rate.limit(SILENCE_FACTOR * self.target.rate)
            self._silent = True
            self._next_fall = now + SILENCE_EVERY
        else:
            self._next_fall = None

    def _probes(self, now: float) -> list[Effect]:
        # Not before something has arrived: a probe needs a way, and packets that went out before to be made of.
        if not self._reached:
            return []
        calm = self._trend.usage is Usage.NORMAL and not self._losses.falling and not self._silent
        due = self._probing.due(self.target.rate, self._wanted, self.round_trip.smoothed, calm=calm, now=now)
        return [BeginProbe(each) for each in due]

    def _retarget(self) -> list[Effect]:
        allowed = self._rate.rate
        cause: Cause = "growing"
        if self._silent:
            cause = "silence"
        elif self._losses.limit is not None and self._losses.limit < allowed:
            allowed, cause = max(self._losses.limit, self._floor), "loss"
        elif not self._rate.increases:
            cause = "delay"
        before, self.target = self.target, Target(allowed, cause)
        return [self.target] if self.target != before else []
