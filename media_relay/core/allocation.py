"""Allocations, their permissions and channels, and the one clock that ends them (RFC 8656 sections 3, 9 and 12).

Every change is returned as effects, so that the data plane's tables are always those of this one.
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from media_relay.core.budget import subscriber
from media_relay.core.effects import (
    BindChannel,
    Cause,
    CloseFamily,
    CloseRelay,
    Effect,
    FiveTuple,
    Permit,
    Revoke,
    UnbindChannel,
)
from media_relay.core.shares import UNSHARED, Holder, Shares
from media_relay.stun.address import TransportAddress

PERMISSION_LIFETIME = 300.0
"""Seconds, RFC 8656 section 9."""
CHANNEL_LIFETIME = 600.0
"""Seconds, RFC 8656 section 12."""
SLACK = 256
"""Entries of the clock's heap that may be dead before it is made anew."""


@dataclass(slots=True)
class Permission:
    """A host to which packets pass until ``expires_at``."""

    relayed_only: bool
    expires_at: float


@dataclass(slots=True)
class Channel:
    """A number bound to ``peer`` until ``expires_at``."""

    peer: TransportAddress
    expires_at: float


@dataclass(slots=True)
class Relayed:
    """A relayed address, given until ``expires_at``: each of an allocation's two has an end of its own."""

    address: TransportAddress
    expires_at: float


@dataclass(slots=True)
class Allocation:
    """Relayed addresses and whose they are. Times are of the clock that the core is given."""

    five_tuple: FiveTuple
    relayed: dict[int, Relayed]
    """By family: one address, or one of each (RFC 8656 section 3.2)."""
    username: str
    name: str
    governorate: str
    last_used: float
    transaction_id: bytes
    """Of the request that made it, so that its retransmission is answered alike."""
    answer: bytes
    nonce: bytes
    """Of the last request that was signed: whoever sends it again can read what the client is sent."""
    idle: bool = False
    """Whether other processes of the relay are told that it may make way."""
    permissions: dict[str, Permission] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    channel_of: dict[TransportAddress, int] = field(default_factory=dict)

    def next_end(self) -> float:
        """When the first of its relayed addresses, permissions and channels ends."""
        ends = [relayed.expires_at for relayed in self.relayed.values()]
        ends += [permission.expires_at for permission in self.permissions.values()]
        ends += [channel.expires_at for channel in self.channels.values()]
        return min(ends)

    def holders(self) -> tuple[Holder, ...]:
        """Who has a share that this allocation is a part of."""
        return holders(self.name, self.governorate, self.five_tuple)


ALL: Holder = ("all", "")
"""Whoever has an allocation."""


def holders(name: str, governorate: str, five_tuple: FiveTuple) -> tuple[Holder, Holder, Holder, Holder]:
    """The user, governorate and source of an allocation, and all, as ``AllocationTable.held_by`` counts them."""
    return ("user", name), ("governorate", governorate), ("source", subscriber(five_tuple.client)), ALL


class AllocationTable:
    """All live allocations of one relay process. ``live_elsewhere``: whether an address is a relayed one in use of
    another process of the same relay; ``shares``: what the others have given out."""

    def __init__(
        self,
        live_elsewhere: Callable[[TransportAddress], bool] = lambda address: False,
        shares: Shares = UNSHARED,
    ) -> None:
        self.made = 0
        """How many there have been."""
        self.ended: Counter[Cause] = Counter()
        """How many have ended, by cause."""
        self._live_elsewhere = live_elsewhere
        self._shares = shares
        self._by_five_tuple: dict[FiveTuple, Allocation] = {}
        self._relayed: set[TransportAddress] = set()
        self._held: defaultdict[Holder, set[FiveTuple]] = defaultdict(set)
        # One live entry an allocation; it may be early (something was refreshed since), and is then put back.
        self._due: list[tuple[float, FiveTuple]] = []
        self._due_at: dict[FiveTuple, float] = {}

    def __len__(self) -> int:
        return len(self._by_five_tuple)

    def __iter__(self) -> Iterator[Allocation]:
        return iter(self._by_five_tuple.values())

    @property
    def deadline(self) -> float | None:
        """When ``expire`` has something to look at, or None."""
        return self._due[0][0] if self._due else None

    def get(self, five_tuple: FiveTuple) -> Allocation | None:
        """The allocation of ``five_tuple``."""
        return self._by_five_tuple.get(five_tuple)

    def is_live(self, address: TransportAddress) -> bool:
        """Whether ``address`` is a relayed address in use, of this process or another of the relay."""
        return address in self._relayed or self._live_elsewhere(address)

    def held_by(self, holder: Holder) -> int:
        """How many allocations are of ``holder``'s share, at all processes of the relay."""
        return len(self._held.get(holder, ())) + self._shares.elsewhere(holder)

    def idle_elsewhere(self, name: str) -> int:
        """How many of user ``name``'s may make way at other processes."""
        return self._shares.elsewhere(_idle(name))

    def longest_unused(self, holder: Holder) -> Allocation | None:
        """That of ``holder``, at this process, which has carried nothing for the longest time."""
        held = (self._by_five_tuple[five_tuple] for five_tuple in self._held.get(holder, ()))
        return min(held, key=lambda allocation: allocation.last_used, default=None)

    def note_idle(self, allocation: Allocation, idle: bool) -> None:
        """Tells the other processes whether it may make way."""
        if idle != allocation.idle:
            allocation.idle = idle
            self._shares.note(_idle(allocation.name), 1 if idle else -1)

    def add(self, allocation: Allocation) -> None:
        """Takes up a new allocation; its five-tuple must be free."""
        assert allocation.five_tuple not in self._by_five_tuple
        self.made += 1
        self._by_five_tuple[allocation.five_tuple] = allocation
        self._relayed.update(relayed.address for relayed in allocation.relayed.values())
        for holder in allocation.holders():
            self._held[holder].add(allocation.five_tuple)
            self._shares.note(holder, 1)
        self._watch(allocation)

    def remove(self, allocation: Allocation, cause: Cause) -> list[Effect]:
        """Ends an allocation with all that hangs on it."""
        five_tuple = allocation.five_tuple
        self.ended[cause] += 1
        del self._by_five_tuple[five_tuple]
        self._relayed.difference_update(relayed.address for relayed in allocation.relayed.values())
        self._due_at.pop(five_tuple, None)
        self.note_idle(allocation, False)
        for holder in allocation.holders():
            self._shares.note(holder, -1)
            self._held[holder].discard(five_tuple)
            if not self._held[holder]:
                del self._held[holder]
        return [CloseRelay(five_tuple, cause)]

    def remove_family(self, allocation: Allocation, family: int) -> list[Effect]:
        """Ends one of an allocation's two relayed addresses, with what hangs on that one (RFC 8656 section 8.1)."""
        numbers = [number for number, channel in allocation.channels.items() if channel.peer.family == family]
        hosts = [host for host in allocation.permissions if TransportAddress(host, 0).family == family]
        effects = _end_parts(allocation, numbers, hosts)
        address = allocation.relayed.pop(family).address
        self._relayed.discard(address)
        self._watch(allocation)
        return [*effects, CloseFamily(allocation.five_tuple, address)]

    def refresh(self, allocation: Allocation, families: Iterable[int], expires_at: float) -> None:
        """Sets a new end for the relayed addresses of ``families``, which may be sooner."""
        for family in families:
            allocation.relayed[family].expires_at = expires_at
        self._watch(allocation)

    def permit(self, allocation: Allocation, hosts: Iterable[tuple[str, bool]], now: float) -> list[Effect]:
        """Installs or refreshes permissions for ``hosts``: (host, whether for relayed addresses only)."""
        effects: list[Effect] = []
        for host, relayed_only in hosts:
            if host not in allocation.permissions:
                effects.append(Permit(allocation.five_tuple, host, relayed_only))
            allocation.permissions[host] = Permission(relayed_only, now + PERMISSION_LIFETIME)
        self._watch(allocation)
        return effects

    def bind(self, allocation: Allocation, number: int, peer: TransportAddress, now: float) -> list[Effect]:
        """Binds or refreshes a channel; that number and peer belong together is the caller's to have checked."""
        effects: list[Effect] = []
        if number not in allocation.channels:
            effects.append(BindChannel(allocation.five_tuple, number, peer))
        allocation.channels[number] = Channel(peer, now + CHANNEL_LIFETIME)
        allocation.channel_of[peer] = number
        self._watch(allocation)
        return effects

    def expire(self, now: float) -> list[Effect]:
        """Ends whatever is over at ``now``."""
        effects: list[Effect] = []
        while self._due and self._due[0][0] <= now:
            due, five_tuple = heapq.heappop(self._due)
            allocation = self._by_five_tuple.get(five_tuple)
            if allocation is None or self._due_at.get(five_tuple) != due:
                continue  # gone, or watched by a sooner entry since
            del self._due_at[five_tuple]
            if all(relayed.expires_at <= now for relayed in allocation.relayed.values()):
                effects += self.remove(allocation, "expired")
                continue
            for family in [f for f, relayed in allocation.relayed.items() if relayed.expires_at <= now]:
                effects += self.remove_family(allocation, family)
            effects += _expire_parts(allocation, now)
            self._watch(allocation)
        return effects

    def _watch(self, allocation: Allocation) -> None:
        end = allocation.next_end()
        if end < self._due_at.get(allocation.five_tuple, float("inf")):
            self._due_at[allocation.five_tuple] = end
            heapq.heappush(self._due, (end, allocation.five_tuple))
            self._forget_the_dead()

    def _forget_the_dead(self) -> None:
        # Else whoever makes and releases allocations without rest would fill the heap until their times have come.
        if len(self._due) > 2 * len(self._due_at) + SLACK:
            self._due = [(due, five_tuple) for five_tuple, due in self._due_at.items()]
            heapq.heapify(self._due)


def _idle(name: str) -> Holder:
    return "idle", name


def _expire_parts(allocation: Allocation, now: float) -> list[Effect]:
    numbers = [number for number, channel in allocation.channels.items() if channel.expires_at <= now]
    hosts = [host for host, permission in allocation.permissions.items() if permission.expires_at <= now]
    return _end_parts(allocation, numbers, hosts)


def _end_parts(allocation: Allocation, numbers: Iterable[int], hosts: Iterable[str]) -> list[Effect]:
    effects: list[Effect] = []
    for number in numbers:
        del allocation.channel_of[allocation.channels.pop(number).peer]
        effects.append(UnbindChannel(allocation.five_tuple, number))
    for host in hosts:
        del allocation.permissions[host]
        effects.append(Revoke(allocation.five_tuple, host))
    return effects
