"""`tawasul relay check` from behind networks: what it says is what the network really lets through."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from support.command import environment, tawasul
from support.network_bed import INTERNET, PUBLIC, Bed, Site, network_bed
from support.network_kinds import Kind
from support.relay_paper import SECRET
from support.relay_stream import Identity, identity

PATIENCE = 60.0

FOUND = {
    Kind.OPEN: {"udp": None, "tcp": None, "tls": None},
    Kind.SYMMETRIC: {"udp": None, "tcp": None, "tls": None},
    Kind.UDP_BLOCKED: {"udp": "silent", "tcp": None, "tls": None},
    Kind.ONLY_TCP_443: {"udp": "silent", "tcp": "silent", "tls": None},
}
"""The trouble of each transport, by network."""


async def test_what_gets_through_each_network_is_what_the_check_says(tmp_path: Path) -> None:
    shown = identity(tmp_path, hosts=(INTERNET,))
    with network_bed() as bed:
        sites = {kind: bed.site(f"host-{kind.name.lower()}", kind) for kind in FOUND}
        async with relay_in_the_internet(bed, tmp_path / "relay", shown):
            answers = await asyncio.gather(*(checked(site, tmp_path / "here", shown) for site in sites.values()))
    for kind, (status, answer) in zip(sites, answers, strict=True):
        reached = {step["transport"]: step for step in answer["steps"] if step["step"] == "reach"}
        carried = {step["transport"]: step["trouble"] for step in answer["steps"] if step["step"] == "carry"}
        assert {transport: step["trouble"] for transport, step in reached.items()} == FOUND[kind], kind
        passing = {transport for transport, trouble in FOUND[kind].items() if trouble is None}
        assert carried == dict.fromkeys(passing), kind
        assert status == (0 if len(passing) == 3 else 1)
        for transport in passing:
            assert reached[transport]["seen_as"][0] == sites[kind].outer
            assert reached[transport]["behind_nat"] == (kind is not Kind.OPEN)


@asynccontextmanager
async def relay_in_the_internet(bed: Bed, folder: Path, shown: Identity) -> AsyncIterator[None]:
    """``tawasul relay`` there, which takes clients by UDP, TCP and TLS."""
    told = {
        "TAWASUL_RELAY__SECRETS": json.dumps([SECRET]),
        "TAWASUL_RELAY__ADDRESSES": json.dumps([INTERNET]),
        "TAWASUL_RELAY__ALLOW_PEERS": json.dumps([PUBLIC]),
        "TAWASUL_RELAY__TLS_PORT": "443",
        "TAWASUL_RELAY__CERTIFICATE": str(shown.certificate),
        "TAWASUL_RELAY__CERTIFICATE_KEY": str(shown.key),
    }
    process = await asyncio.create_subprocess_exec(
        *bed.internet.command(sys.executable, "-m", "tawasul.cli", "relay"),
        env=environment(folder, **told),
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            line = (await process.stdout.readline()).decode()
        assert line.startswith(f"The relay is ready on UDP {INTERNET} port 3478, TCP {INTERNET} port 3478, TLS"), line
        yield
    finally:
        if process.returncode is None:
            process.terminate()
        async with asyncio.timeout(PATIENCE):
            await process.wait()


async def checked(site: Site, folder: Path, shown: Identity) -> tuple[int, dict[str, list[dict[str, object]]]]:
    """The exit status, and what was found from ``site``, with credentials that a server minted for this check."""
    credentials = folder / f"{site.host.pid}.json"
    secret = {"TAWASUL_RELAY__SECRETS": json.dumps([SECRET])}
    minted = await tawasul(folder, "relay", "credentials", str(credentials), **secret)
    assert minted.status == 0, minted.complained
    words = (
        sys.executable,
        "-m",
        "tawasul.cli",
        "relay",
        "check",
        INTERNET,
        "--credentials-file",
        str(credentials),
        "--trust",
        str(shown.certificate),
        "--json",
    )
    process = await asyncio.create_subprocess_exec(
        *site.host.command(*words),
        env=environment(folder),
        stdout=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(PATIENCE):
        said, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, json.loads(said)
