"""Where a kiosk's sound and picture come from, chosen once at start, opened anew for each call.

A camera that is open only during a call is one that nobody can watch through between calls; its light says so.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from aiortc.mediastreams import MediaStreamTrack
from av import FFmpegError
from av.container import InputContainer

from kiosk_client.errors import CameraUnavailable, MediaFileUnreadable, MediaSourceError, MicrophoneUnavailable
from kiosk_client.media.container import ContainerTrack, Kind, open_container
from kiosk_client.media.pattern import Pattern, draw_pattern
from kiosk_client.media.picture import FRAMES_PER_SECOND, HEIGHT, WIDTH, DrawnTrack
from kiosk_client.media.sound import LoopTrack, tone_track
from kiosk_client.media.synthetic import CitizenPicture, voice
from tawasul.domain.riyadh import RIYADH


@dataclass(frozen=True)
class LocalMedia:
    """The two tracks of one call. Stopping them closes what they were opened on; so does the end of the call."""

    sound: MediaStreamTrack
    picture: MediaStreamTrack

    def stop(self) -> None:
        """Stop both. Harmless when they have been stopped."""
        self.sound.stop()
        self.picture.stop()


class Source(Protocol):
    """Something that a kiosk can send. `description` is for the person who looks after the kiosk, in English."""

    @property
    def description(self) -> str: ...

    async def open(self) -> LocalMedia:
        """New tracks for a call. Raises `MediaSourceError` with the device or file that is at fault."""
        ...


def choose_source(*, camera: str | None = None, microphone: str | None = None, file: Path | None = None) -> Source:
    """The source that was asked for: a file, or camera and microphone, or the synthetic citizen for what is missing.

    `camera`: a V4L2 device (`/dev/video0`). `microphone`: an ALSA device (`default`, `hw:1`).
    Raises `ValueError` when both a file and a device are given.
    """
    if file is not None:
        if camera is not None or microphone is not None:
            raise ValueError("give either a media file or a camera and microphone, not both")
        return FileSource(file)
    if camera is not None or microphone is not None:
        return DeviceSource(camera=camera, microphone=microphone)
    return SyntheticSource()


@dataclass(frozen=True)
class SyntheticSource:
    """The synthetic citizen (`kiosk_client.media.synthetic`)."""

    @property
    def description(self) -> str:
        return "a synthetic citizen: drawn picture, sample voice"

    async def open(self) -> LocalMedia:
        """New tracks; never fails."""
        return LocalMedia(sound=await _synthetic_sound(), picture=await _synthetic_picture())


@dataclass(frozen=True)
class CodedSource:
    """For self-test and tests: a tone of `hertz`, and pictures that carry `identity` (0..65535) and a frame number."""

    hertz: int
    identity: int

    @property
    def description(self) -> str:
        return f"a tone of {self.hertz} Hz and a coded picture"

    async def open(self) -> LocalMedia:
        """New tracks; never fails."""
        picture = DrawnTrack(lambda number: draw_pattern(Pattern(self.identity, number & 0xFFFF)))
        return LocalMedia(sound=tone_track(self.hertz), picture=picture)


@dataclass(frozen=True)
class FileSource:
    """A media file with sound and picture, in a loop."""

    path: Path

    @property
    def description(self) -> str:
        return f"the media file {self.path.name}"

    async def open(self) -> LocalMedia:
        """New tracks, each with its own reader. Raises `MediaFileUnreadable`."""
        picture = await self._open("video")
        try:
            sound = await self._open("audio")
        except MediaFileUnreadable:
            picture.close()
            raise
        return LocalMedia(
            sound=ContainerTrack(sound, "audio", live=False), picture=ContainerTrack(picture, "video", live=False)
        )

    async def _open(self, kind: Kind) -> InputContainer:
        container = await _opened(lambda: open_container(str(self.path)), MediaFileUnreadable, str(self.path))
        if not getattr(container.streams, kind):
            container.close()
            raise MediaFileUnreadable(str(self.path), "it has no picture" if kind == "video" else "it has no sound")
        return container


@dataclass(frozen=True)
class DeviceSource:
    """A camera and a microphone; what is None is taken from the synthetic citizen."""

    camera: str | None
    microphone: str | None

    @property
    def description(self) -> str:
        return f"camera {self.camera or 'none (drawn picture)'}, microphone {self.microphone or 'none (sample voice)'}"

    async def open(self) -> LocalMedia:
        """New tracks on the devices. Raises `CameraUnavailable`, `MicrophoneUnavailable`."""
        picture = await self._picture()
        try:
            sound = await self._sound()
        except MicrophoneUnavailable:
            picture.stop()
            raise
        return LocalMedia(sound=sound, picture=picture)

    async def _picture(self) -> MediaStreamTrack:
        if self.camera is None:
            return await _synthetic_picture()
        device = self.camera
        wanted = {"video_size": f"{WIDTH}x{HEIGHT}", "framerate": str(FRAMES_PER_SECOND)}
        try:
            container = await _opened(
                lambda: open_container(device, format="v4l2", options=wanted), CameraUnavailable, device
            )
        except CameraUnavailable:
            # Some cameras refuse a rate they do not have instead of choosing the nearest.
            container = await _opened(lambda: open_container(device, format="v4l2"), CameraUnavailable, device)
        return ContainerTrack(container, "video", live=True)

    async def _sound(self) -> MediaStreamTrack:
        if self.microphone is None:
            return await _synthetic_sound()
        device = self.microphone
        container = await _opened(lambda: open_container(device, format="alsa"), MicrophoneUnavailable, device)
        return ContainerTrack(container, "audio", live=True)


async def _opened(opening: Callable[[], InputContainer], error: type[MediaSourceError], name: str) -> InputContainer:
    try:
        return await asyncio.to_thread(opening)
    except (FFmpegError, OSError, ValueError) as cause:
        raise error(name, getattr(cause, "strerror", None) or str(cause)) from cause


async def _synthetic_sound() -> MediaStreamTrack:
    return LoopTrack(await asyncio.to_thread(voice))


async def _synthetic_picture() -> MediaStreamTrack:
    picture = await asyncio.to_thread(CitizenPicture, _riyadh_clock)
    return DrawnTrack(picture.draw)


def _riyadh_clock() -> tuple[int, int, int]:
    now = datetime.now(RIYADH)
    return now.hour, now.minute, now.second
