"""What a rehearsal needs in the store: a sitting of its own with one audience, a kiosk and an office.

Every identifier begins with ``rehearsal-``, which nothing else does. The sitting's purpose keeps it off every board.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from stdnum import luhn

from tawasul.domain.audience import Audience, AudienceId
from tawasul.domain.errors import NotFound
from tawasul.domain.people import Citizen, CitizenId, Role, Staff, StaffId
from tawasul.domain.places import Kiosk, KioskId, Name
from tawasul.domain.sign_in import SignIn, SignInId
from tawasul.domain.sitting import Purpose, Sitting, SittingId
from tawasul.domain.venue import AtKiosk
from tawasul.store.unit_of_work import UnitOfWork

PREFIX: Final = "rehearsal-"
LASTS: Final = timedelta(minutes=10)

NOBODY_CAN_SIGN_IN: Final = "!"
"""In the place of a password's hash: no password has it."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What was made. ``UnitOfWork.rehearsals.remove`` takes it away again."""

    sitting_id: SittingId
    kiosk_id: KioskId
    audience_id: AudienceId
    reference: str


async def make_rehearsal(
    work: UnitOfWork, name: str, now: datetime, *, reference: str, public_key: bytes, token_hash: bytes, number: int
) -> Rehearsal:
    """Adds it; commits nothing.

    Args:
        name: unique, letters and digits.
        reference: for the kiosk to check in with.
        public_key: the robot kiosk's, 32 bytes.
        token_hash: SHA-256 of the token with which the robot office is signed in.
        number: 10 … 99, drawn at random: makes the robot citizen's ID, of a range in which nobody has one.

    Raises:
        NotFound: the database has no reception centre.
        AlreadyRegistered: another rehearsal has drawn the same number at this moment.
    """
    centres = await work.centres.all()
    if not centres:
        raise NotFound("centre")
    own = f"{PREFIX}{name}"
    sitting = Sitting(SittingId(own), now - timedelta(minutes=1), now + LASTS, LASTS, Purpose.REHEARSAL)
    kiosk = Kiosk(KioskId(own), centres[0].id, Name("كشك الفحص الذاتي", "Self-test kiosk"), public_key)
    body = f"1000000{number:02}"
    citizen = Citizen.register(
        CitizenId(own),
        name="روبوت الفحص الذاتي",
        national_id=body + str(luhn.calc_check_digit(body)),
        mobile="0500000000",
        now=now,
    )
    audience = Audience.book(
        AudienceId(own),
        reference=reference,
        citizen_id=citizen.id,
        sitting_id=sitting.id,
        slot_starts_at=sitting.opens_at,
        venue=AtKiosk(kiosk.id),
        governorate_id=centres[0].governorate_id,
        subject="فحص ذاتي",
    )
    staff = Staff(StaffId(own), own, "Self-test", Role.OFFICE, None, NOBODY_CAN_SIGN_IN)
    await work.sittings.add(sitting)
    await work.kiosks.put(kiosk)
    await work.citizens.add(citizen)
    await work.audiences.add(audience)
    await work.staff.add(staff)
    await work.sign_ins.add(SignIn(SignInId(own), token_hash, staff.id, now, now, now + LASTS))
    return Rehearsal(sitting.id, kiosk.id, audience.id, reference)
