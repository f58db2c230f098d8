"""How people call the places of a region: what stands in a device's certificate beside its name.

Read from the region's file, the same that the service loads; the issuer has no database of the service. A place that
is not in it is nobody's, and cannot be enrolled.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from importlib.resources import files
from typing import Any, Final

from tawasul.e2ee.certificate import Title
from tawasul.e2ee.names import DeviceName, DeviceRole
from tawasul.issuer.errors import FileMissing

OFFICE: Final = "emirate"
"""The place of the Amir's office, in every region."""

REHEARSAL: Final = "rehearsal-"
"""What the id of a self-test's kiosk begins with: it is there for one rehearsal."""


class Places:
    """The places of one region. Raises FileMissing for a region that nobody has described."""

    def __init__(self, region: str) -> None:
        described = files("tawasul").joinpath("store", "data", f"{region}.toml")
        if not described.is_file():
            raise FileMissing(f"there are no places for the region {region}")
        data = tomllib.loads(described.read_text(encoding="utf-8"))
        self.region = Title(data["region"]["arabic"], data["region"]["english"])
        self._kiosks = {each["id"]: Title(each["arabic"], each["english"]) for each in _kiosks(data)}

    def title(self, name: DeviceName) -> Title | None:
        """What people call it; `None` for a place that is not in the region."""
        if name.role is DeviceRole.OFFICE:
            return Title("مكتب سمو الأمير", "Office of HH the Amir") if name.place == OFFICE else None
        if name.role is DeviceRole.KIOSK and name.place.startswith(REHEARSAL):
            return Title("كشك التجربة", "Rehearsal kiosk")
        return self._kiosks.get(name.place) if name.role is DeviceRole.KIOSK else None


def _kiosks(data: dict[str, Any]) -> Iterator[dict[str, str]]:
    for governorate in data["governorates"]:
        for centre in governorate.get("centres", ()):
            yield from centre.get("kiosks", ())
