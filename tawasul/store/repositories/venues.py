"""A venue in two columns: ``venue`` and ``kiosk_id``."""

from __future__ import annotations

from tawasul.domain.places import KioskId
from tawasul.domain.venue import AtKiosk, InPerson, OwnLocation, Venue


def venue_to_columns(venue: Venue) -> tuple[str, KioskId | None]:
    """The word, and the kiosk if it is at one."""
    match venue:
        case AtKiosk(kiosk_id=kiosk_id):
            return "kiosk", kiosk_id
        case OwnLocation():
            return "own-location", None
        case InPerson():
            return "in-person", None


def venue_from_columns(venue: str, kiosk_id: str | None) -> Venue:
    """The venue again."""
    if kiosk_id is not None:
        return AtKiosk(KioskId(kiosk_id))
    return OwnLocation() if venue == "own-location" else InPerson()
