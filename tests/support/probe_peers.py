"""The probe, peers: whether a relay can be talked into sending to where it must not, in whatever disguise."""

from __future__ import annotations

import os
from collections.abc import Callable

from support.probe_bed import HOST, HOST6, HOST_ENROLLED, HOST_TOO, OUR_PORT, PEER, PEER6, PLAIN_PORT, VICTIM, Bed
from support.probe_caller import Caller, Target, raw, said
from support.probe_rows import A_PACKET, NOTHING, Act, Subject

from media_relay.stun import attributes as stun
from media_relay.stun.address import IPV6, TransportAddress, encode_xor_address
from media_relay.stun.channel import FIRST_CHANNEL
from media_relay.stun.message import MessageClass, Method, build

SUBJECT = Subject("Forbidden peers: CreatePermission, ChannelBind, Send")
REFUSED = f"403, 403, {NOTHING}"

FORBIDDEN = (
    ("loopback", "127.0.0.1", "RFC 1122 3.2.1.3"),
    ("loopback by another name", "127.8.9.10", "RFC 1122 3.2.1.3"),
    ("this host, which Linux takes for loopback", "0.0.0.0", "RFC 791; CVE-2020-26262"),
    ("this network", "0.1.2.3", "RFC 791"),
    ("loopback, IPv6", "::1", "RFC 4291 2.5.3; CVE-2020-26262"),
    ("unspecified, IPv6", "::", "RFC 4291 2.5.2; CVE-2020-26262"),
    ("loopback, mapped", "::ffff:127.0.0.1", "RFC 4291 2.5.5.2; CVE-2026-27624"),
    ("private, mapped", "::ffff:10.99.0.7", "RFC 4291 2.5.5.2; CVE-2026-27624"),
    ("metadata, mapped", "::ffff:169.254.169.254", "RFC 4291 2.5.5.2; CVE-2026-27624"),
    ("loopback, compatible", "::127.0.0.1", "RFC 4291 2.5.5.1"),
    ("loopback, translated (SIIT)", "::ffff:0:127.0.0.1", "RFC 2765"),
    ("loopback, translated (NAT64)", "64:ff9b::127.0.0.1", "RFC 6052 2.1"),
    ("private, translated (NAT64, local)", "64:ff9b:1::10.99.0.7", "RFC 8215"),
    ("loopback, 6to4", "2002:7f00:1::1", "RFC 3056 2; RFC 3964"),
    ("private, Teredo", "2001:0:4136:e378:8000:63bf:f59c:fff8", "RFC 4380 4"),
    ("link-local", "169.254.7.7", "RFC 3927"),
    ("a cloud's metadata", "169.254.169.254", "RFC 3927"),
    ("link-local, IPv6", "fe80::7", "RFC 4291 2.5.6"),
    ("site-local, IPv6", "fec0::7", "RFC 3879"),
    ("unique local, not enrolled", "fc00::7", "RFC 4193"),
    ("a cloud's metadata, IPv6", "fd00:ec2::254", "RFC 4193"),
    ("private, not enrolled", "10.99.0.7", "RFC 1918"),
    ("private, not enrolled", "172.16.0.7", "RFC 1918"),
    ("private, not enrolled", "192.168.0.7", "RFC 1918"),
    ("shared by carriers", "100.64.0.7", "RFC 6598"),
    ("benchmarking", "198.18.0.7", "RFC 2544"),
    ("multicast", "224.0.0.1", "RFC 5771"),
    ("multicast, IPv6", "ff02::1", "RFC 4291 2.7"),
    ("broadcast", "255.255.255.255", "RFC 919"),
    ("reserved", "240.0.0.1", "RFC 1112 4"),
    ("this machine's other address", HOST_TOO, "RFC 8656 21.2.1"),
    ("this machine's address in the enrolled network", HOST_ENROLLED, "RFC 8656 21.2.1"),
)
"""Each on a port at which a victim listens, everywhere outside and on every address of the host."""


def _reaching(host: str) -> Act:
    def act(bed: Bed, target: Target) -> str:
        victim = TransportAddress(host, VICTIM)
        with bed.caller(target) as caller:
            caller.allocate(*([stun.REQUESTED_ADDRESS_FAMILY(IPV6)] if victim.family == IPV6 else []))
            permitted, bound = caller.permit(victim), caller.bind(FIRST_CHANNEL, victim)
            return f"{permitted}, {bound}, {_sent(bed, caller, victim)}"

    return act


def _sent(bed: Bed, caller: Caller, victim: TransportAddress, channel: int = FIRST_CHANNEL) -> str:
    """Whether what is sent to ``victim``, as an indication and by the channel, comes to one."""
    mark = os.urandom(12)
    caller.indicate(victim, mark)
    caller.on_channel(channel, mark)
    caller.fence()
    return A_PACKET if bed.hit(mark) else NOTHING


for _name, _host, _about in FORBIDDEN:
    SUBJECT.add(f"{_name}: `{_host}`", _about, REFUSED, _reaching(_host))


@SUBJECT.row("the public network, not opened: `8.8.8.8`", "ADR 27", REFUSED)
def _public(bed: Bed, target: Target) -> str:
    return _reaching("8.8.8.8")(bed, target)


def _never_sent(words: str) -> bool:
    return words.endswith(NOTHING)


# Both ends of a call may be relayed here, so a permission is lawful; only a live relayed port may be reached by it.
SUBJECT.add(f"a service on the relay's own address: `{HOST}`", "RFC 8656 21.2.1", NOTHING, _reaching(HOST), _never_sent)
SUBJECT.add(f"the same, IPv6: `{HOST6}`", "RFC 8656 21.2.1", NOTHING, _reaching(HOST6), _never_sent)


@SUBJECT.row("the relay's own listening port, to speak to itself", "RFC 8656 21.1.7", NOTHING)
def _itself(bed: Bed, target: Target) -> str:
    own = TransportAddress(HOST, target.address.port)
    with bed.caller(target) as caller:
        caller.allocate()
        caller.permit(own)
        caller.bind(FIRST_CHANNEL, own)
        question = build(Method.BINDING, MessageClass.REQUEST, os.urandom(12))
        caller.indicate(own, question)
        caller.on_channel(FIRST_CHANNEL, question)
        caller.fence()
        caller.fence()
        return "the relay answers itself" if caller.received else NOTHING


@SUBJECT.row("another relay's listening port on this host", "RFC 8656 21.2.1", NOTHING)
def _neighbour(bed: Bed, target: Target) -> str:
    other = TransportAddress(HOST, PLAIN_PORT if target.address.port == OUR_PORT else OUR_PORT)
    with bed.caller(target) as caller:
        caller.allocate()
        caller.permit(other)
        caller.indicate(other, build(Method.BINDING, MessageClass.REQUEST, os.urandom(12)))
        caller.fence()
        caller.fence()
        return "the neighbour answers" if caller.received else NOTHING


@SUBJECT.row(
    "one allowed and one forbidden peer in one request: neither is permitted", "RFC 8656 10.2", f"403, {NOTHING}"
)
def _all_or_none(bed: Bed, target: Target) -> str:
    with bed.caller(target) as caller, bed.peer() as peer:
        allowed = TransportAddress(*peer.getsockname())
        caller.allocate()
        code = caller.permit(allowed, TransportAddress("127.0.0.1", VICTIM))
        caller.indicate(allowed, b"half of a request")
        caller.fence()
        peer.setblocking(False)
        try:
            peer.recv(100)
        except BlockingIOError:
            return f"{code}, {NOTHING}"
        return f"{code}, {A_PACKET}"


@SUBJECT.row("two peers in one ChannelBind: the first counts", "RFC 8489 14", f"{NOTHING} at the second")
def _second_peer(bed: Bed, target: Target) -> str:
    victim = TransportAddress("127.0.0.1", VICTIM)
    with bed.caller(target) as caller:
        caller.allocate()
        fields = [stun.XOR_PEER_ADDRESS(peer) for peer in (PEER._replace(port=9), victim)]
        caller.ask(Method.CHANNEL_BIND, stun.CHANNEL_NUMBER(FIRST_CHANNEL), *fields)
        return f"{_sent(bed, caller, victim)} at the second"


@SUBJECT.row("a permitted peer first and a forbidden one second in Send", "RFC 8489 14", f"{NOTHING} at the second")
def _second_in_send(bed: Bed, target: Target) -> str:
    victim, mark = TransportAddress("127.0.0.1", VICTIM), os.urandom(12)
    with bed.caller(target) as caller:
        caller.allocate()
        caller.permit(PEER._replace(port=9))
        fields = [stun.XOR_PEER_ADDRESS(PEER._replace(port=9)), stun.XOR_PEER_ADDRESS(victim), stun.DATA(mark)]
        caller.socket.send(build(Method.SEND, MessageClass.INDICATION, os.urandom(12), fields))
        caller.fence()
        return f"{A_PACKET if bed.hit(mark) else NOTHING} at the second"


@SUBJECT.row("an enrolled IPv6 peer on an IPv4 allocation", "RFC 8656 10.2, 12.2", "443, 443")
def _family(bed: Bed, target: Target) -> str:
    with bed.caller(target) as caller:
        caller.allocate()
        return f"{caller.permit(PEER6)}, {caller.bind(FIRST_CHANNEL, PEER6._replace(port=9))}"


@SUBJECT.row("a peer of a family that there is not", "RFC 8489 14.2; RFC 8656 10.2", "400 or 443")
def _no_family(bed: Bed, target: Target) -> str:
    return _with_peer(bed, target, lambda value: bytes((0, 7)) + value[2:])


@SUBJECT.row("an IPv4 peer with 16 bytes of address", "RFC 8489 14.2", "400")
def _long_peer(bed: Bed, target: Target) -> str:
    return _with_peer(bed, target, lambda value: value + bytes(12))


@SUBJECT.row("a peer without an address", "RFC 8489 14.2", "400")
def _empty_peer(bed: Bed, target: Target) -> str:
    return _with_peer(bed, target, lambda value: b"")


def _with_peer(bed: Bed, target: Target, change: Callable[[bytes], bytes]) -> str:
    with bed.caller(target) as caller:
        caller.allocate()
        value = change(encode_xor_address(PEER._replace(port=9), bytes(12)))
        return said(caller.ask(Method.CREATE_PERMISSION, raw(stun.XOR_PEER_ADDRESS.number, value)))
