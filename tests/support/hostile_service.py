"""The hostile server as a test holds it: started as any service is, told what to try next, asked for its loot."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support.issuer import an_issuer
from support.ports import free_port
from support.service import Service, put_samples

from tawasul.domain.audience import State

TESTS = Path(__file__).parents[1]
Row = dict[str, Any]


@dataclass
class HostileService(Service):
    """``support.hostile_signaling`` in place of ``tawasul serve``."""

    @property
    def plan_file(self) -> Path:
        """What it is told."""
        return self.directory / "hostile.json"

    def plan(self, attack: str, *, trust: dict[str, Any] | None = None, **options: Any) -> None:
        """From the next attempt on, this attack; the loot begins anew."""
        (self.directory / "loot.jsonl").unlink(missing_ok=True)
        self._tell({"attack": attack, "options": options, "trust": trust or {}})

    async def over(self, audience_id: str) -> None:
        """Whatever goes on with this citizen ends, and they wait again."""
        self._tell({"over": True})
        async with asyncio.timeout(10):
            # The database is another process's too: there is no event to wait for.
            while (await self.audience(audience_id)).state in {State.CALLED_IN, State.IN_CALL}:  # noqa: ASYNC110
                await asyncio.sleep(0.05)

    def loot(self, what: str, **so_that: Any) -> list[Row]:
        """What it got hold of, of one kind, since the plan was made."""
        file = self.directory / "loot.jsonl"
        lines = file.read_text().splitlines() if file.exists() else []
        rows: list[Row] = [json.loads(line) for line in lines]
        return [row for row in rows if row["what"] == what and so_that.items() <= row.items()]

    async def looted(self, what: str, so_that: Callable[[Row], bool] = lambda _: True, seconds: float = 20.0) -> Row:
        """The first such row, waiting for it."""
        async with asyncio.timeout(seconds):
            while True:
                for row in self.loot(what):
                    if so_that(row):
                        return row
                # Another process writes a file: there is no event to wait for.
                await asyncio.sleep(0.02)

    def alarms(self) -> dict[str, str]:
        """The codes that the server was told, by end."""
        return {row["end"]: row["code"] for row in self.loot("alarm")}

    def _tell(self, told: dict[str, Any]) -> None:
        ready = self.plan_file.with_suffix(".new")
        ready.write_text(json.dumps(told))
        ready.replace(self.plan_file)

    def _spawn(self) -> subprocess.Popen[bytes]:
        ours = {
            "TAWASUL_DIRECTORY": str(self.directory),
            "TAWASUL_SERVER__PORT": str(self.port),
            "TAWASUL_RELAY__PORT": "0",
            "TAWASUL_HOSTILE": str(self.plan_file),
            "PYTHONPATH": str(TESTS),
        }
        kept = {name: value for name, value in os.environ.items() if not name.startswith("TAWASUL_")}
        with (self.directory / "server.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "support.hostile_signaling"],
                env=kept | ours | self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )


@contextlib.asynccontextmanager
async def a_hostile_service(directory: Path, **environment: str) -> AsyncIterator[HostileService]:
    """It runs, over sample people; ended afterwards."""
    port = free_port()
    samples = await put_samples(directory, port)
    async with an_issuer() as issuer, issuer.auto_approving():
        told = {"TAWASUL_TRUST__ISSUER": issuer.address} | environment
        service = HostileService(directory, port, samples, told, own_issuer=issuer)
        try:
            await service.start()
            yield service
        finally:
            await service.end()
