"""Sample people for a demonstration: plainly samples by their names, and only ever in a database without people.

What belongs to other rooms comes as functions (``Tools``): how a password is hashed, how a reference is drawn, how a
link is issued.
"""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from tawasul.domain.agency import AgencyId
from tawasul.domain.audience import Audience, AudienceId
from tawasul.domain.people import Role, Staff, StaffId
from tawasul.domain.places import GovernorateId, KioskId
from tawasul.domain.sitting import Sitting, SittingId
from tawasul.domain.venue import AtKiosk, OwnLocation
from tawasul.store.demo_cases import make_cases
from tawasul.store.demo_coming import make_coming_days, open_always
from tawasul.store.demo_people import COMING, TODAY, WAITING, Sample
from tawasul.store.errors import DatabaseNotEmpty
from tawasul.store.unit_of_work import UnitOfWork

SITTING_LASTS: Final = timedelta(hours=4)
SLOT_LENGTH: Final = timedelta(minutes=10)
_QUARTER: Final = timedelta(minutes=15)

_STAFF: Final = (
    # user name, display name, role, the governorate of a desk or the agency of an account
    ("badr", "عينة: استقبال بدر", Role.DESK, "badr"),
    ("yanbu", "عينة: استقبال ينبع", Role.DESK, "yanbu"),
    ("office", "عينة: مكتب سمو الأمير", Role.OFFICE, None),
    ("admin", "عينة: مشرف النظام", Role.ADMIN, None),
    ("water", "عينة: شركة المياه الوطنية", Role.AGENCY, "water"),
)


@dataclass(frozen=True, slots=True)
class Tools:
    """What the demonstration needs of other rooms.

    ``hash_password(password)``, ``draw_reference()``; ``issue_link(uow, audience_id, sitting_closes_at)``: a token.
    """

    hash_password: Callable[[str], Awaitable[str]]
    draw_reference: Callable[[], str]
    issue_link: Callable[[UnitOfWork, AudienceId, datetime], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class SampleStaff:
    """Somebody who can sign in."""

    user_name: str
    password: str
    role: Role
    governorate_id: GovernorateId | None
    agency_id: AgencyId | None = None


@dataclass(frozen=True, slots=True)
class SampleAudience:
    """Somebody who is booked. ``link_token`` for those at their own location."""

    audience_id: AudienceId
    reference: str
    name: str
    slot_starts_at: datetime
    kiosk_id: KioskId | None
    link_token: str | None


@dataclass(frozen=True, slots=True)
class Demo:
    """What was made."""

    sitting: Sitting
    staff: tuple[SampleStaff, ...]
    audiences: tuple[SampleAudience, ...]


async def make_demo(uow: UnitOfWork, now: datetime, tools: Tools, password_for: Callable[[str], str]) -> Demo:
    """Staff, citizens, a sitting around ``now``, the coming days (``tawasul.store.demo_coming``) and cases
    (``tawasul.store.demo_cases``), after ``load_places`` of the Madinah region; all places are always open.
    Commits nothing.

    Raises:
        DatabaseNotEmpty: there are people in this database.
    """
    if await uow.staff.count() or await uow.citizens.count():
        raise DatabaseNotEmpty("sample people go only into a database that holds no people")
    staff = [await _add_staff(uow, tools, password_for, *row) for row in _STAFF]
    for sample in (*TODAY, *COMING, *WAITING):
        await uow.citizens.add(sample.citizen(now))
    await open_always(uow)
    sitting, audiences = await book_samples(uow, now, tools)
    await make_coming_days(uow, now, tools.draw_reference)
    await make_cases(uow, now, audiences[0].audience_id)
    return Demo(sitting, tuple(staff), audiences)


async def book_samples(uow: UnitOfWork, now: datetime, tools: Tools) -> tuple[Sitting, tuple[SampleAudience, ...]]:
    """A new sitting around ``now`` with the sample citizens in it: for another day of the same demonstration.

    It opens at the last quarter of an hour, lasts four hours, and has slots of ten minutes; commits nothing.
    """
    opens_at = now - timedelta(seconds=now.timestamp() % _QUARTER.total_seconds())
    sitting = Sitting(SittingId(uuid.uuid4().hex), opens_at, opens_at + SITTING_LASTS, SLOT_LENGTH)
    await uow.sittings.add(sitting)
    slots = (start for start in sitting.slots() if start + sitting.slot_length > now)
    audiences = [await _book(uow, tools, sitting, slot, sample) for sample, slot in zip(TODAY, slots, strict=False)]
    return sitting, tuple(audiences)


async def _add_staff(
    uow: UnitOfWork,
    tools: Tools,
    password_for: Callable[[str], str],
    user_name: str,
    display_name: str,
    role: Role,
    belongs_to: str | None,
) -> SampleStaff:
    password = password_for(user_name)
    governorate_id = GovernorateId(belongs_to) if belongs_to and role is Role.DESK else None
    agency_id = AgencyId(belongs_to) if belongs_to and role is Role.AGENCY else None
    await uow.staff.add(
        Staff(
            id=StaffId(f"sample-{user_name}"),
            user_name=user_name,
            display_name=display_name,
            role=role,
            governorate_id=governorate_id,
            password_hash=await tools.hash_password(password),
            agency_id=agency_id,
        )
    )
    return SampleStaff(user_name, password, role, governorate_id, agency_id)


async def _book(uow: UnitOfWork, tools: Tools, sitting: Sitting, slot: datetime, sample: Sample) -> SampleAudience:
    audience = Audience.book(
        AudienceId(uuid.uuid4().hex),
        reference=tools.draw_reference(),
        citizen_id=sample.citizen_id,
        sitting_id=sitting.id,
        slot_starts_at=slot,
        slot_ends_at=slot + sitting.slot_length,
        venue=sample.venue,
        governorate_id=sample.governorate_id,
        subject=sample.subject,
    )
    await uow.audiences.add(audience)
    at_home = isinstance(sample.venue, OwnLocation)
    token = await tools.issue_link(uow, audience.id, sitting.closes_at) if at_home else None
    return SampleAudience(
        audience_id=audience.id,
        reference=audience.reference,
        name=sample.name,
        slot_starts_at=slot,
        kiosk_id=sample.venue.kiosk_id if isinstance(sample.venue, AtKiosk) else None,
        link_token=token,
    )
