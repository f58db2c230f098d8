"""A PDF document of ours: the typeface, the direction of its language, and lines that copy as they read.

Lines are put from the start of the line: the right edge in Arabic, the left one in English.
"""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import Final, Literal

import segno
from fpdf import FPDF

from tawasul.papers.typeface import FAMILY, Typeface
from tawasul.web.words import Locale

Style = Literal["", "B"]

INK: Final = 20
SOFT: Final = 90
"""Grey, 0 to 255: 7 to 1 on white paper."""


class Document(FPDF):
    """``size`` is (width, height) in millimetres."""

    def __init__(
        self, typeface: Typeface, locale: Locale, title: str, size: tuple[float, float], margin: float
    ) -> None:
        super().__init__(orientation="portrait", unit="mm", format=size)
        self.locale: Locale = locale
        self.rtl: Final = locale == "ar"
        self.start: Final = "R" if self.rtl else "L"
        for style, path in typeface.files().items():
            self.add_font(FAMILY, style, path)
        self.set_lang(locale)
        self.set_title(title)
        self.set_producer("Tawasul")
        self.set_margin(margin)
        self.set_auto_page_break(auto=True, margin=margin)
        # Joined glyphs of Latin ("fi") copy badly for the same reason as those of Arabic; and where two glyphs are
        # moved towards each other, Chromium's reader sees the end of a line.
        features = {"liga": False, "kern": False}
        self.set_text_shaping(use_shaping_engine=True, features=features, direction="rtl" if self.rtl else "ltr")

    def made_at(self, now: datetime) -> None:
        """The day in the document's properties: fpdf2 would ask the machine's clock."""
        self.set_creation_date(now)

    def put(self, text: str, size: float, style: Style = "", *, grey: int = INK, gap: float = 0) -> None:
        """One paragraph, ``size`` in points, ``gap`` in millimetres below it."""
        self.set_font(FAMILY, style, size)
        self.set_text_color(grey)
        self.multi_cell(0, size * 0.5, as_printed(text), align=self.start, new_x="LMARGIN", new_y="NEXT")
        if gap:
            self.ln(gap)

    def rule(self, gap: float) -> None:
        """A thin line from margin to margin, ``gap`` millimetres above and below."""
        self.set_y(self.get_y() + gap)
        self.set_draw_color(170)
        self.set_line_width(0.2)
        self.line(self.l_margin, self.get_y(), self.w - self.r_margin, self.get_y())
        self.set_y(self.get_y() + gap)

    def qr(self, code: segno.QRCode, x: float, y: float, width: float) -> None:
        """The code as black squares within a quiet zone of four (ISO/IEC 18004), ``width`` with it, in millimetres."""
        rows = [list(row) for row in code.matrix_iter(border=4)]
        unit = width / len(rows)
        self.set_fill_color(0)
        for down, row in enumerate(rows):
            across = 0
            while across < len(row):
                length = 1
                while across + length < len(row) and row[across + length] == row[across]:
                    length += 1
                if row[across]:
                    self.rect(x + across * unit, y + down * unit, length * unit, unit, style="F")
                across += length


def as_printed(text: str) -> str:
    """Without vowel marks and invisible marks: neither copies well, and print does without them."""
    return "".join(c for c in text if not (_is_vowel_mark(c) or unicodedata.category(c) == "Cf"))


def _is_vowel_mark(character: str) -> bool:
    return "\u064b" <= character <= "\u065f" or character == "\u0670"
