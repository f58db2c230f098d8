"""pion's TURN clients, in Go, against our relay: its examples by UDP and by TCP, and a small one of ours by TLS.

``python -m support.relay_pion FOLDER HERE PID``, in a namespace with the address HERE: the relay is there, and the
clients are in the namespace held by PID. FOLDER has the clients that ``build`` made. What they said, and what the relay
counted, is printed as JSON.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from support.relay_client import credentials
from support.relay_process import address_of, last_statistics, running_relay
from support.relay_stream import identity, port_of

PACKAGE = "github.com/pion/turn/v2"
OURS = Path(__file__).with_name("relay_pion_tls.go")
GO = {
    "GOPATH": "/usr/share/gocode",  # where Debian's packages have their sources
    "GO111MODULE": "off",
    "GOFLAGS": "",
    "GOPROXY": "off",
    "GOTOOLCHAIN": "local",
    "CGO_ENABLED": "0",
}
PATIENCE = 60.0
"""Seconds that a client is given; the examples take eleven."""
LIFETIME = 8
"""Seconds: an allocation ends within the examples' ten, but for pion's refresh of it."""
NONCE_LIFETIME = 3
"""Seconds: and that refresh comes with a nonce that is stale by then."""


def build(folder: Path) -> None:
    """Builds the three clients into ``folder``, as ``udp``, ``tcp`` and ``tls``. Raises CalledProcessError."""
    sources = {name: f"{PACKAGE}/examples/turn-client/{name}" for name in ("udp", "tcp")} | {"tls": str(OURS)}
    for name, source in sources.items():
        subprocess.run(
            ["go", "build", "-o", str(folder / name), source],
            env={**os.environ, **GO, "GOCACHE": str(folder / "cache")},
            cwd=folder,
            timeout=100,
            check=True,
        )


async def said(pid: int, *command: str) -> dict[str, Any]:
    """The exit status of a client in the namespace held by ``pid``, and what it printed."""
    process = await asyncio.create_subprocess_exec(
        *("nsenter", "--net", f"--target={pid}", "--"),
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(PATIENCE):
            output, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    return {"status": process.returncode, "said": output.decode()}


async def all_said(folder: Path, here: str, peers: str, pid: int) -> dict[str, Any]:
    """All clients at once; and one more, with a password that is not its own."""
    tls = identity(folder, hosts=(here,))
    settings: dict[str, Any] = {"lifetime": LIFETIME, "nonce_lifetime": NONCE_LIFETIME, **tls.settings}
    async with running_relay(
        folder / "relay", addresses=(here,), allow_peers=(peers,), allow_loopback=False, **settings
    ) as relay:
        given = credentials("call-1.citizen@badr", expires_at=time.time() + 600)
        user, ports = f"{given.username}={given.password}", {"udp": address_of(relay, here)[1]}
        ports |= {kind: port_of(relay, kind, here) for kind in ("tcp", "tls")}

        def example(name: str, user: str) -> list[str]:
            return [str(folder / name), "-host", here, "-port", str(ports[name]), "-user", user, "-ping=true"]

        by_tls = [str(folder / "tls"), "-address", f"{here}:{ports['tls']}", "-authority", str(tls.certificate)]
        commands = {name: example(name, user) for name in ("udp", "tcp")}
        commands |= {"tls": [*by_tls, "-user", user], "stranger": example("udp", f"{given.username}=guessed")}
        found = await asyncio.gather(*(said(pid, *command) for command in commands.values()))
        return {**dict(zip(commands, found, strict=True)), "counted": await last_statistics(relay)}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(all_said(Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])))))
