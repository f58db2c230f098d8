"""Fingerprints in descriptions: whatever the server wrote, the signed one stands and no other."""

from __future__ import annotations

import pytest
from aiortc.sdp import SessionDescription
from support.e2ee_descriptions import AIORTC, CHROMIUM, DESCRIPTIONS, EVIL, OWN
from support.e2ee_world import fingerprint

from tawasul.e2ee.errors import FingerprintMissing
from tawasul.e2ee.pinning import fingerprint_of, pin_sdp, without_audio_level

SIGNED = fingerprint("signed")


@pytest.mark.parametrize("what", DESCRIPTIONS)
def test_no_other_fingerprint_is_left(what: str) -> None:
    pinned = pin_sdp(DESCRIPTIONS[what], SIGNED)
    assert EVIL not in pinned
    assert OWN not in pinned
    assert pinned.count("fingerprint") == sum(line.startswith("m=") for line in pinned.splitlines())


@pytest.mark.parametrize("what", [each for each in DESCRIPTIONS if each not in ("empty", "no media")])
def test_aiortc_reads_the_signed_one_only(what: str) -> None:
    description = SessionDescription.parse(without_audio_level(pin_sdp(DESCRIPTIONS[what], SIGNED)))
    assert description.media
    for media in description.media:
        assert media.dtls is not None
        assert [f"{each.algorithm} {each.value}" for each in media.dtls.fingerprints] == [SIGNED]


def test_every_media_section_has_it_at_its_end() -> None:
    sections = pin_sdp(CHROMIUM, SIGNED).split("m=")
    assert len(sections) == 4
    assert "fingerprint" not in sections[0]
    assert all(section.endswith(f"a=fingerprint:{SIGNED}\r\n") for section in sections[1:])


def test_ones_own_is_taken_from_ones_own() -> None:
    assert fingerprint_of(CHROMIUM) == fingerprint_of(AIORTC) == OWN
    assert fingerprint_of(CHROMIUM.replace(OWN, OWN.lower())) == OWN


@pytest.mark.parametrize("what", ["one appended", "at session level", "taken away", "by SHA-1", "empty"])
def test_without_one_of_its_own_nothing_is_signed(what: str) -> None:
    with pytest.raises(FingerprintMissing):
        fingerprint_of(DESCRIPTIONS[what])


@pytest.mark.parametrize("sdp", [CHROMIUM, AIORTC])
def test_who_speaks_is_not_told_to_the_relay(sdp: str) -> None:
    without = without_audio_level(sdp)
    assert "audio-level" in sdp
    assert "audio-level" not in without
    assert set(without.splitlines()) < set(sdp.splitlines())
    assert without_audio_level(without) == without
