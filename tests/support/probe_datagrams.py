"""The probe, datagrams: what is no message of STUN, or one that lies about itself."""

from __future__ import annotations

import os
import socket
import struct

from support.probe_bed import Bed
from support.probe_caller import SILENCE, Caller, Target, raw, said, udp
from support.probe_rows import NOTHING, Act, Subject, at_most

from media_relay.errors import MalformedMessage
from media_relay.stun import attributes as stun
from media_relay.stun.address import TransportAddress
from media_relay.stun.channel import CHANNEL_HEADER, FIRST_CHANNEL
from media_relay.stun.integrity import add_fingerprint
from media_relay.stun.message import HEADER_SIZE, MessageClass, Method, build, parse

SUBJECT = Subject("Datagrams that are malformed, or are no question")
BINDING = build(Method.BINDING, MessageClass.REQUEST, bytes(range(12)))
DATAGRAM = 65_507
"""Bytes of the longest that UDP carries over IPv4."""


def _with_length(message: bytes, length: int) -> bytes:
    return message[:2] + length.to_bytes(2, "big") + message[4:]


def _attribute(number: int, length: int, value: bytes) -> bytes:
    """An attribute that may lie about its length."""
    body = struct.pack("!HH", number, length) + value
    return _with_length(BINDING, len(body)) + body


_SILENT: tuple[tuple[str, str, bytes], ...] = (
    ("an empty datagram", "RFC 8489 6.3", b""),
    ("one byte", "RFC 8489 6.3", b"\0"),
    ("a header without its last byte", "RFC 8489 5", BINDING[:19]),
    ("a wrong magic cookie", "RFC 8489 6.3", BINDING[:4] + b"\x21\x12\xa4\x43" + BINDING[8:]),
    ("no cookie, as RFC 3489 had none", "RFC 8489 6.3", BINDING[:4] + bytes(4) + BINDING[8:]),
    ("a length that is no multiple of four", "RFC 8489 5", _with_length(BINDING, 3) + bytes(3)),
    ("a length beyond the end", "RFC 8489 5", _with_length(BINDING, 8)),
    ("a length of 65,532 bytes beyond the end", "RFC 8489 5", _with_length(BINDING, 65_532)),
    ("a length before the end", "RFC 8489 5", BINDING + bytes(8)),
    ("an attribute that runs past the end", "RFC 8489 6.3", _attribute(stun.SOFTWARE.number, 60, bytes(8))),
    ("an attribute of 65,535 bytes that has eight", "RFC 8489 6.3", _attribute(stun.SOFTWARE.number, 0xFFFF, bytes(8))),
    ("half of an attribute's header", "RFC 8489 14", _with_length(BINDING, 2) + b"\x80\x22"),
    ("a wrong fingerprint", "RFC 8489 14.7", add_fingerprint(BINDING)[:-1] + b"\0"),
    ("a fingerprint of two bytes", "RFC 8489 14.7", _attribute(stun.FINGERPRINT.number, 2, bytes(4))),
    ("a success that nobody asked for", "RFC 8489 6.3.3", build(Method.BINDING, MessageClass.SUCCESS, os.urandom(12))),
    ("an error that nobody asked for", "RFC 8489 6.3.4", build(Method.ALLOCATE, MessageClass.ERROR, os.urandom(12))),
    ("an indication of Binding", "RFC 8489 6.3.2", build(Method.BINDING, MessageClass.INDICATION, os.urandom(12))),
    (
        "a Data indication, which is the relay's to send",
        "RFC 8656 11.6",
        build(Method.DATA, MessageClass.INDICATION, os.urandom(12), [stun.DATA(b"hello")]),
    ),
    ("a method that there is not", "RFC 8489 6.3", build(0x0FF, MessageClass.REQUEST, os.urandom(12))),
    ("the first bytes of DTLS", "RFC 7983", bytes.fromhex("16fefd000000000000000000") + bytes(40)),
    ("RTP", "RFC 7983", b"\x80\x60" + bytes(60)),
    ("QUIC", "RFC 9443", b"\xc3\0\0\0\1" + bytes(1195)),
    ("a DNS query", "RFC 1035", bytes.fromhex("abcd01000001000000000000") + b"\3www\7example\0\0\1\0\1"),
)


def _sent(datagram: bytes) -> Act:
    def act(bed: Bed, target: Target) -> str:
        with bed.caller(target) as caller:
            return _reply(caller, datagram)

    return act


def _reply(caller: Caller, datagram: bytes) -> str:
    answer = caller.send_raw(datagram)
    if answer is None:
        return SILENCE
    try:
        return said(parse(answer))
    except MalformedMessage:
        return f"{len(answer)} bytes"  # in the form of RFC 3489


for _name, _about, _datagram in _SILENT:
    SUBJECT.add(_name, _about, SILENCE, _sent(_datagram))


@SUBJECT.row("65,507 bytes of zeros", "RFC 8489 6.3", SILENCE)
def _zeros(bed: Bed, target: Target) -> str:
    with bed.caller(target) as caller:
        return _reply(caller, bytes(DATAGRAM))


@SUBJECT.row("16,000 empty attributes in one Binding", "CWE-400; RFC 8489 14", SILENCE)
def _many_attributes(bed: Bed, target: Target) -> str:
    body = struct.pack("!HH", stun.SOFTWARE.number, 0) * 16_000
    with bed.caller(target) as caller:
        return _reply(caller, _with_length(BINDING, len(body)) + body)


@SUBJECT.row("a Binding with an attribute that must be understood and is not", "RFC 8489 6.3.1", "420")
def _unknown(bed: Bed, target: Target) -> str:
    with bed.caller(target) as caller:
        return said(caller.send(build(Method.BINDING, MessageClass.REQUEST, os.urandom(12), [raw(0x7EEE, b"what")])))


@SUBJECT.row(
    "200 attributes that must be understood: no answer longer than four times that",
    "RFC 8489 6.3.1",
    "4 times or less",
    at_most(4),
)
def _many_unknown(bed: Bed, target: Target) -> str:
    request = build(
        Method.BINDING, MessageClass.REQUEST, os.urandom(12), [raw(0x7000 + number, b"") for number in range(200)]
    )
    with bed.caller(target) as caller:
        answer = caller.send_raw(request)
        return SILENCE if answer is None else f"{len(answer) / len(request):.1f} times"


@SUBJECT.row("what fills an answer up to four bytes, and may be old memory", "CVE-2020-4067", "zeros")
def _padding(bed: Bed, target: Target) -> str:
    with bed.caller(target) as caller:
        answer = caller.send_raw(build(Method.ALLOCATE, MessageClass.REQUEST, os.urandom(12), [udp()]))
        assert answer is not None
        at, filled = HEADER_SIZE, b""
        while at < len(answer):
            size = int.from_bytes(answer[at + 2 : at + 4], "big")
            filled += answer[at + 4 + size : at + 4 + size + -size % 4]
            at += 4 + size + -size % 4
        return "zeros" if not any(filled) else "no zeros"


@SUBJECT.row("ChannelData without an allocation", "RFC 8656 12.6", SILENCE)
def _channel_without(bed: Bed, target: Target) -> str:
    with bed.caller(target) as caller:
        return _reply(caller, CHANNEL_HEADER.pack(FIRST_CHANNEL, 20) + bytes(20))


@SUBJECT.row("Send without an allocation", "RFC 8656 11.2", NOTHING)
def _send_without(bed: Bed, target: Target) -> str:
    with bed.caller(target) as caller, bed.peer() as peer:
        caller.indicate(TransportAddress(*peer.getsockname()), b"from nobody")
        caller.fence()
        return _came(peer)


@SUBJECT.row("ChannelData that claims more bytes than it has", "RFC 8656 12.6", NOTHING)
def _channel_lies(bed: Bed, target: Target) -> str:
    return _on_a_channel(bed, target, CHANNEL_HEADER.pack(FIRST_CHANNEL, 1400) + b"hello")


@SUBJECT.row("ChannelData of three bytes", "RFC 8656 12.6", NOTHING)
def _channel_short(bed: Bed, target: Target) -> str:
    return _on_a_channel(bed, target, b"\x40\0\0")


@SUBJECT.row("ChannelData with more bytes than it claims: no more go out", "RFC 8656 12.5", "5 bytes at the peer")
def _channel_more(bed: Bed, target: Target) -> str:
    return _on_a_channel(bed, target, CHANNEL_HEADER.pack(FIRST_CHANNEL, 5) + b"hello, and what nobody was told of")


@SUBJECT.row("ChannelData of a number that is not bound", "RFC 8656 12.6", NOTHING)
def _channel_unbound(bed: Bed, target: Target) -> str:
    return _on_a_channel(bed, target, CHANNEL_HEADER.pack(FIRST_CHANNEL + 1, 5) + b"hello")


def _on_a_channel(bed: Bed, target: Target, datagram: bytes) -> str:
    with bed.caller(target) as caller, bed.peer() as peer:
        caller.allocate()
        caller.bind(FIRST_CHANNEL, TransportAddress(*peer.getsockname()))
        caller.socket.send(datagram)
        caller.fence()
        return _came(peer)


def _came(peer: socket.socket) -> str:
    peer.setblocking(False)
    try:
        return f"{len(peer.recv(65_536))} bytes at the peer"
    except BlockingIOError:
        return NOTHING


@SUBJECT.row("a stranger's packet to a relayed address", "RFC 8656 9", NOTHING)
def _unpermitted(bed: Bed, target: Target) -> str:
    return _from_outside(bed, target, b"from a host without permission")


@SUBJECT.row("a stranger's Allocate to a relayed address", "RFC 8656 9", NOTHING)
def _stun_to_relayed(bed: Bed, target: Target) -> str:
    return _from_outside(bed, target, build(Method.ALLOCATE, MessageClass.REQUEST, os.urandom(12), [udp()]))


def _from_outside(bed: Bed, target: Target, datagram: bytes) -> str:
    with bed.caller(target) as caller, bed.peer() as permitted, bed.peer("10.20.0.8") as stranger:
        relayed = caller.allocate()
        caller.permit(TransportAddress(*permitted.getsockname()))
        stranger.sendto(datagram, relayed)
        permitted.sendto(b"the control", relayed)
        for _ in range(10):
            caller.fence()
            if any(b"the control" in data for data in caller.received):
                break
        else:
            return "not even what was permitted"
        told = len(caller.received) > 1
        return "a packet at the client" if told else _came(stranger)
