"""The service's end of the examining process."""

from __future__ import annotations

import asyncio
import sys
from typing import Final

from tawasul.documents.verdict import Accepted, Fault, from_bytes
from tawasul.domain.errors import (
    AttachmentActive,
    AttachmentBroken,
    AttachmentLocked,
    AttachmentRefused,
    AttachmentTooLarge,
)

_WITHIN: Final = 60.0
"""Seconds, waiting for the processor included; it ends itself after 20 of work."""
_AT_ONCE: Final = 2

_ERRORS: Final = {
    Fault.KIND: AttachmentRefused,
    Fault.BROKEN: AttachmentBroken,
    Fault.LOCKED: AttachmentLocked,
    Fault.ACTIVE: AttachmentActive,
    Fault.TOO_LARGE: AttachmentTooLarge,
}


class Examiner:
    """Examines files, two at once, each in a process of its own."""

    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(_AT_ONCE)

    async def examine(self, content: bytes) -> Accepted:
        """What to keep of a file.

        Raises:
            AttachmentRefused: none of the kinds that are taken.
            AttachmentBroken, AttachmentLocked, AttachmentActive, AttachmentTooLarge: by what is wrong with it.
        """
        async with self._turn:
            verdict = from_bytes(await _ask(content))
        if isinstance(verdict, Fault):
            raise _ERRORS[verdict](field="file")
        return verdict


async def _ask(content: bytes) -> bytes:
    """What the process answers; nothing if it had to be stopped, or stopped itself."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",
        "-m",
        "tawasul.documents",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={},  # it needs nothing of what the service was told
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(_WITHIN):
            answer, _ = await process.communicate(content)
    except TimeoutError:
        return b""
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return answer if process.returncode == 0 else b""
