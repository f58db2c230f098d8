"""Whatever is sealed opens again in its place, and nowhere and in no other way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tawasul.store.errors import SealBroken, WrongPersonalDataKey
from tawasul.store.sealed import PersonalDataKey, Sealer

SEALER = Sealer(PersonalDataKey.from_secret(b"a" * 32))
STRANGER = Sealer(PersonalDataKey.from_secret(b"b" * 32))
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
places = st.tuples(st.sampled_from(["citizens.name", "citizens.mobile"]), st.text("abc123", min_size=1, max_size=8))


@given(texts, places)
def test_it_opens_in_its_place(text: str, place: tuple[str, str]) -> None:
    column, row_id = place
    assert SEALER.open(SEALER.seal(text, column=column, row_id=row_id), column=column, row_id=row_id) == text


@given(texts, places, places)
def test_it_does_not_open_in_another_place(text: str, place: tuple[str, str], other: tuple[str, str]) -> None:
    sealed = SEALER.seal(text, column=place[0], row_id=place[1])
    if place != other:
        with pytest.raises(SealBroken):
            SEALER.open(sealed, column=other[0], row_id=other[1])


@given(texts, st.data())
def test_an_altered_value_does_not_open(text: str, data: st.DataObject) -> None:
    sealed = bytearray(SEALER.seal(text, column="citizens.name", row_id="1"))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises((SealBroken, WrongPersonalDataKey)):
        SEALER.open(bytes(sealed), column="citizens.name", row_id="1")


@given(st.binary(max_size=64))
def test_anything_else_does_not_open(sealed: bytes) -> None:
    with pytest.raises((SealBroken, WrongPersonalDataKey)):
        SEALER.open(sealed, column="citizens.name", row_id="1")


@given(texts)
def test_the_same_text_is_never_sealed_the_same(text: str) -> None:
    assert SEALER.seal(text, column="c", row_id="1") != SEALER.seal(text, column="c", row_id="1")


@given(texts, texts)
def test_a_fingerprint_finds_its_own_text_in_its_own_column_under_its_own_key(text: str, other: str) -> None:
    fingerprint = SEALER.fingerprint(text, column="citizens.mobile")
    assert (fingerprint == SEALER.fingerprint(other, column="citizens.mobile")) == (text == other)
    assert fingerprint != SEALER.fingerprint(text, column="citizens.national_id")
    assert fingerprint != STRANGER.fingerprint(text, column="citizens.mobile")


def test_a_strangers_key_is_named() -> None:
    sealed = STRANGER.seal("x", column="c", row_id="1")
    with pytest.raises(WrongPersonalDataKey, match=STRANGER.key_id.hex()):
        SEALER.open(sealed, column="c", row_id="1")


def test_a_key_does_not_print_itself() -> None:
    secret = PersonalDataKey.from_secret(b"a" * 32)
    assert secret.sealing.hex() not in repr(secret)
    assert repr(secret.sealing) not in repr(secret)
