"""``tawasul relay``: a relay alone on its own host, in the foreground, until a signal; no server and no database.

It is the same child process that a server has, with the same files in the data folder; this one starts it, looks after
it, serves its metrics, and drains it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from media_relay.config import RelayConfig
from media_relay.group import RelayGroup, adopt_or_start_all
from media_relay.logs import formatter
from media_relay.metrics import served
from tawasul import __version__
from tawasul.domain.errors import TawasulError
from tawasul.settings import Settings

Say = Callable[[str], None]

AGAIN = 0.5
"""Seconds after which processes that are to end at once are told so again."""

log = logging.getLogger(__name__)


class NoRelaySecret(TawasulError):
    """A relay on its own host has nobody to share a secret with but those who give it one."""

    code = "no-relay-secret"


async def run_relay(config_file: Path | None, *, say: Say) -> int:
    """Runs it until SIGTERM or SIGINT, which drains it; a second one ends it at once. Gives the exit status.

    ``config_file``: in place of the environment. ``say``: tells a person, a line at a time. Raises NoRelaySecret, and
    RelayError where the relay cannot be started.
    """
    settings = Settings.from_environment()
    config = configured(settings, config_file)
    _log_to_stderr(config)
    stop, at_once = asyncio.Event(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, _asked, stop, at_once)
    for warning in warnings(config):
        log.warning("%s", warning)
    directory = settings.directory / "relay"
    with served(config.metrics_port, directory, __version__) as metrics_port:
        relay = await adopt_or_start_all(config, directory)
        try:
            say(_greeting(relay, metrics_port))
            lease = asyncio.create_task(relay.keep_alive(), name="relay lease")
            await stop.wait()
            lease.cancel()
            await asyncio.wait([lease])
            say(f"Draining: calls that run have {config.drain:g} seconds; another signal ends them at once.")
            await _drain(relay, at_once)
        finally:
            await relay.stop()
    say("The relay has ended.")
    return 0


def warnings(config: RelayConfig) -> list[str]:
    """What is lawful, and is hardly what a relay on a host of its own is for."""
    found = []
    if all(address.is_loopback for address in config.addresses):
        found.append("the relay listens on loopback alone, where nobody else reaches it: set TAWASUL_RELAY__ADDRESSES")
    elif not config.allow_peers and not config.allow_public:
        found.append("the relay sends to its own relayed addresses alone: set TAWASUL_RELAY__ALLOW_PEERS")
    if config.drain and not config.alternates:
        found.append("a relay that drains refuses newcomers: set TAWASUL_RELAY__ALTERNATES to send them elsewhere")
    return found


def configured(settings: Settings, config_file: Path | None) -> RelayConfig:
    """What a relay on its own host is told. Raises NoRelaySecret, RelayConfigError."""
    given = RelayConfig.read(config_file) if config_file is not None else settings.relay
    if not given.secrets:
        where = "secrets" if config_file is not None else "TAWASUL_RELAY__SECRETS"
        raise NoRelaySecret(f"{where}: a relay on its own host needs the secret that its servers mint credentials with")
    return settings.model_copy(update={"relay": given}).relay_with_secret


def _greeting(relay: RelayGroup, metrics_port: int | None) -> str:
    ways = [("UDP", host, port) for host, port in relay.listening]
    ways += [(kind.upper(), host, port) for kind, host, port in relay.streams]
    listening = ", ".join(f"{kind} {host} port {port}" for kind, host, port in ways)
    state = "found running" if relay.adopted else "ready"
    metrics = f"; metrics at http://127.0.0.1:{metrics_port}/metrics" if metrics_port is not None else ""
    processes = f"process{'es' * (len(relay.pids) > 1)} {', '.join(map(str, relay.pids))}"
    return f"The relay is {state} on {listening} ({processes}){metrics}."


def _asked(stop: asyncio.Event, at_once: asyncio.Event) -> None:
    (at_once if stop.is_set() else stop).set()


async def _drain(relay: RelayGroup, at_once: asyncio.Event) -> None:
    ending = asyncio.create_task(relay.stop(), name="drain")
    hurry = asyncio.create_task(at_once.wait(), name="second signal")
    await asyncio.wait([ending, hurry], return_when=asyncio.FIRST_COMPLETED)
    while not ending.done():
        # Again and again: two signals that come before a process has looked are one to it.
        for worker in relay.workers:
            if worker.alive:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(worker.pid, signal.SIGTERM)
        await asyncio.wait([ending], timeout=AGAIN)
    hurry.cancel()
    await ending


def _log_to_stderr(config: RelayConfig) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter(config.log))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
