"""Measurements on sound and picture, and the gates that mute."""

import numpy as np
import pytest
from av import AudioFrame, VideoFrame
from hypothesis import given
from hypothesis import strategies as st

from kiosk_client.media.analysis import is_black, measure_sound, movement
from kiosk_client.media.evidence import WINDOW, PictureEvidence, look_at
from kiosk_client.media.gates import black_like, silence_like
from kiosk_client.media.pattern import Pattern, draw_pattern
from kiosk_client.media.picture import planes_of
from kiosk_client.media.sound import RATE, frame_of, tone
from kiosk_client.media.synthetic import CitizenPicture, voice


@given(st.integers(100, 8000), st.floats(0.01, 0.9))
def test_a_tone_is_known_by_its_frequency_level_and_purity(hertz: int, level: float) -> None:
    measure = measure_sound(tone(hertz, WINDOW / RATE, level=level))
    assert measure.frequency == pytest.approx(hertz, abs=2)
    assert measure.level == pytest.approx(20 * np.log10(level) - 3.01, abs=0.3)
    assert measure.purity > 0.95
    assert not measure.silent


def test_silence_noise_and_speech_are_no_tone() -> None:
    quiet = measure_sound(np.zeros(WINDOW, dtype=np.int16))
    assert quiet.silent
    assert quiet.frequency == quiet.purity == 0.0
    noise = np.random.default_rng(1).normal(0, 3000, WINDOW).astype(np.int16)
    assert measure_sound(noise).purity < 0.1
    speech = [measure_sound(voice()[start : start + WINDOW]) for start in range(RATE, 8 * RATE, WINDOW)]
    assert np.median([measure.purity for measure in speech if not measure.silent]) < 0.6


def test_a_constant_offset_is_not_heard_as_a_tone() -> None:
    offset = measure_sound(np.full(WINDOW, 8000, dtype=np.int16))
    assert offset.purity == 0.0


def test_the_sample_voice_is_speech_with_a_pause_and_not_clipped() -> None:
    samples = voice()
    assert 10 * RATE < len(samples) < 20 * RATE
    assert 8000 < np.abs(samples.astype(int)).max() < 32767
    assert not samples[-2 * RATE :].any()
    assert not samples.flags.writeable


def test_the_synthetic_citizen_moves_and_shows_the_time() -> None:
    first, second = CitizenPicture(lambda: (9, 41, 0)), CitizenPicture(lambda: (9, 41, 1))
    assert movement(first.draw(0)[:480], first.draw(24)[:480]) > 0.5
    assert movement(first.draw(0)[:480], second.draw(0)[:480]) > 0
    assert np.array_equal(first.draw(7), first.draw(7))
    assert not is_black(first.draw(0)[:480])


def test_movement_between_pictures_of_two_sizes_is_the_greatest() -> None:
    assert movement(np.zeros((4, 4), np.uint8), np.zeros((8, 8), np.uint8)) == 255.0


def test_what_a_shut_gate_sends_is_silent_and_black_and_keeps_its_time() -> None:
    loud = frame_of(tone(440, 0.02), 7)
    quiet = silence_like(loud)
    assert not quiet.to_ndarray().any()
    assert (quiet.pts, quiet.time_base, quiet.samples, quiet.sample_rate) == (loud.pts, loud.time_base, 960, RATE)
    stereo = AudioFrame.from_ndarray(np.ones((1, 1920), dtype=np.int16), format="s16", layout="stereo")
    stereo.sample_rate = RATE
    assert silence_like(stereo).layout.name == "stereo"

    seen = VideoFrame.from_ndarray(draw_pattern(Pattern(1, 2)), format="yuv420p")
    seen.pts = 9
    black = black_like(seen)
    assert is_black(planes_of(black)[:480])
    assert (black.pts, black.width, black.height) == (9, 640, 480)
    odd = VideoFrame(width=321, height=243, format="rgb24")
    assert (black_like(odd).width, black_like(odd).height) == (320, 242)


def test_only_advancing_patterns_of_one_source_count_as_evidence() -> None:
    seen, before = PictureEvidence(), None
    for identity, number in [(1, 65534), (1, 65535), (1, 65535), (1, 0), (1, 65000), (2, 65001)]:
        frame = VideoFrame.from_ndarray(draw_pattern(Pattern(identity, number)), format="yuv420p")
        seen, before = look_at(seen, frame, before, now=float(seen.frames))
    assert seen.frames == 6
    assert seen.first_at == 0.0
    assert (
        seen.patterns == 2
    )  # 65534 → 65535 → 0; not the repeated one, not the one that ran back, not the other source
    assert seen.moved == 4  # what is repeated does not move
    assert seen.pattern == Pattern(2, 65001)
