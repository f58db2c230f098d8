"""The carriers of a service that has no gateway: a file for trials and tests, a console for the demonstration."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from scheduler.notify.port import CarrierAway, Receipt
from tawasul.domain.message import MessageId
from tawasul.domain.people import Mobile


class FileCarrier:
    """Each message a line of JSON in ``<folder>/<day>.jsonl``, for the owner's eyes alone."""

    def __init__(self, folder: Path, clock: Callable[[], datetime]) -> None:
        self._folder = folder
        self._clock = clock

    async def send(self, to: Mobile, text: str, id: MessageId) -> Receipt:
        """See the port."""
        now = self._clock()
        line = {"id": id, "at": now.isoformat(), "to": to.e164, "text": text}
        try:
            await asyncio.to_thread(self._append, f"{now:%Y-%m-%d}.jsonl", json.dumps(line, ensure_ascii=False))
        except OSError as error:
            raise CarrierAway(f"the folder of messages cannot be written: {error.strerror}") from None
        return Receipt()

    def _append(self, name: str, line: str) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        opened = os.open(self._folder / name, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(opened, f"{line}\n".encode())
            os.fsync(opened)
        finally:
            os.close(opened)


class ConsoleCarrier:
    """Each message on a terminal, with the last four digits of the number. ``say`` takes a line."""

    def __init__(self, say: Callable[[str], object]) -> None:
        self._say = say

    async def send(self, to: Mobile, text: str, id: MessageId) -> Receipt:
        """See the port."""
        self._say(f"✉ …{to.last_four}: {text}")
        return Receipt()
