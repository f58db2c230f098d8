"""The native kiosk, composed: the device key from its file, the chosen source, the line to the service."""

from __future__ import annotations

import logging
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
    """Run a kiosk until cancelled.

    `source` replaces what the configuration names. `show` gets each new view; without it a sentence for each is
    logged. Raises `VaultError`, `LibraryChanged` at start, `LineRefused` when another process takes its place.
    """
    await station(config, source=source, show=show or _log).run()


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
