"""A relay process from its first breath to its last: sockets, signals, log, statistics, and the lease it lives by.

Statistics are a small file written every few seconds, not an answer to a signal: whoever may read the directory can
look, also after the relay's death, and nobody has to be allowed to signal it.
"""

from __future__ import annotations

import contextlib
import json
import logging
import logging.handlers
import os
import resource
import signal
import socket
import sys
from collections.abc import Callable, Iterable, Iterator
from types import FrameType

import psutil

from media_relay.config import RelayConfig
from media_relay.core.shares import UNSHARED
from media_relay.directory import RelayDirectory, RelayState, write_json
from media_relay.logs import LogFormat, formatter
from media_relay.packet_loop import PacketLoop
from media_relay.siblings import Siblings
from media_relay.udp import UdpRelay

LOG_SIZE = 1 << 20
"""Bytes of ``relay.log`` before it is put aside; one older one is kept."""

_FILES = 65_536
"""Open files asked for: one an allocation."""

logger = logging.getLogger("media_relay")


def serve(config: RelayConfig, directory: RelayDirectory, *, supervised: bool) -> None:
    """Serves until SIGTERM or SIGINT; a second one ends a drain at once.

    ``supervised``: by a server that started it. Then one line of JSON on standard output says that it is ready, its log
    goes to a file, it lets go of the terminal, and it ends when it is an orphan. Otherwise it logs to standard error.
    Raises RelayPortTaken, RelayAddressMissing, RelayConfigError.
    """
    os.umask(0o077)
    _allow_many_files()
    certificate = config.identity
    with contextlib.ExitStack() as held:
        siblings = _siblings(config, directory)
        if siblings is not None:
            held.callback(siblings.close)
        plane = PacketLoop(config.bandwidth, config.stream_limits, certificate, siblings)
        held.callback(plane.close)
        shares = UNSHARED if siblings is None else siblings.shares
        relay = UdpRelay(config, plane, addresses_of_this_machine(), shares)
        held.enter_context(_signals(relay, plane))
        listening = tuple((address.host, address.port) for address in relay.listen())
        streams = tuple((transport.value, address.host, address.port) for transport, address in relay.streams)
        if siblings is not None:
            plane.watch(siblings.offer(), siblings.hand_over)
        state = RelayState.of_this_process(listening, config.digest(), streams)
        _log_to(directory, supervised, config.log)
        logger.info("relay ready on %s", ", ".join(f"{host} port {port}" for host, port in listening))
        looks: list[Callable[[], object]] = []
        if certificate is not None:
            looks.append(certificate.look)
        if siblings is not None:
            looks.append(siblings.look_round)
        _write_statistics(relay, directory)  # who adopts a worker goes by their age
        state.write(directory.state)
        if supervised:
            _say_ready(state)
        relay.run(lambda relay: _housekeeping(relay, directory, supervised, looks))
        _housekeeping(relay, directory, supervised, looks)
    if RelayState.read(directory.state) == state:
        directory.state.unlink(missing_ok=True)
    logger.info("relay ended")


def _siblings(config: RelayConfig, directory: RelayDirectory) -> Siblings | None:
    if config.workers == 1:
        return None
    # The secrets are in the digest: it is the same for all workers, and no client's to compute.
    key = bytes.fromhex(config.digest())
    return Siblings(directory, [str(address) for address in config.addresses], config.workers, key)


def _housekeeping(
    relay: UdpRelay, directory: RelayDirectory, supervised: bool, looks: Iterable[Callable[[], object]]
) -> None:
    for look in looks:
        look()
    _write_statistics(relay, directory)
    if supervised and not relay.allocations and _is_orphan(relay.config, directory):
        logger.info("no server keeps this relay, and no call uses it")
        relay.drain(0)


def _write_statistics(relay: UdpRelay, directory: RelayDirectory) -> None:
    try:
        write_json(directory.statistics, relay.statistics())
    except OSError as error:
        logger.error("statistics cannot be written: %s", error.strerror)  # a full disk must not end a call


def _is_orphan(config: RelayConfig, directory: RelayDirectory) -> bool:
    age = directory.lease_age()
    if age is None or age > config.orphan_after:
        return True
    # A server that was killed while starting us may have been followed by one that started another relay.
    state = RelayState.read(directory.state)
    return state is not None and state.pid != os.getpid()


@contextlib.contextmanager
def _signals(relay: UdpRelay, plane: PacketLoop) -> Iterator[None]:
    asked = 0

    def end(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        relay.drain(0 if asked else relay.config.drain)
        asked += 1

    # A signal only sets a mark; the byte that Python writes to the socket makes the loop look at it.
    reader, writer = socket.socketpair()
    with reader, writer:
        reader.setblocking(False)
        writer.setblocking(False)
        plane.wake_on(reader.fileno())
        before = signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, end)
        signal.signal(signal.SIGHUP, lambda number, frame: relay.look_now())
        try:
            yield
        finally:
            signal.set_wakeup_fd(before)


def _say_ready(state: RelayState) -> None:
    # The server may have died while we started: then there is nobody to tell, and the next one adopts us.
    with contextlib.suppress(BrokenPipeError):
        os.write(sys.stdout.fileno(), json.dumps({"ready": state.pid}).encode() + b"\n")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)


def _log_to(directory: RelayDirectory, supervised: bool, form: LogFormat) -> None:
    handler: logging.Handler = logging.StreamHandler()
    if supervised:
        handler = logging.handlers.RotatingFileHandler(directory.log, maxBytes=LOG_SIZE, backupCount=1)
    handler.setFormatter(formatter(form))
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False


def addresses_of_this_machine() -> list[str]:
    """All of them, as text: those that are not listened on are nobody's peers."""
    families = (socket.AF_INET, socket.AF_INET6)
    return [a.address for addresses in psutil.net_if_addrs().values() for a in addresses if a.family in families]


def _allow_many_files() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES if hard == resource.RLIM_INFINITY else min(_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
