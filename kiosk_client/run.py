"""The native kiosk, composed: its keys and papers from their files, the chosen source, the line to the service."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable

from kiosk_client.aiortc_private import require_known_names
from kiosk_client.attestations import AttestationFolder
from kiosk_client.config import KioskConfig
from kiosk_client.core.kiosk_events import View
from kiosk_client.enrolment import DeviceIdentity
from kiosk_client.errors import AnchorUnreadable
from kiosk_client.identity import Identity
from kiosk_client.link import Link
from kiosk_client.media.priority import before_others
from kiosk_client.media.sources import Source
from kiosk_client.papers import Papers, read_anchor
from kiosk_client.relays import Relays
from kiosk_client.station import Station
from kiosk_client.terminal import Terminal
from kiosk_client.trust_client import TrustClient
from kiosk_client.vault import DeviceKey, signing_key
from tawasul.e2ee.errors import NameMalformed
from tawasul.e2ee.names import DeviceName, DeviceRole
from tawasul.e2ee.rekey import EVERY

log = logging.getLogger(__name__)


async def run(config: KioskConfig, *, source: Source | None = None, show: Callable[[View], None] | None = None) -> None:
    """Run a kiosk until cancelled or told to end (SIGTERM). For the main thread of a process of its own.

    `source` replaces what the configuration names. `show` gets each new view; without it the terminal shows what there
    is to know. Raises as `station` does at start, `LineRefused` when another process takes its place.
    """
    before_others()
    # They tell of every candidate by its address, and of every try: nobody's business in a log, and drowns what is.
    for chatty in ("aioice", "aiortc", "websockets"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    running = asyncio.ensure_future(station(config, source=source, show=show or Terminal().show).run())
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
    config: KioskConfig,
    *,
    source: Source | None = None,
    show: Callable[[View], None] = lambda view: None,
    identity: Identity | None = None,
    rekey_every: float = EVERY,
) -> Station:
    """A kiosk that is ready to run.

    `identity` replaces the kiosk's own, which enrols by itself and needs the region's anchor. Raises `VaultError`,
    `TrustError`, `LibraryChanged`.
    """
    require_known_names()
    key = DeviceKey.load_or_create(config.key_file)
    chosen = source or config.source()
    proven = identity or own_identity(config)
    log.info("kiosk %s sends %s; its public key is %s", config.kiosk_id, chosen.description, key.public_text)
    return Station(
        kiosk_id=config.kiosk_id,
        key=key,
        identity=proven,
        source=chosen,
        link=lambda tell: Link(config.line_address("kiosk"), tell, authority=config.authority),
        office=config.office,
        attestations=AttestationFolder(config.key_file.parent / "attestations"),
        rekey_every=rekey_every,
        relays=Relays(config.key_file.with_name(f"{config.key_file.stem}.relay.json"), config.authority),
        references=config.check_in,
        show=show,
    )


def own_identity(config: KioskConfig) -> DeviceIdentity:
    """The kiosk's own proofs, from the files beside its key. Raises `VaultError`, `TrustError`."""
    anchor = read_anchor(config.anchor)
    try:
        name = DeviceName(anchor.region, DeviceRole.KIOSK, config.kiosk_id)
    except NameMalformed as cause:
        raise AnchorUnreadable(f"no certificate can be made for a kiosk of the name {config.kiosk_id!r}") from cause
    key = signing_key(config.key_file.with_name(f"{config.key_file.stem}.signing.pem"))
    papers = Papers(config.key_file, anchor, name, key)
    return DeviceIdentity(papers, lambda: TrustClient(config.server, authority=config.authority))
