"""The audience (مقابلة): one meeting of a citizen with the Amir, from booked to concluded.

::

    BOOKED ──arrive──► ARRIVED ──call_in──► CALLED_IN ──join──► IN_CALL ──hear──► HEARD ──conclude──► CONCLUDED
      ▲  │                │ ▲  ▲                │                 │  │              │ ▲
      │  │cancel          │ │  └───interrupt────┴────interrupt────┘  └──conclude──► …│ call_in: called back in
      │  ▼                │ │                                                       ▼
      │ CANCELLED         │ └─ an interrupted citizen keeps the place             CALLED_IN
      └──withdraw_arrival─┘
    BOOKED, ARRIVED ──miss──► MISSED        BOOKED, ARRIVED ──cancel──► CANCELLED
    BOOKED ──move──► BOOKED                 CANCELLED, MISSED ──reinstate──► BOOKED (a slip, if the slot is still free)

HEARD is the moment between the end of the call and the written outcome: the call is over on both screens, the
office still writes (docs/adr/0003). Each room calls only its own steps: the scheduler books, moves, cancels, receives,
marks missed and reinstates; signaling calls in, joins, interrupts, hears and concludes.
"""

from __future__ import annotations

import enum
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, NewType

from tawasul.domain.case import CaseId
from tawasul.domain.errors import UnlawfulTransition
from tawasul.domain.events import (
    ArrivalWithdrawn,
    AudienceBooked,
    AudienceCancelled,
    AudienceConcluded,
    AudienceEvent,
    AudienceInterrupted,
    AudienceMoved,
    AudienceReinstated,
    CallJoined,
    CitizenArrived,
    CitizenCalledIn,
    CitizenHeard,
    CitizenMissed,
)
from tawasul.domain.outcome import Directive, Outcome
from tawasul.domain.party import Alone, Party, Priority, ordered
from tawasul.domain.people import CitizenId, IdentityAssurance
from tawasul.domain.places import GovernorateId
from tawasul.domain.private import Private
from tawasul.domain.riyadh import day_of
from tawasul.domain.sitting import SittingId
from tawasul.domain.slot import Slot
from tawasul.domain.text import bounded
from tawasul.domain.venue import Venue

AudienceId = NewType("AudienceId", str)
CallId = NewType("CallId", str)

LONGEST_SUBJECT = 300

AN_EVENING: Final = timedelta(hours=12)
"""An evening's sitting goes on past midnight: a time so near is no other day's to who comes for it."""


def is_days_away(starts_at: datetime, now: datetime) -> bool:
    """Whether who comes now has come on an earlier day than the one of a time that starts then."""
    return day_of(starts_at) > day_of(now) and starts_at - now > AN_EVENING


class State(enum.StrEnum):
    """Where an audience stands."""

    BOOKED = "booked"
    ARRIVED = "arrived"
    CALLED_IN = "called-in"
    IN_CALL = "in-call"
    HEARD = "heard"
    CONCLUDED = "concluded"
    CANCELLED = "cancelled"
    MISSED = "missed"


class MissedBecause(enum.StrEnum):
    """Whose doing it was that an audience was missed. After the last two the citizen gets another time, first."""

    CITIZEN = "citizen"
    OFFICE = "office"
    TECHNICAL = "technical"


OPEN = frozenset({State.BOOKED, State.ARRIVED, State.CALLED_IN, State.IN_CALL, State.HEARD})
"""States in which the audience still holds its slot."""

WITH_THE_OFFICE = frozenset({State.CALLED_IN, State.IN_CALL, State.HEARD})
"""States in which the office is busy with this citizen."""


@dataclass(slots=True)
class Audience:
    """The aggregate. Steps raise ``UnlawfulTransition`` and change nothing when the state does not allow them.

    ``events`` holds what happened since it was loaded; ``version`` is the optimistic lock, kept by the store.
    Times are aware datetimes in UTC. ``governorate_id`` says whose desk looks after it: the kiosk's governorate, or
    that of the desk that booked it; ``booked_at`` the governorate whose desk made the booking, which may look after it
    too. ``slot_ends_at`` is ``None`` only for one booked before slots had an end of their own: the sitting says it.
    A ``walk_in`` came without a time. Its ``slot_starts_at`` is where it stands in the order; if no slot was free then,
    it holds none (``holds_slot``), and is received when there is a gap. ``case_id``: the case it belongs to
    (``tawasul.domain.case``), once there is one.
    """

    id: AudienceId
    reference: str
    citizen_id: CitizenId
    sitting_id: SittingId
    slot_starts_at: datetime
    venue: Venue
    governorate_id: GovernorateId
    subject: Private[str]
    state: State = State.BOOKED
    assurance: IdentityAssurance = IdentityAssurance.DECLARED
    arrived_at: datetime | None = None
    call_id: CallId | None = None
    called_in_at: datetime | None = None
    joined_at: datetime | None = None
    heard_at: datetime | None = None
    concluded_at: datetime | None = None
    interruptions: int = 0
    outcome: Outcome | None = None
    slot_ends_at: datetime | None = None
    booked_at: GovernorateId | None = None
    party: Private[Party] = field(default_factory=lambda: Private(Alone()))
    priorities: tuple[Priority, ...] = ()
    walk_in: bool = False
    holds_slot: bool = True
    missed_because: MissedBecause | None = None
    language: str = "ar"
    case_id: CaseId | None = None
    version: int = 0
    events: list[AudienceEvent] = field(default_factory=list, repr=False, compare=False)

    @classmethod
    def book(
        cls,
        id: AudienceId,
        *,
        reference: str,
        citizen_id: CitizenId,
        sitting_id: SittingId,
        slot_starts_at: datetime,
        venue: Venue,
        governorate_id: GovernorateId,
        subject: str,
        slot_ends_at: datetime | None = None,
        booked_at: GovernorateId | None = None,
        party: Party | None = None,
        priorities: Collection[Priority] = (),
        walk_in: bool = False,
        holds_slot: bool = True,
        language: str = "ar",
        case_id: CaseId | None = None,
    ) -> Audience:
        """Raises: InvalidText: the subject is empty or longer than 300 characters."""
        audience = cls(
            id=id,
            reference=reference,
            citizen_id=citizen_id,
            sitting_id=sitting_id,
            slot_starts_at=slot_starts_at,
            venue=venue,
            governorate_id=governorate_id,
            subject=Private(bounded(subject, field="subject", longest=LONGEST_SUBJECT)),
            slot_ends_at=slot_ends_at,
            booked_at=booked_at or governorate_id,
            party=Private(party or Alone()),
            priorities=ordered(frozenset(priorities)),
            walk_in=walk_in,
            holds_slot=holds_slot,
            language=language,
            case_id=case_id,
        )
        audience._tell(AudienceBooked(audience.id, sitting_id))
        return audience

    # The scheduler's steps

    def cancel(self) -> None:
        """The citizen or the desk gives the time up."""
        self._step("cancel", {State.BOOKED, State.ARRIVED}, State.CANCELLED)
        self._tell(AudienceCancelled(self.id, self.sitting_id))

    def move(self, slot: Slot, governorate_id: GovernorateId) -> None:
        """Another time or place, under the same reference."""
        self._step("move", {State.BOOKED}, State.BOOKED)
        before = self.sitting_id
        self.sitting_id, self.venue, self.governorate_id = slot.sitting_id, slot.venue, governorate_id
        self.slot_starts_at, self.slot_ends_at = slot.starts_at, slot.ends_at
        self._tell(AudienceMoved(self.id, self.sitting_id, before))

    def reinstate(self) -> None:
        """That it was cancelled or missed was a slip. The store takes the slot again, or says that it is taken."""
        self._step("reinstate", {State.CANCELLED, State.MISSED}, State.BOOKED)
        self.missed_because = None
        self.arrived_at = None
        self.assurance = IdentityAssurance.DECLARED
        self._tell(AudienceReinstated(self.id, self.sitting_id))

    def prefer(self, priority: Priority) -> None:
        """One more reason to go first."""
        self.priorities = ordered(frozenset({*self.priorities, priority}))

    def arrive(self, assurance: IdentityAssurance, now: datetime) -> None:
        """The citizen is there, known with this assurance."""
        self._step("arrive", {State.BOOKED}, State.ARRIVED)
        self.assurance = assurance
        self.arrived_at = now
        self._tell(CitizenArrived(self.id, self.sitting_id))

    def assure(self, assurance: IdentityAssurance) -> None:
        """Somebody saw the identity of a citizen who had only declared it. Never weakens what is known."""
        order = list(IdentityAssurance)
        if self.state not in OPEN:
            raise UnlawfulTransition(self.state, "assure")
        if order.index(assurance) > order.index(self.assurance):
            self.assurance = assurance
            # The board shows the assurance, so it has to hear of it: an arrival told again is idempotent.
            if self.state is State.ARRIVED:
                self._tell(CitizenArrived(self.id, self.sitting_id))

    def withdraw_arrival(self) -> None:
        """The arrival was a slip: as before."""
        self._step("withdraw the arrival of", {State.ARRIVED}, State.BOOKED)
        self.arrived_at = None
        self.assurance = IdentityAssurance.DECLARED
        self._tell(ArrivalWithdrawn(self.id, self.sitting_id))

    def miss(self, because: MissedBecause = MissedBecause.CITIZEN) -> None:
        """The citizen did not come, left before being called, or could not be received."""
        self._step("miss", {State.BOOKED, State.ARRIVED}, State.MISSED)
        self.missed_because = because
        self._tell(CitizenMissed(self.id, self.sitting_id))

    # Signaling's steps

    def call_in(self, call_id: CallId, now: datetime) -> None:
        """The office calls the citizen in, or back in after a call that ended too soon."""
        self._step("call in", {State.ARRIVED, State.HEARD}, State.CALLED_IN)
        self.call_id = call_id
        self.called_in_at = now
        self.joined_at = None
        self.heard_at = None
        self._tell(CitizenCalledIn(self.id, self.sitting_id, call_id))

    def join(self, now: datetime) -> None:
        """Both ends see and hear each other."""
        self._step("join", {State.CALLED_IN}, State.IN_CALL)
        self.joined_at = now
        self._tell(CallJoined(self.id, self.sitting_id, self._call()))

    def interrupt(self, reason: str) -> None:
        """The call could not be made or was lost. The citizen waits again, at the place the arrival gave."""
        self._step("interrupt", {State.CALLED_IN, State.IN_CALL}, State.ARRIVED)
        call_id = self._call()
        self.call_id = None
        self.interruptions += 1
        self._tell(AudienceInterrupted(self.id, self.sitting_id, call_id, reason))

    def hear(self, now: datetime) -> None:
        """The call is over; the outcome is still to be written."""
        self._step("hear", {State.IN_CALL}, State.HEARD)
        self.heard_at = now
        self._tell(CitizenHeard(self.id, self.sitting_id, self._call()))

    def conclude(self, outcome: Outcome, now: datetime) -> None:
        """The outcome is written; a call that still runs ends by it."""
        self._step("conclude", {State.IN_CALL, State.HEARD}, State.CONCLUDED)
        self.heard_at = self.heard_at or now
        self.concluded_at = now
        self.outcome = outcome
        self._tell(AudienceConcluded(self.id, self.sitting_id, isinstance(outcome, Directive)))

    def _step(self, name: str, lawful: set[State], to: State) -> None:
        if self.state not in lawful:
            raise UnlawfulTransition(self.state, name)
        self.state = to

    def _call(self) -> CallId:
        assert self.call_id is not None, "a called-in audience has a call"
        return self.call_id

    def _tell(self, event: AudienceEvent) -> None:
        self.events.append(event)
