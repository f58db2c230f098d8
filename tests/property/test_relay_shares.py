"""Shares over several worker processes of a relay: what each has given out is never counted too low by the others, and
their quotas are those of one relay, whichever of them a client comes to."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from support.relay_client import TurnClient, error, on_paper
from support.relay_paper import PaperRelay

from media_relay.core.allocating import IDLE
from media_relay.core.allocation import Allocation
from media_relay.core.request import Limits
from media_relay.core.shares import CELLS, COLUMNS, Holder, SketchedShares
from media_relay.stun.address import TransportAddress

KEY = bytes(range(32))
WORKERS = 3


def tables(count: int = WORKERS) -> list[memoryview[int]]:
    """One of each worker's, with nothing in it."""
    return [memoryview(array("I", bytes(4 * CELLS))) for _ in range(count)]


def seen_by_each(counters: list[memoryview[int]]) -> list[SketchedShares]:
    """The shares as each worker sees them."""
    return [SketchedShares(own, [other for other in counters if other is not own], KEY) for own in counters]


TABLES = tables()
HOLDERS: list[Holder] = [
    ("user", "a"),
    ("user", "b"),
    ("idle", "a"),
    ("source", b"a"),
    ("source", b"\0\xff"),
    ("u", "sera"),
]


@given(st.lists(st.tuples(st.integers(0, WORKERS - 1), st.sampled_from(HOLDERS)), max_size=60), st.integers(0, 2**32))
@settings(deadline=None)
def test_never_too_few_and_without_company_exactly_as_many(steps, crowd):
    for table in TABLES:
        table[:] = memoryview(array("I", bytes(4 * CELLS)))
    shares = seen_by_each(TABLES)
    held: Counter[tuple[int, Holder]] = Counter()
    for worker, holder in steps:
        # Every fourth step takes back what there is.
        change = -1 if held[worker, holder] and len(held) % 4 == 0 else 1
        held[worker, holder] += change
        shares[worker].note(holder, change)
    for worker in range(WORKERS):
        for holder in HOLDERS:
            exact = sum(held[other, holder] for other in range(WORKERS) if other != worker)
            assert shares[worker].elsewhere(holder) == exact

    for number in range(50):
        shares[0].note(("user", f"{crowd + number}"), 1)
    assert all(shares[1].elsewhere(holder) >= held[0, holder] + held[2, holder] for holder in HOLDERS)


def test_in_a_crowd_of_ten_thousand_one_in_a_hundred_at_most_is_counted_too_many():
    here, there = seen_by_each(tables(2))
    users: list[Holder] = [("user", f"call{number}.citizen@governorate{number % 20}") for number in range(10_000)]
    for number, user in enumerate(users):
        for holder in (user, ("source", number.to_bytes(4, "big")), ("governorate", f"{number % 20}"), ("all", "")):
            there.note(holder, 1)
    over = [here.elsewhere(user) - 1 for user in users]
    assert min(over) == 0
    assert 0 < sum(each > 0 for each in over) < 100, "one in two hundred, by reckoning"
    assert max(over) <= 2
    assert 10_000 <= here.elsewhere(("all", "")) <= 10_002

    for number, user in enumerate(users):
        for holder in (user, ("source", number.to_bytes(4, "big")), ("governorate", f"{number % 20}"), ("all", "")):
            there.note(holder, -1)
    assert not any(here.elsewhere(user) for user in users)


def test_a_holder_has_a_counter_of_its_own_in_each_row():
    counters = tables(1)
    seen_by_each(counters)[0].note(("user", "kiosk"), 5)
    [rows] = [[place // COLUMNS for place in range(CELLS) if table[place]] for table in counters]
    assert rows == [0, 1, 2, 3]


PER_USER, PER_GOVERNORATE, PER_SOURCE, IN_ALL = 2, 6, 7, 9
USERS = ["one@badr", "two@badr", "three@badr", "four"]
HOSTS = ["5.5.5.1", "5.5.5.2"]


class Workers(RuleBasedStateMachine):
    """Clients come to any worker; now and then one looks at what is idle, as each does every few seconds."""

    def __init__(self) -> None:
        super().__init__()
        self.tables = tables()
        limits = Limits(
            allocations_per_user=PER_USER,
            allocations_per_governorate=PER_GOVERNORATE,
            allocations_per_source=PER_SOURCE,
            allocations_in_all=IN_ALL,
        )
        self.relays = [
            PaperRelay(limits=limits, shares=shares, nonce_lifetime=86_400) for shares in seen_by_each(self.tables)
        ]
        self.clients: dict[tuple[int, TransportAddress], TurnClient] = {}
        self.ports = iter(range(1, 60_000))

    def live(self) -> list[Allocation]:
        """All allocations, of whichever worker."""
        return [allocation for relay in self.relays for allocation in relay.server.allocations]

    def held_elsewhere(self, worker: int) -> list[Allocation]:
        """Those of the other workers."""
        others = [relay for number, relay in enumerate(self.relays) if number != worker]
        return [allocation for relay in others for allocation in relay.server.allocations]

    @rule(worker=st.integers(0, WORKERS - 1), user=st.sampled_from(USERS), host=st.sampled_from(HOSTS))
    def allocate(self, worker: int, user: str, host: str) -> None:
        relay, source = self.relays[worker], TransportAddress(host, next(self.ports))
        before = self.live()
        own = [each for each in relay.server.allocations if each.name == user]
        client = on_paper(relay, source, user, lasting=10**6)
        code = error(client.allocate())
        if code is None:
            self.clients[worker, source] = client
            return
        displaceable = any(relay.now - each.last_used >= IDLE for each in own)
        makes_way = sum(each.idle for each in self.held_elsewhere(worker) if each.name == user) + displaceable
        users = sum(each.name == user for each in before) + 1 - makes_way > PER_USER
        governorates = "@" in user and sum(each.governorate == user.split("@")[1] for each in before) >= PER_GOVERNORATE
        sources = sum(each.five_tuple.client.host == host for each in before) >= PER_SOURCE
        assert (code == 486 and (users or governorates or sources)) or (code == 508 and len(before) >= IN_ALL)
        assert {each.five_tuple for each in self.live()} == {each.five_tuple for each in before}

    @precondition(lambda self: self.live())
    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        worker, source = data.draw(st.sampled_from([key for key in self.clients if self.stands(*key)]))
        assert error(self.clients[worker, source].refresh(0)) is None

    @precondition(lambda self: self.live())
    @rule(data=st.data())
    def use(self, data: st.DataObject) -> None:
        used = data.draw(st.sampled_from(self.live()))
        used.last_used = self.relays[0].now

    @rule(seconds=st.sampled_from([1, 31, 31, 601]), all_look=st.booleans())
    def wait(self, seconds: float, all_look: bool) -> None:
        for relay in self.relays:
            relay.wait(seconds)
        for worker in range(WORKERS if all_look else 0):
            self.look(worker)

    @rule(worker=st.integers(0, WORKERS - 1))
    def look(self, worker: int) -> None:
        self.relays[worker].make_way()
        for name, count in Counter(each.name for each in self.live()).items():
            here = [each for each in self.relays[worker].server.allocations if each.name == name]
            assert count <= PER_USER or not any(each.idle for each in here), "what is idle has made way"

    @rule(worker=st.integers(0, WORKERS - 1))
    def die(self, worker: int) -> None:
        self.tables[worker][:] = memoryview(array("I", bytes(4 * CELLS)))
        dead, shares = self.relays[worker], seen_by_each(self.tables)[worker]
        self.relays[worker] = PaperRelay(limits=dead.server._limits, shares=shares, nonce_lifetime=86_400)
        self.relays[worker].now = dead.now

    def stands(self, worker: int, source: TransportAddress) -> bool:
        """Whether the client at ``source`` has its allocation yet."""
        return any(each.five_tuple.client == source for each in self.relays[worker].server.allocations)

    @invariant()
    def all_of_them_together_keep_to_each_bound(self) -> None:
        live = self.live()
        assert len(live) <= IN_ALL
        assert (
            max(Counter(each.governorate for each in live if each.governorate).values(), default=0) <= PER_GOVERNORATE
        )
        assert max(Counter(each.five_tuple.client.host for each in live).values(), default=0) <= PER_SOURCE
        # One who comes back is let in before what they left behind has gone.
        assert max(Counter(each.name for each in live).values(), default=0) <= 2 * PER_USER

    @invariant()
    def each_knows_what_the_others_have(self) -> None:
        for worker, relay in enumerate(self.relays):
            held: defaultdict[Holder, int] = defaultdict(int)
            for each in self.held_elsewhere(worker):
                for holder in each.holders():
                    held[holder] += 1
                held["idle", each.name] += each.idle
            shares = relay.server.allocations._shares
            assert all(shares.elsewhere(holder) == count for holder, count in held.items())
        assert all(relay.agrees() for relay in self.relays)


TestWorkers = Workers.TestCase
TestWorkers.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
