"""A state machine: clients allocate, permit, bind, refresh, release and wait in any order, beside a model of what
must then be true; and after every step the data plane's tables are the core's."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from support.relay_client import TurnClient, error, on_paper, send_indication, value
from support.relay_paper import PaperRelay

from media_relay.core.allocation import CHANNEL_LIFETIME, PERMISSION_LIFETIME
from media_relay.core.server import IDLE, Limits
from media_relay.stun import attributes as stun
from media_relay.stun.address import TransportAddress

SOURCES = [TransportAddress("5.5.5.5", port) for port in range(1, 7)]
PEERS = [TransportAddress(f"10.20.0.{host}", port) for host in (1, 2, 3) for port in (1, 2)]
CHANNELS = [0x4000, 0x4001, 0x4FFF]
QUOTA = 3

sources = st.sampled_from(SOURCES)
peers = st.sampled_from(PEERS)
users = st.sampled_from(["kiosk", "office"])


@dataclass
class Model:
    """What the allocation of one source must look like."""

    user: str
    ends: float
    used: float
    permissions: dict[str, float] = field(default_factory=dict)
    channels: dict[int, tuple[TransportAddress, float]] = field(default_factory=dict)


class Allocations(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.relay = PaperRelay(limits=Limits(allocations_per_user=QUOTA), nonce_lifetime=86_400)
        self.clients: dict[tuple[TransportAddress, str], TurnClient] = {}
        self.model: dict[TransportAddress, Model] = {}

    def client(self, source: TransportAddress, user: str) -> TurnClient:
        # One user keeps the same credentials for the whole machine, long enough for all of it.
        if (source, user) not in self.clients:
            self.clients[source, user] = on_paper(self.relay, source, user, lasting=10**6)
            self.clients[source, user].credentials = next(
                client.credentials for (_, name), client in self.clients.items() if name == user
            )
        return self.clients[source, user]

    @rule(source=sources, user=users, lifetime=st.sampled_from([0, 600, 1200, 10**6]))
    def allocate(self, source: TransportAddress, user: str, lifetime: int) -> None:
        held = sorted((m.used, s) for s, m in self.model.items() if m.user == user)
        code = error(self.client(source, user).allocate(stun.LIFETIME(lifetime)))
        if source in self.model:
            assert code == 437
            return
        if len(held) >= QUOTA:
            longest_unused, _ = held[0]
            if self.relay.now - longest_unused < IDLE:
                assert code == 486
                return
            displaced = next(closed for closed in reversed(self.relay.closed) if closed.cause == "displaced")
            gone = self.model.pop(displaced.five_tuple.client)
            assert gone.used == longest_unused
        assert code is None
        ends = self.relay.now + max(600, min(lifetime, 3600))
        self.model[source] = Model(user, ends, self.relay.now)

    @rule(source=sources, user=users, lifetime=st.sampled_from([0, 300, 1200]))
    def refresh(self, source: TransportAddress, user: str, lifetime: int) -> None:
        answer = self.client(source, user).refresh(lifetime)
        known = self.model.get(source)
        if known is None or known.user != user:
            assert error(answer) == (437 if known is None else 441)
        elif lifetime == 0:
            assert value(answer, stun.LIFETIME) == 0
            del self.model[source]
        else:
            known.ends = self.relay.now + max(600, lifetime)

    @rule(source=sources, user=users, chosen=st.lists(peers, min_size=1, max_size=3))
    def permit(self, source: TransportAddress, user: str, chosen: list[TransportAddress]) -> None:
        code = error(self.client(source, user).permit(*chosen))
        known = self.model.get(source)
        if known is None or known.user != user:
            assert code == (437 if known is None else 441)
            return
        assert code is None
        known.permissions |= {peer.host: self.relay.now + PERMISSION_LIFETIME for peer in chosen}

    @rule(source=sources, user=users, channel=st.sampled_from(CHANNELS), peer=peers)
    def bind(self, source: TransportAddress, user: str, channel: int, peer: TransportAddress) -> None:
        code = error(self.client(source, user).bind(channel, peer))
        known = self.model.get(source)
        if known is None or known.user != user:
            assert code == (437 if known is None else 441)
            return
        elsewhere = any((number == channel) != (bound == peer) for number, (bound, _) in known.channels.items())
        assert code == (400 if elsewhere else None)
        if code is None:
            known.channels[channel] = (peer, self.relay.now + CHANNEL_LIFETIME)
            known.permissions[peer.host] = self.relay.now + PERMISSION_LIFETIME

    @rule(source=sources, peer=peers)
    def send(self, source: TransportAddress, peer: TransportAddress) -> None:
        before = len(self.relay.sent)
        self.relay.deliver(send_indication(peer, b"hello"), source)
        known = self.model.get(source)
        assert len(self.relay.sent) - before == int(known is not None and peer.host in known.permissions)

    @rule(source=sources)
    def use(self, source: TransportAddress) -> None:
        self.relay.server.note_used([f for f in self.relay.tables if f.client == source], self.relay.now)
        if source in self.model:
            self.model[source].used = self.relay.now

    @rule(seconds=st.sampled_from([0.5, 29, 31, 299, 300, 301, 600, 3600]))
    def wait(self, seconds: float) -> None:
        self.relay.wait(seconds)
        now = self.relay.now
        self.model = {source: known for source, known in self.model.items() if known.ends > now}
        for known in self.model.values():
            known.permissions = {host: ends for host, ends in known.permissions.items() if ends > now}
            known.channels = {number: bound for number, bound in known.channels.items() if bound[1] > now}

    @invariant()
    def the_tables_are_as_the_model_says(self) -> None:
        assert {f.client: t.permitted.keys() for f, t in self.relay.tables.items()} == {
            source: known.permissions.keys() for source, known in self.model.items()
        }
        assert {f.client: t.channels for f, t in self.relay.tables.items()} == {
            source: {number: peer for number, (peer, _) in known.channels.items()}
            for source, known in self.model.items()
        }

    @invariant()
    def the_core_and_the_tables_agree(self) -> None:
        assert self.relay.agrees()

    @invariant()
    def there_is_a_deadline_as_long_as_there_is_something_to_end(self) -> None:
        ends = [end for m in self.model.values() for end in (m.ends, *m.permissions.values())]
        ends += [end for m in self.model.values() for _, end in m.channels.values()]
        if ends:
            assert self.relay.server.deadline is not None
            assert self.relay.now < self.relay.server.deadline <= min(ends)


TestAllocations = Allocations.TestCase
TestAllocations.settings = settings(max_examples=80, stateful_step_count=40, deadline=None)
