"""DF on what the relay sends to peers, as it is on the wire of a path that takes 1,400 bytes at once."""

from __future__ import annotations

import json
import sys
import textwrap

import pytest
from support.namespaces import namespaces

SCRIPT = textwrap.dedent(
    """
    import json, socket, struct, sys
    from media_relay.core.effects import FiveTuple
    from media_relay.packet_loop import PacketLoop
    from media_relay.stun.address import TransportAddress

    host = sys.argv[1]
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    peer = socket.socket(family, socket.SOCK_DGRAM)
    peer.bind((host, 0))
    peer.settimeout(15)
    there = TransportAddress(*peer.getsockname()[:2])
    wire = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_UDP)
    wire.settimeout(15)

    def df():
        # The flags of the next IPv4 header that goes by; of IPv6 there are none.
        return bool(struct.unpack_from("!H", wire.recv(65_536), 6)[0] & 0x4000) if family == socket.AF_INET else None

    loop = PacketLoop()
    five_tuple = FiveTuple(TransportAddress(host, 9), loop.listen(host, 0))
    loop.open_relay(five_tuple, host, (0, 0), False)
    seen = []
    for size, whole in ((1000, False), (1000, True), (2000, True), (1000, False), (2000, False)):
        loop.send_to_peer(five_tuple, there, bytes(size), whole)
        sent = not (size == 2000 and whole)
        seen.append([size, whole, len(peer.recv(65_536)) if sent else 0, df() if sent and size == 1000 else None])
    print(json.dumps({"seen": seen, "dropped": dict(loop.dropped)}))
    """
)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_what_must_not_be_fragmented_is_dropped_where_it_is_too_long_and_all_else_arrives(host):
    with namespaces() as make:
        narrow = make("narrow")
        narrow.run("ip", "link", "set", "lo", "mtu", "1400")
        found = json.loads(narrow.run(sys.executable, "-c", SCRIPT, host))

    def df(asked: bool) -> bool | None:
        return asked if host == "127.0.0.1" else None

    assert found["seen"] == [
        [1000, False, 1000, df(False)],
        [1000, True, 1000, df(True)],
        [2000, True, 0, None],
        [1000, False, 1000, df(False)],
        [2000, False, 2000, None],
    ]
    assert found["dropped"] == {"too-long": 1}
