"""Camera and microphone, as the native kiosk would open them. Without them it sends a synthetic citizen: a warning.

A camera is asked what it is, never for a picture, so that its light stays dark.
"""

from __future__ import annotations

import fcntl
import os
import struct
import subprocess
import sys
from pathlib import Path

from tawasul.doctor.finding import Finding, Words, ok, warning

# linux/videodev2.h: VIDIOC_QUERYCAP is _IOR('V', 0, struct v4l2_capability), 104 bytes.
QUERYCAP = 0x80685600
CAPABILITY = struct.Struct("16s32s32sIII12x")
VIDEO_CAPTURE, DEVICE_CAPABILITIES = 0x1, 0x80000000

OPEN_AND_CLOSE = (
    "import sys; from kiosk_client.media.container import open_container as o; o(sys.argv[1], format='alsa').close()"
)
"""In a process of its own: a broken sound card can hang, and the sound library writes to standard error by itself."""

OPENS_WITHIN = 15.0
"""Seconds; most of them go to loading the media library on a slow machine."""


def camera(devices: Path = Path("/dev")) -> Finding:
    """The first device that takes pictures and may be opened."""
    nodes = sorted(devices.glob("video*"))
    closed = []
    for node in nodes:
        try:
            name = _camera_name(node)
        except PermissionError:
            closed.append(node)
            continue
        if name is not None:
            return ok("camera", Words(f"{node} is a camera: {name}.", f"الكاميرا {node} جاهزة: {name}."))
    if closed:
        return warning(
            "camera",
            Words(f"This user may not open {closed[0]}.", f"لا يملك هذا المستخدم صلاحية فتح {closed[0]}."),
            Words(
                "Add the kiosk's user to the group video, then sign in again.",
                "أضف مستخدم الكشك إلى المجموعة video ثم سجّل الدخول من جديد.",
            ),
            'usermod -aG video "$(id -un)"',
        )
    return warning(
        "camera",
        Words(
            "There is no camera: a kiosk here would send a synthetic citizen's picture.",
            "لا توجد كاميرا: سيرسل الكشك من هنا صورة مواطن اصطناعية.",
        ),
        Words(
            "Only for a kiosk: connect a camera and name it (tawasul kiosk --camera /dev/video0).",
            "للكشك فقط: صِل كاميرا وحدّدها بالخيار --camera.",
        ),
    )


def _camera_name(node: Path) -> str | None:
    """The camera's own name; None when the device takes no pictures. Raises PermissionError."""
    answer = bytearray(CAPABILITY.size)
    try:
        device = os.open(node, os.O_RDWR | os.O_NONBLOCK)
    except PermissionError:
        raise
    except OSError:
        return None
    try:
        fcntl.ioctl(device, QUERYCAP, answer)
    except OSError:
        return None
    finally:
        os.close(device)
    _driver, card, _bus, _version, all_of_it, of_this_node = CAPABILITY.unpack(answer)
    can = of_this_node if all_of_it & DEVICE_CAPABILITIES else all_of_it
    name: str = card.split(b"\0")[0].decode(errors="replace")
    return name if can & VIDEO_CAPTURE else None


def microphone(device: str = "default", cards: Path = Path("/proc/asound/pcm")) -> Finding:
    """The ALSA device ``device`` opens, where the kernel knows any that records (``cards``)."""
    if not _recording_devices(cards):
        return warning(
            "microphone",
            Words(
                "There is no microphone: a kiosk here would send a sample voice.",
                "لا يوجد ميكروفون: سيرسل الكشك من هنا صوتًا مسجلًا للتجربة.",
            ),
            Words(
                "Only for a kiosk: connect a microphone and name it (tawasul kiosk --microphone default).",
                "للكشك فقط: صِل ميكروفونًا وحدّده بالخيار --microphone.",
            ),
        )
    reason = _why_it_does_not_open(device)
    if reason is None:
        return ok("microphone", Words(f"The microphone {device} opens.", f"الميكروفون {device} يعمل."))
    others = ", ".join(_recording_devices(cards))
    return warning(
        "microphone",
        Words(
            f"The microphone {device} cannot be opened: {reason}. Devices that record: {others}.",
            f"تعذّر فتح الميكروفون {device}: {reason}. الأجهزة التي تسجّل: {others}.",
        ),
        Words(
            "Close the program that holds it, name another (--microphone), or add the kiosk's user to the group audio.",
            "أغلق البرنامج الذي يستخدمه، أو حدّد غيره بالخيار --microphone، أو أضف مستخدم الكشك إلى المجموعة audio.",
        ),
        'apt-get install libasound2-data; usermod -aG audio "$(id -un)"',
    )


def _recording_devices(cards: Path) -> list[str]:
    """``hw:0,0`` for each line such as ``00-00: ALC257 Analog : ALC257 Analog : playback 1 : capture 1``."""
    try:
        lines = cards.read_text(errors="replace").splitlines()
    except OSError:
        return []
    numbers = [line.split(":")[0].split("-") for line in lines if ": capture " in line]
    return [f"hw:{int(card)},{int(device)}" for card, device in numbers]


def _why_it_does_not_open(device: str) -> str | None:
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and our own program
            [sys.executable, "-P", "-c", OPEN_AND_CLOSE, device],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=OPENS_WITHIN,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"nothing within {OPENS_WITHIN:.0f} s"
    if done.returncode == 0:
        return None
    return (done.stderr.strip().splitlines() or ["no reason given"])[-1].rpartition("Error: ")[2].rstrip(".")
