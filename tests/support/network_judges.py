"""What others say of a network: two clients that we did not write, and a STUN server that we did not write either.

coturn's ``turnutils_natdiscovery`` asks by RFC 5780, and Debian's ``stun`` by the older RFC 3489.
"""

from __future__ import annotations

import asyncio
import re
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from support.media_turn import PASSWORD
from support.network_bed import INTERNET, INTERNET_TOO, Bed, Site
from support.network_kinds import ADDRESS, ADDRESS_AND_PORT, INDEPENDENT

WORDS = {
    "Endpoint Independent": INDEPENDENT,
    "Address Dependent": ADDRESS,
    "Address and Port Dependent": ADDRESS_AND_PORT,
}
SOCKETS = [f"{address}:{port} " for address in (INTERNET, INTERNET_TOO) for port in (3478, 3479)]
PATIENCE = 60.0


@dataclass(frozen=True)
class Verdict:
    """``mapping``, ``filtering``: coturn's client, ``None`` without an answer. ``classic``: the older client's line."""

    mapping: str | None
    filtering: str | None
    classic: str


@asynccontextmanager
async def stun_server(bed: Bed, folder: Path) -> AsyncIterator[None]:
    """coturn in the internet, on two addresses and two ports, as these tests need it, until the block ends."""
    files = ("--pidfile", str(folder / "turnserver.pid"), "--userdb", str(folder / "turndb"), "-c", "/dev/null")
    flags = ("--stun-only", "--no-tls", "--no-dtls", "--no-cli", "--log-file", "stdout", f"--cli-password={PASSWORD}")
    words = ("turnserver", "-L", INTERNET, "-L", INTERNET_TOO, "-p", "3478", "--alt-listening-port", "3479")
    process = await asyncio.create_subprocess_exec(
        *bed.internet.command(*words, *flags, *files), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        async with asyncio.timeout(PATIENCE):
            # It opens its sockets one after the other, and what comes to an open one waits there.
            while not _all_in(await _said(*bed.internet.command("ss", "-Huln"))):
                assert process.returncode is None, "coturn ended"
                await asyncio.sleep(0.05)
        yield
    finally:
        process.terminate()
        await process.wait()


async def judged(site: Site) -> Verdict:
    """What both say. Where something is filtered this takes six seconds: they wait for what does not come."""
    discovery = site.host.command("turnutils_natdiscovery")
    mapping, filtering, classic = await asyncio.gather(
        _said(*discovery, "-m", INTERNET),
        _said(*discovery, "-f", INTERNET),
        _said(*site.host.command("stun", INTERNET)),
    )
    line = re.search(r"^Primary: (.*?)\s*$", classic, re.MULTILINE)
    assert line is not None, classic
    return Verdict(_word("Mapping", mapping), _word("Filtering", filtering), line[1])


def _all_in(said: str) -> bool:
    return all(each in said for each in SOCKETS)


def _word(what: str, said: str) -> str | None:
    found = re.findall(rf"^NAT with (.+) {what}!$", said, re.MULTILINE)
    return WORDS[found[-1]] if found else None


async def _said(*words: str) -> str:
    process = await asyncio.create_subprocess_exec(
        *words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    async with asyncio.timeout(PATIENCE):
        said, _ = await process.communicate()
    return said.decode()
