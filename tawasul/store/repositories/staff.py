"""Staff and their sign-ins."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, select, update

from tawasul.domain.agency import AgencyId
from tawasul.domain.errors import NotFound
from tawasul.domain.people import Role, Staff, StaffId
from tawasul.domain.places import GovernorateId
from tawasul.domain.sign_in import SignIn, SignInId
from tawasul.store.repositories.base import Repository
from tawasul.store.tables import SignInRow, StaffRow


class StaffMembers(Repository):
    """The staff. User names are kept as ``tawasul.access.sign_in.canonical`` writes them."""

    async def get(self, id: StaffId) -> Staff:
        """Raises: NotFound."""
        row = await self._row(StaffRow, StaffRow.id == id)
        if row is None:
            raise NotFound("staff")
        return _staff(row)

    async def by_user_name(self, user_name: str) -> Staff | None:
        """The member of staff of that name."""
        row = await self._row(StaffRow, StaffRow.user_name == user_name)
        return None if row is None else _staff(row)

    async def all(self) -> list[Staff]:
        """By user name."""
        return [_staff(row) for row in await self._rows(select(StaffRow).order_by(StaffRow.user_name))]

    async def count(self) -> int:
        """How many there are."""
        return await self._session.scalar(select(func.count()).select_from(StaffRow)) or 0

    async def add(self, staff: Staff) -> None:
        """A new member of staff."""
        await self._insert(
            StaffRow(
                id=staff.id,
                user_name=staff.user_name,
                display_name=staff.display_name,
                role=staff.role.value,
                governorate_id=staff.governorate_id,
                password_hash=staff.password_hash,
                active=staff.active,
                agency_id=staff.agency_id,
            )
        )

    async def save_password_hash(self, id: StaffId, password_hash: str) -> None:
        """Another password, or the same one hashed with newer parameters."""
        await self._change(update(StaffRow).where(StaffRow.id == id).values(password_hash=password_hash))


class SignIns(Repository):
    """Who is signed in."""

    async def add(self, sign_in: SignIn) -> None:
        """A new sign-in."""
        await self._insert(
            SignInRow(
                id=sign_in.id,
                token_hash=sign_in.token_hash,
                staff_id=sign_in.staff_id,
                signed_in_at=sign_in.signed_in_at,
                last_seen_at=sign_in.last_seen_at,
                expires_at=sign_in.expires_at,
            )
        )

    async def get(self, id: SignInId) -> SignIn | None:
        """The sign-in, while it lasts."""
        row = await self._row(SignInRow, SignInRow.id == id)
        return None if row is None else _sign_in(row)

    async def by_token_hash(self, token_hash: bytes) -> SignIn | None:
        """The sign-in of a token, by its SHA-256."""
        row = await self._row(SignInRow, SignInRow.token_hash == token_hash)
        return None if row is None else _sign_in(row)

    async def touch(self, id: SignInId, now: datetime) -> None:
        """It was used just now."""
        await self._change(update(SignInRow).where(SignInRow.id == id).values(last_seen_at=now))

    async def remove(self, id: SignInId) -> None:
        """Signed out."""
        await self._change(delete(SignInRow).where(SignInRow.id == id))

    async def remove_expired(self, now: datetime) -> int:
        """How many of them had run out."""
        return await self._change(delete(SignInRow).where(SignInRow.expires_at <= now))


def _staff(row: StaffRow) -> Staff:
    return Staff(
        id=StaffId(row.id),
        user_name=row.user_name,
        display_name=row.display_name,
        role=Role(row.role),
        governorate_id=None if row.governorate_id is None else GovernorateId(row.governorate_id),
        password_hash=row.password_hash,
        active=row.active,
        agency_id=None if row.agency_id is None else AgencyId(row.agency_id),
    )


def _sign_in(row: SignInRow) -> SignIn:
    return SignIn(
        id=SignInId(row.id),
        token_hash=row.token_hash,
        staff_id=StaffId(row.staff_id),
        signed_in_at=row.signed_in_at,
        last_seen_at=row.last_seen_at,
        expires_at=row.expires_at,
    )
