"""Frames with examples: no key, no frame; no counter twice; and what is left clear."""

from __future__ import annotations

import pytest
from support.e2ee_world import octets

from tawasul.e2ee.errors import FrameKeyUnknown, FrameMalformed, FrameReplayed, FrameWrongSender
from tawasul.e2ee.frames import FrameOpener, FrameSealer, Kind, clear_length, kid_of
from tawasul.e2ee.session import EpochSecrets, Side
from tawasul.e2ee.sframe import FrameKey, read_header

FIRST = EpochSecrets(0, octets("secret"), octets("transcript"))
KEY_FRAME = bytes.fromhex("b0fa009d012a8002e001") + b"picture"
DELTA_FRAME = b"\xd1picture"


def test_without_a_key_nothing_is_sealed_and_nothing_opened() -> None:
    sealer = FrameSealer(Side.CITIZEN, Kind.PICTURE)
    with pytest.raises(FrameKeyUnknown):
        sealer.seal(KEY_FRAME)
    assert sealer.sealed == 0
    opener = FrameOpener(Side.OFFICE, Kind.PICTURE)
    sealer.switch(FIRST)
    with pytest.raises(FrameKeyUnknown):
        opener.open(sealer.seal(KEY_FRAME))
    assert opener.refused == {"frame-key-unknown": 1}


def test_an_epoch_is_begun_once() -> None:
    sealer = FrameSealer(Side.CITIZEN, Kind.SOUND)
    second = FIRST.next(octets("next"), public=b"", sealed=b"")
    sealer.switch(second)
    counters = [read_header(sealer.seal(b"sound")).counter for _ in range(3)]
    assert counters == [0, 1, 2]
    for secrets in (second, FIRST):
        with pytest.raises(ValueError, match="once"):
            sealer.switch(secrets)
    assert read_header(sealer.seal(b"sound")) == (kid_of(1, Side.CITIZEN, Kind.SOUND), 3, 1)


def test_installing_again_forgets_no_counter() -> None:
    sealer, opener = FrameSealer(Side.CITIZEN, Kind.SOUND), FrameOpener(Side.OFFICE, Kind.SOUND)
    sealer.switch(FIRST)
    opener.install(FIRST)
    sealed = sealer.seal(b"sound")
    opener.open(sealed)
    opener.install(FIRST)
    with pytest.raises(FrameReplayed):
        opener.open(sealed)


def test_a_frame_is_of_one_sender_and_one_kind() -> None:
    sealers = {(side, kind): FrameSealer(side, kind) for side in Side for kind in Kind}
    opener = FrameOpener(Side.CITIZEN, Kind.PICTURE)
    opener.install(FIRST)
    for (side, kind), sealer in sealers.items():
        sealer.switch(FIRST)
        sealed = sealer.seal(DELTA_FRAME)
        if (side, kind) == (Side.OFFICE, Kind.PICTURE):
            assert opener.open(sealed) == DELTA_FRAME
        else:
            with pytest.raises(FrameWrongSender):
                opener.open(sealed if kind is Kind.PICTURE else b"\x01" + sealed)
    assert opener.refused == {"frame-wrong-sender": 3}


def test_key_identifiers() -> None:
    assert [kid_of(epoch, side, kind) for epoch in (0, 1) for side in Side for kind in Kind] == list(range(8))


def test_what_is_clear() -> None:
    assert clear_length(Kind.SOUND, b"") == 0
    assert clear_length(Kind.PICTURE, DELTA_FRAME) == 1
    assert clear_length(Kind.PICTURE, KEY_FRAME) == 10
    for frame in (b"", KEY_FRAME[:9]):
        with pytest.raises(FrameMalformed):
            clear_length(Kind.PICTURE, frame)
        sealer = FrameSealer(Side.CITIZEN, Kind.PICTURE)
        sealer.switch(FIRST)
        with pytest.raises(FrameMalformed):
            sealer.seal(frame)


def test_the_clear_bytes_are_authenticated_and_the_rest_is_hidden() -> None:
    sealer = FrameSealer(Side.OFFICE, Kind.PICTURE)
    sealer.switch(FIRST)
    sealed = sealer.seal(KEY_FRAME)
    assert sealed.startswith(KEY_FRAME[:10])
    assert b"picture" not in sealed


def test_a_key_does_not_print() -> None:
    assert repr(FrameKey(5, bytes(32))) == "FrameKey(kid=5)"
