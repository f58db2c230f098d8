"""A call does not age: hours of it in virtual time, on a line with weather, with clocks that drift apart by 200 ppm.

Eight or twelve minutes in `make test`, in which every number that begins anew does so; four hours in `make soak`. What
a step takes is told by the calls of functions in it, and by how much is held that it may have to look through.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from support.media_hours import CYCLE, Calm, LongPictures, LongSending, LongVoice, kept

from kiosk_client.media.core.speech import Fate

DRIFT = 200e-6
"""Of two clocks, beside each other: twice what quartz has at its worst."""
WHOLE = pytest.param(4 * 3600.0, id="four-hours", marks=[pytest.mark.soak, pytest.mark.timeout(1800)])
VOICE = [pytest.param(3 * CYCLE, id="twelve-minutes"), WHOLE]
OTHERS = [pytest.param(2 * CYCLE, id="eight-minutes"), WHOLE]


def does_not_age(calms: Sequence[Calm], *, latest: float, within: float = 0.05) -> None:
    """Neither what is kept grows, nor the work of a second of the call, nor how late anything is.

    `within`: the share by which the rates of calms may differ; an estimate swings about what the line carries.
    """
    begins, later = calms[: max(1, len(calms) // 4)], calms[len(calms) // 2 :]
    assert max(each.kept for each in later) <= 1.1 * max(each.kept for each in begins) + 100
    assert max(each.steps for each in later) <= 1.3 * max(each.steps for each in begins)
    assert max(each.latest for each in calms) <= latest
    assert max(each.rate for each in later) == pytest.approx(min(each.rate for each in begins), rel=within)


@pytest.mark.parametrize("seconds", VOICE)
@pytest.mark.parametrize("drift", [DRIFT, -DRIFT], ids=["faster", "slower"])
def test_the_voice_of_a_long_call_is_as_soon_as_at_its_beginning(seconds: float, drift: float) -> None:
    voice = LongVoice(drift=drift)
    # The way has 40 ms, and the least wait is 40: without being followed, clocks were 144 ms apart in twelve minutes.
    does_not_age(voice.lives(seconds), latest=0.150)
    counts = voice.playout.counts
    assert counts.restarts == counts.fates[Fate.STRANGE] == 0, "a timestamp that begins anew is no other stream"
    assert voice.stretched != 0
    assert all(calm.rate == pytest.approx(50, rel=0.002) for calm in voice.calms), "in calm every packet is played"


@pytest.mark.parametrize("seconds", OTHERS)
def test_the_pictures_of_a_long_call_are_as_soon_as_at_its_beginning(seconds: float) -> None:
    pictures = LongPictures(drift=-DRIFT)
    calms = pictures.lives(seconds)
    does_not_age(calms, latest=0.100)
    assert all(calm.rate == pytest.approx(25, rel=0.01) for calm in calms)
    # A stall of a second and a half costs a key frame or two; 16 bits of sequence numbers that begin anew cost none.
    assert pictures.asked <= 4 * len(calms)
    assert pictures.run.reception.counts.malformed == 0


@pytest.mark.parametrize("seconds", OTHERS)
def test_the_sending_end_of_a_long_call_estimates_as_at_its_beginning(seconds: float) -> None:
    sending = LongSending(drift=DRIFT)
    calms = sending.lives(seconds)
    # 40 ms of way, on a line of 1 Mbit/s of which a third is used: there is no queue but a probe's.
    does_not_age(calms, latest=0.200, within=0.1)
    assert all(calm.rate >= 330_000 for calm in calms), "what is wanted comes"
    assert max(calm.late for calm in calms) <= 0.060
    assert sending.call.bandwidth.unknown == 0, "a number that begins anew is no packet of long before"


def test_what_is_kept_is_counted_to_the_bottom() -> None:
    voice = LongVoice(drift=0.0)
    before = kept(voice.playout)
    assert kept([[1, 2], {"a": (3,)}]) == 2 + 2 + 1 + 1
    voice.playout._spans.append(7)
    assert kept(voice.playout) == before + 1
