"""Calls across networks: heard and seen at both ends, over the relay where there is no other way.

The quick ones are in `make test`; all of them are run by `make matrix`, which writes docs/networks.md.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from support.house import ROOT
from support.network_bed import network_bed
from support.network_kinds import Kind
from support.network_matrix import AT_HOME, BY_COTURN, CELLS, Cell, Row, read, rendered, update
from support.network_reports import LEAST_PICTURES, LEAST_SOUND, CallReport, EndReport

DOCUMENT = ROOT / "docs" / "networks.md"
QUICK = (
    Cell(Kind.ADDRESS_DEPENDENT, Kind.PORT_RESTRICTED),
    Cell(Kind.PORT_RESTRICTED, Kind.SYMMETRIC, scene=BY_COTURN),
    Cell(Kind.ONLY_TCP_443, Kind.PORT_RESTRICTED),
    Cell(Kind.UDP_BLOCKED, Kind.SYMMETRIC, scene=AT_HOME),
)
BY_NO_OTHER = {Kind.UDP_BLOCKED: "relay by TCP", Kind.ONLY_TCP_443: "relay by TLS"}
"""How a citizen's end speaks with the relay behind these."""


def called(cell: Cell, folder: Path) -> CallReport:
    """The call of a cell, which must come about."""
    with network_bed() as bed:
        report = cell.call(bed, folder)
    assert report.lacks is None
    assert report.citizen is not None
    assert report.office is not None
    # Each end sends by the pair that it has settled on; on a bad line that need not be the same one.
    possible = {"relay"} if cell.needs_relay else {"relay", "reflexive"}
    assert {(path or "none").partition(" ")[0] for path in (report.citizen.path, report.office.path)} <= possible
    if cell.citizen in BY_NO_OTHER:
        assert report.citizen.path == BY_NO_OTHER[cell.citizen]
    return report


@pytest.mark.realtime
@pytest.mark.timeout(500)
@pytest.mark.parametrize("cell", QUICK, ids=lambda cell: cell.name)
def test_a_call_across_two_networks(cell: Cell, tmp_path: Path) -> None:
    called(cell, tmp_path)


@pytest.mark.matrix
@pytest.mark.timeout(500)
@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: cell.name)
def test_the_matrix(cell: Cell, tmp_path: Path) -> None:
    update(DOCUMENT, Row(cell.name, called(cell, tmp_path)))


def test_the_document_is_of_these_cells() -> None:
    text = DOCUMENT.read_text()
    assert text == rendered(read(DOCUMENT)), "make matrix writes it"
    assert len({cell.name for cell in CELLS}) == len(CELLS)


def test_a_row_is_kept_replaced_and_never_green_without_a_run(tmp_path: Path) -> None:
    document = tmp_path / "networks.md"
    first, second = CELLS[0], CELLS[1]
    end = EndReport("relay", 90, 5.0)
    update(document, Row(first.name, CallReport(None, end, end, 2.5, 1)))
    update(document, Row(second.name, CallReport(None, end, end, 7.5, 2)))
    update(document, Row(first.name, CallReport(None, end, end, 3.5, 1)))
    update(document, Row("a cell that there was once", CallReport(None, end, end, 1.0, 1)))
    lines = [line for line in document.read_text().splitlines() if line.startswith(("| full", "| addr", "| port"))]
    assert "| relay | 3.5 s | 90, 90 | 5.0 s, 5.0 s |" in lines[0]
    assert "| relay (attempt 2) | 7.5 s |" in lines[1]
    assert "not run yet" in lines[2]
    assert {row.cell for row in read(document)} == {first.name, second.name}


ENOUGH = EndReport("relay", LEAST_PICTURES, LEAST_SOUND)


@pytest.mark.parametrize(
    ("report", "side"),
    [
        (CallReport("citizen: not decoded", None, ENOUGH), "citizen"),
        (CallReport(None, None, ENOUGH), "citizen"),
        (CallReport(None, replace(ENOUGH, pictures=LEAST_PICTURES - 1), ENOUGH), "citizen"),
        (CallReport(None, replace(ENOUGH, seconds=LEAST_SOUND - 0.1), ENOUGH), "citizen"),
        (CallReport(None, ENOUGH, replace(ENOUGH, seconds=LEAST_SOUND - 0.1)), "office"),
        (CallReport(None, ENOUGH, replace(ENOUGH, pictures=LEAST_PICTURES - 1, seconds=None)), "office"),
    ],
    ids=["no call", "no citizen", "few pictures", "little sound", "at the office", "in Chromium"],
)
def test_a_call_that_proves_too_little_is_no_row(report: CallReport, side: str) -> None:
    assert (report.lacks or "").startswith(f"{side}: ")
    assert rendered([Row(CELLS[0].name, report)]) == rendered([])


def test_a_call_that_proves_enough_is_a_row_without_a_count_of_sound_too() -> None:
    report = CallReport(None, ENOUGH, replace(ENOUGH, seconds=None), 2.0, 1)
    assert report.lacks is None
    assert "| 30, 30 | 2.0 s, – |" in rendered([Row(CELLS[0].name, report)])
