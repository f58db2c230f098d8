"""The issuer of the devices' certificates: whether the server can reach it, and for how long its own still holds."""

from __future__ import annotations

import time
from typing import Any

import httpx

from tawasul.doctor.finding import Finding, Words, ok, warning, wrong

ANSWERS_WITHIN = 5.0
"""Seconds."""

RENEW_BEFORE = 14 * 86_400
"""Seconds: time enough to bring the root out, which lies locked away."""


def issuer(address: str | None, now: float | None = None) -> Finding:
    """Well; not set; out of reach; or soon without a certificate. ``now``: seconds since 1970 UTC."""
    if address is None:
        return warning(
            "issuer",
            Words(
                "No issuer is set: no device can be enrolled, and without certificates no call is made.",
                "لم تُحدَّد جهة إصدار الشهادات: لا يُسجَّل جهاز، ولا تتم مكالمة بلا شهادات.",
            ),
            Words(
                "Set TAWASUL_TRUST__ISSUER (docs/operations.md, “Certificates of devices”).",
                "حدّد TAWASUL_TRUST__ISSUER (انظر docs/operations.md).",
            ),
        )
    expires = _certificate_expires(address)
    if expires is None:
        return wrong(
            "issuer",
            Words(
                f"The issuer at {address} does not answer: within a day no call can be made any more.",
                f"جهة الإصدار في {address} لا تجيب: لن تتم أي مكالمة بعد يوم.",
            ),
            Words(
                "Look whether it runs there (tawasul issuer serve), and whether this machine may reach its port.",
                "تحقّق من عملها هناك ومن وصول هذا الجهاز إلى منفذها.",
            ),
        )
    left = expires - (time.time() if now is None else now)
    if left <= RENEW_BEFORE:
        days = max(0, int(left // 86_400))
        return (wrong if left <= 0 else warning)(
            "issuer",
            Words(f"The issuer's own certificate ends in {days} days.", f"تنتهي شهادة جهة الإصدار بعد {days} يومًا."),
            Words("The root signs its key anew.", "يوقّع الجذر مفتاحها من جديد."),
            "tawasul ca issuer --folder ROOT --request issuer.request",
        )
    return ok("issuer", Words(f"The issuer at {address} is well.", f"جهة الإصدار في {address} تعمل جيدًا."))


def _certificate_expires(address: str) -> float | None:
    try:
        with httpx.Client(trust_env=False, timeout=ANSWERS_WITHIN) as client:
            answer: Any = client.get(f"{address.rstrip('/')}/health").json()
        return float(answer["certificate_expires"])
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, TypeError):
        return None
