"""Build hook of the wheel: puts the migrations in, and refuses a wheel whose pages would not work.

An installed wheel has no repository beside it, so the migrations travel as ``tawasul/_migrations`` (alembic/ itself is
no package: an ``__init__.py`` there would hide the library of that name). The browser libraries are fetched by
``make setup`` and kept out of Git; a wheel without them would serve pages that stay blank. An editable install needs
neither.
"""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class BrowserLibrariesMissing(Exception):
    """The wheel was built before `make setup`."""


class WheelHook(BuildHookInterface[Any]):
    """Called by hatchling before it writes the wheel; `build_data` is what it will put in."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add alembic/ to a standard wheel. Raises BrowserLibrariesMissing."""
        if version == "editable":
            return
        root = Path(self.root)
        vendor = root / "tawasul" / "web" / "static" / "vendor"
        if not any(vendor.rglob("*.js")):
            raise BrowserLibrariesMissing(f"The browser libraries are not in {vendor}. Please run `make setup` first.")
        for file in sorted((root / "alembic").rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                inside = file.relative_to(root / "alembic")
                build_data["force_include"][str(file)] = f"tawasul/_migrations/{inside}"
