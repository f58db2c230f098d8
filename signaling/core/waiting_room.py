"""The waiting room (قاعة الانتظار): who waits, in which order, and whose line stands. Pure.

A place is a row in the database. The room only holds a reading of those rows, beside the lines that stand at this
moment, and says who has to be told when either changes. A line that drops is spoken of as dropped only after a short
while, so that a page that reloads does not make the board flicker.

Contract: ``Refreshed`` with all open audiences after each change in the store, ``LineUp`` and ``LineDown`` as lines
come and go, ``Passed`` when ``deadline`` is reached.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tawasul.domain.audience import AudienceId, State
from tawasul.domain.party import Priority
from tawasul.domain.sitting import SittingId
from tawasul.domain.turn import Turn, turn

LINE_FADES_AFTER = 6.0
"""Seconds. Longer than a reload or a reconnection on a good day, shorter than anybody's patience."""

LENGTHS_WORTH_ASKING = 3
"""With fewer audiences heard today, the planned length is the better guess than their median."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One audience of a sitting, as far as the room needs it. ``venue`` is the key of the line where the citizen is.

    ``version`` is the row's: whatever changed in it is news, also what the room itself does not look at (how sure the
    identity is), and also when the row is where it was before (called in and taken back between two readings).
    """

    audience_id: AudienceId
    sitting_id: SittingId
    venue: str
    state: State
    slot_starts_at: datetime
    arrived_at: datetime | None
    version: int = 0
    holds_slot: bool = True
    priorities: tuple[Priority, ...] = ()


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What the store holds now, of every sitting that is open."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class LineUp:
    """A line to this venue stands."""

    venue: str


@dataclass(frozen=True, slots=True)
class LineDown:
    """The line to this venue dropped."""

    venue: str


@dataclass(frozen=True, slots=True)
class Passed:
    """The deadline passed."""


@dataclass(frozen=True, slots=True)
class TellOffice:
    """The board of this sitting has changed."""

    sitting_id: SittingId


@dataclass(frozen=True, slots=True)
class TellVenue:
    """What this venue shows has changed."""

    venue: str


Input = Refreshed | LineUp | LineDown | Passed
Effect = TellOffice | TellVenue


class WaitingRoom:
    """The reading of the rows, and the lines."""

    def __init__(self) -> None:
        self._entries: dict[AudienceId, Entry] = {}
        self._positions: dict[AudienceId, int] = {}
        self._lines: set[str] = set()
        self._fading: dict[str, float] = {}

    @property
    def deadline(self) -> float | None:
        """When the next dropped line has to be spoken of."""
        return min(self._fading.values(), default=None)

    def handle(self, given: Input, now: float) -> list[Effect]:
        """Who has to be told."""
        match given:
            case Refreshed(entries):
                return self._refresh(entries)
            case LineUp(venue):
                fading = self._fading.pop(venue, None)
                known = venue in self._lines
                self._lines.add(venue)
                # The line is new even where the board need not know: it has to be shown where it stands.
                return [TellVenue(venue), *([] if known or fading is not None else self._offices_of(venue))]
            case LineDown(venue):
                if venue in self._lines and venue not in self._fading:
                    self._fading[venue] = now + LINE_FADES_AFTER
                return []
            case Passed():
                return self._fade(now)

    def online(self, venue: str) -> bool:
        """Whether a line to this venue stands, or dropped so recently that nobody need know."""
        return venue in self._lines

    def position(self, audience_id: AudienceId) -> int | None:
        """1 for who is to be called next; ``None`` for who does not wait."""
        return self._positions.get(audience_id)

    def at(self, venue: str) -> list[Entry]:
        """The open audiences of this venue in which the citizen is there, in the order of the room."""
        there = [e for e in self._entries.values() if e.venue == venue and e.state in _PRESENT]
        return sorted(there, key=lambda e: (e.state is State.ARRIVED, _place(e)))

    def _refresh(self, entries: Sequence[Entry]) -> list[Effect]:
        before, positions_before = self._entries, self._positions
        self._entries = {e.audience_id: e for e in entries}
        self._positions = {
            e.audience_id: number
            for sitting in {e.sitting_id for e in entries}
            for number, e in enumerate(waiting_order([e for e in entries if e.sitting_id == sitting]), start=1)
        }
        changed = [
            entry
            for audience_id in before.keys() | self._entries.keys()
            if before.get(audience_id) != self._entries.get(audience_id)
            or positions_before.get(audience_id) != self._positions.get(audience_id)
            for entry in (before.get(audience_id), self._entries.get(audience_id))
            if entry is not None
        ]
        return [
            *(TellOffice(sitting) for sitting in sorted({e.sitting_id for e in changed})),
            *(TellVenue(venue) for venue in sorted({e.venue for e in changed})),
        ]

    def _fade(self, now: float) -> list[Effect]:
        gone = sorted(venue for venue, at in self._fading.items() if at <= now)
        for venue in gone:
            del self._fading[venue]
            self._lines.discard(venue)
        return [effect for venue in gone for effect in self._offices_of(venue)]

    def _offices_of(self, venue: str) -> list[Effect]:
        return [TellOffice(s) for s in sorted({e.sitting_id for e in self._entries.values() if e.venue == venue})]


_PRESENT = frozenset({State.ARRIVED, State.CALLED_IN, State.IN_CALL, State.HEARD})


def waiting_order(entries: Sequence[Entry]) -> list[Entry]:
    """Those who wait, in the order in which they are to be called: by their turn (``tawasul.domain.turn``).

    The booked time comes first so that coming early takes nobody's turn; an interrupted citizen has kept both.
    """
    return sorted((e for e in entries if e.state is State.ARRIVED), key=_place)


def expected_wait(position: int, lengths: Sequence[float], planned: float, busy_for: float | None) -> int:
    """Seconds until the citizen at ``position`` is called in, as an estimate that does not promise too much.

    Args:
        position: 1 for the next.
        lengths: seconds each audience of today took, from being called in to the outcome.
        planned: seconds a slot has.
        busy_for: seconds since the office called in whoever it is with; ``None`` when it is free.
    """
    typical = statistics.median(lengths) if len(lengths) >= LENGTHS_WORTH_ASKING else planned
    current = max(0.0, typical - busy_for) if busy_for is not None else 0.0
    return round(current + (position - 1) * typical)


def _place(entry: Entry) -> Turn:
    return turn(
        entry.slot_starts_at,
        entry.arrived_at,
        entry.audience_id,
        holds_slot=entry.holds_slot,
        priorities=entry.priorities,
    )
