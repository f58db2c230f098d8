"""A file that the workers of a relay have in their memory, all the same one."""

from __future__ import annotations

import mmap
import os
from pathlib import Path


def mapped(path: Path, size: int) -> mmap.mmap:
    """The first ``size`` bytes of the file at ``path``, which is made or made longer where it must be. Raises OSError:
    the disk has no room for it."""
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        # Never shrunk: who has mapped what is cut off would be killed by looking at it; and who writes where the disk,
        # full by then, has no room for it, likewise. So all of it is there from the beginning.
        before = os.fstat(file).st_size
        if before < size:
            os.posix_fallocate(file, before, size - before)
        return mmap.mmap(file, size)
    finally:
        os.close(file)
