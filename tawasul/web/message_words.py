"""The words of messages to citizens (F113): neutral, with no name of a person, no purpose and no number of anybody.

A message is a sentence, the place if there is room for it, and the link. What is put into it is a moment, the name of
a centre and an address of ours: nothing here could tell a stranger who holds the telephone why its owner is expected.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from hijridate import Gregorian

from tawasul.domain.message import MessageKind
from tawasul.domain.short_message import parts
from tawasul.web.dates import Dates, in_riyadh
from tawasul.web.words import Locale, Words, as_locale, words_in

MOST_PARTS: Final = 2

_WORDS: Final[Mapping[MessageKind, str]] = {
    MessageKind.BOOKED: "message-booked",
    MessageKind.MOVED: "message-moved",
    MessageKind.CANCELLED: "message-cancelled",
    MessageKind.REMINDER_DAY: "message-reminder-day",
    MessageKind.REMINDER_HOURS: "message-reminder-hours",
    MessageKind.OFFER: "message-offer",
    MessageKind.OFFER_LAPSED: "message-offer-lapsed",
    MessageKind.OFFER_WITHDRAWN: "message-offer-withdrawn",
    MessageKind.REBOOKED: "message-rebooked",
    MessageKind.TIME_LOST: "message-time-lost",
    MessageKind.ANSWER_READY: "message-answer-ready",
    MessageKind.ANSWER_CLOSES_SOON: "message-answer-closes-soon",
    MessageKind.QUESTION: "message-question",
}

_HAPPENS: Final = frozenset(
    {
        MessageKind.BOOKED,
        MessageKind.MOVED,
        MessageKind.REBOOKED,
        MessageKind.REMINDER_DAY,
        MessageKind.REMINDER_HOURS,
    }
)
"""Those with a place to come to."""

_NOTHING_TO_OPEN: Final = frozenset(
    {MessageKind.CANCELLED, MessageKind.OFFER_LAPSED, MessageKind.OFFER_WITHDRAWN, MessageKind.TIME_LOST}
)

_HAS_AN_END: Final = frozenset({MessageKind.OFFER, MessageKind.ANSWER_READY, MessageKind.ANSWER_CLOSES_SOON})
"""Those that may be answered for a while."""

# Isolates, which keep a Latin value from turning a sentence on a page; a telephone shows some of them as boxes.
_ISOLATES: Final = str.maketrans("", "", "\u2066\u2067\u2068\u2069")


def message_text(kind: MessageKind, language: str, facts: Mapping[str, str]) -> str:
    """What is sent, in at most two parts where the link allows it.

    ``facts``: ``starts_at`` and ``expires_at`` (RFC 3339), ``place_arabic``, ``place_english``, ``link``; each of them
    may be missing, but for the moment that the sentence is about.
    """
    locale = as_locale(language)
    words = words_in(locale)
    sentence = words.say(_WORDS[kind], **_moment(words, facts.get(_moment_of(kind))))
    place = _place(words, locale, facts) if kind in _HAPPENS else []
    bare = [facts["link"]] if "link" in facts and kind not in _NOTHING_TO_OPEN else []
    link = [words.say("message-link", link=facts["link"])] if bare else []
    for lines in ([sentence, *place, *link], [sentence, *link], [sentence, *bare]):
        text = "\n".join(lines).translate(_ISOLATES)
        if parts(text) <= MOST_PARTS:
            break
    return text


def _moment_of(kind: MessageKind) -> str:
    return "expires_at" if kind in _HAS_AN_END else "starts_at"


def _moment(words: Words, moment: str | None) -> dict[str, str]:
    """``when`` with both calendars in few letters, «الأحد 12/6هـ (22/11م) 10:30 ص»; ``soon`` with none: within days."""
    if moment is None:
        return {}
    local = in_riyadh(datetime.fromisoformat(moment))
    hijri = Gregorian(local.year, local.month, local.day).to_hijri()
    half = "message-morning" if local.hour < 12 else "message-evening"
    weekday = Dates(words).weekday(local)
    time = words.say(half, time=f"{local.hour % 12 or 12}:{local.minute:02}")
    both = {"hijri": f"{hijri.day}/{hijri.month}", "gregorian": f"{local.day}/{local.month}"}
    return {
        "when": words.say("message-when", weekday=weekday, time=time, **both),
        "soon": words.say("message-soon", weekday=weekday, time=time),
    }


def _place(words: Words, locale: Locale, facts: Mapping[str, str]) -> list[str]:
    name = facts.get("place_arabic" if locale == "ar" else "place_english")
    return [words.say("message-place", place=name)] if name else []
