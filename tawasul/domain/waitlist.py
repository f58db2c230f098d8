"""The waitlist (قائمة الانتظار للمواعيد): who wants a time when there is none, and the offers made to them.

::

    WAITING ──offer──► OFFERED ──accept──► PLACED
       ▲                  │
       └──decline, lapse──┘            WAITING, OFFERED ──withdraw──► WITHDRAWN      WAITING ──lapse──► LAPSED
    OFFERED ──return──► WAITING (the time was closed)      WITHDRAWN ──restore──► WAITING (a slip)

An entry has at most one open offer, and a slot is in at most one open offer: both are held by the database.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final, NewType

from tawasul.domain.audience import AudienceId
from tawasul.domain.errors import OfferOver
from tawasul.domain.hold import HoldId
from tawasul.domain.party import Party, Priority
from tawasul.domain.people import CitizenId
from tawasul.domain.places import CentreId, GovernorateId
from tawasul.domain.private import Private

EntryId = NewType("EntryId", str)
OfferId = NewType("OfferId", str)

MOST_DECLINES: Final = 3
"""After so many offers declined or let lapse an entry is over: others wait."""


class EntryState(enum.StrEnum):
    """Where an entry stands."""

    WAITING = "waiting"
    OFFERED = "offered"
    PLACED = "placed"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class WishedVenue(enum.StrEnum):
    """Where the citizen wants to be heard."""

    CENTRE = "centre"
    OWN_LOCATION = "own-location"
    IN_PERSON = "in-person"


@dataclass(frozen=True, slots=True)
class WaitlistEntry:
    """One citizen's wish: at ``centre_id`` if the venue is a centre; on a day from ``from_day`` to ``to_day`` (both
    included). ``passed_over``: offers declined or lapsed.
    """

    id: EntryId
    citizen_id: CitizenId
    governorate_id: GovernorateId
    venue: WishedVenue
    centre_id: CentreId | None
    from_day: date
    to_day: date
    subject: Private[str]
    party: Private[Party]
    priorities: tuple[Priority, ...]
    joined_at: datetime
    state: EntryState = EntryState.WAITING
    passed_over: int = 0
    audience_id: AudienceId | None = None
    version: int = 0

    def offered(self) -> WaitlistEntry:
        """Raises: OfferOver: it is not waiting."""
        return self._to(EntryState.OFFERED, {EntryState.WAITING})

    def placed(self, audience_id: AudienceId) -> WaitlistEntry:
        """Raises: OfferOver: nothing is offered."""
        return replace(self._to(EntryState.PLACED, {EntryState.OFFERED}), audience_id=audience_id)

    @property
    def has_last_offer(self) -> bool:
        """Whether the offer it has, or the next, is the last: declined or let lapse, the entry is over."""
        return self.passed_over + 1 >= MOST_DECLINES

    def passed(self) -> WaitlistEntry:
        """The offer was declined or let lapse: waits on, or is over after the third. Raises: OfferOver."""
        to = EntryState.LAPSED if self.has_last_offer else EntryState.WAITING
        return replace(self._to(to, {EntryState.OFFERED}), passed_over=self.passed_over + 1)

    def returned(self) -> WaitlistEntry:
        """The offer was taken back, by no doing of the citizen's: it waits as before. Raises: OfferOver."""
        return self._to(EntryState.WAITING, {EntryState.OFFERED})

    def withdrawn(self) -> WaitlistEntry:
        """Raises: OfferOver: it is over already."""
        return self._to(EntryState.WITHDRAWN, {EntryState.WAITING, EntryState.OFFERED})

    def restored(self) -> WaitlistEntry:
        """That it was withdrawn was a slip. Raises: OfferOver: it was not."""
        return self._to(EntryState.WAITING, {EntryState.WITHDRAWN})

    def lapsed(self) -> WaitlistEntry:
        """Its last day is over. Raises: OfferOver: it is not waiting."""
        return self._to(EntryState.LAPSED, {EntryState.WAITING})

    def _to(self, state: EntryState, lawful: set[EntryState]) -> WaitlistEntry:
        if self.state not in lawful:
            raise OfferOver
        return replace(self, state=state)


class OfferState(enum.StrEnum):
    """Where an offer stands."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Offer:
    """A slot kept for one entry until ``expires_at``, by its hold. Whoever did not want the time ``slot_starts_at`` is
    not offered it again.
    """

    id: OfferId
    entry_id: EntryId
    hold_id: HoldId
    slot_starts_at: datetime
    made_at: datetime
    expires_at: datetime
    state: OfferState = OfferState.OPEN
