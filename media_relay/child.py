"""The relay as a child of the server: started once, outliving its parent, and adopted by the next one.

Calls in progress do not pass the server, and must not end with it. So the relay is a process of a session of its own;
after a restart the server finds it by ``relay.json`` and takes it over when it is the one that its configuration asks
for and it answers, or else ends it and starts another. ``keep_alive`` renews the lease by which it lives, and replaces
it if it dies.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import logging
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import psutil

from media_relay.config import RelayConfig
from media_relay.directory import RelayDirectory, RelayState
from media_relay.errors import EXIT_PORT_TAKEN, RelayConfigError, RelayError, RelayPortTaken, RelayStartFailed
from media_relay.probe import binding

LEASE_INTERVAL = 15.0
"""Seconds between two signs of life; a relay waits for ``RelayConfig.orphan_after``, many times as long."""
WATCH_INTERVAL = 1.0
"""Seconds between two looks at whether the relay still lives: what a caller waits at most before it is replaced."""
PULSE = 15.0
"""Seconds without new statistics after which a worker is taken for stuck: it writes them three times as often."""
START_TIMEOUT = 15.0
"""Seconds for a relay to be ready; it takes about half a second on an idle machine."""
STOP_TIMEOUT = 5.0
"""Seconds beyond its drain for a relay to end, before it is killed."""

REPLACE_TIMEOUT = 1.0
"""Seconds for a relay that is not wanted any more, or does not answer, to end before it is killed: callers are waiting
for the next one, and a sound relay takes a few milliseconds."""

logger = logging.getLogger(__name__)


class RelayProcess:
    """A relay that serves ``config``, whether this server started it or an earlier one did."""

    def __init__(
        self,
        config: RelayConfig,
        directory: RelayDirectory,
        state: RelayState,
        *,
        adopted: bool,
        child: subprocess.Popen[bytes] | None = None,
    ) -> None:
        self.config = config
        self.directory = directory
        self.adopted = adopted
        """Whether it was found running."""
        self._state = state
        self._child = child
        self._stopped = False

    @property
    def pid(self) -> int:
        """Its process."""
        return self._state.pid

    @property
    def listening(self) -> tuple[tuple[str, int], ...]:
        """(host, port) of each address on which it serves by UDP, in the order of the configuration."""
        return self._state.listening

    @property
    def streams(self) -> tuple[tuple[str, str, int], ...]:
        """(kind, host, port) of each address on which it serves by a stream; the kind is "tcp" or "tls"."""
        return self._state.streams

    def on_its_ports(self) -> RelayConfig:
        """Its configuration, with the ports that the system has chosen for it."""
        return self.config.model_copy(update={"port": self._state.port, "tls_port": self._state.tls_port})

    @property
    def alive(self) -> bool:
        """Whether the process is there."""
        if self._child is not None and self._child.poll() is not None:
            return False
        return self._state.process(self.directory.config) is not None

    async def healthy(self) -> bool:
        """Whether it answers a STUN Binding request on every address; as one of several workers, which cannot be asked
        one by one since the kernel chooses who is asked, whether it writes its statistics."""
        if not self.alive:
            return False
        if self.config.workers > 1:
            return self.directory.statistics_age() < PULSE
        return all(await asyncio.gather(*(_answers(host, port) for host, port in self.listening)))

    async def keep_alive(self) -> None:
        """Renews the lease, and replaces the relay, on its port, if it has died. Ends by ``stop`` or cancellation."""
        renewed = float("-inf")
        while not self._stopped:
            now = asyncio.get_running_loop().time()
            if now - renewed >= LEASE_INTERVAL:
                self._renew_lease()
                renewed = now
            await asyncio.sleep(WATCH_INTERVAL)
            if not self.alive and not await self._replace():
                await asyncio.sleep(LEASE_INTERVAL)

    async def stop(self) -> None:
        """Ends it: lets its allocations end for ``RelayConfig.drain`` seconds, then kills it if it must. Idempotent."""
        self._stopped = True
        process = self._state.process(self.directory.config)
        if process is not None:
            await _end(process, self.config.drain + STOP_TIMEOUT)
        if self._child is not None:
            await asyncio.to_thread(self._child.wait)
        if RelayState.read(self.directory.state) == self._state:
            self.directory.state.unlink(missing_ok=True)

    def _renew_lease(self) -> None:
        try:
            self.directory.renew_lease()
        except OSError as error:
            logger.error("the relay's lease cannot be renewed: %s", error.strerror)

    async def _replace(self) -> bool:
        # Under the lock: what another server is only just starting in our place has told nobody yet that it runs.
        async with locked(self.directory.lock):
            if self._stopped:
                return True
            if self._another_serves():
                # A server with another configuration has taken our place: to fight for it would end everybody's calls.
                logger.error("another server has replaced the relay by one of its own configuration")
                return False
            logger.warning("worker %d of the relay has died; starting it again", self.directory.worker)
            # Calls were told these ports: whoever gathers anew must find the relay there.
            try:
                fresh = await _adopt_or_start(self.on_its_ports(), self.directory)
            except (RelayError, OSError) as error:
                logger.error("the relay cannot be started: %s", error)
                return False
        self._state, self._child, self.adopted = fresh._state, fresh._child, fresh.adopted
        if self._stopped:
            await self.stop()  # which came while the relay was being started
        return True

    def _another_serves(self) -> bool:
        """Whether a relay of another configuration runs in our place."""
        for files in (self.directory, self.directory.of_worker(1)):
            other = RelayState.read(files.state)
            if other is not None and other.digest != self.config.digest() and other.process(files.config):
                return True
        return False


async def adopt_or_start(config: RelayConfig, directory: Path, worker: int = 1) -> RelayProcess:
    """The relay that serves ``config`` from ``directory``: the one that runs, if it is that and answers, or a new one.

    Of a relay of several workers this is one of them; see ``media_relay.group`` for all. ``directory`` is made if it is
    missing, for its owner alone. Of several callers at once, one starts a relay and the others adopt it. Raises
    RelayConfigError, RelayPortTaken, RelayStartFailed.
    """
    if not config.secrets:
        raise RelayConfigError("the relay has no secret, and would let nobody in")
    files = prepared(directory, worker)
    async with locked(files.lock):
        return await _adopt_or_start(config, files)


async def _adopt_or_start(config: RelayConfig, files: RelayDirectory) -> RelayProcess:
    """``files.lock`` must be held."""
    files.renew_lease()
    adopted = await _adopt(config, files)
    if adopted is not None:
        return adopted
    await end_what_runs(files)
    try:
        child, state = await _start(config, files)
    except RelayPortTaken:
        # Perhaps by a relay of ours that a server killed in these very seconds had started: it is ready by now.
        adopted = await _adopt(config, files)
        if adopted is None:
            raise
        return adopted
    return RelayProcess(config, files, state, adopted=False, child=child)


async def _adopt(config: RelayConfig, files: RelayDirectory) -> RelayProcess | None:
    state = RelayState.read(files.state)
    if state is None or state.digest != config.digest():
        return None
    if not state.is_on(config.port, config.tls_port):
        return None
    found = RelayProcess(config, files, state, adopted=True)
    return found if await found.healthy() else None


async def end_what_runs(files: RelayDirectory) -> None:
    """Ends the relay, or the worker, that runs in ``files``, if one does; ``files.lock`` must be held."""
    state = RelayState.read(files.state)
    running = state.process(files.config) if state is not None else None
    if running is not None:
        logger.info("the relay that runs serves another configuration, or does not answer: it is ended")
        await _end(running, REPLACE_TIMEOUT)
    files.state.unlink(missing_ok=True)


async def _start(config: RelayConfig, files: RelayDirectory) -> tuple[subprocess.Popen[bytes], RelayState]:
    config.write(files.config)
    child = await asyncio.to_thread(_spawn, files)
    assert child.stdout is not None
    try:
        async with asyncio.timeout(START_TIMEOUT):
            await asyncio.to_thread(child.stdout.readline)
    except TimeoutError:
        logger.warning("the relay was not ready within %g seconds", START_TIMEOUT)
    finally:
        if child.poll() is None and RelayState.read(files.state) is None:
            child.kill()  # cancelled, or out of time; it also ends the thread that reads
        child.stdout.close()
    state = RelayState.read(files.state)
    if state is not None and state.pid == child.pid:
        return child, state
    status = await asyncio.to_thread(child.wait)
    said = files.start.read_text(errors="replace").strip() or "it said nothing"
    if status == EXIT_PORT_TAKEN:
        raise RelayPortTaken.said(said)  # which of its ports, it alone knows
    raise RelayStartFailed(f"the relay ended with status {status}: {said}")


def _spawn(files: RelayDirectory) -> subprocess.Popen[bytes]:
    # Not by asyncio: it kills its subprocesses when its loop is closed, and this one is to outlive us.
    with os.fdopen(os.open(files.start, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as said:
        return subprocess.Popen(  # noqa: S603 - our own interpreter and our own path
            # -P: what lies in the working directory is not code of ours.
            [sys.executable, "-P", "-m", "media_relay", "--supervised", "--config-file", str(files.config)]
            + (["--worker", str(files.worker)] if files.worker > 1 else []),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=said,
            start_new_session=True,
            cwd="/",
            # What strangers' datagrams come to is not told the server's settings, such as the database's password.
            env={name: value for name, value in os.environ.items() if not name.startswith("TAWASUL_")},
        )


async def _end(process: psutil.Process, patience: float) -> None:
    # psutil looks at the time of birth again before it signals: never a stranger.
    with contextlib.suppress(psutil.NoSuchProcess):
        process.terminate()
        try:
            await asyncio.to_thread(process.wait, patience)
        except psutil.TimeoutExpired:
            process.kill()
            await asyncio.to_thread(process.wait, STOP_TIMEOUT)


async def _answers(host: str, port: int) -> bool:
    return await binding(host, port) is not None


def prepared(directory: Path, worker: int = 1) -> RelayDirectory:
    """The files of a relay in ``directory``, which is made if it is missing, for its owner alone."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    files = RelayDirectory(directory.resolve(), worker)
    files.folder.mkdir(mode=0o700, exist_ok=True)
    return files


@contextlib.asynccontextmanager
async def locked(path: Path) -> AsyncIterator[None]:
    """Holds the lock ``path`` of a relay's directory; waits while another server does."""
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "rb") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                # Another server is at it. A thread that waits for a lock could not be cancelled: so look again.
                await asyncio.sleep(0.05)
        yield
