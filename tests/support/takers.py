"""Many who want one slot: in this process, or each two hundred and fifty in a process of their own."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from support.factories import BADR, BADR_1, a_citizen, a_hold, a_sitting, an_audience
from support.store import SEALER, Clock

from tawasul.domain.audience import AudienceId
from tawasul.domain.errors import SlotTaken
from tawasul.domain.hold import HoldId
from tawasul.domain.venue import AtKiosk, OwnLocation
from tawasul.store.unit_of_work import Database, UnitOfWork

FIRST_CITIZEN = 20_000_000


async def register(database: Database, count: int) -> None:
    """Citizens for ``race``, by numbers from 0."""
    async with database.unit_of_work() as uow:
        for number in range(count):
            await uow.citizens.add(a_citizen(FIRST_CITIZEN + number))
        await uow.commit()


async def race(database: Database, numbers: Sequence[int]) -> Counter[str]:
    """All at once: every other one would book the third slot of the sitting, the others would hold it.

    Returns how many were told what: ``booked``, ``held``, ``taken``, or the name of an error.
    """

    async def take(number: int) -> str:
        try:
            async with database.unit_of_work() as uow:
                told = await _take(uow, number)
                await uow.commit()
        except SlotTaken:
            return "taken"
        except Exception as error:  # whatever it is, it is counted: there must be none
            return f"{type(error).__name__}: {error}"
        return told

    return Counter(await asyncio.gather(*(take(number) for number in numbers)))


async def _take(uow: UnitOfWork, number: int) -> str:
    sitting = a_sitting()
    venue = AtKiosk(BADR_1.id) if number % 4 < 2 else OwnLocation()
    if number % 2:
        hold = a_hold(sitting, number=3, venue=venue)
        await uow.holds.take(replace(hold, id=HoldId(f"hold-of-{number}")), hold.made_at)
        return "held"
    audience = an_audience(
        a_citizen(FIRST_CITIZEN + number), sitting, number=3, venue=venue, governorate=BADR, reference=f"T-{number}"
    )
    audience.id = AudienceId(f"audience-of-{number}")
    await uow.audiences.add(audience)
    return "booked"


@asynccontextmanager
async def processes(url: str, each: Sequence[Sequence[int]]) -> AsyncIterator[list[asyncio.subprocess.Process]]:
    """One for each of the ranges, connected and ready for ``go``."""
    tests = str(Path(__file__).parents[1])
    started = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "support.takers", json.dumps([url, list(numbers)])), cwd=tests, stdin=-1, stdout=-1
        )
        for numbers in each
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


async def go(started: Sequence[asyncio.subprocess.Process]) -> Counter[str]:
    """Lets them all loose; what they were told, together."""
    for process in started:
        assert process.stdin is not None
        process.stdin.write(b"go\n")
    told = [json.loads((await process.communicate())[0]) for process in started]
    return sum((Counter(each) for each in told), Counter())


async def _child(url: str, numbers: Sequence[int]) -> None:
    database = Database(url, SEALER, clock=Clock())
    async with database.unit_of_work(reading=True) as uow:
        await uow.sittings.get(a_sitting().id)
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    print(json.dumps(await race(database, numbers)), flush=True)
    await database.close()


if __name__ == "__main__":
    asyncio.run(_child(*json.loads(sys.argv[1])))
