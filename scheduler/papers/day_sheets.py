"""The list of the day for a program of tables: CSV and XLSX."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any, Final

from scheduler.papers.day_list import DayList
from scheduler.papers.day_rows import Row, rows_of
from tawasul.papers.sheets import a_sheet, a_workbook, as_csv, finish_sheet, plain_text
from tawasul.web.words import Locale, Words, words_in

_WIDTHS: Final = (12, 12, 9, 9, 13, 32, 11, 11, 22, 34, 22, 18, 11)
"""Characters, in the order of the columns."""


def day_csv(day: DayList, locale: Locale) -> bytes:
    """Times as ISO 8601 with their zone."""
    words = words_in(locale)
    return as_csv([_headings(words), *([_in_csv(cell) for cell in _cells(row)] for row in rows_of(day, words))])


def day_xlsx(day: DayList, locale: Locale) -> bytes:
    """A workbook of one sheet; days and times are real ones, on Riyadh's clock."""
    words = words_in(locale)
    rows = rows_of(day, words)
    file = io.BytesIO()
    with a_workbook(file, words.say("list-title"), day.made_at) as book:
        sheet = a_sheet(book, words.say("list-sheet"), _headings(words), _WIDTHS, locale)
        formats = {
            "day": book.add_format({"num_format": "yyyy-mm-dd", "align": "center"}),
            "time": book.add_format({"num_format": "hh:mm", "align": "center"}),
        }
        text = book.add_format({"num_format": "@"})
        for line, row in enumerate(rows, 1):
            for column, cell in enumerate(_cells(row)):
                _write(sheet, line, column, cell, formats, text)
        finish_sheet(sheet, len(rows), len(_WIDTHS))
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
            return plain_text(cell)


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
