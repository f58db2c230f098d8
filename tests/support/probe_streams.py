"""The probe, streams: what TCP and TLS add to what can be tried."""

from __future__ import annotations

import contextlib
import os
import socket
import ssl
import time
from collections.abc import Iterator

from support.probe_bed import STREAM_PATIENCE, STREAMS, VICTIM, Bed
from support.probe_caller import SUCCESS, Caller, Target, said
from support.probe_rows import NOTHING, Act, Subject, at_most

from media_relay.stun import attributes as stun
from media_relay.stun.address import TransportAddress
from media_relay.stun.channel import CHANNEL_HEADER, FIRST_CHANNEL
from media_relay.stun.framing import LONGEST, StreamDecoder, padded
from media_relay.stun.message import Message, MessageClass, Method, build, parse
from tawasul.access.relay_credentials import RelayCredentials

SUBJECT = Subject("Streams: TCP and TLS")
CLOSED, OPEN = "closed", "still open"
NO_TLS = "no TLS"
SOON = 0.4
"""Seconds after which a stream of coturn counts as open that it had a reason to close at once."""
CROWD = 60
BINDING = build(Method.BINDING, MessageClass.REQUEST, bytes(range(12)))


class StreamCaller(Caller):
    """A client by TCP, or by TLS over it."""

    def __init__(self, target: Target, sock: socket.socket, credentials: RelayCredentials) -> None:
        self.target, self.credentials, self.socket = target, credentials, sock
        self.realm = self.nonce = ""
        self.decoder = StreamDecoder(LONGEST)
        self.source = TransportAddress(*sock.getsockname())

    def close(self) -> None:
        """Closes the stream; a relay ends what hung on it."""
        self.socket.close()

    def send(self, datagram: bytes) -> Message | None:
        """A message, and the answer to it."""
        self.socket.sendall(padded(datagram))
        deadline = time.monotonic() + STREAM_PATIENCE
        while (left := deadline - time.monotonic()) > 0:
            self.socket.settimeout(left)
            try:
                data = self.socket.recv(65_536)
            except (TimeoutError, ConnectionResetError):
                return None
            if not data:
                return None
            for frame in self.decoder.feed(data):
                if frame[8:20] == datagram[8:20]:
                    return parse(frame)
        return None


@contextlib.contextmanager
def by_stream(bed: Bed, target: Target) -> Iterator[StreamCaller]:
    """A client by TCP, as a user of its own."""
    source = bed.source()
    with bed.stream(target, source=source) as sock:
        yield StreamCaller(target, sock, target.credentials(f"stream-{source.host}"))


def _after(target: Target, sock: socket.socket, data: bytes) -> str:
    """What becomes of a stream on which ``data`` is sent."""
    with contextlib.suppress(ConnectionError):
        sock.sendall(data)
    return _state(sock, time.monotonic() + _patience(target))


def _patience(target: Target) -> float:
    # Ours is judged, so that it is given all the time that a machine under load may need.
    return SOON if target.patience else STREAM_PATIENCE


def _state(sock: socket.socket, deadline: float) -> str:
    came = 0
    while True:
        sock.settimeout(max(0.001, deadline - time.monotonic()))
        try:
            data = sock.recv(65_536)
        except TimeoutError:
            return f"{came} bytes come, {OPEN}" if came else OPEN
        except ConnectionError:
            data = b""
        if not data:
            return f"{came} bytes come, {CLOSED}" if came else CLOSED
        came += len(data)


_GARBAGE: tuple[tuple[str, str, bytes], ...] = (
    ("HTTP on the port of TURN", "RFC 8489 6.2.2", b"GET / HTTP/1.1\r\nHost: relay\r\n\r\n"),
    ("HTTP with a body that does not come", "CVE-2020-6061", b"POST / HTTP/1.1\r\nContent-Length: 9999\r\n\r\n"),
    ("a TLS handshake on the port of TCP", "RFC 8489 6.2.3", bytes.fromhex("16030100c8010000c40303") + bytes(200)),
    ("a message that says it has 10,000 bytes", "CWE-770", b"\0\3\x27\x10" + BINDING[4:]),
    ("a message of 65,532 bytes, of which 40,000 come", "CWE-770", b"\0\3\xff\xfc" + BINDING[4:] + bytes(40_000)),
    ("ChannelData of 65,535 bytes from nobody", "CWE-770", CHANNEL_HEADER.pack(FIRST_CHANNEL, 65_535) + bytes(100)),
    ("a wrong magic cookie", "RFC 8489 6.3", BINDING[:4] + bytes(4) + BINDING[8:]),
    ("a length that is no multiple of four", "RFC 8489 5", b"\0\1\0\3" + BINDING[4:] + bytes(3)),
    ("a channel of the numbers that are reserved", "RFC 8656 12", CHANNEL_HEADER.pack(0x5000, 4) + bytes(4)),
    ("a thousand bytes of chance", "RFC 8489 6.2.2", b"\xf7" + os.urandom(999)),
)  # fmt: skip


def _spoken(data: bytes) -> Act:
    def act(bed: Bed, target: Target) -> str:
        with bed.stream(target) as sock:
            return _after(target, sock, data)

    return act


for _name, _about, _data in _GARBAGE:
    SUBJECT.add(_name, _about, CLOSED, _spoken(_data))


@SUBJECT.row("a lawful Binding, a byte at a time", "RFC 8489 6.2.2", SUCCESS)
def _slowly(bed: Bed, target: Target) -> str:
    with bed.stream(target) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for at in range(len(BINDING)):
            sock.sendall(BINDING[at : at + 1])
        return said(parse(sock.recv(2048)))


@SUBJECT.row("half of a message, and no more", "CWE-400", CLOSED)
def _half(bed: Bed, target: Target) -> str:
    return _idle(bed.idle[target.name].half, bed.idle[target.name].since)


@SUBJECT.row("a stream on which nothing is said", "CWE-400", CLOSED)
def _unused(bed: Bed, target: Target) -> str:
    return _idle(bed.idle[target.name].unused, bed.idle[target.name].since)


@SUBJECT.row("half of a TLS handshake, and no more", "CWE-400", CLOSED)
def _handshake(bed: Bed, target: Target) -> str:
    sock = bed.idle[target.name].handshake
    return NO_TLS if sock is None else _idle(sock, bed.idle[target.name].since)


def _idle(sock: socket.socket, since: float) -> str:
    return _state(sock, since + STREAM_PATIENCE)


@SUBJECT.row("garbage on the port of TLS", "RFC 8446 6.2", CLOSED, lambda words: words.endswith(CLOSED))
def _tls_garbage(bed: Bed, target: Target) -> str:
    return _on_tls(bed, target, b"\xf7" + os.urandom(500))


@SUBJECT.row("STUN in the clear on the port of TLS", "RFC 8489 6.2.3", CLOSED, lambda words: words.endswith(CLOSED))
def _clear_on_tls(bed: Bed, target: Target) -> str:
    return _on_tls(bed, target, BINDING)


def _on_tls(bed: Bed, target: Target, data: bytes) -> str:
    if target.tls_port is None:
        return NO_TLS
    with bed.stream(target, target.tls_port) as sock:
        # An alert, which says what is wrong, may come before the end.
        return _after(target, sock, data)


@SUBJECT.row("garbage within TLS", "RFC 8489 6.2.3", CLOSED)
def _within_tls(bed: Bed, target: Target) -> str:
    if target.tls_port is None:
        return NO_TLS
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with bed.stream(target, target.tls_port) as sock, context.wrap_socket(sock) as secured:
        return _after(target, secured, b"GET / HTTP/1.1\r\n\r\n")


@SUBJECT.row(f"{CROWD} streams of one source", "CWE-400", f"{STREAMS} of them stand, or fewer", at_most(STREAMS))
def _crowd(bed: Bed, target: Target) -> str:
    source, stand = bed.source(), 0
    with contextlib.ExitStack() as held:
        streams = []
        for _ in range(CROWD):
            with contextlib.suppress(ConnectionError):
                streams.append(held.enter_context(bed.stream(target, source=source)))
        for sock in streams:
            with contextlib.suppress(ConnectionError, TimeoutError):
                sock.sendall(BINDING)
                stand += bool(sock.recv(2048))
    return f"{stand} of them stand"


@SUBJECT.row("a forbidden peer by TCP: `127.0.0.1`", "RFC 8656 10.2, 12.2", "403, 403")
def _forbidden(bed: Bed, target: Target) -> str:
    victim = TransportAddress("127.0.0.1", VICTIM)
    with by_stream(bed, target) as caller:
        caller.allocate()
        return f"{caller.permit(victim)}, {caller.bind(FIRST_CHANNEL, victim)}"


@SUBJECT.row("the same five-tuple by UDP has no share in an allocation by TCP", "RFC 8656 3.2", "437")
def _same_addresses(bed: Bed, target: Target) -> str:
    with by_stream(bed, target) as caller:
        caller.allocate()
        other = Caller(target, caller.source, caller.credentials)
        try:
            return said(other.ask(Method.REFRESH, stun.LIFETIME(600)))
        finally:
            other.close()


@SUBJECT.row("an allocation whose stream has ended takes no more packets", "RFC 8656 3.2", CLOSED)
def _ended(bed: Bed, target: Target) -> str:
    with bed.peer() as peer:
        with by_stream(bed, target) as caller:
            relayed = caller.allocate()
        peer.connect(relayed)
        peer.settimeout(0.1)
        deadline = time.monotonic() + _patience(target)
        while time.monotonic() < deadline:
            try:
                peer.send(b"is anybody there?")
                peer.recv(100)
            except ConnectionRefusedError:
                return CLOSED
            except TimeoutError:
                continue
        return OPEN


@SUBJECT.row(
    "ChannelData of 65,508 bytes by a user: no datagram is so long", "RFC 8656 12.5", f"{NOTHING}, and is served"
)
def _too_long_for_udp(bed: Bed, target: Target) -> str:
    with by_stream(bed, target) as caller, bed.peer() as peer:
        caller.allocate()
        caller.bind(FIRST_CHANNEL, TransportAddress(*peer.getsockname()))
        caller.socket.sendall(padded(CHANNEL_HEADER.pack(FIRST_CHANNEL, 65_508) + bytes(65_508)))
        try:
            served = said(caller.ask(Method.REFRESH)) == SUCCESS
        except ConnectionError:
            served = False
        peer.setblocking(False)
        try:
            came = f"{len(peer.recv(65_536))} bytes at the peer"
        except BlockingIOError:
            came = NOTHING
        return f"{came}, and {'is served' if served else 'is not served'}"


@SUBJECT.row("after all this: who is honest is served by TCP", "R9", "a relayed address")
def _alive(bed: Bed, target: Target) -> str:
    with by_stream(bed, target) as caller:
        caller.allocate()
        return "a relayed address"
