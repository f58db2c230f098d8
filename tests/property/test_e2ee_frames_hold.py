"""Frames: whatever is changed is refused, nothing is opened twice, and what comes a little late is still opened."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.e2ee_world import octets

from tawasul.e2ee.errors import BY_CODE, FrameProblem, FrameReplayed
from tawasul.e2ee.frames import WINDOW, FrameOpener, FrameSealer, Kind
from tawasul.e2ee.session import EpochSecrets, Side

SECRETS = EpochSecrets(3, octets("frames"), octets("frames' transcript"))
PICTURES = st.binary(max_size=40).flatmap(
    lambda rest: st.sampled_from([b"\x01" + rest, b"\x10\x00\x00\x9d\x01\x2a\x80\x02\xe0\x01" + rest])
)


def pair(kind: Kind) -> tuple[FrameSealer, FrameOpener]:
    """The office's sealer and the citizen's opener."""
    sealer, opener = FrameSealer(Side.OFFICE, kind), FrameOpener(Side.CITIZEN, kind)
    sealer.switch(SECRETS)
    opener.install(SECRETS)
    return sealer, opener


def refused(opener: FrameOpener, frame: bytes) -> str:
    """The code by which a frame is refused; it is counted, and nothing comes out."""
    before, counted = opener.opened, opener.copies + opener.refused.total()
    with pytest.raises(FrameProblem) as problem:
        opener.open(frame)
    assert opener.opened == before
    assert opener.copies + opener.refused.total() == counted + 1
    assert problem.value.code in BY_CODE
    return problem.value.code


@given(frames=st.lists(PICTURES, min_size=1, max_size=20))
def test_what_is_sealed_is_opened(frames: list[bytes]) -> None:
    sealer, opener = pair(Kind.PICTURE)
    for frame in frames:
        sealed = sealer.seal(frame)
        assert opener.open(sealed) == frame
        length = 10 if frame[0] & 1 == 0 else 1
        assert sealed[:length] == frame[:length]
        assert len(sealed) >= len(frame) + 17
    assert (sealer.sealed, opener.opened, opener.refused) == (len(frames), len(frames), {})


@given(frames=st.lists(st.binary(max_size=40), min_size=1, max_size=20))
def test_sound_has_nothing_clear(frames: list[bytes]) -> None:
    sealer, opener = pair(Kind.SOUND)
    assert [opener.open(sealer.seal(frame)) for frame in frames] == frames


@settings(max_examples=2000, deadline=None)
@given(frame=PICTURES, data=st.data())
def test_any_change_is_refused(frame: bytes, data: st.DataObject) -> None:
    sealer, opener = pair(Kind.PICTURE)
    sealed = sealer.seal(frame)
    change = data.draw(st.sampled_from(["bit", "cut", "insert", "clear"]))
    at = data.draw(st.integers(0, len(sealed) - 1))
    match change:
        case "bit":
            changed = sealed[:at] + bytes([sealed[at] ^ 1 << data.draw(st.integers(0, 7))]) + sealed[at + 1 :]
        case "cut":
            changed = sealed[:at]
        case "insert":
            changed = sealed[:at] + data.draw(st.binary(min_size=1, max_size=4)) + sealed[at:]
        case _:
            changed = frame
    refused(opener, changed)
    assert opener.open(sealed) == frame  # and the true one is still taken


@given(frame=st.binary(max_size=300), kind=st.sampled_from(Kind))
def test_bytes_of_a_stranger_are_refused(frame: bytes, kind: Kind) -> None:
    refused(pair(kind)[1], frame)


@settings(max_examples=200, deadline=None)
@given(order=st.lists(st.integers(0, 60), min_size=1, max_size=120))
def test_each_is_opened_once_in_any_order(order: list[int]) -> None:
    sealer, opener = pair(Kind.SOUND)
    sealed = [sealer.seal(bytes([number])) for number in range(61)]
    seen: set[int] = set()
    for number in order:
        if number in seen:
            assert refused(opener, sealed[number]) == "frame-replayed"
            assert opener.refused == {}
        else:
            assert opener.open(sealed[number]) == bytes([number])
        seen.add(number)


@pytest.mark.parametrize("behind", [0, 1, WINDOW - 1, WINDOW, WINDOW + 1, WINDOW + 500])
def test_what_is_too_far_behind_is_refused(behind: int) -> None:
    sealer, opener = pair(Kind.SOUND)
    sealed = [sealer.seal(b"") for _ in range(WINDOW + 600)]
    newest = len(sealed) - 1
    opener.open(sealed[newest])
    if 0 < behind <= WINDOW:
        assert opener.open(sealed[newest - behind]) == b""
    with pytest.raises(FrameReplayed):
        opener.open(sealed[newest - behind])


def test_a_forged_counter_does_not_move_the_window() -> None:
    sealer, opener = pair(Kind.SOUND)
    first = sealer.seal(b"first")
    other = EpochSecrets(3, octets("a thief"), octets("a thief's transcript"))
    thief = FrameSealer(Side.OFFICE, Kind.SOUND)
    thief.switch(other)
    for _ in range(WINDOW + 10):
        forged = thief.seal(b"")
    assert refused(opener, forged) == "frame-forged"
    assert opener.open(first) == b"first"


@settings(max_examples=50, deadline=None)
@given(epochs=st.lists(st.booleans(), max_size=30))
def test_over_several_epochs(epochs: list[bool]) -> None:
    sealer, opener = FrameSealer(Side.CITIZEN, Kind.PICTURE), FrameOpener(Side.OFFICE, Kind.PICTURE)
    secrets = EpochSecrets(0, octets("first"), octets("first transcript"))
    sealer.switch(secrets)
    opener.install(secrets)
    pending: list[bytes] = []
    for rekey in epochs:
        pending.append(sealer.seal(b"\x01frame"))
        if rekey:
            secrets = secrets.next(octets("next"), public=b"", sealed=b"")
            opener.install(secrets)
            sealer.switch(secrets)
    assert [opener.open(sealed) for sealed in reversed(pending)] == [b"\x01frame"] * len(pending)
    opener.drop(0)
    for sealed in pending[: 1 if pending else 0]:
        assert refused(opener, sealed) == "frame-key-unknown"
