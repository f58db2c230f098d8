"""The content of attachments: a sealed file each, in a folder outside of everything that is served.

A file is there before its row is, and goes after it: what is left over by a service that was killed in between is a
file without a row, and is swept away at a later start.
"""

from __future__ import annotations

import asyncio
import os
import re
import time
from collections.abc import Collection
from pathlib import Path
from typing import Final

from tawasul.domain.errors import AttachmentNotKept, NotFound
from tawasul.domain.petition import AttachmentId
from tawasul.store.sealed import Sealer

_COLUMN: Final = "attachments.content"
_ID: Final = re.compile(r"[0-9a-f]{32}")
_BEING_WRITTEN: Final = ".part"
_LEFT_OVER_AFTER: Final = 3600.0
"""Seconds: what is younger may be another process's, whose row is being written."""


class AttachmentFiles:
    """``folder`` is made with the first file. All but ``sweep`` take 32 hexadecimal digits as an id."""

    def __init__(self, folder: Path, sealer: Sealer) -> None:
        self._folder = folder
        self._sealer = sealer

    async def put(self, id: AttachmentId, content: bytes) -> None:
        """All of it, on the disk, or nothing.

        Raises:
            AttachmentNotKept: the disk is full, or the folder cannot be written.
        """
        try:
            await asyncio.to_thread(self._put, id, content)
        except OSError as error:
            raise AttachmentNotKept(f"an attachment cannot be written: {os.strerror(error.errno or 0)}") from None

    async def get(self, id: AttachmentId) -> bytes:
        """The content.

        Raises:
            NotFound: there is no such file.
            SealBroken, WrongPersonalDataKey: it was altered, or sealed under another key.
        """
        try:
            sealed = await asyncio.to_thread(self._path(id).read_bytes)
        except FileNotFoundError:
            raise NotFound("attachment") from None
        return self._sealer.open_bytes(sealed, column=_COLUMN, row_id=id)

    async def remove(self, id: AttachmentId) -> None:
        """Nothing, if it is not there."""
        await asyncio.to_thread(self._path(id).unlink, missing_ok=True)

    async def sweep(self, known: Collection[AttachmentId], now: float | None = None) -> int:
        """Removes the files that have no row, older than an hour; how many. ``now``: seconds since the epoch."""
        return await asyncio.to_thread(self._sweep, frozenset(known), time.time() if now is None else now)

    def _put(self, id: AttachmentId, content: bytes) -> None:
        path = self._path(id)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = path.with_suffix(_BEING_WRITTEN)
        sealed = self._sealer.seal_bytes(content, column=_COLUMN, row_id=id)
        try:
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(sealed)
                file.flush()
                os.fsync(file.fileno())
            part.rename(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        # The name, too, has to be on the disk before the row says that it is.
        folder = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _sweep(self, known: Collection[str], now: float) -> int:
        swept = 0
        if not self._folder.is_dir():
            return 0
        for path in self._folder.iterdir():
            ours = _ID.fullmatch(path.stem) and path.suffix in {"", _BEING_WRITTEN}
            left_over = path.suffix == _BEING_WRITTEN or path.name not in known
            if ours and left_over and now - path.stat().st_mtime > _LEFT_OVER_AFTER:
                path.unlink(missing_ok=True)
                swept += 1
        return swept

    def _path(self, id: AttachmentId) -> Path:
        """Raises: NotFound: no id of ours, so there can be no file."""
        if not _ID.fullmatch(id):
            raise NotFound("attachment")
        return self._folder / id
