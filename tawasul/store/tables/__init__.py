"""The tables. Importing this package fills ``Base.metadata`` with all of them."""

from tawasul.store.tables.audiences import AudienceRow, LinkDeviceRow, OccupancyRow, SittingRow
from tawasul.store.tables.audit import AuditRow
from tawasul.store.tables.base import Base, UtcDateTime
from tawasul.store.tables.outbox import OutboxRow
from tawasul.store.tables.people import CitizenRow, PersonalDataKeyRow, SignInRow, StaffRow
from tawasul.store.tables.places import CentreRow, GovernorateRow, KioskRow, RegionRow

__all__ = [
    "AudienceRow",
    "AuditRow",
    "Base",
    "CentreRow",
    "CitizenRow",
    "GovernorateRow",
    "KioskRow",
    "LinkDeviceRow",
    "OccupancyRow",
    "OutboxRow",
    "PersonalDataKeyRow",
    "RegionRow",
    "SignInRow",
    "SittingRow",
    "StaffRow",
    "UtcDateTime",
]
