"""A place in which somebody wants to be heard: a venue, or a centre whose kiosk is still to be chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tawasul.domain.places import CentreId
from tawasul.domain.venue import AtKiosk, InPerson, OwnLocation, Venue

VenueWord = Literal["kiosk", "own-location", "in-person"]
"""A venue as the API says it."""


@dataclass(frozen=True, slots=True)
class InCentre:
    """Any kiosk of a reception centre: the service chooses one that is free."""

    centre_id: CentreId


Place = InCentre | Venue


def venue_word(place: Place) -> VenueWord:
    """The kind of place as the API says it; a centre is where kiosks are."""
    match place:
        case InCentre() | AtKiosk():
            return "kiosk"
        case OwnLocation():
            return "own-location"
        case InPerson():
            return "in-person"
