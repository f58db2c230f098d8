"""Citizens: sealed on the way in, opened on the way out, found by the keyed hash of a number or of a name's words."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from tawasul.domain.errors import NotFound
from tawasul.domain.people import Citizen, CitizenId, CitizenKind, Mobile, NationalId
from tawasul.domain.private import Private
from tawasul.store.errors import WrongPersonalDataKey
from tawasul.store.repositories.base import Repository
from tawasul.store.repositories.citizen_names import CitizenNames
from tawasul.store.sealed import Sealer
from tawasul.store.tables import CitizenRow, PersonalDataKeyRow

_NAME = "citizens.name"
_NATIONAL_ID = "citizens.national_id"
_MOBILE = "citizens.mobile"
_MOST_OF_ONE_MOBILE = 20


class Citizens(Repository):
    """The citizens."""

    def __init__(self, session: AsyncSession, sealer: Sealer) -> None:
        super().__init__(session)
        self._sealer = sealer
        self.names = CitizenNames(session, sealer)

    async def get(self, id: CitizenId) -> Citizen:
        """Raises: NotFound."""
        row = await self._row(CitizenRow, CitizenRow.id == id)
        if row is None:
            raise NotFound("citizen")
        return self._citizen(row)

    async def many(self, ids: Collection[CitizenId]) -> dict[CitizenId, Citizen]:
        """Those of ``ids`` that there are."""
        if not ids:
            return {}
        rows = await self._rows(select(CitizenRow).where(CitizenRow.id.in_(ids)))
        return {CitizenId(row.id): self._citizen(row) for row in rows}

    async def by_national_id(self, number: NationalId) -> Citizen | None:
        """The citizen of that number."""
        fingerprint = self._sealer.fingerprint(number.digits, column=_NATIONAL_ID)
        row = await self._row(CitizenRow, CitizenRow.national_id_hash == fingerprint)
        return None if row is None else self._citizen(row)

    async def by_mobile(self, mobile: Mobile) -> list[Citizen]:
        """All who gave that number (a family may share one), longest registered first; at most 20."""
        fingerprint = self._sealer.fingerprint(mobile.e164, column=_MOBILE)
        rows = await self._rows(
            select(CitizenRow)
            .where(CitizenRow.mobile_hash == fingerprint)
            .order_by(CitizenRow.registered_at, CitizenRow.id)
            .limit(_MOST_OF_ONE_MOBILE)
        )
        return [self._citizen(row) for row in rows]

    async def count(self) -> int:
        """How many there are."""
        return await self._session.scalar(select(func.count()).select_from(CitizenRow)) or 0

    async def add(self, citizen: Citizen) -> None:
        """A new citizen.

        Raises:
            AlreadyRegistered: the national ID is somebody's already.
        """
        number, mobile = citizen.national_id.reveal().digits, citizen.mobile.reveal().e164
        await self._insert(
            CitizenRow(
                id=citizen.id,
                name_sealed=self._sealer.seal(citizen.name.reveal(), column=_NAME, row_id=citizen.id),
                national_id_sealed=self._sealer.seal(number, column=_NATIONAL_ID, row_id=citizen.id),
                national_id_hash=self._sealer.fingerprint(number, column=_NATIONAL_ID),
                mobile_sealed=self._sealer.seal(mobile, column=_MOBILE, row_id=citizen.id),
                mobile_hash=self._sealer.fingerprint(mobile, column=_MOBILE),
                kind=citizen.kind.value,
                registered_at=citizen.registered_at,
            )
        )
        await self.names.put(citizen.id, citizen.name.reveal(), new=True)

    async def correct(self, citizen: Citizen) -> None:
        """Another name or mobile number. Raises: NotFound."""
        mobile = citizen.mobile.reveal().e164
        changed = await self._change(
            update(CitizenRow)
            .where(CitizenRow.id == citizen.id)
            .values(
                name_sealed=self._sealer.seal(citizen.name.reveal(), column=_NAME, row_id=citizen.id),
                mobile_sealed=self._sealer.seal(mobile, column=_MOBILE, row_id=citizen.id),
                mobile_hash=self._sealer.fingerprint(mobile, column=_MOBILE),
            )
        )
        if not changed:
            raise NotFound("citizen")
        await self.names.put(citizen.id, citizen.name.reveal())

    async def check_key(self, now: datetime) -> None:
        """Once at start: that the key given is the one this database was sealed under; noted at first use.

        A wrong key would not only fail to open: it would find nobody by their number, and register them twice.

        Raises:
            WrongPersonalDataKey: it is another one.
        """
        known = {row.key_id for row in await self._rows(select(PersonalDataKeyRow))}
        strange = [key_id.hex() for key_id in known if not self._sealer.knows(key_id)]
        if strange:
            raise WrongPersonalDataKey(
                f"the personal data were sealed under the key {', '.join(sorted(strange))}, "
                f"not under {self._sealer.key_id.hex()}: put back the key file of this database"
            )
        if self._sealer.key_id not in known:
            await self._insert(PersonalDataKeyRow(key_id=self._sealer.key_id, first_used_at=now))

    def _citizen(self, row: CitizenRow) -> Citizen:
        def opened(sealed: bytes, column: str) -> str:
            return self._sealer.open(sealed, column=column, row_id=row.id)

        return Citizen(
            id=CitizenId(row.id),
            name=Private(opened(row.name_sealed, _NAME)),
            national_id=Private(NationalId(opened(row.national_id_sealed, _NATIONAL_ID))),
            mobile=Private(Mobile(opened(row.mobile_sealed, _MOBILE))),
            kind=CitizenKind(row.kind),
            registered_at=row.registered_at,
        )
