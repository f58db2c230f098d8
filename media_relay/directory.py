"""The files by which a relay process and the server that started it know of each other, all in one directory.

``relay.json`` tells who is running: it is written when the relay is ready, and adopted from after a restart. A process
id alone proves nothing, for it may have been given to another since: the time of birth and the command line must agree.
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

_FORMAT = 1
"""Of ``relay.json``. A relay that wrote another one is not adopted."""


@dataclass(frozen=True, slots=True)
class RelayDirectory:
    """Where the files are."""

    path: Path

    @property
    def config(self) -> Path:
        """The configuration, with secrets: for its owner alone."""
        return self.path / "relay-config.json"

    @property
    def state(self) -> Path:
        """Who is running, see ``RelayState``."""
        return self.path / "relay.json"

    @property
    def lease(self) -> Path:
        """Touched by the server as long as it lives."""
        return self.path / "relay.lease"

    @property
    def lock(self) -> Path:
        """Held while a relay is being adopted or started."""
        return self.path / "relay.lock"

    @property
    def log(self) -> Path:
        """The relay's log, at most 1 MiB and one older one."""
        return self.path / "relay.log"

    @property
    def start(self) -> Path:
        """What the relay said on standard error until it was ready."""
        return self.path / "relay-start.log"

    @property
    def statistics(self) -> Path:
        """Counters, every few seconds."""
        return self.path / "relay-stats.json"

    def lease_age(self) -> float | None:
        """Seconds since the server's last sign of life; None when there never was one."""
        try:
            return max(0.0, time.time() - self.lease.stat().st_mtime)
        except FileNotFoundError:
            return None

    def renew_lease(self) -> None:
        """The server's sign of life."""
        self.lease.touch(mode=0o600)


@dataclass(frozen=True, slots=True)
class RelayState:
    """A running relay. ``born``: seconds after the machine's start, which no correction of the clock changes."""

    pid: int
    born: float
    listening: tuple[tuple[str, int], ...]
    digest: str

    @classmethod
    def of_this_process(cls, listening: tuple[tuple[str, int], ...], digest: str) -> RelayState:
        """The state of the process that asks."""
        return cls(os.getpid(), _born(psutil.Process()), listening, digest)

    @classmethod
    def read(cls, path: Path) -> RelayState | None:
        """The state in ``path``, or None when there is none that can be used."""
        try:
            raw = json.loads(path.read_text())
            if raw["format"] != _FORMAT:
                return None
            listening = tuple((str(host), int(port)) for host, port in raw["listening"])
            return cls(int(raw["pid"]), float(raw["born"]), listening, str(raw["digest"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write(self, path: Path) -> None:
        """Writes this state to ``path``, whole or not at all."""
        write_json(path, {"format": _FORMAT, **asdict(self)})

    def process(self, config: Path) -> psutil.Process | None:
        """The living process that this state tells of, serving ``config``; None when it is gone, or another."""
        try:
            process = psutil.Process(self.pid)
            same = abs(_born(process) - self.born) < 1 and str(config) in process.cmdline()
            return process if same and process.status() != psutil.STATUS_ZOMBIE else None
        except (psutil.Error, ValueError):
            return None


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Writes ``content`` to ``path``, whole or not at all, readable by its owner alone."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(content, file)
    draft.replace(path)


def _born(process: psutil.Process) -> float:
    # Both are made from the same line of /proc/stat, so that it cancels out.
    return process.create_time() - psutil.boot_time()
