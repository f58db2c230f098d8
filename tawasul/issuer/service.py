"""The issuer at work: the register over its file, one step at a time, and the clock that lists and requests live by."""

from __future__ import annotations

import asyncio
import logging
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from typing import Final, TypeVar, get_args

from tawasul.issuer.core.messages import (
    Answer,
    Approved,
    Chain,
    Change,
    Endorsed,
    Enrolled,
    Given,
    KeyRevoked,
    Passed,
    Renewed,
    Renewing,
    Requested,
    Revoking,
    SignedList,
    Standing,
    Waiting,
)
from tawasul.issuer.core.messages import Sequence as ListSequence
from tawasul.issuer.core.register import Register
from tawasul.issuer.store import IssuerStore

SERIAL_BYTES: Final = 16

LOOK_AGAIN: Final = 60.0
"""Seconds at most between two looks at the clock: it may be set while we sleep."""

TRY_AGAIN: Final = 10.0
"""Seconds after a step of the clock that failed, as on a full disk. Lists hold for a day."""

log = logging.getLogger(__name__)

_Kind = TypeVar("_Kind")


class Issuer:
    """Thread-safe: one step after the other, each on the disk before it is answered."""

    def __init__(self, register: Register, store: IssuerStore, clock: Callable[[], float] = time.time) -> None:
        self._register = register
        self._store = store
        self._clock = clock
        self._one_at_a_time = threading.Lock()
        self._tell(Passed())

    @property
    def anchor(self) -> bytes:
        """The anchor's file."""
        return self._register.anchor.to_json()

    @property
    def certificate_expires(self) -> int:
        """When the issuer's own certificate ends, seconds since 1970 UTC."""
        return self._register.certificate.expires

    @property
    def revocations(self) -> tuple[SignedList, tuple[str]]:
        """The list, and the chain that it is checked with."""
        signed = self._register.signed_list
        assert signed is not None, "the first one is signed when the issuer is made"
        return signed, (self._register.certificate.text,)

    def waiting(self) -> list[Waiting]:
        """Who waits, the longest first."""
        with self._one_at_a_time:
            return self._register.waiting(self._clock())

    def standing(self, thumbprint: str) -> Standing:
        """How a key stands."""
        with self._one_at_a_time:
            return self._register.standing(thumbprint, self._clock())

    def request(self, request: str) -> Standing:
        """A device asks. Raises: EnrolmentProblem, SignatureWrong."""
        return _as(Standing, self._tell(Requested(request)))

    def approve(self, approval: str, chain: Sequence[str]) -> Standing:
        """A steward approves. Raises: EnrolmentProblem, CertificateProblem, SignatureWrong."""
        return _as(Standing, self._tell(Approved(approval, tuple(chain), secrets.token_bytes(SERIAL_BYTES))))

    def renew(self, renewal: str) -> Chain:
        """An enrolled device wants its next certificate. Raises: EnrolmentProblem, SignatureWrong."""
        return _as(Chain, self._tell(Renewing(renewal, secrets.token_bytes(SERIAL_BYTES))))

    def revoke(self, revocation: str, chain: Sequence[str]) -> ListSequence:
        """A steward revokes a key. Raises: EnrolmentProblem, CertificateProblem, SignatureWrong."""
        return _as(ListSequence, self._tell(Revoking(revocation, tuple(chain))))

    async def keep_time(self) -> None:
        """Lists are signed and requests lapse when they are due, until cancelled."""
        while True:
            due = self._register.deadline
            wait = LOOK_AGAIN if due is None else min(max(0.0, due - self._clock()), LOOK_AGAIN)
            await asyncio.sleep(wait)
            try:
                await asyncio.to_thread(self._tell, Passed())
            except Exception:
                log.exception("a step of the clock failed; it is tried again")
                await asyncio.sleep(TRY_AGAIN)

    def close(self) -> None:
        """Lets go of the file."""
        with self._one_at_a_time:
            self._store.close()

    def _tell(self, given: Given) -> Answer | None:
        with self._one_at_a_time:
            effects = self._register.handle(given, self._clock())
            changes = [effect for effect in effects if isinstance(effect, get_args(Change))]
            self._store.write(changes)
            for change in changes:
                self._register.apply(change)
                _log(change)
            return next((effect for effect in effects if isinstance(effect, get_args(Answer))), None)


def _as(kind: type[_Kind], answer: Answer | None) -> _Kind:
    assert isinstance(answer, kind)
    return answer


def _log(change: Change) -> None:
    """Names and thumbprints are of devices and of stewards' places, never of citizens."""
    match change:
        case Endorsed(waiting, by):
            log.info("%s approved %s (%.8s)", by.steward, waiting.name, waiting.key.thumbprint)
        case Enrolled(device):
            log.info("%s (%.8s) is enrolled", device.name, device.key.thumbprint)
        case Renewed(device):
            log.info("%s (%.8s) was renewed", device.name, device.key.thumbprint)
        case KeyRevoked():
            log.warning("%s revoked %.8s", change.steward, change.thumbprint)
