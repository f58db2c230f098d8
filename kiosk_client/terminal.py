"""What a kiosk in a terminal shows: how it stands, whom it speaks with, and what stewards need to let it in."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from typing import TextIO

import segno

from kiosk_client.core.kiosk_events import Enrolment, View
from kiosk_client.quality_wording import quality_sentence
from kiosk_client.wording import sentence


class Terminal:
    """Writes to `out` what has changed, Arabic first."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out or sys.stderr
        self._shown: tuple[str, ...] = ()
        self._code: str | None = None

    def show(self, view: View) -> None:
        """The view, unless the same words were shown just before."""
        lines = tuple(words(view))
        if lines != self._shown:
            self._shown = lines
            self._write("\n".join(lines))
        enrolment = view.enrolment
        if enrolment is not None and enrolment.code != self._code:
            self._write(qr(enrolment))
        self._code = enrolment.code if enrolment else None

    def _write(self, text: str) -> None:
        self._out.write(f"{text}\n")
        self._out.flush()


def words(view: View) -> Iterator[str]:
    """One sentence a language for the state; in a call also how it is, who is there, how private it is, the phrase."""
    said = sentence(view)
    yield said.arabic
    yield said.english
    quality = quality_sentence(view)
    if quality is not None:
        yield quality.arabic
        yield quality.english
    if view.privacy == "verified" and view.phrase is not None:
        for who in view.present:
            yield f"✓ مكالمة خاصة مُتحقَّق منها مع: {who.arabic}. الرقم: {view.phrase}"
            yield f"✓ verified, private, with: {who.english}. Phrase: {view.phrase}"
    elif view.privacy == "not-yet":
        yield "… لم يُتحقَّق بعد من خصوصية المكالمة"
        yield "… the call is not yet verified"


def qr(enrolment: Enrolment) -> str:
    """The QR that stewards scan, in half blocks, between the code that they compare (Arabic and English)."""
    drawn = io.StringIO()
    segno.make_qr(enrolment.qr, error="m").terminal(drawn, border=2, compact=True)
    return f"رمز التسجيل: {enrolment.code}\n{drawn.getvalue()}Enrolment code: {enrolment.code}"
