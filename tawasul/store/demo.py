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

from stdnum import luhn

from tawasul.domain.audience import Audience, AudienceId
from tawasul.domain.people import Citizen, CitizenId, Role, Staff, StaffId
from tawasul.domain.places import GovernorateId, KioskId
from tawasul.domain.sitting import Sitting, SittingId
from tawasul.domain.venue import AtKiosk, OwnLocation, Venue
from tawasul.store.errors import DatabaseNotEmpty
from tawasul.store.unit_of_work import UnitOfWork

SITTING_LASTS: Final = timedelta(hours=4)
SLOT_LENGTH: Final = timedelta(minutes=10)
_QUARTER: Final = timedelta(minutes=15)

OWN: Final = None
"""In the table below: at the citizen's own location."""

_STAFF: Final = (
    # user name, display name, role, governorate
    ("badr", "عينة: استقبال بدر", Role.DESK, "badr"),
    ("yanbu", "عينة: استقبال ينبع", Role.DESK, "yanbu"),
    ("office", "عينة: مكتب سمو الأمير", Role.OFFICE, None),
    ("admin", "عينة: مشرف النظام", Role.ADMIN, None),
)

_CITIZENS: Final = (
    # name, first digit of the ID, kiosk or own location, governorate, subject
    ("عينة: سالم بن محمد", "1", "badr-1", "badr", "طلب تعبيد طريق القرية المؤدي إلى المدرسة"),
    ("عينة: نورة بنت عبدالله", "1", "yanbu-1", "yanbu", "متابعة معاملة صك أرض متأخرة"),
    ("عينة: فهد بن سعود", "1", OWN, "badr", "طلب نقل علاج والدته إلى مستشفى متخصص"),
    ("عينة: عائشة بنت أحمد", "1", "alula-1", "alula", "شكوى من انقطاع المياه المتكرر في الحي"),
    ("عينة: محمد إقبال", "2", "yanbu-2", "yanbu", "طلب النظر في تأخر مستحقات مالية"),
    ("عينة: عبدالرحمن بن علي", "1", OWN, "yanbu", "مقترح إنشاء حديقة عامة وممشى"),
    ("عينة: مريم بنت خالد", "1", "khaybar-1", "khaybar", "طلب توظيف في برنامج التأهيل"),
    ("عينة: تركي بن ناصر", "1", "badr-2", "badr", "شكر وطلب افتتاح فرع للأحوال المدنية"),
    ("عينة: هند بنت يوسف", "1", OWN, "alais", "طلب مساعدة لأسرة متضررة من السيول"),
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
    """Staff, citizens and a sitting around ``now``, after ``load_places`` of the Madinah region; commits nothing.

    Raises:
        DatabaseNotEmpty: there are people in this database.
    """
    if await uow.staff.count() or await uow.citizens.count():
        raise DatabaseNotEmpty("sample people go only into a database that holds no people")
    staff = [await _add_staff(uow, tools, password_for, *row) for row in _STAFF]
    for index, (name, first_digit, *_) in enumerate(_CITIZENS):
        await uow.citizens.add(
            Citizen.register(
                _citizen_id(index),
                name=name,
                national_id=_sample_id(first_digit, index),
                mobile=f"05000000{index:02}",
                now=now,
            )
        )
    sitting, audiences = await book_samples(uow, now, tools)
    return Demo(sitting, tuple(staff), audiences)


async def book_samples(uow: UnitOfWork, now: datetime, tools: Tools) -> tuple[Sitting, tuple[SampleAudience, ...]]:
    """A new sitting around ``now`` with the sample citizens in it: for another day of the same demonstration.

    It opens at the last quarter of an hour, lasts four hours, and has slots of ten minutes; commits nothing.
    """
    opens_at = now - timedelta(seconds=now.timestamp() % _QUARTER.total_seconds())
    sitting = Sitting(SittingId(uuid.uuid4().hex), opens_at, opens_at + SITTING_LASTS, SLOT_LENGTH)
    await uow.sittings.add(sitting)
    slots = (start for start in sitting.slots() if start + sitting.slot_length > now)
    audiences = [
        await _book(uow, tools, sitting, slot, index) for index, slot in zip(range(len(_CITIZENS)), slots, strict=False)
    ]
    return sitting, tuple(audiences)


async def _add_staff(
    uow: UnitOfWork,
    tools: Tools,
    password_for: Callable[[str], str],
    user_name: str,
    display_name: str,
    role: Role,
    governorate: str | None,
) -> SampleStaff:
    password = password_for(user_name)
    governorate_id = None if governorate is None else GovernorateId(governorate)
    await uow.staff.add(
        Staff(
            id=StaffId(f"sample-{user_name}"),
            user_name=user_name,
            display_name=display_name,
            role=role,
            governorate_id=governorate_id,
            password_hash=await tools.hash_password(password),
        )
    )
    return SampleStaff(user_name, password, role, governorate_id)


async def _book(uow: UnitOfWork, tools: Tools, sitting: Sitting, slot: datetime, index: int) -> SampleAudience:
    name, _, kiosk, governorate, subject = _CITIZENS[index]
    venue: Venue = OwnLocation() if kiosk is OWN else AtKiosk(KioskId(kiosk))
    audience = Audience.book(
        AudienceId(uuid.uuid4().hex),
        reference=tools.draw_reference(),
        citizen_id=_citizen_id(index),
        sitting_id=sitting.id,
        slot_starts_at=slot,
        venue=venue,
        governorate_id=GovernorateId(governorate),
        subject=subject,
    )
    await uow.audiences.add(audience)
    token = await tools.issue_link(uow, audience.id, sitting.closes_at) if kiosk is OWN else None
    return SampleAudience(
        audience_id=audience.id,
        reference=audience.reference,
        name=name,
        slot_starts_at=slot,
        kiosk_id=None if kiosk is OWN else KioskId(kiosk),
        link_token=token,
    )


def _citizen_id(index: int) -> CitizenId:
    return CitizenId(f"sample-{index + 1}")


def _sample_id(first_digit: str, index: int) -> str:
    body = f"{first_digit}0000000{index}"
    return body + str(luhn.calc_check_digit(body))
