"""Who shares a line of 2 Mbit/s with whom: two calls, the second of which comes later; and a call and a download.

In virtual time, with the estimator, the pacer and a model of an encoder (`support.rate_flows`). Over real sockets, with
the kernel's TCP: tests/networks/test_networks_download.py.
"""

from __future__ import annotations

import pytest
from support.link_emulator import Line, Link
from support.rate_flows import SOUND_EVERY, Call, Download

RATE, WAY, AROUND = 2e6, 0.040, 48
"""Bits a second, seconds one way, and bytes of headers that the line carries with each packet."""


def line_of(seed: int, patience: float = 0.3) -> tuple[Line, Link, Link]:
    """The line, one direction with a queue that drops what finds no room, and the way back of feedback."""
    line = Line()
    there = Link(line, seed, rate=RATE, delay=WAY, patience=patience, overhead=AROUND)
    return line, there, Link(line, seed + 100, delay=WAY)


def carried(call: Call, since: float, until: float) -> float:
    """Bits a second of the line that the call used, headers and all."""
    packets = sum(since <= at < until for at, _ in call.seen.arrived)
    return call.rate(since, until) + 8 * AROUND * packets / (until - since)


def voice(call: Call, since: float, until: float) -> float:
    """Of the packets of sound that were made in that time, the share that came.

    `since`: when the call began, or later. `until`: a second before now, or earlier: what is on its way has not come.
    """
    made = [at - took for at, took in call.seen.sound]
    return sum(since <= at < until for at in made) * SOUND_EVERY / (until - since)


@pytest.mark.parametrize(("seed", "patience"), [(1, 0.3), (4, 0.1), (6, 0.3), (7, 0.1)])
def test_of_two_calls_the_second_of_which_comes_twenty_seconds_later_each_gets_its_part(
    seed: int, patience: float
) -> None:
    line, there, back = line_of(seed, patience)
    first, second = Call(line, there, back, seed), Call(line, there, back, seed + 50, start=20)
    line.run(101)
    shares = [call.rate(40, 100) for call in (first, second)]
    # Seen: 0.38 to 0.5 of both for the smaller one. Three tenths are a picture of 360 lines.
    assert min(shares) >= 0.3 * sum(shares)
    assert carried(first, 40, 100) + carried(second, 40, 100) >= 0.8 * RATE
    for call, begins in ((first, 0), (second, 20)):
        assert voice(call, begins, 100) >= 0.99
        assert voice(call, 40, 100) >= 0.995
        assert call.sound_late(40, 100) < WAY + 0.100
        # Nor is either starved for a while, whose mean would not show it.
        assert min(call.rate(since, since + 10) for since in range(40, 100, 10)) > 250_000


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_call_beside_a_download_keeps_its_voice_and_has_its_line_again_afterwards(seed: int) -> None:
    line, there, back = line_of(seed)
    call = Call(line, there, back, seed)
    download = Download(line, there, back, start=20, until=50)
    line.run(101)
    before = call.target(10, 20)
    assert download.rate(25, 50) > 0.5 * RATE, "it was as greedy as it should be"
    assert min(rate for at, rate in call.seen.targets if 20 < at < 50) < 0.5 * before, "the picture gave way"
    assert voice(call, 20, 50) >= 0.95
    assert min(voice(call, since, since + 2) for since in range(20, 50, 2)) >= 0.80, "no two seconds without words"
    # The queue is the download's as long as it lasts; then it is gone.
    assert call.sound_late(25, 50) < WAY + 0.3 + 0.050
    assert call.sound_late(53, 60) < WAY + 0.100
    # Seen: six to fifteen seconds.
    assert min(at for at, rate in call.seen.targets if at > 50 and rate > 0.8 * before) < 50 + 30
    assert call.target(80, 100) > 0.8 * before
