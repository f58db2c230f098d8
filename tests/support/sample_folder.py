"""A service's folder with the sample people, made once for many services.

Making it anew takes three seconds of a processor, and the server that finds it another two for the events in it: more
than many a test that wants it. So one is made and kept by each test process, and what a service gets is a copy. Nobody
could tell it from one of its own: the samples stand on a grid of five minutes (the quarter at which their sitting opens
and its slots of ten), and a kept one is given away only until the next line of that grid.

Left out of the sameness, since nothing compares two services: the keys and the passwords.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from pydantic import SecretStr
from support.store import put_upgraded, sqlite_url

from tawasul.app import assemble
from tawasul.demo import prepare
from tawasul.domain.places import KioskId
from tawasul.own_database import open_database
from tawasul.settings import ServerConfig, Settings
from tawasul.store.demo import Demo as Samples

GRID = 300
"""Seconds. What the samples are made for changes with it: see ``tawasul.store.demo.book_samples``."""


class SampleFolders:
    """Folders for services of one test process, with the keys of ``kiosks``."""

    def __init__(self, kiosks: Sequence[KioskId]) -> None:
        self._kiosks = kiosks
        self._kept: tempfile.TemporaryDirectory[str] | None = None
        self._samples: Samples | None = None
        self._cell = -1

    async def put(self, directory: Path) -> Samples:
        """Fills ``directory``, which is empty or not there: a SQLite file, and the keys that belong to it."""
        cell = int(time.time()) // GRID
        if self._samples is None or cell != self._cell:
            await self._make()
            self._cell = cell
        assert self._kept is not None
        assert self._samples is not None
        shutil.copytree(self._kept.name, directory, dirs_exist_ok=True)
        return self._samples

    async def _make(self) -> None:
        if self._kept is not None:
            self._kept.cleanup()
        self._kept = tempfile.TemporaryDirectory(prefix="tawasul-samples-")
        folder = Path(self._kept.name)
        settings = Settings(directory=folder, server=ServerConfig(port=1))
        with tempfile.TemporaryDirectory() as beside:
            # Not every migration for each: the upgraded file is the same for all.
            await put_upgraded(url := sqlite_url(Path(beside)))
            of_a_file = settings.model_copy(update={"database_url": SecretStr(url)})
            self._samples = await prepare(of_a_file, folder, self._kiosks)
            shutil.move(Path(beside, "tawasul.db"), folder)
        await _tell_events(settings)


async def _tell_events(settings: Settings) -> None:
    """What happened to the samples is told to whom it concerns, as the server does in its first two seconds."""
    database = open_database(settings)
    try:
        parts = assemble(settings, database, relay_secret=SecretStr("no relay is started"), relay_port=0)
        # Who is told of a booking opens a case, and that is told in the second round.
        for _ in range(2):
            await parts.publisher.publish_due()
        await parts.trust.close()
    finally:
        await database.close()
