"""What the examining process answers: one line of JSON, and the bytes to keep after it."""

from __future__ import annotations

import enum
import json
from dataclasses import dataclass
from typing import Final

from tawasul.domain.petition import MediaType

_LONGEST_HEAD: Final = 200


class Fault(enum.StrEnum):
    """Why a file may not be kept."""

    KIND = "kind"
    """None of the kinds that are taken."""
    BROKEN = "broken"
    """Cannot be read to its end, or is two things at once."""
    LOCKED = "locked"
    """A PDF that wants a password."""
    ACTIVE = "active"
    """A PDF that does something: a script, a program to start, a form that sends, files inside."""
    TOO_LARGE = "too-large"
    """More pixels, pages or bytes than anybody reads."""


class Refusal(Exception):
    """Raised inside the examining process."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Accepted:
    """``content`` is what is kept: of a picture, one written anew."""

    media_type: MediaType
    content: bytes


def to_bytes(verdict: Accepted | Fault) -> bytes:
    """For the way from the examining process."""
    if isinstance(verdict, Fault):
        return json.dumps({"fault": verdict.value}).encode() + b"\n"
    return json.dumps({"kind": verdict.media_type.value}).encode() + b"\n" + verdict.content


def from_bytes(answer: bytes) -> Accepted | Fault:
    """What came. Anything that is no verdict is ``BROKEN``: the process was stopped by its bounds, or worse."""
    head, line_end, content = answer.partition(b"\n")
    if not line_end or len(head) > _LONGEST_HEAD:
        return Fault.BROKEN
    try:
        said = json.loads(head)
        return Accepted(MediaType(said["kind"]), content) if "kind" in said else Fault(said["fault"])
    except (ValueError, KeyError, TypeError):
        return Fault.BROKEN
