"""Draws papers as PDF, and loads what draws them with the first one.

It is a sixth of all that a server would load, and a server of which nobody asks a paper does without.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tawasul.papers.typeface import Typeface

if TYPE_CHECKING:
    from scheduler.papers.day_list import DayList
    from scheduler.papers.tickets import Paper, Ticket
    from tawasul.domain.places import Name
    from tawasul.web.words import Locale


class Draughtsman:
    """Keeps the typeface between papers. Each paper is a processor's work for a while: ask for it in a thread."""

    def __init__(self) -> None:
        self._typeface = Typeface()

    def ticket(self, ticket: Ticket, paper: Paper, region: Name) -> bytes:
        """As ``scheduler.papers.ticket_pdf``."""
        from scheduler.papers.ticket_pdf import ticket_pdf

        return ticket_pdf(ticket, paper, region, self._typeface)

    def day(self, day: DayList, locale: Locale) -> bytes:
        """As ``scheduler.papers.day_pdf``."""
        from scheduler.papers.day_pdf import day_pdf

        return day_pdf(day, locale, self._typeface)
