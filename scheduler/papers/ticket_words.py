"""The sentences of a ticket in one language, for the page and for the PDF: both say the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from scheduler.papers.tickets import Bring, Ticket, TicketPlace
from tawasul.domain.places import Name
from tawasul.web.dates import Dates
from tawasul.web.words import Locale, Words

_BRING: Final = {
    Bring.IDENTITY: "ticket-bring-identity",
    Bring.PROOF: "ticket-bring-proof",
    Bring.PETITION: "ticket-bring-petition",
    Bring.DEVICE: "ticket-bring-device",
}


@dataclass(frozen=True, slots=True)
class TicketText:
    """What stands on the ticket, line by line. No line mixes Arabic with a reference (docs/adr/0021)."""

    title: str
    reference_label: str
    reference: str
    day_label: str
    weekday: str
    hijri: str
    gregorian: str
    time_label: str
    time: str
    time_note: str
    place_label: str
    place: tuple[str, ...]
    bring_label: str
    bring: tuple[str, ...]
    scan: str
    keep: str


def ticket_text(ticket: Ticket, words: Words, region: Name) -> TicketText:
    """The ticket in the language of ``words``."""
    say, dates = words.say, Dates(words)
    return TicketText(
        title=say("ticket-title", region=_in(region, words.locale)),
        reference_label=say("ticket-reference"),
        reference=ticket.reference,
        day_label=say("ticket-day"),
        weekday=dates.weekday(ticket.starts_at),
        hijri=dates.hijri(ticket.starts_at),
        gregorian=dates.gregorian(ticket.starts_at),
        time_label=say("ticket-time"),
        time=dates.time(ticket.starts_at),
        time_note=_time_note(ticket, words),
        place_label=say("ticket-place"),
        place=tuple(_place(ticket.place, words)),
        bring_label=say("ticket-bring"),
        bring=tuple(say(_BRING[each]) for each in ticket.bring),
        scan=say("ticket-scan"),
        keep=say("ticket-keep"),
    )


def _time_note(ticket: Ticket, words: Words) -> str:
    if ticket.waits_for_turn:
        return words.say("ticket-turn")
    return words.say("ticket-early-own" if ticket.place.centre is None else "ticket-early")


def _place(place: TicketPlace, words: Words) -> list[str]:
    if place.centre is None:
        return [words.say("ticket-own-location"), words.say("ticket-own-location-note")]
    lines = [_in(place.centre, words.locale)]
    if place.stop is not None:
        lines.append(words.say("ticket-home-visit") if place.stop.home else _in(place.stop.place, words.locale))
    if place.kiosk is not None:
        lines.append(_in(place.kiosk, words.locale))
    if place.governorate is not None:
        lines.append(_in(place.governorate, words.locale))
    if place.kiosk is None:
        lines.append(words.say("ticket-in-person"))
    return lines


def _in(name: Name, locale: Locale) -> str:
    return name.arabic if locale == "ar" else name.english
