"""Names as people type them: every usual spelling of one is found by every other."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tawasul.domain.arabic_text import folded, words

arabic = st.text(st.characters(min_codepoint=0x0600, max_codepoint=0x06FF), max_size=30)
presentation_forms = st.text(st.characters(min_codepoint=0xFB50, max_codepoint=0xFEFC), max_size=10)
anything = st.one_of(st.text(max_size=40), arabic, presentation_forms)
TASHKEEL = st.text(st.sampled_from("\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0670\u0640\u200f"), max_size=2)


@example("\u0130\u0345ﷺ")
@given(anything)
def test_folding_twice_changes_nothing_more(text: str) -> None:
    once = folded(text)
    assert folded(once) == once
    assert not any(unicodedata.category(c) in ("Mn", "Cf") for c in once)


@given(st.text(st.sampled_from("محمدعليخالدسنرةىأإؤئ "), max_size=20), st.data())
def test_tashkeel_and_tatweel_make_no_difference(text: str, data: st.DataObject) -> None:
    decorated = "".join(c if c == " " else c + data.draw(TASHKEEL) for c in text)
    assert folded(decorated) == folded(text)
    assert words(decorated) == words(text)


@given(anything)
def test_the_words_are_folded_and_hold_letters_and_digits_only(text: str) -> None:
    for word in words(text):
        assert word == folded(word)
        assert word.isalnum()


@pytest.mark.parametrize(
    ("spelling", "another"),
    [
        ("أحمد", "احمد"),
        ("إبراهيم", "ابراهيم"),
        ("آمنة", "امنه"),
        ("هدى", "هدي"),
        ("مؤمن", "مومن"),
        ("هانئ", "هاني"),
        ("مُحَمَّد", "محـمد"),
        ("ﻣﺤﻤﺪ", "محمد"),
        ("کریم", "كريم"),
        ("١٢٣", "123"),
        ("۱۲۳", "123"),
    ],
)
def test_spellings_of_one_word_are_folded_alike(spelling: str, another: str) -> None:
    assert folded(spelling) == folded(another)


@pytest.mark.parametrize(
    ("spelling", "another"),
    [
        ("عبد الله بن محمد", "عبدالله محمد"),
        ("عبد الرحمن", "عبدالرحمن"),
        ("أبو بكر الحربي", "ابوبكر حربي"),
        ("نورة بنت سعد", "نوره سعد"),
        ("نصر الله", "نصرالله"),
        ("صلاح الدين", "صلاحالدين"),
        ("خالد آل سعود", "خالد السعود"),
        ("العُلا", "علا"),
        ("Al-Ula", "ula"),
        ("Mohammed bin Saleh", "mohammed, SALEH"),
    ],
)
def test_spellings_of_one_name_have_the_same_words(spelling: str, another: str) -> None:
    assert words(spelling) == words(another)


def test_a_name_that_only_looks_joined_is_left_alone() -> None:
    assert words("عبد بن سالم") == ["عبد", "سالم"]
    assert words("الله") == ["الله"]
    assert words("... - _") == []
