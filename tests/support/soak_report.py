"""What `make soak` finds, as a part of docs/relay-probe.md."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from pathlib import Path

from support.relay_process import address_of, last_statistics, running_relay
from support.soak import PACKETS_A_SECOND, Call, Carried, Footprint, flood

SOAK_ALLOCATIONS, SOAK_ROUNDS = 10_000, 10
RATES = (5_000, 10_000, 20_000, 40_000)
UNDER_FLOOD = 5.0
"""Seconds of a call under each flood."""

SOAK = """\
## The soak: {allocations:,} allocations

Each is made, bound to a channel, carries a packet, and is released or left to expire (after three seconds, here). What
one relay process holds when all of a round is over:

| Allocations so far | Memory | Open files | UDP sockets |
|---|---|---|---|
"""
FLOOD = """\
## The flood: requests without credentials beside a call

A call of {rate} packets a second each way, both ends relayed, for {seconds:.0f} seconds; the flood comes from a process
on the same machine, from 64 sources. *Not looked at*: beyond `unauthenticated_datagrams`, 5,000 a second in all, or
beyond the share of a source. The machine has two cores for relay, flood and both ends, and may do other work.

Where packets of the call were lost, the machine was at its end: beyond some 20,000 requests a second relay, flood and
both ends want more than two busy cores have. What is not looked at has to be read all the same before it is dropped,
and the kernel drops, without asking whose it is, what comes while its buffers are full. Against more than that a relay
cannot defend itself; it is for the network before it.

| Requests a second | Not looked at | Packets of the call | Lost |
|---|---|---|---|
"""


@dataclass(frozen=True)
class Round:
    """``allocations`` made since the beginning, and what the relay holds when all of them are over."""

    allocations: int
    footprint: Footprint


@dataclass(frozen=True)
class Flooded:
    """A call under a flood: requests a second that came, what became of the call, and of how many nothing was asked."""

    rate: float
    carried: Carried
    unread: int


async def under_floods(folder: Path) -> list[Flooded]:
    """A call under each flood, with the bounds that the relay has by default."""
    done = []
    for rate in RATES:
        async with running_relay(folder / str(rate)) as relay:
            address = address_of(relay, "127.0.0.1")
            done.append(await asyncio.to_thread(flooded, address, rate, UNDER_FLOOD))
            counted = await last_statistics(relay)
        unread = counted["requests"].get("dropped.over-budget", 0)
        done[-1] = Flooded(done[-1].rate, done[-1].carried, unread)
    return done


def flooded(relay: tuple[str, int], rate: int, seconds: float) -> Flooded:
    """A call for ``seconds`` under a flood of ``rate`` requests a second."""
    with contextlib.closing(Call(relay)) as made:
        with flood(relay, rate) as running:
            carried = made.carry(seconds)
        return Flooded(running.sent / running.seconds, carried, 0)


def rendered(rounds: list[Round], floods: list[Flooded]) -> str:
    """The part."""
    first, last = rounds[0], rounds[-1]
    a_piece = (last.footprint.memory - first.footprint.memory) / (last.allocations - first.allocations)
    lines = SOAK.format(allocations=last.allocations).splitlines()
    for each in rounds:
        held = each.footprint
        lines.append(f"| {each.allocations:,} | {held.memory / 1e6:.2f} MB | {held.files} | {held.sockets} |")
    about = FLOOD.format(rate=PACKETS_A_SECOND, seconds=UNDER_FLOOD)
    lines += ["", f"From the first round to the last, memory changed by {a_piece:.0f} bytes an allocation.", ""]
    lines += about.splitlines()
    for each_flood in floods:
        carried = each_flood.carried
        lines.append(f"| {each_flood.rate:,.0f} | {each_flood.unread:,} | {carried.sent:,} | {carried.lost:,} |")
    return "\n".join(lines)
