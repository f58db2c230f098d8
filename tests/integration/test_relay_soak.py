"""Allocations by the hundred leave nothing behind in a relay process; `make soak` makes ten thousand."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from support.probe_report import update
from support.relay_process import address_of, last_statistics, running_relay
from support.soak import Footprint, at_rest, used
from support.soak_report import SOAK_ALLOCATIONS, SOAK_ROUNDS, Round, rendered, under_floods

WIDE = {
    "lifetime": 3,
    "allocations_per_user": 10_000,
    "allocations_per_source": 10_000,
    "allocations_in_all": 10_000,
    "unauthenticated_answers": 100_000,
    "unauthenticated_datagrams": 1_000_000,
}
"""Short lives, and nothing that would refuse a crowd from one address."""
ROUNDS = 3
A_ROUND = 160
GROWTH = 1_500_000
"""Bytes by which memory may be larger after the last round than after the first, which takes what is needed once."""


async def rounds_of(folder: Path, rounds: int, a_round: int) -> list[Round]:
    """Rounds of allocations, each at its end when all of it is over."""
    async with running_relay(folder, **WIDE) as relay:
        address, done = address_of(relay, "127.0.0.1"), []
        before = await asyncio.to_thread(Footprint.of, relay.pid)
        for number in range(1, rounds + 1):
            await asyncio.to_thread(used, address, a_round)
            after = await asyncio.to_thread(at_rest, relay.pid, before)
            done.append(Round(number * a_round, after))
        counted = await last_statistics(relay)
    assert counted["to_peers"]["packets"] == counted["to_clients"]["packets"] == rounds * a_round
    assert counted["requests"]["answered.allocate"] >= rounds * a_round
    assert counted["allocations"] == 0
    return done


async def test_hundreds_of_allocations_leave_nothing_behind(tmp_path):
    done = await rounds_of(tmp_path, ROUNDS, A_ROUND)
    assert done[-1].footprint.memory - done[0].footprint.memory < GROWTH


@pytest.mark.soak
@pytest.mark.timeout(1800)
async def test_ten_thousand_allocations_leave_nothing_behind(tmp_path):
    done = await rounds_of(tmp_path / "rounds", SOAK_ROUNDS, SOAK_ALLOCATIONS // SOAK_ROUNDS)
    floods = await under_floods(tmp_path / "floods")
    update("soak", rendered(done, floods))
    assert done[-1].footprint.memory - done[0].footprint.memory < GROWTH
