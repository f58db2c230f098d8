"""What is said of a call over the bed of networks, and of what it is made."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum

STAYS = 5.0
"""Seconds for which sound and picture must go on coming after both ends have decoded each other."""


class Engine(Enum):
    """Which relay carries the calls; the value is its name in tables."""

    OURS = "ours"
    COTURN = "coturn"


class OfficeEnd(Enum):
    """What the office sits at; the value is its name in tables."""

    NATIVE = "native"
    CHROMIUM = "Chromium"


@dataclass(frozen=True)
class Scene:
    """What a call is made of, besides its networks."""

    engine: Engine = Engine.OURS
    office: OfficeEnd = OfficeEnd.NATIVE


@dataclass(frozen=True)
class EndReport:
    """What one end saw. ``path``: how its media went. ``pictures``, ``seconds``: decoded, of picture and of sound."""

    path: str | None
    pictures: int
    seconds: float


@dataclass(frozen=True)
class CallReport:
    """What became of a call. ``because``: why there is none, and ``None`` where there is one.

    ``until_decoded``: seconds from calling in until the office decoded sound and picture. ``attempts``: how often the
    call was negotiated.
    """

    because: str | None
    kiosk: EndReport | None = None
    office: EndReport | None = None
    until_decoded: float | None = None
    attempts: int = 0

    @classmethod
    def parsed(cls, text: str) -> CallReport:
        """From the line that the program said."""
        raw = json.loads(text)
        ends = {side: EndReport(**raw[side]) if raw[side] else None for side in ("kiosk", "office")}
        return cls(raw["because"], **ends, until_decoded=raw["until_decoded"], attempts=raw["attempts"])
