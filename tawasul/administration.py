"""What those who run the service do by the command line: database, staff, kiosks, sittings. One transaction each."""

from __future__ import annotations

import base64
import binascii
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import tawasul.store.seed
from tawasul.access.passwords import LONGEST_PASSWORD, Passwords
from tawasul.access.sign_in import canonical
from tawasul.domain.agency import AgencyId
from tawasul.domain.errors import AlreadyRegistered, InvalidInput
from tawasul.domain.people import Role, Staff, StaffId
from tawasul.domain.places import GovernorateId, KioskId, Region
from tawasul.domain.riyadh import RIYADH
from tawasul.domain.sitting import Sitting, SittingId
from tawasul.domain.text import bounded
from tawasul.own_database import open_database
from tawasul.settings import Settings
from tawasul.store import migrate
from tawasul.store.unit_of_work import UnitOfWork

SHORTEST_PASSWORD = 10
"""Characters. Argon2 and the throttle do the rest; a longer rule makes people write it down."""


async def upgrade(settings: Settings) -> Region:
    """The tables of this version, and the region's places. Raises: InvalidInput: no such region."""
    file = places_file(settings.region)
    settings.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    await migrate.upgrade(settings.database)
    async with _work(settings) as work:
        return await tawasul.store.seed.load_places(work, file)


async def add_staff(
    settings: Settings,
    user_name: str,
    role: str,
    name: str,
    governorate: str | None,
    password: str,
    agency: str | None = None,
) -> None:
    """``governorate``: a desk's; ``agency``: whose account it is.

    Raises:
        InvalidInput: role, governorate, agency or password cannot be right.
        NotFound: no such governorate, or no such agency.
        AlreadyRegistered: the name is taken.
    """
    if role not in {known.value for known in Role}:
        raise InvalidInput(f"the role is one of {', '.join(Role)}", field="role")
    if (governorate is not None) != (role == Role.DESK):
        raise InvalidInput("a desk, and nobody else, belongs to a governorate", field="governorate")
    if (agency is not None) != (role == Role.AGENCY):
        raise InvalidInput("an agency's account, and no other, belongs to an agency", field="agency")
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise InvalidInput(
            f"a password has at least {SHORTEST_PASSWORD} characters, and at most {LONGEST_PASSWORD}", field="password"
        )
    hashed = await Passwords().hash(password)
    async with _work(settings) as work:
        if governorate is not None:
            await work.governorates.get(GovernorateId(governorate))
        if agency is not None:
            await work.agencies.get(AgencyId(agency))
        kept = canonical(bounded(user_name, field="user_name", longest=64))
        if await work.staff.by_user_name(kept) is not None:
            raise AlreadyRegistered("that user name is taken")
        await work.staff.add(
            Staff(
                id=StaffId(uuid.uuid4().hex),
                user_name=kept,
                display_name=bounded(name, field="name", longest=80),
                role=Role(role),
                governorate_id=GovernorateId(governorate) if governorate else None,
                password_hash=hashed,
                agency_id=AgencyId(agency) if agency else None,
            )
        )


async def register_kiosk(settings: Settings, kiosk_id: str, public_key: str) -> None:
    """``public_key``: 32 bytes in base64url. Raises: InvalidInput: it is not. NotFound: no such kiosk."""
    try:
        key = base64.b64decode(public_key + "=" * (-len(public_key) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != 32:
        raise InvalidInput("that is not a kiosk's public key", field="public_key")
    async with _work(settings) as work:
        await work.kiosks.register_key(KioskId(kiosk_id), key)


async def add_sitting(settings: Settings, opens_at: datetime, closes_at: datetime, slot_minutes: int) -> Sitting:
    """Naive times are local. Raises: InvalidInput: it ends before its first slot does."""
    opens, closes = (at if at.tzinfo else at.replace(tzinfo=RIYADH) for at in (opens_at, closes_at))
    sitting = Sitting(SittingId(uuid.uuid4().hex), opens, closes, timedelta(minutes=slot_minutes))
    if next(sitting.slots(), None) is None:
        raise InvalidInput("the sitting ends before its first slot does", field="closes_at")
    async with _work(settings) as work:
        await work.sittings.add(sitting)
    return sitting


def places_file(region: str) -> Path:
    """The file of a region's places. Raises: InvalidInput: there is none."""
    file = Path(tawasul.store.seed.__file__).parent / "data" / f"{region}.toml"
    if not file.exists():
        raise InvalidInput(f"there are no places for the region {region}", field="region")
    return file


@asynccontextmanager
async def _work(settings: Settings) -> AsyncIterator[UnitOfWork]:
    """A transaction of its own, committed when nothing was raised. Raises: DatabaseNotUpgraded."""
    database = open_database(settings)
    try:
        await migrate.require_current(settings.database)
        async with database.unit_of_work() as work:
            yield work
            await work.commit()
    finally:
        await database.close()
