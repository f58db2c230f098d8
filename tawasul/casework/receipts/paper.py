"""What a receipt on paper needs beside its words: the address, the signature, and the QR code of both."""

from __future__ import annotations

import enum
from dataclasses import dataclass

import segno

from tawasul.casework.receipts.receipt import receipt_of
from tawasul.casework.receipts.signing import ReceiptSigner
from tawasul.casework.receipts.token import as_digits
from tawasul.casework.receipts.wording import ReceiptText, receipt_text
from tawasul.domain.case_number import CaseNumber
from tawasul.domain.directive import CaseDirective
from tawasul.domain.places import Name
from tawasul.web.words import Locale, words_in


class Paper(enum.StrEnum):
    """What it is printed on: the roll of a receipt printer, or a sheet."""

    ROLL = "80mm"
    SHEET = "a4"


@dataclass(frozen=True, slots=True)
class RatifiedDirective:
    """What the receipt is of. ``language``: the citizen's."""

    directive: CaseDirective
    number: CaseNumber
    agency: Name
    language: Locale


@dataclass(frozen=True, slots=True)
class PrintedReceipt:
    """``address``: where it is verified; in the QR code the receipt stands after its ``#``. ``track``: where its case
    is followed by its number.
    """

    text: ReceiptText
    address: str
    track: str
    token: str
    language: Locale

    def qr(self) -> segno.QRCode:
        """Version 25 or less at level M for an address of 70 characters. Takes a third of a second: call it in a
        thread.

        The address in bytes, what follows in digits (ISO/IEC 18004, 7.4): two segments, since one alone would be bytes.
        """
        parts = [f"{self.address}#", as_digits(self.token)]
        return segno.make(parts, error="m", micro=False, boost_error=False)  # type: ignore[arg-type]


def printed(ratified: RatifiedDirective, region: Name, signer: ReceiptSigner, service: str) -> PrintedReceipt:
    """The receipt, signed. ``service``: the address of the service as citizens reach it.

    Raises:
        NotFound: the directive is not ratified.
    """
    receipt = receipt_of(ratified.directive, ratified.number, ratified.agency, region)
    return PrintedReceipt(
        receipt_text(receipt, words_in(ratified.language), ratified.directive.wording.reveal()),
        f"{service.rstrip('/')}/receipt",
        f"{service.rstrip('/')}/track",
        signer.sign(receipt),
        ratified.language,
    )
