"""Lists for a program of tables: CSV (RFC 4180) and XLSX (ECMA-376).

What people typed never becomes a formula: in the CSV a text that a program could take for one begins with an
apostrophe (OWASP, CSV Injection); in the workbook every text is written as a text.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final

from tawasul.web.words import Locale

_BEGINS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "|", "%")
_BYTE_ORDER_MARK: Final = "\ufeff"
"""Without it Excel takes UTF-8 for the machine's old code page."""
_A4: Final = 9
_HEADING: Final = {"bold": True, "bg_color": "#EFF2F0", "bottom": 1, "text_wrap": True}


def plain_text(text: str) -> str:
    """What people typed, as a cell of a CSV that no program takes for a formula."""
    return f"'{text}" if text.lstrip().startswith(_BEGINS_A_FORMULA) else text


def as_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with a byte order mark, lines ended by CRLF, every cell in quotes."""
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rows)
    return (_BYTE_ORDER_MARK + text.getvalue()).encode()


@contextmanager
def a_workbook(file: io.BytesIO, title: str, made_at: datetime) -> Iterator[Any]:
    """A workbook in which a text stays a text. It is in ``file`` afterwards."""
    # Here, since a server that is asked for no workbook need not load what writes them.
    import xlsxwriter

    how = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(file, how) as book:
        book.set_properties({"title": title, "created": made_at.replace(tzinfo=None)})
        yield book


def a_sheet(book: Any, name: str, headings: Sequence[str], widths: Sequence[int], locale: Locale) -> Any:
    """A sheet with its headings, from right to left in Arabic. ``widths`` of its columns in characters."""
    sheet = book.add_worksheet(name)
    if locale == "ar":
        sheet.right_to_left()
    heading = book.add_format(_HEADING)
    for column, (title, width) in enumerate(zip(headings, widths, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, title, heading)
    return sheet


def finish_sheet(sheet: Any, rows: int, columns: int) -> None:
    """The headings stay in sight and can be filtered by; on paper A4 lying, all columns on a page."""
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(1, rows), columns - 1)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
