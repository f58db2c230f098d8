"""What is said of a call over the bed of networks, and of what it is made."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum

STAYS = 5.0
"""Seconds after which the office, having decoded the citizen, must be decoding it still."""

LEAST_PICTURES = 30
LEAST_SOUND = 0.4 * STAYS
"""What an end must have decoded in the whole call (the second: seconds, of an end that counts them): on a machine that
has nothing else to do it is four times as much and more than twice as much.
"""


class Engine(Enum):
    """Which relay carries the calls; the value is its name in tables."""

    OURS = "ours"
    COTURN = "coturn"


class EndKind(Enum):
    """What an end is; the value is its name in tables. A citizen whose end is native is at a kiosk, else at home."""

    NATIVE = "native"
    CHROMIUM = "Chromium"


@dataclass(frozen=True)
class Scene:
    """What a call is made of, besides its networks."""

    engine: Engine = Engine.OURS
    citizen: EndKind = EndKind.NATIVE
    office: EndKind = EndKind.NATIVE


@dataclass(frozen=True)
class EndReport:
    """What one end saw. ``path``: how its media went. ``pictures``: decoded. ``seconds``: of sound decoded; ``None`` at
    Chromium, which only looks again and again whether the tone is there.
    """

    path: str | None
    pictures: int
    seconds: float | None

    @property
    def enough(self) -> bool:
        """Whether a call is proven by as much."""
        return self.pictures >= LEAST_PICTURES and (self.seconds is None or self.seconds >= LEAST_SOUND)


@dataclass(frozen=True)
class CallReport:
    """What became of a call. ``because``: why there is none, and ``None`` where there is one.

    ``until_decoded``: seconds from calling in until the office decoded sound and picture. ``attempts``: how often the
    call was negotiated.
    """

    because: str | None
    citizen: EndReport | None = None
    office: EndReport | None = None
    until_decoded: float | None = None
    attempts: int = 0

    @property
    def lacks(self) -> str | None:
        """Why this is no row of the matrix; ``None`` where it is one."""
        if self.because is not None:
            return self.because
        for side, end in (("citizen", self.citizen), ("office", self.office)):
            if end is None or not end.enough:
                return f"{side}: not enough was decoded: {end}"
        return None

    @classmethod
    def parsed(cls, text: str) -> CallReport:
        """From the line that the program said."""
        raw = json.loads(text)
        ends = {side: EndReport(**raw[side]) if raw[side] else None for side in ("citizen", "office")}
        return cls(raw["because"], **ends, until_decoded=raw["until_decoded"], attempts=raw["attempts"])
