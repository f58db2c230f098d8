"""A flood of requests without credentials, and a call that does not notice it."""

from __future__ import annotations

import asyncio

import pytest
from support.relay_process import address_of, last_statistics, running_relay
from support.soak_report import flooded

pytestmark = pytest.mark.realtime
LOOKED_AT = 1_000
"""Datagrams a second of strangers that the relay looks at here."""
RATE = 10 * LOOKED_AT
SECONDS = 3.0


async def test_a_flood_leaves_a_call_without_loss(tmp_path):
    async with running_relay(tmp_path, unauthenticated_datagrams=LOOKED_AT) as relay:
        done = await asyncio.to_thread(flooded, address_of(relay, "127.0.0.1"), RATE, SECONDS)
        counted = await last_statistics(relay)
    assert done.rate > 2 * LOOKED_AT, "this is a flood"
    assert counted["requests"]["dropped.over-budget"] > SECONDS * LOOKED_AT
    assert done.carried.lost == 0
