"""What happened. Collected by the aggregate, written to the outbox in the same transaction, told to the rooms after it.

An event carries identifiers, never a name or a number of a person: it may be stored, sent and logged.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Event:
    """Root: every event belongs to one audience of one sitting."""

    audience_id: str
    sitting_id: str


@dataclass(frozen=True, slots=True)
class AudienceBooked(Event):
    """A citizen has a time and a place."""


@dataclass(frozen=True, slots=True)
class AudienceCancelled(Event):
    """The time is free again."""


@dataclass(frozen=True, slots=True)
class AudienceMoved(Event):
    """The citizen has another time or place. ``sitting_id`` is the new one's."""

    from_sitting_id: str


@dataclass(frozen=True, slots=True)
class AudienceReinstated(Event):
    """That it was cancelled or missed was a slip: the citizen has the time again."""


@dataclass(frozen=True, slots=True)
class CitizenArrived(Event):
    """The citizen is there and waits."""


@dataclass(frozen=True, slots=True)
class ArrivalWithdrawn(Event):
    """The arrival was a slip of the desk."""


@dataclass(frozen=True, slots=True)
class CitizenMissed(Event):
    """The citizen did not come, or left."""


@dataclass(frozen=True, slots=True)
class CitizenCalledIn(Event):
    """The office called the citizen in."""

    call_id: str


@dataclass(frozen=True, slots=True)
class CallJoined(Event):
    """Both see and hear each other."""

    call_id: str


@dataclass(frozen=True, slots=True)
class AudienceInterrupted(Event):
    """The call was lost; the citizen has the same place again."""

    call_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class CitizenHeard(Event):
    """The call is over; the outcome is not written yet."""

    call_id: str


@dataclass(frozen=True, slots=True)
class AudienceConcluded(Event):
    """The outcome is written."""

    directed: bool


EVENTS: dict[str, type[Event]] = {
    kind.__name__: kind
    for kind in (
        AudienceBooked, AudienceCancelled, AudienceMoved, AudienceReinstated, CitizenArrived,
        ArrivalWithdrawn, CitizenMissed, CitizenCalledIn,
        CallJoined, AudienceInterrupted, CitizenHeard, AudienceConcluded,
    )
}  # fmt: skip
"""By the name under which the outbox keeps them."""
