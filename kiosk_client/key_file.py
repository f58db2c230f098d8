"""Files that only the kiosk's user can read: made whole or not at all, and refused when others could have read them."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from kiosk_client.errors import KeyNotPrivate, KeyUnreadable


def read_private(path: Path) -> bytes:
    """What is in the file. Raises `KeyNotPrivate` when others may read it, `KeyUnreadable`, `FileNotFoundError`."""
    try:
        # Asked of the open file and not of the path: what is checked is what is read.
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            if status.st_mode & (stat.S_IRWXG | stat.S_IRWXO) or status.st_uid != os.geteuid():
                raise KeyNotPrivate(f"the key {path} can be read by others: let its owner alone read it (0600)")
            return file.read()
    except FileNotFoundError:
        raise
    except OSError as cause:
        raise KeyUnreadable(f"the key {path} cannot be read: {cause.strerror}") from cause


def create_private(path: Path, content: bytes) -> bool:
    """Make the file; False, with nothing changed, where there is one already. Raises `KeyUnreadable`.

    Made whole under another name, then linked: a power cut leaves no half key, and of two processes that start
    together one wins.
    """
    try:
        draft = _draft(path, content)
        try:
            os.link(draft, path)
        except FileExistsError:
            return False
        finally:
            draft.unlink()
    except OSError as cause:
        raise KeyUnreadable(f"the key {path} cannot be made: {cause.strerror}") from cause
    return True


def replace_private(path: Path, content: bytes) -> None:
    """Make the file, or put this content in the place of what it holds, at once. Raises `OSError`."""
    draft = _draft(path, content)
    try:
        draft.replace(path)
    except OSError:
        # It holds what is private, under a name that nobody looks for.
        draft.unlink(missing_ok=True)
        raise


def _draft(path: Path, content: bytes) -> Path:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return draft
