"""What came of a call, in figures: how speech sounds and when, and how the picture moves. Pure, but for PESQ and STOI.

Sound is compared piece by piece with what was said. Each piece is first found in what came in, by cross-correlation:
where it is found is its delay, since both ends' clocks are one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from support.bench_media_cells import PIECE

from kiosk_client.media.sound import RATE, Samples

LATEST = 2.0
"""Seconds of delay up to which a piece is looked for."""
PART = 2.0
"""Seconds of a piece that are aligned as one for all but PESQ."""
STRAYS = 0.25
"""Seconds by which a part may be earlier or later than its piece."""
HEARING = RATE // 100
"""Samples that are judged as silent or not: 10 ms, so that a lost packet of 20 ms is seen wherever it lies."""
SPEECH_ABOVE, SILENCE_BELOW = -40.0, -50.0
"""dB of full scale: what is said counts as speech above, what came in as silent below. Speech is at -26 dB."""
SLACK = 6
"""Of 10 ms: as much may what came in be shifted within a piece by a play-out buffer that catches up or waits. What is
judged is speech with speech around it."""
PESQ_RATE = 16000
WORST_PESQ = 1.0
"""Of what PESQ finds no utterance in: nothing was heard."""


@dataclass(frozen=True)
class Sound:
    """What was heard: samples at 48 kHz, and the moment (seconds since 1970) at which the first of them was there."""

    samples: Samples
    at: float


@dataclass(frozen=True)
class Heard:
    """Of all the pieces of a call. `delay`: seconds, the median, `LATEST` of what was not heard; `silent`: share."""

    pesq: float
    stoi: float
    silent: float
    delay: float


@dataclass(frozen=True)
class Seen:
    """`frozen`: share of the time. `rate`: pictures a second. `height`: lines, the median; 0 of none."""

    frozen: float
    rate: float
    height: float


def moment(at: NDArray[np.float64], rate: float = RATE) -> float:
    """When sample 0 was there, from pairs of the moment at which a piece came and its first sample's number.

    Programs are late and never early: the tenth part that was the least late says it, and a single odd one does not.
    """
    return float(np.quantile(at[:, 0] - at[:, 1] / rate, 0.1))


def judge_sound(said: Samples, began: float, came: Sound, pieces: range) -> Heard:
    """`said` began at that moment. `pieces`: which of it are judged, by number, each of `PIECE` seconds."""
    length = round(PIECE * RATE)
    scores: list[float] = []
    parts: list[tuple[float, float, float]] = []
    for number in pieces:
        piece = said[number * length : (number + 1) * length]
        around = _cut(came, began + number * PIECE, length + round(LATEST * RATE))
        at = delay_of(piece, around)
        scores.append(pesq_of(piece, around[at : at + length]))
        parts += [
            (stoi_of(part, heard), silent_share(part, heard), behind / RATE)
            for part, heard, behind in parted(piece, around, at)
        ]
    stoi, silent, delay = np.array(parts).T
    found = delay[silent < 0.5]
    late = float(np.median(found)) if len(found) else LATEST
    return Heard(float(np.mean(scores)), float(stoi.mean()), float(silent.mean()), late)


def parted(piece: Samples, around: Samples, late: int) -> Iterator[tuple[Samples, Samples, int]]:
    """A piece in parts, with what was heard of each, and how late that was; the piece as a whole is `late`.

    PESQ finds each utterance for itself, STOI does not: and a play-out buffer catches up or waits now and then.
    """
    length, strays = round(PART * RATE), round(STRAYS * RATE)
    for start in range(0, len(piece) - length + 1, length):
        part = piece[start : start + length]
        begins = max(0, late + start - strays)
        at = begins + delay_of(part, around[begins : late + start + length + strays])
        yield part, around[at : at + length], at - start


def delay_of(piece: Samples, around: Samples) -> int:
    """By how many samples `piece` is later in `around`, which is longer: where both are most alike."""
    size = 1 << int(np.ceil(np.log2(len(around) + len(piece))))
    spectrum = np.fft.rfft(around.astype(float), size) * np.conj(np.fft.rfft(piece.astype(float), size))
    return int(np.argmax(np.fft.irfft(spectrum, size)[: len(around) - len(piece) + 1]))


def silent_share(said: Samples, heard: Samples) -> float:
    """Of the speech that was said, the share in whose place nothing was heard. Both of one length, aligned."""
    speech = _levels(said) > SPEECH_ABOVE
    within = speech.copy()
    for shift in range(1, SLACK + 1):
        within[shift:] &= speech[:-shift]
        within[:-shift] &= speech[shift:]
    if not within.any():
        return 0.0
    return float((_levels(heard)[within] < SILENCE_BELOW).mean())


def judge_pictures(pictures: NDArray[np.float64], begins: float, ends: float) -> Seen:
    """`pictures`: of each the moment and the height, in order; shape (n, 2)."""
    inside = pictures[(pictures[:, 0] >= begins) & (pictures[:, 0] < ends)]
    height = float(np.median(inside[:, 1])) if len(inside) else 0.0
    frozen = frozen_seconds(inside[:, 0], begins, ends) / (ends - begins)
    return Seen(frozen, len(inside) / (ends - begins), height)


def frozen_seconds(times: NDArray[np.float64], begins: float, ends: float) -> float:
    """As `totalFreezesDuration` of the W3C's webrtc-stats, with the time before the first and after the last.

    A pause is a freeze if it is longer than three times the mean of the last 30, and than that mean by 150 ms.
    """
    frozen, usual = 0.0, [1 / 30]
    for pause in np.diff(np.concatenate([[begins], times, [ends]])):
        mean = sum(usual[-30:]) / len(usual[-30:])
        if pause >= max(3 * mean, mean + 0.150):
            frozen += float(pause)
        usual.append(float(pause))
    return frozen


def pesq_of(said: Samples, heard: Samples) -> float:
    """PESQ-WB (ITU-T P.862.2), 1.0 to 4.64."""
    from pesq import PesqError, pesq  # type: ignore[import-untyped]
    from scipy.signal import resample_poly  # type: ignore[import-untyped]

    narrow = [resample_poly(each.astype(float), 1, RATE // PESQ_RATE).astype(np.int16) for each in (said, heard)]
    try:
        return float(pesq(PESQ_RATE, *narrow, "wb"))
    except (PesqError, ValueError):  # the latter of what is silent throughout
        return WORST_PESQ


def stoi_of(said: Samples, heard: Samples) -> float:
    """Short-time objective intelligibility (Taal and others, 2011), 0 to 1."""
    from pystoi import stoi  # type: ignore[import-untyped]

    return max(0.0, float(stoi(said.astype(float), heard.astype(float), RATE)))


def _cut(came: Sound, begins: float, length: int) -> Samples:
    """So much of what came, from that moment on; where there is nothing, silence."""
    start = round((begins - came.at) * RATE)
    cut = np.zeros(length, dtype=np.int16)
    there = came.samples[max(start, 0) : max(start + length, 0)]
    offset = max(-start, 0)
    cut[offset : offset + len(there)] = there[: max(0, length - offset)]
    return cut


def _levels(samples: Samples) -> NDArray[np.float64]:
    """dB of full scale of each 10 ms."""
    whole = samples[: len(samples) // HEARING * HEARING].reshape(-1, HEARING).astype(float) / 32768
    levels: NDArray[np.float64] = 20 * np.log10(np.sqrt((whole**2).mean(axis=1)) + 1e-9)
    return levels
