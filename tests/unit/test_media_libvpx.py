"""The encoder keeps to its rate and changes it without a key frame; what it makes is decoded by FFmpeg."""

import gc
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from fractions import Fraction

import av
import numpy as np
import psutil
import pytest
from av import VideoFrame
from numpy.typing import NDArray
from support.bench_media_material import pictures

from kiosk_client.media import libvpx_interface
from kiosk_client.media.libvpx import EncodedPicture, EncodingFailed, Vp8Encoder
from kiosk_client.media.pattern import Pattern, draw_pattern, read_pattern
from kiosk_client.media.picture import planes_of

FPS = 24

Draw = Callable[[int], NDArray[np.uint8]]

SIZES = {50: (160, 96), 120: (256, 144), 300: (480, 272), 1000: (640, 368), 2000: (1280, 720)}
"""For each rate in kbit/s a size that a call would have at it; both sides divisible by 16 for the pattern."""


@pytest.fixture
def encoder() -> Iterator[Vp8Encoder]:
    made = Vp8Encoder()
    yield made
    made.close()


def pattern(width: int, height: int) -> Draw:
    """Coded pictures: flat blocks, some of which change."""
    return lambda number: draw_pattern(Pattern(0xBEEF, number), width=width, height=height)


def noise(width: int, height: int) -> Draw:
    """A texture that moves, with another grain each time: as dear as a camera's picture of a crowd."""
    chance = np.random.default_rng(7)
    texture = np.kron(chance.integers(60, 180, (height * 3 // 16, width // 8)), np.ones((8, 8), dtype=np.int64))
    grain = chance.integers(-6, 7, (height * 3 // 2, width))

    def draw(number: int) -> NDArray[np.uint8]:
        moved = np.roll(texture, number * 2, axis=1) + np.roll(grain, number * 97)
        return np.ascontiguousarray(moved, dtype=np.uint8)

    return draw


def frame_of(planes: NDArray[np.uint8], number: int) -> VideoFrame:
    frame = VideoFrame.from_ndarray(planes, format="yuv420p")
    frame.pts, frame.time_base = number * 90000 // FPS, Fraction(1, 90000)
    return frame


def encoded(
    encoder: Vp8Encoder, draw: Draw, numbers: range, rate: int, *, key: bool = False
) -> list[EncodedPicture | None]:
    """Pictures `numbers` at `rate` bits a second; with `key`, the first of them needs none before it."""
    return [
        encoder.encode(frame_of(draw(number), number), rate, FPS, key=key and number == numbers[0])
        for number in numbers
    ]


def kilobits(pictures: list[EncodedPicture | None]) -> float:
    return sum(len(picture.data) for picture in pictures if picture) * 8 / len(pictures) * FPS / 1000


def keys(pictures: list[EncodedPicture | None]) -> list[int]:
    return [at for at, picture in enumerate(pictures) if picture and picture.key]


@pytest.mark.parametrize("rate", SIZES)
def test_the_rate_is_followed(encoder: Vp8Encoder, rate: int) -> None:
    draw = noise(*SIZES[rate])
    pictures = encoded(encoder, draw, range(5 * FPS), rate * 1000)
    # Without the first second, in which the first picture is paid back.
    assert kilobits(pictures[FPS:]) == pytest.approx(rate, rel=0.2)
    assert keys(pictures) == [0]


@pytest.mark.parametrize("rate", SIZES)
def test_what_is_easy_takes_no_more_than_its_rate(encoder: Vp8Encoder, rate: int) -> None:
    pictures = encoded(encoder, pattern(*SIZES[rate]), range(3 * FPS), rate * 1000)
    assert kilobits(pictures[FPS:]) <= rate * 1.2
    assert all(pictures[FPS:])


def test_a_change_of_rate_is_followed_within_a_second_and_makes_no_key_frame(encoder: Vp8Encoder) -> None:
    draw = noise(480, 272)
    at = 0
    for rate in (300, 1000, 150, 600, 80):
        pictures = encoded(encoder, draw, range(at, at + 3 * FPS), rate * 1000)
        assert kilobits(pictures[FPS:]) == pytest.approx(rate, rel=0.2), rate
        assert keys(pictures) == ([0] if at == 0 else []), rate
        at += 3 * FPS


def test_fewer_pictures_a_second_get_more_bits_each_after_some(encoder: Vp8Encoder) -> None:
    draw = noise(480, 272)
    encoded(encoder, draw, range(FPS), 300_000)
    third = [encoder.encode(frame_of(draw(n), n), 300_000, FPS / 3) for n in range(FPS, 7 * FPS, 3)]
    last = third[FPS:]  # three seconds
    assert sum(len(picture.data) for picture in last if picture) * 8 / 3 / 1000 == pytest.approx(300, rel=0.2)


@pytest.mark.parametrize("missing", [1, 2, 3, 7])
def test_where_pictures_are_left_out_the_next_is_no_flood(encoder: Vp8Encoder, missing: int) -> None:
    frames = [VideoFrame.from_ndarray(planes, format="yuv420p") for planes in pictures()]
    sizes, number = [], 0
    for place in range(150):
        number += 1 + (missing if place % 10 == 9 else 0)
        frame = frames[number % len(frames)]
        frame.pts, frame.time_base = number * 3000, Fraction(1, 90000)
        made = encoder.encode(frame, 730_000, 30, key=place == 0)
        sizes.append(len(made.data) if made else 0)
    usual = 730_000 / 8 / 30
    assert max(sizes[1:]) < 12 * usual, "0.4 s of the line; it has been 35 times"
    assert sum(sizes) < 1.25 * 730_000 / 8 * number / 30


def test_a_key_frame_comes_with_the_picture_for_which_it_was_asked(encoder: Vp8Encoder) -> None:
    encoded(encoder, pattern(640, 480), range(5), 500_000)
    assert keys(encoded(encoder, pattern(640, 480), range(5, 10), 500_000, key=True)) == [0]


def test_after_a_pause_no_picture_is_larger_than_the_line_bears(encoder: Vp8Encoder) -> None:
    draw = noise(640, 368)
    usual = max(len(each.data) for each in encoded(encoder, draw, range(2 * FPS), 500_000)[FPS:] if each)
    key = encoder.encode(frame_of(draw(20 * FPS), 20 * FPS), 500_000, FPS, key=True)
    assert key is not None
    assert len(key.data) * 8 / 500_000 < 0.4  # seconds of the rate
    pause = encoder.encode(frame_of(draw(40 * FPS), 40 * FPS), 500_000, FPS)
    assert pause is None or len(pause.data) < 5 * usual


def test_every_size_is_decoded_as_it_was_drawn(encoder: Vp8Encoder) -> None:
    decoder = av.CodecContext.create("libvpx", "r")
    number = 0
    for width, height in ((640, 480), (320, 240), (640, 480), (1280, 720), (160, 96), (176, 144)):
        for step in range(6):
            made = encoder.encode(frame_of(pattern(width, height)(number), number), 600_000, FPS)
            assert made is not None
            assert made.key == (step == 0)
            (shown,) = decoder.decode(av.Packet(made.data))
            assert isinstance(shown, VideoFrame)
            assert (shown.width, shown.height) == (width, height)
            assert read_pattern(planes_of(shown)) == Pattern(0xBEEF, number)
            number += 1


def test_time_that_stands_still_runs_back_or_leaps_is_borne(encoder: Vp8Encoder) -> None:
    draw = noise(320, 240)
    for pts in (0, 3750, 3750, 100, 2**40, 0, -(2**40), 3750):
        frame = frame_of(draw(1), 0)
        frame.pts = pts
        encoder.encode(frame, 300_000, FPS)
    untimed = VideoFrame.from_ndarray(draw(2), format="yuv420p")
    encoder.encode(untimed, 300_000, FPS)
    # A single leap may be paid with one large picture; after it the rate holds again.
    assert kilobits(encoded(encoder, draw, range(10, 10 + 3 * FPS), 300_000)[FPS:]) == pytest.approx(300, rel=0.2)


@pytest.mark.parametrize(
    ("width", "height", "layout"), [(641, 480, "yuv420p"), (640, 481, "yuv420p"), (640, 480, "rgb24")]
)
def test_a_picture_of_another_kind_is_refused(encoder: Vp8Encoder, width: int, height: int, layout: str) -> None:
    with pytest.raises(EncodingFailed, match=layout):
        encoder.encode(VideoFrame(width, height, layout), 300_000, FPS)
    assert encoded(encoder, pattern(640, 480), range(1), 300_000)[0]


def test_a_closed_encoder_says_so(encoder: Vp8Encoder) -> None:
    encoder.close()
    encoder.close()
    with pytest.raises(EncodingFailed, match="closed"):
        encoded(encoder, pattern(640, 480), range(1), 300_000)


def test_it_may_be_closed_while_another_thread_encodes() -> None:
    for _ in range(10):
        encoder = Vp8Encoder()
        begun = threading.Event()

        def work(encoder: Vp8Encoder = encoder, begun: threading.Event = begun) -> None:
            with suppress(EncodingFailed):
                while True:
                    encoder.encode(frame_of(pattern(320, 240)(0), 0), 300_000, FPS)
                    begun.set()

        worker = threading.Thread(target=work)
        worker.start()
        assert begun.wait(30)
        encoder.close()
        worker.join(30)
        assert not worker.is_alive()


def test_memory_is_flat_over_thousands_of_pictures_and_freed_on_close() -> None:
    process = psutil.Process()
    shades = {size: noise(*size)(0) for size in ((80, 48), (160, 96))}

    def use(pictures: int) -> None:
        encoder = Vp8Encoder()
        for number in range(pictures):
            size = (80, 48) if number // 40 % 2 else (160, 96)
            encoder.encode(frame_of(shades[size], number), 100_000 + number * 100, FPS, key=number % 50 == 0)
        encoder.close()

    use(400)
    gc.collect()
    before = process.memory_info().rss
    use(3000)
    for _ in range(100):
        use(1)  # an encoder of this size holds more than half a megabyte
    gc.collect()
    grown = process.memory_info().rss - before
    assert grown < 10_000_000, f"{grown} bytes more"


def test_the_library_is_the_one_that_was_written_for() -> None:
    assert libvpx_interface.libvpx.__wrapped__().vpx_codec_version_str().startswith(b"v1.16.")


def test_a_library_of_another_interface_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libvpx_interface, "ENCODER_ABI", libvpx_interface.ENCODER_ABI + 1)
    with pytest.raises(libvpx_interface.LibvpxUnfit, match="ABI"):
        libvpx_interface.libvpx.__wrapped__()


def test_where_pyav_carries_no_such_library_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(av, "__file__", "/usr/lib/python3/dist-packages/av/__init__.py")
    with pytest.raises(libvpx_interface.LibvpxUnfit, match="wheel"):
        libvpx_interface.libvpx.__wrapped__()
