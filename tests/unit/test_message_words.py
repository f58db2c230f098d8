"""Messages to citizens: in two parts with the longest facts, neutral, and with the link always whole."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from support.factories import NOW, a_citizen, a_sitting, an_audience

from scheduler.citizen_links import BookingLinks, OfferLinks
from tawasul.casework.case_links import CaseLinks
from tawasul.domain.case_number import CaseNumber
from tawasul.domain.hold import HoldId
from tawasul.domain.message import MessageKind
from tawasul.domain.short_message import parts
from tawasul.domain.waitlist import EntryId, Offer, OfferId
from tawasul.web.message_words import message_text
from tawasul.web.words import LOCALES

ADDRESS: Final = "https://majlis.madinah.gov.sa"
LONGEST_DAY: Final = datetime(2026, 11, 25, 9, 50, tzinfo=UTC)
"""A Wednesday: the longest name of a day in Arabic; two figures in each number but the Hijri month."""

KEY: Final = b"k" * 32
BOOKING: Final = f"{ADDRESS}/booking#" + BookingLinks(KEY).token(
    an_audience(a_citizen(), a_sitting(), reference="TWK4-M7Q2X")
)
OFFER: Final = f"{ADDRESS}/offer#" + OfferLinks(KEY).token(
    Offer(OfferId("0123456789abcdef01234567"), EntryId("e"), HoldId("h"), NOW, NOW, NOW + timedelta(hours=2))
)
CASE: Final = f"{ADDRESS}/case#" + CaseLinks(KEY).token(CaseNumber(1448, 99_999))

OF_AN_OFFER: Final = (MessageKind.OFFER, MessageKind.OFFER_LAPSED, MessageKind.OFFER_WITHDRAWN)
OF_A_CASE: Final = (MessageKind.ANSWER_READY, MessageKind.ANSWER_CLOSES_SOON, MessageKind.QUESTION)
NOTHING_TO_OPEN: Final = (MessageKind.CANCELLED, *OF_AN_OFFER[1:], MessageKind.TIME_LOST)


def longest_facts(kind: MessageKind) -> dict[str, str]:
    return {
        "starts_at": LONGEST_DAY.isoformat(),
        "expires_at": LONGEST_DAY.isoformat(),
        "reference": "TWK4-M7Q2X",
        "place_arabic": "مركز استقبال محافظة وادي الفرع المؤقت في سوق الخميس",
        "place_english": "Temporary reception centre of Wadi al-Fara governorate, Thursday market",
        "link": OFFER if kind in OF_AN_OFFER else CASE if kind in OF_A_CASE else BOOKING,
    }


@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize("kind", MessageKind)
def test_the_longest_takes_two_parts_at_most(kind: MessageKind, language: str) -> None:
    text = message_text(kind, language, longest_facts(kind))
    assert parts(text) <= 2, text
    if kind not in NOTHING_TO_OPEN:
        assert longest_facts(kind)["link"] in text


@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize("kind", MessageKind)
def test_it_tells_a_stranger_nothing(kind: MessageKind, language: str) -> None:
    text = message_text(kind, language, longest_facts(kind))
    assert "TWK4" not in re.sub(r"https:\S+", "", text)
    # Neither whose office, nor that it is about a request of anybody's.
    assert not re.search("أمير|إمارة|شكوى|معروض|طلب|هوية|مقابلة|Amir|audience|petition|complaint", text)
    assert not re.search("[\u2066-\u2069]", text)


@pytest.mark.parametrize("language", LOCALES)
def test_both_calendars_stand_in_what_has_a_day(language: str) -> None:
    text = message_text(MessageKind.BOOKED, language, longest_facts(MessageKind.BOOKED))
    assert "15/6" in text
    assert "25/11" in text
    assert "12:50" in text


def test_without_a_link_there_is_none() -> None:
    text = message_text(MessageKind.BOOKED, "ar", {"starts_at": LONGEST_DAY.isoformat()})
    assert text == "موعدك الأربعاء 15/6هـ (25/11م) 12:50 م"


def test_a_short_place_is_told() -> None:
    facts = {"starts_at": LONGEST_DAY.isoformat(), "place_arabic": "مركز بدر", "place_english": "Badr centre"}
    assert "مركز بدر" in message_text(MessageKind.REMINDER_DAY, "ar", facts)
    assert "Badr centre" in message_text(MessageKind.REMINDER_DAY, "en", facts)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        # The escape may not stand at the end of a part: 152 letters, then one of two places.
        ("a" * 152 + "€" + "a" * 151, 2),
        ("a" * 152 + "€" + "a" * 152, 3),
        ("م" * 70, 1),
        ("م" * 71, 2),
        ("م" * 134, 2),
        ("م" * 135, 3),
        ("a" * 69 + "م", 1),
        # Outside of the basic plane a letter takes two.
        ("🙂" * 35, 1),
        ("🙂" * 36, 2),
    ],
)
def test_parts(text: str, expected: int) -> None:
    assert parts(text) == expected
