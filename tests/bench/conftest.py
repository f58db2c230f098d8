"""What every bench has: a place for its rows, and a way to say how far it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from support.bench import Row
from support.bench_document import Measured, update
from support.bench_machine import conditions, load
from support.house import ROOT

DOCUMENT = ROOT / "docs" / "benchmarks.md"


@pytest.fixture(scope="session")
def rows(request: pytest.FixtureRequest) -> Iterator[list[Measured]]:
    """All that was measured. At the end it is written, if benches were asked for (`-m bench`)."""
    measured: list[Measured] = []
    yield measured
    if request.config.option.markexpr == "bench" and measured:
        update(DOCUMENT, measured)


@pytest.fixture
def record(rows: list[Measured]) -> Callable[[list[Row]], None]:
    """Keeps the rows of one bench, with the conditions under which they were measured."""
    before = load()

    def recorded(new: list[Row]) -> None:
        now = conditions(before)
        rows.extend(Measured(row, now) for row in new)

    return recorded


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Says a line to whoever waits for the bench."""

    def said(line: str) -> None:
        with capsys.disabled():
            print(line, flush=True)

    return said
