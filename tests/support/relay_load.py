"""The load of `make bench-relay`: many clients and peers of a relay, from one core.

``python -m support.relay_load LIBRARY`` runs in the bench's own network, with one JSON object a line on its input, each
answered by one on its output: ``{"do": "saturate", "relay": "ours", …}`` calls the method of that name. What has to be
fast is in C (tests/bench/load/relay_load.c); requests are made here, by the same code for every relay.
"""

from __future__ import annotations

import ctypes
import json
import os
import socket
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

from support.relay_client import value
from support.relay_load_sockets import (
    CHANNEL,
    CLIENTS,
    LASTING,
    PEERS,
    address,
    in_network_order,
    processor_time,
    sent_from,
    socket_of_many,
)
from support.relay_tls_load import TlsLoad

from media_relay.core.allocating import UDP
from media_relay.stun import attributes as stun
from media_relay.stun.address import TransportAddress
from media_relay.stun.attributes import Field
from media_relay.stun.integrity import long_term_key
from media_relay.stun.message import Message, MessageClass, Method, build, parse
from tawasul.access.relay_credentials import RelayCredentials, mint

AT_ONCE = 32
"""Requests that wait for their answers."""
PATIENCE, TIMES = 0.5, 10
"""Seconds without an answer after which what waits is sent again, and how often."""


class _Flow(ctypes.Structure):
    _fields_ = [
        ("client", ctypes.c_uint32),
        ("peer", ctypes.c_uint32),
        ("relayed_port", ctypes.c_uint16),
        ("channel", ctypes.c_uint16),
    ]


class _Load(ctypes.Structure):
    _fields_ = [
        ("clients", ctypes.c_int),
        ("peers", ctypes.c_int),
        ("relay", ctypes.c_uint32),
        ("relay_port", ctypes.c_uint16),
        ("peer_port", ctypes.c_uint16),
        ("process", ctypes.c_int),
        ("flows", ctypes.c_int),
        ("payload", ctypes.c_int),
        ("burst", ctypes.c_int),
        ("table", ctypes.POINTER(_Flow)),
    ]


class _Counts(ctypes.Structure):
    _fields_ = [(name, ctypes.c_int64) for name in ("sent", "received", "spoilt", "counted", "elapsed", "processor")]


class Allocations:
    """Clients of one relay, their peers, and the sockets of both; process ``pid`` is the relay."""

    def __init__(self, relay: tuple[str, int], pid: int, secret: str) -> None:
        self.relay, self.pid, self.secret = relay, pid, secret
        self.clients, self.peers = (socket_of_many() for _ in range(2))
        self.peer_port = self.peers.getsockname()[1]
        self.relayed: list[TransportAddress] = []

    def make(self, count: int) -> dict[str, float]:
        """So many new ones. Seconds that it took the relay, and of its processor; both for all of them.

        Both exchanges of an allocation count: what is asked without credentials and answered 401, and what is asked
        with them. Making requests and reading answers does not: it is done before and after.
        """
        numbers = range(len(self.relayed), len(self.relayed) + count)
        given = [mint(self.secret, f"load-{number}@bench", int(time.time()) + LASTING) for number in numbers]
        asked = [_request(Method.ALLOCATE, stun.REQUESTED_TRANSPORT(UDP)) for _ in numbers]
        refused, first, first_cpu = self._timed(asked, numbers)
        keys = [_Key(of, parse(answer)) for of, answer in zip(given, refused, strict=True)]
        asked = [key.request(Method.ALLOCATE, stun.REQUESTED_TRANSPORT(UDP)) for key in keys]
        granted, second, second_cpu = self._timed(asked, numbers)
        self.relayed += [value(_success(answer), stun.XOR_RELAYED_ADDRESS) for answer in granted]
        bound = [
            key.request(Method.CHANNEL_BIND, stun.CHANNEL_NUMBER(CHANNEL), stun.XOR_PEER_ADDRESS(self.peer(number)))
            for key, number in zip(keys, numbers, strict=True)
        ]
        for answer in self._timed(bound, numbers)[0]:
            _success(answer)
        return {"seconds": first + second, "processor": first_cpu + second_cpu}

    def peer(self, number: int) -> TransportAddress:
        """The peer of an allocation."""
        return TransportAddress(address(PEERS, number), self.peer_port)

    def load(self, flows: int, payload: int, burst: int) -> _Load:
        """The first so many of them, as C has it."""
        table = (_Flow * flows)()
        for number, flow in enumerate(table):
            flow.client, flow.peer = (in_network_order(address(of, number)) for of in (CLIENTS, PEERS))
            flow.relayed_port, flow.channel = socket.htons(self.relayed[number].port), socket.htons(CHANNEL)
        host, port = self.relay
        return _Load(
            self.clients.fileno(),
            self.peers.fileno(),
            in_network_order(host),
            socket.htons(port),
            socket.htons(self.peer_port),
            self.pid,
            flows,
            payload,
            burst,
            table,
        )

    def _timed(self, asked: Sequence[bytes], numbers: Sequence[int]) -> tuple[list[bytes], float, float]:
        processor, began = processor_time(self.pid), time.monotonic()
        answers = self._exchanged(asked, numbers)
        return answers, time.monotonic() - began, processor_time(self.pid) - processor

    def _exchanged(self, asked: Sequence[bytes], numbers: Sequence[int]) -> list[bytes]:
        sources = [sent_from(address(CLIENTS, number)) for number in numbers]
        at = {request[8:20]: number for number, request in enumerate(asked)}
        answers: dict[int, bytes] = {}
        waiting: dict[int, None] = {}
        following, silences = 0, 0
        self.clients.settimeout(PATIENCE)
        while len(answers) < len(asked):
            while following < len(asked) and len(waiting) < AT_ONCE:
                self.clients.sendmsg([asked[following]], sources[following], 0, self.relay)
                waiting[following] = None
                following += 1
            try:
                answer = self.clients.recv(2048)
            except TimeoutError:
                silences += 1
                if silences > TIMES:
                    raise
                for number in waiting:
                    self.clients.sendmsg([asked[number]], sources[number], 0, self.relay)
                continue
            number_of = at.get(answer[8:20])
            if number_of in waiting:
                del waiting[number_of]
                answers[number_of] = answer
        return [answers[number] for number in range(len(asked))]


class RelayLoad:
    """What can be asked; every method answers with what can be written as JSON."""

    def __init__(self, library: str) -> None:
        self._c = ctypes.CDLL(library)
        self._of: dict[str, Allocations] = {}
        self._tls: dict[str, TlsLoad] = {}

    def allocate(self, relay: str, host: str, port: int, pid: int, secret: str, count: int) -> dict[str, float]:
        """See ``Allocations.make``; of a relay that is named thus from now on, or again."""
        known = self._of.get(relay)
        if known is None or known.pid != pid:
            known = self._of[relay] = Allocations((host, port), pid, secret)
        return known.make(count)

    def saturate(
        self, relay: str, flows: int, payload: int, burst: int, window: int, seconds: float
    ) -> dict[str, float]:
        """As much as the relay carries, ``window`` packets being on their way."""
        counts, load = _Counts(), self._of[relay].load(flows, payload, burst)
        self._done(self._c.saturate(ctypes.byref(load), window, ctypes.c_double(seconds), ctypes.byref(counts)))
        return _as_dict(counts)

    def pace(self, relay: str, flows: int, payload: int, rate: float, seconds: float) -> dict[str, float]:
        """So many packets a second, one at a time."""
        counts, load = _Counts(), self._of[relay].load(flows, payload, 1)
        self._done(
            self._c.pace(ctypes.byref(load), ctypes.c_double(rate), ctypes.c_double(seconds), ctypes.byref(counts))
        )
        return _as_dict(counts)

    def ping(self, relay: str, flows: int, payload: int, rate: float, count: int, direct: bool) -> dict[str, float]:
        """Out and back: median and 99th percentile in microseconds, and how many did not come back."""
        ways, load = (ctypes.c_int64 * count)(), self._of[relay].load(flows, payload, 1)
        self._done(self._c.ping(ctypes.byref(load), int(direct), ctypes.c_double(rate), count, ways))
        back = sorted(way / 1000 for way in ways if way)
        if not back:
            raise AssertionError("nothing came back")
        return {"p50": back[len(back) // 2], "p99": back[len(back) * 99 // 100], "lost": count - len(back)}

    def tls_open(self, relay: str, host: str, port: int, pid: int, secret: str, count: int, certificate: str) -> str:
        """Clients over TLS; their peers are as those of the others. Which version and cipher they agreed on."""
        self._tls[relay] = TlsLoad((host, port), pid, secret, count, certificate)
        return self._tls[relay].agreed

    def tls_pace(self, relay: str, payload: int, rate: float, seconds: float) -> dict[str, float]:
        """So many packets a second over them."""
        return self._tls[relay].pace(payload, rate, seconds)

    def _done(self, status: int) -> None:
        if status:
            raise OSError(-status, os.strerror(-status))


class _Key:
    """What one client signs its requests with, and the nonce that it was given."""

    def __init__(self, given: RelayCredentials, refused: Message) -> None:
        self._username = given.username
        self._realm, self._nonce = value(refused, stun.REALM), value(refused, stun.NONCE)
        self._key = long_term_key(given.username, self._realm, given.password)

    def request(self, method: int, *fields: Field) -> bytes:
        signed = (*fields, stun.USERNAME(self._username), stun.REALM(self._realm), stun.NONCE(self._nonce))
        return build(method, MessageClass.REQUEST, os.urandom(12), signed, key=self._key, fingerprint=True)


def _request(method: int, *fields: Field) -> bytes:
    return build(method, MessageClass.REQUEST, os.urandom(12), fields)


def _success(answer: bytes) -> Message:
    message = parse(answer)
    if message.message_class is not MessageClass.SUCCESS:
        raise AssertionError(f"the relay refused: {message.get(stun.ERROR_CODE)}")
    return message


def _as_dict(counts: _Counts) -> dict[str, float]:
    return {name: getattr(counts, name) for name, *_ in counts._fields_}


def main() -> None:
    """Answers until its input ends. What goes wrong is an answer as well: ``{"wrong": …}``."""
    load = RelayLoad(sys.argv[1])
    for line in sys.stdin:
        words = json.loads(line)
        asked: Callable[..., Any] = getattr(load, words.pop("do"))
        try:
            answer = asked(**words)
        except Exception as error:
            answer = {"wrong": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
