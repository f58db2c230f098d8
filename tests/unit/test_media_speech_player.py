"""Speech over emulated lines, from the encoder to the ear, faster than real time: hardly a hole, and no long wait."""

from functools import cache

import numpy as np
import pytest
from support.link_emulator import BurstLoss, Line, Link, Loss, RandomLoss
from support.speech_line import Heard, encoded, heard, speech_packet

from kiosk_client.media.core.speech import FRAME, RATE, Fate
from kiosk_client.media.libopus import Samples
from kiosk_client.media.speech_player import SpeechPlayer
from kiosk_client.media.synthetic import voice

SECONDS = 14
"""Of speech, before the sample pauses."""
AFTER = RATE
"""Samples until play-out has begun and knows its line a little."""


@cache
def spoken() -> tuple[bytes, ...]:
    """The synthetic citizen's voice, encoded with FEC."""
    return tuple(encoded(voice()[: SECONDS * RATE]))


def over(loss: Loss, jitter: float = 0.0, *, copies: int = 0, seed: int = 7) -> Heard:
    line = Line()
    link = Link(line, seed, delay=0.04, loss=loss, jitter=jitter, reorders=True)
    return heard(list(spoken()), line, link, copies=copies)


def silent_share(sound: Samples) -> float:
    """Of stretches of 20 ms, those in which nothing at all is heard."""
    frames = sound[AFTER:].reshape(-1, FRAME)
    return float(np.mean(np.abs(frames).max(axis=1) < 4))


@pytest.mark.parametrize("jitter", [0.0, 0.03, 0.1])
@pytest.mark.parametrize("share", [0.0, 0.02, 0.05, 0.1, 0.2])
def test_what_is_lost_is_recovered_or_made_up_and_nothing_is_lost_beside(share: float, jitter: float) -> None:
    result = over(RandomLoss(share), jitter)
    counts = result.player.playout.counts
    assert result.lost == pytest.approx(share * len(spoken()), rel=0.5)
    assert counts.fates[Fate.LATE] <= 0.01 * len(spoken()) + 1
    assert counts.skipped == 0
    assert counts.recovered >= 0.5 * result.lost * FRAME
    assert result.share(counts.concealed) <= 0.5 * share + 0.01
    assert silent_share(result.sound) <= silent_share(over(RandomLoss(0)).sound) + 0.005
    assert np.median(result.delays) <= jitter + 0.06


@pytest.mark.parametrize("share", [0.05, 0.1, 0.2])
def test_with_each_packet_sent_twice_next_to_nothing_is_made_up(share: float) -> None:
    result = over(RandomLoss(share), copies=1)
    assert result.share(result.player.playout.counts.concealed) <= share**2 + 0.005
    assert np.median(result.delays) <= 0.08


def test_bursts_are_made_up_and_then_everything_is_as_before() -> None:
    result = over(BurstLoss.of(0.1, 6))
    counts = result.player.playout.counts
    assert counts.concealed > 0
    assert counts.skipped == 0
    assert max(result.delays[100:]) <= 0.2
    assert result.delays[-1] <= 0.1


def test_what_was_not_lost_sounds_as_it_was_encoded() -> None:
    clean, lossy = over(RandomLoss(0)), over(RandomLoss(0.1), copies=1)
    for result in (clean, lossy):
        loud = float(np.sqrt(np.mean(np.square(result.sound[AFTER:], dtype=np.float64))))
        assert loud == pytest.approx(
            float(np.sqrt(np.mean(np.square(voice()[: SECONDS * RATE], dtype=float)))), rel=0.2
        )
        assert len(result.sound) == len(spoken()) * FRAME


@pytest.mark.parametrize("drift", [-0.005, 0.005])
def test_two_clocks_that_differ_are_made_one_without_a_hole(drift: float) -> None:
    line = Line()
    packets = list(spoken()) * 3
    result = heard(packets, line, Link(line, 7, delay=0.04), drift=drift)
    counts = result.player.counts
    assert (counts.removed - counts.inserted) / len(result.sound) == pytest.approx(drift, rel=0.3)
    assert result.player.playout.counts.concealed == 0
    assert max(result.delays[50:]) <= 0.1


def test_packets_that_do_not_decode_are_counted_and_covered() -> None:
    player = SpeechPlayer()
    for number, payload in enumerate(spoken()[:100]):
        given = speech_packet(payload, number, number * 0.02)
        if number in (50, 60):
            # A packet of 20 ms by its first byte and of nothing lawful after it (RFC 6716, section 3.2.5: no frames).
            given = type(given)(1, given.timestamp, FRAME, b"\x7b\x00", given.arrival)
        player.put(given)
        assert len(player.frame(number * 0.02)) == FRAME
    assert player.counts.undecodable == 2


def test_before_anything_comes_and_after_everything_has_there_is_silence_that_fades() -> None:
    player = SpeechPlayer()
    assert not np.any(player.frame(0.0))
    for number, payload in enumerate(spoken()[:100]):
        player.put(speech_packet(payload, number, number * 0.02))
        player.frame(number * 0.02)
    rest = np.concatenate([player.frame(2.0 + number * 0.02) for number in range(50)])
    assert np.any(rest[:FRAME])
    assert not np.any(rest[-20 * FRAME :])
    assert int(np.abs(np.diff(rest.astype(int))).max()) < 6000
