"""In which order a kiosk tries the relays that it was given, and what it remembers of the one that worked. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from tawasul.protocol.relay_url import TRANSPORTS, RelayUrl, Transport

REMEMBERED_FOR = 24 * 60 * 60.0
"""Seconds from when it was found. Then all are tried again, UDP first: a firewall may have been opened, and UDP is
better for sound and picture than what goes around its absence."""


LATELY = 60.0
"""Seconds for which it counts that a relay did not answer: those of a call that does not come about."""


@dataclass(frozen=True)
class Remembered:
    """By this transport the kiosk reached its relay, as found at `at`, unix seconds."""

    transport: Transport
    at: float


@dataclass
class RelayOrder:
    """Keeps what is known: of the site, from one call to the next, and of one call, from one attempt to the next."""

    remembered: Remembered | None = None
    _call_id: str | None = None
    _failed: set[RelayUrl] = field(default_factory=set)
    _silent: frozenset[RelayUrl] = frozenset()
    _silent_at: float = 0.0

    def of(self, offered: Sequence[RelayUrl], call_id: str, now: float) -> list[RelayUrl]:
        """All of `offered`, to be tried from the left.

        What worked here before comes first; what failed in this call, after everything else. Beyond that the order is
        the server's, who knows of the other kiosks of the centre and of the relays' health.
        """
        if call_id != self._call_id:
            self._call_id, self._failed, self._silent = call_id, set(), frozenset()
        if self._failed >= set(offered):
            self._failed.clear()
        first = self._known(now)
        return sorted(offered, key=lambda url: (url in self._failed, url.transport != first))

    def failed(self, url: RelayUrl, call_id: str) -> None:
        """The relay answered there, and media did not flow by it in this call."""
        if call_id == self._call_id:
            self._failed.add(url)

    def fell_silent(self, urls: Iterable[RelayUrl], call_id: str, now: float) -> None:
        """These were asked in this call, and did not answer; of the others, whatever was known is forgotten."""
        if call_id == self._call_id:
            self._silent, self._silent_at = frozenset(urls), now

    def silent(self, call_id: str, now: float) -> frozenset[RelayUrl]:
        """Which did not answer in this call a moment ago: nobody needs to wait for them alone."""
        lately = 0 <= now - self._silent_at < LATELY
        return self._silent if lately and call_id == self._call_id else frozenset()

    def flowed(self, url: RelayUrl, offered: Iterable[RelayUrl], silent: Collection[RelayUrl], now: float) -> bool:
        """Media flow by `url`; whether that is news to remember.

        It is where everything better that this relay offers was found `silent` just now: what is silent at another
        may be the relay, and not the way to it. Where this one was simply tried first, because of what was remembered
        here or at the server, nothing new was learnt: else two who remember would remind each other for ever.
        """
        if self._known(now) == url.transport:
            return False
        better = {each for each in offered if _rank(each) < _rank(url)}
        of_its_own = {each for each in better if each.host == url.host}
        if better and not (of_its_own and of_its_own <= set(silent)):
            return False
        self.remembered = Remembered(url.transport, now)
        return True

    def _known(self, now: float) -> Transport | None:
        known = self.remembered
        # A clock that was set back must not keep it for ever.
        fresh = known is not None and 0 <= now - known.at < REMEMBERED_FOR
        return known.transport if known is not None and fresh else None


def _rank(url: RelayUrl) -> int:
    return TRANSPORTS.index(url.transport)
