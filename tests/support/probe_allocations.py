"""The probe, allocations: what a user with good credentials tries with their own allocation, and with another's."""

from __future__ import annotations

import os

from support.probe_bed import PEER, QUOTA, Bed
from support.probe_caller import SUCCESS, Caller, Target, raw, said, udp
from support.probe_rows import NOTHING, Subject

from media_relay.stun import attributes as stun
from media_relay.stun.address import TransportAddress
from media_relay.stun.attributes import Field
from media_relay.stun.channel import FIRST_CHANNEL
from media_relay.stun.message import Message, MessageClass, Method, build

SUBJECT = Subject("Allocations: one's own, another's, none")
SOMEBODY = PEER._replace(port=9)
UNKNOWN = raw(0x7EEE, b"what?")
"""Comprehension required, and comprehended by nobody."""


def _with_allocation(bed: Bed, target: Target, method: int, *fields: Field) -> str:
    with bed.caller(target) as caller:
        caller.allocate()
        return said(caller.ask(method, *fields))


def _without(bed: Bed, target: Target, method: int, *fields: Field) -> str:
    with bed.caller(target) as caller:
        return said(caller.ask(method, *fields))


PEER_FIELD, CHANNEL_FIELD = stun.XOR_PEER_ADDRESS(SOMEBODY), stun.CHANNEL_NUMBER(FIRST_CHANNEL)
_ON_ANOTHERS: tuple[tuple[str, int, tuple[Field, ...]], ...] = (
    ("Refresh", Method.REFRESH, (stun.LIFETIME(0),)),
    ("CreatePermission", Method.CREATE_PERMISSION, (PEER_FIELD,)),
    ("ChannelBind", Method.CHANNEL_BIND, (CHANNEL_FIELD, PEER_FIELD)),
)


def _by_another(bed: Bed, target: Target, method: int, *fields: Field) -> str:
    """With the credentials of another user, from the very same address and port."""
    with bed.caller(target) as caller:
        caller.allocate()
        other = target.credentials("somebody-else")
        return said(caller.send(caller.signed(method, *fields, credentials=other)))


for _name, _method, _fields in _ON_ANOTHERS:
    SUBJECT.add(
        f"{_name} by another user over the same five-tuple",
        "RFC 8656 5",
        "441",
        lambda bed, target, method=_method, fields=_fields: _by_another(bed, target, method, *fields),  # type: ignore[misc]
    )
    SUBJECT.add(
        f"{_name} without an allocation",
        "RFC 8656 5",
        "437",
        lambda bed, target, method=_method, fields=_fields: _without(bed, target, method, *fields),  # type: ignore[misc]
    )


@SUBJECT.row("a second Allocate over the same five-tuple", "RFC 8656 7.2", "437")
def _twice(bed: Bed, target: Target) -> str:
    return _with_allocation(bed, target, Method.ALLOCATE, udp())


@SUBJECT.row("Allocate by another user over the same five-tuple", "RFC 8656 7.2", "437 or 441")
def _twice_by_another(bed: Bed, target: Target) -> str:
    return _by_another(bed, target, Method.ALLOCATE, udp())


@SUBJECT.row("one allocation more than a user may have", "RFC 8656 7.2", "486")
def _quota(bed: Bed, target: Target) -> str:
    given, callers = target.credentials("probe-quota"), []
    try:
        for _ in range(QUOTA + 1):
            callers.append(Caller(target, bed.source(), given))
            last = said(callers[-1].ask(Method.ALLOCATE, udp()))
        return last
    finally:
        for caller in callers:
            caller.close()


for _number in (0x0000, 0x3FFF, 0x5000, 0x7FFF, 0xFFFF):
    SUBJECT.add(
        f"ChannelBind to number 0x{_number:04X}",
        "RFC 8656 12",
        "400",
        lambda bed, target, number=_number: _with_allocation(  # type: ignore[misc]
            bed, target, Method.CHANNEL_BIND, stun.CHANNEL_NUMBER(number), PEER_FIELD
        ),
    )


@SUBJECT.row("a channel bound to another peer", "RFC 8656 12.2", "400")
def _rebound_channel(bed: Bed, target: Target) -> str:
    with bed.caller(target) as caller:
        caller.allocate()
        caller.bind(FIRST_CHANNEL, SOMEBODY)
        return caller.bind(FIRST_CHANNEL, SOMEBODY._replace(port=10))


@SUBJECT.row("a peer bound to another channel", "RFC 8656 12.2", "400")
def _rebound_peer(bed: Bed, target: Target) -> str:
    with bed.caller(target) as caller:
        caller.allocate()
        caller.bind(FIRST_CHANNEL, SOMEBODY)
        return caller.bind(FIRST_CHANNEL + 1, SOMEBODY)


@SUBJECT.row("CreatePermission for nobody", "RFC 8656 10.2", "400")
def _nobody(bed: Bed, target: Target) -> str:
    return _with_allocation(bed, target, Method.CREATE_PERMISSION)


@SUBJECT.row("permissions without end: 2,000 peers", "RFC 8656 21.3.1; CWE-770", "508")
def _many_permissions(bed: Bed, target: Target) -> str:
    with bed.caller(target) as caller:
        caller.allocate()
        for first in range(0, 2000, 40):
            hosts = [f"10.20.{number // 250 + 10}.{number % 250 + 1}" for number in range(first, first + 40)]
            code = caller.permit(*(TransportAddress(host, 9) for host in hosts))
            if code != SUCCESS:
                return code
        return SUCCESS


@SUBJECT.row("channels without end: 300 of one host", "RFC 8656 21.3.1; CWE-770", "508")
def _many_channels(bed: Bed, target: Target) -> str:
    with bed.caller(target) as caller:
        caller.allocate()
        for number in range(300):
            code = caller.bind(FIRST_CHANNEL + number, SOMEBODY._replace(port=1000 + number))
            if code != SUCCESS:
                return code
        return SUCCESS


def _lifetime(answer: Message | None) -> str:
    lifetime = answer.get(stun.LIFETIME) if answer is not None else None
    return said(answer) if lifetime is None else f"{lifetime} s"


@SUBJECT.row("Allocate for 0 seconds", "RFC 8656 7.2", "600 s")
def _no_time(bed: Bed, target: Target) -> str:
    with bed.caller(target) as caller:
        return _lifetime(caller.ask(Method.ALLOCATE, udp(), stun.LIFETIME(0)))


@SUBJECT.row("Allocate for 136 years", "RFC 8656 7.2", "3600 s")
def _for_ever(bed: Bed, target: Target) -> str:
    with bed.caller(target) as caller:
        return _lifetime(caller.ask(Method.ALLOCATE, udp(), stun.LIFETIME(2**32 - 1)))


@SUBJECT.row("Refresh for 136 years", "RFC 8656 8.2", "3600 s")
def _refreshed_for_ever(bed: Bed, target: Target) -> str:
    with bed.caller(target) as caller:
        caller.allocate()
        return _lifetime(caller.ask(Method.REFRESH, stun.LIFETIME(2**32 - 1)))


@SUBJECT.row("two lifetimes: the first counts", "RFC 8489 14", "1200 s")
def _two_lifetimes(bed: Bed, target: Target) -> str:
    with bed.caller(target) as caller:
        return _lifetime(caller.ask(Method.ALLOCATE, udp(), stun.LIFETIME(1200), stun.LIFETIME(3600)))


@SUBJECT.row("a lifetime of two bytes", "RFC 8656 18.2", "400")
def _short_lifetime(bed: Bed, target: Target) -> str:
    return _without(bed, target, Method.ALLOCATE, udp(), raw(stun.LIFETIME.number, b"\0\1"))


@SUBJECT.row("what was released carries nothing more", "RFC 8656 8.2", NOTHING)
def _released(bed: Bed, target: Target) -> str:
    with bed.caller(target) as caller, bed.peer() as peer:
        caller.allocate()
        here = TransportAddress(*peer.getsockname())
        caller.bind(FIRST_CHANNEL, here)
        caller.ask(Method.REFRESH, stun.LIFETIME(0))
        caller.on_channel(FIRST_CHANNEL, b"after the end")
        caller.indicate(here, b"after the end")
        caller.fence()
        peer.setblocking(False)
        try:
            peer.recv(100)
        except BlockingIOError:
            return NOTHING
        return "a packet at the peer"


_ASKED: tuple[tuple[str, str, str, tuple[Field, ...]], ...] = (
    ("without REQUESTED-TRANSPORT", "RFC 8656 7.2", "400", ()),
    ("for TCP", "RFC 8656 7.2; RFC 6062 is not ours", "442", (stun.REQUESTED_TRANSPORT(6),)),
    ("for a protocol that there is not", "RFC 8656 7.2", "442", (stun.REQUESTED_TRANSPORT(255),)),
    ("for address family 9", "RFC 8656 7.2", "440", (udp(), stun.REQUESTED_ADDRESS_FAMILY(9))),
    ("with an attribute that must be understood and is not", "RFC 8489 6.3.1", "420", (udp(), UNKNOWN)),
    (
        "for one family and another beside it",
        "RFC 8656 7.2",
        "400",
        (udp(), stun.REQUESTED_ADDRESS_FAMILY(1), stun.ADDITIONAL_ADDRESS_FAMILY(2)),
    ),
    (
        "for IPv4 beside IPv4",
        "RFC 8656 7.2",
        "400",
        (udp(), stun.ADDITIONAL_ADDRESS_FAMILY(1)),
    ),
    (
        "for an even port and a kept one",
        "RFC 8656 7.2",
        "400",
        (udp(), stun.EVEN_PORT(b"\x80"), stun.RESERVATION_TOKEN(bytes(8))),
    ),
    ("with a guessed reservation token", "RFC 8656 7.2", "508", (udp(), stun.RESERVATION_TOKEN(os.urandom(8)))),
)

for _name, _about, _right, _fields in _ASKED:
    SUBJECT.add(
        f"Allocate {_name}",
        _about,
        _right,
        lambda bed, target, fields=_fields: _without(bed, target, Method.ALLOCATE, *fields),  # type: ignore[misc]
    )


@SUBJECT.row("Send with an attribute that must be understood and is not", "RFC 8489 6.3.2", NOTHING)
def _unknown_in_send(bed: Bed, target: Target) -> str:
    return _indicated(bed, target, UNKNOWN)


@SUBJECT.row("the control: a Send without it", "RFC 8656 11.2", "a packet at the peer")
def _send_control(bed: Bed, target: Target) -> str:
    return _indicated(bed, target)


def _indicated(bed: Bed, target: Target, *more: Field) -> str:
    with bed.caller(target) as caller, bed.peer() as peer:
        caller.allocate()
        here = TransportAddress(*peer.getsockname())
        assert caller.permit(here) == SUCCESS
        fields: list[Field] = [*more, stun.XOR_PEER_ADDRESS(here), stun.DATA(b"hello")]
        caller.socket.send(build(Method.SEND, MessageClass.INDICATION, os.urandom(12), fields))
        caller.fence()
        peer.setblocking(False)
        try:
            peer.recv(100)
        except BlockingIOError:
            return NOTHING
        return "a packet at the peer"
