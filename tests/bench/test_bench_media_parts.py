"""The bench of calls on bad lines measures what it says: the judge, the line, the plots, the document."""

from __future__ import annotations

import contextlib
import json
import re
import socket
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from support.bench import Row
from support.bench_document import Measured, read, update, update_part
from support.bench_machine import Conditions
from support.bench_media_cells import CELLS, FULL, PIECE, SHORT, Cell, Ends, Way
from support.bench_media_judge import delay_of, frozen_seconds, judge_pictures, moment, parted, silent_share
from support.bench_media_link import an_emulated_line
from support.bench_media_plot import Point, Series, plotted
from support.bench_media_report import FIGURES as FIGURES_OF_A_CALL
from support.bench_media_report import document, table
from support.bench_media_results import Call, Figures
from support.bench_media_results import read as calls_of
from support.bench_media_results import write as keep_calls
from support.bench_media_targets import judged

from kiosk_client.media.sound import RATE, Samples

THEN = Conditions(date="then", commit="abc", machine="one", load="0.1 before, 0.2 after", versions="Python")
FIGURES = Figures("B", 3.5, 0.98, 0.001, 0.12, 0.0, 29.9, 720.0, 0.4, 1_900_000.0, 0.7)


def noise(seconds: float, seed: int = 1) -> Samples:
    """Sound in which no moment is like another."""
    return np.random.default_rng(seed).normal(0, 3000, round(seconds * RATE)).astype(np.int16)


@given(late=st.integers(0, RATE // 4))
def test_speech_is_found_where_it_is(late: int) -> None:
    said = noise(0.5)
    around = np.concatenate([np.zeros(late, dtype=np.int16), said // 2, np.zeros(RATE // 4 - late, dtype=np.int16)])
    assert delay_of(said, around) == late


def test_a_buffer_that_waits_within_a_piece_is_followed() -> None:
    said = noise(8.0)
    waits = RATE // 10
    heard = np.concatenate([said[: 4 * RATE], np.zeros(waits, dtype=np.int16), said[4 * RATE :], noise(1.0, seed=2)])
    parts = list(parted(said, heard, late=0))
    assert [late for _, _, late in parts] == [0, 0, waits, waits]
    assert all((part == came).all() for part, came, _ in parts)


def test_what_is_not_heard_is_counted() -> None:
    said = noise(2.0)
    heard = said.copy()
    assert silent_share(said, heard) == 0
    heard[RATE // 2 : RATE] = 0
    assert silent_share(said, heard) == pytest.approx(0.25, abs=0.01)
    assert silent_share(said, np.zeros_like(said)) == 1
    assert silent_share(np.zeros_like(said), heard) == 0, "nobody spoke"


def test_a_pause_of_the_speakers_is_no_silence() -> None:
    said = noise(2.0)
    said[RATE // 2 : RATE] = 0
    heard = np.roll(said, RATE // 25)
    assert silent_share(said, heard) == 0, "what is shifted by 40 ms is still heard"


@pytest.mark.parametrize(
    ("pauses", "frozen"),
    [
        ([1 / 30] * 300, 0.0),
        ([1 / 30] * 150 + [1.0] + [1 / 30] * 120, 1.0),
        ([1 / 30] * 60 + [0.12] + [1 / 30] * 60 + [0.3] + [1 / 30] * 60, 0.3),
        ([0.1] * 100, 0.0),
        ([0.1] * 50 + [0.2] * 25, 0.0),
    ],
)
def test_a_freeze_is_what_the_w3c_says(pauses: list[float], frozen: float) -> None:
    times = np.cumsum(pauses)
    assert frozen_seconds(times, 0.0, float(times[-1])) == pytest.approx(frozen)


def test_a_picture_that_never_comes_is_frozen() -> None:
    nothing = np.zeros((0, 2))
    assert judge_pictures(nothing, 5.0, 15.0).frozen == 1
    assert judge_pictures(np.array([[1.0, 360], [16.0, 360]]), 5.0, 15.0).frozen == 1
    half = np.array([[10 + number / 30, 360] for number in range(151)])
    seen = judge_pictures(half, 5.0, 15.0)
    assert (seen.frozen, seen.rate, seen.height) == (pytest.approx(0.5), pytest.approx(15, abs=0.2), 360)


@given(odd=st.floats(0.001, 3.0))
def test_a_clock_is_read_though_the_reader_is_late(odd: float) -> None:
    at: NDArray[np.float64] = np.array([[100 + number / 100, number * 480] for number in range(100)], dtype=float)
    at[::2, 0] += odd
    assert moment(at) == pytest.approx(100)


async def carried(cell: Cell, count: int) -> tuple[int, int, dict[str, int]]:
    """Sends so many datagrams from one end, and then the word that this was all until the other end has it.

    How many came, how often the word was sent, and what the line says of it all.
    """
    async with an_emulated_line(cell, seed=1) as line:
        ends = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2)]
        for end, port in zip(ends, line.ports, strict=True):
            end.bind((line.address, 0))
            end.connect((line.address, port))
            end.settimeout(0.3)
        ends[1].send(b"here")
        for _ in range(count):
            ends[0].send(bytes(100))
        came = words = 0
        while True:
            ends[0].send(b"that was all" + bytes(88))
            words += 1
            with contextlib.suppress(TimeoutError):
                while ends[1].recv(200)[:1] == b"\0":
                    came += 1
                break
        for end in ends:
            end.close()
    told = line.carried[0]
    assert count < told["sent"] <= count + words
    assert sum(told["bins"].values()) == told["sent"] * 128, "with the headers of IP and UDP"
    return came, words, told


async def test_the_line_carries_all() -> None:
    came, _, told = await carried(CELLS["clean"], 200)
    assert (came, told["lost"], told["overflowed"]) == (200, 0, 0)


@pytest.mark.parametrize(
    ("cell", "fate", "least"),
    [(CELLS["loss-20"], "lost", 30), (replace(CELLS["rate-300"], delay=0.0), "overflowed", 1)],
)
async def test_the_line_loses_and_has_no_room(cell: Cell, fate: str, least: int) -> None:
    came, words, told = await carried(cell, 300)
    # The last word may have shared the fate of what it speaks of.
    assert 300 - told[fate] <= came < 300 - told[fate] + words
    assert told["lost"] + told["overflowed"] == told[fate] >= least


def a_call(cell: str = "loss-5", seed: int = 1, **figures: float) -> Call:
    return Call(
        cell, Ends.KIOSK, seed, THEN, "abcdef", 0.3, (replace(FIGURES, **figures), replace(FIGURES, way=Way.TO_KIOSK))
    )


def test_calls_are_kept_and_read_back(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "calls.jsonl"
    assert calls_of(path) == {}
    calls = [a_call(), a_call(seed=2)]
    keep_calls(path, calls)
    assert list(calls_of(path).values()) == calls
    assert all(json.loads(line)["cell"] == "loss-5" for line in path.read_text().splitlines())
    path.write_text(path.read_text().replace('"pesq"', '"mos"', 1) + "cut off {")
    assert list(calls_of(path).values()) == calls[1:], "what cannot be read is measured anew"


def test_targets_are_met_or_missed() -> None:
    lines = judged([a_call(), a_call(seed=2, pesq=3.1)])
    assert "| PESQ | 5 % loss | B | ≥ 3.40 | 3.30 | **missed** |" in lines
    assert "| PESQ | 5 % loss | C | ≥ 3.50 | 3.50 | met |" in lines
    assert not [line for line in lines if "10 % loss" in line or "beside A" in line], (
        "what was not measured is not told"
    )
    assert judged([]) == ["None was measured."]


def test_the_table_shows_the_spread() -> None:
    shown = table([a_call(), a_call(seed=2, pesq=3.1), a_call(seed=3, pesq=1.0)])
    assert "| 5 % loss | – | – | 3.10 (1.00–3.50) | 3.50 (3.50–3.50) |" in shown


def test_a_plot_is_read_without_colours() -> None:
    series = [Series(name, [Point(2, 1, 3), None]) for name in ("A", "A-RED", "B", "C")]
    drawn = plotted("PESQ <wide>", ["no loss", "5 % loss"], series, top=4.64)
    ElementTree.fromstring(drawn)
    assert set(re.findall(r"#[0-9a-f]{3,6}", drawn)) <= {"#fff", "#000", "#ccc", "#eee"}
    assert (drawn.count("<circle"), drawn.count("<rect")) == (2, 5), "a mark and one of the legend; and the ground"


def test_the_benches_keep_each_others_parts(tmp_path: Path) -> None:
    path = tmp_path / "benchmarks.md"
    row = Measured(Row("speed", "Some work.", "ms", (1.0,)), THEN)
    update(path, [row])
    update_part(path, "media", "## Calls\n\n| a |\n")
    update(path, [row])
    update_part(path, "media", "## Calls\n\n| b |\n")
    assert read(path) == [row]
    assert (path.read_text().count("## Calls"), "| b |" in path.read_text(), "| a |" in path.read_text()) == (
        1,
        True,
        False,
    )


def test_the_document_has_every_figure_and_its_plots(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    results = tmp_path / "calls.jsonl"
    document(results, tmp_path)
    assert not (tmp_path / "benchmarks.md").exists(), "nothing was measured"
    keep_calls(results, [a_call(), a_call("rate-300", first_picture=None)])  # type: ignore[arg-type]
    document(results, tmp_path)
    text = (tmp_path / "benchmarks.md").read_text()
    for figure in FIGURES_OF_A_CALL:
        assert f"### {figure.name.partition(',')[0]}\n" in text
    for image in re.findall(r"\(images/(.+?\.svg)\)", text):
        ElementTree.parse(tmp_path / "images" / image)
    assert len(re.findall(r"\(images/", text)) == 4
    assert "- Commit: abc\n" in text


def test_every_line_is_measured_as_the_issue_asks() -> None:
    assert set(SHORT.cells) < set(FULL.cells) == set(CELLS)
    assert len(FULL.seeds) >= 5
    assert FULL.pieces * PIECE >= 16
