"""A fleet of two relays, one of which drains, and Chromium, which asks that one.

``python -m support.relay_redirect FOLDER HOST`` in a namespace with the address HOST; what came of it is said as JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any

import psutil
from support.relay_client import credentials, error
from support.relay_echo import ECHO, chromium_page
from support.relay_process import address_of, eventually, last_statistics, running_relay, socket_client


async def redirected(folder: Path, host: str) -> dict[str, Any]:
    """What the page saw, what the relay counted to which it was sent, and whether the call that ran goes on."""
    async with running_relay(folder / "other", addresses=(host,)) as other:
        elsewhere = f"{host}:{address_of(other, host)[1]}"
        async with running_relay(folder / "draining", addresses=(host,), drain=60, alternates=(elsewhere,)) as draining:
            with socket_client(draining, "call", host) as running, socket_client(draining, "late", host) as late:
                running.relayed()
                psutil.Process(draining.pid).terminate()
                await eventually(lambda: error(late.allocate()) == 300)
                given = credentials("page", expires_at=time.time() + 600)
                account = {"username": given.username, "credential": given.password}
                urls = f"turn:{host}:{address_of(draining, host)[1]}?transport=udp"
                async with chromium_page() as page, asyncio.timeout(60):
                    outcome = await page.evaluate(ECHO, {"urls": urls, **account, "stray": []})
                goes_on = error(running.refresh()) is None
        return {**outcome, "counted": await last_statistics(other), "goes_on": goes_on}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(redirected(Path(sys.argv[1]), sys.argv[2]))))
