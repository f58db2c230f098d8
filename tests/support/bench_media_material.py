"""What is said and shown in a measured call: speech of espeak-ng's, and a clip whose every picture is another."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kiosk_client.media.picture import Planes, plane_views
from kiosk_client.media.sound import RATE, Samples

WIDTH, HEIGHT, FRAMES_PER_SECOND = 960, 540, 30
LOOP = 2 * FRAMES_PER_SECOND
"""Pictures until the clip begins anew: so many fit into memory, and nothing in it is of another period."""
NOISE = 2.0
"""Grey levels by which a pixel differs from picture to picture, as in a camera's: a still wall costs bits too."""
ACTIVE_LEVEL = 10 ** (-26 / 20)
"""Of speech, beside full scale: -26 dB, at which P.862 expects it."""

WORDS = (
    "السلام عليكم ورحمة الله وبركاته. أنا مواطن من أهالي المحافظة، وقد جئت اليوم لأعرض حاجتي عليكم.",
    "الطريق الذي يصل قريتنا بالمستشفى تضرر من السيول، والمرضى لا يصلون إليه إلا بعد ساعتين.",
    "كتبنا إلى البلدية ثلاث مرات، وجاء المهندس وقاس الطريق، ثم لم نسمع بعد ذلك شيئا.",
    "نرجو أن يوجه من يلزم بإصلاحه قبل موسم الأمطار، وجزاكم الله خيرا على حسن الاستماع.",
)
VOICES = (("ar+m3", 40), ("ar+f2", 55))


def speech(seconds: float) -> Samples:
    """So much speech, mono at 48 kHz, two voices in turns, never the same moment twice; the same on every machine."""
    spoken: list[NDArray[np.float64]] = []
    length, turn = 0, 0
    while length < seconds * RATE:
        voice, pitch = VOICES[turn % len(VOICES)]
        sentence = _said(WORDS[turn % len(WORDS)], voice, pitch + turn, 150 + 3 * turn)
        spoken += [sentence, np.zeros(RATE // 4)]
        length += len(sentence) + RATE // 4
        turn += 1
    whole = np.concatenate(spoken)[: round(seconds * RATE)]
    active = np.abs(whole) > 0.02 * np.abs(whole).max()
    loud = whole / np.sqrt(np.mean(whole[active] ** 2)) * ACTIVE_LEVEL
    samples: Samples = np.clip(loud * 32767, -32767, 32767).astype(np.int16)
    return samples


def _said(words: str, voice: str, pitch: int, speed: int) -> NDArray[np.float64]:
    """As espeak-ng says it, at 48 kHz."""
    espeak = ("espeak-ng", "-v", voice, "-p", str(pitch), "-s", str(speed), "--stdout", words)
    wave = subprocess.run(espeak, capture_output=True, check=True).stdout
    to_raw = ("sox", "-t", "wav", "--ignore-length", "-", "-t", "raw", "-r", str(RATE), "-e", "signed", "-b", "16", "-")
    raw = subprocess.run(to_raw, input=wave, capture_output=True, check=True).stdout
    return np.frombuffer(raw, dtype=np.int16) / 32768


def pictures() -> Iterator[Planes]:
    """The clip: a wall and, before it, somebody who sways; textured as things are, noisy as a camera's pictures are."""
    chance = np.random.default_rng(7)
    wall, figure = (_texture(chance, HEIGHT, WIDTH) for _ in range(2))
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH]
    for number in range(LOOP):
        swing = 2 * np.pi * number / LOOP
        middle_x, middle_y = WIDTH / 2 + 60 * np.sin(swing), HEIGHT / 2 + 40 + 12 * np.sin(2 * swing)
        inside = ((columns - middle_x) / 230) ** 2 + ((rows - middle_y) / 300) ** 2 < 1
        moved = np.roll(figure, (round(middle_y - HEIGHT / 2), round(middle_x - WIDTH / 2)), axis=(0, 1))
        planes = np.empty((HEIGHT * 3 // 2, WIDTH), dtype=np.uint8)
        luma, blue, red = plane_views(planes)
        light = np.where(inside, 130 + 34 * moved, 110 + 20 * wall) + chance.normal(0, NOISE, (HEIGHT, WIDTH))
        luma[:] = np.clip(light, 16, 235)
        halved = inside[::2, ::2]
        blue[:], red[:] = np.where(halved, 112, 126), np.where(halved, 150, 124)
        yield planes


def _texture(chance: np.random.Generator, height: int, width: int) -> NDArray[np.float64]:
    """Noise whose strength falls as one over the frequency, as in pictures of things; mean 0, deviation 1."""
    frequency = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None, :])
    frequency[0, 0] = 1
    noise = np.fft.irfft2(np.fft.rfft2(chance.normal(size=(height, width))) / frequency, s=(height, width))
    texture: NDArray[np.float64] = (noise - noise.mean()) / noise.std()
    return texture


@dataclass(frozen=True)
class Material:
    """The files in `folder` from which both kinds of ends play: speech as raw 16-bit samples, the clip as YUV4MPEG2."""

    folder: Path
    seconds: float

    @property
    def clip(self) -> Path:
        """For Chromium's camera; the kiosk reads it too."""
        return self.folder / "clip.y4m"

    def make(self) -> Material:
        """Write both. Takes some seconds."""
        (self.folder / "speech.raw").write_bytes(speech(self.seconds).tobytes())
        with self.clip.open("wb") as file:
            file.write(_HEAD)
            for planes in pictures():
                file.write(_FRAME + planes.tobytes())
        return self

    def speech(self) -> Samples:
        """All of it."""
        return np.fromfile(self.folder / "speech.raw", dtype=np.int16)

    def picture(self, number: int) -> Planes:
        """One picture of the clip, which goes round and round."""
        size = WIDTH * HEIGHT * 3 // 2
        offset = len(_HEAD) + number % LOOP * (len(_FRAME) + size) + len(_FRAME)
        flat = np.fromfile(self.clip, dtype=np.uint8, count=size, offset=offset)
        return flat.reshape(HEIGHT * 3 // 2, WIDTH)


_HEAD = f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{FRAMES_PER_SECOND}:1 Ip A1:1 C420jpeg\n".encode()
_FRAME = b"FRAME\n"
