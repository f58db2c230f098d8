"""The watch on what leaves the machine: it must notice, or every other test's silence proves nothing."""

import asyncio
import socket

import pytest
from support.egress import Egress

# RFC 5737: an address for documentation, which nobody has.
NOBODY = "192.0.2.1"


def test_it_notices_a_datagram(egress: Egress) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as outside:
        outside.connect((NOBODY, 3478))
    assert egress.left == [f"socket.connect {NOBODY}"]
    egress.left.clear()


async def test_it_notices_a_lookup_inside_asyncio(egress: Egress) -> None:
    # With this flag nobody is really asked: the watch hears of the question, the resolver does not.
    with pytest.raises(socket.gaierror):
        await asyncio.get_running_loop().getaddrinfo("stun.invalid", 3478, flags=socket.AI_NUMERICHOST)
    assert egress.left == ["socket.getaddrinfo stun.invalid"]
    egress.left.clear()


def test_it_fails_the_test(egress: Egress) -> None:
    with (
        pytest.raises(AssertionError, match=NOBODY),
        egress.refused(),
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as outside,
    ):
        outside.connect((NOBODY, 9))
    egress.left.clear()


def test_loopback_is_no_outside(egress: Egress) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as inside:
        inside.connect(("127.0.0.1", 3478))
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as inside:
        inside.connect(("::1", 3478))
    assert socket.getaddrinfo("localhost", 80)
    assert egress.left == []
