"""The files by which a relay process and the server that started it know of each other, all in one directory.

``relay.json`` tells who is running: it is written when the relay is ready, and adopted from after a restart. A process
id alone proves nothing, for it may have been given to another since: the time of birth and the command line must agree.
"""

from __future__ import annotations

import json
import math
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

from media_relay.private_file import write_private

_FORMAT = 2
"""Of ``relay.json``. A relay that wrote another one is not adopted but ended, for it holds the port: ``pid`` and
``born`` stand in every format as they do in this one."""


MOST_WORKERS = 64
"""More than one a core is of no use, and the number of a worker must fit a byte."""


@dataclass(frozen=True, slots=True)
class RelayDirectory:
    """Where the files are. A relay of several workers has one folder: the first worker's files are in it, those of the
    others each in one of their own below."""

    path: Path
    """The relay's folder, whichever worker."""
    worker: int = 1

    @classmethod
    def of_config(cls, config: Path, worker: int) -> RelayDirectory:
        """That in which ``worker`` finds its configuration at ``config``."""
        folder = config.resolve().parent
        return cls(folder if worker == 1 else folder.parent, worker)

    @property
    def folder(self) -> Path:
        """Where this worker's own files are."""
        return self.path if self.worker == 1 else self.path / f"worker-{self.worker}"

    @property
    def config(self) -> Path:
        """The configuration, with secrets: for its owner alone."""
        return self.folder / "relay-config.json"

    @property
    def state(self) -> Path:
        """Who is running, see ``RelayState``."""
        return self.folder / "relay.json"

    @property
    def lease(self) -> Path:
        """Touched by the server as long as it lives, for all workers."""
        return self.path / "relay.lease"

    @property
    def lock(self) -> Path:
        """Held while a relay, or one of its workers, is being adopted or started."""
        return self.path / "relay.lock"

    @property
    def log(self) -> Path:
        """The relay's log, at most 1 MiB and one older one."""
        return self.folder / "relay.log"

    @property
    def start(self) -> Path:
        """What the relay said on standard error until it was ready."""
        return self.folder / "relay-start.log"

    @property
    def statistics(self) -> Path:
        """Counters, every few seconds."""
        return self.folder / "relay-stats.json"

    @property
    def alive(self) -> Path:
        """Locked by a worker that has siblings, as long as it lives."""
        return self.folder / "relay.alive"

    @property
    def sockets(self) -> Path:
        """Where such a worker hands its siblings the listening sockets."""
        return self.folder / "relay.sockets"

    @property
    def live_ports(self) -> Path:
        """The relayed addresses of all workers, see ``media_relay.live_ports``."""
        return self.path / "relay.ports"

    @property
    def shares(self) -> Path:
        """Who holds how many at each worker, see ``media_relay.common_shares``."""
        return self.path / "relay.shares"

    def of_worker(self, worker: int) -> RelayDirectory:
        """The same relay's, of another worker, from 1 up."""
        return RelayDirectory(self.path, worker)

    def of_all(self) -> list[RelayDirectory]:
        """Those of all workers that there are or have been, this one's and the first one's always among them."""
        found = {1, self.worker}
        for folder in self.path.glob("worker-*"):
            number = folder.name.removeprefix("worker-")
            if number.isascii() and number.isdecimal() and 1 < int(number) <= MOST_WORKERS:
                found.add(int(number))
        return [self.of_worker(number) for number in sorted(found)]

    def statistics_age(self) -> float:
        """Seconds since the counters were written; infinite when they never were."""
        try:
            return max(0.0, time.time() - self.statistics.stat().st_mtime)
        except FileNotFoundError:
            return math.inf

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
    """A running relay. ``born``: seconds after the machine's start, which no correction of the clock changes.

    ``listening``: host and port of each address by UDP; ``streams``: kind ("tcp" or "tls"), host and port of the rest.
    """

    pid: int
    born: float
    listening: tuple[tuple[str, int], ...]
    digest: str
    streams: tuple[tuple[str, str, int], ...] = ()

    @classmethod
    def of_this_process(
        cls, listening: tuple[tuple[str, int], ...], digest: str, streams: tuple[tuple[str, str, int], ...] = ()
    ) -> RelayState:
        """The state of the process that asks."""
        return cls(os.getpid(), _born(psutil.Process()), listening, digest, streams)

    @property
    def port(self) -> int:
        """The port for clients by UDP and TCP, the same on every address."""
        return self.listening[0][1]

    def is_on(self, port: int, tls_port: int | None) -> bool:
        """Whether these are its ports; 0 is any."""
        return port in (0, self.port) and tls_port in (None, 0, self.tls_port)

    @property
    def tls_port(self) -> int | None:
        """The port for clients by TLS, the same on every address."""
        return next((port for kind, _, port in self.streams if kind == "tls"), None)

    @classmethod
    def read(cls, path: Path) -> RelayState | None:
        """The state in ``path``, or None when there is none that can be used. Of another format, as an earlier or later
        version wrote it, only who runs: with a ``digest`` that no configuration has."""
        try:
            raw = json.loads(path.read_text())
            pid, born = int(raw["pid"]), float(raw["born"])
            if raw["format"] != _FORMAT:
                return cls(pid, born, (), "")
            listening = tuple((str(host), int(port)) for host, port in raw["listening"])
            streams = tuple((str(kind), str(host), int(port)) for kind, host, port in raw["streams"])
            return cls(pid, born, listening, str(raw["digest"]), streams)
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
    """Writes ``content`` to ``path`` as ``write_private`` does."""
    write_private(path, json.dumps(content))


def _born(process: psutil.Process) -> float:
    # Both are made from the same line of /proc/stat, so that it cancels out.
    return process.create_time() - psutil.boot_time()
