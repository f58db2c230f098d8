"""``tawasul attestation verify`` as a person runs it, over the files that both languages' ends are tested by."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.command import tawasul

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "e2ee.json").read_text())
BY_NAME = {case["name"]: case for case in VECTORS["attestations"]}


def written(folder: Path, case: str) -> tuple[str, str]:
    file, anchor = folder / "call.json", folder / "anchor.json"
    file.write_text(json.dumps(BY_NAME[case]["file"]))
    anchor.write_text(json.dumps(VECTORS["anchor"]))
    return str(file), str(anchor)


async def test_what_both_signed_is_told_with_names_keys_and_times(tmp_path: Path) -> None:
    file, anchor = written(tmp_path, "both")
    answer = await tawasul(tmp_path, "attestation", "verify", file, "--anchor", anchor)
    assert (answer.status, answer.complained) == (0, "")
    assert "both ends signed the same call" in answer.said
    assert "urn:tawasul:madinah:kiosk:badr-1" in answer.said
    assert "urn:tawasul:madinah:office:emirate" in answer.said
    assert VECTORS["anchor_fingerprint"] in answer.said
    assert "no recorder ran" in answer.said


async def test_without_an_anchor_it_says_that_names_are_not_proven(tmp_path: Path) -> None:
    file, _ = written(tmp_path, "both")
    answer = await tawasul(tmp_path, "attestation", "verify", file)
    assert answer.status == 0
    assert "only what the ends said of themselves" in answer.said


@pytest.mark.parametrize("case", sorted(name for name, each in BY_NAME.items() if each.get("code")))
async def test_what_does_not_hold_is_refused_with_its_code(tmp_path: Path, case: str) -> None:
    file, anchor = written(tmp_path, case)
    answer = await tawasul(tmp_path, "attestation", "verify", file, "--anchor", anchor)
    assert (answer.status, answer.said) == (2, "")
    assert f"({BY_NAME[case]['code']})" in answer.complaints[0]


async def test_another_regions_anchor_and_a_file_that_is_none_are_refused(tmp_path: Path) -> None:
    file, anchor = written(tmp_path, "both")
    stranger = tmp_path / "stranger.json"
    stranger.write_text(json.dumps({**VECTORS["anchor"], "region": "qassim"}))
    for arguments in ((file, "--anchor", str(stranger)), (anchor,), (str(tmp_path / "none.json"),), ("/dev/zero",)):
        answer = await tawasul(tmp_path, "attestation", "verify", *arguments)
        assert answer.status == 2
        assert len(answer.complaints) == 1
