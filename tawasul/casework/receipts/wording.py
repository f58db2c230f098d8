"""The sentences of a receipt in one language: the same on paper and on the command line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tawasul.casework.receipts.receipt import Receipt
from tawasul.casework.receipts.refusal import RefusedBecause
from tawasul.domain.directive import Urgency
from tawasul.domain.places import Name
from tawasul.web.dates import Dates
from tawasul.web.words import Locale, Words

_URGENCIES: Final = {
    Urgency.ROUTINE: "receipt-routine",
    Urgency.URGENT: "receipt-urgent",
    Urgency.IMMEDIATE: "receipt-immediate",
}
_REFUSALS: Final = {
    RefusedBecause.UNREADABLE: ("receipt-unreadable", "receipt-unreadable-text"),
    RefusedBecause.NOT_OURS: ("receipt-not-ours", "receipt-not-ours-text"),
    RefusedBecause.CHANGED: ("receipt-changed", "receipt-changed-text"),
    RefusedBecause.NEWER: ("receipt-newer", "receipt-newer-text"),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """What it is, and its lines, the first of which counts most."""

    label: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReceiptText:
    """What a receipt says. No line mixes Arabic with the number."""

    title: str
    region: str
    number: Fact
    agency: Fact
    due: Fact
    urgency: Fact
    wording: Fact
    ratified: Fact
    part: str | None
    """Where the signature has only the beginning of the wording: that this is so."""

    @property
    def facts(self) -> tuple[Fact, ...]:
        """In the order in which they are read."""
        return (self.number, self.agency, self.wording, self.due, self.urgency, self.ratified)


def receipt_text(receipt: Receipt, words: Words, wording: str | None = None) -> ReceiptText:
    """The receipt in the language of ``words``. ``wording``: the whole of it, where that is known."""
    say, dates = words.say, Dates(words)
    whole = receipt.wording.whole or wording is not None
    says = receipt.wording.text if wording is None else wording
    return ReceiptText(
        title=say("receipt-title"),
        region=_in(receipt.region, words.locale),
        number=Fact(say("receipt-case"), (receipt.case_number.text,)),
        agency=Fact(say("receipt-to"), (_in(receipt.agency, words.locale),)),
        due=Fact(
            say("receipt-due"),
            (dates.weekday(receipt.due_on), dates.hijri(receipt.due_on), dates.gregorian(receipt.due_on)),
        ),
        urgency=Fact(say("receipt-urgency"), (say(_URGENCIES[receipt.urgency]),)),
        wording=Fact(
            say("receipt-wording") if whole else say("receipt-wording-beginning"),
            tuple(says.splitlines()) if whole else (*says.splitlines()[:-1], f"{says.splitlines()[-1]}…"),
        ),
        ratified=Fact(
            say("receipt-ratified"),
            (
                dates.hijri(receipt.ratified_at),
                dates.gregorian(receipt.ratified_at),
                dates.time(receipt.ratified_at),
            ),
        ),
        part=None if receipt.wording.of is None else say("receipt-part", whole=receipt.wording.of),
    )


def refusal_text(reason: RefusedBecause, words: Words) -> tuple[str, str]:
    """Its heading, and what it means."""
    heading, meaning = _REFUSALS[reason]
    return words.say(heading), words.say(meaning)


def _in(name: Name, locale: Locale) -> str:
    return name.arabic if locale == "ar" else name.english
