"""A request that is cancelled half-way leaves neither half a booking nor a lock behind."""

import asyncio
import contextlib
import gc
from collections.abc import Iterator

import pytest
from sqlalchemy import event
from sqlalchemy.pool import QueuePool
from support.factories import a_citizen, an_audience

from tawasul.domain.audience import Audience
from tawasul.domain.people import Citizen
from tawasul.domain.sitting import Sitting
from tawasul.store.unit_of_work import Database


async def test_cancelled_at_any_moment_all_or_nothing_is_there(database: Database, sitting: Sitting) -> None:
    # Measured in turns of the event loop, so that each task is cut off somewhere else, from the first wait to the last.
    for turns in range(0, 120, 3):
        task = asyncio.create_task(_register_and_book(database, a_citizen(), sitting, turns % 24))
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    async with database.unit_of_work(reading=True) as uow:
        audiences = await uow.audiences.of_sitting(sitting.id)
        assert await uow.citizens.count() == len(audiences)
        assert await uow.occupancies.of_office(sitting.id) == {audience.slot_starts_at for audience in audiences}
        assert len(await uow.outbox.pending(1000)) == len(audiences)


async def test_many_cancelled_while_they_wait_hold_nobody_up(database: Database, sitting: Sitting) -> None:
    async with database.unit_of_work() as holding:
        await holding.citizens.add(a_citizen())
        waiting = [
            asyncio.create_task(_register_and_book(database, a_citizen(), sitting, number)) for number in range(24)
        ]
        await asyncio.sleep(0)
        for task in waiting[:20]:
            task.cancel()
        await holding.commit()
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert [isinstance(outcome, Audience) for outcome in outcomes] == [False] * 20 + [True] * 4


@contextlib.contextmanager
def cancelled_at(what: str, database: Database, task: asyncio.Task[None]) -> Iterator[None]:
    """Just before this is done with its connection: an event of SQLAlchemy."""

    def cancel(*of_the_connection: object) -> None:
        task.cancel()

    event.listen(database.engine.sync_engine, what, cancel)
    yield
    event.remove(database.engine.sync_engine, what, cancel)


@pytest.fixture
def quiet(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """What is logged from now on; not what garbage of earlier tests has to say when it is collected."""
    gc.collect()
    caplog.clear()
    return caplog


async def test_what_is_being_committed_is_committed_and_told(
    database: Database, sitting: Sitting, quiet: pytest.LogCaptureFixture
) -> None:
    """A service that ends cancels what runs: it ends without a word of trouble in its log."""

    async def book() -> None:
        await _register_and_book(database, a_citizen(), sitting, 1)

    database.events_written.clear()
    task = asyncio.create_task(book())
    with cancelled_at("reset", database, task), pytest.raises(asyncio.CancelledError):
        await task
    assert database.events_written.is_set()
    async with database.unit_of_work(reading=True) as uow:
        assert len(await uow.audiences.of_sitting(sitting.id)) == 1
    assert not quiet.records


async def test_who_only_read_has_given_its_connection_back_at_its_end(
    database: Database, sitting: Sitting, quiet: pytest.LogCaptureFixture
) -> None:
    async def read() -> None:
        async with database.unit_of_work(reading=True) as uow:
            await uow.audiences.of_sitting(sitting.id)

    task = asyncio.create_task(read())
    with cancelled_at("rollback", database, task), pytest.raises(asyncio.CancelledError):
        await task
    pool = database.engine.sync_engine.pool
    assert isinstance(pool, QueuePool)
    assert pool.checkedout() == 0
    assert not quiet.records


async def _register_and_book(database: Database, citizen: Citizen, sitting: Sitting, number: int) -> Audience:
    audience = an_audience(citizen, sitting, number=number)
    async with database.unit_of_work() as uow:
        await uow.citizens.add(citizen)
        await uow.audiences.add(audience)
        await uow.commit()
    return audience
