"""What people type: national IDs, mobile numbers and short texts, in any digits and with what is pasted along."""

import unicodedata
from collections.abc import Callable
from typing import TypeVar

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.factories import national_id

from tawasul.domain.errors import InvalidInput, InvalidMobile, InvalidNationalId, InvalidText
from tawasul.domain.people import CitizenKind, Mobile, NationalId
from tawasul.domain.private import Private
from tawasul.domain.text import bounded, latin_digits, only_digits

T = TypeVar("T")

ARABIC_INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
scripts = st.sampled_from([None, ARABIC_INDIC, PERSIAN])
ids = st.builds(national_id, st.integers(0, 99_999_999), st.sampled_from("12"))
mobiles = st.integers(0, 9_999_999).map(lambda n: f"5{n:08}"[:9]).filter(lambda s: s[1] in "034569")
anything = st.text(max_size=60)


def attempt(parse: Callable[[str], T], typed: str) -> T | InvalidInput:
    """What it is, or why it is refused."""
    try:
        return parse(typed)
    except InvalidInput as error:
        return error


def written(number: str, script: dict[int, str] | None) -> str:
    return number if script is None else number.translate(script)


@given(ids, scripts, st.sampled_from(["{}", " {} ", "\u200f{}\u200f", "\u202a{}\u202c"]))
def test_a_valid_id_is_read_in_any_digits_with_invisible_marks(number: str, script: object, around: str) -> None:
    parsed = NationalId.parse(around.format(written(number, script)))
    assert parsed.digits == number
    assert parsed.kind is (CitizenKind.CITIZEN if number[0] == "1" else CitizenKind.RESIDENT)
    assert parsed.last_four == number[-4:]


@given(ids, st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(number: str, place: int, by: int) -> None:
    wrong = number[:place] + str((int(number[place]) + by) % 10) + number[place + 1 :]
    with pytest.raises(InvalidNationalId):
        NationalId.parse(wrong)


@example("1000000000")
@example("3000000006")
@example("10000000080")
@example("")
@example("١" * 10)
@given(anything)
def test_whatever_is_typed_is_a_valid_id_or_refused_by_its_name(typed: str) -> None:
    parsed = attempt(NationalId.parse, typed)
    if isinstance(parsed, NationalId):
        assert len(parsed.digits) == 10
        assert parsed.digits.isascii()
    else:
        assert isinstance(parsed, InvalidNationalId)
        assert parsed.field == "national_id"
        assert str(parsed) == "invalid-national-id", "what was typed is not in the message"


def test_the_examples_of_the_domain() -> None:
    assert NationalId.parse("1000000008").kind is CitizenKind.CITIZEN
    with pytest.raises(InvalidNationalId):
        NationalId.parse("1000000000")


@given(mobiles, scripts, st.sampled_from(["0{}", "{}", "966{}", "00966{}", "+966{}", "+966 {}", "05{}"]))
def test_every_way_of_writing_a_mobile_is_the_same_number(national: str, script: object, form: str) -> None:
    typed = f"0{national}" if form == "05{}" else form.format(national)
    assert Mobile.parse(written(typed, script)).e164 == f"+966{national}"


@example("0112345678")
@example("+201001234567")
@example("05")
@example("+" * 30)
@given(anything)
def test_whatever_is_typed_is_a_saudi_mobile_or_refused_by_its_name(typed: str) -> None:
    parsed = attempt(Mobile.parse, typed)
    if isinstance(parsed, Mobile):
        assert parsed.e164.startswith("+9665")
        assert len(parsed.e164) == 13
    else:
        assert isinstance(parsed, InvalidMobile)
        assert parsed.field == "mobile"


@given(anything)
def test_latin_digits_changes_digits_only(text: str) -> None:
    changed = latin_digits(text)
    assert all(c.isascii() for c in changed if unicodedata.category(c) == "Nd")
    assert [c for c in text if unicodedata.category(c) != "Nd"] == [
        c for c, before in zip(changed, text, strict=True) if unicodedata.category(before) != "Nd"
    ]
    assert only_digits(changed) == only_digits(text)


@given(st.text(max_size=40), st.integers(1, 20), st.booleans())
def test_a_text_is_within_its_bounds_or_refused(typed: str, longest: int, lines: bool) -> None:
    text = attempt(lambda typed: bounded(typed, field="subject", longest=longest, lines=lines), typed)
    if not isinstance(text, str):
        assert isinstance(text, InvalidText)
        assert text.field == "subject"
    else:
        assert 0 < len(text) <= longest
        assert text == text.strip() == unicodedata.normalize("NFC", text)
        assert all(unicodedata.category(c) != "Cc" or (lines and c in "\n\t") for c in text)
        assert bounded(text, field="subject", longest=longest, lines=lines) == text


@given(st.one_of(anything.filter(bool), st.integers()))
def test_private_values_do_not_print_themselves(value: object) -> None:
    private = Private(value)
    assert {str(private), repr(private), f"{private}", f"{private:>3}"} == {"Private(…)"}
    assert private.reveal() == value
