"""The Allocate method: the steps of RFC 8656 section 7.2, one after the other, until a relayed address is given.

Binding is the shell's: the core asks for one address at a time (``OpenRelay``) and goes on when it is told.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from media_relay.core.allocation import Allocation, AllocationTable, Relayed, holders
from media_relay.core.answers import Answers
from media_relay.core.auth import Authenticator
from media_relay.core.effects import Abilities, Answer, Effect, FiveTuple, OpenRelay
from media_relay.core.refusal import Refused, error_code
from media_relay.core.request import Limits, Request, lifetime_of
from media_relay.core.reservation import ReservationTable
from media_relay.stun import attributes as stun
from media_relay.stun.address import IPV4, IPV6, TransportAddress
from media_relay.stun.message import Message

UDP = 17
"""REQUESTED-TRANSPORT: the protocol's number (RFC 8656 section 18.8)."""

IDLE = 30.0
"""Seconds without a packet after which an allocation may make way for a new one of the same user's. A live call sends
every 20 ms, and its consent checks come every 5 s (RFC 7675)."""

_RESERVE = 0x80
"""The R bit of EVEN-PORT (RFC 8656 section 18.7)."""


@dataclass(frozen=True, slots=True)
class _Wish:
    """What an Allocate asks for, once it is known to make sense."""

    families: tuple[int, ...]
    even: bool
    reserve: bool
    token: bytes | None
    lifetime: int


@dataclass(slots=True)
class _Opening:
    """An allocation in the making. ``waiting``: what is to be opened yet; the first of it has been asked for."""

    request: Request
    lifetime: int
    waiting: list[OpenRelay]
    errors: list[stun.AddressError]
    opened: list[TransportAddress] = field(default_factory=list)
    reserved: TransportAddress | None = None


class Allocating:
    """Makes allocations. ``relay_hosts``: the addresses on which relayed addresses may be opened."""

    def __init__(
        self,
        allocations: AllocationTable,
        reservations: ReservationTable,
        authenticator: Authenticator,
        answers: Answers,
        limits: Limits,
        relay_hosts: Sequence[str],
        abilities: Abilities,
    ) -> None:
        self.draining = False
        self.alternates: tuple[TransportAddress, ...] = ()
        self._allocations = allocations
        self._reservations = reservations
        self._authenticator = authenticator
        self._answers = answers
        self._limits = limits
        self._relay_hosts = tuple(relay_hosts)
        self._abilities = abilities
        self._opening: dict[FiveTuple, _Opening] = {}

    def allocate(self, request: Request, now: float) -> list[Effect]:
        """Answers, or asks for a relayed address to be opened. Raises Refused and MalformedAttribute."""
        five_tuple = request.five_tuple
        existing = self._allocations.get(five_tuple)
        if existing is not None:
            same = existing.transaction_id == request.message.transaction_id
            if same and existing.username == request.identity.username:
                return [Answer(five_tuple, existing.answer)]
            raise Refused(437)
        wish = self._wish(request.message)
        kept = self._kept(wish, request)
        hosts = {family: self._host(five_tuple, family) for family in wish.families}
        given = {family: host for family, host in hosts.items() if host is not None}
        if not given:
            raise Refused(440)
        if not self._abilities.two_families:
            given = dict([next(iter(given.items()))])
        errors = [stun.AddressError(family, error_code(440)) for family in hosts if family not in given]
        if self.draining:
            raise self._elsewhere(five_tuple)
        if wish.reserve and not self._abilities.reservations:
            raise Refused(508)
        if kept is not None and wish.token is not None:  # it has been counted since it is kept
            effects: list[Effect] = []
            self._reservations.take(wish.token)
            waiting = [OpenRelay(five_tuple, kept.host, reserved=kept)]
        else:
            effects = self._make_room(request, now, places=2 if wish.reserve else 1)
            waiting = [OpenRelay(five_tuple, host, wish.even, wish.reserve) for host in given.values()]
        self._opening[five_tuple] = _Opening(request, wish.lifetime, waiting, errors)
        return [*effects, waiting[0]]

    def opened(
        self, five_tuple: FiveTuple, relayed: TransportAddress, now: float, reserved: TransportAddress | None
    ) -> list[Effect]:
        """The address asked for is bound, and ``reserved`` beside it if that was asked for too."""
        opening = self._opening[five_tuple]
        opening.waiting.pop(0)
        opening.opened.append(relayed)
        opening.reserved = reserved
        return self._go_on(opening, now)

    def failed(self, five_tuple: FiveTuple, now: float) -> list[Effect]:
        """It could not be bound."""
        opening = self._opening[five_tuple]
        asked = opening.waiting.pop(0)
        opening.errors.append(stun.AddressError(TransportAddress(asked.host, 0).family, error_code(508)))
        return self._go_on(opening, now)

    def make_way(self, now: float) -> list[Effect]:
        """Tells the other processes of the relay which allocations are idle, and ends those whose user has more than
        may be: one who came back to another process was let in for their sake."""
        allocations, most = self._allocations, self._limits.allocations_per_user
        effects: list[Effect] = []
        for allocation in sorted(allocations, key=lambda allocation: allocation.last_used):
            idle = now - allocation.last_used >= IDLE
            if idle and allocations.held_by(allocation.holders()[0]) > most:
                effects += allocations.remove(allocation, "displaced")
            else:
                allocations.note_idle(allocation, idle)
        return effects

    def _wish(self, message: Message) -> _Wish:
        transport = message.get(stun.REQUESTED_TRANSPORT)
        if transport is None:
            raise Refused(400)
        if transport != UDP:
            raise Refused(442)
        even_port, token = message.get(stun.EVEN_PORT), message.get(stun.RESERVATION_TOKEN)
        requested, additional = message.get(stun.REQUESTED_ADDRESS_FAMILY), message.get(stun.ADDITIONAL_ADDRESS_FAMILY)
        reserve = even_port is not None and bool(even_port[0] & _RESERVE)
        if (
            (token is not None and (even_port, requested, additional) != (None, None, None))
            or (requested is not None and additional is not None)
            or (reserve and additional is not None)
            or additional not in (None, IPV6)
        ):
            raise Refused(400)
        if requested not in (None, IPV4, IPV6):
            raise Refused(440)
        if additional is not None:
            families: tuple[int, ...] = (IPV4, IPV6)
        elif requested is not None:
            families = (requested,)
        else:
            # RFC 8656 section 7.2: IPv4 unless IPv6 is asked for, so that both ends of a call can pair. A relay of IPv6
            # alone gives that: better than nothing.
            families = (IPV4 if self._hosts_of(IPV4) else IPV6,)
        return _Wish(families, even_port is not None, reserve, token, lifetime_of(message, self._limits))

    def _kept(self, wish: _Wish, request: Request) -> TransportAddress | None:
        if wish.token is None:
            return None
        address = self._reservations.address_of(wish.token, request.identity.name)
        if address is None:
            raise Refused(508)
        return address

    def _host(self, five_tuple: FiveTuple, family: int) -> str | None:
        here = five_tuple.server
        return here.host if here.family == family else next(iter(self._hosts_of(family)), None)

    def _hosts_of(self, family: int) -> list[str]:
        return [host for host in self._relay_hosts if TransportAddress(host, 0).family == family]

    def _elsewhere(self, five_tuple: FiveTuple) -> Refused:
        # RFC 8489 section 14.15: of the family by which the client came. A client is always sent to the same one.
        client = five_tuple.client
        fitting = [alternate for alternate in self.alternates if alternate.family == client.family]
        if not fitting:
            return Refused(508)
        return Refused(300, stun.ALTERNATE_SERVER(fitting[zlib.crc32(client.ip.packed) % len(fitting)]))

    def _make_room(self, request: Request, now: float, *, places: int) -> list[Effect]:
        # Nothing is changed before all has been checked: who is refused has displaced nobody.
        limits, allocations = self._limits, self._allocations
        name, kept = request.identity.name, self._reservations
        user, governorate, source, everybody = holders(name, request.identity.governorate, request.five_tuple)
        displaced: Allocation | None = None
        surplus = allocations.held_by(user) + kept.of_name(name) + places - limits.allocations_per_user
        if surplus > 0:
            # Reconnecting is never refused for what a vanished connection left behind, here or at another process.
            unused = allocations.longest_unused(user) if places == 1 else None
            if unused is not None and now - unused.last_used >= IDLE:
                displaced, surplus = unused, surplus - 1
            if surplus > allocations.idle_elsewhere(name):
                raise Refused(486)
        leaving = displaced.holders() if displaced is not None else ()
        for holder, quota in (
            (governorate, limits.allocations_per_governorate),
            (source, limits.allocations_per_source),
        ):
            if holder[1] and allocations.held_by(holder) - (holder in leaving) >= quota:
                raise Refused(486)
        held = allocations.held_by(everybody) - (everybody in leaving)
        if held + len(kept) + places > limits.allocations_in_all:
            raise Refused(508)
        return allocations.remove(displaced, "displaced") if displaced is not None else []

    def _go_on(self, opening: _Opening, now: float) -> list[Effect]:
        if opening.waiting:
            return [opening.waiting[0]]
        request = opening.request
        del self._opening[request.five_tuple]
        if not opening.opened:
            return [self._answers.error(request.message, request.five_tuple, Refused(508), request.identity.key)]
        fields = [stun.XOR_RELAYED_ADDRESS(address) for address in opening.opened]
        fields += [stun.ADDRESS_ERROR_CODE(error) for error in opening.errors]
        fields += [stun.LIFETIME(opening.lifetime), stun.XOR_MAPPED_ADDRESS(request.five_tuple.client)]
        if opening.reserved is not None:
            kept = opening.reserved
            token = self._authenticator.token(
                request.message.transaction_id + kept.port.to_bytes(2, "big") + kept.ip.packed
            )
            self._reservations.keep(token, opening.reserved, request.identity.name, now)
            fields.append(stun.RESERVATION_TOKEN(token))
        answer = self._answers.success(request.message, request.five_tuple, *fields, key=request.identity.key)
        self._allocations.add(
            Allocation(
                five_tuple=request.five_tuple,
                relayed={address.family: Relayed(address, now + opening.lifetime) for address in opening.opened},
                username=request.identity.username,
                name=request.identity.name,
                governorate=request.identity.governorate,
                last_used=now,
                transaction_id=request.message.transaction_id,
                answer=answer.data,
                nonce=request.nonce,
            )
        )
        return [answer]
