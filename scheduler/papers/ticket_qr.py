"""The code of a ticket as squares, for the screen and for paper."""

from __future__ import annotations

import segno

from scheduler.papers.tickets import Ticket


def ticket_qr(ticket: Ticket) -> segno.QRCode:
    """Version 2 at level M, for a numeric code of this length: 25 squares a side."""
    return segno.make(ticket.code, error="m", micro=False, boost_error=False)
