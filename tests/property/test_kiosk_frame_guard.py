"""The guard of frames, given any: nothing passes without a key, only the very frame comes out, nothing is raised."""

from hypothesis import given
from hypothesis import strategies as st

from kiosk_client.frame_guard import FrameGuard
from tawasul.e2ee.frames import Kind
from tawasul.e2ee.session import EpochSecrets, Side

KEYS = EpochSecrets(0, bytes(32), bytes(32))
OTHERS = EpochSecrets(0, b"\x01" * 32, bytes(32))
kinds = st.sampled_from(Kind)
KEY_PICTURE = bytes(12)
"""Its first byte is even: a key frame."""


class Ends:
    """The guards of both ends."""

    def __init__(self, citizen: EpochSecrets | None = KEYS, office: EpochSecrets | None = KEYS) -> None:
        self.citizen, self.office = FrameGuard(Side.CITIZEN), FrameGuard(Side.OFFICE)
        for guard, keys in ((self.citizen, citizen), (self.office, office)):
            if keys is not None:
                guard.unlock(keys)


@given(kinds, st.binary(max_size=400))
def test_without_keys_nothing_passes_either_way(kind: Kind, frame: bytes) -> None:
    ends = Ends(citizen=None, office=None)
    assert ends.citizen.seal(kind, frame) is None
    assert ends.citizen.open(kind, frame) is None


@given(kinds, st.lists(st.binary(min_size=1, max_size=400), min_size=1, max_size=20))
def test_what_is_sealed_opens_as_it_was_and_once(kind: Kind, frames: list[bytes]) -> None:
    ends = Ends()
    if kind is Kind.PICTURE:
        frames = [KEY_PICTURE, *(frame if frame[0] & 1 else frame + KEY_PICTURE for frame in frames)]
    for frame in frames:
        sealed = ends.citizen.seal(kind, frame)
        assert sealed is not None
        assert sealed != frame
        assert ends.office.open(kind, sealed) == frame
        assert ends.office.open(kind, sealed) is None
        assert ends.citizen.open(kind, sealed) is None  # our own, sent back to us


@given(kinds, st.binary(max_size=400))
def test_nothing_that_was_not_sealed_for_us_comes_out(kind: Kind, frame: bytes) -> None:
    ends = Ends(citizen=OTHERS)
    assert ends.office.open(kind, frame) is None
    sealed = ends.citizen.seal(kind, KEY_PICTURE + frame)
    assert sealed is not None
    assert ends.office.open(kind, sealed) is None


@given(st.binary(min_size=1, max_size=400), st.data())
def test_a_frame_that_was_touched_never_comes_out(frame: bytes, data: st.DataObject) -> None:
    ends = Ends()
    sealed = ends.citizen.seal(Kind.SOUND, frame)
    assert sealed is not None
    at = data.draw(st.integers(0, len(sealed) - 1))
    touched = bytearray(sealed)
    touched[at] ^= data.draw(st.integers(1, 255))
    assert ends.office.open(Kind.SOUND, bytes(touched)) is None


def test_a_picture_that_is_too_short_for_its_clear_part_is_not_sent() -> None:
    ends = Ends()
    assert ends.citizen.seal(Kind.PICTURE, b"") is None
    assert ends.citizen.seal(Kind.PICTURE, bytes(9)) is None


def test_keys_that_change_lose_nothing_and_old_ones_end() -> None:
    ends = Ends()
    under_way = ends.citizen.seal(Kind.SOUND, b"under the first")
    fresh = KEYS.next(b"\x02" * 32, public=b"", sealed=b"")
    ends.office.install(fresh)
    ends.citizen.install(fresh)
    ends.citizen.switch(fresh)
    later = ends.citizen.seal(Kind.SOUND, b"under the second")
    assert under_way is not None
    assert later is not None
    assert ends.office.open(Kind.SOUND, later) == b"under the second"
    assert ends.office.open(Kind.SOUND, under_way) == b"under the first"
    ends.office.drop(0)
    assert ends.office.open(Kind.SOUND, under_way) is None
    ends.office.shut()
    assert ends.office.open(Kind.SOUND, later) is None
    assert ends.office.seal(Kind.SOUND, b"x") is None
