"""The relay's core on paper: a clock turned by hand, and the tables of a data plane, kept from the effects.

``PaperRelay`` checks as it goes that every effect makes sense on the tables as they are, and ``agrees`` that they are
those of the core: whatever the core knows, a data plane knows, and nothing else.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_network

from media_relay.core.auth import Authenticator
from media_relay.core.budget import SourceBudget, UserBudget
from media_relay.core.effects import (
    Abilities,
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
from media_relay.core.request import Limits
from media_relay.core.server import RelayServer
from media_relay.core.shares import UNSHARED, Shares
from media_relay.stun.address import TransportAddress

SECRET = "a secret that is long enough"
REALM = "tawasul"
SERVER = TransportAddress("203.0.113.1", 3478)
SERVER6 = TransportAddress("2001:db8::1", 3478)
ENROLLED = ("10.20.0.0/16", "fd20::/16", "198.51.100.0/24", "2001:db8:1::/48")
ALL_ABILITIES = Abilities(two_families=True, reservations=True, dont_fragment=True)
START = 1_000.0
UNIX_START = 1_800_000_000.0


@dataclass
class PaperTables:
    """What the data plane holds for one allocation."""

    relayed: set[TransportAddress]
    permitted: dict[str, bool] = field(default_factory=dict)
    channels: dict[int, TransportAddress] = field(default_factory=dict)


class PaperRelay:
    """A ``RelayServer`` with everything around it on paper."""

    def __init__(
        self,
        *,
        limits: Limits | None = None,
        secrets: Sequence[str] = (SECRET,),
        hosts: Sequence[str] = (SERVER.host, SERVER6.host),
        allow_loopback: bool = False,
        answers: int = 1000,
        datagrams: int = 10_000,
        nonce_lifetime: int = 3600,
        abilities: Abilities = ALL_ABILITIES,
        shares: Shares = UNSHARED,
    ) -> None:
        self.now = START
        self.ports_left = True
        self.exhausted_hosts: set[str] = set()
        self.abilities = abilities
        self.tables: dict[FiveTuple, PaperTables] = {}
        self.sent: list[SendToPeer] = []
        self.closed: list[CloseRelay] = []
        self.last_answer = b""
        self.reserved: set[TransportAddress] = set()
        self._ports = itertools.count(50_000)
        self.server = RelayServer(
            realm=REALM,
            authenticator=Authenticator(REALM, secrets, nonce_lifetime),
            rules=PeerRules(
                listening=hosts,
                machine=["192.168.7.7"],
                allow_peers=[ip_network(network) for network in ENROLLED],
                allow_loopback=allow_loopback,
            ),
            budget=SourceBudget(answers, datagrams, bytes(16)),
            users=UserBudget(bytes(16)),
            relay_hosts=hosts,
            limits=limits or Limits(),
            unix_offset=UNIX_START - START,
            abilities=abilities,
            shares=shares,
        )

    @property
    def unix_now(self) -> float:
        """The calendar's time."""
        return self.now + UNIX_START - START

    def deliver(
        self,
        datagram: bytes,
        source: TransportAddress,
        local: TransportAddress = SERVER,
        transport: Transport = Transport.UDP,
    ) -> list[Answer]:
        """Gives the core a message; what it answers."""
        return self._perform(self.server.handle(datagram, source, local, self.now, transport))

    def disconnect(self, five_tuple: FiveTuple) -> None:
        """The client's stream ends."""
        assert self._perform(self.server.disconnected(five_tuple)) == []

    def make_way(self) -> None:
        """Looks at what is idle, as one of several processes does every few seconds."""
        assert self._perform(self.server.make_way(self.now)) == []

    def wait(self, seconds: float) -> None:
        """Turns the clock, stopping at each of the core's deadlines on the way."""
        end = self.now + seconds
        while (deadline := self.server.deadline) is not None and deadline <= end:
            self.now = max(self.now, deadline)
            assert self._perform(self.server.tick(self.now)) == []
            assert self.server.deadline is None or self.server.deadline > self.now, "the deadline must move on"
        self.now = end

    def agrees(self) -> bool:
        """Whether the tables are exactly those of the core."""
        known = {
            allocation.five_tuple: PaperTables(
                {relayed.address for relayed in allocation.relayed.values()},
                {host: permission.relayed_only for host, permission in allocation.permissions.items()},
                {number: channel.peer for number, channel in allocation.channels.items()},
            )
            for allocation in self.server.allocations
        }
        return known == self.tables and len(self.reserved) == len(self.server.reservations)

    def _perform(self, effects: Iterable[Effect]) -> list[Answer]:
        answers: list[Answer] = []
        for effect in effects:
            match effect:
                case Answer(_, data):
                    answers.append(effect)
                    self.last_answer = data
                case OpenRelay():
                    answers += self._open(effect)
                case CloseReserved(address):
                    self.reserved.remove(address)
                case CloseFamily(five_tuple, relayed):
                    tables = self.tables[five_tuple]
                    tables.relayed.remove(relayed)
                    assert tables.relayed, "the last one is closed by CloseRelay"
                    assert relayed.family not in {TransportAddress(host, 0).family for host in tables.permitted}
                    assert relayed.family not in {peer.family for peer in tables.channels.values()}
                case CloseRelay(five_tuple, _):
                    del self.tables[five_tuple]
                    self.closed.append(effect)
                case Permit(five_tuple, host, relayed_only):
                    assert host not in self.tables[five_tuple].permitted
                    self.tables[five_tuple].permitted[host] = relayed_only
                case Revoke(five_tuple, host):
                    del self.tables[five_tuple].permitted[host]
                case BindChannel(five_tuple, channel, peer):
                    channels = self.tables[five_tuple].channels
                    assert channel not in channels
                    assert peer not in channels.values()
                    assert peer.host in self.tables[five_tuple].permitted
                    channels[channel] = peer
                case UnbindChannel(five_tuple, channel):
                    del self.tables[five_tuple].channels[channel]
                case SendToPeer(five_tuple, peer, _, whole):
                    assert self.abilities.dont_fragment or not whole
                    assert peer.host in self.tables[five_tuple].permitted
                    self.sent.append(effect)
        return answers

    def _open(self, asked: OpenRelay) -> list[Answer]:
        five_tuple = asked.five_tuple
        if not self.ports_left or asked.host in self.exhausted_hosts:
            return self._perform(self.server.relay_failed(five_tuple, self.now))
        beside: TransportAddress | None = None
        if asked.reserved is not None:
            self.reserved.remove(asked.reserved)
            relayed = asked.reserved
        else:
            relayed = self._bind(asked.host, even=asked.even)
            if asked.reserve:
                assert self.abilities.reservations
                beside = relayed._replace(port=next(self._ports))
                assert beside.port == relayed.port + 1
                self.reserved.add(beside)
        tables = self.tables.setdefault(five_tuple, PaperTables(set()))
        assert relayed.family not in {address.family for address in tables.relayed}
        assert not tables.relayed or self.abilities.two_families
        tables.relayed.add(relayed)
        return self._perform(self.server.relay_opened(five_tuple, relayed, self.now, beside))

    def _bind(self, host: str, *, even: bool) -> TransportAddress:
        return TransportAddress(host, next(port for port in self._ports if not even or port % 2 == 0))
