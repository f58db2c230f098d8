"""The command line as people use it: ``tawasul …`` as a process of its own, in a folder of its own."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

LOGGED = re.compile(r"[0-9:]{8} INFO ")
PATIENCE = 60.0
"""Seconds for a command that takes one on an idle machine."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command left: its exit status, and what it wrote."""

    status: int
    said: str
    complained: str

    @property
    def complaints(self) -> list[str]:
        """The sentences on standard error, which must be nothing but sentences, beside what a server logs."""
        lines = [line for line in self.complained.splitlines() if not LOGGED.match(line)]
        assert all(line.startswith("tawasul: ") for line in lines), self.complained
        return [line.removeprefix("tawasul: ") for line in lines]


def environment(folder: Path, **told: str) -> dict[str, str]:
    """Of a command that works in ``folder``, told this, and nothing that the tests' own environment would tell."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("TAWASUL_")}
    return own | {"TAWASUL_DIRECTORY": str(folder)} | told


async def tawasul(folder: Path, *arguments: str, **told: str) -> Answer:
    """Runs a command to its end."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tawasul.cli", *arguments),
        env=environment(folder, **told),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(PATIENCE):
            said, complained = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    assert process.returncode is not None
    return Answer(process.returncode, said.decode(), complained.decode())
