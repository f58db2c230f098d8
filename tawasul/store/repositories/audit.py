"""The audit log: written by the use cases, chained by ``tawasul.store.audit_chainer``, read to be verified or shown."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from tawasul.domain.audit import ActorKind, AuditEntry, AuditSubject
from tawasul.domain.people import CitizenId, StaffId
from tawasul.store.audit_chain import GENESIS, Link
from tawasul.store.repositories.base import Repository
from tawasul.store.tables import AudienceRow, CaseRow
from tawasul.store.tables.audit import AuditRow

_THE_CHAIN: Final = 0x7461_7761_7375_6C01
"""The key of PostgreSQL's advisory lock: "tawasul" and a number."""

_READ_AT_ONCE: Final = 1000


class Audit(Repository):
    """Entries in the transaction of what they tell of: an act that is undone was never noted."""

    def __init__(self, session: AsyncSession, clock: Callable[[], datetime]) -> None:
        super().__init__(session)
        self._clock = clock

    async def note(self, *entries: AuditEntry) -> None:
        """One or several, with the time now."""
        if not entries:
            return
        now = self._clock()
        await self._session.execute(
            insert(AuditRow),
            [
                {
                    "at": now,
                    "actor_kind": entry.actor.kind.value,
                    "actor_id": entry.actor.id,
                    "action": entry.action.value,
                    "subject_kind": entry.subject_kind.value,
                    "subject_id": entry.subject_id,
                    "facts": json.dumps(entry.facts, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
                }
                for entry in entries
            ],
        )

    # The chain

    async def is_unchained(self) -> bool:
        """Whether there is an entry that is not linked yet."""
        return bool(await self._session.scalar(select(exists().where(AuditRow.digest.is_(None)))))

    async def take_the_chain(self) -> bool:
        """Whether this transaction alone may link; ``False`` while another one does. It is given back by its end."""
        if self._session.get_bind().dialect.name == "sqlite":
            return True  # whoever may write at all, is alone
        return bool(await self._session.scalar(select(func.pg_try_advisory_xact_lock(_THE_CHAIN))))

    async def link_next(self, limit: int) -> list[Link]:
        """Links the next entries in the order of their ids, and answers with them. First ``take_the_chain``."""
        tail = await self._rows(
            select(AuditRow).where(AuditRow.chain.is_not(None)).order_by(AuditRow.chain.desc()).limit(1)
        )
        last, digest = (tail[0].chain or 0, tail[0].digest or GENESIS) if tail else (0, GENESIS)
        links: list[Link] = []
        waiting = select(AuditRow).where(AuditRow.digest.is_(None)).order_by(AuditRow.id).limit(limit)
        for place, row in enumerate(await self._rows(waiting), last + 1):
            link = _link(row, place, digest, b"")
            links.append(dataclasses.replace(link, digest=link.expected()))
            digest = links[-1].digest
        if links:
            connection = await self._session.connection()
            await connection.execute(
                update(AuditRow)
                .where(AuditRow.id == bindparam("row"))
                .values(chain=bindparam("place"), previous=bindparam("before"), digest=bindparam("own")),
                [{"row": each.id, "place": each.chain, "before": each.previous, "own": each.digest} for each in links],
            )
        return links

    async def chained(self) -> AsyncIterator[Link]:
        """All links, in order of their places; two in one place, if somebody managed that, follow each other."""
        place, id = 0, 0
        while True:
            after = or_(AuditRow.chain > place, and_(AuditRow.chain == place, AuditRow.id > id))
            rows = await self._rows(
                select(AuditRow)
                .where(AuditRow.chain.is_not(None), after)
                .order_by(AuditRow.chain, AuditRow.id)
                .limit(_READ_AT_ONCE)
            )
            for row in rows:
                place, id = row.chain or 0, row.id
                yield _linked(row)
            self._session.expunge_all()
            if len(rows) < _READ_AT_ONCE:
                return

    async def unchained(self) -> tuple[int, datetime | None]:
        """How many entries are not linked yet, and since when the oldest of them."""
        found = await self._session.execute(
            select(func.count(), func.min(AuditRow.at)).where(AuditRow.digest.is_(None)).select_from(AuditRow)
        )
        count, oldest = found.one()
        return count, oldest

    # Who did what, who looked at whom

    async def about_citizen(self, id: CitizenId, limit: int) -> Sequence[Link]:
        """The latest entries about a citizen, the citizen's audiences and cases, and whatever else names the citizen
        (attachments, tasks, wishes, offers), latest first.
        """
        own = select(AudienceRow.id).where(AudienceRow.citizen_id == id)
        cases = select(CaseRow.id).where(CaseRow.citizen_id == id)
        return await self._latest(
            or_(
                and_(AuditRow.subject_kind == AuditSubject.CITIZEN.value, AuditRow.subject_id == id),
                and_(AuditRow.subject_kind == AuditSubject.AUDIENCE.value, AuditRow.subject_id.in_(own)),
                and_(AuditRow.subject_kind == AuditSubject.CASE.value, AuditRow.subject_id.in_(cases)),
                # As ``note`` writes it. No index helps here: this is asked by the command line, once in a while.
                AuditRow.facts.contains(f'"citizen":{json.dumps(id)}', autoescape=True),
            ),
            limit,
        )

    async def by_staff(self, id: StaffId, limit: int) -> Sequence[Link]:
        """The latest that a member of staff did, latest first."""
        return await self._latest(and_(AuditRow.actor_kind == ActorKind.STAFF.value, AuditRow.actor_id == id), limit)

    async def _latest(self, condition: ColumnElement[bool], limit: int) -> Sequence[Link]:
        rows = await self._rows(select(AuditRow).where(condition).order_by(AuditRow.id.desc()).limit(limit))
        return [_linked(row) for row in rows]


def _linked(row: AuditRow) -> Link:
    return _link(row, row.chain or 0, row.previous or b"", row.digest or b"")


def _link(row: AuditRow, place: int, previous: bytes, digest: bytes) -> Link:
    return Link(
        chain=place,
        id=row.id,
        at=row.at,
        actor_kind=row.actor_kind,
        actor_id=row.actor_id,
        action=row.action,
        subject_kind=row.subject_kind,
        subject_id=row.subject_id,
        facts=row.facts,
        previous=previous,
        digest=digest,
    )
