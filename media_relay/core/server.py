"""The relay as one pure machine: datagrams and time in, effects out (RFC 8489, RFC 8656, over UDP).

The shell gives every datagram that is not ChannelData to ``handle``, performs the effects in their order, and calls
``tick`` when ``deadline`` has come. After an ``OpenRelay`` it calls ``relay_opened`` or ``relay_failed`` before
anything else.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from media_relay.core.allocation import Allocation, AllocationTable
from media_relay.core.answers import Answers, not_understood, refuse_unknown
from media_relay.core.auth import Authenticator, Identity
from media_relay.core.budget import SourceBudget
from media_relay.core.effects import Answer, Effect, FiveTuple, OpenRelay, SendToPeer
from media_relay.core.permission import PeerRules, Verdict
from media_relay.core.refusal import Refused
from media_relay.errors import MalformedAttribute, MalformedMessage
from media_relay.stun import attributes as stun
from media_relay.stun.address import IPV4, IPV6, TransportAddress
from media_relay.stun.channel import FIRST_CHANNEL, LAST_CHANNEL
from media_relay.stun.message import Message, MessageClass, Method, parse

UDP = 17
"""REQUESTED-TRANSPORT: the protocol's number (RFC 8656 section 18.8)."""

IDLE = 30.0
"""Seconds without a packet after which an allocation may make way for a new one of the same user's. A live call sends
every 20 ms, and its consent checks come every 5 s (RFC 7675)."""

_REMEMBERED = 1024
"""Releases that are remembered, so that their retransmission is answered alike; made by authenticated users alone."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Quotas and times, seconds; see ``media_relay.config.RelayConfig`` for what each is for."""

    allocations_per_user: int = 10
    allocations_in_all: int = 1000
    permissions_per_allocation: int = 128
    channels_per_allocation: int = 128
    lifetime: int = 600
    maximum_lifetime: int = 3600
    overrun: int = 3600


@dataclass(frozen=True, slots=True)
class _Request:
    message: Message
    five_tuple: FiveTuple
    identity: Identity


class RelayServer:
    """The core of one relay process. ``relay_hosts``: the addresses on which relayed addresses may be opened."""

    def __init__(
        self,
        *,
        realm: str,
        authenticator: Authenticator,
        rules: PeerRules,
        budget: SourceBudget,
        relay_hosts: Sequence[str],
        limits: Limits,
        unix_offset: float,
    ) -> None:
        self.allocations = AllocationTable()
        self.counters: Counter[str] = Counter()
        """How often each thing happened, by causes of our own choosing: never a name, never an address."""
        self.draining = False
        """While set, no new allocation is made."""
        self.unix_offset = unix_offset
        """Unix time less the time that ``handle`` is given: the latter must never jump, and credentials expire by the
        calendar."""
        self._authenticator = authenticator
        self._answers = Answers(realm, authenticator, self.counters)
        self._rules = rules
        self._budget = budget
        self._relay_hosts = tuple(relay_hosts)
        self._limits = limits
        self._opening: dict[FiveTuple, _Request] = {}
        self._released: OrderedDict[FiveTuple, tuple[bytes, bytes]] = OrderedDict()
        self._methods: dict[int, Callable[[_Request, float], list[Effect]]] = {
            Method.ALLOCATE: self._allocate,
            Method.REFRESH: self._refresh,
            Method.CREATE_PERMISSION: self._create_permission,
            Method.CHANNEL_BIND: self._channel_bind,
        }

    @property
    def deadline(self) -> float | None:
        """When ``tick`` must be called, or None."""
        return self.allocations.deadline

    def tick(self, now: float) -> list[Effect]:
        """Ends what is over."""
        return self.allocations.expire(now)

    def note_used(self, five_tuples: Iterable[FiveTuple], now: float) -> None:
        """Packets have lately passed over these allocations."""
        for allocation in map(self.allocations.get, five_tuples):
            if allocation is not None:
                allocation.last_used = now

    def handle(self, datagram: bytes, source: TransportAddress, local: TransportAddress, now: float) -> list[Effect]:
        """What to do about ``datagram``, which came from ``source`` to our ``local`` address. Never raises."""
        effects = self.tick(now)
        five_tuple = FiveTuple(source, local)
        if self.allocations.get(five_tuple) is None and not self._budget.admits(source, now):
            self.counters["dropped.over-budget"] += 1
            return effects
        try:
            message = parse(datagram)
        except MalformedMessage:
            self.counters["dropped.malformed"] += 1
            self._budget.may_answer(source, now)
            return effects
        if message.message_class is MessageClass.REQUEST:
            return effects + self._request(message, five_tuple, now)
        if message.message_class is MessageClass.INDICATION and message.method == Method.SEND:
            return effects + self._send(message, five_tuple)
        self.counters["dropped.unexpected"] += 1  # RFC 8489 section 6.3: in silence
        return effects

    def relay_opened(self, five_tuple: FiveTuple, relayed: TransportAddress, now: float) -> list[Effect]:
        """The relayed address asked for by ``OpenRelay`` is bound."""
        request = self._opening.pop(five_tuple)
        lifetime = self._lifetime(request)
        answer = self._success(
            request,
            stun.XOR_RELAYED_ADDRESS(relayed),
            stun.LIFETIME(lifetime),
            stun.XOR_MAPPED_ADDRESS(five_tuple.client),
        )
        self.allocations.add(
            Allocation(
                five_tuple=five_tuple,
                relayed=relayed,
                username=request.identity.username,
                name=request.identity.name,
                expires_at=now + lifetime,
                last_used=now,
                transaction_id=request.message.transaction_id,
                answer=answer.data,
            )
        )
        self._released.pop(five_tuple, None)
        return [answer]

    def relay_failed(self, five_tuple: FiveTuple) -> list[Effect]:
        """No relayed address could be bound."""
        request = self._opening.pop(five_tuple)
        return [self._answers.error(request.message, five_tuple, Refused(508), request.identity.key)]

    def _request(self, message: Message, five_tuple: FiveTuple, now: float) -> list[Effect]:
        method = self._methods.get(message.method)
        if method is None and message.method != Method.BINDING:
            self.counters["dropped.unknown-method"] += 1
            self._budget.may_answer(five_tuple.client, now)
            return []
        identity = None
        try:
            if method is None:
                refuse_unknown(message)
                mapped = stun.XOR_MAPPED_ADDRESS(five_tuple.client)
                return self._unauthenticated(self._answers.success(message, five_tuple, mapped), now)
            identity = self._identify(message, five_tuple, now)
            refuse_unknown(message)  # RFC 8489 section 6.3.1: after authentication
            return method(_Request(message, five_tuple, identity), now)
        except (Refused, MalformedAttribute) as error:
            refused = error if isinstance(error, Refused) else Refused(400)
            if identity is not None:
                return [self._answers.error(message, five_tuple, refused, identity.key)]
            challenge = self._answers.challenge(message, five_tuple, refused, now + self.unix_offset)
            return self._unauthenticated(challenge, now)

    def _identify(self, message: Message, five_tuple: FiveTuple, now: float) -> Identity:
        # Credentials that expired still keep an allocation for a while; they never make one.
        keeping = self.allocations.get(five_tuple) is not None and message.method != Method.ALLOCATE
        overrun = self._limits.overrun if keeping else 0
        return self._authenticator.identify(message, five_tuple.client, now + self.unix_offset, overrun=overrun)

    def _allocate(self, request: _Request, now: float) -> list[Effect]:
        # The steps of RFC 8656 section 7.2.
        message, five_tuple = request.message, request.five_tuple
        existing = self.allocations.get(five_tuple)
        if existing is not None:
            if existing.transaction_id == message.transaction_id and existing.username == request.identity.username:
                return [Answer(five_tuple, existing.answer)]
            raise Refused(437)
        transport = message.get(stun.REQUESTED_TRANSPORT)
        if transport is None:
            raise Refused(400)
        if transport != UDP:
            raise Refused(442)
        message.get(stun.LIFETIME)  # a malformed one is refused before a port is taken
        even_port = message.get(stun.EVEN_PORT)
        host = self._relay_host(five_tuple, message.get(stun.REQUESTED_ADDRESS_FAMILY))
        # A port to be reserved beside it, for a separate RTCP that WebRTC does not use, is capacity that is not there.
        if self.draining or (even_port is not None and even_port[0] & 0x80):
            raise Refused(508)
        effects = self._make_room(request.identity.name, now)
        self._opening[five_tuple] = request
        return [*effects, OpenRelay(five_tuple, host, even=even_port is not None)]

    def _relay_host(self, five_tuple: FiveTuple, family: int | None) -> str:
        if family not in (None, IPV4, IPV6):
            raise Refused(440)
        here = five_tuple.server
        for candidate in (here.host, *self._relay_hosts):
            # RFC 8656 section 7.2: IPv4 unless IPv6 is asked for, so that both ends of a call can pair.
            if TransportAddress(candidate, 0).family == (family or IPV4):
                return candidate
        if family is not None:
            raise Refused(440)
        return here.host  # a relay of IPv6 alone: better that than nothing

    def _make_room(self, name: str, now: float) -> list[Effect]:
        held = self.allocations.of_name(name)
        effects: list[Effect] = []
        if len(held) >= self._limits.allocations_per_user:
            if now - held[0].last_used < IDLE:
                raise Refused(486)
            effects = self.allocations.remove(held[0], "displaced")
        if len(self.allocations) >= self._limits.allocations_in_all:
            raise Refused(508)
        return effects

    def _refresh(self, request: _Request, now: float) -> list[Effect]:
        message, five_tuple = request.message, request.five_tuple
        transaction_id, answer = self._released.get(five_tuple, (b"", b""))
        if transaction_id == message.transaction_id:
            return [Answer(five_tuple, answer)]
        allocation = self._owned(request)
        family = message.get(stun.REQUESTED_ADDRESS_FAMILY)
        if family is not None and family != allocation.relayed.family:
            raise Refused(443)  # RFC 8656 section 8.2
        lifetime = self._lifetime(request)
        success = self._success(request, stun.LIFETIME(lifetime))
        if lifetime:
            self.allocations.refresh(allocation, now + lifetime)
            return [success]
        self._released[five_tuple] = (message.transaction_id, success.data)
        if len(self._released) > _REMEMBERED:
            self._released.popitem(last=False)
        return [success, *self.allocations.remove(allocation, "released")]

    def _create_permission(self, request: _Request, now: float) -> list[Effect]:
        allocation = self._owned(request)
        peers = request.message.all(stun.XOR_PEER_ADDRESS)
        if not peers:
            raise Refused(400)
        # RFC 8656 section 10.2: all of them, or none.
        hosts = {peer.host: self._judge(allocation, peer) is Verdict.RELAYED_ONLY for peer in peers}
        if len(allocation.permissions.keys() | hosts.keys()) > self._limits.permissions_per_allocation:
            raise Refused(508)
        return [*self.allocations.permit(allocation, hosts.items(), now), self._success(request)]

    def _channel_bind(self, request: _Request, now: float) -> list[Effect]:
        # RFC 8656 section 12.2.
        allocation = self._owned(request)
        number = request.message.get(stun.CHANNEL_NUMBER)
        peer = request.message.get(stun.XOR_PEER_ADDRESS)
        if number is None or peer is None or not FIRST_CHANNEL <= number <= LAST_CHANNEL:
            raise Refused(400)
        bound = allocation.channels.get(number)
        if (bound is not None and bound.peer != peer) or allocation.channel_of.get(peer, number) != number:
            raise Refused(400)
        relayed_only = self._judge(allocation, peer) is Verdict.RELAYED_ONLY
        if relayed_only and not self.allocations.is_live(peer):
            raise Refused(403)
        if len(allocation.channels.keys() | {number}) > self._limits.channels_per_allocation or (
            len(allocation.permissions.keys() | {peer.host}) > self._limits.permissions_per_allocation
        ):
            raise Refused(508)
        return [
            *self.allocations.permit(allocation, [(peer.host, relayed_only)], now),
            *self.allocations.bind(allocation, number, peer, now),
            self._success(request),
        ]

    def _judge(self, allocation: Allocation, peer: TransportAddress) -> Verdict:
        # Forbidden comes before the family: ::ffff:127.0.0.1 is refused for what it is on an IPv4 allocation too.
        verdict = self._rules.verdict(peer.host)
        if verdict is Verdict.FORBIDDEN:
            raise Refused(403)
        if peer.family != allocation.relayed.family:
            raise Refused(443)
        return verdict

    def _send(self, message: Message, five_tuple: FiveTuple) -> list[Effect]:
        # RFC 8656 section 11.2: whatever is wrong with a Send indication, it is dropped in silence.
        cause = "dropped.send-malformed"
        try:
            allocation = self.allocations.get(five_tuple)
            peer, data = message.get(stun.XOR_PEER_ADDRESS), message.get(stun.DATA)
            if allocation is None:
                cause = "dropped.send-no-allocation"
            elif peer is not None and data is not None and not not_understood(message):
                permission = allocation.permissions.get(peer.host)
                if permission is not None and (not permission.relayed_only or self.allocations.is_live(peer)):
                    return [SendToPeer(five_tuple, peer, data)]
                cause = "dropped.send-no-permission"
        except MalformedAttribute:
            pass
        self.counters[cause] += 1
        return []

    def _owned(self, request: _Request) -> Allocation:
        allocation = self.allocations.get(request.five_tuple)
        if allocation is None:
            raise Refused(437)
        if allocation.username != request.identity.username:
            raise Refused(441)
        return allocation

    def _lifetime(self, request: _Request) -> int:
        # RFC 8656 section 7.2: never less than the default, never more than the maximum; a Refresh may ask for none.
        asked = request.message.get(stun.LIFETIME)
        if asked == 0 and request.message.method == Method.REFRESH:
            return 0
        return max(self._limits.lifetime, min(asked or 0, self._limits.maximum_lifetime))

    def _success(self, request: _Request, *fields: stun.Field) -> Answer:
        return self._answers.success(request.message, request.five_tuple, *fields, key=request.identity.key)

    def _unauthenticated(self, answer: Answer, now: float) -> list[Effect]:
        if self._budget.may_answer(answer.five_tuple.client, now):
            return [answer]
        self.counters["dropped.answer-over-budget"] += 1
        return []
