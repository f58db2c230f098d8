"""coturn with the configuration that ``media_relay.coturn`` renders of ours, as a process: Debian's, until the end."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network
from pathlib import Path

from media_relay.config import RelayConfig
from media_relay.coturn.configuration import render
from media_relay.coturn.dialect import Dialect
from media_relay.private_file import write_private
from media_relay.probe import binding

BINARY = os.environ.get("TAWASUL_TEST_COTURN", "turnserver")
"""Debian's; a later one can be named, with ``TAWASUL_TEST_COTURN_DIALECT=4.17``."""
DIALECT = Dialect(os.environ.get("TAWASUL_TEST_COTURN_DIALECT", Dialect.DEBIAN_12.value))
STARTS_WITHIN = 60.0


def undisguised(address: IPv4Address | IPv6Address) -> IPv4Address | None:
    """The IPv4 address that 4.13.1 and later see in this IPv6 one, where it is also in a range of theirs that is IPv4.

    So an enrolled peer may be named in disguise as well, which reaches nobody else.
    """
    if isinstance(address, IPv4Address):
        return None
    if address.ipv4_mapped or address.sixtofour:
        return address.ipv4_mapped or address.sixtofour
    within = any(address in IPv6Network(prefix) for prefix in ("::/96", "64:ff9b::/96"))
    return IPv4Address(address.packed[12:]) if within else None


@dataclass(frozen=True)
class Coturn:
    """One that runs. ``config`` is what it was rendered from."""

    config: RelayConfig
    pid: int
    log_file: Path

    def log(self) -> str:
        """All that it has said."""
        return self.log_file.read_text(errors="replace")


@asynccontextmanager
async def running_coturn(
    folder: Path, config: RelayConfig, *, machine: Sequence[str] = (), text: str | None = None
) -> AsyncIterator[Coturn]:
    """It serves on every address when the block begins. ``text``: another configuration than the rendered one."""
    file, said = folder / "turnserver.conf", folder / "turnserver.log"
    write_private(file, text or render(config, DIALECT, machine=machine, folder=folder))
    binary = shutil.which(BINARY)
    assert binary is not None, f"{BINARY} is not installed: scripts/install-test-packages"
    with said.open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            binary, "-c", str(file), stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log, cwd=folder
        )
    try:
        async with asyncio.timeout(STARTS_WITHIN):
            for address in config.addresses:
                while await binding(str(address), config.port) is None:
                    assert process.returncode is None, f"coturn ended:\n{said.read_text(errors='replace')}"
        yield Coturn(config, process.pid, said)
    finally:
        if process.returncode is None:
            # By SIGTERM 4.17 waits three seconds for its threads; nothing of a test's needs its goodbye.
            process.kill()
        await process.wait()
