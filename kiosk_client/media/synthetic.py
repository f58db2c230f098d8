"""The synthetic citizen: a drawn person who sways a little before a wall, a running clock, and a sample of speech.

For the demo and for machines without a camera. It is labelled as a sample, in the picture itself. How the drawing and
the voice were made is told in `assets/README.md`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

import av
import numpy as np
from av import AudioFrame, AudioResampler, VideoFrame
from numpy.typing import NDArray

from kiosk_client.media.picture import FRAMES_PER_SECOND, HEIGHT, WIDTH, Planes, plane_views, planes_of
from kiosk_client.media.segments import clock_mask
from kiosk_client.media.sound import RATE, Samples

PAUSE = 2.5
"""Seconds of silence between two readings of the sample text."""

INK = (226, 128, 128)
"""The clock's digits: nearly white, no colour."""

SHADE = (62, 124, 118)
"""The clock's ground and the marker: the dark green of the label."""

CLOCK_AT = (28, 440)
"""Row and column of the clock's first corner: opposite the label."""

MARKER_ROW, MARKER_SIZE, MARKER_PERIOD = 452, 14, 6.0
"""The marker walks to and fro along the table once in its period (seconds): whoever looks sees that time passes."""


@cache
def voice() -> Samples:
    """The sample of speech with its pause, mono at 48 kHz, about 15.7 s. Decoded once; do not write to it."""
    resampler = AudioResampler(format="s16", layout="mono", rate=RATE)
    with _asset("sample-voice.ogg").open("rb") as file, av.open(file, mode="r") as container:
        decoded: list[AudioFrame] = [out for frame in container.decode(audio=0) for out in resampler.resample(frame)]
    decoded += resampler.resample(None)
    spoken = np.concatenate([frame.to_ndarray().reshape(-1) for frame in decoded])
    samples = np.concatenate([spoken, np.zeros(round(PAUSE * RATE), dtype=np.int16)])
    samples.setflags(write=False)
    return samples


class CitizenPicture:
    """Draws the synthetic citizen, frame by frame. `wall_clock()` returns the hours, minutes, seconds to show."""

    def __init__(self, wall_clock: Callable[[], tuple[int, int, int]]) -> None:
        self._wall_clock = wall_clock
        self._ground = planes_of(_load("sample-background.png"))
        figure = _load("sample-figure.png")
        self._figure = planes_of(figure)
        alpha = figure.to_ndarray(format="rgba")[:, :, 3].astype(np.uint16)
        self._alpha = _alpha_planes(alpha)

    def draw(self, number: int) -> Planes:
        """Frame `number` at 24 a second: yuv420p planes of shape (720, 640), the caller's to keep."""
        seconds = number / FRAMES_PER_SECOND
        planes = self._ground.copy()
        # Whole chroma samples, hence even steps.
        across = 2 * round(3 * math.sin(2 * math.pi * seconds / 7))
        down = 2 * round(1 + math.sin(2 * math.pi * seconds / 4))
        self._place_figure(planes, across, down)
        _place_clock(planes, self._wall_clock())
        _place_marker(planes, seconds)
        return planes

    def _place_figure(self, planes: Planes, across: int, down: int) -> None:
        for scale, ground, figure, alpha in zip(
            (1, 2, 2), plane_views(planes), plane_views(self._figure), plane_views(self._alpha), strict=True
        ):
            height, width = ground.shape
            dx, dy = across // scale, down // scale
            to = np.s_[dy:height, max(dx, 0) : width + min(dx, 0)]
            of = np.s_[: height - dy, max(-dx, 0) : width - max(dx, 0)]
            weight = alpha[of].astype(np.uint16)
            mixed = figure[of] * weight + ground[to] * (255 - weight)
            ground[to] = (mixed // 255).astype(np.uint8)


def _place_clock(planes: Planes, time: tuple[int, int, int]) -> None:
    mask = clock_mask(*time)
    top, start = CLOCK_AT
    for scale, view, ink, shade in zip((1, 2, 2), plane_views(planes), INK, SHADE, strict=True):
        box = mask[::scale, ::scale]
        row, column = top // scale, start // scale
        view[row : row + box.shape[0], column : column + box.shape[1]] = np.where(box, ink, shade)


def _place_marker(planes: Planes, seconds: float) -> None:
    swing = (1 - math.cos(2 * math.pi * seconds / MARKER_PERIOD)) / 2
    start = 2 * round((40 + swing * (WIDTH - 80 - MARKER_SIZE)) / 2)
    for scale, view, shade in zip((1, 2, 2), plane_views(planes), SHADE, strict=True):
        row, column, size = MARKER_ROW // scale, start // scale, MARKER_SIZE // scale
        view[row : row + size, column : column + size] = shade


def _alpha_planes(alpha: NDArray[np.uint16]) -> Planes:
    """Opacity (480, 640) laid out as yuv420p planes, so that luma and chroma are blended alike."""
    planes = np.empty((HEIGHT * 3 // 2, WIDTH), dtype=np.uint8)
    halved = alpha.reshape(HEIGHT // 2, 2, WIDTH // 2, 2).mean(axis=(1, 3))
    for view, opacity in zip(plane_views(planes), (alpha, halved, halved), strict=True):
        view[:] = opacity
    return planes


def _load(name: str) -> VideoFrame:
    with _asset(name).open("rb") as file, av.open(file, mode="r") as container:
        return next(container.decode(video=0))


def _asset(name: str) -> Traversable:
    return resources.files("kiosk_client.media") / "assets" / name
