"""The list of the day for a program of tables: CSV (RFC 4180) and XLSX (ECMA-376).

What people typed never becomes a formula: in the CSV a text that a program could take for one begins with an
apostrophe (OWASP, CSV Injection); in the workbook every text is written as a text.
"""

from __future__ import annotations

import csv
import io
from datetime import datetime
from typing import Any, Final

import xlsxwriter

from scheduler.papers.day_list import DayList
from scheduler.papers.day_rows import Row, rows_of
from tawasul.web.words import Locale, Words, words_in

_BEGINS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "|", "%")
_BYTE_ORDER_MARK: Final = "\ufeff"
"""Without it Excel takes UTF-8 for the machine's old code page."""

_WIDTHS: Final = (12, 12, 9, 9, 13, 32, 11, 11, 22, 34, 22, 18, 11)
"""Characters, in the order of the columns."""


def day_csv(day: DayList, locale: Locale) -> bytes:
    """UTF-8 with a byte order mark, lines ended by CRLF, times as ISO 8601 with their zone."""
    words = words_in(locale)
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(_headings(words))
    for row in rows_of(day, words):
        writer.writerow([_in_csv(cell) for cell in _cells(row)])
    return (_BYTE_ORDER_MARK + text.getvalue()).encode()


def day_xlsx(day: DayList, locale: Locale) -> bytes:
    """A workbook of one sheet, from right to left in Arabic; days and times are real ones, on Riyadh's clock."""
    words = words_in(locale)
    rows = rows_of(day, words)
    file = io.BytesIO()
    with xlsxwriter.Workbook(
        file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    ) as book:
        book.set_properties({"title": words.say("list-title"), "created": day.made_at.replace(tzinfo=None)})
        sheet = book.add_worksheet(words.say("list-sheet"))
        if locale == "ar":
            sheet.right_to_left()
        heading = book.add_format({"bold": True, "bg_color": "#EFF2F0", "bottom": 1, "text_wrap": True})
        formats = {
            "day": book.add_format({"num_format": "yyyy-mm-dd", "align": "center"}),
            "time": book.add_format({"num_format": "hh:mm", "align": "center"}),
        }
        text = book.add_format({"num_format": "@"})
        for column, (title, width) in enumerate(zip(_headings(words), _WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, title, heading)
        for line, row in enumerate(rows, 1):
            for column, cell in enumerate(_cells(row)):
                _write(sheet, line, column, cell, formats, text)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(1, len(rows)), len(_WIDTHS) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
    return file.getvalue()


def _headings(words: Words) -> list[str]:
    return [
        words.say("list-day"),
        words.say("list-hijri-day"),
        words.say("list-starts"),
        words.say("list-ends"),
        words.say("list-reference"),
        words.say("list-name"),
        words.say("list-id"),
        words.say("list-mobile"),
        words.say("list-place"),
        words.say("list-party"),
        words.say("list-priorities"),
        words.say("list-state"),
        words.say("list-arrived"),
    ]


class _Day(datetime):
    """A moment of which the day is shown."""


def _cells(row: Row) -> list[str | datetime | None]:
    return [
        _Day(row.starts_at.year, row.starts_at.month, row.starts_at.day),
        row.hijri_day,
        row.starts_at,
        row.ends_at,
        row.reference,
        row.name,
        row.id_last_four,
        row.mobile_last_four,
        row.place,
        row.party,
        row.priorities,
        row.state,
        row.arrived_at,
    ]


def _in_csv(cell: str | datetime | None) -> str:
    match cell:
        case None:
            return ""
        case _Day():
            return cell.date().isoformat()
        case datetime():
            return cell.isoformat()
        case _:
            return f"'{cell}" if cell.lstrip().startswith(_BEGINS_A_FORMULA) else cell


def _write(sheet: Any, line: int, column: int, cell: str | datetime | None, formats: dict[str, Any], text: Any) -> None:
    match cell:
        case None:
            sheet.write_blank(line, column, None, text)
        case _Day():
            sheet.write_datetime(line, column, cell, formats["day"])
        case datetime():
            # A workbook knows no zones: what stands in it is what the clock in Riyadh shows.
            sheet.write_datetime(line, column, cell.replace(tzinfo=None), formats["time"])
        case _:
            sheet.write_string(line, column, cell, text)
