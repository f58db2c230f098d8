"""The common shape of a message: frozen, strict, nothing undeclared; and the bounds that hold on every line."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer

from tawasul.domain.places import Name

PROTOCOL_VERSION = 1
"""Raised when an old endpoint could misunderstand a new server. Adding a field that may be absent does not raise it."""

LARGEST_MESSAGE = 64 * 1024
"""Bytes. A browser's SDP with every candidate is about 6 KiB, a post-quantum seal about 8 KiB."""

LARGEST_SDP = 48 * 1024
LARGEST_SEAL = 32 * 1024

Identifier = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.:-]+$")]
"""Identifiers are opaque: never a number that a person has."""

Reference = Annotated[str, Field(min_length=4, max_length=16)]
"""What stands on the citizen's slip; as typed, of any keyboard."""

Instant = Annotated[AwareDatetime, PlainSerializer(lambda at: at.isoformat(), return_type=str, when_used="json")]
"""RFC 3339 with an offset; the server sends UTC."""


class Message(BaseModel):
    """Root of every message. ``strict`` refuses look-alikes: no number for a text, no text for a truth value."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", ser_json_timedelta="float")


class BothNames(Message):
    """A name in Arabic and in English; the endpoint shows the one of its language."""

    arabic: str
    english: str

    @classmethod
    def of(cls, name: Name) -> BothNames:
        """From the domain's name."""
        return cls(arabic=name.arabic, english=name.english)


def seconds_between(start: datetime | None, end: datetime) -> int:
    """Whole seconds from ``start`` to ``end``, never negative; 0 where there was no start."""
    return max(0, int((end - start).total_seconds())) if start else 0
