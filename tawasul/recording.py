"""Puts together what keeps records: audit log, search, tasks, messages, and the line by which open pages hear of it."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from fastapi import APIRouter

from scheduler.citizens import Citizens
from scheduler.live import Live, What
from scheduler.notify.carriers import ConsoleCarrier, FileCarrier
from scheduler.notify.herald import Herald
from scheduler.notify.port import Carrier
from scheduler.notify.sender import MessageSender
from scheduler.papers.ticket import TicketCodes
from scheduler.search import Search
from scheduler.tasks import Tasks
from scheduler.web.citizens import citizens_router
from scheduler.web.live import live_router
from scheduler.web.tasks import tasks_router
from tawasul.access.sign_in import SignInDesk
from tawasul.bus.port import Events
from tawasul.settings import Settings
from tawasul.store import audit_heads
from tawasul.store.audit_chainer import AuditChainer
from tawasul.store.unit_of_work import Database


@dataclass(frozen=True, slots=True)
class Recording:
    """The parts. ``herald`` and ``tasks`` are lent to whoever books."""

    herald: Herald
    tasks: Tasks
    live: Live
    search: Search
    citizens: Citizens
    sender: MessageSender
    chainer: AuditChainer

    @classmethod
    def assemble(
        cls, settings: Settings, database: Database, codes: TicketCodes, events: Events, clock: Callable[[], datetime]
    ) -> Self:
        """Makes every part, and has those listen that go by events."""
        units = database.unit_of_work
        live = Live(units)
        live.listen(events)
        tasks = Tasks(units, clock, functools.partial(live.changed, What.TASKS))
        tasks.listen(events)
        return cls(
            herald=Herald(settings.notify.address or settings.server.address),
            tasks=tasks,
            live=live,
            search=Search(units, codes),
            citizens=Citizens(units),
            sender=MessageSender(units, _carrier(settings, clock), tasks, clock),
            chainer=AuditChainer(database, settings.directory / audit_heads.NAME, told=live.noted, clock=clock),
        )

    def routers(self, sign_ins: SignInDesk, clock: Callable[[], datetime]) -> Sequence[APIRouter]:
        """Their endpoints."""
        return (
            citizens_router(self.search, self.citizens),
            tasks_router(self.tasks, clock),
            live_router(self.live, sign_ins.holds),
        )

    def runs_for_ever(self) -> Sequence[tuple[Callable[[], Awaitable[None]], str]]:
        """What runs beside the pages, with its name."""
        return ((self.chainer.run, "the audit log"), (self.sender.run, "the messages"))

    def close(self) -> None:
        """The service is asked to end: what would keep a connection open does so no longer."""
        self.live.close()


def _carrier(settings: Settings, clock: Callable[[], datetime]) -> Carrier:
    if settings.notify.carrier == "console":
        # The one word of the command line that a server may say.
        import typer

        return ConsoleCarrier(typer.echo)
    return FileCarrier(settings.directory / "messages", clock)
