"""Which pictures are encoded: as many as the rate says, none while the line is behind; key frames when asked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_client.media.core.picture_choice import KEY_FRAME_EVERY, LONGEST_WAIT, Choice, PictureChoice


def chosen(choice: PictureChoice, begin: float, end: float, source: float, per_second: float) -> list[Choice]:
    count = round((end - begin) * source)
    return [choice.choose(begin + number / source, per_second, 0.0) for number in range(count)]


@pytest.mark.parametrize("per_second", [5, 7.5, 10, 15, 20, 24, 30])
@pytest.mark.parametrize("source", [15, 24, 25, 30, 60])
def test_a_source_gives_as_many_as_are_wanted_or_all_it_has(source: float, per_second: float) -> None:
    made = [each for each in chosen(PictureChoice(), 0, 20, source, per_second) if each is not Choice.LEAVE_OUT]
    assert len(made) == pytest.approx(20 * min(source, per_second), abs=2)


def test_after_a_pause_there_is_no_run_of_pictures() -> None:
    choice = PictureChoice()
    chosen(choice, 0, 2, 30, 10)
    after = [each for each in chosen(choice, 60, 61, 30, 10) if each is not Choice.LEAVE_OUT]
    assert len(after) <= 11


def test_while_the_line_is_behind_none_is_made_and_the_next_comes_at_once() -> None:
    choice = PictureChoice()
    assert choice.choose(0, 24, LONGEST_WAIT + 0.01) is Choice.LEAVE_OUT
    assert choice.choose(0.04, 24, LONGEST_WAIT) is Choice.ENCODE_KEY


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["asked", "lost", "picture"]),
            st.floats(0.001, 0.2),
            st.sampled_from([0.3, 5.0, 15.0, 30.0]),
            st.sampled_from([0.0, 1.0]),
        ),
        max_size=200,
    )
)
def test_key_frames_come_when_they_are_needed_and_never_more_often(
    events: list[tuple[str, float, float, float]],
) -> None:
    choice, now, needed, last_key, lost = PictureChoice(), 0.0, True, float("-inf"), True
    for what, pause, per_second, waits in events:
        now += pause
        if what == "asked":
            choice.asked()
            needed = True
        elif what == "lost":
            choice.lost()
            needed = lost = True
        else:
            answer = choice.choose(now, per_second, waits)
            if answer is Choice.LEAVE_OUT:
                continue
            assert not waits
            key = answer is Choice.ENCODE_KEY
            assert key == (needed and (lost or now >= last_key + KEY_FRAME_EVERY))
            choice.made(now, key=key)
            if key:
                needed, lost, last_key = False, False, now
