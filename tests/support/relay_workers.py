"""A real relay of several worker processes on loopback, and which of them has given what."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import psutil
from support.relay_process import relay_config

from media_relay.child import RelayProcess
from media_relay.group import RelayGroup, adopt_or_start_all
from media_relay.stun.address import TransportAddress

WORKERS = 2


@contextlib.asynccontextmanager
async def running_workers(directory: Path, **changed: Any) -> AsyncIterator[RelayGroup]:
    """A relay of several workers that is ended afterwards."""
    relay = await adopt_or_start_all(relay_config(**{"workers": WORKERS, **changed}), directory)
    try:
        yield relay
    finally:
        await relay.stop()


def worker_of(relay: RelayGroup, relayed: TransportAddress) -> RelayProcess:
    """The one that has a relayed address open."""
    for worker in relay.workers:
        for connection in psutil.Process(worker.pid).net_connections("udp"):
            if connection.laddr == (relayed.host, relayed.port):
                return worker
    raise AssertionError("nobody has it open")
