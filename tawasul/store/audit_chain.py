"""The chain of the audit log, without a database: how an entry is digested, and a walk that finds what does not hold.

::

    digest(n) = SHA-256("tawasul audit v1" ‖ 0x00 ‖ digest(n-1) ‖ canonical(n))      digest(0) = 32 zero bytes

``canonical`` is the entry as JSON of strings and integers, keys sorted, nothing between them, UTF-8: what RFC 8785
makes of such an object. Its place in the chain is part of it, so that no entry can be moved. Whoever can write the
database can also make a chain anew: against that stand the heads, kept outside of it (``tawasul.store.audit_heads``).
"""

from __future__ import annotations

import enum
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

GENESIS: Final = bytes(32)
"""What the first entry follows."""

_TEXTS: Final = ("actor_kind", "actor_id", "action", "subject_kind", "subject_id", "facts")

_VERSION: Final = b"tawasul audit v1\x00"

LATER_BY_AT_MOST: Final = timedelta(minutes=5)
"""How much earlier than one before it an entry's time may be: transactions and clocks differ by seconds."""


@dataclass(frozen=True, slots=True)
class Link:
    """An entry in its place, ``chain``, counted from 1. ``id`` is its row's; ``facts`` JSON as it is kept."""

    chain: int
    id: int
    at: datetime
    actor_kind: str
    actor_id: str
    action: str
    subject_kind: str
    subject_id: str
    facts: str
    previous: bytes
    digest: bytes

    def members(self) -> dict[str, str | int]:
        """What is digested."""
        return {
            "chain": self.chain,
            "id": self.id,
            "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "actor_kind": self.actor_kind,
            "actor_id": self.actor_id,
            "action": self.action,
            "subject_kind": self.subject_kind,
            "subject_id": self.subject_id,
            "facts": self.facts,
        }

    def expected(self) -> bytes:
        """The digest that it should have."""
        return hashlib.sha256(_VERSION + self.previous + canonical(self.members())).digest()

    def to_json(self) -> str:
        """A line of the export."""
        kept = {"previous": self.previous.hex(), "digest": self.digest.hex()}
        return canonical({**self.members(), **kept}).decode()

    @classmethod
    def from_json(cls, line: str) -> Link:
        """Raises: ValueError: it is no line of an export."""
        try:
            members = json.loads(line)
            link = cls(
                chain=members["chain"],
                id=members["id"],
                at=datetime.fromisoformat(members["at"]),
                **{name: members[name] for name in _TEXTS},
                previous=bytes.fromhex(members["previous"]),
                digest=bytes.fromhex(members["digest"]),
            )
            if not (type(link.chain) is type(link.id) is int and all(type(members[name]) is str for name in _TEXTS)):
                raise ValueError("not an entry")
        except (TypeError, KeyError, RecursionError) as error:
            raise ValueError("not an entry") from error
        if link.to_json() != line.rstrip("\r\n"):
            # Anything that is said in another way than ours (twice, with other types) was not written by us.
            raise ValueError("not an entry as it was exported")
        return link


@dataclass(frozen=True, slots=True)
class Head:
    """That at this time the chain was so long and ended so."""

    at: datetime
    chain: int
    digest: bytes


class Trouble(enum.StrEnum):
    """What can be wrong with a chain."""

    CHANGED = "changed"
    """The entry is not what was digested."""
    NOT_FOLLOWING = "not-following"
    """The entry does not follow the one before it: one of the two was put there."""
    MISSING = "missing"
    REPEATED = "repeated"
    """Two entries in one place: the chain forks."""
    BACKDATED = "backdated"
    CUT = "cut"
    """The chain was longer once."""
    REWRITTEN = "rewritten"
    """The chain once went otherwise: all of it was made anew from somewhere before."""
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Found:
    """What is wrong, from one place to another (both included); ``at``: when it was still known to be otherwise."""

    trouble: Trouble
    first: int
    last: int
    at: datetime | None = None


class Walk:
    """Takes the links in order of their places, and keeps what does not hold. Memory does not grow with the chain."""

    def __init__(self, heads: Iterable[Head] = ()) -> None:
        self.length = 0
        """The last place seen."""
        self.found: list[Found] = []
        self._heads: dict[int, list[Head]] = {}
        for head in heads:
            self._heads.setdefault(head.chain, []).append(head)
        self._digest = GENESIS
        self._certain = True
        self._latest: datetime | None = None

    def take(self, link: Link) -> None:
        """The next link."""
        if link.chain <= self.length:
            self._find(Trouble.REPEATED, link.chain)
            return
        if link.chain > self.length + 1:
            self._find(Trouble.MISSING, self.length + 1, link.chain - 1)
            self._certain = False
        if self._certain and link.previous != self._digest:
            self._find(Trouble.NOT_FOLLOWING, link.chain)
        if link.digest != link.expected():
            self._find(Trouble.CHANGED, link.chain)
        if self._latest is not None and link.at < self._latest - LATER_BY_AT_MOST:
            self._find(Trouble.BACKDATED, link.chain)
        for head in self._heads.pop(link.chain, ()):
            if head.digest != link.digest:
                self._find(Trouble.REWRITTEN, link.chain, at=head.at)
        self.length, self._digest, self._certain = link.chain, link.digest, True
        self._latest = link.at if self._latest is None else max(self._latest, link.at)

    def unreadable(self, line: int) -> None:
        """A line of a file that is no entry."""
        self._find(Trouble.UNREADABLE, line)
        self._certain = False

    def end(self) -> list[Found]:
        """What does not hold. Each place that a head knew and that is not there now is one, and told once."""
        gone = [head for place, heads in self._heads.items() if place > self.length for head in heads]
        if gone:
            longest = max(gone, key=lambda head: head.chain)
            self._find(Trouble.CUT, self.length + 1, longest.chain, at=longest.at)
        return self.found

    def _find(self, trouble: Trouble, first: int, last: int | None = None, at: datetime | None = None) -> None:
        self.found.append(Found(trouble, first, first if last is None else last, at))


def canonical(members: dict[str, str | int]) -> bytes:
    """RFC 8785 for an object of strings and integers with ASCII names."""
    return json.dumps(members, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
