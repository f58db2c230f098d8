"""What one end will sign about a call: who held keys, from when to when, over all its attempts. Pure.

It lives as long as the call, which may need several attempts. Times are seconds since 1970 UTC.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tawasul.e2ee.attestation import Frames, Handshake, Parties, Party, Statement, write_file
from tawasul.e2ee.session import Session, Side


@dataclass
class _Attempt:
    number: int
    session: Session
    epochs: list[list[int]]
    ended_at: float | None = None
    sealed: int = 0
    opened: int = 0
    refused: int = 0

    def handshake(self, now: float) -> Handshake:
        begins = int(self.session.confirmed_at)
        ends = max(begins, int(self.ended_at if self.ended_at is not None else now))
        return Handshake(attempt=self.number, th=self.session.transcript, begins=begins, ends=ends, epochs=self.epochs)


@dataclass
class CallRecord:
    """One end's record of the call `call_id`. `own` and `other` are what the ends have signed, once they have.

    `compared`: this end's person said that both phrases are the same.
    """

    call_id: str
    own: str | None = None
    other: str | None = None
    compared: bool = False
    _chain: tuple[str, ...] = ()
    _attempts: list[_Attempt] = field(default_factory=list)

    def confirm(self, attempt: int, session: Session, chain: tuple[str, ...]) -> None:
        """An attempt has keys. `chain`: our certificates; those of the first attempt are what the statement shows."""
        if self._attempts and self._attempts[-1].session.peer.thumbprint != session.peer.thumbprint:
            # Another device sits at the other end: it can only sign what it has seen, and nobody compared with it yet.
            self._attempts.clear()
            self.compared, self.other = False, None
        if not self._attempts:
            self._chain = chain
        self._attempts.append(_Attempt(attempt, session, [[0, int(session.confirmed_at)]]))

    def switch(self, epoch: int, now: float) -> None:
        """This end sends under a new epoch."""
        self._attempts[-1].epochs.append([epoch, int(now)])

    def count(self, *, sealed: int, opened: int, refused: int) -> None:
        """How many frames the present attempt has sealed, opened and refused so far."""
        if self._attempts:
            present = self._attempts[-1]
            present.sealed, present.opened, present.refused = sealed, opened, refused

    def end_attempt(self, now: float) -> None:
        """The present attempt is over, if there is one."""
        if self._attempts and self._attempts[-1].ended_at is None:
            self._attempts[-1].ended_at = now

    def statement(self, now: float) -> Statement | None:
        """What this end can sign now; None when no attempt ever had keys."""
        if not self._attempts:
            return None
        session = self._attempts[-1].session
        return Statement(
            call=self.call_id,
            role=session.side.value,
            parties=_parties(session),
            handshakes=[attempt.handshake(now) for attempt in self._attempts],
            phrase="same" if self.compared else "not-compared",
            frames=Frames(
                sealed=sum(attempt.sealed for attempt in self._attempts),
                opened=sum(attempt.opened for attempt in self._attempts),
                refused=sum(attempt.refused for attempt in self._attempts),
            ),
            chain=list(self._chain) or None,
        )

    def file(self) -> bytes | None:
        """The attestation's file; None when this end has signed nothing."""
        if self.own is None:
            return None
        is_citizen = self._attempts[-1].session.side is Side.CITIZEN
        return write_file(*((self.own, self.other) if is_citizen else (self.other, self.own)))


def _parties(session: Session) -> Parties:
    certificate = session.peer.certificate
    ours = Party(jkt=session.thumbprint, urn=str(session.name) if session.name else None)
    theirs = Party(jkt=session.peer.thumbprint, urn=str(certificate.name) if certificate else None)
    return (
        Parties(citizen=ours, office=theirs) if session.side is Side.CITIZEN else Parties(citizen=theirs, office=ours)
    )
