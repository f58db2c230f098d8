"""The list of the day on paper: A4, lying."""

from __future__ import annotations

from typing import Final, TypeVar

from fpdf.enums import TableBordersLayout
from fpdf.fonts import FontFace

from scheduler.papers.day_list import DayList
from scheduler.papers.day_rows import Row, rows_of
from scheduler.papers.document import INK, SOFT, Document, as_printed
from scheduler.papers.typeface import FAMILY, Typeface
from tawasul.web.dates import Dates
from tawasul.web.words import Locale, Words, words_in

Cell = TypeVar("Cell")

_SHEET: Final = (297.0, 210.0)
_MARGIN: Final = 14.0
_WIDTHS: Final = (22, 22, 60, 18, 34, 45, 36, 32)
"""Millimetres, in the order of the columns."""
_SHADE: Final = 238


class _ListDocument(Document):
    """With the number of the page below each."""

    def footer(self) -> None:
        """Of fpdf2."""
        self.set_y(-10)
        self.set_font(FAMILY, "", 9)
        self.set_text_color(SOFT)
        self.cell(0, 5, str(self.page_no()), align="C")


def day_pdf(day: DayList, locale: Locale, typeface: Typeface) -> bytes:
    """The document. Some hundredths of a second of processor for each page: call it in a thread."""
    words = words_in(locale)
    dates = Dates(words)
    name = day.governorate.arabic if locale == "ar" else day.governorate.english
    document = _ListDocument(typeface, locale, words.say("list-title"), _SHEET, _MARGIN)
    document.made_at(day.made_at)
    document.add_page()
    document.put(words.say("list-title"), 16, "B")
    document.put(name, 12)
    document.put(dates.weekday(day.sitting.opens_at), 12, "B")
    document.put(dates.hijri(day.sitting.opens_at), 11)
    document.put(dates.gregorian(day.sitting.opens_at), 11, gap=3)
    if day.audiences:
        _table(document, rows_of(day, words), words, dates)
    else:
        document.put(words.say("list-empty"), 12)
    document.put(words.say("list-private"), 9, grey=SOFT)
    return bytes(document.output())


def _table(document: Document, rows: list[Row], words: Words, dates: Dates) -> None:
    headings = (
        words.say("list-time"),
        words.say("list-reference"),
        words.say("list-name"),
        words.say("list-id"),
        words.say("list-place"),
        words.say("list-party"),
        words.say("list-priorities"),
        words.say("list-state"),
    )
    document.set_font(FAMILY, "", 10)
    document.set_text_color(INK)
    document.set_draw_color(170)
    with document.table(
        width=sum(_WIDTHS),
        col_widths=_turned(document, _WIDTHS),
        text_align=document.start,
        line_height=6,
        padding=1,
        borders_layout=TableBordersLayout.HORIZONTAL_LINES,
        headings_style=FontFace(emphasis="B", fill_color=_SHADE),
    ) as table:
        table.row(_turned(document, headings))
        for row in rows:
            cells = (
                dates.time(row.starts_at),
                row.reference,
                row.name,
                row.id_last_four,
                row.place,
                row.party,
                row.priorities,
                row.state,
            )
            table.row(_turned(document, tuple(as_printed(cell) for cell in cells)))
    document.ln(3)


def _turned(document: Document, cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
    """From the left edge to the right one, as fpdf2 counts: in Arabic the first column is the last."""
    return cells[::-1] if document.rtl else cells
