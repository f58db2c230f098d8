"""Which packets of a stream are missing, and when to ask for them again (RFC 4585, section 6.2.1: generic NACK).

A pure part of `picture_reception`. A browser asks by a timer, where aiortc asks only when a new gap appears: at 10 %
of loss one retransmission in ten is lost as well, and a picture stands until the next accident.
"""

from __future__ import annotations

from dataclasses import dataclass

SHORTEST_PATIENCE, LONGEST_PATIENCE = 0.010, 0.100
"""Seconds before a packet is first asked for: what was only overtaken comes by itself. It is learnt how long that takes
on this path: up quickly where packets came by themselves later than that, down slowly."""

PATIENCE_UP, PATIENCE_DOWN = 0.005, 0.0005
"""Seconds for each packet that was missing and came."""

ASKED_AGAIN_AFTER = 0.4
"""Of a round trip, between two asks for one packet. An answer may be on its way for the whole of it; but requests are
lost as well, and browsers and our own sender repeat nothing twice within what they take for the round trip, which is
never quite ours. Asked once a round trip, a request that comes a little early is as good as lost."""

ASKED_AT_MOST_EVERY = 0.030
"""Seconds, where the way is short."""

MOST_ASKS = 25
"""For one packet; a second has room for no more, but on the shortest of ways."""

WORTH_WAITING = 1.0
"""Seconds after which a packet is given up. A key frame has been asked for long before, and is better than a picture
that plays on from a second ago."""

LARGEST_GAP = 150
"""Packets. More at once were not lost one by one: the path was gone, and a key frame costs less than all of them."""

ASKS_FOR_EACH_PACKET = 1.0
"""For each packet that comes, so many asks at most. Enough at a third of loss; on a line that is full, or whose other
end counts wildly, more would only fill it."""

MOST_ASKS_SAVED = 200.0
"""Asks that may be saved up for a burst of loss."""

GUESSED = 3
"""Packets before the first that came that are asked for, where that is in the middle of a frame. More in a row are
hardly ever lost, and a sender passes over numbers that it never used."""

MOST_AT_ONCE = 100
"""Packets in one NACK: in the worst case, 17 bits from each other, four bytes each."""


@dataclass(slots=True)
class _Wanted:
    since: float
    ask_at: float
    asks: int = 0
    asked: float = float("inf")


class Missing:
    """Numbers are extended ones (`sequence`); times are seconds of any one clock that never runs back."""

    def __init__(self) -> None:
        self.round_trip = 0.1
        """Seconds; set it by `measured`."""
        self._is_measured = False
        self.patience = SHORTEST_PATIENCE
        """Seconds before a packet is first asked for."""
        self._wanted: dict[int, _Wanted] = {}
        self._highest: int | None = None
        self._asks_left = MOST_ASKS_SAVED

    def __len__(self) -> int:
        return len(self._wanted)

    @property
    def deadline(self) -> float | None:
        """When to call `due` and `given_up`; None when nothing is missing."""
        return min((min(each.ask_at, each.since + WORTH_WAITING) for each in self._wanted.values()), default=None)

    def measured(self, round_trip: float) -> None:
        """It takes so many seconds to the other end and back."""
        self.round_trip, self._is_measured = round_trip, True

    def arrived(self, number: int, now: float) -> bool:
        """A packet has come, in any order. Returns False where so many are missing before it that none is asked for."""
        self._asks_left = min(self._asks_left + ASKS_FOR_EACH_PACKET, MOST_ASKS_SAVED)
        highest, self._highest = self._highest, max(number, -1 if self._highest is None else self._highest)
        if highest is None or number <= highest:
            wanted = self._wanted.pop(number, None)
            if wanted is not None:
                self._learn(wanted, now)
            return True
        if number - highest - 1 + len(self._wanted) > LARGEST_GAP:
            self._wanted.clear()
            return False
        for each in range(highest + 1, number):
            self._wanted[each] = _Wanted(since=now, ask_at=now + self.patience)
        return True

    def guess_before(self, number: int, now: float) -> None:
        """The stream's first packet that came cannot be the first that was sent: ask for those before it."""
        for each in range(max(number - GUESSED, 0), number):
            self._wanted[each] = _Wanted(since=now, ask_at=now)

    def due(self, now: float) -> list[int]:
        """Which to ask for now, in order; each is then due again after a while."""
        pause = max(ASKED_AGAIN_AFTER * self.round_trip, ASKED_AT_MOST_EVERY)
        most = min(int(self._asks_left), MOST_AT_ONCE)
        due = sorted(number for number, each in self._wanted.items() if each.ask_at <= now)
        for number in due[most:]:
            self._wanted[number].ask_at = now + pause
        self._asks_left -= len(due[:most])
        for number in due[:most]:
            wanted = self._wanted[number]
            wanted.asks += 1
            wanted.asked = min(wanted.asked, now)
            wanted.ask_at = now + pause if wanted.asks < MOST_ASKS else float("inf")
        return due[:most]

    def given_up(self, now: float) -> int | None:
        """The highest of those that are now too late to be of use, which are forgotten; None where there is none."""
        late = [number for number, each in self._wanted.items() if each.since + WORTH_WAITING <= now]
        for number in late:
            del self._wanted[number]
        return max(late, default=None)

    def forget_before(self, number: int) -> None:
        """What is before `number` is needed no more: a key frame stands there."""
        for each in [each for each in self._wanted if each < number]:
            del self._wanted[each]

    def _learn(self, wanted: _Wanted, now: float) -> None:
        # No answer could be back so soon. What is not known at first must not count: a way that is shorter than was
        # thought would make each answer one that came by itself, and patience grow by its own doing.
        by_itself = now - wanted.asked < 0.9 * self.round_trip
        up = self._is_measured and by_itself and now - wanted.since > self.patience
        patience = self.patience + (PATIENCE_UP if up else -PATIENCE_DOWN)
        self.patience = min(max(patience, SHORTEST_PATIENCE), LONGEST_PATIENCE)
