"""The chainer: links the entries of the audit log to each other, within a second of their being written.

Entries are written in the transactions of what they tell of, any number at once; the chain is one, so it is made
afterwards (docs/adr/0022). Of several processes one chains at a time: PostgreSQL by an advisory lock, SQLite by its
one writer; and the database holds that no place is taken twice. Broken off at any point, nothing is half linked.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from tawasul.store import audit_heads
from tawasul.store.audit_chain import Head, Link
from tawasul.store.errors import DatabaseBusy
from tawasul.store.unit_of_work import Database

LOOK_AGAIN: Final = timedelta(seconds=0.5)
HEAD_EVERY: Final = timedelta(minutes=10)
"""How much of the tail could be cut off unseen. Ten minutes make 53,000 short lines a year."""

_BATCH: Final = 500
_LAST_ROUND_WITHIN: Final = 2.0
"""Seconds: less than a service takes to end; what is left is linked by the next one."""

log = logging.getLogger(__name__)


class AuditChainer:
    """``run()`` in a task of its own; ``chain_due()`` is one round of it. ``heads``: the file of the heads."""

    def __init__(
        self,
        database: Database,
        heads: Path,
        *,
        told: Callable[[Sequence[Link]], None] = lambda links: None,
        look_again: timedelta = LOOK_AGAIN,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """``told`` hears of each stretch that was linked, after its commit."""
        self._database = database
        self._heads = heads
        self._told = told
        self._look_again = look_again
        self._clock = clock
        self._noted_at: datetime | None = None
        self._noted: int | None = None
        self._head: Head | None = None

    async def run(self) -> None:
        """For ever. Cancel it to stop: what is there is linked then, and the last head noted."""
        try:
            while True:
                try:
                    await self.chain_due()
                except (SQLAlchemyError, DatabaseBusy) as error:
                    # Nothing is lost: the entries are there, and are chained when the database is.
                    log.warning("the audit log cannot be chained at the moment: %s", type(error).__name__)
                await asyncio.sleep(self._look_again.total_seconds())
        finally:
            with contextlib.suppress(SQLAlchemyError, DatabaseBusy, TimeoutError):
                async with asyncio.timeout(_LAST_ROUND_WITHIN):
                    await self.chain_due()
            self._note_head()

    async def chain_due(self) -> int:
        """Links all that is not linked; how many entries those were."""
        linked = 0
        while await self._there_is_something():
            async with self._database.unit_of_work() as uow:
                if not await uow.audit.take_the_chain():
                    break
                links = await uow.audit.link_next(_BATCH)
                await uow.commit()
            linked += len(links)
            if links:
                self._head = Head(self._clock(), links[-1].chain, links[-1].digest)
                self._told(links)
        if self._head is not None and (self._noted_at is None or self._clock() - self._noted_at >= HEAD_EVERY):
            self._note_head()
        return linked

    async def _there_is_something(self) -> bool:
        # By reading: on SQLite a look that may write would keep everybody else's turn.
        async with self._database.unit_of_work(reading=True) as uow:
            return await uow.audit.is_unchained()

    def _note_head(self) -> None:
        if self._head is None or self._noted == self._head.chain:
            return
        try:
            audit_heads.append(self._heads, self._head)
        except OSError as error:
            log.error("the head of the audit log cannot be noted: %s", error.strerror)
            return
        self._noted, self._noted_at = self._head.chain, self._clock()
