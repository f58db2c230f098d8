"""The issuer's refusals as answers (RFC 9457): code, status, a sentence in both languages."""

from __future__ import annotations

from typing import Final

from tawasul.protocol.problem import Problem
from tawasul.protocol.problems import PROBLEMS

MEDIA_TYPE: Final = "application/problem+json"

_ROWS = (
    # What a device or a steward sent
    Problem("enrolment-malformed", 422, "وصلت رسالة تسجيل لا يمكن فهمها.", "The enrolment message cannot be read."),
    Problem(
        "enrolment-stale",
        422,
        "ساعة الجهاز غير مضبوطة، أو الرسالة قديمة. اضبط الساعة ثم أعد المحاولة.",
        "The device's clock is wrong, or the message is old. Set the clock and try again.",
    ),
    Problem(
        "enrolment-name-wrong",
        422,
        "لا يُسجَّل هنا إلا مكتب أو كشك.",
        "Only an office or a kiosk is enrolled here.",
    ),
    Problem(
        "enrolment-place-unknown",
        422,
        "لا يوجد في المنطقة مكان بهذا الاسم.",
        "There is no place of this name in the region.",
    ),
    Problem("signature-wrong", 403, "التوقيع غير صحيح.", "The signature is not right."),
    Problem(
        "enrolment-unknown",
        404,
        "لا يوجد طلب تسجيل أو جهاز مسجَّل بهذا المفتاح.",
        "There is no request and no enrolled device with this key.",
    ),
    Problem(
        "enrolment-revoked",
        403,
        "أُبطل هذا المفتاح نهائيًا. أنشئ مفتاحًا جديدًا على الجهاز واطلب تسجيله.",
        "This key was revoked for good. Make a new key on the device and ask again.",
    ),
    Problem(
        "enrolment-other-name",
        409,
        "هذا المفتاح مسجَّل باسم آخر. أنشئ مفتاحًا جديدًا للاسم الجديد.",
        "This key is enrolled under another name. Make a new key for the new name.",
    ),
    Problem(
        "enrolments-full",
        503,
        "طلبات التسجيل المنتظرة كثيرة. أعد المحاولة لاحقًا.",
        "Too many requests are waiting. Please try again later.",
    ),
    Problem(
        "steward-wrong",
        403,
        "لم يوقّع هذا صاحب شهادة المشرف المرفقة.",
        "This was not signed by the steward whose certificate came with it.",
    ),
    Problem(
        "renewal-wrong",
        409,
        "الشهادة المطلوب تجديدها ليست لهذا الجهاز.",
        "The certificate to be renewed is not this device's.",
    ),
    Problem(
        "renewal-late",
        409,
        "انتهت شهادة هذا الجهاز منذ مدة طويلة. يلزم تسجيله من جديد بموافقة مشرفَين.",
        "This device's certificate ended long ago. Two stewards have to approve it anew.",
    ),
    Problem(
        "revocation-refused",
        403,
        "لا يُبطل المشرف مفتاح جهة الإصدار أو الجذر.",
        "A steward cannot revoke the issuer's key or the root's.",
    ),
    Problem(
        "revocations-full",
        503,
        "امتلأت قائمة الإبطال. يلزم تدخل المسؤول عن جهة الإصدار.",
        "The revocation list is full. Those who run the issuer have to act.",
    ),
    Problem(
        "issuer-expired",
        503,
        "انتهت شهادة جهة الإصدار. يلزم توقيعها من جديد بمفتاح الجذر.",
        "The issuer's own certificate has ended. The root has to sign it anew.",
    ),
    # A steward's chain
    Problem("certificate-malformed", 422, "الشهادة غير صالحة الشكل.", "The certificate cannot be read."),
    Problem("certificate-too-large", 422, "الشهادة أطول من المسموح.", "The certificate is longer than allowed."),
    Problem("certificate-expired", 403, "انتهت مدة شهادة المشرف.", "The steward's certificate has ended."),
    Problem(
        "certificate-not-yet-valid",
        403,
        "لم تبدأ مدة شهادة المشرف بعد.",
        "The steward's certificate is not valid yet.",
    ),
    Problem("certificate-revoked", 403, "أُبطلت شهادة المشرف.", "The steward's certificate was revoked."),
    Problem(
        "chain-wrong",
        403,
        "الشهادة ليست صادرة عن جذر هذه المنطقة.",
        "The certificate does not come from this region's root.",
    ),
    Problem("certificate-role-wrong", 403, "هذه ليست شهادة مشرف.", "This is not a steward's certificate."),
)

_OF_THE_HOUSE = ("invalid-input", "not-found", "method-not-allowed", "too-large", "too-many-attempts", "internal")

ISSUER_PROBLEMS: Final[dict[str, Problem]] = {row.code: row for row in _ROWS} | {
    code: PROBLEMS[code] for code in _OF_THE_HOUSE
}
"""By code."""


def body(row: Problem) -> dict[str, str | int]:
    """The members of a problem's JSON."""
    return {
        "type": f"urn:tawasul:problem:{row.code}",
        "title": row.english,
        "status": row.status,
        "code": row.code,
        "arabic": row.arabic,
        "english": row.english,
    }
