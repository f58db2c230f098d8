"""How a kiosk comes by its certificate and keeps it, and by the list of those that no longer count. Pure.

::

    no certificate: Ask ─► LookUp every few seconds ─► enrolled ─► at half of its life Renew ─► …
                     ▲          │ the issuer forgot                       │ refused, and its end has come
                     └──────────┴────────────────────────────────────────┘
    beside it, always: FetchList, hourly

Times are seconds since 1970 UTC, as in certificates. Contract: give `Begin` first, then the outcome of each effect, and
`Passed` at `deadline`. Of asking, looking up and renewing one is under way at a time, and of fetching one.
"""

from __future__ import annotations

from dataclasses import dataclass

from kiosk_client.core.kiosk_events import Enrolment

LOOK_EVERY = 3.0
"""Seconds between two looks whether the stewards have approved: they stand before the kiosk."""

LIST_EVERY = 3600.0
"""Seconds after which the revocation list is fetched anew. It is signed hourly."""

RETRY_FIRST, RETRY_LONGEST = 3.0, 300.0
"""Seconds before something that failed is tried again: doubled each time, up to the second."""


@dataclass(frozen=True)
class Holding:
    """The certificate that the kiosk has: its serial, and from when to when it is valid."""

    serial: str
    not_before: float
    expires: float

    @property
    def renew_at(self) -> float:
        """Half of its life: the other half is for an issuer that is away."""
        return (self.not_before + self.expires) / 2


@dataclass(frozen=True)
class Begin:
    """The kiosk was switched on."""


@dataclass(frozen=True)
class Asked:
    """The issuer has taken our request."""


@dataclass(frozen=True)
class Looked:
    """The request stands so. `known`: the issuer has it."""

    known: bool
    approvals: int = 0


@dataclass(frozen=True)
class Certified:
    """The issuer gave this certificate; it was verified and is kept."""

    holding: Holding


@dataclass(frozen=True)
class Failed:
    """The issuer cannot be reached, or gave what cannot be believed."""


@dataclass(frozen=True)
class Refused:
    """The issuer will not: a renewal of what it does not know or has revoked."""


@dataclass(frozen=True)
class ListLearned:
    """A revocation list was fetched, verified and is kept."""


@dataclass(frozen=True)
class ListFailed:
    """None could be fetched, or it cannot be believed."""


@dataclass(frozen=True)
class Passed:
    """The deadline may have passed."""


Given = Begin | Asked | Looked | Certified | Failed | Refused | ListLearned | ListFailed | Passed


@dataclass(frozen=True)
class Ask:
    """Send our request to the issuer."""


@dataclass(frozen=True)
class LookUp:
    """Ask the issuer how our request stands."""


@dataclass(frozen=True)
class Renew:
    """Ask for the next certificate by proof of the present key."""

    serial: str


@dataclass(frozen=True)
class FetchList:
    """Fetch the revocation list."""


@dataclass(frozen=True)
class Tell:
    """What stewards need to see; None once there is a certificate."""

    enrolment: Enrolment | None


Effect = Ask | LookUp | Renew | FetchList | Tell


class _Retry:
    """Pauses that double."""

    def __init__(self) -> None:
        self._pause = RETRY_FIRST

    def next(self) -> float:
        pause, self._pause = self._pause, min(2 * self._pause, RETRY_LONGEST)
        return pause

    def succeeded(self) -> None:
        self._pause = RETRY_FIRST


class Enroller:
    """One kiosk's papers. `unproven`: code and QR of its key, as they are shown until it is enrolled."""

    def __init__(self, unproven: Enrolment, holding: Holding | None = None) -> None:
        self.holding = holding
        self._shown: Enrolment | None = unproven
        self._unproven = unproven
        self._asked = False
        self._refused = False
        self._act_at: float | None = None
        self._list_at: float | None = None
        self._retry, self._list_retry = _Retry(), _Retry()

    @property
    def deadline(self) -> float | None:
        """When `Passed` is due; None while everything is under way."""
        return min((at for at in (self._act_at, self._list_at) if at is not None), default=None)

    def handle(self, given: Given, now: float) -> list[Effect]:
        """What to do about `given`."""
        shown = self._shown
        self._mend_times(now)
        match given:
            case Begin():
                self._act_at = now if self.holding is None else self.holding.renew_at
                self._list_at = now
            case Asked():
                self._asked, self._act_at = True, now + LOOK_EVERY
                self._shown = Enrolment(self._unproven.code, self._unproven.qr, reached=True)
                self._retry.succeeded()
            case Looked(known, approvals):
                self._asked, self._act_at = known, now + (LOOK_EVERY if known else self._retry.next())
                self._shown = Enrolment(self._unproven.code, self._unproven.qr, approvals, reached=known)
            case Certified(holding):
                self.holding, self._asked, self._refused = holding, False, False
                # Never at once, even for one whose half is over: an issuer's slip must not make a storm.
                self._act_at = max(holding.renew_at, now + RETRY_LONGEST)
                self._retry.succeeded()
            case Failed():
                self._act_at = now + self._retry.next()
            case Refused():
                self._refused, self._act_at = True, now + self._retry.next()
            case ListLearned():
                self._list_at = now + LIST_EVERY
                self._list_retry.succeeded()
            case ListFailed():
                self._list_at = now + self._list_retry.next()
            case Passed():
                pass
        return self._told(shown, now, first=isinstance(given, Begin)) + self._due(now)

    def _mend_times(self, now: float) -> None:
        """A time that is further off than any pause is of a clock that was ahead: it would be waited for in vain."""
        if self._list_at is not None:
            self._list_at = min(self._list_at, now + LIST_EVERY)
        if self._act_at is not None:
            renew_at = self.holding.renew_at if self.holding is not None else now
            self._act_at = min(self._act_at, max(renew_at, now + RETRY_LONGEST))

    def _told(self, shown: Enrolment | None, now: float, *, first: bool) -> list[Effect]:
        if self.holding is not None and now < self.holding.expires:
            self._shown = None
        elif self._shown is None:
            self._shown = self._unproven
        return [Tell(self._shown)] if first or self._shown != shown else []

    def _due(self, now: float) -> list[Effect]:
        effects: list[Effect] = []
        if self._list_at is not None and now >= self._list_at:
            self._list_at = None
            effects.append(FetchList())
        if self._act_at is not None and now >= self._act_at:
            self._act_at = None
            effects.append(self._next(now))
        return effects

    def _next(self, now: float) -> Effect:
        # One that has ended may still be renewed for a while; only when that is refused must people come again.
        if self.holding is not None and not (self._refused and now >= self.holding.expires):
            return Renew(self.holding.serial)
        return LookUp() if self._asked else Ask()
