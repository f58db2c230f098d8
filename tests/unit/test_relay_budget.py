"""What strangers may ask: one source's flood is not the others', and who is there is let in beside forgers."""

from __future__ import annotations

import os

import pytest
from support.relay_client import error, on_paper, send_indication
from support.relay_paper import SERVER, PaperRelay

from media_relay.core.effects import Transport
from media_relay.stun.address import TransportAddress
from media_relay.stun.message import MessageClass, Method, build

KIOSK = TransportAddress("5.5.5.5", 40_000)
OFFICE = TransportAddress("6.6.6.6", 40_000)
PEER = TransportAddress("10.20.0.7", 5_004)


def request(method: int) -> bytes:
    return build(method, MessageClass.REQUEST, os.urandom(12))


@pytest.mark.parametrize(
    "message",
    [request(Method.BINDING), request(0x0FF), send_indication(PEER, b""), b"\0\1"],
    ids=["Binding", "unknown method", "Send", "malformed"],
)
def test_a_flood_of_one_source_leaves_others_theirs(message):
    relay = PaperRelay(answers=5, datagrams=100)
    for _ in range(1_000):
        relay.deliver(message, KIOSK)

    assert error(on_paper(relay, OFFICE).allocate()) is None
    assert relay.server.counters["dropped.over-budget"] == 980


def test_who_cannot_be_forged_is_let_in_while_others_are():
    """By a stream somebody really is there; and no datagram comes from outside with the relay's own address: so the
    server still learns that its relay is well."""
    relay = PaperRelay(answers=5, datagrams=100)
    for number in range(200):
        relay.deliver(request(Method.BINDING), TransportAddress(f"7.7.7.{number}", 1))

    assert not relay.deliver(request(Method.BINDING), KIOSK)
    assert relay.deliver(request(Method.BINDING), KIOSK, transport=Transport.TCP)
    assert relay.deliver(request(Method.BINDING), SERVER._replace(port=40_000))
    asked = [relay.deliver(request(Method.BINDING), OFFICE, transport=Transport.TLS) for _ in range(50)]
    assert sum(map(len, asked)) == 5, "within its share"
    assert relay.server.counters["dropped.over-budget"] == 101 + 30
