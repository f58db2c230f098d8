"""``tawasul demo`` as a newcomer runs it: what it prints is true, what dies comes back, and Ctrl-C ends all of it."""

from __future__ import annotations

import asyncio
import contextlib
import re
import signal
import ssl
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil
from support.command import PATIENCE, environment
from support.endpoints import Line, begun, cookies
from support.ports import free_port
from websockets.asyncio.client import connect

READY = "Ctrl-C ends it all"
CHECKED_IN = "You are checked in"


@dataclass
class Shown:
    """A demonstration that runs, and what it showed so far."""

    process: asyncio.subprocess.Process
    folder: Path
    port: int
    lines: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        """By number, which is what the tests' traffic stays with."""
        return f"http://127.0.0.1:{self.port}"

    def lines_at(self, door: str) -> str:
        """The address of a door."""
        return f"ws://127.0.0.1:{self.port}/signaling/{door}"

    async def until(self, words: str) -> str:
        """The next line with these words."""
        assert self.process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            async for raw in self.process.stdout:
                self.lines.append(raw.decode().rstrip())
                if words in self.lines[-1]:
                    return self.lines[-1]
        raise AssertionError(f"it ended without saying {words!r}:\n" + "\n".join(self.lines))

    def found(self, pattern: str) -> str:
        """What was shown, by the pattern's group."""
        for line in self.lines:
            if match := re.search(pattern, line):
                return match[1]
        raise AssertionError(f"{pattern} was not shown:\n" + "\n".join(self.lines))

    def processes(self) -> list[psutil.Process]:
        """It, its children, and theirs."""
        own = psutil.Process(self.process.pid)
        return [own, *own.children(recursive=True)]

    async def ctrl_c(self) -> None:
        """Ends it, and holds it to what Ctrl-C promises."""
        known = self.processes()
        self.process.send_signal(signal.SIGINT)
        async with asyncio.timeout(PATIENCE):
            rest, _ = await self.process.communicate()
        self.lines += rest.decode().splitlines()
        shown = "\n".join(self.lines)
        assert self.process.returncode == 0, shown
        assert self.lines[-1].startswith("All ended."), shown
        assert "Traceback" not in shown, shown
        assert not [process for process in known if process.is_running()]
        assert not at_work_in(self.folder)


def at_work_in(folder: Path) -> list[psutil.Process]:
    """The processes that were told this folder, or stand in it."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            told = (*process.cmdline(), *process.environ().values(), process.cwd())
            if any(str(folder) in word for word in told):
                found.append(process)
    return found


@contextlib.asynccontextmanager
async def demonstration(folder: Path, *options: str) -> AsyncIterator[Shown]:
    """In this folder, as in an empty one where somebody tries it."""
    port = free_port()
    told = environment(folder)
    del told["TAWASUL_DIRECTORY"]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tawasul.cli", "demo", "--port", str(port), *options),
        cwd=folder,
        env=told,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        yield Shown(process, folder, port)
    finally:
        if process.returncode is None:
            for each in reversed(Shown(process, folder, port).processes()):
                with contextlib.suppress(psutil.NoSuchProcess):
                    each.kill()
            await process.communicate()


async def the_board(shown: Shown, cookie: str, wanted: str) -> dict[str, Any]:
    """The row of the citizen of this reference, once they wait and their kiosk has a line."""
    async with connect(
        shown.lines_at("office"),
        origin=shown.address,  # type: ignore[arg-type]
        additional_headers={"cookie": cookie},
        proxy=None,
        max_queue=None,
    ) as connection:
        office = Line(connection)
        await office.say("hello", protocol=1)

        def waits(row: dict[str, Any]) -> bool:
            return bool(row["reference"] == wanted and row["state"] == "arrived" and row["online"])

        board = await office.hear("board", lambda said: any(waits(row) for row in said["rows"]))
        return next(row for row in board["rows"] if waits(row))


async def test_what_it_prints_is_true_and_what_dies_comes_back(tmp_path: Path) -> None:
    async with demonstration(tmp_path) as shown:
        await shown.until(READY)
        await shown.until(CHECKED_IN)

        password = shown.found(r"/office +office +(\S+)")
        assert shown.found(rf"(http://localhost:{shown.port}/office) ")
        async with httpx.AsyncClient(base_url=shown.address, headers={"origin": shown.address}) as client:
            signed_in = await client.post("/api/session", json={"user_name": "office", "password": password})
            assert signed_in.status_code == 200
            cookie = cookies(client)
        for user in ("badr", "yanbu"):
            async with httpx.AsyncClient(base_url=shown.address, headers={"origin": shown.address}) as client:
                told = {"user_name": user, "password": shown.found(rf"/desk +{user} +(\S+)")}
                assert (await client.post("/api/session", json=told)).status_code == 200
        token = shown.found(rf"^http://localhost:{shown.port}/join#(\S+)$")
        assert "tawasul" in await begun(shown, token)  # type: ignore[arg-type]  # it has an address, as a service has

        reference = shown.found(r"checks in the citizen ([A-Z0-9]{3}-[A-Z0-9]{3})")
        row = await the_board(shown, cookie, reference)
        assert row["position"] == 1

        (server,) = [process for process in shown.processes() if process.cmdline()[-1] == "serve"]
        server.kill()
        assert "status -9" in await shown.until("server ended")
        await shown.until("relay: adopted")
        await shown.until(CHECKED_IN)
        again = await the_board(shown, cookie, reference)
        assert (again["position"], again["arrived_at"]) == (1, row["arrived_at"])
        await shown.ctrl_c()


async def test_the_next_start_in_the_same_folder_may_serve_https_with_the_authority_that_it_prints(
    tmp_path: Path,
) -> None:
    async with demonstration(tmp_path) as first:
        await first.until(READY)
        # At once, while its children are only just starting.
        await first.ctrl_c()
    async with demonstration(tmp_path, "--https") as second:
        await second.until("The file is")
        await second.until(CHECKED_IN)
        authority = second.found(r"The file is (\S+);")
        assert second.found(rf"(https://localhost:{second.port}/office) ")
        trusting = ssl.create_default_context(cafile=authority)
        async with httpx.AsyncClient(verify=trusting, base_url=f"https://localhost:{second.port}") as client:
            assert (await client.get("/api/health")).json()["ready"] is True
            offered = await client.get("/authority.crt")
            assert offered.content == await asyncio.to_thread(Path(authority).read_bytes)
            told = {"user_name": "office", "password": second.found(r"/office +office +(\S+)")}
            origin = {"origin": f"https://localhost:{second.port}"}
            signed_in = await client.post("/api/session", json=told, headers=origin)
            assert signed_in.status_code == 200
            assert "; secure" in signed_in.headers["set-cookie"].lower()
        await second.ctrl_c()
