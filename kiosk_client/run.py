"""The native kiosk, composed: the device key from its file, the chosen source, the line to the service."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable

from kiosk_client.aiortc_private import require_known_names
from kiosk_client.config import KioskConfig
from kiosk_client.core.kiosk_events import View
from kiosk_client.link import Link
from kiosk_client.media.sources import Source
from kiosk_client.station import Station
from kiosk_client.vault import DeviceKey
from kiosk_client.wording import sentence

log = logging.getLogger(__name__)


async def run(config: KioskConfig, *, source: Source | None = None, show: Callable[[View], None] | None = None) -> None:
    """Run a kiosk until cancelled or told to end (SIGTERM). For the main thread of a process of its own.

    `source` replaces what the configuration names. `show` gets each new view; without it a sentence for each is
    logged. Raises `VaultError`, `LibraryChanged` at start, `LineRefused` when another process takes its place.
    """
    # They tell of every candidate by its address, and of every try: nobody's business in a log, and drowns what is.
    for chatty in ("aioice", "aiortc", "websockets"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    running = asyncio.ensure_future(station(config, source=source, show=show or _log).run())
    loop = asyncio.get_running_loop()
    # A service manager's way to end us. The call's other end is then told by DTLS at once, and not by silence.
    loop.add_signal_handler(signal.SIGTERM, running.cancel)
    try:
        await asyncio.wait([running])
    finally:
        loop.remove_signal_handler(signal.SIGTERM)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    if not running.cancelled():
        running.result()


def station(
    config: KioskConfig, *, source: Source | None = None, show: Callable[[View], None] = lambda view: None
) -> Station:
    """A kiosk that is ready to run. Raises `VaultError`, `LibraryChanged`."""
    require_known_names()
    key = DeviceKey.load_or_create(config.key_file)
    chosen = source or config.source()
    log.info("kiosk %s sends %s; its public key is %s", config.kiosk_id, chosen.description, key.public_text)
    return Station(
        kiosk_id=config.kiosk_id,
        key=key,
        source=chosen,
        link=lambda tell: Link(config.line_address("kiosk"), tell, authority=config.authority),
        references=config.check_in,
        show=show,
    )


def _log(view: View) -> None:
    log.info("%s", sentence(view).english)
