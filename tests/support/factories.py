"""What tests need of the domain, in its own words: places, people, a sitting, an audience."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from stdnum import luhn

from tawasul.domain.audience import Audience, AudienceId, CallId
from tawasul.domain.hold import FORM_LASTS, Hold, HoldId
from tawasul.domain.hours import ALWAYS
from tawasul.domain.people import Citizen, CitizenId, IdentityAssurance, Role, Staff, StaffId
from tawasul.domain.places import (
    CentreId,
    Coordinates,
    Emirate,
    Governorate,
    GovernorateId,
    Kiosk,
    KioskId,
    Name,
    ReceptionCentre,
    Region,
    RegionId,
)
from tawasul.domain.sitting import Purpose, Sitting, SittingId
from tawasul.domain.slot import Slot
from tawasul.domain.venue import AtKiosk, Venue

NOW = datetime(2026, 2, 3, 9, 4, tzinfo=UTC)
"""The time in tests that need one: within ``a_sitting()``."""

MADINAH = Region(RegionId("madinah"), Name("منطقة المدينة المنورة", "Madinah region"))
BADR = Governorate(GovernorateId("badr"), MADINAH.id, Name("محافظة بدر", "Badr"), Coordinates(23.78, 38.79))
YANBU = Governorate(GovernorateId("yanbu"), MADINAH.id, Name("محافظة ينبع", "Yanbu"), Coordinates(24.09, 38.06))
EMIRATE = Emirate(
    MADINAH.id,
    Name("إمارة المنطقة", "The emirate"),
    Coordinates(24.47, 39.61),
    hours=ALWAYS,
    pauses=MappingProxyType({}),
)
"""Open at any hour, as the centres are: a test about hours and pauses makes places of its own."""


def a_centre(name: str, governorate: Governorate, title: Name) -> ReceptionCentre:
    """Permanent, at the governorate's seat, always open."""
    return ReceptionCentre(
        CentreId(name), governorate.id, title, governorate.coordinates, hours=ALWAYS, pauses=MappingProxyType({})
    )


BADR_CENTRE = a_centre("badr-centre", BADR, Name("مركز بدر", "Badr centre"))
YANBU_CENTRE = a_centre("yanbu-centre", YANBU, Name("مركز ينبع", "Yanbu centre"))
BADR_1 = Kiosk(KioskId("badr-1"), BADR_CENTRE.id, Name("كشك بدر 1", "Badr kiosk 1"))
BADR_2 = Kiosk(KioskId("badr-2"), BADR_CENTRE.id, Name("كشك بدر 2", "Badr kiosk 2"))
YANBU_1 = Kiosk(KioskId("yanbu-1"), YANBU_CENTRE.id, Name("كشك ينبع 1", "Yanbu kiosk 1"))

CALL = CallId("call-1")

_numbers = itertools.count(1)


def a_sitting(name: str = "today", *, opens_at: datetime | None = None, purpose: Purpose = Purpose.MAJLIS) -> Sitting:
    """Four hours in slots of ten minutes; opened four minutes before ``NOW``."""
    opens_at = opens_at or NOW - timedelta(minutes=4)
    return Sitting(SittingId(name), opens_at, opens_at + timedelta(hours=4), timedelta(minutes=10), purpose)


def slot(sitting: Sitting, number: int) -> datetime:
    """The start of a slot, counted from 0."""
    return sitting.opens_at + number * sitting.stride


def national_id(number: int, first_digit: str = "1") -> str:
    """A valid ID for each number below 10⁸."""
    body = f"{first_digit}{number:08}"
    return body + str(luhn.calc_check_digit(body))


def a_citizen(number: int | None = None, *, name: str = "عينة: سالم بن محمد", mobile: str = "0500000001") -> Citizen:
    """A citizen of their own; ``number`` fixes the ID."""
    number = next(_numbers) + 10_000_000 if number is None else number
    return Citizen.register(
        CitizenId(f"citizen-{number}"), name=name, national_id=national_id(number), mobile=mobile, now=NOW
    )


def an_audience(
    citizen: Citizen,
    sitting: Sitting,
    *,
    number: int = 0,
    venue: Venue | None = None,
    governorate: Governorate = BADR,
    subject: str = "طلب تعبيد طريق القرية",
    reference: str | None = None,
) -> Audience:
    """Booked for the slot ``number``, at the first kiosk of Badr unless told otherwise."""
    serial = next(_numbers)
    return Audience.book(
        AudienceId(f"audience-{serial}"),
        reference=reference or f"REF-{serial}",
        citizen_id=citizen.id,
        sitting_id=sitting.id,
        slot_starts_at=slot(sitting, number),
        venue=venue or AtKiosk(BADR_1.id),
        governorate_id=governorate.id,
        subject=subject,
    )


def a_hold(
    sitting: Sitting,
    *,
    number: int = 0,
    venue: Venue | None = None,
    governorate: Governorate = BADR,
    now: datetime = NOW,
    lasts: timedelta = FORM_LASTS,
    held_by: StaffId | None = None,
) -> Hold:
    """Of the slot ``number``, at the first kiosk of Badr unless told otherwise."""
    return Hold(
        id=HoldId(f"hold-{next(_numbers)}"),
        sitting_id=sitting.id,
        slot_starts_at=slot(sitting, number),
        slot_ends_at=slot(sitting, number) + sitting.slot_length,
        venue=venue or AtKiosk(BADR_1.id),
        governorate_id=governorate.id,
        made_at=now,
        expires_at=now + lasts,
        held_by=held_by,
    )


def slot_held(hold: Hold) -> Slot:
    """What it holds."""
    return Slot(hold.sitting_id, hold.slot_starts_at, hold.slot_ends_at, hold.venue)


def arrived(audience: Audience, now: datetime = NOW) -> Audience:
    """The same, arrived and seen at the desk."""
    audience.arrive(IdentityAssurance.SEEN_AT_DESK, now)
    return audience


def a_member_of_staff(
    user_name: str, role: Role = Role.DESK, governorate: Governorate | None = BADR, password_hash: str = "$argon2id$"
) -> Staff:
    """Desk of Badr unless told otherwise."""
    return Staff(
        id=StaffId(f"staff-{user_name}"),
        user_name=user_name,
        display_name=f"عينة: {user_name}",
        role=role,
        governorate_id=None if governorate is None else governorate.id,
        password_hash=password_hash,
    )
