"""Choosing and opening what a kiosk sends: file, devices, synthetic; and saying what is wrong with them."""

from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from av import AudioFrame, VideoFrame

from kiosk_client.errors import CameraUnavailable, MediaFileUnreadable, MicrophoneUnavailable
from kiosk_client.media.analysis import measure_sound
from kiosk_client.media.pattern import Pattern, draw_pattern, read_pattern
from kiosk_client.media.picture import planes_of
from kiosk_client.media.sound import RATE, tone
from kiosk_client.media.sources import DeviceSource, FileSource, SyntheticSource, choose_source


def media_file(path: Path, *, pictures: int = 12, sound: bool = True, picture: bool = True) -> Path:
    """A Matroska file of `pictures` coded pictures at 24 a second, and as long a tone of 500 Hz."""
    with av.open(str(path), "w") as container:
        # Both before the first packet: the header names them.
        video = container.add_stream("libvpx", rate=24, options={"deadline": "realtime"}) if picture else None
        audio = container.add_stream("libopus", rate=RATE, layout="mono") if sound else None
        if video is not None:
            video.width, video.height, video.pix_fmt, video.bit_rate = 640, 480, "yuv420p", 4_000_000
            for number in range(pictures):
                frame = VideoFrame.from_ndarray(draw_pattern(Pattern(0xF11E, number)), format="yuv420p")
                frame.pts, frame.time_base = number, Fraction(1, 24)
                container.mux(video.encode(frame))
            container.mux(video.encode(None))
        if audio is not None:
            samples = tone(500, pictures / 24).reshape(1, -1)
            whole = AudioFrame.from_ndarray(samples, format="s16", layout="mono")
            whole.sample_rate, whole.pts, whole.time_base = RATE, 0, Fraction(1, RATE)
            container.mux(audio.encode(whole))
            container.mux(audio.encode(None))
    return path


def test_the_choice() -> None:
    assert choose_source() == SyntheticSource()
    assert choose_source(camera="/dev/video0") == DeviceSource(camera="/dev/video0", microphone=None)
    assert choose_source(file=Path("a.webm")) == FileSource(Path("a.webm"))
    with pytest.raises(ValueError, match="not both"):
        choose_source(file=Path("a.webm"), microphone="default")


async def test_a_file_is_played_in_a_loop_and_its_time_never_runs_back(tmp_path: Path) -> None:
    media = await FileSource(media_file(tmp_path / "sample.mkv")).open()
    try:
        frames = [await media.picture.recv() for _ in range(30)]  # the file has twelve
        numbers = [read_pattern(planes_of(frame)) for frame in frames if isinstance(frame, VideoFrame)]
        assert [pattern.number for pattern in numbers if pattern] == [*range(12), *range(12), *range(6)]
        times = [frame.pts for frame in frames]
        steps = {after - before for before, after in pairwise(times) if before and after}
        assert steps <= {3749, 3750, 3751, 3690, 3780}, steps  # a 24th of a second, or what milliseconds make of it
        heard = [await media.sound.recv() for _ in range(40)]  # 800 ms of a file of 500
        samples = np.concatenate([frame.to_ndarray().reshape(-1) for frame in heard if isinstance(frame, AudioFrame)])
        assert [frame.pts for frame in heard] == [number * 960 for number in range(40)]
        assert measure_sound(samples[4800:14400]).frequency == pytest.approx(500, abs=5)
        assert measure_sound(samples[-9600:]).frequency == pytest.approx(500, abs=5)
    finally:
        media.stop()


async def test_files_that_will_not_do_are_named_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(MediaFileUnreadable, match="No such file"):
        await FileSource(tmp_path / "absent.mkv").open()
    (tmp_path / "text.mkv").write_text("not media")
    with pytest.raises(MediaFileUnreadable, match="text"):
        await FileSource(tmp_path / "text.mkv").open()
    with pytest.raises(MediaFileUnreadable, match="no sound"):
        await FileSource(media_file(tmp_path / "mute.mkv", sound=False)).open()
    with pytest.raises(MediaFileUnreadable, match="no picture"):
        await FileSource(media_file(tmp_path / "blind.mkv", picture=False)).open()


async def test_devices_that_are_not_there_are_named() -> None:
    with pytest.raises(CameraUnavailable, match="/dev/video99"):
        await DeviceSource(camera="/dev/video99", microphone=None).open()
    with pytest.raises(MicrophoneUnavailable, match="hw:99"):
        await DeviceSource(camera=None, microphone="hw:99").open()
    assert "none" in DeviceSource(camera=None, microphone="hw:99").description


async def test_a_microphone_is_read_through_alsa() -> None:
    """ALSA's own null device: silence, but through the whole way that a microphone's sound takes."""
    media = await DeviceSource(camera=None, microphone="null").open()
    try:
        frames = [await media.sound.recv() for _ in range(5)]
        assert all(isinstance(frame, AudioFrame) and frame.samples == 960 for frame in frames)
        assert [frame.pts for frame in frames] == sorted({frame.pts or 0 for frame in frames})
    finally:
        media.stop()
