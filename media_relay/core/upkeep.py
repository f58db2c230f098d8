"""What an allocation can be asked for: Refresh, CreatePermission, ChannelBind, Send (RFC 8656 sections 8 to 12)."""

from __future__ import annotations

from collections import Counter, OrderedDict

from media_relay.core.allocation import Allocation, AllocationTable
from media_relay.core.answers import Answers
from media_relay.core.effects import Answer, Effect, FiveTuple, SendToPeer
from media_relay.core.permission import PeerRules, Verdict
from media_relay.core.refusal import Refused
from media_relay.core.request import Limits, Request, lifetime_of
from media_relay.core.understanding import Understanding
from media_relay.errors import MalformedAttribute
from media_relay.stun import attributes as stun
from media_relay.stun.address import TransportAddress
from media_relay.stun.channel import FIRST_CHANNEL, LAST_CHANNEL
from media_relay.stun.message import Message

_REMEMBERED = 1024
"""Releases that are remembered, so that their retransmission is answered alike; made by authenticated users alone."""


class Upkeep:
    """The methods for allocations that are there. Those for requests raise Refused and MalformedAttribute."""

    def __init__(
        self,
        allocations: AllocationTable,
        answers: Answers,
        rules: PeerRules,
        limits: Limits,
        understanding: Understanding,
        counters: Counter[str],
    ) -> None:
        self._allocations = allocations
        self._answers = answers
        self._rules = rules
        self._limits = limits
        self._understanding = understanding
        self._counters = counters
        self._released: OrderedDict[FiveTuple, tuple[bytes, str, bytes]] = OrderedDict()

    def refresh(self, request: Request, now: float) -> list[Effect]:
        """RFC 8656 section 8.2: sets a new end, or ends it; all of it, or one of two address families."""
        message, five_tuple = request.message, request.five_tuple
        transaction_id, username, answer = self._released.get(five_tuple, (b"", "", b""))
        if (transaction_id, username) == (message.transaction_id, request.identity.username):
            # Also when there is a new allocation since: a late copy must not end that one.
            return [Answer(five_tuple, answer)]
        allocation = self._owned(request)
        family = message.get(stun.REQUESTED_ADDRESS_FAMILY)
        if family is not None and family not in allocation.relayed:
            raise Refused(443)
        lifetime = lifetime_of(message, self._limits)
        success = self._success(request, stun.LIFETIME(lifetime))
        if lifetime:
            families = allocation.relayed if family is None else [family]
            self._allocations.refresh(allocation, families, now + lifetime)
            return [success]
        self._remember(request, success)
        if family is None or len(allocation.relayed) == 1:
            return [success, *self._allocations.remove(allocation, "released")]
        return [success, *self._allocations.remove_family(allocation, family)]

    def create_permission(self, request: Request, now: float) -> list[Effect]:
        """RFC 8656 section 10.2: all of the permissions, or none."""
        allocation = self._owned(request)
        peers = request.message.all(stun.XOR_PEER_ADDRESS)
        if not peers:
            raise Refused(400)
        hosts = {peer.host: self._judge(allocation, peer) is Verdict.RELAYED_ONLY for peer in peers}
        if len(allocation.permissions.keys() | hosts.keys()) > self._limits.permissions_per_allocation:
            raise Refused(508)
        return [*self._allocations.permit(allocation, hosts.items(), now), self._success(request)]

    def channel_bind(self, request: Request, now: float) -> list[Effect]:
        """RFC 8656 section 12.2: number and peer belong together, or to nobody yet."""
        allocation = self._owned(request)
        number = request.message.get(stun.CHANNEL_NUMBER)
        peer = request.message.get(stun.XOR_PEER_ADDRESS)
        if number is None or peer is None or not FIRST_CHANNEL <= number <= LAST_CHANNEL:
            raise Refused(400)
        bound = allocation.channels.get(number)
        if (bound is not None and bound.peer != peer) or allocation.channel_of.get(peer, number) != number:
            raise Refused(400)
        relayed_only = self._judge(allocation, peer) is Verdict.RELAYED_ONLY
        if relayed_only and not self._allocations.is_live(peer):
            raise Refused(403)
        if len(allocation.channels.keys() | {number}) > self._limits.channels_per_allocation or (
            len(allocation.permissions.keys() | {peer.host}) > self._limits.permissions_per_allocation
        ):
            raise Refused(508)
        return [
            *self._allocations.permit(allocation, [(peer.host, relayed_only)], now),
            *self._allocations.bind(allocation, number, peer, now),
            self._success(request),
        ]

    def send(self, message: Message, five_tuple: FiveTuple) -> SendToPeer | None:
        """RFC 8656 section 11.2: whatever is wrong with a Send indication, it is dropped in silence. Never raises."""
        cause = "dropped.send-malformed"
        try:
            allocation = self._allocations.get(five_tuple)
            peer, data = message.get(stun.XOR_PEER_ADDRESS), message.get(stun.DATA)
            whole = message.get(stun.DONT_FRAGMENT) is not None
            if allocation is None:
                cause = "dropped.send-no-allocation"
            elif peer is not None and data is not None and not self._understanding.lacking(message):
                permission = allocation.permissions.get(peer.host)
                if permission is not None and (not permission.relayed_only or self._allocations.is_live(peer)):
                    return SendToPeer(five_tuple, peer, data, whole)
                cause = "dropped.send-no-permission"
        except MalformedAttribute:
            pass
        self._counters[cause] += 1
        return None

    def _judge(self, allocation: Allocation, peer: TransportAddress) -> Verdict:
        # Forbidden comes before the family: ::ffff:127.0.0.1 is refused for what it is on an IPv4 allocation too.
        verdict = self._rules.verdict(peer.host)
        if verdict is Verdict.FORBIDDEN:
            raise Refused(403)
        if peer.family not in allocation.relayed:
            raise Refused(443)
        return verdict

    def _owned(self, request: Request) -> Allocation:
        allocation = self._allocations.get(request.five_tuple)
        if allocation is None:
            raise Refused(437)
        if allocation.username != request.identity.username:
            raise Refused(441)
        return allocation

    def _remember(self, request: Request, success: Answer) -> None:
        self._released[request.five_tuple] = (request.message.transaction_id, request.identity.username, success.data)
        self._released.move_to_end(request.five_tuple)
        if len(self._released) > _REMEMBERED:
            self._released.popitem(last=False)

    def _success(self, request: Request, *fields: stun.Field) -> Answer:
        return self._answers.success(request.message, request.five_tuple, *fields, key=request.identity.key)
