"""A citizen's link to one case: signed, for this case alone, and short enough for a message on a telephone.

It is the case's number with 128 bits of HMAC-SHA-256 (RFC 2104, section 5: a MAC may be cut to half its length), and
runs out with nothing but the case: months may pass until an answer. It travels in the fragment (``/case#…``), so no
log and no referrer has it; looking at the page, as previews of messages do, changes nothing.
"""

from __future__ import annotations

import hashlib
from typing import Final

from itsdangerous import BadSignature, Signer
from itsdangerous.signer import HMACAlgorithm

from tawasul.casework.scope import CitizenOfCase
from tawasul.domain.case_number import CaseNumber
from tawasul.domain.errors import InvalidCaseNumber, LinkNotValid
from tawasul.store.unit_of_work import UnitOfWorkFactory

LONGEST_TOKEN: Final = 100
_MAC_BYTES: Final = 16


class _CutHmac(HMACAlgorithm):
    def get_signature(self, key: bytes, value: bytes) -> bytes:
        return super().get_signature(key, value)[:_MAC_BYTES]


class CaseLinks:
    """Makes and reads tokens. Pure but for the key, which is 32 bytes."""

    def __init__(self, key: bytes) -> None:
        self._signer = Signer(
            key,
            salt="tawasul case link v1",
            sep=".",
            key_derivation="hmac",
            digest_method=hashlib.sha256,
            algorithm=_CutHmac(hashlib.sha256),
        )

    def token(self, number: CaseNumber) -> str:
        """Always the same for a case: about 33 characters."""
        return self._signer.sign(number.text.replace("-", "")).decode("ascii")

    def read(self, token: str) -> CaseNumber:
        """Raises: LinkNotValid: we did not make it."""
        if len(token) > LONGEST_TOKEN or not token.isascii():
            raise LinkNotValid
        try:
            return CaseNumber.parse(self._signer.unsign(token).decode("ascii"))
        except (BadSignature, InvalidCaseNumber):
            raise LinkNotValid from None


async def shown_by(units: UnitOfWorkFactory, number: CaseNumber) -> CitizenOfCase:
    """Who holds the link to the case of this number. Raises: LinkNotValid: there is none any more."""
    async with units(reading=True) as uow:
        case = await uow.cases.by_number(number)
    if case is None:
        raise LinkNotValid
    return CitizenOfCase(case.id)
