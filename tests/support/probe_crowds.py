"""The probe, crowds: what a relay gives to those who ask again and again, and what it keeps of them."""

from __future__ import annotations

import os
import select
import socket
import time
from collections.abc import Callable

import psutil
from support.probe_bed import NONCE_LIFETIME, Bed
from support.probe_caller import SILENCE, Target, said, udp
from support.probe_rows import Subject, at_most

from media_relay.core.answers import AMPLIFICATION
from media_relay.stun.attributes import Field
from media_relay.stun.message import MessageClass, Method, build

SUBJECT = Subject("Crowds: reflection, floods, what is kept of strangers")
AT_ONCE = 100
PATIENCE = 60.0
KEPT = 200
"""Bytes a stranger that may be seen in the memory of a process that keeps nothing: the allocator's own."""
FLOOD = 3_000
A_SECOND = 100
"""Answers a second that one source gets of us: the default."""
LITTLE = f"{AMPLIFICATION} times or less"

_QUESTIONS: tuple[tuple[str, int, tuple[Field, ...]], ...] = (
    ("an empty Binding", Method.BINDING, ()),
    ("an empty Allocate", Method.ALLOCATE, ()),
    ("the shortest lawful Allocate", Method.ALLOCATE, (udp(),)),
    ("an empty Refresh", Method.REFRESH, ()),
)


def _factor(bed: Bed, target: Target, method: int, fields: tuple[Field, ...]) -> str:
    question = build(method, MessageClass.REQUEST, os.urandom(12), fields)
    with bed.caller(target) as caller:
        answer = caller.send_raw(question)
        return SILENCE if answer is None else f"{len(answer) / len(question):.1f} times"


for _name, _method, _fields in _QUESTIONS:
    SUBJECT.add(
        f"bytes of the answer to {_name} of a source that may be forged",
        "CWE-406",
        LITTLE,
        lambda bed, target, method=_method, fields=_fields: _factor(bed, target, method, fields),  # type: ignore[misc]
        at_most(AMPLIFICATION),
    )


@SUBJECT.row("a stale nonce", "RFC 8489 9.2.4", "438")
def _stale(bed: Bed, target: Target) -> str:
    caller, since = bed.early[target.name]
    # The relay's clock is not ours, and may count whole seconds.
    time.sleep(max(0.0, since + NONCE_LIFETIME + 1.2 - time.monotonic()))
    return said(caller.send(caller.signed(Method.ALLOCATE, udp())))


def _bounded(words: str) -> bool:
    answers, _, seconds = words.partition(" answers in ")
    # The seconds of its clock that ours touch are two more at most.
    return int(answers.replace(",", "")) <= A_SECOND * (float(seconds.split()[0]) + 2)


@SUBJECT.row(f"{FLOOD:,} Allocates of one source", "CWE-406", f"{A_SECOND} answers a second", _bounded)
def _flood(bed: Bed, target: Target) -> str:
    return _answers_to(bed, target, lambda: build(Method.ALLOCATE, MessageClass.REQUEST, os.urandom(12), [udp()]))


@SUBJECT.row(f"{FLOOD:,} wrong passwords with a right nonce", "CWE-307", f"{A_SECOND} answers a second", _bounded)
def _guessing(bed: Bed, target: Target) -> str:
    with bed.caller(target) as caller:
        caller.challenge()
        request = caller.signed(Method.ALLOCATE, udp(), key=bytes(16))
        return _answers_on(caller.socket, [request] * FLOOD)


def _answers_to(bed: Bed, target: Target, question: Callable[[], bytes]) -> str:
    with bed.caller(target) as caller:
        return _answers_on(caller.socket, [question() for _ in range(FLOOD)])


def _answers_on(sock: socket.socket, questions: list[bytes]) -> str:
    """How many answers come to these, sent as fast as may be, and in how long a time."""
    answers, began = 0, time.monotonic()
    sock.setblocking(False)
    for question in questions:
        sock.send(question)
        answers += _drained(sock)
    while select.select([sock], [], [], 0.5)[0]:
        answers += _drained(sock)
    return f"{answers:,} answers in {time.monotonic() - began:.1f} s"


def _drained(sock: socket.socket) -> int:
    count = 0
    while True:
        try:
            sock.recv(2048)
        except BlockingIOError:
            return count
        count += 1


@SUBJECT.row(
    "memory kept of a stranger, of thousands", "RFC 8656 21.3.1; CWE-770", f"{KEPT} bytes or less", at_most(KEPT)
)
def _kept(bed: Bed, target: Target) -> str:
    process = psutil.Process(target.pid)
    _strangers(bed, target, AT_ONCE)  # what is needed once, for anybody
    before = process.memory_info().rss
    _strangers(bed, target, bed.strangers)
    kept = max(0, process.memory_info().rss - before) // bed.strangers
    return f"{kept:,} bytes, of {bed.strangers:,}"


def _strangers(bed: Bed, target: Target, count: int) -> None:
    """So many sources ask for an allocation without credentials, and are answered."""
    question = build(Method.ALLOCATE, MessageClass.REQUEST, os.urandom(12), [udp()])
    deadline = time.monotonic() + PATIENCE
    for _ in range(count // AT_ONCE):
        waiting = {}
        for _ in range(AT_ONCE):
            sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            sock.bind(bed.source())
            sock.connect(target.address)
            sock.setblocking(False)
            waiting[sock] = sock
        while waiting and time.monotonic() < deadline:
            for sock in waiting:
                sock.send(question)
            for sock in [sock for sock in waiting if select.select([sock], [], [], 0.2)[0]]:
                sock.recv(2048)
                waiting.pop(sock).close()
        assert not waiting, "a stranger was never answered"


@SUBJECT.row("after all this: who is honest is served", "R9", "a relayed address")
def _alive(bed: Bed, target: Target) -> str:
    with bed.caller(target) as caller:
        caller.allocate()
        return "a relayed address"
