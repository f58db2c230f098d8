"""People: the citizens who are received, and the staff who receive them."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from datetime import datetime
from typing import NewType

import phonenumbers
from stdnum import luhn

from tawasul.domain.agency import AgencyId
from tawasul.domain.errors import InvalidMobile, InvalidNationalId
from tawasul.domain.places import GovernorateId
from tawasul.domain.private import Private
from tawasul.domain.text import bounded, only_digits

CitizenId = NewType("CitizenId", str)
StaffId = NewType("StaffId", str)

LONGEST_NAME = 120


class CitizenKind(enum.StrEnum):
    """Told by the first digit of the ID. The interface says مستفيد for both."""

    CITIZEN = "citizen"
    RESIDENT = "resident"


class IdentityAssurance(enum.StrEnum):
    """How sure we are of the person (درجة التحقق من الهوية), weakest first. Always shown to the office."""

    DECLARED = "declared"
    SEEN_AT_DESK = "seen-at-desk"
    NAFATH = "nafath"


class Role(enum.StrEnum):
    """What a member of staff is. Citizens and kiosks are principals of other kinds (``tawasul.access.policy``)."""

    DESK = "desk"
    OFFICE = "office"
    ADMIN = "admin"
    AGENCY = "agency"


@dataclass(frozen=True, slots=True)
class NationalId:
    """Ten digits; 1… a citizen's ID, 2… a resident's iqama; Luhn check digit. A check digit is not identity."""

    digits: str

    @classmethod
    def parse(cls, typed: str) -> NationalId:
        """Accepts digits of any script, with spaces.

        Raises:
            InvalidNationalId: wrong length, first digit or check digit.
        """
        digits = only_digits(typed)
        if not re.fullmatch(r"[12][0-9]{9}", digits) or not luhn.is_valid(digits):
            raise InvalidNationalId(field="national_id")
        return cls(digits)

    @property
    def kind(self) -> CitizenKind:
        """Citizen or resident, by the first digit."""
        return CitizenKind.CITIZEN if self.digits[0] == "1" else CitizenKind.RESIDENT

    @property
    def last_four(self) -> str:
        """What may be read back to the person."""
        return self.digits[-4:]


@dataclass(frozen=True, slots=True)
class Mobile:
    """A Saudi mobile number in E.164: ``+9665XXXXXXXX``."""

    e164: str

    @classmethod
    def parse(cls, typed: str) -> Mobile:
        """Accepts 05…, 5…, 9665…, 009665…, +9665…, digits of any script.

        Raises:
            InvalidMobile: not a Saudi mobile number.
        """
        digits = only_digits(typed)
        if len(digits) > 20:
            raise InvalidMobile(field="mobile")
        if digits.startswith("966"):
            digits = "+" + digits
        try:
            number = phonenumbers.parse(digits, "SA")
        except phonenumbers.NumberParseException as error:
            raise InvalidMobile(field="mobile") from error
        if number.country_code != 966 or phonenumbers.number_type(number) != phonenumbers.PhoneNumberType.MOBILE:
            raise InvalidMobile(field="mobile")
        return cls(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))

    @property
    def last_four(self) -> str:
        """What may be read back to the person."""
        return self.e164[-4:]


@dataclass(frozen=True, slots=True)
class Citizen:
    """مستفيد: a citizen or a resident who is heard."""

    id: CitizenId
    name: Private[str]
    national_id: Private[NationalId]
    mobile: Private[Mobile]
    kind: CitizenKind
    registered_at: datetime

    @classmethod
    def register(cls, id: CitizenId, *, name: str, national_id: str, mobile: str, now: datetime) -> Citizen:
        """A new citizen from what was typed.

        Raises:
            InvalidNationalId, InvalidMobile, InvalidText: by the field that is wrong.
        """
        number = NationalId.parse(national_id)
        return cls(
            id=id,
            name=Private(bounded(name, field="name", longest=LONGEST_NAME)),
            national_id=Private(number),
            mobile=Private(Mobile.parse(mobile)),
            kind=number.kind,
            registered_at=now,
        )


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of staff. ``governorate_id`` bounds what a desk may see, ``agency_id`` what an agency's account may;
    office and admin have neither.
    """

    id: StaffId
    user_name: str
    display_name: str
    role: Role
    governorate_id: GovernorateId | None
    password_hash: str
    active: bool = True
    agency_id: AgencyId | None = None
