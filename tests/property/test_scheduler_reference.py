"""The reference: whatever a hand may do to it, it is read right or refused."""

import itertools

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from scheduler.core.reference import ALPHABET, RANDOM_BYTES, draw, parse
from tawasul.domain.errors import InvalidInput

references = st.binary(min_size=RANDOM_BYTES, max_size=RANDOM_BYTES).map(draw)
ARABIC_INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


@given(references)
def test_it_has_six_characters_of_the_alphabet(reference: str) -> None:
    assert reference[3] == "-"
    assert len(reference) == 7
    assert set(reference) <= {*ALPHABET, "-"}
    assert not set(reference) & set("AEIOU01LQDZSB")


@given(references, st.sampled_from(["{}", " {} ", "\u200f{}", "{}\u200e"]), st.booleans(), st.booleans())
def test_it_is_read_however_it_is_typed(reference: str, around: str, lower: bool, hyphen: bool) -> None:
    typed = reference if hyphen else reference.replace("-", "")
    typed = around.format(typed.lower() if lower else typed)
    assert parse(typed) == reference
    assert parse(typed.translate(ARABIC_INDIC)) == reference


@given(references)
def test_look_alikes_are_read_as_the_digits_they_are_taken_for(reference: str) -> None:
    assert parse(reference.translate(str.maketrans("258", "ZSB"))) == reference


@given(references, st.sampled_from([0, 1, 2, 4, 5, 6]), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_noticed(reference: str, place: int, other: str) -> None:
    assume(reference[place] != other)
    with pytest.raises(InvalidInput):
        parse(reference[:place] + other + reference[place + 1 :])


@given(references, st.integers(0, 4))
def test_two_neighbours_swapped_are_always_noticed(reference: str, place: int) -> None:
    letters = reference.replace("-", "")
    assume(letters[place] != letters[place + 1])
    with pytest.raises(InvalidInput):
        parse(letters[:place] + letters[place + 1] + letters[place] + letters[place + 2 :])


@example("")
@example("K7M-4T")
@example("K7M-4TP" * 40)
@example("ك٧م-٤تب")
@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_reference_or_refused_by_its_name(typed: str) -> None:
    try:
        read, field = parse(typed), None
    except InvalidInput as error:
        read, field = None, error.field
    assert parse(read) == read if read else field == "reference"


def test_drawing_uses_all_characters_about_equally() -> None:
    drawn = [draw((n * 0x9E3779B97F4A7C15 % 2**64).to_bytes(8, "big")) for n in range(5000)]
    assert len(set(drawn)) > 4950
    for place in (0, 1, 2, 4, 5):
        counts = [sum(reference[place] == c for reference in drawn) for c in ALPHABET]
        assert min(counts) > 5000 / len(ALPHABET) / 2


def test_the_alphabets_size_is_prime() -> None:
    assert all(len(ALPHABET) % n for n in range(2, len(ALPHABET)))
    assert len(set(ALPHABET)) == len(ALPHABET)
    assert list(itertools.filterfalse(str.isalnum, ALPHABET)) == []
