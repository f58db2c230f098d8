"""The coded picture: whatever was drawn is read back, also through VP8, scaling and noise; nothing else is."""

from fractions import Fraction

import av
import numpy as np
from aiortc.codecs.vpx import Vp8Encoder, vp8_depayload
from av import VideoFrame
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk_client.media.pattern import Pattern, crc8, draw_pattern, read_pattern
from kiosk_client.media.picture import Planes, plane_views, planes_of

patterns = st.builds(Pattern, st.integers(0, 0xFFFF), st.integers(0, 0xFFFF))


@given(patterns)
def test_what_is_drawn_is_read(pattern: Pattern) -> None:
    assert read_pattern(draw_pattern(pattern)) == pattern


@given(patterns, st.sampled_from([(320, 240), (480, 270), (1280, 720), (162, 120)]))
@settings(max_examples=30)
def test_it_survives_scaling(pattern: Pattern, size: tuple[int, int]) -> None:
    frame = VideoFrame.from_ndarray(draw_pattern(pattern), format="yuv420p")
    assert read_pattern(planes_of(frame.reformat(width=size[0], height=size[1]))) == pattern


@given(patterns, st.integers(0, 2**32 - 1))
@settings(max_examples=30)
def test_it_survives_noise(pattern: Pattern, seed: int) -> None:
    noise = np.random.default_rng(seed).normal(0, 25, draw_pattern(pattern).shape)
    noisy = np.clip(draw_pattern(pattern) + noise, 0, 255).astype(np.uint8)
    assert read_pattern(noisy) == pattern


@given(patterns)
@settings(max_examples=20)
def test_it_survives_vp8_at_its_first_frame(pattern: Pattern) -> None:
    frame = VideoFrame.from_ndarray(draw_pattern(pattern), format="yuv420p")
    frame.pts, frame.time_base = 0, Fraction(1, 90000)
    assert read_pattern(through_vp8(frame)) == pattern


@given(patterns, st.integers(0, 47))
def test_one_wrong_block_is_noticed(pattern: Pattern, block: int) -> None:
    planes = draw_pattern(pattern)
    for view in plane_views(planes):
        height, width = view.shape[0] // 6, view.shape[1] // 8
        row, column = block // 8 * height, block % 8 * width
        cell = view[row : row + height, column : column + width]
        cell[:] = view.min() if cell.mean() > (int(view.max()) + int(view.min())) / 2 else view.max()
    assert read_pattern(planes) is None


@given(st.integers(0, 2**32 - 1), st.integers(0, 255))
def test_noise_and_plain_pictures_carry_nothing(seed: int, grey: int) -> None:
    shape = (720, 640)
    assert read_pattern(np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)) is None
    assert read_pattern(np.full(shape, grey, dtype=np.uint8)) is None


@given(patterns)
@settings(max_examples=20)
def test_a_picture_without_its_colours_is_not_this_source(pattern: Pattern) -> None:
    planes = draw_pattern(pattern)
    planes[480:] = 128
    assert read_pattern(planes) is None


def test_the_check_is_crc_8() -> None:
    assert crc8(b"123456789") == 0xF4  # the check value of CRC-8/SMBUS in the catalogue of CRCs


def through_vp8(frame: VideoFrame) -> Planes:
    """Encode as the kiosk does and decode again."""
    encoder = Vp8Encoder()
    payloads, _ = encoder.encode(frame)
    decoder = av.CodecContext.create("libvpx", "r")
    packet = av.Packet(b"".join(vp8_depayload(payload) for payload in payloads))
    return planes_of(decoder.decode(packet)[0])
