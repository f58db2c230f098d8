"""The tables. Importing this package fills ``Base.metadata`` with all of them."""

from tawasul.store.tables.audiences import AudienceRow, LinkDeviceRow, SittingRow
from tawasul.store.tables.audit import AuditRow
from tawasul.store.tables.base import Base, UtcDateTime
from tawasul.store.tables.calendar import BlackoutRow, HolidayRow, RamadanRow
from tawasul.store.tables.cases import (
    AgencyRow,
    CaseDocumentRow,
    CaseEntryRow,
    CaseRow,
    CaseSerialRow,
    CaseTokenRow,
    DirectiveRow,
    RemainingItemRow,
    SatisfactionRow,
)
from tawasul.store.tables.occupancies import HoldRow, OccupancyRow
from tawasul.store.tables.outbox import OutboxRow
from tawasul.store.tables.papers import AttachmentRow, PetitionRow
from tawasul.store.tables.people import CitizenNameTokenRow, CitizenRow, PersonalDataKeyRow, SignInRow, StaffRow
from tawasul.store.tables.places import (
    CentreRelayRow,
    CentreRow,
    CentreStopRow,
    GovernorateRow,
    KioskRow,
    RegionRow,
    TownRow,
)
from tawasul.store.tables.waitlist import OfferRow, WaitlistEntryRow
from tawasul.store.tables.work import MessageRow, TaskRow

__all__ = [
    "AgencyRow",
    "AttachmentRow",
    "AudienceRow",
    "AuditRow",
    "Base",
    "BlackoutRow",
    "CaseDocumentRow",
    "CaseEntryRow",
    "CaseRow",
    "CaseSerialRow",
    "CaseTokenRow",
    "CentreRelayRow",
    "CentreRow",
    "CentreStopRow",
    "CitizenNameTokenRow",
    "CitizenRow",
    "DirectiveRow",
    "GovernorateRow",
    "HoldRow",
    "HolidayRow",
    "KioskRow",
    "LinkDeviceRow",
    "MessageRow",
    "OccupancyRow",
    "OfferRow",
    "OutboxRow",
    "PersonalDataKeyRow",
    "PetitionRow",
    "RamadanRow",
    "RegionRow",
    "RemainingItemRow",
    "SatisfactionRow",
    "SignInRow",
    "SittingRow",
    "StaffRow",
    "TaskRow",
    "TownRow",
    "UtcDateTime",
    "WaitlistEntryRow",
]
