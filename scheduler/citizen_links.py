"""Citizens' links to a booking and to an offer: signed, scoped, short enough for a message, and of no use when over.

A message on a telephone has room for little, so the tokens are small: what the link is for, the day after which it is
old, and 128 bits of HMAC-SHA-256 (RFC 2104, section 5: a MAC may be cut to half its length), put together by
itsdangerous under a salt of each kind: a link to one thing opens no other. It travels in the fragment (``/booking#…``,
``/offer#…``), so no log and no referrer has it, and looking at the page, as previews of messages do, changes nothing.

A token does not say whether its audience is still open, or its offer: ``scheduler.own_booking`` and
``scheduler.offers`` ask the database.
"""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, date, datetime, timedelta
from typing import Final

from itsdangerous import BadSignature, Signer
from itsdangerous.signer import HMACAlgorithm

from scheduler.core import reference
from tawasul.domain.audience import Audience
from tawasul.domain.errors import InvalidInput, LinkExpired, LinkNotValid
from tawasul.domain.waitlist import Offer, OfferId

LONGEST_TOKEN: Final = 100

BOOKING_LASTS: Final = timedelta(days=60)
"""After the audience's time: it may be moved, more than once, and the first message is still at hand."""

UNDO_LASTS: Final = timedelta(minutes=2)
"""The page offers to take a cancellation back for a minute; the other is for slow lines and slow fingers."""

_MAC_BYTES: Final = 16
_FIRST_DAY: Final = date(2020, 1, 1)


class _CutHmac(HMACAlgorithm):
    def get_signature(self, key: bytes, value: bytes) -> bytes:
        return super().get_signature(key, value)[:_MAC_BYTES]


class _Tokens:
    """``value~age`` with its MAC. ``age``: a whole number, compared by whoever reads it."""

    def __init__(self, key: bytes, salt: str) -> None:
        self._signer = Signer(
            key,
            salt=salt,
            sep=".",
            key_derivation="hmac",
            digest_method=hashlib.sha256,
            algorithm=_CutHmac(hashlib.sha256),
        )

    def make(self, value: str, until: int) -> str:
        return self._signer.sign(f"{value}~{until:x}").decode("ascii")

    def read(self, token: str) -> tuple[str, int]:
        """Raises: LinkNotValid: we did not make it."""
        if len(token) > LONGEST_TOKEN or not token.isascii():
            raise LinkNotValid
        try:
            value, _, until = self._signer.unsign(token).decode("ascii").partition("~")
        except BadSignature:
            raise LinkNotValid from None
        return value, int(until, 16)


class BookingLinks:
    """Links to one audience, by its reference: it stays the same when the audience is moved."""

    def __init__(self, key: bytes) -> None:
        self._links = _Tokens(key, "tawasul booking link v1")
        self._undos = _Tokens(key, "tawasul booking undo v1")

    def token(self, audience: Audience) -> str:
        """For the audience as it is now: about 35 characters."""
        return self._links.make(_letters(audience.reference), _day(audience.slot_starts_at + BOOKING_LASTS))

    def read(self, token: str, now: datetime) -> str:
        """The reference.

        Raises:
            LinkNotValid: we did not make it.
            LinkExpired: it is old.
        """
        letters, until = self._links.read(token)
        if _day(now) > until:
            raise LinkExpired
        return _reference(letters)

    def undo_token(self, audience: Audience, now: datetime) -> str:
        """With which a cancellation is taken back, for ``UNDO_LASTS``."""
        return self._undos.make(_letters(audience.reference), int((now + UNDO_LASTS).timestamp()))

    def read_undo(self, token: str, now: datetime) -> str:
        """The reference. Raises: LinkNotValid, LinkExpired."""
        letters, until = self._undos.read(token)
        if now.timestamp() > until:
            raise LinkExpired
        return _reference(letters)


class OfferLinks:
    """Links to one offer, which says itself how long it is open."""

    def __init__(self, key: bytes) -> None:
        self._links = _Tokens(key, "tawasul offer link v1")

    def token(self, offer: Offer) -> str:
        """About 45 characters."""
        return self._links.make(offer.id, _day(offer.expires_at + BOOKING_LASTS))

    def read(self, token: str, now: datetime) -> OfferId:
        """Raises: LinkNotValid: we did not make it. LinkExpired: it is old."""
        id, until = self._links.read(token)
        if _day(now) > until:
            raise LinkExpired
        return OfferId(id)


def _letters(kept: str) -> str:
    return re.sub(r"[^A-Za-z0-9]", "", kept)


def _reference(letters: str) -> str:
    try:
        return reference.parse(letters)
    except InvalidInput:
        raise LinkNotValid from None


def _day(moment: datetime) -> int:
    return (moment.astimezone(UTC).date() - _FIRST_DAY).days
