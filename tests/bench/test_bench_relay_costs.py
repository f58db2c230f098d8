"""What TLS costs the relay, what an allocation takes of memory, and how many it makes: ours and coturn side by side."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import psutil
import pytest
import trustme
from support.bench import Row
from support.bench_relay import (
    ADDRESS,
    OURS,
    PEER,
    ROUNDS,
    SECONDS,
    SWITCHED_ON,
    Certificates,
    RelayBench,
    relay_bench,
    row,
    summed_up,
    without_loss,
)
from support.relay_profile import profiled

pytestmark = [pytest.mark.bench, pytest.mark.timeout(900)]

OVER_TLS = 10_000
"""Packets a second of the bench over TLS: the load is in Python, and takes no more than half of its core for them."""
MANY, FIRST = 1000, 100
"""Allocations whose memory and time are taken, after a first few that fill what is only filled once."""
TLS_TARGET = 2.6

TLS_WORK = (
    f"10 clients over TLS, each with a peer by UDP; {OVER_TLS} packets a second in all, evenly, every other one from a "
    "client. Processor time of the relay's process, user's and system's, over the packets that it carried. "
    f"{SWITCHED_ON}"
)
ALLOCATING_WORK = (
    f"A relay freshly started makes {FIRST} allocations, then {MANY} more, each of another client address and another "
    "user: asked without credentials and answered 401, asked again with them (32 requests are always waiting). Then "
    f"each gets a channel, and memory is read. Requests are made before, answers read after. {SWITCHED_ON} Ours was "
    "told to look at any number of strangers' datagrams a second; by itself it stops at 5000, of all sources together."
)

Record = Callable[[list[Row]], None]
Say = Callable[[str], None]


@pytest.fixture(scope="module")
def bench() -> Iterator[RelayBench]:
    """The network and the load."""
    with tempfile.TemporaryDirectory() as folder, relay_bench(Path(folder)) as made:
        yield made


@pytest.fixture
def certificates(tmp_path: Path) -> Certificates:
    """One for both relays (EC, P-256)."""
    authority = trustme.CA()
    issued = authority.issue_cert(*ADDRESS.values())
    made = Certificates(tmp_path / "authority.pem", tmp_path / "certificate.pem", tmp_path / "key.pem")
    authority.cert_pem.write_to_path(made.authority)
    made.certificate.write_bytes(b"".join(blob.bytes() for blob in issued.cert_chain_pems))
    issued.private_key_pem.write_to_path(made.key)
    made.key.chmod(0o600)
    return made


def test_processor_time_over_tls(bench: RelayBench, certificates: Certificates, record: Record, say: Say) -> None:
    say(f"\nprocessor time of a packet over TLS, {ROUNDS} rounds")
    with bench.both(tls=certificates) as pair:
        agreed = {side: pair.attempt(side, lambda side=side: pair.over_tls(side, 10)) for side in (OURS, PEER)}  # type: ignore[misc]
        rows = []
        for payload in (160, 1100):

            def paced(side: str, payload: int = payload) -> dict[str, float]:
                words = {"payload": payload, "rate": OVER_TLS, "seconds": 2 * SECONDS}
                return without_loss(lambda: pair.ask(side, "tls_pace", **words))

            made = row(
                pair.in_turns(paced, say),
                lambda sample: round(sample["processor"] / sample["received"] / 1000, 3),
                name="Relay: processor time of a packet over TLS",
                work=TLS_WORK,
                unit="µs",
                part=f"{payload} B",
                reading=f"Ours agreed on {agreed[OURS]}, coturn on {agreed[PEER]}.",
            )
            say(f"  {summed_up(made)}")
            if payload == 160 and made.ratio is not None and made.ratio > TLS_TARGET:
                made = profiled(made, TLS_TARGET, pair, paced)
            rows.append(made)
    record(rows)


def test_allocations(bench: RelayBench, record: Record, say: Say) -> None:
    say(f"\nallocations, {ROUNDS} rounds")

    def allocated(side: str) -> dict[str, float]:
        with bench.both(only=side) as pair:
            pair.allocate(side, FIRST)
            before = _memory(pair.running[side].pid)
            made: dict[str, float] = pair.allocate(side, MANY)
            return {**made, "memory": _memory(pair.running[side].pid) - before}

    with bench.both(only="") as pair:
        turns = pair.in_turns(allocated, say)
    busy = ", ".join(
        f"{name} {median(each['processor'] / each['seconds'] for each in turns.samples[side]):.0%}"
        for side, name in ((OURS, "ours"), (PEER, "coturn"))
        if turns.samples[side]
    )
    rows = [
        row(
            turns,
            lambda sample: round(MANY / sample["seconds"]),
            name="Relay: allocations",
            work=ALLOCATING_WORK,
            unit="allocations a second",
            part="made a second on one core",
            higher=True,
            reading=f"Of its core the relay itself had: {busy}; the rest is the load's, which is in Python.",
        ),
        row(
            turns,
            lambda sample: round(sample["processor"] / MANY * 1e6, 1),
            name="Relay: allocations",
            work=ALLOCATING_WORK,
            unit="µs",
            part="processor time of one",
            reading="User's and system's, of the relay's process.",
        ),
        row(
            turns,
            lambda sample: round(sample["memory"] / MANY / 1024, 2),
            name="Relay: allocations",
            work=ALLOCATING_WORK,
            unit="KiB",
            part="memory of one",
            reading="Proportional set size of the process (smaps_rollup), without what the kernel keeps for a socket.",
        ),
    ]
    for made in rows:
        say(f"  {summed_up(made)}")
    record(rows)


def _memory(pid: int) -> int:
    """Bytes."""
    size: int = psutil.Process(pid).memory_full_info().pss
    return size
