"""The regions that come with the product, read from their files."""

from __future__ import annotations

from functools import cache

from tawasul.domain.places import Coordinates
from tawasul.store.places_file import RegionPlaces, read_places
from tawasul.store.seed import DATA

REGIONS = ("madinah", "qassim")


@cache
def region(name: str) -> RegionPlaces:
    """All that its file says."""
    return read_places((DATA / f"{name}.toml").read_text(encoding="utf-8"))


def every_site() -> list[Coordinates]:
    """The emirates, the seats of governorates and the centres, each place once."""
    found = [
        site.coordinates
        for name in REGIONS
        for site in (region(name).emirate, *region(name).governorates, *region(name).centres)
    ]
    return list(dict.fromkeys(found))
