"""Which datagrams of a DTLS handshake are sent again, and when: the last flight, as it was, until it is answered.

OpenSSL waits for a second before it repeats a flight, and nobody can tell it otherwise from Python. A datagram that
comes twice does no harm: its records have their old numbers, so whoever has had them drops them (RFC 6347, section
4.1.2.6), and whoever has not takes them for the first. What OpenSSL repeats by itself (its numbers are new) takes the
place of what was kept. Nothing here reads more of a datagram than the kind of its first record.

A pure core: tell it what was `sent`, what `came` and when it is `complete`; ask what is `due` when `deadline` has
passed.
"""

from __future__ import annotations

from kiosk_client.core.repeats import Pace, Repeats

CHANGE_CIPHER_SPEC, HANDSHAKE = 20, 22
"""Kinds of a record with which a datagram of a handshake begins (RFC 6347, section 4.3.1)."""

PACE = Pace(first=0.05, growth=2.0, longest=1.6, times=7)
"""WebRTC's library begins at 50 ms too, and doubles. A flight is less than a kilobyte, and here the path is known: the
checks of ICE have just gone there and back (RFC 6347, section 4.2.4.1, wants a second where nothing is known)."""

ONE_FLIGHT = 0.1
"""Seconds within which the datagrams of one flight are made. What is made later, with nothing new from the other end,
is OpenSSL's own repetition."""

MOST_KEPT = 4
"""Datagrams of one flight; ours fit into one."""

MOST_HEARD = 32
"""Datagrams of the other end that are remembered, to know them when they come again."""

MOST_REPEATS = 30
"""Flights that are sent again in one handshake, whatever happens in it."""

MOST_ANSWERS, ANSWERS_APART = 8, 0.04
"""How often the last flight of all is sent again when the other end repeats its own, and seconds between."""


class Flights:
    """Of one handshake. Times: seconds of any one clock that never runs back."""

    def __init__(self) -> None:
        self.repeated = 0
        """Flights that were sent again so far."""
        self._repeats: Repeats[None] = Repeats(PACE)
        self._flight: list[bytes] = []
        self._made = float("-inf")
        self._heard: set[bytes] = set()
        self._heard_since = True
        self._complete = False
        self._answers = MOST_ANSWERS
        self._answered = float("-inf")

    @property
    def deadline(self) -> float | None:
        """When to ask what is `due`; None while nothing is."""
        return self._repeats.deadline

    def sent(self, datagram: bytes, now: float) -> None:
        """We have sent this. What is not of a handshake (an alert, data) is passed over."""
        if self._complete or not _of_handshake(datagram):
            return
        if self._heard_since or now > self._made + ONE_FLIGHT:
            self._flight = []
        if self._heard_since:
            self._repeats.sent(None, now)
        self._heard_since, self._made = False, now
        self._flight = [*self._flight, datagram][-MOST_KEPT:]

    def came(self, datagram: bytes, now: float) -> list[bytes]:
        """This has come from where the other end should be. Returns what to send at once, mostly nothing.

        Whoever sends the last flight of a handshake is done, and cannot know whether it arrived: when the other end's
        comes once more it did not (RFC 6347, section 4.2.4). OpenSSL sees to that where its records have new numbers.
        """
        if not _of_handshake(datagram):
            return []
        if not self._complete:
            self._heard_since = True
            if len(self._heard) < MOST_HEARD:
                self._heard.add(datagram)
            return []
        if datagram not in self._heard or not self._answers or now < self._answered + ANSWERS_APART:
            return []
        self._answers -= 1
        self._answered = now
        return self._flight

    def complete(self) -> None:
        """The handshake has succeeded, or is over."""
        self._complete = True
        self._repeats.answered(None)
        if self._heard_since:  # the last flight was theirs
            self._flight = []

    def due(self, now: float) -> list[bytes]:
        """What is to be sent again now."""
        if not self._repeats.due(now):
            return []
        self.repeated += 1
        if self.repeated >= MOST_REPEATS:
            self._repeats.answered(None)
        return self._flight if self.repeated <= MOST_REPEATS else []


def _of_handshake(datagram: bytes) -> bool:
    return bool(datagram) and datagram[0] in (CHANGE_CIPHER_SPEC, HANDSHAKE)
