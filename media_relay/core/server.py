"""The relay as one pure machine: messages and time in, effects out (RFC 8489, RFC 8656, over UDP, TCP and TLS).

The shell gives every message that is not ChannelData to ``handle``, performs the effects in their order, and calls
``tick`` when ``deadline`` has come. After an ``OpenRelay`` it calls ``relay_opened`` or ``relay_failed`` before
anything else. Of a stream it cuts the messages (``media_relay.stun.framing``) and tells of its end by ``disconnected``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from media_relay.core.allocating import Allocating
from media_relay.core.allocation import AllocationTable
from media_relay.core.answers import AMPLIFICATION, Answers
from media_relay.core.auth import Authenticator, Identity
from media_relay.core.budget import SourceBudget, UserBudget
from media_relay.core.effects import Abilities, Answer, Effect, FiveTuple, Transport
from media_relay.core.frequent import Frequent
from media_relay.core.permission import PeerRules
from media_relay.core.prefix import prefix_of
from media_relay.core.refusal import Refused
from media_relay.core.request import Limits, Request
from media_relay.core.reservation import ReservationTable
from media_relay.core.shares import UNSHARED, Shares
from media_relay.core.understanding import Understanding
from media_relay.core.upkeep import Upkeep
from media_relay.errors import MalformedAttribute, MalformedMessage
from media_relay.stun import attributes as stun
from media_relay.stun.address import TransportAddress
from media_relay.stun.message import Message, MessageClass, Method, parse

PREFIXES = 64
"""Source prefixes that are remembered by their 401s: whoever is one in 64 of those who cause them is among them."""
LITTLE = 256
"""Bytes that a Send indication carries, below which it is counted: the bandwidth hardly bounds how many of them there
are. Sound by Send is 50 a second."""


class RelayServer:
    """The core of one relay process. ``relay_hosts``: the addresses on which relayed addresses may be opened;
    ``abilities``: what the data plane in use can do; ``live_elsewhere``: whether an address is a relayed one in use of
    another process of the same relay; ``shares``: what the other processes have given out."""

    def __init__(
        self,
        *,
        realm: str,
        authenticator: Authenticator,
        rules: PeerRules,
        budget: SourceBudget,
        users: UserBudget,
        relay_hosts: Sequence[str],
        limits: Limits,
        unix_offset: float,
        abilities: Abilities = Abilities(),  # noqa: B008 - it is frozen
        live_elsewhere: Callable[[TransportAddress], bool] = lambda address: False,
        shares: Shares = UNSHARED,
    ) -> None:
        self.allocations = AllocationTable(live_elsewhere, shares)
        self.reservations = ReservationTable()
        self.counters: Counter[str] = Counter()
        """How often each thing happened, by causes of our own choosing: never a name, never an address."""
        self.unauthorized = Frequent(PREFIXES)
        """401s by source prefix. Each honest client has one too, since it does not know the nonce yet; those to
        requests that gave credentials are counted as ``refused.credentials``."""
        self.unix_offset = unix_offset
        """Unix time less the time that ``handle`` is given: the latter must never jump, and credentials expire by the
        calendar."""
        self._authenticator = authenticator
        self._answers = Answers(realm, authenticator, self.counters)
        self._understanding = Understanding(abilities)
        self._budget = budget
        self._users = users
        self._limits = limits
        self._allocating = Allocating(
            self.allocations, self.reservations, authenticator, self._answers, limits, relay_hosts, abilities
        )
        self._upkeep = Upkeep(self.allocations, self._answers, rules, limits, self._understanding, self.counters)
        self._methods: dict[int, Callable[[Request, float], list[Effect]]] = {
            Method.ALLOCATE: self._allocating.allocate,
            Method.REFRESH: self._upkeep.refresh,
            Method.CREATE_PERMISSION: self._upkeep.create_permission,
            Method.CHANNEL_BIND: self._upkeep.channel_bind,
        }

    @property
    def deadline(self) -> float | None:
        """When ``tick`` must be called, or None."""
        deadlines = (self.allocations.deadline, self.reservations.deadline)
        return min((deadline for deadline in deadlines if deadline is not None), default=None)

    @property
    def draining(self) -> bool:
        """Whether no new allocation is made; see ``drain``."""
        return self._allocating.draining

    def drain(self, alternates: Iterable[TransportAddress] = ()) -> None:
        """Makes no new allocation, and keeps those that are there. Who asks for one is sent to one of ``alternates``
        (300, RFC 8489 section 10), or told 508 when none is of their address family."""
        self._allocating.draining = True
        self._allocating.alternates = tuple(alternates)

    def tick(self, now: float) -> list[Effect]:
        """Ends what is over."""
        return self.allocations.expire(now) + self.reservations.expire(now)

    def note_used(self, five_tuples: Iterable[FiveTuple], now: float) -> None:
        """Packets have lately passed over these allocations."""
        for allocation in map(self.allocations.get, five_tuples):
            if allocation is not None:
                allocation.last_used = now

    def make_way(self, now: float) -> list[Effect]:
        """To be called every few seconds by one of several processes: see ``Allocating.make_way``."""
        return self._allocating.make_way(now)

    def disconnected(self, five_tuple: FiveTuple) -> list[Effect]:
        """The client's stream has ended: nothing can reach it any more, so its allocation ends too."""
        allocation = self.allocations.get(five_tuple)
        return self.allocations.remove(allocation, "disconnected") if allocation is not None else []

    def handle(
        self,
        datagram: bytes,
        source: TransportAddress,
        local: TransportAddress,
        now: float,
        transport: Transport = Transport.UDP,
    ) -> list[Effect]:
        """What to do about ``datagram``, a whole message, which came from ``source`` to our ``local`` address. Never
        raises."""
        effects = self.tick(now)
        five_tuple = FiveTuple(source, local, transport)
        if not self._is_looked_at(datagram, five_tuple, now):
            return effects
        try:
            message = parse(datagram)
        except MalformedMessage:
            self.counters["dropped.malformed"] += 1
            self._may_answer(five_tuple, now)
            return effects
        if message.message_class is MessageClass.REQUEST:
            return effects + self._request(message, five_tuple, now, AMPLIFICATION * len(datagram))
        if message.message_class is MessageClass.INDICATION and message.method == Method.SEND:
            return effects + self._send(message, five_tuple, now)
        self.counters["dropped.unexpected"] += 1  # RFC 8489 section 6.3: in silence
        self._note_unsigned(five_tuple, now)
        return effects

    def relay_opened(
        self, five_tuple: FiveTuple, relayed: TransportAddress, now: float, reserved: TransportAddress | None = None
    ) -> list[Effect]:
        """The relayed address asked for by ``OpenRelay`` is bound, and ``reserved``, if it asked for one to be kept."""
        return self._allocating.opened(five_tuple, relayed, now, reserved)

    def relay_failed(self, five_tuple: FiveTuple, now: float) -> list[Effect]:
        """No relayed address could be bound."""
        return self._allocating.failed(five_tuple, now)

    def _is_looked_at(self, datagram: bytes, five_tuple: FiveTuple, now: float) -> bool:
        allocation = self.allocations.get(five_tuple)
        if allocation is None:
            # No datagram comes from outside with our own address: so the server's question if we are well is let in.
            forgeable = five_tuple.transport is Transport.UDP and five_tuple.client.host != five_tuple.server.host
            cause, admitted = "over-budget", self._budget.admits(five_tuple.client, now, forgeable=forgeable)
        elif _is_request(datagram) and allocation.nonce in datagram:
            # Signed or not, nobody else could send it. So it is counted before anything is computed.
            cause, admitted = "too-many-requests", self._users.may_ask(allocation.name, now)
        else:
            cause, admitted = "too-many-unsigned", self._users.may_send(allocation.name, now)
        if not admitted:
            self.counters[f"dropped.{cause}"] += 1
        return admitted

    def _send(self, message: Message, five_tuple: FiveTuple, now: float) -> list[Effect]:
        sent = self._upkeep.send(message, five_tuple)
        if sent is None or len(sent.data) < LITTLE:
            self._note_unsigned(five_tuple, now)
        return [sent] if sent is not None else []

    def _request(self, message: Message, five_tuple: FiveTuple, now: float, limit: int) -> list[Effect]:
        method = self._methods.get(message.method)
        if method is None and message.method != Method.BINDING:
            self.counters["dropped.unknown-method"] += 1
            self._may_answer(five_tuple, now)
            return []
        identity = None
        try:
            if method is None:
                self._understanding.check(message)
                mapped = stun.XOR_MAPPED_ADDRESS(five_tuple.client)
                return self._to_a_stranger(self._answers.success(message, five_tuple, mapped), now, limit)
            identity = self._identify(message, five_tuple, now)
            request = Request(message, five_tuple, identity)
            if not self._may_ask(request, now):
                self.counters["dropped.too-many-requests"] += 1
                return []
            self._understanding.check(message)  # RFC 8489 section 6.3.1: after authentication
            return method(request, now)
        except (Refused, MalformedAttribute) as error:
            refused = error if isinstance(error, Refused) else Refused(400)
            if identity is not None:
                return [self._answers.error(message, five_tuple, refused, identity.key)]
            if refused.code == 401:
                self.unauthorized.note(prefix_of(five_tuple.client))
                if message.protection.signed:
                    self.counters["refused.credentials"] += 1
            unix_time = now + self.unix_offset
            challenge = self._answers.challenge(message, five_tuple, refused, unix_time, limit=limit)
            return self._to_a_stranger(challenge, now, limit)

    def _identify(self, message: Message, five_tuple: FiveTuple, now: float) -> Identity:
        # Credentials that expired still keep an allocation for a while; they never make one.
        keeping = self.allocations.get(five_tuple) is not None and message.method != Method.ALLOCATE
        overrun = self._limits.overrun if keeping else 0
        return self._authenticator.identify(message, five_tuple.client, now + self.unix_offset, overrun=overrun)

    def _may_ask(self, request: Request, now: float) -> bool:
        allocation = self.allocations.get(request.five_tuple)
        if allocation is not None:
            if allocation.nonce == request.nonce:
                return True  # it was counted when it came
            allocation.nonce = request.nonce
        return self._users.may_ask(request.identity.name, now)

    def _to_a_stranger(self, answer: Answer, now: float, limit: int) -> list[Effect]:
        if len(answer.data) > limit:
            self.counters["dropped.answer-too-long"] += 1
            self._may_answer(answer.five_tuple, now)
            return []
        if self._may_answer(answer.five_tuple, now):
            return [answer]
        self.counters["dropped.answer-over-budget"] += 1
        return []

    def _may_answer(self, five_tuple: FiveTuple, now: float) -> bool:
        self._note_unsigned(five_tuple, now)
        return self._budget.may_answer(five_tuple.client, now)

    def _note_unsigned(self, five_tuple: FiveTuple, now: float) -> None:
        allocation = self.allocations.get(five_tuple)
        if allocation is not None:
            self._users.note_unsigned(allocation.name, now)


def _is_request(datagram: bytes) -> bool:
    # RFC 8489 section 5: the two class bits are zero.
    return len(datagram) > 1 and not (datagram[0] & 0x01 or datagram[1] & 0x10)
