"""How far it is between two places, as the crow flies."""

from __future__ import annotations

from geographiclib.geodesic import Geodesic

from tawasul.domain.places import Coordinates


def kilometres_between(one: Coordinates, other: Coordinates) -> float:
    """The geodesic on WGS 84 (Karney 2013)."""
    line = Geodesic.WGS84.Inverse(
        one.latitude, one.longitude, other.latitude, other.longitude, outmask=Geodesic.DISTANCE
    )
    return float(line["s12"]) / 1000
