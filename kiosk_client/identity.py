"""What an end of a call proves itself by, and what it judges the other end by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from kiosk_client.core.kiosk_events import Enrolment
from tawasul.e2ee.handshake import Credentials
from tawasul.e2ee.revocation import Trust


@dataclass(frozen=True)
class Proofs:
    """As they are at this moment. `credentials` is None without a certificate that is valid now."""

    credentials: Credentials | None
    trust: Trust


class Identity(Protocol):
    """Where an end has its proofs from."""

    async def run(self, tell: Callable[[Enrolment | None], None]) -> None:
        """Keep them fresh, until cancelled. `tell` gets what stewards need to see, None once there is a certificate."""

    async def proofs(self) -> Proofs:
        """Those for a call that begins now, with the revocation list fetched anew where it is old."""


class GivenIdentity:
    """Proofs that somebody else made and keeps: the self-test's robots, an office that is a program."""

    def __init__(self, credentials: Credentials | None, trust: Trust) -> None:
        self._proofs = Proofs(credentials, trust)

    async def run(self, tell: Callable[[Enrolment | None], None]) -> None:
        """Nothing is to be kept fresh."""

    async def proofs(self) -> Proofs:
        """Those that were given."""
        return self._proofs
