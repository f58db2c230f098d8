"""A secret of 32 bytes in a file that only its owner reads, made at the first start."""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

from tawasul.store.errors import KeyFileInvalid

KEY_BYTES = 32


def load_or_create(path: Path) -> bytes:
    """The 32 bytes in ``path``; made, with its folder, if it is not there. Two processes that start together agree.

    Raises:
        KeyFileInvalid: the file is not 32 bytes, or others may read it. It is left as it is.
    """
    if not path.exists():
        _create(path)
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        raise KeyFileInvalid(f"{path} may be read by others (mode {mode:04o}): chmod 600 {path}")
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise KeyFileInvalid(f"{path} holds {len(key)} bytes instead of {KEY_BYTES}: put back the file that was there")
    return key


def _create(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Written whole under another name and then linked: nobody ever reads half a key, and the first one wins.
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return
    finally:
        draft.unlink()
