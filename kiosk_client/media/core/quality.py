"""From what a connection counts to what a person is told of it: how it is, and whose line is the cause. Pure.

The pages have the same rules in `tawasul/web/static/js/call/quality-core.js`; `tests/vectors/quality.json` holds them
together. How it is follows from what is heard and seen, of five levels. The cause is harder: loss and delay of a path
do not say where on it they happen, neither by their direction nor by their kind. What does say so is `relay_leg`, at
either end; where it is silent, no cause is named.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from math import isfinite

from kiosk_client.media.core.statistics import Statistics
from kiosk_client.media.core.steady import LEVELS, Steady, ToldQuality
from tawasul.protocol.peer import Leg, QualityCause, QualityLevel

SPAN, LONG_SPAN = 4.0, 20.0
"""Seconds over which is reckoned how it is; and whose line it is, which takes more to tell."""

FAIR_LOSS, POOR_LOSS = 0.04, 0.12
"""Shares of packets lost, either way. What is repeated and asked for again hides less than the first."""

FAIR_CONCEALED, POOR_CONCEALED = 0.02, 0.08
"""Shares of the speech that was made up."""

FAIR_FROZEN, POOR_FROZEN = 0.1, 0.4
"""Shares of the time for which the picture stood."""

FAIR_ROUND_TRIP, POOR_ROUND_TRIP = 0.5, 1.0
"""Seconds there and back. With the buffers of both ends people begin to talk over each other at the first
(ITU-T G.114: one way 400 ms)."""

STUMBLES, STANDS = 5.0, 0.6
"""Pictures a second below which they stumble; and below which they are still ones."""

LONGEST_ROUND_TRIP = 60.0


@dataclass(frozen=True)
class Figures:
    """What a connection has counted until `at` (seconds); None for what is not known.

    `sound`, `packets`: received, of sound and of both; `lost`: that should have come. `sent`, `lost_there`: what went
    out, and what the other end misses of it. `samples`, `concealed`; `frames_in`: decoded, `frames_out`: encoded.
    `frozen`, `round_trip`: seconds. `limited`: whether the line has our pictures smaller or fewer than they might be.
    """

    at: float
    sound: float | None = None
    packets: float | None = None
    lost: float | None = None
    sent: float | None = None
    lost_there: float | None = None
    samples: float | None = None
    concealed: float | None = None
    frames_in: float | None = None
    frames_out: float | None = None
    frozen: float | None = None
    round_trip: float | None = None
    limited: bool = False


@dataclass(frozen=True)
class Measures:
    """What was between two `Figures`; None for what cannot be said. Shares are 0 … 1, frames a second."""

    loss_in: float | None = None
    loss_out: float | None = None
    concealed: float | None = None
    frames_in: float | None = None
    frames_out: float | None = None
    frozen: float | None = None
    round_trip: float | None = None
    comes: bool = True
    sound_comes: bool = True


@dataclass(frozen=True)
class Around:
    """What else is known. `sound`, `picture`: whether the other end sends them; `own_picture`: whether this one does.

    `own_leg`, `other_leg`: how each end's way to its relay is. `meet`: whether nothing is between these two ways: both
    ends use one relay, or only one end uses any.
    """

    sound: bool = True
    picture: bool = True
    own_picture: bool = True
    own_leg: Leg | None = None
    other_leg: Leg | None = None
    meet: bool = False


class Quality:
    """Of one connection. Call `take` about once a second, then `judge`."""

    def __init__(self) -> None:
        self.now = Measures()
        """Of the last `SPAN` seconds."""
        self.lately = Measures()
        """Of the last `LONG_SPAN` seconds."""
        self._figures: deque[Figures] = deque()
        self._shortest = float("inf")
        self._steady = Steady()

    @property
    def loss(self) -> float | None:
        """What is lost there and back, added up, of late."""
        known = [each for each in (self.lately.loss_in, self.lately.loss_out) if each is not None]
        return sum(known) if known else None

    @property
    def rise(self) -> float | None:
        """Seconds by which the round trip is longer than the shortest that it was."""
        return None if self.now.round_trip is None else self.now.round_trip - self._shortest

    def take(self, figures: Figures) -> None:
        """What is counted now."""
        if not isfinite(figures.at) or (self._figures and figures.at <= self._figures[-1].at):
            return
        self._figures.append(figures)
        while len(self._figures) > 2 and self._figures[1].at <= figures.at - LONG_SPAN:
            self._figures.popleft()
        since = next(
            each for each in reversed(self._figures) if each.at <= figures.at - SPAN or each is self._figures[0]
        )
        self.now, self.lately = measured(since, figures), measured(self._figures[0], figures)
        if self.now.round_trip is not None:
            self._shortest = min(self._shortest, self.now.round_trip)

    def judge(self, around: Around) -> ToldQuality:
        """What to tell now."""
        if not self._figures:
            return self._steady.told
        return self._steady.take(level_of(self.now, around), cause_of(around), self._figures[-1].at)


def figures_of(statistics: Statistics) -> Figures:
    """What quality is judged by, of a connection's statistics."""
    inbound, outbound, reported = statistics["inbound"], statistics["outbound"], statistics["remoteInbound"]
    sound, picture, out = inbound.get("audio", {}), inbound.get("video", {}), outbound.get("video", {})
    # What nobody has reported of yet says nothing of what was lost.
    told = [kind for kind in outbound if "packetsLost" in reported.get(kind, {})]
    ways = [each["roundTripTime"] for each in reported.values() if "roundTripTime" in each]
    return Figures(
        at=statistics["timestamp"] / 1000,
        sound=sound.get("packetsReceived"),
        packets=_sum([each.get("packetsReceived") for each in inbound.values()]),
        lost=_sum([each.get("packetsLost") for each in inbound.values()]),
        sent=_sum([outbound[kind].get("packetsSent") for kind in told]),
        lost_there=_sum([reported[kind].get("packetsLost") for kind in told]),
        samples=sound.get("totalSamplesReceived"),
        concealed=sound.get("concealedSamples"),
        frames_in=picture.get("framesDecoded"),
        frames_out=out.get("framesEncoded"),
        frozen=picture.get("totalFreezesDuration"),
        round_trip=max(ways, default=None),
        limited=out.get("qualityLimitationReason") == "bandwidth",
    )


def measured(before: Figures, after: Figures) -> Measures:
    """What was between the two. What went backwards, or is no number, is not known."""
    seconds = after.at - before.at
    if not isfinite(seconds) or seconds <= 0:
        return Measures()
    packets, lost = _grown(before.packets, after.packets), _grown(before.lost, after.lost)
    sound = _grown(before.sound, after.sound)
    due = None if packets is None or lost is None else packets + lost
    way = after.round_trip
    out = _grown(before.frames_out, after.frames_out)
    return Measures(
        loss_in=_share(lost, due),
        loss_out=_share(_grown(before.lost_there, after.lost_there), _grown(before.sent, after.sent)),
        concealed=_share(_grown(before.concealed, after.concealed), _grown(before.samples, after.samples)),
        frames_in=_each(_grown(before.frames_in, after.frames_in), seconds),
        frames_out=_each(out, seconds) if after.limited else None,
        frozen=_share(_grown(before.frozen, after.frozen), seconds),
        round_trip=way if way is not None and 0 <= way <= LONGEST_ROUND_TRIP else None,
        comes=packets != 0 or seconds < SPAN / 2,
        sound_comes=sound != 0 or seconds < SPAN / 2,
    )


def level_of(measures: Measures, around: Around) -> QualityLevel:
    """How it is at this moment: the worst that is heard, seen or reported."""
    if not measures.comes and (around.sound or around.picture):
        return "nothing"
    if not measures.sound_comes and around.sound and not around.picture:
        return "nothing"
    still_in = around.picture and measures.frames_in is not None and measures.frames_in < STANDS
    still_out = around.own_picture and measures.frames_out is not None and measures.frames_out < STANDS
    if still_in or still_out:
        return "voice"
    found = [
        _grade(measures.loss_in, FAIR_LOSS, POOR_LOSS),
        _grade(measures.loss_out, FAIR_LOSS, POOR_LOSS),
        _grade(measures.concealed, FAIR_CONCEALED, POOR_CONCEALED) if around.sound else "good",
        _grade(measures.frozen, FAIR_FROZEN, POOR_FROZEN) if around.picture else "good",
        _grade(measures.round_trip, FAIR_ROUND_TRIP, POOR_ROUND_TRIP),
    ]
    if around.picture and measures.frames_in is not None and measures.frames_in < STUMBLES:
        found.append("fair")
    return max(found, key=LEVELS.index)


def cause_of(around: Around) -> QualityCause | None:
    """Whose line is the bad one, if either end can say so.

    Two ways that are bad at once have the relay in common; two good ones have nothing between them but it.
    """
    match (around.own_leg, around.other_leg):
        case ("bad", "bad"):
            return "relay"
        case ("bad", _):
            return "own"
        case (_, "bad"):
            return "other"
        case ("good", "good") if around.meet:
            return "relay"
        case ("good", None) if around.meet:
            return "other"
        case (None, "good") if around.meet:
            return "own"
        case _:
            return None


def _grade(value: float | None, fair: float, poor: float) -> QualityLevel:
    if value is None or value < fair:
        return "good"
    return "fair" if value < poor else "poor"


def _sum(values: list[int | None]) -> float | None:
    known = [each for each in values if each is not None]
    return sum(known) if known else None


def _grown(before: float | None, after: float | None) -> float | None:
    """By how much; not below 0, since copies make losses shrink. None where either is no number."""
    if before is None or after is None or not isfinite(before) or not isfinite(after):
        return None
    return max(0.0, after - before)


def _share(part: float | None, whole: float | None) -> float | None:
    return min(1.0, part / whole) if part is not None and whole else None


def _each(number: float | None, seconds: float) -> float | None:
    return None if number is None else number / seconds
