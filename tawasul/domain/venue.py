"""Where a citizen is heard: at a kiosk, from their own location, or in person."""

from __future__ import annotations

from dataclasses import dataclass

from tawasul.domain.places import KioskId


@dataclass(frozen=True, slots=True)
class AtKiosk:
    """In a governorate's reception centre."""

    kiosk_id: KioskId


@dataclass(frozen=True, slots=True)
class OwnLocation:
    """من موقعي: by a link, from wherever the citizen is."""


@dataclass(frozen=True, slots=True)
class InPerson:
    """At the Amir's daily session."""


Venue = AtKiosk | OwnLocation | InPerson
