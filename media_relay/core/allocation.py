"""Allocations, their permissions and channels, and the one clock that ends them (RFC 8656 sections 3, 9 and 12).

Every change is returned as effects, so that the data plane's tables are always those of this one.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from media_relay.core.effects import BindChannel, Cause, CloseRelay, Effect, FiveTuple, Permit, Revoke, UnbindChannel
from media_relay.stun.address import TransportAddress

PERMISSION_LIFETIME = 300.0
"""Seconds, RFC 8656 section 9."""
CHANNEL_LIFETIME = 600.0
"""Seconds, RFC 8656 section 12."""


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
class Allocation:
    """A relayed address and whose it is. Times are of the clock that the core is given."""

    five_tuple: FiveTuple
    relayed: TransportAddress
    username: str
    name: str
    expires_at: float
    last_used: float
    transaction_id: bytes
    """Of the request that made it, so that its retransmission is answered alike."""
    answer: bytes
    permissions: dict[str, Permission] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    channel_of: dict[TransportAddress, int] = field(default_factory=dict)

    def next_end(self) -> float:
        """When the first of the allocation, its permissions and its channels ends."""
        ends = [self.expires_at]
        ends += [permission.expires_at for permission in self.permissions.values()]
        ends += [channel.expires_at for channel in self.channels.values()]
        return min(ends)


class AllocationTable:
    """All live allocations of a relay."""

    def __init__(self) -> None:
        self._by_five_tuple: dict[FiveTuple, Allocation] = {}
        self._relayed: set[TransportAddress] = set()
        self._of_name: defaultdict[str, set[FiveTuple]] = defaultdict(set)
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
        """Whether ``address`` is a relayed address in use."""
        return address in self._relayed

    def of_name(self, name: str) -> list[Allocation]:
        """The allocations of user ``name``, the longest unused first."""
        held = [self._by_five_tuple[five_tuple] for five_tuple in self._of_name.get(name, ())]
        return sorted(held, key=lambda allocation: allocation.last_used)

    def add(self, allocation: Allocation) -> None:
        """Takes up a new allocation; its five-tuple must be free."""
        assert allocation.five_tuple not in self._by_five_tuple
        self._by_five_tuple[allocation.five_tuple] = allocation
        self._relayed.add(allocation.relayed)
        self._of_name[allocation.name].add(allocation.five_tuple)
        self._watch(allocation)

    def remove(self, allocation: Allocation, cause: Cause) -> list[Effect]:
        """Ends an allocation with all that hangs on it."""
        five_tuple = allocation.five_tuple
        del self._by_five_tuple[five_tuple]
        self._relayed.discard(allocation.relayed)
        self._due_at.pop(five_tuple, None)
        self._of_name[allocation.name].discard(five_tuple)
        if not self._of_name[allocation.name]:
            del self._of_name[allocation.name]
        return [CloseRelay(five_tuple, cause)]

    def refresh(self, allocation: Allocation, expires_at: float) -> None:
        """Sets a new end, which may be sooner."""
        allocation.expires_at = expires_at
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
            if allocation.expires_at <= now:
                effects += self.remove(allocation, "expired")
            else:
                effects += _expire_parts(allocation, now)
                self._watch(allocation)
        return effects

    def _watch(self, allocation: Allocation) -> None:
        end = allocation.next_end()
        if end < self._due_at.get(allocation.five_tuple, float("inf")):
            self._due_at[allocation.five_tuple] = end
            heapq.heappush(self._due, (end, allocation.five_tuple))


def _expire_parts(allocation: Allocation, now: float) -> list[Effect]:
    effects: list[Effect] = []
    for number, channel in list(allocation.channels.items()):
        if channel.expires_at <= now:
            del allocation.channels[number], allocation.channel_of[channel.peer]
            effects.append(UnbindChannel(allocation.five_tuple, number))
    for host, permission in list(allocation.permissions.items()):
        if permission.expires_at <= now:
            del allocation.permissions[host]
            effects.append(Revoke(allocation.five_tuple, host))
    return effects
