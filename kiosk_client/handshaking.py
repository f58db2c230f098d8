"""The handshake of one attempt as it runs: the thin shell that gives its core the time of day and keeps its timer."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable

from kiosk_client.core.kiosk_events import Attempt
from kiosk_client.identity import Proofs
from tawasul.e2ee.errors import CertificateMissing
from tawasul.e2ee.handshake import NONCE_SIZE, Effect, Given, HandshakeEnd, Passed
from tawasul.e2ee.handshake_citizen import CitizenEnd
from tawasul.e2ee.handshake_office import OfficeEnd
from tawasul.e2ee.key_share import SECRET_SIZE
from tawasul.e2ee.names import DeviceName, DeviceRole


class Handshaking:
    """Made in a running event loop. `perform` gets the effects in order and must not block."""

    def __init__(self, end: HandshakeEnd, perform: Callable[[Effect], None]) -> None:
        self._end = end
        self._perform = perform
        self._timer: asyncio.TimerHandle | None = None

    def give(self, given: Given) -> None:
        """Give the core what has happened."""
        for effect in self._end.handle(given, time.time()):
            self._perform(effect)
        self.close()
        if self._end.deadline is not None:
            pause = max(0.0, self._end.deadline - time.time())
            self._timer = asyncio.get_running_loop().call_later(pause, self.give, Passed())

    def close(self) -> None:
        """Await nothing any more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def citizen_end(attempt: Attempt, proofs: Proofs, *, office: str, fingerprint: str) -> CitizenEnd:
    """Our end at a kiosk. `office`: the place of the office that must answer. `fingerprint`: as in our offer.

    Raises `CertificateMissing`: a kiosk never calls as nobody in particular.
    """
    if proofs.credentials is None:
        raise CertificateMissing("this kiosk has no certificate that is valid now")
    return CitizenEnd(
        proofs.credentials,
        trust=proofs.trust,
        sid=_sid(attempt),
        office=DeviceName(proofs.trust.anchor.region, DeviceRole.OFFICE, office),
        fingerprint=fingerprint,
        nonce=secrets.token_bytes(NONCE_SIZE),
    )


def office_end(attempt: Attempt, proofs: Proofs, *, kiosk: str | None) -> OfficeEnd:
    """Our end at an office. `kiosk`: whom the server says it is, None for a citizen at their own location.

    Raises `CertificateMissing`.
    """
    if proofs.credentials is None:
        raise CertificateMissing("this office has no certificate that is valid now")
    return OfficeEnd(
        proofs.credentials,
        trust=proofs.trust,
        sid=_sid(attempt),
        kiosk=kiosk,
        nonce=secrets.token_bytes(NONCE_SIZE),
        secret=secrets.token_bytes(SECRET_SIZE),
    )


def _sid(attempt: Attempt) -> str:
    return f"{attempt.call_id}/{attempt.number}"
