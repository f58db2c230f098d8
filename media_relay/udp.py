"""The relay's shell: takes messages from the data plane to the core, and the core's effects back, in one loop.

No asyncio here: between a packet and its copy there is one dictionary look-up and two system calls.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterable
from typing import Any

from media_relay.config import RelayConfig
from media_relay.core.auth import Authenticator
from media_relay.core.budget import SourceBudget, UserBudget
from media_relay.core.effects import (
    Answer,
    BindChannel,
    CloseFamily,
    CloseRelay,
    CloseReserved,
    Effect,
    FiveTuple,
    OpenRelay,
    Permit,
    Revoke,
    SendToPeer,
    Transport,
    UnbindChannel,
)
from media_relay.core.permission import PeerRules
from media_relay.core.prefix import prefix_of as prefix_of
from media_relay.core.request import Limits
from media_relay.core.server import RelayServer
from media_relay.core.shares import UNSHARED, Shares
from media_relay.data_plane import Arrival, DataPlane, Gone, Traffic
from media_relay.errors import RelayConfigError, RelayPortsExhausted, RelayPortTaken
from media_relay.logs import fields
from media_relay.sockets import SYSTEM_CHOICES
from media_relay.stun.address import TransportAddress

CERTAIN = 10
"""401s of one source prefix, beyond doubt, before it is named in the statistics: forged sources come once."""
HOUSEKEEPING = 5.0
"""Seconds between two looks at what is not urgent: statistics, the lease, which allocations are in use."""

logger = logging.getLogger("media_relay")


class UdpRelay:
    """A relay that serves from ``run`` until it is told to ``drain``. ``machine``: the addresses of this host;
    ``shares``: what other workers of it have given out."""

    def __init__(
        self, config: RelayConfig, plane: DataPlane, machine: Iterable[str], shares: Shares = UNSHARED
    ) -> None:
        if not config.secrets:
            raise RelayConfigError("the relay has no secret, and would let nobody in")
        self.config = config
        self.listening: tuple[TransportAddress, ...] = ()
        self.streams: tuple[tuple[Transport, TransportAddress], ...] = ()
        """Where it listens for clients by TCP and TLS."""
        self._plane = plane
        self._shared = shares is not UNSHARED
        self._hosts = [str(address) for address in config.addresses]
        self._core = _core(config, self._hosts, machine, plane, shares)
        self._past = Traffic()
        self._seen: dict[FiveTuple, int] = {}
        self._started = time.time()
        self._next_look = 0.0
        self._ends: float | None = None

    def listen(self) -> tuple[TransportAddress, ...]:
        """Binds every address, by UDP and for ``streams``. Raises RelayPortTaken, RelayAddressMissing."""
        for chances in reversed(range(SYSTEM_CHOICES if self.config.port == 0 else 1)):
            try:
                self._listen()
                break
            except RelayPortTaken:
                self._plane.stop_listening()
                if not chances:
                    raise
        return self.listening

    def run(self, housekeeping: Callable[[UdpRelay], None]) -> None:
        """Serves until drained. ``housekeeping`` is called at once, and every few seconds."""
        while True:
            now = time.monotonic()
            if now >= self._next_look:
                self._next_look = now + HOUSEKEEPING
                self._look_round(now)
                housekeeping(self)
            if self._ends is not None and (now >= self._ends or self._is_done()):
                return
            deadlines = [self._next_look, self._ends, self._core.deadline]
            timeout = min(when for when in deadlines if when is not None) - now
            for event in self._plane.poll(timeout):
                self._handle(event)
            if self._core.deadline is not None and self._core.deadline <= time.monotonic():
                self._perform(self._core.tick(time.monotonic()))

    def look_now(self) -> None:
        """Lets ``housekeeping`` be done at once. May be called by a signal's handler, like ``drain``."""
        self._next_look = 0.0

    def drain(self, seconds: float) -> None:
        """Takes no new allocation, and ends when the last one has, siblings' too, or after ``seconds``."""
        self._core.drain(self.config.alternate_addresses)
        ends = time.monotonic() + seconds
        self._ends = ends if self._ends is None else min(ends, self._ends)

    @property
    def allocations(self) -> int:
        """How many there are."""
        return len(self._core.allocations)

    def statistics(self) -> dict[str, Any]:
        """Counters since the start, for a JSON file: no name in them, and of addresses at most the network."""
        total = Traffic()
        for traffic in (self._past, *self._plane.traffic().values()):
            total += traffic
        return {
            "pid": os.getpid(),
            "started_at": self._started,
            "written_at": time.time(),
            "allocations": self.allocations,
            "made": self._core.allocations.made,
            "ended": dict(sorted(self._core.allocations.ended.items())),
            "draining": self._core.draining,
            "to_peers": {"packets": total.packets_to_peers, "bytes": total.bytes_to_peers},
            "to_clients": {"packets": total.packets_to_clients, "bytes": total.bytes_to_clients},
            "requests": dict(sorted(self._core.counters.items())),
            "dropped": dict(sorted(self._plane.dropped.items())),
            "streams": self._plane.stream_counts(),
            "overflowed": self._plane.overflowed(),
            "unauthorized": self._core.unauthorized.certain(CERTAIN),
        }

    def _is_done(self) -> bool:
        # While a sibling has calls, nobody but us reads what newcomers send to our share of the port.
        return not len(self._core.allocations) and not self._plane.siblings_carry()

    def _listen(self) -> None:
        # A port of the system's choice is the same on every address, and by UDP and TCP.
        port, tls_port, plane = self.config.port, self.config.tls_port, self._plane
        listening: list[TransportAddress] = []
        streams: list[tuple[Transport, TransportAddress]] = []
        for host in self._hosts:
            listening.append(plane.listen(host, port))
            port = listening[0].port
            if self.config.tcp:
                streams.append((Transport.TCP, plane.listen(host, port, Transport.TCP)))
            if tls_port is not None:
                streams.append((Transport.TLS, plane.listen(host, tls_port, Transport.TLS)))
                tls_port = streams[-1][1].port
        self.listening, self.streams = tuple(listening), tuple(streams)

    def _look_round(self, now: float) -> None:
        # The monotonic clock does not follow corrections of the calendar; credentials and nonces go by the calendar.
        self._core.unix_offset = time.time() - now
        carried = {five_tuple: traffic.packets for five_tuple, traffic in self._plane.traffic().items()}
        used = [five_tuple for five_tuple, packets in carried.items() if packets != self._seen.get(five_tuple, 0)]
        self._core.note_used(used, now)
        self._seen = carried
        if self._shared:
            self._perform(self._core.make_way(now))

    def _handle(self, event: Arrival | Gone) -> None:
        try:
            if isinstance(event, Gone):
                self._perform(self._core.disconnected(event.five_tuple))
            else:
                data, source, local, transport = event
                self._perform(self._core.handle(data, source, local, time.monotonic(), transport))
        except Exception:
            # Whatever one message has upset, it must not end everybody's call. Nothing is known to reach this line.
            client = event.five_tuple.client if isinstance(event, Gone) else event.source
            logger.exception("a message from %s was given up", prefix_of(client))

    def _perform(self, effects: Iterable[Effect]) -> None:
        plane = self._plane
        for effect in effects:
            match effect:
                case Answer(five_tuple, data):
                    plane.answer(five_tuple, data)
                case SendToPeer(five_tuple, peer, data, dont_fragment):
                    plane.send_to_peer(five_tuple, peer, data, dont_fragment)
                case Permit(five_tuple, host, relayed_only):
                    plane.permit(five_tuple, host, relayed_only)
                case Revoke(five_tuple, host):
                    plane.revoke(five_tuple, host)
                case BindChannel(five_tuple, channel, peer):
                    plane.bind_channel(five_tuple, channel, peer)
                case UnbindChannel(five_tuple, channel):
                    plane.unbind_channel(five_tuple, channel)
                case OpenRelay():
                    self._perform(self._open(effect))
                case CloseRelay(five_tuple, cause):
                    self._close(five_tuple, cause)
                case CloseFamily(five_tuple, relayed):
                    plane.close_family(five_tuple, relayed)
                case CloseReserved(address):
                    plane.close_reserved(address)

    def _open(self, asked: OpenRelay) -> list[Effect]:
        plane, five_tuple, ports = self._plane, asked.five_tuple, self.config.relay_ports
        kept: TransportAddress | None = None
        try:
            if asked.reserved is not None:
                relayed = plane.open_reserved(five_tuple, asked.reserved)
            elif asked.reserve:
                relayed, kept = plane.open_pair(five_tuple, asked.host, ports)
            else:
                relayed = plane.open_relay(five_tuple, asked.host, ports, asked.even)
        except RelayPortsExhausted as error:
            logger.error("allocation refused: %s", error)
            return self._core.relay_failed(five_tuple, time.monotonic())
        prefix, transport = prefix_of(five_tuple.client), five_tuple.transport.value
        event = fields("allocation-made", client=prefix, transport=transport, port=relayed.port)
        logger.info("allocation made: client in %s, relayed port %d", prefix, relayed.port, extra=event)
        return self._core.relay_opened(five_tuple, relayed, time.monotonic(), kept)

    def _close(self, five_tuple: FiveTuple, cause: str) -> None:
        traffic = self._plane.close_relay(five_tuple)
        self._past += traffic
        prefix, to_peers, to_client = prefix_of(five_tuple.client), traffic.packets_to_peers, traffic.packets_to_clients
        logger.info(
            "allocation %s: client in %s, %d packets to peers, %d to the client",
            cause,
            prefix,
            to_peers,
            to_client,
            extra=fields("allocation-ended", cause=cause, client=prefix, to_peers=to_peers, to_client=to_client),
        )


def _core(
    config: RelayConfig, hosts: list[str], machine: Iterable[str], plane: DataPlane, shares: Shares
) -> RelayServer:
    secrets = [secret.get_secret_value() for secret in config.secrets]
    rules = PeerRules(
        listening=hosts,
        machine=machine,
        allow_peers=config.allow_peers,
        allow_public=config.allow_public,
        allow_loopback=config.allow_loopback,
    )
    limits = Limits(
        allocations_per_user=config.allocations_per_user,
        allocations_per_governorate=config.allocations_per_governorate,
        allocations_per_source=config.allocations_per_source,
        allocations_in_all=config.allocations_in_all,
        permissions_per_allocation=config.permissions_per_allocation,
        channels_per_allocation=config.channels_per_allocation,
        lifetime=config.lifetime,
        maximum_lifetime=config.maximum_lifetime,
        overrun=config.overrun,
    )
    return RelayServer(
        realm=config.realm,
        authenticator=Authenticator(config.realm, secrets, config.nonce_lifetime),
        rules=rules,
        budget=SourceBudget(config.unauthenticated_answers, config.unauthenticated_datagrams, os.urandom(16)),
        users=UserBudget(os.urandom(16)),
        relay_hosts=hosts,
        limits=limits,
        unix_offset=time.time() - time.monotonic(),
        abilities=plane.abilities,
        live_elsewhere=plane.is_live,
        shares=shares,
    )
