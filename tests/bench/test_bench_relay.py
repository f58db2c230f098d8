"""What the relay carries, what a packet costs it, and what delay it adds: ours and coturn side by side."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from support.bench import Row
from support.bench_relay import (
    OURS,
    PEER,
    ROUNDS,
    SECONDS,
    SWITCHED_ON,
    PacketsLost,
    Pair,
    RelayBench,
    relay_bench,
    row,
    summed_up,
    without_loss,
)
from support.relay_profile import profiled

pytestmark = [pytest.mark.bench, pytest.mark.timeout(900)]

ALLOCATIONS = (1, 10, 100, 1000)
PATTERNS = {
    "160 B": (160, 1),
    "1100 B": (1100, 1),
    "160 B in bursts of 8": (160, 8),
    "1100 B in bursts of 8": (1100, 8),
}
WINDOWS = {1: 64}
"""Packets under way; for one allocation what the smallest buffer holds."""
WINDOW, LEAST = 256, 16
MODEST = 20_000
"""Packets a second of the bench that asks for processor time; a relay of a busy governorate has them."""
QUIET = 2_000
"""Ways out and back a second of the bench that asks for delay."""

CARRIED = (
    "Packets go through the relay both ways as ChannelData, every other one from the client and from the peer; "
    "allocations take turns, each with one packet or one burst (UDP_SEGMENT; the kernel delivers eight datagrams). A "
    f"bounded number is always under way ({WINDOW}; {WINDOWS[1]} for one allocation), halved while {{lost}} or more "
    f"are lost: the highest rate without loss. {SWITCHED_ON} The load is in C, two sockets in all, and outruns both."
).format(lost="0.1 %")
COST = (
    f"10 allocations, {MODEST} packets a second in all, evenly, one at a time, both ways. Processor time of the "
    f"relay's process, user's and system's (clock_getcpuclockid), over the packets that it carried. {SWITCHED_ON}"
)
DELAY = (
    f"One packet of 160 B goes from a client through the relay to its peer, which sends one back through it; {QUIET} "
    "times a second, 10 allocations in turns. The load polls, so that only the relay has to be woken. Directly: the "
    f"same load's same sockets without the relay between them, in the same round. {SWITCHED_ON}"
)
SINGLES_TARGET, DELAY_TARGET = 0.6, 1.2

Record = Callable[[list[Row]], None]
Say = Callable[[str], None]


@pytest.fixture(scope="module")
def bench() -> Iterator[RelayBench]:
    """The network and the load."""
    with tempfile.TemporaryDirectory() as folder, relay_bench(Path(folder)) as made:
        yield made


@pytest.mark.parametrize("flows", ALLOCATIONS)
def test_packets_a_second(flows: int, bench: RelayBench, record: Record, say: Say) -> None:
    say(f"\npackets a second, {flows} allocations, {ROUNDS} rounds")
    with bench.both() as pair:
        for side in (OURS, PEER):
            pair.attempt(side, lambda side=side: pair.allocate(side, flows))  # type: ignore[misc]
        rows = [_carried(pair, flows, part, say) for part in PATTERNS]
    record(rows)


def _carried(pair: Pair, flows: int, part: str, say: Say) -> Row:
    payload, burst = PATTERNS[part]
    windows = {side: WINDOWS.get(flows, WINDOW) for side in (OURS, PEER)}

    def saturated(side: str, seconds: float = SECONDS) -> dict[str, float]:
        words = {"flows": flows, "payload": payload, "burst": burst, "seconds": seconds}
        while windows[side] > LEAST:
            with contextlib.suppress(PacketsLost):
                return without_loss(lambda: pair.ask(side, "saturate", window=windows[side], **words))
            windows[side] //= 2
        return without_loss(lambda: pair.ask(side, "saturate", window=LEAST, **words))

    turns = pair.in_turns(saturated, say)
    busy = ", ".join(
        f"{name} {median(each['processor'] / each['elapsed'] for each in turns.samples[side]):.0%}"
        for side, name in ((OURS, "ours"), (PEER, "coturn"))
        if turns.samples[side]
    )
    made = row(
        turns,
        lambda sample: round(sample["counted"] / sample["elapsed"] * 1e9),
        name=f"Relay: packets a second on one core, {flows} allocation{'s' if flows > 1 else ''}",
        work=CARRIED,
        unit="packets a second",
        part=part,
        higher=True,
        reading=f"Each sample is of {0.8 * SECONDS:.2g} s. Of its core the relay itself had: {busy}.",
    )
    say(f"  {summed_up(made)} Busy: {busy}.")
    if flows in (10, 100) and burst == 1 and payload == 160 and made.ratio is not None and made.ratio < SINGLES_TARGET:
        made = profiled(made, SINGLES_TARGET, pair, lambda side: saturated(side, 3 * SECONDS))
    return made


def test_processor_time_of_a_packet(bench: RelayBench, record: Record, say: Say) -> None:
    say(f"\nprocessor time of a packet, {ROUNDS} rounds")
    rows = []
    with bench.both() as pair:
        for side in (OURS, PEER):
            pair.attempt(side, lambda side=side: pair.allocate(side, 10))  # type: ignore[misc]
        for payload in (160, 1100):

            def paced(side: str, payload: int = payload) -> dict[str, float]:
                words: dict[str, Any] = {"flows": 10, "payload": payload, "rate": MODEST, "seconds": 2 * SECONDS}
                return without_loss(lambda: pair.ask(side, "pace", **words))

            made = row(
                pair.in_turns(paced, say),
                lambda sample: round(sample["processor"] / sample["received"] / 1000, 3),
                name=f"Relay: processor time of a packet at {MODEST} a second",
                work=COST,
                unit="µs",
                part=f"{payload} B",
                reading=f"Each sample is of {2 * MODEST * SECONDS:.0f} packets.",
            )
            say(f"  {summed_up(made)}")
            rows.append(made)
    record(rows)


def test_added_delay(bench: RelayBench, record: Record, say: Say) -> None:
    say(f"\nadded delay, {ROUNDS} rounds")
    with bench.both() as pair:
        for side in (OURS, PEER):
            pair.attempt(side, lambda side=side: pair.allocate(side, 10))  # type: ignore[misc]

        def delayed(side: str) -> dict[str, float]:
            words = {"flows": 10, "payload": 160, "rate": QUIET, "count": int(QUIET * 1.5 * SECONDS)}
            direct = pair.ask(side, "ping", direct=True, **words)
            through = pair.ask(side, "ping", direct=False, **words)
            without_loss(lambda: {"sent": words["count"], "received": words["count"] - through["lost"]})
            # Each way out and back passes the relay twice.
            return {
                f"{kind}{at}": value
                for at in ("p50", "p99")
                for kind, value in (("direct ", direct[at] / 2), ("", (through[at] - direct[at]) / 2))
            }

        turns = pair.in_turns(delayed, say)
        rows = []
        for at, words in (("p50", "median"), ("p99", "99th percentile")):
            directly = [sample[f"direct {at}"] for side in (OURS, PEER) for sample in turns.samples[side]]
            made = row(
                turns,
                lambda sample, at=at: round(sample[at], 2),  # type: ignore[misc]
                name="Relay: added delay",
                work=DELAY,
                unit="µs",
                part=f"{words}, each way",
                reading=f"Half of the way out and back, less half of the direct one, whose {words} was "
                f"{median(directly) if directly else 0:.1f} µs each way. {int(QUIET * 1.5 * SECONDS)} a sample.",
            )
            say(f"  {summed_up(made)}")
            if at == "p50" and made.ratio is not None and made.ratio > DELAY_TARGET:
                made = profiled(made, DELAY_TARGET, pair, delayed)
            rows.append(made)
    record(rows)
