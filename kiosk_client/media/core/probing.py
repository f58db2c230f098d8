"""Finds out whether more may be sent, by short bursts at a higher rate whose arrival is measured.

What Google Congestion Control does beside draft-ietf-rmcat-gcc-02 (its `ProbeController` and `ProbeBitrateEstimator`):
at the start three times the rate; then twice what was measured, as long as it arrives; later, now and then, where more
is wanted than is allowed. Browsers begin with six times as well, at once: on a narrow line that is a queue of its own,
which speech stands in, and what it would find is found a round trip later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from kiosk_client.media.core.send_history import PacketResult

FIRST = 3.0
FURTHER = 2.0
WORTH_MORE = 0.7
"""A probe of which this share arrived is followed by one at `FURTHER` times what arrived."""

LASTS, LATER_LASTS = 0.015, 0.040
"""Seconds of a probe's sending, at least; and at least `PACKETS` packets. Later ones are longer: a packet of others
before the first or the last of them counts for less."""

PACKETS = 5
SMALLEST = 200
"""Bytes of a packet of padding, below which its headers are most of it."""

ANSWERED_WITHIN = 1.0
"""Seconds for feedback to come, beside the round trip."""

ENOUGH = 0.8
"""Share of its packets that must have been told of as arrived."""

BREAK, UNBROKEN = 0.010, 0.4
"""Seconds between two packets that make two bursts of one, as where a busy machine sends late. The largest of them is
judged, if it has this share of the bytes."""

SATURATED, UTILISATION = 0.9, 0.95
"""Where less than this share of the rate arrived the probe has met the line's end. At the start of a call a little less
is taken. Later nothing is: how far a burst is drawn apart tells what the line carries, and not what others leave of it,
so that whoever has most would take most."""

PAUSE, LONGEST_PAUSE = 4.0, 10.0
"""Seconds between later probes; doubled by each that finds nothing, since a burst on a full line costs sound."""

AFTER_FALL = 1.0
"""Seconds from a deep fall, and the end of what it was for, to the next probe. A stall of a machine or of a radio looks
like a full line, and is soon over."""

AGAIN = 0.5
"""Seconds after a first probe that seemed to meet the line's end, to another as high: a way that differs by chance
draws a burst apart as well, and the call should not wait for later ones to find out."""

LATER = 1.6
"""Later probes are at this multiple of the rate. On a line with no room such a burst is a few packets."""


@dataclass(frozen=True, slots=True)
class Probe:
    """Send at least `packets` packets and `size` bytes of anything at `rate` bits a second, marked with `number`."""

    number: int
    rate: float
    packets: int
    size: int


@dataclass(slots=True)
class _Running:
    probe: Probe
    until: float
    results: list[PacketResult] = field(default_factory=list)


class Probing:
    """Says when to probe, and what was learnt. Times are seconds; rates bits a second."""

    def __init__(self, now: float, start: float, ceiling: float) -> None:
        self._ceiling = ceiling
        self._number = 0
        self._opening, self._fallen, self._doubtful = True, False, False
        self._times = LATER
        self._running: dict[int, _Running] = {}
        self._due = [min(start * FIRST, ceiling)]
        self._next = now + PAUSE
        self._pause = PAUSE

    def due(self, rate: float, wanted: float, rtt: float, *, calm: bool, now: float) -> list[Probe]:
        """What to probe now. `rate`: allowed. `wanted`: what could be used. `calm`: nothing speaks against it."""
        for number in [each for each, running in self._running.items() if now >= running.until]:
            del self._running[number]
            if self._opening and not self._running:
                # The first ones told nothing: the call should not wait for that.
                self._next = now
        if self._doubtful:
            self._doubtful, self._times = False, FIRST
            self._next = min(self._next, now + AGAIN)
        if not calm:
            self._due.clear()
            self._times = LATER
            self._next = max(self._next, now + (AFTER_FALL if self._fallen else PAUSE / 2))
        elif not self._due and not self._running and now >= self._next and wanted > rate:
            self._opening = self._fallen = False
            self._due.append(min(self._times * rate, 1.2 * wanted, self._ceiling))
            self._times = LATER
            self._next = now + self._pause
            self._pause = min(2 * self._pause, LONGEST_PAUSE)
        if not wanted:
            return []  # there is nothing yet that a probe could be made of
        due, self._due = self._due, []
        return [self._begin(target, now + ANSWERED_WITHIN + rtt) for target in due]

    def fell(self, now: float) -> None:
        """The rate was brought far down just now: whether that was for good is looked at soon, once all is calm."""
        self._pause, self._fallen = PAUSE, True
        self._next = min(self._next, now + AFTER_FALL)

    def forget(self) -> None:
        """What was begun says nothing of the line any more."""
        self._running.clear()
        self._due.clear()
        self._opening = self._doubtful = False

    def take(self, packets: Sequence[PacketResult]) -> list[float]:
        """What became of packets, one feedback's at a time: the rates that are proven by it, in bits a second."""
        touched = dict.fromkeys(each.probe for each in packets if each.probe in self._running)
        for packet in packets:
            if packet.probe in self._running and packet.arrived_at is not None:
                self._running[packet.probe].results.append(packet)
        return [proven for number in touched if number and (proven := self._judge(self._running[number])) is not None]

    def _begin(self, target: float, until: float) -> Probe:
        self._number += 1
        lasts = LASTS if self._opening else LATER_LASTS
        probe = Probe(self._number, target, PACKETS, max(round(target * lasts / 8), PACKETS * SMALLEST))
        self._running[probe.number] = _Running(probe, until)
        return probe

    def _judge(self, running: _Running) -> float | None:
        measured = _measured(running)
        if measured is None:
            return None
        del self._running[running.probe.number]
        sent, arrived = measured
        saturated = arrived < SATURATED * sent
        if saturated and not self._opening:
            return None
        self._doubtful |= saturated
        proven = UTILISATION * arrived if saturated else min(sent, arrived)
        if proven > WORTH_MORE * running.probe.rate:
            self._pause = PAUSE
            if running.probe.number == self._number and running.probe.rate < self._ceiling:
                self._due.append(min(FURTHER * proven, self._ceiling))
        return proven


def _measured(running: _Running) -> tuple[float, float] | None:
    """The rates at which the probe was sent and arrived, once enough of it has; None where it cannot be believed."""
    packets = sorted(running.results, key=lambda each: each.sequence)
    size = sum(each.size for each in packets)
    if len(packets) < max(4, ENOUGH * running.probe.packets) or size < ENOUGH * running.probe.size:
        return None
    packets = _in_one_go(packets)
    size = sum(each.size for each in packets)
    if len(packets) < 4 or size < UNBROKEN * running.probe.size:
        return None
    first, last = packets[0], packets[-1]
    arrivals = [each.arrived_at for each in packets if each.arrived_at is not None]
    sending, arriving = last.sent_at - first.sent_at, max(arrivals) - min(arrivals)
    if not 0 < sending < 1 or not 0 < arriving < 1 or arrivals[-1] < arrivals[0]:
        return None
    # N packets span N - 1 intervals: the last one's bytes were sent after it, the first one's arrived before it.
    sent = 8 * (size - last.size) / sending
    arrived = 8 * (size - first.size) / arriving
    return (sent, arrived) if arrived <= 2 * sent else None


def _in_one_go(packets: list[PacketResult]) -> list[PacketResult]:
    """Those, of all in the order of sending, that went out without a break between them and are most bytes."""
    goes: list[list[PacketResult]] = []
    for packet in packets:
        if not goes or packet.sent_at - goes[-1][-1].sent_at > BREAK:
            goes.append([])
        goes[-1].append(packet)
    return max(goes, key=lambda go: sum(each.size for each in go))
