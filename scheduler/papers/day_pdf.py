"""The list of the day on paper: A4, lying.

References stand in a line below the times: in a line of Arabic, Chromium would turn them round (docs/adr/0021).
"""

from __future__ import annotations

from typing import Final

from scheduler.papers.day_list import DayList
from scheduler.papers.day_rows import Row, rows_of
from tawasul.papers.document import INK, SOFT, Document, Style, as_printed
from tawasul.papers.typeface import FAMILY, Typeface
from tawasul.web.dates import Dates
from tawasul.web.words import Locale, Words, words_in

_SHEET: Final = (297.0, 210.0)
_MARGIN: Final = 14.0
_WIDTHS: Final = (28.0, 78.0, 42.0, 46.0, 41.0, 34.0)
"""Millimetres, in the order of the columns."""
_LINE: Final = 5.2
_GAP: Final = 1.2
_TALLEST_ROW: Final = 3 * _LINE + 2 * _GAP
"""Millimetres: of what is longer, the end stands on the next sheet."""
_POINTS: Final = 10
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
    """The document. A third of a second of processor for each page: call it in a thread."""
    words = words_in(locale)
    dates = Dates(words)
    document = _ListDocument(typeface, locale, words.say("list-title"), _SHEET, _MARGIN)
    document.made_at(day.made_at)
    document.add_page()
    document.put(words.say("list-title"), 16, "B")
    document.put(day.governorate.arabic if locale == "ar" else day.governorate.english, 12)
    document.put(dates.weekday(day.sitting.opens_at), 12, "B")
    document.put(dates.hijri(day.sitting.opens_at), 11)
    document.put(dates.gregorian(day.sitting.opens_at), 11, gap=3)
    if day.audiences:
        _table(document, rows_of(day, words), words, dates)
    else:
        document.put(words.say("list-empty"), 12)
    document.ln(3)
    document.put(words.say("list-private"), 9, grey=SOFT)
    return bytes(document.output())


def _table(document: Document, rows: list[Row], words: Words, dates: Dates) -> None:
    _headings(document, words)
    for row in rows:
        if document.get_y() + _TALLEST_ROW > document.page_break_trigger:
            document.add_page()
            _headings(document, words)
        _row(
            document,
            (
                (dates.time(row.starts_at), row.reference),
                (row.name, row.id_last_four),
                (row.place,),
                (row.party,),
                (row.priorities,),
                (row.state,),
            ),
        )


def _headings(document: Document, words: Words) -> None:
    document.set_fill_color(_SHADE)
    document.rect(_MARGIN, document.get_y(), sum(_WIDTHS), 2 * _LINE + 2 * _GAP, style="F")
    _row(
        document,
        (
            (words.say("list-time"), words.say("list-reference")),
            (words.say("list-name"), words.say("list-id")),
            (words.say("list-place"),),
            (words.say("list-party"),),
            (words.say("list-priorities"),),
            (words.say("list-state"),),
        ),
        "B",
    )


def _row(document: Document, cells: tuple[tuple[str, ...], ...], style: Style = "") -> None:
    """Each cell's texts below each other, and a thin line below all."""
    document.set_font(FAMILY, style, _POINTS)
    document.set_text_color(INK)
    top, deepest, offset = document.get_y() + _GAP, 0.0, 0.0
    for width, texts in zip(_WIDTHS, cells, strict=True):
        document.set_y(top)
        for text in filter(None, texts):
            document.set_x(_x(document, offset, width))
            document.multi_cell(width, _LINE, as_printed(text), align=document.start, new_x="LMARGIN", new_y="NEXT")
        deepest, offset = max(deepest, document.get_y()), offset + width
    document.set_y(max(deepest, top + 2 * _LINE) + _GAP)
    document.set_draw_color(170)
    document.set_line_width(0.2)
    document.line(_MARGIN, document.get_y(), _MARGIN + sum(_WIDTHS), document.get_y())


def _x(document: Document, offset: float, width: float) -> float:
    """The left edge of a cell: the first column is at the right in Arabic."""
    return _SHEET[0] - _MARGIN - offset - width if document.rtl else _MARGIN + offset
