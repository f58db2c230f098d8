"""A slot: the joint resource that one audience takes: office time, and a kiosk if it is at one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from tawasul.domain.places import KioskId
from tawasul.domain.sitting import SittingId
from tawasul.domain.venue import AtKiosk, Venue

GRAIN: Final = timedelta(minutes=5)
"""A kiosk is taken by the grain: two sittings with different grids can never overlap at one."""

_A_GRAIN_BEGINS: Final = datetime(1970, 1, 1, tzinfo=UTC)

Occupancy = tuple[str, datetime]
"""A resource, and the moment (UTC) for which it is taken: what two slots that exclude each other have in common."""


@dataclass(frozen=True, slots=True)
class Slot:
    """``starts_at`` to ``ends_at`` (aware, UTC) of a sitting, at a venue. Two that are equal are the same resource."""

    sitting_id: SittingId
    starts_at: datetime
    ends_at: datetime
    venue: Venue

    def occupies(self) -> tuple[Occupancy, ...]:
        """All that it takes, in the one order in which everybody takes: the office at its start, and the kiosk for
        each grain that it touches. A slot is free if none of these is taken.
        """
        taken = [(office_of(self.sitting_id), self.starts_at.astimezone(UTC))]
        if isinstance(self.venue, AtKiosk):
            kiosk = kiosk_of(self.venue.kiosk_id)
            taken += [(kiosk, grain) for grain in grains(self.starts_at, self.ends_at)]
        return tuple(sorted(taken))


def grains(starts_at: datetime, ends_at: datetime) -> Iterator[datetime]:
    """The start (UTC) of each grain that ``[starts_at, ends_at)`` touches, in order."""
    grain = grain_of(starts_at)
    while grain < ends_at:
        yield grain
        grain += GRAIN


def grain_of(moment: datetime) -> datetime:
    """The start (UTC) of the grain in which ``moment`` is."""
    moment = moment.astimezone(UTC)
    return moment - (moment - _A_GRAIN_BEGINS) % GRAIN


def office_of(sitting_id: SittingId) -> str:
    """The resource that every audience of a sitting needs, at the start of its slot."""
    return f"office:{sitting_id}"


def kiosk_of(kiosk_id: KioskId) -> str:
    """The resource that an audience at a kiosk needs besides, for each grain of its slot."""
    return f"kiosk:{kiosk_id}"
