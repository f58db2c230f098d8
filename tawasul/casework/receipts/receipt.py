"""What a receipt says, and the bytes that are signed for it. Pure.

The bytes are JSON, deflated (RFC 1951)::

    v         1
    case      the case's number, "1448-00471-5"
    id        the directive's
    to        the agency's name, [Arabic, English]
    urgency   "routine", "urgent" or "immediate"
    due       the day in Riyadh by which the agency answers, "2026-12-20"
    ratified  when the citizen said that it is so, seconds since 1970 (RFC 7519 NumericDate)
    region    the region's name, [Arabic, English]
    says      the wording, or its first characters
    more      only where it is not whole: {"of": characters of the whole, "sha256": of its UTF-8, base64url}

Nothing of the citizen is in it: no name, no number. The same directive always gives the same bytes.
"""

from __future__ import annotations

import json
import zlib
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any, Final, Self

from tawasul.casework.receipts.refusal import ReceiptRefused, RefusedBecause
from tawasul.domain.case_number import CaseNumber
from tawasul.domain.directive import CaseDirective, DirectiveId, DirectiveState, Urgency
from tawasul.domain.errors import InvalidCaseNumber, NotFound
from tawasul.domain.places import Name

VERSION: Final = 1

LARGEST_PAYLOAD: Final = 640
"""Bytes, deflated: with header, signature and an address of 70 characters the QR code stays within version 25 at level
M (ISO/IEC 18004): 117 squares a side, each half a millimetre on the roll of a receipt printer."""

LONGEST_EXCERPT: Final = 280
"""Characters of a wording that would not fit whole."""

LARGEST_INFLATED: Final = 16_384
"""Bytes. A wording of 2000 characters is 8000 at most; what is longer is none of ours, whoever signed it."""

_RAW: Final = -zlib.MAX_WBITS
_MEMBERS: Final = {"v", "case", "id", "to", "urgency", "due", "ratified", "region", "says"}


@dataclass(frozen=True, slots=True)
class Wording:
    """``text`` is the whole, unless ``of`` says how many characters that has; then ``digest`` is its SHA-256."""

    text: str
    of: int | None = None
    digest: str | None = None
    """base64url, 43 characters."""

    @property
    def whole(self) -> bool:
        """Whether nothing is left out."""
        return self.of is None

    @classmethod
    def excerpt(cls, text: str, length: int) -> Self:
        """The first characters of ``text``, and what the rest can be compared with."""
        digest = urlsafe_b64encode(sha256(text.encode()).digest()).rstrip(b"=").decode()
        return cls(text[:length].rstrip(), len(text), digest)


@dataclass(frozen=True, slots=True)
class Receipt:
    """``ratified_at``: aware, whole seconds. ``due_on``: a day in Riyadh."""

    case_number: CaseNumber
    directive_id: DirectiveId
    agency: Name
    urgency: Urgency
    due_on: date
    ratified_at: datetime
    region: Name
    wording: Wording


def receipt_of(directive: CaseDirective, number: CaseNumber, agency: Name, region: Name) -> Receipt:
    """The receipt of a directive that its citizen has ratified, with as much of the wording as fits.

    Raises:
        NotFound: it is not ratified: there is nothing yet to be given in writing.
        ValueError: the names alone are longer than a receipt can hold.
    """
    if directive.state is not DirectiveState.RATIFIED or directive.settled_at is None:
        raise NotFound("receipt")
    for wording in _wordings(directive.wording.reveal()):
        receipt = Receipt(
            number,
            directive.id,
            agency,
            directive.urgency,
            directive.due_on,
            directive.settled_at.replace(microsecond=0),
            region,
            wording,
        )
        if len(written(receipt)) <= LARGEST_PAYLOAD:
            return receipt
    raise ValueError("the names are longer than a receipt can hold")


def _wordings(text: str) -> Iterator[Wording]:
    """The whole, then less and less of it."""
    yield Wording(text)
    for length in range(min(LONGEST_EXCERPT, len(text) - 1), -1, -10):
        yield Wording.excerpt(text, length)


def written(receipt: Receipt) -> bytes:
    """The bytes that are signed."""
    facts: dict[str, Any] = {
        "v": VERSION,
        "case": receipt.case_number.text,
        "id": receipt.directive_id,
        "to": [receipt.agency.arabic, receipt.agency.english],
        "urgency": receipt.urgency.value,
        "due": receipt.due_on.isoformat(),
        "ratified": int(receipt.ratified_at.timestamp()),
        "region": [receipt.region.arabic, receipt.region.english],
        "says": receipt.wording.text,
    }
    if not receipt.wording.whole:
        facts["more"] = {"of": receipt.wording.of, "sha256": receipt.wording.digest}
    packer = zlib.compressobj(level=9, wbits=_RAW)
    return packer.compress(json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode()) + packer.flush()


def read(payload: bytes) -> Receipt:
    """The receipt in bytes whose signature is known to be right.

    Raises:
        ReceiptRefused: UNREADABLE, or NEWER for another version.
    """
    try:
        facts = json.loads(_inflated(payload).decode())
        if not isinstance(facts, dict):
            raise ReceiptRefused(RefusedBecause.UNREADABLE)
        if facts.get("v") != VERSION:
            newer = isinstance(facts.get("v"), int)
            raise ReceiptRefused(RefusedBecause.NEWER if newer else RefusedBecause.UNREADABLE)
        return _receipt(facts)
    except (zlib.error, ValueError, TypeError, KeyError, OverflowError, RecursionError, InvalidCaseNumber) as error:
        raise ReceiptRefused(RefusedBecause.UNREADABLE) from error


def _inflated(payload: bytes) -> bytes:
    """Raises: ValueError: more than it may be, not to its end, or something after it; zlib.error."""
    unpacker = zlib.decompressobj(wbits=_RAW)
    text = unpacker.decompress(payload, LARGEST_INFLATED)
    if not unpacker.eof or unpacker.unused_data:
        raise ValueError("not one deflated text of a receipt's size")
    return text


def _receipt(facts: dict[str, Any]) -> Receipt:
    """Raises: ValueError, TypeError, KeyError, OverflowError, InvalidCaseNumber: it is not as it should be."""
    if facts.keys() - {"more"} != _MEMBERS or type(facts["ratified"]) is not int:
        raise ValueError("other members than a receipt's")
    wording = Wording(_text(facts["says"]))
    if "more" in facts:
        wording = Wording(wording.text, int(facts["more"]["of"]), _text(facts["more"]["sha256"]))
    return Receipt(
        CaseNumber.parse(_text(facts["case"])),
        DirectiveId(_text(facts["id"])),
        _name(facts["to"]),
        Urgency(facts["urgency"]),
        date.fromisoformat(facts["due"]),
        datetime.fromtimestamp(facts["ratified"], UTC),
        _name(facts["region"]),
        wording,
    )


def _name(pair: Any) -> Name:
    arabic, english = pair
    return Name(_text(arabic), _text(english))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value
