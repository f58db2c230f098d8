"""libopus decodes, recovers and conceals; what is no packet is refused, and the decoder goes on."""

import re
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.speech_line import encoded

from kiosk_client.errors import OpusMissing
from kiosk_client.media import libopus
from kiosk_client.media.core.speech import FRAME
from kiosk_client.media.libopus import (
    OpusDecoder,
    OpusFailed,
    Samples,
    opus_version,
    recovers_before,
    samples_in,
)
from kiosk_client.media.synthetic import voice

SPOKEN = slice(48000, 3 * 48000)


@pytest.fixture(scope="module")
def packets() -> list[bytes]:
    return encoded(voice()[SPOKEN])


def loudness(sound: Samples) -> float:
    return float(np.sqrt(np.mean(np.square(sound, dtype=np.float64))))


def likeness(one: Samples, other: Samples) -> float:
    return float(np.corrcoef(one.astype(float), other.astype(float))[0, 1])


def test_the_version_is_told() -> None:
    assert re.fullmatch(r"libopus 1\.\d+.*", opus_version())


def test_what_was_encoded_is_decoded(packets: list[bytes]) -> None:
    decoder = OpusDecoder()
    decoded = np.concatenate([decoder.decode(packet) for packet in packets])
    assert len(decoded) == len(packets) * FRAME
    assert loudness(decoded) == pytest.approx(loudness(voice()[SPOKEN]), rel=0.2)
    assert {samples_in(packet) for packet in packets} == {FRAME}


def test_a_lost_packet_is_recovered_from_the_next_better_than_it_is_made_up(packets: list[bytes]) -> None:
    better = tried = 0
    for lost in range(10, len(packets) - 1, 5):
        if not recovers_before(packets[lost + 1]):
            continue
        whole, recovering, concealing = OpusDecoder(), OpusDecoder(), OpusDecoder()
        for packet in packets[:lost]:
            for decoder in (whole, recovering, concealing):
                decoder.decode(packet)
        true = whole.decode(packets[lost])
        if loudness(true) < 500:
            continue
        recovered, made_up = recovering.recover(packets[lost + 1], FRAME), concealing.conceal(FRAME)
        assert len(recovered) == len(made_up) == FRAME
        better += likeness(recovered, true) > likeness(made_up, true)
        tried += 1
    assert tried >= 5
    assert better >= 0.7 * tried


def test_what_is_made_up_goes_on_and_fades(packets: list[bytes]) -> None:
    decoder = OpusDecoder()
    loudest = max(range(len(packets)), key=lambda number: loudness(voice()[SPOKEN][number * FRAME :][:FRAME]))
    for packet in packets[:loudest]:
        before = decoder.decode(packet)
    made_up = [loudness(decoder.conceal(FRAME)) for _ in range(20)]
    assert made_up[0] > 0.2 * loudness(before)
    assert made_up[-1] < 0.1 * made_up[0] + 1


def test_packets_without_recovery_say_so() -> None:
    assert not any(recovers_before(packet) for packet in encoded(voice()[SPOKEN], fec=False))


@settings(max_examples=300)
@given(st.binary(max_size=200))
def test_any_bytes_are_decoded_or_refused_and_the_decoder_goes_on(packets: list[bytes], data: bytes) -> None:
    decoder = OpusDecoder()
    for reading in (samples_in, recovers_before, decoder.decode, lambda given: decoder.recover(given, FRAME)):
        with suppress(OpusFailed):
            reading(data)
    assert len(decoder.decode(packets[0])) == FRAME


def test_what_is_no_packet_is_refused_with_the_librarys_word_for_it() -> None:
    with pytest.raises(OpusFailed, match=r"libopus: (invalid argument|corrupted stream) \(-\d\)"):
        OpusDecoder().decode(b"")
    with pytest.raises(OpusFailed, match=r"corrupted stream \(-4\)"):
        OpusDecoder().decode(b"\x7b\x00")


def test_without_a_library_one_sentence_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libopus, "carried_library", lambda name: None)
    monkeypatch.setattr(libopus, "find_library", lambda name: None)
    with pytest.raises(OpusMissing, match=r"libopus 1\.5 or later is not to be had"):
        libopus.opus_library.__wrapped__()


def test_a_library_that_is_another_one_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libopus, "carried_library", lambda name: None)
    monkeypatch.setattr(libopus, "find_library", lambda name: "libc.so.6")
    with pytest.raises(OpusMissing, match="opus_get_version_string"):
        libopus.opus_library.__wrapped__()
