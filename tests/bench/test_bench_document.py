"""The benches' document says what was measured, keeps what was not measured this time, and names the winner truly."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.bench import Row, interleaved
from support.bench_document import Measured, read, rendered, update
from support.bench_machine import Conditions

THEN = Conditions(date="then", commit="abc", machine="one", load="0.1 before, 0.2 after", versions="Python")
NUMBERS = st.floats(min_value=0.01, max_value=1e6)


def a_row(name: str = "speed", ours: tuple[float, ...] = (3.0, 1.0, 2.0), **more: object) -> Row:
    given: dict[str, object] = {"peer": (2.0, 3.0, 4.0), "peer_name": "the other"} | more
    return Row(name, "Some work.", "ms", ours, **given)  # type: ignore[arg-type]


def test_the_winner_is_named_whoever_it_is() -> None:
    assert a_row().verdict == (
        "Tawasul wins by 1 ms, by the medians; Tawasul was better in 2 of 3 rounds, the other in 1."
    )
    assert a_row(better="higher").verdict.startswith("The other wins by 1 ms")
    assert a_row(peer=(3.0, 1.0, 2.0)).verdict.startswith("Equal by the medians; Tawasul was better in 0 of 3")
    assert a_row(peer=()).verdict == "Measured alone."


def test_the_ratio_is_of_the_medians() -> None:
    assert a_row().ratio == pytest.approx(2 / 3)
    assert a_row(peer=()).ratio is None


@pytest.mark.parametrize("wrong", [{"ours": ()}, {"peer": (1.0,)}, {"peer_name": ""}])
def test_a_row_that_compares_nothing_is_refused(wrong: dict[str, tuple[float, ...]]) -> None:
    with pytest.raises(ValueError, match="speed"):
        a_row(**wrong)  # type: ignore[arg-type]


def test_parts_of_one_bench_share_what_was_done() -> None:
    text = rendered([Measured(a_row(part=part), THEN) for part in ("near", "far")])
    assert (text.count("## speed\n"), text.count("\n\nSome work.\n")) == (1, 1)
    assert ("### Near" in text, "| speed: far |" in text) == (True, True)


def test_a_part_that_a_bench_no_longer_has_goes_with_the_next_run(tmp_path: Path) -> None:
    path = tmp_path / "benchmarks.md"
    update(path, [Measured(a_row(part=part), THEN) for part in ("near", "far")])
    update(path, [Measured(a_row(part="near"), THEN)])
    assert [each.row.part for each in read(path)] == ["near"]


@given(text=st.text())
def test_no_word_ends_the_comment_early(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("document") / "benchmarks.md"
    row = a_row(reading=f"--> {text} -->")
    mark = rendered([Measured(row, THEN)]).rstrip("\n").rpartition("<!-- row ")[2]
    path.write_text(f"<!-- row {mark}")
    assert mark.index("-->") == len(mark) - len("-->")
    assert read(path) == [Measured(row, THEN)]


@given(ours=st.lists(NUMBERS, min_size=1), with_peer=st.booleans())
def test_what_is_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, ours: list[float], with_peer: bool
) -> None:
    path = tmp_path_factory.mktemp("document") / "benchmarks.md"
    row = a_row(ours=tuple(ours), peer=tuple(ours) if with_peer else ())
    update(path, [Measured(row, THEN)])
    assert read(path) == [Measured(row, THEN)]


def test_a_row_that_was_not_measured_now_stays_and_the_other_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "benchmarks.md"
    update(path, [Measured(a_row("first"), THEN), Measured(a_row("second"), THEN)])
    update(path, [Measured(a_row("first", ours=(9.0, 9.0, 9.0)), THEN)])
    assert [(each.row.name, each.row.ours) for each in read(path)] == [
        ("first", (9.0, 9.0, 9.0)),
        ("second", (3.0, 1.0, 2.0)),
    ]


def test_the_document_says_all_that_one_must_know() -> None:
    text = rendered([Measured(a_row(reading="By a clock."), THEN)])
    assert "| speed | 2 (1–3) ms | 3 (2–4) ms, the other | 0.67 |" in text
    for part in ("Some work.", "By a clock.", "3, 1, 2 ms", "then", "abc", "0.1 before, 0.2 after", "Python"):
        assert part in text


async def test_turns_are_taken_and_the_first_of_each_does_not_count() -> None:
    turns: list[str] = []

    async def take(side: str) -> str:
        turns.append(side)
        return f"{side}{len(turns)}"

    measured = await interleaved(2, lambda: take("a"), lambda: take("b"))
    assert turns == ["a", "b"] * 3
    assert measured == (["a3", "a5"], ["b4", "b6"])
