"""Where libvpx is of another version than was written for, pictures are encoded by PyAV, and a call still works."""

import logging
from fractions import Fraction

import av
import pytest
from av import VideoFrame

from kiosk_client.media import libvpx_interface
from kiosk_client.media.libvpx import EncodedPicture, EncodingFailed, Vp8Encoder
from kiosk_client.media.pattern import Pattern, draw_pattern, read_pattern
from kiosk_client.media.picture import planes_of
from kiosk_client.media.pyav_vp8 import PyavVp8Encoder, picture_encoder


def shot(number: int, width: int = 320, height: int = 240) -> VideoFrame:
    frame = VideoFrame.from_ndarray(draw_pattern(Pattern(7, number), width=width, height=height), format="yuv420p")
    frame.pts, frame.time_base = number * 3750, Fraction(1, 90000)
    return frame


def test_the_encoder_that_follows_its_rate_is_taken_where_it_can_be() -> None:
    encoder = picture_encoder()
    assert isinstance(encoder, Vp8Encoder)
    encoder.close()


def test_where_it_cannot_pyav_is_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(libvpx_interface, "ENCODER_ABI", 0)
    libvpx_interface.libvpx.cache_clear()
    try:
        with caplog.at_level(logging.WARNING):
            assert isinstance(picture_encoder(), PyavVp8Encoder)
    finally:
        libvpx_interface.libvpx.cache_clear()
    assert "libvpx v1.16" in caplog.text


def test_pictures_of_pyav_are_decoded_and_its_key_frames_are_where_they_must_be() -> None:
    encoder, decoder = PyavVp8Encoder(), av.CodecContext.create("libvpx", "r")
    asked = {4}
    rates = [300_000] * 8 + [310_000] * 4 + [600_000] * 4
    sizes = [(320, 240)] * 14 + [(160, 96)] * 2
    keys = []
    for number, (rate, size) in enumerate(zip(rates, sizes, strict=True)):
        made = encoder.encode(shot(number, *size), rate, 24, key=number in asked)
        assert isinstance(made, EncodedPicture)
        (shown,) = decoder.decode(av.Packet(made.data))
        assert isinstance(shown, VideoFrame)
        assert (shown.width, shown.height) == size
        assert read_pattern(planes_of(shown)) == Pattern(7, number)
        keys += [number] if made.key else []
    assert keys == [0, 4, 12, 14]
    encoder.close()
    with pytest.raises(EncodingFailed, match="closed"):
        encoder.encode(shot(16), 300_000, 24)


def test_what_pyav_refuses_is_said_and_does_not_end_it() -> None:
    encoder = PyavVp8Encoder()
    with pytest.raises(EncodingFailed, match="rgb24"):
        encoder.encode(VideoFrame(64, 64, "rgb24"), 300_000, 24)
    assert encoder.encode(shot(0), 300_000, 24)
