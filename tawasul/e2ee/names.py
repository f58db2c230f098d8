"""Names of endpoints and of those who sign for them: ``urn:tawasul:<region>:<role>:<place>``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from tawasul.e2ee.errors import NameMalformed

_PART = re.compile(r"[a-z0-9-]{1,64}", re.ASCII)


class DeviceRole(StrEnum):
    """What the holder of a name may do."""

    ROOT = "root"
    """Signs issuers and stewards; its key is offline."""
    ISSUER = "issuer"
    """Signs devices and the revocation list."""
    STEWARD = "steward"
    """A member of staff who may approve devices."""
    OFFICE = "office"
    """The end of a call at which the Amir's office sits."""
    KIOSK = "kiosk"
    """A citizen's end of a call at a reception centre."""


@dataclass(frozen=True, slots=True)
class DeviceName:
    """A name. ``str()`` of it is the URN. Raises NameMalformed for a region or place outside ``[a-z0-9-]{1,64}``."""

    region: str
    role: DeviceRole
    place: str

    def __post_init__(self) -> None:
        if not (_PART.fullmatch(self.region) and _PART.fullmatch(self.place)):
            raise NameMalformed

    def __str__(self) -> str:
        return f"urn:tawasul:{self.region}:{self.role}:{self.place}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """The name that a URN is. Raises NameMalformed."""
        parts = text.split(":")
        if len(parts) != 5 or parts[:2] != ["urn", "tawasul"]:
            raise NameMalformed
        try:
            role = DeviceRole(parts[3])
        except ValueError as error:
            raise NameMalformed from error
        return cls(parts[2], role, parts[4])


def root_name(region: str) -> DeviceName:
    """The root's name in a region."""
    return DeviceName(region, DeviceRole.ROOT, "root")
