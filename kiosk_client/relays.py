"""The relay of an end of a call: found before each attempt, remembered from call to call and from start to start."""

from __future__ import annotations

import json
import logging
import ssl
import time
from collections.abc import Collection
from dataclasses import asdict, dataclass
from pathlib import Path

from kiosk_client.core.relay_order import RelayOrder, Remembered
from kiosk_client.errors import NoWayOut
from kiosk_client.key_file import replace_private
from kiosk_client.relay_race import Account, race
from tawasul.protocol.ice import IceConfiguration, IceServer
from tawasul.protocol.relay_url import TRANSPORTS, RelayUrl, Transport

BY_THE_PATH = frozenset({"no-connection", "no-heartbeat", "transport-failed", "no-way-out", "nothing-decoded"})
"""How an attempt is lost whose relay may be to blame."""

TRIED_FOR = 10.0
"""Seconds after which an attempt that brought no media and was not lost either is one that failed: the server has begun
another. Sooner, it has done so for a reason that is not the path's."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class FoundRelay:
    """One relay that answered, or would be asked. `security`: whom to trust there over TLS; `offered` and `silent` as
    of the race for it.
    """

    url: RelayUrl
    account: Account
    security: ssl.SSLContext
    offered: tuple[RelayUrl, ...] = ()
    silent: tuple[RelayUrl, ...] = ()


class Relays:
    """One a device. `memory`: the file in which it keeps what worked. `authority`: certificates (PEM) to trust instead
    of the machine's.
    """

    def __init__(self, memory: Path | None = None, authority: Path | None = None) -> None:
        self._security = ssl.create_default_context(cafile=authority)
        self._memory = memory
        self._order = RelayOrder(_read(memory))

    async def find(self, ice: IceConfiguration, call_id: str) -> FoundRelay | None:
        """The relay for the next attempt of this call; None where none was offered, or none answers and none is needed.

        Raises `NoWayOut`: none answers, and only relayed paths are allowed.
        """
        accounts = _accounts(ice)
        if not accounts:
            return None
        offered = tuple(accounts)
        if len(offered) == 1:
            # Nothing to choose: whether it answers is seen when candidates are gathered.
            return FoundRelay(offered[0], accounts[offered[0]], self._security, offered)
        now = time.time()
        order = self._order.of(offered, call_id, now)
        finish = await race([(url, accounts[url]) for url in order], self._security, self._order.silent(call_id, now))
        self._order.fell_silent(finish.silent, call_id, time.time())
        if finish.first is not None:
            return FoundRelay(finish.first, accounts[finish.first], self._security, offered, finish.silent)
        if ice.policy == "relay":
            raise NoWayOut(f"none of {len(offered)} addresses of relays answers, and only relayed paths are allowed")
        log.warning("none of %d addresses of relays gives an address; a path without one is tried", len(offered))
        return None

    def silent(self, call_id: str) -> Collection[RelayUrl]:
        """Which did not answer when one was sought for this call a moment ago."""
        return self._order.silent(call_id, time.time())

    def flowed(self, relay: FoundRelay) -> None:
        """Media flow by it."""
        before = self._order.remembered
        if not self._order.flowed(relay.url, relay.offered, relay.silent, time.time()):
            return
        if (before.transport if before else "udp") != relay.url.transport:
            log.info("media flow by %s; the next calls begin with it", relay.url.transport.upper())
        self._keep()

    def failed(self, relay: FoundRelay, call_id: str) -> None:
        """Media did not flow by it: the next attempt of this call tries another first."""
        self._order.failed(relay.url, call_id)

    def _keep(self) -> None:
        remembered = self._order.remembered
        if self._memory is None or remembered is None:
            return
        try:
            replace_private(self._memory, json.dumps(asdict(remembered)).encode())
        except OSError as fault:
            log.warning("which relay worked cannot be kept: %s", fault.strerror)


class AttemptRelay:
    """The relay of one attempt of a call, from when it is sought until it is known whether media flowed by it."""

    def __init__(self, relays: Relays, ice: IceConfiguration, call_id: str) -> None:
        self._relays = relays
        self._ice = ice
        self._call_id = call_id
        self._began = time.monotonic()
        self._found: FoundRelay | None = None
        self._flowed = False

    async def find(self) -> FoundRelay | None:
        """Once. As `Relays.find`."""
        self._found = await self._relays.find(self._ice, self._call_id)
        return self._found

    @property
    def found(self) -> FoundRelay | None:
        """The one to use; None before it is found, and where there is none."""
        return self._found

    def silent(self) -> Collection[RelayUrl]:
        """Which did not answer when it was sought."""
        return self._relays.silent(self._call_id)

    def flows(self, *, by_it: bool) -> Transport | None:
        """The other end is decoded: how this end speaks with its relay, where its media leave `by_it`."""
        self._flowed = True
        if self._found is None or not by_it:
            return None
        self._relays.flowed(self._found)
        return self._found.url.transport

    def over(self, lost_by: str | None) -> None:
        """The attempt is over. `lost_by`: the code by which it was lost; None: it was not, as far as this end knows."""
        failed = lost_by in BY_THE_PATH or (lost_by is None and time.monotonic() - self._began >= TRIED_FOR)
        if self._found is not None and failed and not self._flowed:
            self._relays.failed(self._found, self._call_id)


def _accounts(ice: IceConfiguration) -> dict[RelayUrl, Account]:
    return {
        url: Account(server.username or "", server.credential or "")
        for server in ice.servers
        for text in server.urls
        if (url := RelayUrl.parse(text)) is not None
    }


def probes(
    ice: IceConfiguration, relay: FoundRelay | None = None, silent: Collection[RelayUrl] = ()
) -> list[IceServer]:
    """The STUN servers to ask how a NAT shows us: those that will answer, for aioice waits five seconds for one that
    does not. Where the server names any, it is the `relay` that was found, if that was by UDP; without one, those
    that are not among the `silent`.

    aiortc reads no IPv6 literal, and asks by IPv4 alone.
    """
    urls = [url for server in ice.servers for url in server.urls if url.startswith("stun:")]
    if urls and relay is not None:
        urls = [relay.url.stun] if relay.url.transport == "udp" else []
    mute = {url.stun for url in silent if url.transport == "udp"}
    return [IceServer(urls=(url,)) for url in urls if url not in mute and "[" not in url]


def _read(memory: Path | None) -> Remembered | None:
    """What was kept; None where there is nothing that can be used, which costs a call two seconds."""
    if memory is None:
        return None
    try:
        kept = json.loads(memory.read_bytes())
        transport, at = kept["transport"], float(kept["at"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return Remembered(transport, at) if transport in TRANSPORTS else None
