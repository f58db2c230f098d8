"""The bounded model of the handshake: what is claimed holds in every state, and each seeded mistake is found.

`make model` prints the same as a table. The model is tests/model/handshake.maude, of docs/end-to-end.md.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from model import rows
from model.checker import MODEL, CheckerFailed, search
from model.rows import Row
from support.house import ROOT


def named(row: Row) -> str:
    return f"{row.title} ({row.scenario.title}): {row.breaks or row.reaches or 'held'}"


@pytest.mark.parametrize("row", rows.DEFINITION, ids=named)
def test_the_definition_holds(row: Row) -> None:
    finding = search(row)
    assert finding.broken == set()
    # All states were walked, and they are many: a scenario in which nothing can happen has one.
    assert finding.states > 500


@pytest.mark.parametrize("row", rows.REACHED, ids=named)
def test_the_model_can_do_something(row: Row) -> None:
    finding = search(row)
    assert finding.reached
    assert len(finding.way) >= 3


@pytest.mark.parametrize("row", [*rows.MISTAKES, *rows.NOT_PROMISED], ids=named)
def test_a_seeded_mistake_is_found(row: Row) -> None:
    finding = search(row)
    assert finding.broken == {row.breaks}
    assert finding.way, "the way there is shown"


@pytest.mark.parametrize("row", rows.REDUNDANT, ids=named)
def test_what_stands_behind_a_check_holds(row: Row) -> None:
    assert search(row).broken == set()


def test_every_claim_can_be_broken() -> None:
    assert {row.breaks for row in rows.MISTAKES} == set(rows.CLAIMS) == set(rows.ALL)


def test_every_switch_is_used() -> None:
    [declared] = re.findall(r"ops ([a-z\s-]+) : -> Switch \[ctor\]", MODEL.read_text())
    assert {switch for row in rows.MISTAKES for switch in row.left_out} == set(declared.split())


@pytest.mark.parametrize(
    "definition",
    [
        'payload `{"v":1,"sid","iat","role":"citizen","to","chain"?, "fp","pk","hc"}`',
        'payload `{"v":1,"sid","iat","role":"office","to","chain","hi","fp","ct","n"}`',
        '| `hc` | b64(SHA-256("tawasul/1 commit" ‖ n_A))',
        "to `pk`; `info` = SHA-256(init's JWS)",
        "TH            = SHA-256(LP(\"tawasul/1 transcript\") ‖ LP(init's JWS) ‖ LP(resp's JWS) ‖ LP(n_A))",
        "K(label, L)   = HKDF-SHA-256(ikm = ss, salt = TH, info = label, L)",
        'mac in reveal = HMAC-SHA-256(K("tawasul/1 confirm citizen", 32), TH)',
        'mac in conf   = HMAC-SHA-256(K("tawasul/1 confirm office", 32), TH)',
    ],
)
def test_the_model_is_of_what_is_defined(definition: str) -> None:
    # Whoever changes one of these changes the model too.
    assert definition in (ROOT / "docs" / "end-to-end.md").read_text()


def test_a_model_that_is_only_half_understood_proves_nothing(tmp_path: Path) -> None:
    half = tmp_path / "handshake.maude"
    half.write_text(MODEL.read_text().replace("  op signer : Init -> Key .\n", ""))
    with pytest.raises(CheckerFailed, match="finds fault with the model"):
        search(rows.DEFINITION[0], half)


def test_a_missing_checker_is_said(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "model")],
        env={**os.environ, "PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "Maude is not there" in done.stderr
