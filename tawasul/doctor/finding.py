"""What a check says: its state, one sentence, and how to mend it, in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class State(StrEnum):
    """``WARNING``: the service works, but perhaps not as is meant. ``WRONG``: something does not work, or is unsafe."""

    OK = "ok"
    WARNING = "warning"
    WRONG = "wrong"


class Words(NamedTuple):
    """The same in English and in Arabic."""

    english: str
    arabic: str


@dataclass(frozen=True, slots=True)
class Mend:
    """What to do. ``command``: to be typed as it stands, the same in every language."""

    words: Words
    command: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. ``name`` is stable (kebab-case); a finding that is ok needs no mending."""

    name: str
    state: State
    sentence: Words
    mend: Mend | None = None


def ok(name: str, sentence: Words) -> Finding:
    """Nothing to do."""
    return Finding(name, State.OK, sentence)


def warning(name: str, sentence: Words, mend: Words, command: str | None = None) -> Finding:
    """The person should know, and may leave it so."""
    return Finding(name, State.WARNING, sentence, Mend(mend, command))


def wrong(name: str, sentence: Words, mend: Words, command: str | None = None) -> Finding:
    """The person should mend it."""
    return Finding(name, State.WRONG, sentence, Mend(mend, command))
