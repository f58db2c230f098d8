"""The code of a ticket: read however it is typed, refused however it is changed."""

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from support.factories import a_citizen, a_sitting, an_audience

from scheduler.core.reference import RANDOM_BYTES, draw
from scheduler.papers.ticket import DIGITS, TicketCodes
from tawasul.domain.audience import Audience
from tawasul.domain.errors import TicketNotValid

CODES = TicketCodes(bytes(range(32)))
OTHERS = TicketCodes(bytes(range(32, 64)))
ARABIC_INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
CITIZEN, SITTING = a_citizen(), a_sitting()

references = st.binary(min_size=RANDOM_BYTES, max_size=RANDOM_BYTES).map(draw)
places = st.integers(0, DIGITS - 1)


def an_audience_called(reference: str) -> Audience:
    return an_audience(CITIZEN, SITTING, reference=reference)


def code_of(reference: str) -> str:
    return CODES.code(an_audience_called(reference))


def refused(typed: str) -> bool:
    with pytest.raises(TicketNotValid) as raised:
        CODES.read(typed)
    return raised.value.field == "code"


@given(references)
def test_it_is_digits_alone_and_the_same_at_each_printing(reference: str) -> None:
    code = code_of(reference)
    assert len(code) == DIGITS
    assert set(code) <= set("0123456789")
    assert code_of(reference) == code


@given(references, st.sampled_from(["{}", " {}\n", "\u200f{}\u200e", "{}\t"]), st.integers(1, DIGITS))
def test_it_is_read_however_it_is_typed(reference: str, around: str, group: int) -> None:
    code = code_of(reference)
    grouped = " ".join(code[at : at + group] for at in range(0, DIGITS, group))
    for typed in (code, grouped, code.translate(ARABIC_INDIC), grouped.translate(PERSIAN)):
        assert CODES.read(around.format(typed)) == reference


@given(references)
def test_a_reference_is_read_too(reference: str) -> None:
    assert CODES.read(reference) == reference
    assert CODES.read(reference.lower().replace("-", "").translate(ARABIC_INDIC)) == reference


@given(references, places, st.sampled_from("0123456789"))
def test_any_digit_changed_is_refused(reference: str, place: int, other: str) -> None:
    code = code_of(reference)
    assume(code[place] != other)
    assert refused(code[:place] + other + code[place + 1 :])


@given(references, places, places)
def test_any_two_digits_swapped_are_refused(reference: str, one: int, other: int) -> None:
    digits = list(code_of(reference))
    assume(digits[one] != digits[other])
    digits[one], digits[other] = digits[other], digits[one]
    assert refused("".join(digits))


@given(references, st.integers(0, DIGITS - 1), st.text(alphabet="0123456789", min_size=1, max_size=9))
def test_a_truncated_or_longer_one_is_refused(reference: str, kept: int, more: str) -> None:
    code = code_of(reference)
    assume(kept != 6)  # six characters may be a reference by themselves
    assert refused(code[:kept])
    assert refused(code + more)


@given(references)
def test_another_regions_is_refused(reference: str) -> None:
    assert refused(OTHERS.code(an_audience_called(reference)))


@example("9" * DIGITS)
@example("0" * DIGITS)
@example("²" * DIGITS)
@example("1000000008")
@example("٠" * 5000)
@given(st.text(max_size=80))
def test_whatever_is_typed_is_read_or_refused_by_its_name(typed: str) -> None:
    try:
        read, field = CODES.read(typed), None
    except TicketNotValid as error:
        read, field = None, error.field
    assert CODES.read(read) == read if read else field == "code"
