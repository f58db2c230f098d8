"""What the command line reads of the records: the audit log, and messages that were planned or sent.

Whoever may do this has the server's own folder, key and all; what they look at is noted none the less.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from tawasul.audit_report import Verdict, read_heads, verdict
from tawasul.domain.audit import THE_COMMAND, AuditAction, AuditEntry, AuditSubject
from tawasul.domain.errors import InvalidInput, InvalidNationalId, NotFound
from tawasul.domain.message import Message, MessageId, MessageState
from tawasul.domain.people import CitizenId, NationalId, StaffId
from tawasul.own_database import open_database
from tawasul.settings import Settings
from tawasul.store import audit_heads, migrate
from tawasul.store.audit_chain import Head, Link, Walk
from tawasul.store.unit_of_work import UnitOfWork
from tawasul.web.message_words import message_text


@dataclass(frozen=True, slots=True)
class Act:
    """An entry as it is shown; ``who`` is the user name of a member of staff, else the kind of actor."""

    link: Link
    who: str


@dataclass(frozen=True, slots=True)
class MessageShown:
    """A message with its words, and the last digits of the number it goes to."""

    message: Message
    text: str
    last_four: str


async def verify(settings: Settings, heads: list[Head] | None = None) -> Verdict:
    """The chain in the database, against these heads or those beside it. Raises: AuditRefused: they cannot be read."""
    heads = read_heads(settings.directory / audit_heads.NAME) if heads is None else heads
    walk = Walk(heads)
    async with _reading(settings) as work:
        async for link in work.audit.chained():
            walk.take(link)
        unchained, since = await work.audit.unchained()
    return verdict(walk, len(heads), unchained=unchained, since=since)


async def export(settings: Settings, write: Callable[[str], object]) -> int:
    """Each entry of the chain as a line of JSON; how many. That it was exported is noted."""
    count = 0
    async with _reading(settings) as work:
        async for link in work.audit.chained():
            write(link.to_json() + "\n")
            count += 1
    async with _writing(settings) as work:
        await work.audit.note(
            AuditEntry(THE_COMMAND, AuditAction.EXPORTED_AUDIT, AuditSubject.AUDIT, "", {"entries": count})
        )
    return count


async def acts_about(settings: Settings, citizen: str, most: int) -> list[Act]:
    """Who did what with a citizen's records, latest first. ``citizen``: the record's id, or the national ID.

    Raises:
        NotFound: no such citizen.
    """
    async with _reading(settings) as work:
        try:
            found = await work.citizens.by_national_id(NationalId.parse(citizen))
        except InvalidNationalId:
            found = await work.citizens.get(CitizenId(citizen))
        if found is None:
            raise NotFound("citizen")
        return await _acts(work, await work.audit.about_citizen(found.id, most))


async def acts_of(settings: Settings, user_name: str, most: int) -> list[Act]:
    """What a member of staff did, latest first. Raises: NotFound: no such user name."""
    async with _reading(settings) as work:
        member = await work.staff.by_user_name(user_name)
        if member is None:
            raise NotFound("member of staff")
        return await _acts(work, await work.audit.by_staff(member.id, most))


async def messages(settings: Settings, state: str | None, most: int) -> list[Message]:
    """The latest planned, latest first; of one state or of all. Raises: InvalidInput: no such state."""
    if state is not None and state not in {known.value for known in MessageState}:
        raise InvalidInput(f"the state is one of {', '.join(MessageState)}", field="state")
    async with _reading(settings) as work:
        return await work.messages.latest(most, None if state is None else MessageState(state))


async def message(settings: Settings, id: str) -> MessageShown:
    """One message as the citizen gets it. That somebody looked is noted. Raises: NotFound."""
    async with _writing(settings) as work:
        found = await work.messages.get(MessageId(id))
        citizen = await work.citizens.get(found.citizen_id)
        await work.audit.note(
            AuditEntry(
                THE_COMMAND,
                AuditAction.SHOWED_MESSAGES,
                AuditSubject.MESSAGE,
                found.id,
                {"citizen": citizen.id},
            )
        )
    text = message_text(found.kind, found.language, json.loads(found.facts.reveal()))
    return MessageShown(found, text, citizen.mobile.reveal().last_four)


async def _acts(work: UnitOfWork, links: Sequence[Link]) -> list[Act]:
    names: dict[str, str] = {}
    for id in {link.actor_id for link in links if link.actor_kind == "staff"}:
        try:
            names[id] = (await work.staff.get(StaffId(id))).user_name
        except NotFound:
            names[id] = id
    return [Act(link, names.get(link.actor_id, link.actor_kind)) for link in links]


@asynccontextmanager
async def _reading(settings: Settings) -> AsyncIterator[UnitOfWork]:
    await migrate.require_current(settings.database)
    database = open_database(settings)
    try:
        async with database.unit_of_work(reading=True) as work:
            yield work
    finally:
        await database.close()


@asynccontextmanager
async def _writing(settings: Settings) -> AsyncIterator[UnitOfWork]:
    await migrate.require_current(settings.database)
    database = open_database(settings)
    try:
        async with database.unit_of_work() as work:
            yield work
            await work.commit()
    finally:
        await database.close()
