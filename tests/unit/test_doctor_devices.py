"""The doctor on camera and microphone. Whatever this machine has, the answers here are certain."""

from pathlib import Path

from tawasul.doctor import devices
from tawasul.doctor.finding import State

ONE_CARD = """\
00-00: ALC257 Analog : ALC257 Analog : playback 1 : capture 1
00-03: HDMI 0 : HDMI 0 : playback 1
02-00: USB Audio : USB Audio : capture 1
"""


def test_no_camera(tmp_path: Path) -> None:
    finding = devices.camera(tmp_path)
    assert finding.state is State.WARNING
    assert "synthetic citizen" in finding.sentence.english


def test_what_is_called_a_camera_and_is_none(tmp_path: Path) -> None:
    # The kernel answers with ENOTTY, as it does for a webcam's second node that only carries metadata.
    (tmp_path / "video0").touch()
    (tmp_path / "video1").symlink_to("/dev/null")
    assert devices.camera(tmp_path).state is State.WARNING


def test_the_question_has_the_kernel_s_size() -> None:
    # linux/videodev2.h: _IOR puts the structure's size into bits 16 to 29.
    assert devices.CAPABILITY.size == devices.QUERYCAP >> 16 & 0x3FFF == 104


def test_no_sound_card(tmp_path: Path) -> None:
    for cards in (tmp_path / "pcm", tmp_path / "empty"):
        (tmp_path / "empty").touch()
        finding = devices.microphone(cards=cards)
        assert finding.state is State.WARNING
        assert "no microphone" in finding.sentence.english


def test_a_card_that_only_plays_is_no_microphone(tmp_path: Path) -> None:
    (tmp_path / "pcm").write_text("00-03: HDMI 0 : HDMI 0 : playback 1\n")
    assert "no microphone" in devices.microphone(cards=tmp_path / "pcm").sentence.english


def test_a_microphone_that_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "pcm").write_text(ONE_CARD)
    finding = devices.microphone("hw:97", tmp_path / "pcm")
    assert finding.state is State.WARNING
    assert "hw:97 cannot be opened" in finding.sentence.english
    assert "hw:0,0, hw:2,0." in finding.sentence.english


def test_a_microphone_that_opens(tmp_path: Path) -> None:
    # ALSA's own device that records silence, opened by the same code as a kiosk's.
    (tmp_path / "pcm").write_text(ONE_CARD)
    assert devices.microphone("null", tmp_path / "pcm").state is State.OK
