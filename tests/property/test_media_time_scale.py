"""What is played faster or slower has the same pitch, no seams, and lengths that are lawful."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from kiosk_client.media.core.speech import FRAME, RATE
from kiosk_client.media.core.time_scale import LONGEST, SHORTEST, Samples, is_quiet, lengthened, shortened


def voiced(hertz: float, samples: int = FRAME) -> Samples:
    """Four harmonics, as of a vowel."""
    phase = np.arange(samples) * (2 * np.pi * hertz / RATE)
    return np.asarray(sum(np.sin(phase * each + each) / each for each in range(1, 5)) * 4000, dtype=np.int16)


def steepest(sound: Samples) -> int:
    return int(np.abs(np.diff(sound.astype(int))).max())


@pytest.mark.parametrize("hertz", [110, 150, 200, 300, 390])
def test_a_vowel_loses_or_gains_whole_periods_without_a_seam(hertz: float) -> None:
    sound = voiced(hertz)
    for changed, sign in ((shortened(sound), -1), (lengthened(sound), 1)):
        periods = sign * (len(changed) - len(sound)) * hertz / RATE
        assert periods == pytest.approx(round(periods), abs=0.05)
        assert round(periods) >= 1
        assert steepest(changed) <= 1.3 * steepest(sound)
        spectrum = np.abs(np.fft.rfft(changed, RATE))
        assert abs(int(np.argmax(spectrum)) - int(np.argmax(np.abs(np.fft.rfft(sound, RATE))))) <= 12


def test_what_has_no_period_is_left_as_it_is() -> None:
    noise = np.random.default_rng(7).integers(-8000, 8000, FRAME).astype(np.int16)
    assert shortened(noise) is noise
    assert lengthened(noise) is noise


def test_quiet_gives_way_by_as_much_as_there_is() -> None:
    quiet = np.full(2 * FRAME, 20, dtype=np.int16)
    assert is_quiet(quiet)
    assert len(shortened(quiet)) == 2 * FRAME - LONGEST
    assert len(lengthened(quiet)) == 2 * FRAME + LONGEST


@given(arrays(np.int16, st.integers(0, 3 * FRAME)))
def test_any_sound_is_changed_by_one_period_or_not_at_all(sound: Samples) -> None:
    shorter, longer = shortened(sound), lengthened(sound)
    assert shorter.dtype == longer.dtype == np.int16
    assert len(sound) - len(shorter) in {0, *range(SHORTEST, LONGEST + 1)}
    assert len(longer) - len(sound) == len(sound) - len(shorter)
    if len(sound):
        assert shorter[0] == longer[0] == sound[0]
        assert shorter[-1] == longer[-1] == sound[-1] or len(shorter) < SHORTEST * 2
