"""A state machine: clients allocate, permit, bind, refresh, release, go and wait in any order, beside a model of what
must then be true; and after every step the data plane's tables are the core's."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from support.relay_client import TurnClient, error, on_paper, send_indication, value
from support.relay_paper import SERVER, PaperRelay

from media_relay.core.allocating import IDLE
from media_relay.core.allocation import CHANNEL_LIFETIME, PERMISSION_LIFETIME
from media_relay.core.effects import FiveTuple, Transport
from media_relay.core.request import Limits
from media_relay.core.reservation import RESERVATION_LIFETIME
from media_relay.stun import attributes as stun
from media_relay.stun.address import IPV4, IPV6, TransportAddress
from media_relay.stun.message import Method

SOURCES = [
    FiveTuple(TransportAddress("5.5.5.5", port), SERVER, transport)
    for port in range(1, 4)
    for transport in (Transport.UDP, Transport.TCP)
]
PEERS4 = [TransportAddress(f"10.20.0.{host}", port) for host in (1, 2) for port in (1, 2)]
PEERS6 = [TransportAddress(f"fd20::{host}", 1) for host in (1, 2)]
CHANNELS = [0x4000, 0x4001, 0x4FFF]
PER_USER, PER_GOVERNORATE, PER_SOURCE = 3, 4, 5
NAMES = ["kiosk@badr", "desk@badr", "office"]

sources = st.sampled_from(SOURCES)
peers = st.sampled_from(PEERS4 + PEERS6)
users = st.sampled_from(NAMES)
families = st.sampled_from([None, IPV4, IPV6])


@dataclass
class Model:
    """What the allocation of one source must look like."""

    user: str
    ends: dict[int, float]
    used: float
    permissions: dict[str, float] = field(default_factory=dict)
    channels: dict[int, tuple[TransportAddress, float]] = field(default_factory=dict)

    def drop(self, family: int) -> None:
        """One of the two families is gone, and all that hung on it."""
        del self.ends[family]
        self.permissions = {h: end for h, end in self.permissions.items() if TransportAddress(h, 0).family != family}
        self.channels = {n: bound for n, bound in self.channels.items() if bound[0].family != family}


class Allocations(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.limits = Limits(
            allocations_per_user=PER_USER,
            allocations_per_governorate=PER_GOVERNORATE,
            allocations_per_source=PER_SOURCE,
        )
        self.relay = PaperRelay(limits=self.limits, nonce_lifetime=86_400)
        self.clients: dict[tuple[FiveTuple, str], TurnClient] = {}
        self.model: dict[FiveTuple, Model] = {}
        self.kept: dict[bytes, tuple[str, float]] = {}
        self.made: dict[FiveTuple, tuple[str, bytes, bytes]] = {}

    def client(self, source: FiveTuple, user: str) -> TurnClient:
        # One user keeps the same credentials for the whole machine, long enough for all of it.
        if (source, user) not in self.clients:
            made = on_paper(self.relay, source.client, user, lasting=10**6, transport=source.transport)
            self.clients[source, user] = made
            made.credentials = next(client.credentials for (_, name), client in self.clients.items() if name == user)
        return self.clients[source, user]

    def counted(self, user: str) -> tuple[int, int]:
        """Allocations and kept ports of ``user``."""
        held = sum(known.user == user for known in self.model.values())
        return held, sum(name == user for name, _ in self.kept.values())

    def governorate_is_full(self, user: str, leaving: FiveTuple | None) -> bool:
        """Whether all that the governorate of ``user`` may have is taken, once ``leaving`` has gone."""
        others = [k.user.endswith("@badr") for source, k in self.model.items() if source != leaving]
        return user.endswith("@badr") and sum(others) >= PER_GOVERNORATE

    def source_is_full(self, leaving: FiveTuple | None) -> bool:
        """The same of the one address from which all of them come."""
        return len(self.model.keys() - {leaving}) >= PER_SOURCE

    @rule(
        source=sources,
        user=users,
        lifetime=st.sampled_from([0, 600, 1200, 10**6]),
        kind=st.sampled_from(["four", "six", "both", "reserve"]),
    )
    def allocate(self, source: FiveTuple, user: str, lifetime: int, kind: str) -> None:
        wished = {
            "four": [],
            "six": [stun.REQUESTED_ADDRESS_FAMILY(IPV6)],
            "both": [stun.ADDITIONAL_ADDRESS_FAMILY(IPV6)],
            "reserve": [stun.EVEN_PORT(b"\x80")],
        }[kind]
        client = self.client(source, user)
        closed = len(self.relay.closed)
        answer = client.allocate(stun.LIFETIME(lifetime), *wished)
        code = error(answer)
        if source in self.model:
            assert code == 437
            return
        held, kept = self.counted(user)
        leaving = None
        if held + kept + (2 if kind == "reserve" else 1) > PER_USER:
            unused = min((k.used for k in self.model.values() if k.user == user), default=self.relay.now)
            if kind == "reserve" or self.relay.now - unused < IDLE:
                assert (code, len(self.relay.closed)) == (486, closed)
                return
            # Which one, of several that were unused as long, is the core's own choice.
            if len(self.relay.closed) > closed:
                leaving = self.relay.closed[-1].five_tuple
                assert self.model[leaving].user == user
                assert self.model[leaving].used == unused
            else:
                assert code == 486
                assert self.source_is_full(source) or self.governorate_is_full(user, None)
                return
        if self.source_is_full(leaving) or self.governorate_is_full(user, leaving):
            assert (code, len(self.relay.closed)) == (486, closed)
            return
        assert code is None
        if leaving is not None:
            assert self.relay.closed[-1].cause == "displaced"
            del self.model[leaving]
        given = {"four": [IPV4], "six": [IPV6], "both": [IPV4, IPV6], "reserve": [IPV4]}[kind]
        assert [address.family for address in answer.all(stun.XOR_RELAYED_ADDRESS)] == given
        ends = self.relay.now + max(600, min(lifetime, 3600))
        self.model[source] = Model(user, dict.fromkeys(given, ends), self.relay.now)
        self.made[source] = (user, client.last_request, self.relay.last_answer)
        if kind == "reserve":
            self.kept[value(answer, stun.RESERVATION_TOKEN)] = (user, self.relay.now + RESERVATION_LIFETIME)

    @rule(source=sources)
    def repeat_an_allocate(self, source: FiveTuple) -> None:
        if source not in self.model or source not in self.made:
            return
        user, request, answer = self.made[source]
        self.client(source, user).send(request)
        assert self.relay.last_answer == answer, "to the byte"

    @rule(source=sources, user=users, data=st.data())
    def take_a_kept_port(self, source: FiveTuple, user: str, data: st.DataObject) -> None:
        token = data.draw(st.sampled_from([*self.kept, bytes(8)]))
        client = self.client(source, user)
        code = error(client.allocate(stun.RESERVATION_TOKEN(token)))
        if source in self.model:
            assert code == 437
        elif token not in self.kept or self.kept[token][0] != user:
            assert code == 508
        else:
            assert code is None
            del self.kept[token]
            self.model[source] = Model(user, {IPV4: self.relay.now + 600}, self.relay.now)
            self.made[source] = (user, client.last_request, self.relay.last_answer)

    @rule(source=sources, user=users, lifetime=st.sampled_from([0, 300, 1200]), family=families)
    def refresh(self, source: FiveTuple, user: str, lifetime: int, family: int | None) -> None:
        fields = [] if family is None else [stun.REQUESTED_ADDRESS_FAMILY(family)]
        client = self.client(source, user)
        answer = client.ask(Method.REFRESH, stun.LIFETIME(lifetime), *fields)
        known = self.model.get(source)
        if known is None or known.user != user:
            assert error(answer) == (437 if known is None else 441)
            return
        if family is not None and family not in known.ends:
            assert error(answer) == 443
            return
        assert value(answer, stun.LIFETIME) == (max(600, lifetime) if lifetime else 0)
        meant = list(known.ends) if family is None else [family]
        if lifetime:
            known.ends |= dict.fromkeys(meant, self.relay.now + max(600, lifetime))
            return
        if len(meant) == len(known.ends):
            del self.model[source]
        else:
            known.drop(meant[0])
        before = self.relay.last_answer
        client.send(client.last_request)
        assert self.relay.last_answer == before, "a retransmission is answered alike"

    @rule(source=sources)
    def disconnect(self, source: FiveTuple) -> None:
        if source.transport is Transport.TCP:
            self.relay.disconnect(source)
            self.model.pop(source, None)

    @rule(source=sources, user=users, chosen=st.lists(peers, min_size=1, max_size=3))
    def permit(self, source: FiveTuple, user: str, chosen: list[TransportAddress]) -> None:
        code = error(self.client(source, user).permit(*chosen))
        known = self.model.get(source)
        if known is None or known.user != user:
            assert code == (437 if known is None else 441)
            return
        if {peer.family for peer in chosen} - known.ends.keys():
            assert code == 443
            return
        assert code is None
        known.permissions |= {peer.host: self.relay.now + PERMISSION_LIFETIME for peer in chosen}

    @rule(source=sources, user=users, channel=st.sampled_from(CHANNELS), peer=peers)
    def bind(self, source: FiveTuple, user: str, channel: int, peer: TransportAddress) -> None:
        code = error(self.client(source, user).bind(channel, peer))
        known = self.model.get(source)
        if known is None or known.user != user:
            assert code == (437 if known is None else 441)
            return
        elsewhere = any((number == channel) != (bound == peer) for number, (bound, _) in known.channels.items())
        assert code == (400 if elsewhere else None if peer.family in known.ends else 443)
        if code is None:
            known.channels[channel] = (peer, self.relay.now + CHANNEL_LIFETIME)
            known.permissions[peer.host] = self.relay.now + PERMISSION_LIFETIME

    @rule(source=sources, peer=peers)
    def send(self, source: FiveTuple, peer: TransportAddress) -> None:
        before = len(self.relay.sent)
        self.relay.deliver(send_indication(peer, b"hello"), source.client, source.server, source.transport)
        known = self.model.get(source)
        assert len(self.relay.sent) - before == int(known is not None and peer.host in known.permissions)

    @rule(source=sources)
    def use(self, source: FiveTuple) -> None:
        self.relay.server.note_used([source], self.relay.now)
        if source in self.model:
            self.model[source].used = self.relay.now

    @rule(seconds=st.sampled_from([0.5, 29, 31, 299, 300, 301, 600, 3600]))
    def wait(self, seconds: float) -> None:
        self.relay.wait(seconds)
        now = self.relay.now
        self.kept = {token: kept for token, kept in self.kept.items() if kept[1] > now}
        for source, known in list(self.model.items()):
            for family in [family for family, end in known.ends.items() if end <= now]:
                known.drop(family)
            if not known.ends:
                del self.model[source]
            known.permissions = {host: end for host, end in known.permissions.items() if end > now}
            known.channels = {number: bound for number, bound in known.channels.items() if bound[1] > now}

    @invariant()
    def the_tables_are_as_the_model_says(self) -> None:
        assert {source: t.permitted.keys() for source, t in self.relay.tables.items()} == {
            source: known.permissions.keys() for source, known in self.model.items()
        }
        assert {source: t.channels for source, t in self.relay.tables.items()} == {
            source: {number: peer for number, (peer, _) in known.channels.items()}
            for source, known in self.model.items()
        }
        assert {source: {a.family for a in t.relayed} for source, t in self.relay.tables.items()} == {
            source: set(known.ends) for source, known in self.model.items()
        }
        assert len(self.relay.reserved) == len(self.kept)

    @invariant()
    def the_core_and_the_tables_agree(self) -> None:
        assert self.relay.agrees()

    @invariant()
    def there_is_a_deadline_as_long_as_there_is_something_to_end(self) -> None:
        ends = [end for m in self.model.values() for end in (*m.ends.values(), *m.permissions.values())]
        ends += [end for m in self.model.values() for _, end in m.channels.values()]
        ends += [end for _, end in self.kept.values()]
        if ends:
            assert self.relay.server.deadline is not None
            assert self.relay.now < self.relay.server.deadline <= min(ends)


TestAllocations = Allocations.TestCase
TestAllocations.settings = settings(max_examples=80, stateful_step_count=40, deadline=None)
