"""What is taken. The database refuses the second taker: nobody looks first and inserts after.

Who takes several at once takes them in one statement and in one order (``Slot.occupies``), so that two takers can
never wait for each other; who frees or changes some locks them in that order before. An upsert retakes what a hold
let lapse: of two who come for the same lapsed row, PostgreSQL lets the second look again when the first has committed
(postgresql.org/docs/current/sql-insert.html, ON CONFLICT DO UPDATE; transaction-iso.html, Read Committed).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    TextClause,
    bindparam,
    delete,
    func,
    or_,
    select,
    text,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncSession

from tawasul.domain.audience import AudienceId
from tawasul.domain.hold import HoldId
from tawasul.domain.places import GovernorateId, KioskId
from tawasul.domain.sitting import SittingId
from tawasul.domain.slot import Occupancy, grain_of, kiosk_of, office_of
from tawasul.store.repositories.base import Repository
from tawasul.store.tables import AudienceRow, HoldRow, OccupancyRow, UtcDateTime

_LAPSED = "occupancies.expires_at <= :now"
_OF_THE_HOLD = "occupancies.hold_id = :of_hold"


class Occupancies(Repository):
    """Resources at times. Audiences and holds take theirs when they are added, and free them when they are over."""

    def __init__(self, session: AsyncSession, clock: Callable[[], datetime]) -> None:
        super().__init__(session)
        self._clock = clock

    async def taken_between(self, start: datetime, end: datetime, now: datetime) -> dict[str, set[datetime]]:
        """All that is taken in ``[start, end)`` by an audience or by a hold that is not over, by resource: compare with
        ``Slot.occupies``. One query.
        """
        rows = await self._session.execute(
            select(OccupancyRow.resource, OccupancyRow.starts_at).where(
                OccupancyRow.starts_at >= grain_of(start), OccupancyRow.starts_at < end, _still_held(now)
            )
        )
        taken: defaultdict[str, set[datetime]] = defaultdict(set)
        for resource, starts_at in rows:
            taken[resource].add(starts_at)
        return dict(taken)

    async def taken_by_governorate(
        self, sitting_ids: Collection[SittingId], now: datetime
    ) -> dict[SittingId, dict[GovernorateId, int]]:
        """How many slots of each sitting each governorate has taken, with its holds that are not over: for quotas."""
        if not sitting_ids:
            return {}
        sitting_of = {office_of(id): id for id in sitting_ids}
        governorate = func.coalesce(AudienceRow.governorate_id, HoldRow.governorate_id)
        rows = await self._session.execute(
            select(OccupancyRow.resource, governorate, func.count())
            .select_from(OccupancyRow)
            .outerjoin(AudienceRow, AudienceRow.id == OccupancyRow.audience_id)
            .outerjoin(HoldRow, HoldRow.id == OccupancyRow.hold_id)
            .where(OccupancyRow.resource.in_(sitting_of), _still_held(now))
            .group_by(OccupancyRow.resource, governorate)
        )
        taken: dict[SittingId, dict[GovernorateId, int]] = {id: {} for id in sitting_ids}
        for resource, governorate_id, count in rows:
            taken[sitting_of[resource]][GovernorateId(governorate_id)] = count
        return taken

    async def of_office(self, sitting_id: SittingId, now: datetime | None = None) -> frozenset[datetime]:
        """The slots of the sitting in which the office receives somebody, or that are held at ``now``."""
        return await self._taken(office_of(sitting_id), now)

    async def of_kiosk(
        self, kiosk_id: KioskId, start: datetime, end: datetime, now: datetime | None = None
    ) -> frozenset[datetime]:
        """The grains (``tawasul.domain.slot``) in ``[start, end)`` for which the kiosk is taken, or held at ``now``."""
        return await self._taken(
            kiosk_of(kiosk_id), now, OccupancyRow.starts_at >= grain_of(start), OccupancyRow.starts_at < end
        )

    # For the repositories of those who take

    async def take_for_audience(self, keys: Sequence[Occupancy], id: AudienceId, now: datetime) -> bool:
        """Whether all of ``keys`` were free, or held by what is over, and are the audience's now. If not, some may be:
        the transaction is to be rolled back.
        """
        return await self._upsert(_LAPSED, keys, audience_id=id, now=now)

    async def take_for_hold(self, keys: Sequence[Occupancy], id: HoldId, until: datetime, now: datetime) -> bool:
        """The same for a hold."""
        return await self._upsert(_LAPSED, keys, hold_id=id, expires_at=until, now=now)

    async def hand_over(self, keys: Sequence[Occupancy], hold: HoldId, to: AudienceId) -> bool:
        """From the hold to the audience. False: somebody has taken some of them since."""
        return await self._upsert(_OF_THE_HOLD, keys, audience_id=to, of_hold=hold)

    async def prolong(self, keys: Sequence[Occupancy], hold: HoldId, until: datetime) -> bool:
        """The hold lasts longer. False: somebody has taken some of them since."""
        return await self._upsert(_OF_THE_HOLD, keys, hold_id=hold, expires_at=until, of_hold=hold)

    async def lock(self, audience_id: AudienceId, hold_id: HoldId) -> None:
        """What both have, in the one order, for whoever frees the one and hands over the other."""
        await self._session.execute(
            _in_order(or_(OccupancyRow.audience_id == audience_id, OccupancyRow.hold_id == hold_id)).with_for_update()
        )

    async def free(self, audience_id: AudienceId) -> None:
        """All that the audience had."""
        await self._free(OccupancyRow.audience_id == audience_id)

    async def free_hold(self, hold_id: HoldId) -> None:
        """All that the hold had."""
        await self._free(OccupancyRow.hold_id == hold_id)

    async def free_lapsed(self, now: datetime) -> None:
        """All of holds that are over; what somebody is retaking at this moment is left to them."""
        lapsed = _in_order(OccupancyRow.expires_at <= now).with_for_update(skip_locked=True)
        await self._change(delete(OccupancyRow).where(_KEY.in_(lapsed)))

    async def _free(self, whose: ColumnElement[bool]) -> None:
        await self._change(delete(OccupancyRow).where(_KEY.in_(_in_order(whose).with_for_update())))

    async def _upsert(self, may_change: str, keys: Sequence[Occupancy], **values: object) -> bool:
        """Inserts the rows, or changes those that are there and may be changed. Whether that was all of them."""
        parameters: dict[str, object] = {"audience_id": None, "hold_id": None, "expires_at": None, **values}
        for number, (resource, starts_at) in enumerate(keys):
            parameters[f"resource_{number}"] = resource
            parameters[f"starts_at_{number}"] = starts_at
        connection = await self._session.connection()
        result = await connection.execute(_upsert(may_change, len(keys)), parameters)
        return result.rowcount == len(keys)

    async def _taken(self, resource: str, now: datetime | None, *when: ColumnElement[bool]) -> frozenset[datetime]:
        statement = select(OccupancyRow.starts_at).where(
            OccupancyRow.resource == resource, _still_held(now or self._clock()), *when
        )
        return frozenset(await self._session.scalars(statement))


_KEY = tuple_(OccupancyRow.resource, OccupancyRow.starts_at)


def _in_order(whose: ColumnElement[bool]) -> Select[str, datetime]:
    return (
        select(OccupancyRow.resource, OccupancyRow.starts_at)
        .where(whose)
        .order_by(OccupancyRow.resource, OccupancyRow.starts_at)
    )


def _still_held(now: datetime) -> ColumnElement[bool]:
    return or_(OccupancyRow.expires_at.is_(None), OccupancyRow.expires_at > now)


@cache
def _upsert(may_change: str, rows: int) -> TextClause:
    """The same words for both databases. As text, because SQLAlchemy compiles an INSERT of several rows each time."""
    values = ", ".join(f"(:resource_{n}, :starts_at_{n}, :audience_id, :hold_id, :expires_at)" for n in range(rows))
    statement = text(
        f"INSERT INTO occupancies (resource, starts_at, audience_id, hold_id, expires_at) VALUES {values} "  # noqa: S608
        "ON CONFLICT (resource, starts_at) DO UPDATE SET audience_id = excluded.audience_id, "
        f"hold_id = excluded.hold_id, expires_at = excluded.expires_at WHERE {may_change}"
    )
    times = [bindparam(f"starts_at_{n}", type_=UtcDateTime()) for n in range(rows)]
    words = [bindparam(name, type_=String()) for name in ("audience_id", "hold_id")]
    if may_change is _LAPSED:
        times.append(bindparam("now", type_=UtcDateTime()))
    return statement.bindparams(*times, *words, bindparam("expires_at", type_=UtcDateTime()))
