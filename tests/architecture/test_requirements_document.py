"""docs/requirements.md has every number once, in order, with where it stands, and every number named elsewhere."""

import re
from pathlib import Path

import pytest
from support.house import PACKAGES, ROOT, files, name

DOCUMENT = ROOT / "docs" / "requirements.md"
ROW = re.compile(r"^\| ([RFM])(\d+) \| (?P<wish>.+?) \| (?P<stands>.+?) \|$", re.MULTILINE)
LAST = {"R": 20, "F": 113, "M": 16}

# A number as people write it, and not part of a longer word; ruff's rules and drawn paths have letters like ours.
NAMED = re.compile(r"(?<![\w#-])([RFM])([1-9]\d{0,2})(?![\w-])")
NO_NUMBERS = re.compile(r"#\s*noqa:[^#\n]*|\sd=\"[^\"]*\"")


def rows() -> list[re.Match[str]]:
    """The table's rows."""
    return list(ROW.finditer(DOCUMENT.read_text()))


@pytest.mark.parametrize("letter", LAST)
def test_numbers_run_without_a_gap(letter: str) -> None:
    numbers = [int(row[2]) for row in rows() if row[1] == letter]
    assert numbers == list(range(1, LAST[letter] + 1))


def test_every_line_that_looks_like_a_row_is_one() -> None:
    begun = re.findall(r"^\| [RFM]\d+ ", DOCUMENT.read_text(), re.MULTILINE)
    assert len(begun) == len(rows()) == sum(LAST.values())


def test_every_wish_says_where_it_stands() -> None:
    vague = [
        row[0]
        for row in rows()
        if not re.match(r"Here: \S|Begun: .+\w\. .*comes? with |Planned: with \w", row["stands"])
        or len(row["wish"]) < 20
    ]
    assert vague == []


def test_every_number_named_elsewhere_is_there() -> None:
    known = {f"{row[1]}{row[2]}" for row in rows()}
    sources = [
        *files(*PACKAGES, "tests", "docs", "scripts", "deploy", "alembic", suffixes=(".py", ".md", ".js", ".css")),
        *files(*PACKAGES, suffixes=(".html",)),
        *files(".", suffixes=("README.md", "ARCHITECTURE.md")),
    ]
    unknown = {
        f"{name(path)}: {letter}{number}"
        for path in sources
        if path not in {Path(__file__), DOCUMENT}
        for letter, number in NAMED.findall(NO_NUMBERS.sub("", path.read_text()))
        if f"{letter}{number}" not in known
    }
    assert unknown == set()
