"""Two relays, each on a machine of its own, and a client of each that sends to the other's relayed address.

``python -m support.relay_two FOLDER HERE THERE PID`` in a namespace with the address HERE; THERE is that of the
namespace held by PID. Whether the clients heard each other is said as JSON: where the relays are enrolled with each
other, and where they are strangers.
"""

from __future__ import annotations

import asyncio
import json
import sys
import threading
from collections.abc import AsyncIterator
from concurrent.futures import Future
from contextlib import asynccontextmanager
from pathlib import Path

from support.namespaces import within
from support.relay_process import aioice_client, running_relay

from media_relay.child import RelayProcess


@asynccontextmanager
async def relay_away(pid: int, folder: Path, host: str, peers: tuple[str, ...]) -> AsyncIterator[RelayProcess]:
    """A relay in another namespace."""
    runs: Future[RelayProcess] = Future()
    stop = threading.Event()

    async def hold() -> None:
        async with running_relay(folder, addresses=(host,), allow_peers=peers, allow_loopback=False) as relay:
            runs.set_result(relay)
            await asyncio.to_thread(stop.wait)

    over = within(pid, lambda: asyncio.run(hold()))
    try:
        yield await asyncio.wrap_future(runs)
    finally:
        stop.set()
        await asyncio.wrap_future(over)


async def heard(folder: Path, here: str, there: str, pid: int, *, enrolled: bool) -> bool:
    """Whether each client hears the other."""
    of_here, of_there = ((f"{there}/32",), (f"{here}/32",)) if enrolled else ((), ())
    async with (
        running_relay(folder / "here", addresses=(here,), allow_peers=of_here, allow_loopback=False) as mine,
        relay_away(pid, folder / "there", there, of_there) as theirs,
        aioice_client(mine, "call-1.citizen@badr", here) as citizen,
        aioice_client(theirs, "call-1.office@badr", there) as office,
    ):
        for _ in range(100):
            # As ICE's checks do: what an end sends opens the way for what comes back.
            citizen.send(b"anybody there?", office.relayed)
            office.send(b"yes", citizen.relayed)
            if not citizen.arrived.empty() and not office.arrived.empty():
                return True
            if citizen.errors and office.errors:
                return False
            await asyncio.sleep(0.1)
        return False


async def main() -> None:
    """Both ways."""
    folder, here, there, pid = Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
    enrolled = await heard(folder / "enrolled", here, there, pid, enrolled=True)
    strangers = await heard(folder / "strangers", here, there, pid, enrolled=False)
    print(json.dumps({"enrolled": enrolled, "strangers": strangers}))


if __name__ == "__main__":
    asyncio.run(main())
