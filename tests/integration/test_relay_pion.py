"""pion's TURN client (Debian package ``golang-github-pion-turn.v2-dev``) against our relay: one that we did not write,
in Go, by UDP, by TCP and by TLS.

It asks, is refused and proves itself; makes permissions and binds channels; and refreshes its allocation, with a nonce
that is stale by then.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest
from support import relay_pion
from support.namespaces import namespaces

HERE, CLIENTS = "10.20.30.40", "10.20.30.41"
PINGS = 10
SIZES = [*range(5, 1201, 17)]
"""Of what is sent by TLS, in bytes: all that there can be modulo four, to which a stream's frames are padded."""


@pytest.mark.timeout(300)
def test_pions_clients_lose_nothing(tmp_path: Path) -> None:
    relay_pion.build(tmp_path)
    with namespaces() as namespace:
        here, clients = namespace("relay"), namespace("clients")
        here.run("ip", "link", "add", "lan", "type", "veth", "peer", "name", "lan", "netns", str(clients.pid))
        for machine, address in ((here, HERE), (clients, CLIENTS)):
            machine.run("ip", "address", "add", f"{address}/24", "dev", "lan")
            machine.run("ip", "link", "set", "lan", "up")
        program = ("env", f"PYTHONPATH={Path(__file__).parents[1]}", sys.executable, "-m", "support.relay_pion")
        printed = here.run(*program, str(tmp_path), HERE, f"{CLIENTS}/32", str(clients.pid), patience=120)
    found = json.loads(printed.splitlines()[-1])

    for name in ("udp", "tcp"):
        # The examples do not count what came back, and end well without any of it.
        told = came_about(found[name])
        relayed = re.escape(re.findall(r"relayed-address=(\S+)", told)[0])
        assert len(re.findall(rf"^.*\d bytes from from {relayed} time=\d+ ms$", told, re.MULTILINE)) == PINGS, told
    told = came_about(found["tls"])
    assert "tls=304 alpn=stun.turn\n" in told
    assert [int(size) for size in re.findall(r"^(\d+) bytes came back$", told, re.MULTILINE)] == SIZES

    refused = found["stranger"]
    assert refused["status"] != 0
    assert "Failed to allocate" in refused["said"]
    assert "401" in refused["said"]

    counted = found["counted"]
    echoes = 2 * PINGS + len(SIZES)
    assert counted["to_clients"]["packets"] == echoes
    assert counted["to_peers"]["packets"] == echoes + 3, "and each client's first word"
    assert counted["dropped"] == {}
    assert (counted["made"], "expired" in counted["ended"]) == (3, False)
    requests = counted["requests"]
    assert requests["answered.channel-bind"] >= 3, "each of them went over to a channel"
    assert requests["refused.438"] >= 2
    assert requests["answered.refresh"] >= 2 * 2, "and so the examples' allocations outlived their lifetime"


def came_about(client: dict[str, str | int]) -> str:
    """What a client said that ended well."""
    said = str(client["said"])
    assert client["status"] == 0, said
    return said
