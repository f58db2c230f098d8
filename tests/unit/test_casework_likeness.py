"""Which cases are suggested as likely the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tawasul.casework.core.likeness import LEAST, MOST, alike
from tawasul.domain.case import CaseId

ONE = CaseId("one")


@pytest.mark.parametrize(
    ("said", "known"),
    [
        ("انقطاع المياه عن قرية السويق", "إنقطاع مياه قريه السويق"),
        ("طلب تعبيد طريق القرية", "تعبيد الطريق المؤدي إلى القرية"),
        ("شكوى من تأخر رخصة البناء", "تأخّر رُخصة البناء لدى البلدية"),
        ("إنارة الشارع العام في حي النخيل", "اناره شارع حي النخيل"),
        ("نقص الأطباء في مستشفى العلا", "مستشفي العلا يعاني نقص الاطباء"),
    ],
)
def test_the_same_thing_said_otherwise_is_suggested(said: str, known: str) -> None:
    assert [each.case_id for each in alike(said, [(ONE, known)])] == [ONE]


@pytest.mark.parametrize(
    ("said", "known"),
    [
        ("انقطاع المياه عن قرية السويق", "طلب نقل معلمة"),
        ("طلب تعبيد طريق القرية", "طلب علاج والدتي في المستشفى"),
        ("شكوى من تأخر رخصة البناء", "شكوى من انقطاع الكهرباء"),
        ("إنارة الشارع العام في حي النخيل", "رخصة محل في حي النخيل"),
        ("طلب", "طلب تعبيد طريق القرية"),
    ],
)
def test_another_thing_is_not(said: str, known: str) -> None:
    assert alike(said, [(ONE, known)]) == []


def test_the_likeliest_come_first_and_no_more_than_can_be_looked_at() -> None:
    others = [(CaseId(str(n)), "انقطاع المياه عن القرية" + " منذ مدة" * n) for n in range(9)]
    found = alike("انقطاع المياه عن القرية", [(CaseId("far"), "انقطاع مياه القرى"), *others])
    assert len(found) == MOST
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)


@given(st.text(max_size=200), st.lists(st.text(max_size=200), max_size=8))
def test_whatever_was_typed(said: str, others: list[str]) -> None:
    found = alike(said, [(CaseId(str(n)), other) for n, other in enumerate(others)])
    assert all(LEAST - 1 <= each.score <= 100 for each in found)
