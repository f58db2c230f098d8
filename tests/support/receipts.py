"""A directive that was ratified, its receipt, and the key that signs it; texts that are nearly that receipt."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime

from tawasul.casework.receipts.receipt import Receipt, receipt_of
from tawasul.casework.receipts.signing import ReceiptSigner
from tawasul.domain.agency import AgencyId
from tawasul.domain.audience import AudienceId
from tawasul.domain.case_number import CaseNumber
from tawasul.domain.directive import CaseDirective, DirectiveId, RatifiedBy, Urgency
from tawasul.domain.places import Name

REGION = Name("منطقة المدينة المنورة", "Madinah region")
AGENCY = Name("أمانة منطقة المدينة المنورة", "Madinah Region Municipality")
NUMBER = CaseNumber(1448, 471)
NOW = datetime(2026, 11, 22, 7, 40, tzinfo=UTC)
WORDING = "عيّنة: تُستكمل سفلتة الطريق الواصل إلى قرية المسيجيد وإنارته، وتُرفع صور ما أُنجز منه قبل الموعد."
ORDINARY = (
    "تُستكمل سفلتة الطريق الواصل إلى قرية المسيجيد وإنارته. ويُعالج تجمع مياه الأمطار عند مدخلها قبل موسم الشتاء، "
    "وتُراجع مع الأهالي مواقع عبور المشاة بجوار المدرسة. وتُرفع إلى المجلس صور ما أُنجز ومواعيد ما بقي، "
    "ويُبلّغ صاحب الطلب بالنتيجة كتابةً."
)
"""Some sentences, as most directives are."""
LONG_WORDING = " ".join(random.Random(1448).choices(ORDINARY.split(), k=400))[:2000].strip()
"""As long as a directive may be, and no sentence comes twice."""
SIGNER = ReceiptSigner(bytes(range(32)))
OTHER_SIGNER = ReceiptSigner(bytes(range(1, 33)))


def a_directive(wording: str = WORDING, *, ratified: bool = True) -> CaseDirective:
    """Given this morning, due in four weeks."""
    directive = CaseDirective.propose(
        DirectiveId("directive-31415926"),
        case_id="case-27182818",
        audience_id=AudienceId("audience-16180339"),
        agency_id=AgencyId("municipality"),
        wording=wording,
        urgency=Urgency.URGENT,
        due_on=date(2026, 12, 20),
        today=date(2026, 11, 22),
        now=NOW,
    )
    return directive.ratified(RatifiedBy.OWN_SCREEN, NOW) if ratified else directive


def a_receipt(wording: str = WORDING) -> Receipt:
    """Of that directive."""
    return receipt_of(a_directive(wording), NUMBER, AGENCY, REGION)


def flipped(text: str) -> Iterator[str]:
    """The text with one bit of its ASCII turned, for each of them."""
    for at, character in enumerate(text):
        for bit in range(8):
            yield text[:at] + chr(ord(character) ^ 1 << bit) + text[at + 1 :]
