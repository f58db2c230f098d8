"""The heads of the audit log: a line now and then of how long the chain is and how it ends, in a file of its own.

``2026-11-22T06:00:00+00:00 1742 9f86d0…``: time, place, SHA-256. Whoever shortens the chain in the database, or makes
it anew, does not fit these lines any more. They help as far as they are out of the same hands: copy the file away from
the server, or print its last line, as often as the log matters (docs/operations.md).
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from tawasul.store.audit_chain import Head

NAME = "audit-heads.log"


class HeadsUnreadable(ValueError):
    """A line that is no head. ``line`` counts from 1."""

    def __init__(self, line: int) -> None:
        super().__init__(f"line {line} is no head")
        self.line = line


def append(file: Path, head: Head) -> None:
    """One line, on the disk when this returns. Several processes may do so at once."""
    line = f"{head.at.astimezone(UTC).isoformat(timespec='seconds')} {head.chain} {head.digest.hex()}\n"
    opened = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(opened, line.encode("ascii"))
        os.fsync(opened)
    finally:
        os.close(opened)


def read(file: Path) -> Iterator[Head]:
    """All of them; none if there is no such file.

    Raises:
        HeadsUnreadable: a line that is no head.
    """
    with contextlib.suppress(FileNotFoundError), file.open(encoding="ascii", errors="replace") as lines:
        for number, line in enumerate(lines, 1):
            try:
                at, chain, digest = line.split()
                head = Head(datetime.fromisoformat(at), int(chain), bytes.fromhex(digest))
            except ValueError as error:
                raise HeadsUnreadable(number) from error
            if len(head.digest) != 32 or head.at.tzinfo is None:
                raise HeadsUnreadable(number)
            yield head
