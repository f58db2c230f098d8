"""What happened. Collected by the aggregate, written to the outbox in the same transaction, told to the rooms after it.

An event carries identifiers, never a name or a number of a person: it may be stored, sent and logged.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Event:
    """Root."""


@dataclass(frozen=True, slots=True)
class AudienceEvent(Event):
    """Root of those that belong to one audience of one sitting."""

    audience_id: str
    sitting_id: str


@dataclass(frozen=True, slots=True)
class AudienceBooked(AudienceEvent):
    """A citizen has a time and a place."""


@dataclass(frozen=True, slots=True)
class AudienceCancelled(AudienceEvent):
    """The time is free again."""


@dataclass(frozen=True, slots=True)
class AudienceMoved(AudienceEvent):
    """The citizen has another time or place. ``sitting_id`` is the new one's."""

    from_sitting_id: str


@dataclass(frozen=True, slots=True)
class AudienceReinstated(AudienceEvent):
    """That it was cancelled or missed was a slip: the citizen has the time again."""


@dataclass(frozen=True, slots=True)
class CitizenArrived(AudienceEvent):
    """The citizen is there and waits."""


@dataclass(frozen=True, slots=True)
class ArrivalWithdrawn(AudienceEvent):
    """The arrival was a slip of the desk."""


@dataclass(frozen=True, slots=True)
class CitizenMissed(AudienceEvent):
    """The citizen did not come, or left."""


@dataclass(frozen=True, slots=True)
class CitizenCalledIn(AudienceEvent):
    """The office called the citizen in."""

    call_id: str


@dataclass(frozen=True, slots=True)
class CallJoined(AudienceEvent):
    """Both see and hear each other."""

    call_id: str


@dataclass(frozen=True, slots=True)
class AudienceInterrupted(AudienceEvent):
    """The call was lost; the citizen has the same place again."""

    call_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class CitizenHeard(AudienceEvent):
    """The call is over; the outcome is not written yet."""

    call_id: str


@dataclass(frozen=True, slots=True)
class AudienceConcluded(AudienceEvent):
    """The outcome is written."""

    directed: bool


@dataclass(frozen=True, slots=True)
class CaseChanged(Event):
    """A step of a case was noted. ``agency_id``: where the case is or was last; ``kind``: of the entry, its value."""

    case_id: str
    governorate_id: str
    agency_id: str | None
    kind: str


EVENTS: dict[str, type[Event]] = {
    kind.__name__: kind
    for kind in (
        AudienceBooked, AudienceCancelled, AudienceMoved, AudienceReinstated, CitizenArrived,
        ArrivalWithdrawn, CitizenMissed, CitizenCalledIn,
        CallJoined, AudienceInterrupted, CitizenHeard, AudienceConcluded,
        CaseChanged,
    )
}  # fmt: skip
"""By the name under which the outbox keeps them."""


def subject_of(event: Event) -> str:
    """The id of the audience or the case that the event is about: the events of one keep their order.

    Raises:
        TypeError: an event of another kind.
    """
    match event:
        case AudienceEvent(audience_id=id) | CaseChanged(case_id=id):
            return id
    raise TypeError(f"{type(event).__name__} is about nothing that is known here")
