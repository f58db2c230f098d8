"""The lines of the list of the day in one language: the same for paper, CSV and workbook."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from hijridate import Gregorian

from scheduler.papers.day_list import DayList
from tawasul.domain.audience import Audience, MissedBecause, State
from tawasul.domain.party import Group, Priority, Representative
from tawasul.domain.people import Citizen
from tawasul.domain.venue import AtKiosk, InPerson, OwnLocation
from tawasul.web.dates import in_riyadh, local_day
from tawasul.web.words import Words

_STATES: Final = {
    State.BOOKED: "state-booked",
    State.ARRIVED: "state-arrived",
    State.CALLED_IN: "state-called-in",
    State.IN_CALL: "state-in-call",
    State.HEARD: "state-heard",
    State.CONCLUDED: "state-concluded",
    State.CANCELLED: "state-cancelled",
    State.MISSED: "state-missed",
}
_MISSED: Final = {
    MissedBecause.CITIZEN: "state-missed",
    MissedBecause.OFFICE: "list-missed-office",
    MissedBecause.TECHNICAL: "list-missed-technical",
}
_PRIORITIES: Final = {
    Priority.REBOOKED: "list-priority-rebooked",
    Priority.DISABLED: "list-priority-disabled",
    Priority.ELDERLY: "list-priority-elderly",
    Priority.TRAVELLED_FAR: "list-priority-far",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line. Times are on Riyadh's clock, aware."""

    starts_at: datetime
    ends_at: datetime | None
    hijri_day: str
    """``1448-06-12``, Umm al-Qura."""
    reference: str
    name: str
    id_last_four: str
    mobile_last_four: str
    place: str
    party: str
    priorities: str
    state: str
    arrived_at: datetime | None


def rows_of(day: DayList, words: Words) -> list[Row]:
    """In the order of the list."""
    return [_row(day, audience, citizen, words) for audience, citizen in day.audiences]


_TURNS_TEXT: Final = dict.fromkeys(map(ord, "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
"""Marks of direction: in a cell of its own nothing needs them, and a name could turn its neighbours with them."""


def _plain(text: str) -> str:
    return text.translate(_TURNS_TEXT)


def _row(day: DayList, audience: Audience, citizen: Citizen, words: Words) -> Row:
    date = local_day(audience.slot_starts_at)
    return Row(
        starts_at=in_riyadh(audience.slot_starts_at),
        ends_at=None if audience.slot_ends_at is None else in_riyadh(audience.slot_ends_at),
        hijri_day=Gregorian(date.year, date.month, date.day).to_hijri().isoformat(),
        reference=audience.reference,
        name=_plain(citizen.name.reveal()),
        id_last_four=citizen.national_id.reveal().last_four,
        mobile_last_four=citizen.mobile.reveal().last_four,
        place=_place(day, audience, words),
        party=_party(audience, words),
        priorities=words.say("list-and").join(words.say(_PRIORITIES[each]) for each in audience.priorities),
        state=words.say(_MISSED[audience.missed_because] if audience.missed_because else _STATES[audience.state]),
        arrived_at=None if audience.arrived_at is None else in_riyadh(audience.arrived_at),
    )


def _place(day: DayList, audience: Audience, words: Words) -> str:
    match audience.venue:
        case AtKiosk(kiosk_id=kiosk_id):
            kiosk = day.kiosks.get(kiosk_id)
            if kiosk is None:
                return words.say("list-kiosk-elsewhere")
            return kiosk.name.arabic if words.locale == "ar" else kiosk.name.english
        case OwnLocation():
            return words.say("list-own-location")
        case InPerson():
            return words.say("list-in-person")


def _party(audience: Audience, words: Words) -> str:
    walk_in = [words.say("list-walk-in")] if audience.walk_in else []
    match audience.party.reveal():
        case Representative(name=name):
            return _plain(words.say("list-and").join([*walk_in, words.say("list-representative", name=name)]))
        case Group(size=size):
            return _plain(words.say("list-and").join([*walk_in, words.say("list-group", size=size)]))
        case _:
            return "".join(walk_in)
