"""The publisher: from the outbox to the bus, in order, at least once.

The events of one audience, or of one case, keep their order even when one of them has to be tried again: those behind
it wait, those of others do not. After the last attempt an event is parked and logged, and what was behind it goes on;
a parked one is told again at each start and every hour, out of its order, for what stood against it may be mended.
On PostgreSQL two transactions may commit in another order than that of their ids; the events of one audience or case
cannot, its version does not let them.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from tawasul.domain.events import Event
from tawasul.store.errors import DatabaseBusy
from tawasul.store.repositories.outbox import Pending
from tawasul.store.unit_of_work import Clock, Database

Publish = Callable[[Event], Awaitable[None]]
"""``tawasul.bus.port.Events.publish``."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Retry:
    """How long to go on. The defaults park an event after about four minutes."""

    attempts: int = 8
    first_pause: timedelta = timedelta(seconds=2)
    parked_every: timedelta = timedelta(hours=1)
    """How often those that are parked get one more attempt."""

    def pause_after(self, attempts: int) -> timedelta:
        """Twice as long after each."""
        return self.first_pause * (1 << (attempts - 1))


class OutboxPublisher:
    """``run()`` in a task of its own; ``publish_due()`` is one round of it."""

    def __init__(
        self,
        database: Database,
        publish: Publish,
        *,
        retry: Retry | None = None,
        batch: int = 200,
        look_again: timedelta = timedelta(seconds=5),
        clock: Clock = lambda: datetime.now(UTC),
    ) -> None:
        """``look_again``: how often to look without being woken: another process may have written events."""
        self._database = database
        self._publish = publish
        self._retry = retry or Retry()
        self._batch = batch
        self._look_again = look_again
        self._clock = clock
        self._parked_due = clock()

    async def run(self) -> None:
        """For ever: what is there at the start, then after each commit, then what is due again. Cancel it to stop."""
        while True:
            self._database.events_written.clear()
            try:
                pause = await self.publish_due()
            except (SQLAlchemyError, DatabaseBusy) as error:
                # The database is away or busy: nothing is lost, it is all still there.
                log.warning("the outbox cannot be read at the moment: %s", type(error).__name__)
                pause = self._look_again
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(max(pause.total_seconds(), 0)):
                    await self._database.events_written.wait()

    async def publish_due(self) -> timedelta:
        """Publishes all that is due; how long until there may be something again."""
        if self._parked_due <= self._clock():
            await self._take_up_parked()
        while True:
            async with self._database.unit_of_work(reading=True) as uow:
                pending = await uow.outbox.pending(self._batch)
            published, held_up = await self._publish_in_order(pending)
            if len(pending) < self._batch or not published:
                return min([self._look_again, *(due - self._clock() for due in held_up.values())])

    async def _take_up_parked(self) -> None:
        now = self._clock()
        async with self._database.unit_of_work() as uow:
            await uow.outbox.take_up_parked(now)
            await uow.commit()
        self._parked_due = now + self._retry.parked_every

    async def _publish_in_order(self, pending: Sequence[Pending]) -> tuple[list[int], dict[str, datetime]]:
        """The ids published, and the audiences and cases that have to wait, each with the time of its next attempt."""
        published: list[int] = []
        held_up: dict[str, datetime] = {}
        for item in pending:
            if item.subject_id in held_up:
                continue
            if item.next_attempt_at > self._clock():
                held_up[item.subject_id] = item.next_attempt_at
                continue
            try:
                await self._publish(item.event)
            except Exception as failure:
                next_attempt_at = await self._failed(item, failure)
                if next_attempt_at is not None:
                    held_up[item.subject_id] = next_attempt_at
            else:
                published.append(item.id)
        if published:
            async with self._database.unit_of_work() as uow:
                await uow.outbox.mark_published(published, self._clock())
                await uow.commit()
        return published, held_up

    async def _failed(self, item: Pending, failure: Exception) -> datetime | None:
        """When to try again; ``None`` after the last attempt."""
        attempts, now = item.attempts + 1, self._clock()
        next_attempt_at = now + self._retry.pause_after(attempts)
        last = attempts >= self._retry.attempts
        async with self._database.unit_of_work() as uow:
            if last:
                await uow.outbox.park(item.id, now)
            else:
                await uow.outbox.postpone(item.id, next_attempt_at)
            await uow.commit()
        # The kind of the failure only: its message may hold what a handler was given.
        log.log(
            logging.ERROR if last else logging.WARNING,
            "event %d (%s): attempt %d failed (%s)%s",
            item.id, item.kind, attempts, _kinds(failure), "; parked" if last else "",
        )  # fmt: skip
        return None if last else next_attempt_at


def _kinds(failure: BaseException) -> str:
    if isinstance(failure, BaseExceptionGroup):
        return ", ".join(_kinds(inner) for inner in failure.exceptions)
    return type(failure).__name__
