"""The probe, every row of it: ours does what is right. Beside it coturn, which is told in docs/relay-probe.md."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.probe_bed import OURS, PLAIN, RENDERED
from support.probe_report import DOCUMENT, NOT_RUN, PARTS, Result, probed, rendered, update
from support.probe_table import ROWS

STRANGERS = 2_000


@pytest.mark.timeout(300)
def test_ours_does_what_is_right(tmp_path: Path) -> None:
    results = probed(tmp_path, STRANGERS, (OURS, PLAIN))
    assert [result.row for result in results] == list(ROWS)
    wrong = {result.row.name: (result.told[OURS], result.row.right) for result in results if not result.right(OURS)}
    assert not wrong
    # Else the victims are blind, and the silence of ours would prove nothing.
    assert sum("a packet at the victim" in result.told[PLAIN] for result in results) >= 10


def test_the_document_is_of_these_rows() -> None:
    text = DOCUMENT.read_text()
    missing = [row.name for row in ROWS if f"| {row.name} | {row.about} | {row.right} |" not in text]
    assert not missing, "make probe writes it"
    assert len(ROWS) >= 50
    assert len({(row.subject, row.name) for row in ROWS}) == len(ROWS)


def test_what_is_not_right_stands_out_and_other_parts_are_kept(tmp_path: Path) -> None:
    document = tmp_path / "relay-probe.md"
    told = {OURS: ROWS[0].right, PLAIN: "success", RENDERED: "broken off: OSError"}
    update("soak", "figures of the soak", document)
    update("probe", rendered([Result(ROWS[0], told)], "4.6.1"), document)
    text = document.read_text()
    assert f"| {ROWS[0].right} | {ROWS[0].right} | **success** | **broken off: OSError** |" in text
    assert "| 1 of 1 | 0 of 1 | 0 of 1 |" in text
    assert "figures of the soak" in text
    assert text.count(NOT_RUN) == len(PARTS) - 2
