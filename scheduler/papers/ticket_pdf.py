"""The ticket as a PDF: on the 80 mm roll of a receipt printer, as long as it needs to be, or on a sheet of A4."""

from __future__ import annotations

from typing import Final

from scheduler.papers.ticket_qr import ticket_qr
from scheduler.papers.ticket_words import TicketText, ticket_text
from scheduler.papers.tickets import Paper, Ticket
from tawasul.domain.places import Name
from tawasul.papers.document import SOFT, Document
from tawasul.papers.typeface import Typeface
from tawasul.web.words import words_in

_ROLL_WIDTH: Final = 80.0
_ROLL_MARGIN: Final = 5.0
"""Receipt printers leave 4 mm at each side."""
_LONGEST_ROLL: Final = 400.0
_SHEET: Final = (210.0, 297.0)
_SHEET_MARGIN: Final = 30.0
_QR: Final = 34.0
"""Millimetres: 25 squares and the quiet zone come to 1 mm each, which any scanner reads from a hand's breadth."""

_SHEET_QR: Final = 50.0


def ticket_pdf(ticket: Ticket, paper: Paper, region: Name, typeface: Typeface) -> bytes:
    """The document, in the citizen's language. Takes some hundredths of a second of processor: call it in a thread."""
    text = ticket_text(ticket, words_in(ticket.language), region)
    if paper is Paper.SHEET:
        return _output(_drawn(ticket, text, typeface, _SHEET, _SHEET_MARGIN))
    # Drawn once to see how long it is.
    measured = _drawn(ticket, text, typeface, (_ROLL_WIDTH, _LONGEST_ROLL), _ROLL_MARGIN)
    length = measured.get_y() + _ROLL_MARGIN
    return _output(_drawn(ticket, text, typeface, (_ROLL_WIDTH, length), _ROLL_MARGIN))


def _drawn(ticket: Ticket, text: TicketText, typeface: Typeface, size: tuple[float, float], margin: float) -> Document:
    document = Document(typeface, ticket.language, text.title, size, margin)
    document.made_at(ticket.printed_at)
    document.set_auto_page_break(auto=False)
    document.add_page()
    large = 1.25 if size == _SHEET else 1.0
    document.put(text.title, 12 * large, "B")
    document.rule(2)
    if size == _SHEET:  # there is room for it beside the reference
        end = margin if document.rtl else size[0] - margin - _SHEET_QR
        document.qr(ticket_qr(ticket), end, document.get_y(), _SHEET_QR)
    document.put(text.reference_label, 10 * large, grey=SOFT)
    document.put(text.reference, 26 * large, "B", gap=1)
    for label, lines in (
        (text.day_label, (text.weekday, text.hijri, text.gregorian)),
        (text.time_label, (text.time,)),
        (text.place_label, text.place),
    ):
        document.put(label, 10 * large, grey=SOFT)
        for number, line in enumerate(lines):
            document.put(line, (13 if number == 0 else 11) * large, "B" if number == 0 else "")
        if label == text.time_label:
            document.put(text.time_note, 10 * large)
        document.ln(2)
    document.put(text.bring_label, 10 * large, grey=SOFT)
    for line in text.bring:
        document.put(line, 11 * large)
    document.rule(2)
    if size != _SHEET:
        document.qr(ticket_qr(ticket), (size[0] - _QR) / 2, document.get_y(), _QR)
        document.set_y(document.get_y() + _QR)
    document.put(text.scan, 9 * large, grey=SOFT)
    document.put(text.keep, 9 * large, grey=SOFT)
    return document


def _output(document: Document) -> bytes:
    return bytes(document.output())
