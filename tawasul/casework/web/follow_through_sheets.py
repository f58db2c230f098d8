"""The office's follow-through for a program of tables. What is too small to be said is a word there too, not a zero."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

from tawasul.casework.web.given_follow_through import AgencyLine, FollowThroughView, LineView, SatisfiedView
from tawasul.casework.web.given_parts import BothNames
from tawasul.papers.sheets import a_sheet, a_workbook, as_csv, finish_sheet, plain_text
from tawasul.web.words import Locale, Words, words_in

Cell = str | int | float | None
"""``None``: it is not asked of this line."""

_WIDTHS: Final = (14, 34, 10, 10, 10, 10, 10, 14, 14, 12, 12, 12)
_SHARE: Final = 8
"""The column that is a share: the workbook shows it as a percentage."""


def figures_csv(view: FollowThroughView, locale: Locale) -> bytes:
    """One table: the region, governorates, agencies, weeks by their Sunday, then what was spared."""
    words = words_in(locale)
    weeks: list[list[Cell]] = [
        [words.say("follow-sheet-week"), each.begins.isoformat(), None, None, each.opened, None, each.closed]
        for each in view.weeks
    ]
    spared: list[list[Cell]] = [[words.say("follow-sheet-spared"), name, count] for name, count in _spared(view, words)]
    width = len(_WIDTHS)
    rows = [row + [None] * (width - len(row)) for row in [*_lines(view, words), *weeks, *spared]]
    return as_csv([_headings(words), *([_in_csv(cell) for cell in row] for row in rows)])


def figures_xlsx(view: FollowThroughView, locale: Locale, made_at: datetime) -> bytes:
    """A workbook: what stands where, the weeks, and what was spared, a sheet each."""
    words = words_in(locale)
    file = io.BytesIO()
    with a_workbook(file, words.say("follow-title"), made_at) as book:
        share, day = book.add_format({"num_format": "0%"}), book.add_format({"num_format": "yyyy-mm-dd"})
        lines = _lines(view, words)
        sheet = a_sheet(book, words.say("follow-title"), _headings(words), _WIDTHS, locale)
        _write(sheet, lines, lambda column: share if column == _SHARE else None)
        finish_sheet(sheet, len(lines), len(_WIDTHS))

        heads = [words.say("follow-sheet-week"), words.say("follow-opened"), words.say("follow-closed")]
        sheet = a_sheet(book, words.say("follow-weeks"), heads, (14, 10, 10), locale)
        for row, week in enumerate(view.weeks, 1):
            sheet.write_datetime(row, 0, week.begins, day)
        _write(sheet, [[None, each.opened, each.closed] for each in view.weeks], lambda _: None)
        finish_sheet(sheet, len(view.weeks), len(heads))

        heads = [words.say("follow-spared"), words.say("follow-count")]
        sheet = a_sheet(book, words.say("follow-spared"), heads, (34, 12), locale)
        spared: list[list[Cell]] = [[name, count] for name, count in _spared(view, words)]
        _write(sheet, spared, lambda _: None)
        finish_sheet(sheet, len(spared), len(heads))
    return file.getvalue()


def _headings(words: Words) -> list[str]:
    return [
        words.say("follow-sheet-of"),
        words.say("follow-sheet-name"),
        words.say("follow-open"),
        words.say("follow-overdue"),
        words.say("follow-opened"),
        words.say("follow-answered"),
        words.say("follow-closed"),
        words.say("follow-median"),
        words.say("follow-contested"),
        words.say("follow-satisfied-yes"),
        words.say("follow-satisfied-partly"),
        words.say("follow-satisfied-no"),
    ]


def _lines(view: FollowThroughView, words: Words) -> list[list[Cell]]:
    region, governorate, agency = (
        words.say("follow-sheet-region"),
        words.say("follow-sheet-governorate"),
        words.say("follow-sheet-agency"),
    )
    total: list[Cell] = [region, words.say("follow-all"), *_figures(view.total, words)]
    return [
        [*total, *_satisfied(view.satisfaction, words)],
        *([governorate, _name(at.name, words), *_figures(at, words), None, None, None] for at in view.governorates),
        *(
            [agency, _name_of(by, words), *_figures(by, words), *_satisfied(by.satisfaction, words)]
            for by in view.agencies
        ),
    ]


def _figures(line: LineView, words: Words) -> list[Cell]:
    few = words.say("follow-few")
    counts: list[Cell] = [line.open, line.overdue, line.opened, line.answered, line.closed]
    median, contested = line.median_days, line.contested_share
    return [*counts, few if median is None else median, few if contested is None else contested]


def _satisfied(satisfied: SatisfiedView | None, words: Words) -> list[Cell]:
    if satisfied is None:
        return [words.say("follow-few")] * 3
    return [satisfied.yes, satisfied.partly, satisfied.no]


def _spared(view: FollowThroughView, words: Words) -> list[tuple[str, int]]:
    return [
        (words.say("follow-spared-audiences"), view.spared.audiences),
        (words.say("follow-spared-kilometres"), view.spared.kilometres),
        (words.say("follow-spared-hours"), view.spared.hours),
    ]


def _name_of(line: AgencyLine, words: Words) -> str:
    return words.say("follow-no-agency") if line.name is None else _name(line.name, words)


def _name(name: BothNames, words: Words) -> str:
    return name.arabic if words.locale == "ar" else name.english


def _in_csv(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case str():
            return plain_text(cell)
        case _:
            return str(cell)


def _write(sheet: Any, rows: Sequence[Sequence[Cell]], form: Callable[[int], Any]) -> None:
    """Beneath the headings."""
    for line, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            match cell:
                case None:
                    continue
                case str():
                    sheet.write_string(line, column, cell)
                case _:
                    sheet.write_number(line, column, cell, form(column))
