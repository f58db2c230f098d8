"""libopus encodes a voice: each packet of one size, and the one before in it once more."""

import numpy as np
import pytest

from kiosk_client.media.core.speech import FRAME, RATE
from kiosk_client.media.libopus import OpusDecoder, Samples, recovers_before, samples_in
from kiosk_client.media.libopus_encoder import OpusEncoder
from kiosk_client.media.synthetic import voice

BITS = 32_000
SIZE = BITS // 8 // 50
SPOKEN = voice()[RATE : 3 * RATE]


def frames(sound: Samples) -> list[Samples]:
    return [sound[at : at + FRAME] for at in range(0, len(sound) - FRAME + 1, FRAME)]


def encoded(sound: Samples, loss: int) -> list[bytes]:
    encoder = OpusEncoder(BITS)
    encoder.expect_loss(loss)
    return [encoder.encode(frame) for frame in frames(sound)]


NOISE = np.random.default_rng(1).normal(0, 9000, RATE).clip(-32768, 32767).astype(np.int16)


@pytest.mark.parametrize("sound", [SPOKEN, np.zeros(RATE, np.int16), NOISE], ids=["voice", "silence", "noise"])
@pytest.mark.parametrize("loss", [0, 5, 25])
def test_every_packet_has_the_same_size_whatever_is_said(sound: Samples, loss: int) -> None:
    packets = encoded(sound, loss)
    assert {len(packet) for packet in packets} == {SIZE}
    assert {samples_in(packet) for packet in packets} == {FRAME}


def test_a_lost_packet_of_voice_is_recovered_from_the_one_after_it() -> None:
    packets = encoded(SPOKEN, 10)
    assert sum(map(recovers_before, packets)) > 0.9 * len(packets)
    whole, with_loss = OpusDecoder(), OpusDecoder()
    for packet in packets[:50]:
        whole.decode(packet)
        with_loss.decode(packet)
    lost, recovered = whole.decode(packets[50]), with_loss.recover(packets[51], FRAME)
    assert np.corrcoef(lost.astype(float), recovered.astype(float))[0, 1] > 0.8


def test_the_loss_to_expect_may_change_while_it_encodes() -> None:
    encoder = OpusEncoder(BITS)
    carrying = []
    for loss in (0, 20, -5, 400):
        encoder.expect_loss(loss)
        packets = [encoder.encode(frame) for frame in frames(SPOKEN)]
        carrying.append(sum(map(recovers_before, packets[5:])) / len(packets[5:]))
    assert carrying[0] == carrying[2] == 0
    assert min(carrying[1], carrying[3]) > 0.9


@pytest.mark.parametrize("wrong", [np.zeros(100, np.int16), np.zeros((1, FRAME), np.int16), np.zeros(FRAME)])
def test_what_is_no_frame_of_20_ms_is_refused(wrong: Samples) -> None:
    with pytest.raises(ValueError, match="960 samples"):
        OpusEncoder(BITS).encode(wrong)


def test_every_second_sample_of_something_longer_is_encoded_as_such() -> None:
    sound = np.arange(2 * FRAME, dtype=np.int16)[::2]
    assert OpusEncoder(BITS).encode(sound) == OpusEncoder(BITS).encode(sound.copy())
