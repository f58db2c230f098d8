"""Many who open a case at the same moment, in several processes: each needs a number of its own."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from support.cases import opened
from support.store import SEALER, Clock

from tawasul.domain.people import CitizenId
from tawasul.store.unit_of_work import Database


async def open_many(database: Database, citizen_id: CitizenId, count: int) -> list[int]:
    """The serials that so many got, at once."""

    async def open_one() -> int:
        async with database.unit_of_work() as uow:
            case = await opened(uow, await uow.citizens.get(citizen_id))
            await uow.commit()
        return case.number.serial

    return list(await asyncio.gather(*(open_one() for _ in range(count))))


@asynccontextmanager
async def processes(url: str, citizen_id: CitizenId, *counts: int) -> AsyncIterator[list[asyncio.subprocess.Process]]:
    """One for each count, connected and ready for ``go``."""
    tests = str(Path(__file__).parents[1])
    started = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "support.case_openers", json.dumps([url, citizen_id, count])),
            cwd=tests,
            stdin=-1,
            stdout=-1,
        )
        for count in counts
    ]
    try:
        for process in started:
            assert process.stdout is not None
            assert await process.stdout.readline() == b"ready\n"
        yield started
    finally:
        for process in started:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()


async def go(started: Sequence[asyncio.subprocess.Process]) -> list[int]:
    """Lets them all loose; the serials that all of them got."""
    for process in started:
        assert process.stdin is not None
        process.stdin.write(b"go\n")
    told = [json.loads((await process.communicate())[0]) for process in started]
    return [serial for each in told for serial in each]


async def _child(url: str, citizen_id: CitizenId, count: int) -> None:
    database = Database(url, SEALER, clock=Clock())
    async with database.unit_of_work(reading=True) as uow:
        await uow.citizens.get(citizen_id)
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    print(json.dumps(await open_many(database, citizen_id, count)), flush=True)
    await database.close()


if __name__ == "__main__":
    asyncio.run(_child(*json.loads(sys.argv[1])))
