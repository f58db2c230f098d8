"""What of a case's timeline each may see. Pure.

Desk and office see all. An agency sees what happened while the case was with it: from its referral until it gave it
back, it was sent elsewhere, or the office wrote anew. A citizen sees every step, and the words that are to them or by
them; not what desks and agencies write to each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final

from tawasul.domain.agency import AgencyId
from tawasul.domain.case_entry import CaseEntry, EntryKind

_REFERRALS: Final = frozenset({EntryKind.REFERRED, EntryKind.RATIFIED, EntryKind.REASSIGNED})
_ANEW: Final = frozenset({EntryKind.HEARD, EntryKind.DIRECTED, EntryKind.CORRECTED})
_BETWEEN_STAFF: Final = frozenset(
    {
        EntryKind.HEARD,
        EntryKind.REFERRED,
        EntryKind.RETURNED,
        EntryKind.REASSIGNED,
        EntryKind.REPLIED,
        EntryKind.PROLONGED,
    }
)


def of_agency(agency_id: AgencyId, entries: Iterable[CaseEntry]) -> Iterator[CaseEntry]:
    """Those that it may see, in their order."""
    with_it = False
    for entry in entries:
        if entry.kind in _REFERRALS:
            with_it = entry.agency_id == agency_id
        elif entry.kind in _ANEW:
            with_it = False
        if with_it:
            yield entry
        if entry.kind is EntryKind.RETURNED:
            with_it = False


def referred_at(agency_id: AgencyId, entries: Iterable[CaseEntry]) -> datetime | None:
    """When it was referred to it last; ``None``: never."""
    moments = [each.at for each in entries if each.kind in _REFERRALS and each.agency_id == agency_id]
    return max(moments, default=None)


def said_at(agency_id: AgencyId | None, entries: Iterable[CaseEntry]) -> datetime | None:
    """When an agency (``None``: a desk) last said something to the citizen: an answer, or a part of one."""
    said = {EntryKind.ANSWERED, EntryKind.REPORTED}
    return max((each.at for each in entries if each.kind in said and each.by.agency_id == agency_id), default=None)


def of_citizen(entries: Iterable[CaseEntry]) -> Iterator[CaseEntry]:
    """All of them, without the words that staff write to each other."""
    for entry in entries:
        yield replace(entry, words=None) if entry.kind in _BETWEEN_STAFF else entry
