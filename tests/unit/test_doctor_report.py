"""How the doctor says it: both languages, nothing read as markup, JSON with fixed names, and the exit status."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from tawasul.doctor import run_and_report
from tawasul.doctor.finding import Finding, Words, ok, warning, wrong
from tawasul.doctor.report import print_json, print_words
from tawasul.settings import ServerConfig, Settings

FINE = ok("disk", Words("There is room.", "توجد مساحة."))
NOTED = warning("camera", Words("There is none.", "لا توجد."), Words("Connect one.", "صِل واحدة."))
BROKEN = wrong(
    "folder", Words("/a[b]/c is open.", "المجلد مفتوح."), Words("Close it.", "أغلقه."), "chmod 700 '/a[b]/c'"
)


def said(*findings: Finding) -> str:
    screen = io.StringIO()
    print_words(findings, Console(file=screen, width=200, highlight=False))
    return screen.getvalue()


def test_both_languages_and_the_command_as_it_is_typed() -> None:
    text = said(FINE, NOTED, BROKEN)
    for part in (
        "✓ ok",
        "! warning",
        "✗ wrong",
        "المجلد مفتوح.",
        "/a[b]/c is open.",
        "→ Close it.",
        "chmod 700 '/a[b]/c'",
    ):
        assert part in text
    assert "To be mended: 1. Warnings: 1." in text


def test_a_warning_alone_is_nothing_wrong() -> None:
    assert "Nothing is wrong. Warnings: 1." in said(FINE, NOTED)
    assert "لا يوجد خلل." in said(FINE)


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    print_json([FINE, BROKEN])
    assert json.loads(capsys.readouterr().out) == {
        "ok": False,
        "findings": [
            {"name": "disk", "state": "ok", "sentence": {"en": "There is room.", "ar": "توجد مساحة."}, "mend": None},
            {
                "name": "folder",
                "state": "wrong",
                "sentence": {"en": "/a[b]/c is open.", "ar": "المجلد مفتوح."},
                "mend": {"en": "Close it.", "ar": "أغلقه.", "command": "chmod 700 '/a[b]/c'"},
            },
        ],
    }


def test_a_terminal_without_arabic_letters(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tawasul.cli", "doctor"],
        env={**os.environ, "PYTHONIOENCODING": "ascii", "TAWASUL_DIRECTORY": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert f"{sys.version_info.major}.{sys.version_info.minor}" in done.stdout
    assert "This could not be looked at" not in done.stdout


@pytest.mark.parametrize(("mode", "status"), [(0o700, 0), (0o755, 1)])
def test_the_exit_status(tmp_path: Path, capsys: pytest.CaptureFixture[str], mode: int, status: int) -> None:
    tmp_path.chmod(mode)
    settings = Settings.model_validate({"directory": tmp_path, "server": ServerConfig(port=0), "relay": {"port": 0}})
    assert run_and_report(settings) == status
    assert ("chmod 700" in capsys.readouterr().out) == bool(status)
