"""The bench of calls on bad lines bears what happens in an hour and a half: processes that end, runs in parts."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from support.bench_machine import Conditions
from support.bench_media_cells import CELLS, Ends, Way
from support.bench_media_cpu import cpu_table
from support.bench_media_ends import PageEnd
from support.bench_media_processes import BrowserNotFound, Processor, browser_among
from support.bench_media_program import BENCH, PAGES, measured_files, program
from support.bench_media_report import document, table
from support.bench_media_results import Call, Figures
from support.bench_media_results import write as keep_calls
from support.house import ROOT, name

MARK = "--end-of-call=citizen"
THEN = Conditions(date="then", commit="abc", machine="one", load="0.1 before, 0.2 after", versions="Chromium 1")
FIGURES = Figures("A", 3.5, 0.98, 0.001, 0.12, 0.0, 30.0, 720.0, 0.4, 1_900_000.0, 0.8)
WORKS = "import sys\nsum(range(3_000_000))\nprint(flush=True)\nsys.stdin.readline()"
"""Uses some CPU, says so, and stays until it is told to go."""


def a_process(*words: str) -> subprocess.Popen[bytes]:
    """One that has done its work, and waits."""
    process = subprocess.Popen([sys.executable, "-c", WORKS, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    return process


def become_a_zombie(process: subprocess.Popen[bytes]) -> None:
    """Let it end, and do not ask how it ended: its entry stands."""
    assert process.stdin is not None
    process.stdin.close()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert psutil.Process(process.pid).status() == psutil.STATUS_ZOMBIE


@pytest.fixture
def zombie() -> Iterator[psutil.Process]:
    process = a_process(MARK)
    become_a_zombie(process)
    yield psutil.Process(process.pid)
    process.wait()


def test_the_browser_is_found_among_helpers_and_those_that_have_ended(zombie: psutil.Process) -> None:
    with pytest.raises(psutil.ZombieProcess):
        zombie.cmdline()
    helper, browser = a_process("--type=renderer", MARK), a_process(MARK)
    processes = [zombie, *(psutil.Process(each.pid) for each in (helper, browser))]
    assert browser_among(processes, MARK).pid == browser.pid
    with pytest.raises(BrowserNotFound, match=r"--end-of-call=office"):
        browser_among(processes, "--end-of-call=office")
    for each in (helper, browser):
        each.communicate()


def test_what_a_process_used_is_not_forgotten_when_it_ends() -> None:
    process = a_process()
    processor = Processor(psutil.Process(process.pid))
    before = processor.seconds()
    assert before > 0
    become_a_zombie(process)
    assert processor.seconds() >= before
    process.wait()
    assert processor.seconds() >= before, "it is gone, and what it used stands"


def test_a_browser_that_has_ended_costs_no_call(zombie: psutil.Process) -> None:
    end = PageEnd(page=None, processor=Processor(zombie))  # type: ignore[arg-type]
    assert end.cpu() == end.cpu() > 0


def test_the_program_is_what_is_measured_and_nothing_else(tmp_path: Path) -> None:
    measured = {name(path) for path in measured_files(Ends.KIOSK)}
    assert {f"tests/support/{each}" for each in BENCH} < measured
    assert {"kiosk_client/peer.py", "tawasul/e2ee/sframe.py", "tawasul/web/static/js/call/negotiation.js"} < measured
    assert not [each for each in measured if each.startswith("docs/") or each.endswith(".md")]
    assert all(path.is_file() for path in measured_files(Ends.KIOSK))
    browsers = {name(path) for path in measured_files(Ends.BROWSERS)}
    assert measured - browsers == {each for each in measured if each.endswith(".py") and not each.startswith("tests/")}
    assert browsers == {name(path) for path in measured_files(Ends.BROWSERS_RED)}
    one, other = tmp_path / "one.py", tmp_path / "other.js"
    one.write_text("a")
    other.write_text("b")
    word = program([one, other], tmp_path)
    assert program([other, one], tmp_path) == word
    other.write_text("c")
    assert program([one, other], tmp_path) != word, "what is in a file counts"
    other.write_text("b")
    other.rename(tmp_path / "third.js")
    assert program([one, tmp_path / "third.js"], tmp_path) != word, "and so does its name"


def test_every_module_that_a_measured_page_loads_is_of_the_program() -> None:
    """By following imports, as a browser does."""
    measured, followed = {path.resolve() for path in measured_files(Ends.BROWSERS)}, set[Path]()
    told = re.findall(r"\$\{scripts\}/([\w/-]+\.js)", (ROOT / "tests/support/bench_media_page.js").read_text())
    coming = [(ROOT / PAGES / each).resolve() for each in told]
    while coming:
        followed.add(module := coming.pop())
        here = re.findall(r"""(?:from|import|URL\()\s*\(?["'](\.{1,2}/[\w/-]+\.js)["']""", module.read_text())
        coming += {(module.parent / each).resolve() for each in here} - followed
    assert len(followed) > 5
    assert followed <= measured


def test_every_module_of_the_bench_is_of_the_program_or_only_shows() -> None:
    shows = {
        "bench_media.py",
        *(f"bench_media_{each}.py" for each in ("cpu", "plot", "program", "report", "results", "targets")),
    }
    assert {path.name for path in (ROOT / "tests/support").glob("bench_media*")} == shows | {
        each for each in BENCH if each.startswith("bench_media")
    }


def test_a_call_stands_whatever_the_commit_as_long_as_the_program_is_the_same() -> None:
    call = Call("clean", Ends.BROWSERS, 1, THEN, "abcdef", 0.3, (FIGURES, FIGURES))
    assert call.stands("abcdef", replace(THEN, commit="def with uncommitted changes", date="now", load="2"))
    assert not call.stands("fedcba", THEN)
    assert not call.stands("abcdef", replace(THEN, versions="Chromium 2"))
    assert not call.stands("abcdef", replace(THEN, machine="another"))


def calls() -> list[Call]:
    """One of two browsers and one of the kiosk's, on the clean line."""
    kiosk = replace(FIGURES, way=Way.FROM_KIOSK, cpu=0.6, height=540.0)
    chromium = replace(FIGURES, way=Way.TO_KIOSK, cpu=0.7)
    return [
        Call("clean", Ends.BROWSERS, 1, THEN, "abcdef", 0.3, (FIGURES, replace(FIGURES, cpu=1.0))),
        Call("clean", Ends.KIOSK, 1, THEN, "abcdef", 0.3, (kiosk, chromium)),
        Call("loss-20", Ends.KIOSK, 1, THEN, "abcdef", 0.3, (replace(kiosk, cpu=9.0), chromium)),
    ]


def test_the_kiosk_s_processor_time_stands_beside_the_browser_s() -> None:
    rows = cpu_table(calls())
    assert rows[2:] == [
        # 0.9 of a core for 30 pictures a second each way, of 1280 by 720: 16.3 ns a pixel.
        "| Chromium, with Chromium (A) | 0.90 (0.80–1.00) | 720, 30, 1900 | 720, 30, 1900 | 16.3 (14.5–18.1) |",
        "| Chromium, with the kiosk | 0.70 (0.70–0.70) | 720, 30, 1900 | 540, 30, 1900 | 16.2 (16.2–16.2) |",
        "| the kiosk, with Chromium | 0.60 (0.60–0.60) | 540, 30, 1900 | 720, 30, 1900 | 13.9 (13.9–13.9) |",
    ]


def test_it_stands_in_the_document_and_is_told_to_who_waits(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    keep_calls(tmp_path / "calls.jsonl", calls())
    document(tmp_path / "calls.jsonl", tmp_path)
    text = (tmp_path / "benchmarks.md").read_text()
    assert "### Processor time of an end\n" in text
    assert all(row in text for row in cpu_table(calls()))
    assert "- Program (tests/support/bench_media_program.py): abcdef\n" in text
    assert "the kiosk, with Chromium" in table(calls())
    assert cpu_table([call for call in calls() if call.cell != "clean"]) == []


def test_a_call_without_pictures_has_no_cost_of_a_pixel() -> None:
    nothing = replace(FIGURES, frame_rate=0.0, height=0.0)
    (row,) = cpu_table([Call("clean", Ends.BROWSERS, 1, THEN, "abcdef", 0.3, (nothing, nothing))])[2:]
    assert row.endswith("| 0, 0, 1900 | – |")
    assert "clean" in CELLS
