"""The sender: brings what is due to the carrier, again where it failed, and to a person where it cannot be done.

An attempt is noted before it is made. If the service ends in the middle of one, nobody knows whether the carrier took
the message: it is sent again after ``LEASE``, and the log says that it may arrive twice. A message whose moment is over
is not sent any more; one that could not be sent becomes a task: somebody calls.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from scheduler.notify.port import Carrier, CarrierRefused
from scheduler.tasks import Tasks
from tawasul.domain.case import CaseId
from tawasul.domain.case_state import CaseState
from tawasul.domain.message import Message, MessageKind, MessageState
from tawasul.domain.task import TaskKind
from tawasul.store.errors import DatabaseBusy
from tawasul.store.unit_of_work import UnitOfWork, UnitOfWorkFactory
from tawasul.web.message_words import message_text

LEASE: Final = timedelta(minutes=2)
"""How long an attempt may take before another process may make the next."""

_SENT_WITHIN: Final = 30.0
"""Seconds for the carrier's answer: much less than ``LEASE``."""

_BATCH: Final = 50
_LOOK_AGAIN: Final = timedelta(seconds=2)

_OVER_WITH: Final = {
    MessageKind.BOOKED: "starts_at",
    MessageKind.MOVED: "starts_at",
    MessageKind.REBOOKED: "starts_at",
    MessageKind.REMINDER_DAY: "starts_at",
    MessageKind.REMINDER_HOURS: "starts_at",
    MessageKind.OFFER: "expires_at",
    MessageKind.ANSWER_CLOSES_SOON: "expires_at",
}
"""The fact after whose moment the message tells nothing any more."""

_TASK: Final = {
    MessageKind.REBOOKED: TaskKind.TELL_OF_NEW_TIME,
    MessageKind.MOVED: TaskKind.TELL_OF_NEW_TIME,
    MessageKind.CANCELLED: TaskKind.TELL_OF_CANCELLATION,
    MessageKind.OFFER: TaskKind.TELL_OF_OFFER,
}
"""What a person does instead; for the others it is ``MESSAGE_FAILED``."""

_WORTH_A_CALL: Final = frozenset(MessageKind) - {MessageKind.OFFER_LAPSED}

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Retry:
    """How long to go on. The defaults give up after about an hour."""

    attempts: int = 8
    first_pause: timedelta = timedelta(seconds=30)

    def pause_after(self, attempts: int) -> timedelta:
        """Twice as long after each."""
        return self.first_pause * (1 << (attempts - 1))


class MessageSender:
    """``run()`` in a task of its own; ``send_due()`` is one round of it. Several processes share the work."""

    def __init__(
        self,
        unit_of_work: UnitOfWorkFactory,
        carrier: Carrier,
        tasks: Tasks,
        clock: Callable[[], datetime],
        *,
        retry: Retry | None = None,
        look_again: timedelta = _LOOK_AGAIN,
    ) -> None:
        self._unit_of_work = unit_of_work
        self._carrier = carrier
        self._tasks = tasks
        self._clock = clock
        self._retry = retry or Retry()
        self._look_again = look_again

    async def run(self) -> None:
        """For ever. Cancel it to stop."""
        while True:
            try:
                await self.send_due()
            except (SQLAlchemyError, DatabaseBusy) as error:
                log.warning("messages cannot be read at the moment: %s", type(error).__name__)
            await asyncio.sleep(self._look_again.total_seconds())

    async def send_due(self) -> int:
        """Sends all that is due, one after the other; how many attempts that made."""
        attempts = 0
        while True:
            async with self._unit_of_work(reading=True) as uow:
                due = await uow.messages.due(self._clock(), _BATCH)
            for message in due:
                attempts += await self._send(message)
            if len(due) < _BATCH:
                return attempts

    async def _send(self, message: Message) -> bool:
        """Whether an attempt was made."""
        now = self._clock()
        over = _is_over(message, now)
        async with self._unit_of_work() as uow:
            # Claimed even to be withdrawn: somebody else may be sending it.
            if not await uow.messages.claim(message, now + LEASE):
                return False
            claimed = replace(message, attempts=message.attempts + 1, due_at=now + LEASE, sent_at=now)
            await uow.messages.save(replace(message, state=MessageState.WITHDRAWN) if over else claimed)
            citizen = await uow.citizens.get(message.citizen_id)
            await uow.commit()
        if over:
            return False
        if message.sent_at is not None:
            log.warning("message %.8s: the service ended while it was sent before; it may arrive twice", message.id)
        try:
            text = message_text(message.kind, message.language, json.loads(message.facts.reveal()))
            async with asyncio.timeout(_SENT_WITHIN):
                await self._carrier.send(citizen.mobile.reveal(), text, message.id)
        except CarrierRefused as refusal:
            await self._failed(claimed, refusal, last=True)
        except Exception as failure:
            # Away for now, or a fault of ours or of the carrier's: that, too, may have come after the message left,
            # so it counts like any attempt.
            await self._failed(claimed, failure, last=claimed.attempts >= self._retry.attempts)
        else:
            async with self._unit_of_work() as uow:
                await uow.messages.save(replace(claimed, state=MessageState.SENT, sent_at=self._clock()))
                await uow.commit()
        return True

    async def _failed(self, message: Message, failure: Exception, *, last: bool) -> None:
        now = self._clock()
        again = replace(message, due_at=now + self._retry.pause_after(message.attempts), sent_at=None)
        async with self._unit_of_work() as uow:
            if (await uow.messages.get(message.id)).state is not MessageState.DUE:
                return  # withdrawn in the meantime: nobody has to be told any more
            await uow.messages.save(replace(again, state=MessageState.FAILED) if last else again)
            if last and message.kind in _WORTH_A_CALL:
                await self._ask_a_person(uow, message, now)
            await uow.commit()
        log.log(
            logging.ERROR if last else logging.WARNING,
            "message %.8s (%s): attempt %d failed (%s)%s",
            message.id, message.kind, message.attempts, type(failure).__name__, "; given up" if last else "",
        )  # fmt: skip

    async def _ask_a_person(self, uow: UnitOfWork, message: Message, now: datetime) -> None:
        kind = _TASK.get(message.kind, TaskKind.MESSAGE_FAILED)
        facts = json.loads(message.facts.reveal())
        ends = facts.get(_OVER_WITH.get(message.kind, ""))
        due_at = now if ends is None else datetime.fromisoformat(ends)
        if message.audience_id is not None:
            audience = await uow.audiences.get(message.audience_id)
            await self._tasks.add_in(uow, kind, audience.governorate_id, audience.id, due_at)
            return
        if "case" in facts:
            await self._ask_about_case(uow, message, CaseId(facts["case"]), now)
            return
        entry = await uow.waitlist.open_of_citizen(message.citizen_id)
        if entry is not None:
            await self._tasks.add_in(uow, kind, entry.governorate_id, None, due_at, citizen_id=message.citizen_id)

    async def _ask_about_case(self, uow: UnitOfWork, message: Message, id: CaseId, now: datetime) -> None:
        """Of an answer a person tells, for it closes by silence; a reminder is of what was told, and for a question
        the desk has a task.
        """
        case = await uow.cases.get(id)
        if message.kind is MessageKind.ANSWER_READY and case.state is CaseState.ANSWERED:
            kind, where = TaskKind.MESSAGE_FAILED, case.governorate_id
            await self._tasks.add_in(uow, kind, where, None, now, citizen_id=message.citizen_id, case_id=id)


def _is_over(message: Message, now: datetime) -> bool:
    fact = _OVER_WITH.get(message.kind)
    moment = None if fact is None else json.loads(message.facts.reveal()).get(fact)
    return moment is not None and datetime.fromisoformat(moment) <= now
