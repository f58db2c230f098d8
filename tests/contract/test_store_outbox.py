"""Events are kept in the transaction that made them happen, and told at least once, in order."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from sqlalchemy import text
from support.factories import CALL, NOW, a_citizen, an_audience, arrived
from support.store import Clock

from tawasul.domain.audience import Audience
from tawasul.domain.events import AudienceBooked, CitizenArrived, CitizenCalledIn, Event, subject_of
from tawasul.domain.sitting import Sitting
from tawasul.store.outbox import OutboxPublisher, Retry
from tawasul.store.unit_of_work import Database

RETRY = Retry(attempts=3, first_pause=timedelta(seconds=10))


class Listener:
    """Takes events, but for those of the audiences it was told to refuse."""

    def __init__(self) -> None:
        self.heard: list[Event] = []
        self.refuses: set[str] = set()
        self.tried = 0
        self._more = asyncio.Event()

    async def __call__(self, event: Event) -> None:
        self.tried += 1
        if subject_of(event) in self.refuses:
            raise RuntimeError("the citizen's name must not be in the log")
        self.heard.append(event)
        self._more.set()

    async def until(self, count: int) -> None:
        """Waits until so many were heard."""
        async with asyncio.timeout(10):
            while len(self.heard) < count:
                self._more.clear()
                await self._more.wait()


async def test_events_are_kept_with_what_they_tell_of(database: Database, sitting: Sitting) -> None:
    audience = await _booked(database, sitting)
    await _step(database, audience, arrived)
    await _step(database, audience, lambda a: a.call_in(CALL, NOW))
    async with database.unit_of_work(reading=True) as uow:
        events = [pending.event for pending in await uow.outbox.pending(10)]
    assert events == [
        AudienceBooked(audience.id, sitting.id),
        CitizenArrived(audience.id, sitting.id),
        CitizenCalledIn(audience.id, sitting.id, CALL),
    ]


async def test_events_of_what_was_undone_are_undone(database: Database, sitting: Sitting) -> None:
    audience = await _booked(database, sitting)
    async with database.unit_of_work() as uow:
        loaded = await uow.audiences.get(audience.id)
        loaded.cancel()
        await uow.audiences.save(loaded)
    async with database.unit_of_work(reading=True) as uow:
        assert [type(p.event) for p in await uow.outbox.pending(10)] == [AudienceBooked]


async def test_events_are_told_once_when_all_is_well_and_in_order(database: Database, sitting: Sitting) -> None:
    listener = Listener()
    first = await _booked(database, sitting, 1)
    second = await _booked(database, sitting, 2)
    await _step(database, first, arrived)
    publisher = OutboxPublisher(database, listener, batch=2, clock=Clock())
    await publisher.publish_due()
    await publisher.publish_due()
    assert listener.heard == [
        AudienceBooked(first.id, sitting.id),
        AudienceBooked(second.id, sitting.id),
        CitizenArrived(first.id, sitting.id),
    ]


async def test_an_event_that_is_not_taken_is_told_again_and_only_its_own_audience_waits(
    database: Database, sitting: Sitting
) -> None:
    listener, clock = Listener(), Clock()
    refused = await _booked(database, sitting, 1)
    await _step(database, refused, arrived)
    other = await _booked(database, sitting, 2)
    listener.refuses = {refused.id}
    publisher = OutboxPublisher(database, listener, retry=RETRY, look_again=timedelta(minutes=1), clock=clock)

    pause = await publisher.publish_due()
    assert listener.heard == [AudienceBooked(other.id, sitting.id)]
    assert pause == timedelta(seconds=10)
    await publisher.publish_due()
    assert listener.tried == 2, "it is not tried again before its time"

    listener.refuses.clear()
    clock.now += pause
    await publisher.publish_due()
    assert listener.heard[1:] == [AudienceBooked(refused.id, sitting.id), CitizenArrived(refused.id, sitting.id)]


async def test_after_the_last_attempt_an_event_is_parked_and_what_was_behind_it_goes_on(
    database: Database, sitting: Sitting, caplog: pytest.LogCaptureFixture
) -> None:
    listener, clock = Listener(), Clock()
    audience = await _booked(database, sitting)
    listener.refuses = {audience.id}
    publisher = OutboxPublisher(database, listener, retry=RETRY, clock=clock)
    with caplog.at_level(logging.WARNING):
        for _ in range(RETRY.attempts):
            await publisher.publish_due()
            clock.now += timedelta(minutes=10)
    assert listener.tried == RETRY.attempts
    assert [record.levelname for record in caplog.records] == ["WARNING", "WARNING", "ERROR"]
    assert "must not be in the log" not in caplog.text

    listener.refuses.clear()
    await _step(database, audience, arrived)
    await publisher.publish_due()
    assert listener.heard == [CitizenArrived(audience.id, sitting.id)]
    async with database.unit_of_work(reading=True) as uow:
        assert await uow.outbox.parked() == 1
        assert await uow.outbox.pending(10) == []


async def test_what_is_parked_is_told_again_every_hour_and_at_each_start(database: Database, sitting: Sitting) -> None:
    listener, clock = Listener(), Clock()
    audience = await _booked(database, sitting)
    listener.refuses = {audience.id}
    publisher = OutboxPublisher(database, listener, retry=Retry(attempts=1), clock=clock)
    await publisher.publish_due()
    await publisher.publish_due()
    assert listener.tried == 1
    clock.now += timedelta(hours=1)
    await publisher.publish_due()
    await publisher.publish_due()
    assert listener.tried == 2, "once an hour, and parked again"
    listener.refuses.clear()
    await publisher.publish_due()
    assert listener.heard == []
    await OutboxPublisher(database, listener, retry=Retry(attempts=1), clock=clock).publish_due()
    assert listener.heard == [AudienceBooked(audience.id, sitting.id)]
    async with database.unit_of_work(reading=True) as uow:
        assert await uow.outbox.parked() == 0


async def test_an_event_that_this_version_does_not_know_is_parked_too(database: Database, sitting: Sitting) -> None:
    listener, clock = Listener(), Clock()
    audience = await _booked(database, sitting)
    other = await _booked(database, sitting, 1)
    async with database.engine.begin() as connection:
        await connection.execute(text("UPDATE outbox SET kind = 'Retired' WHERE subject_id = :id"), {"id": audience.id})
    publisher = OutboxPublisher(database, listener, retry=RETRY, clock=clock)
    for _ in range(RETRY.attempts):
        await publisher.publish_due()
        clock.now += timedelta(minutes=10)
    assert listener.heard == [AudienceBooked(other.id, sitting.id)]
    async with database.unit_of_work(reading=True) as uow:
        assert await uow.outbox.parked() == 1


async def test_the_pauses_grow(database: Database, sitting: Sitting) -> None:
    listener, clock = Listener(), Clock()
    listener.refuses = {(await _booked(database, sitting)).id}
    publisher = OutboxPublisher(database, listener, retry=RETRY, look_again=timedelta(hours=1), clock=clock)
    first = await publisher.publish_due()
    clock.now += first
    assert (first, await publisher.publish_due()) == (timedelta(seconds=10), timedelta(seconds=20))


async def test_it_begins_with_what_is_there_and_wakes_after_each_commit(database: Database, sitting: Sitting) -> None:
    listener = Listener()
    audience = await _booked(database, sitting)
    async with _running(OutboxPublisher(database, listener, look_again=timedelta(minutes=10), clock=Clock())):
        await listener.until(1)
        await _step(database, audience, arrived)
        await listener.until(2)
    assert [type(event) for event in listener.heard] == [AudienceBooked, CitizenArrived]


async def test_what_was_published_before_a_restart_is_not_published_after_it(
    database: Database, sitting: Sitting
) -> None:
    before, after = Listener(), Listener()
    audience = await _booked(database, sitting)
    await OutboxPublisher(database, before, clock=Clock()).publish_due()
    await _step(database, audience, arrived)
    await OutboxPublisher(database, after, clock=Clock()).publish_due()
    assert [type(event) for event in before.heard + after.heard] == [AudienceBooked, CitizenArrived]


async def test_an_event_published_but_not_marked_is_published_again(database: Database, sitting: Sitting) -> None:
    heard: list[Event] = []

    async def take_and_die(event: Event) -> None:
        heard.append(event)
        raise asyncio.CancelledError

    await _booked(database, sitting)
    with pytest.raises(asyncio.CancelledError):
        await OutboxPublisher(database, take_and_die, clock=Clock()).publish_due()
    again = Listener()
    await OutboxPublisher(database, again, clock=Clock()).publish_due()
    assert again.heard == heard


@asynccontextmanager
async def _running(publisher: OutboxPublisher) -> AsyncIterator[None]:
    task = asyncio.create_task(publisher.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _booked(database: Database, sitting: Sitting, number: int = 0) -> Audience:
    citizen = a_citizen()
    audience = an_audience(citizen, sitting, number=number)
    async with database.unit_of_work() as uow:
        await uow.citizens.add(citizen)
        await uow.audiences.add(audience)
        await uow.commit()
    return audience


async def _step(database: Database, audience: Audience, step: Callable[[Audience], Awaitable[None] | object]) -> None:
    async with database.unit_of_work() as uow:
        loaded = await uow.audiences.get(audience.id)
        step(loaded)
        await uow.audiences.save(loaded)
        await uow.commit()
