"""Chromium with the relay-only policy: two peers in one page, both ends on our relay, and a channel between them."""

from __future__ import annotations

import time

import pytest
from support.relay_client import credentials
from support.relay_echo import ECHO, chromium_page
from support.relay_process import address_of, last_statistics, running_relay
from support.relay_stream import HOST, identity, port_of

STRAY = [
    # What peers on other networks offer: a service of this machine, a private network, the metadata of a cloud.
    "candidate:1 1 udp 2130706431 127.0.0.1 5432 typ host",
    "candidate:2 1 udp 2130706430 192.168.1.1 5432 typ host",
    "candidate:3 1 udp 2130706429 169.254.169.254 5432 typ host",
]


@pytest.mark.parametrize("transport", ["udp", "tcp", "tls"])
async def test_both_ends_relayed(tmp_path, transport):
    ours = identity(tmp_path)
    settings = {"addresses": (HOST,), **ours.settings}
    async with running_relay(tmp_path, **settings) as relay:
        given = credentials("page", expires_at=time.time() + 600)
        # A certificate of no authority is accepted by its key: whoever has another one is not our relay.
        async with chromium_page(f"--ignore-certificate-errors-spki-list={ours.fingerprint}") as page:
            port = address_of(relay, HOST)[1] if transport == "udp" else port_of(relay, transport)
            scheme, by = ("turns", "tcp") if transport == "tls" else ("turn", transport)
            urls = f"{scheme}:{HOST}:{port}?transport={by}"
            account = {"username": given.username, "credential": given.password}
            outcome = await page.evaluate(ECHO, {"urls": urls, **account, "stray": STRAY})
        counted = await last_statistics(relay)

    assert outcome["answers"] == ["hello heard", "still there? heard"]
    assert outcome["candidates"]
    assert all(" typ relay " in candidate for candidate in outcome["candidates"])
    # The candidates that nobody may reach were refused, and the call did not suffer for it.
    assert counted["requests"]["refused.403"] >= 2
    # Loopback is permitted as an address, for the other end's relayed port is there: what went elsewhere was dropped.
    assert counted["requests"]["dropped.send-no-permission"] >= 1
    assert counted["to_peers"]["packets"] > 10
    streams = counted["streams"]["standing"].get(transport, 0) + sum(counted["streams"]["ended"].values())
    assert streams >= (0 if transport == "udp" else 2), "one of each end"


GATHER = """
async ({ urls, username, credential }) => {
    const connection = new RTCPeerConnection({
        iceServers: [{ urls, username, credential }], iceTransportPolicy: "relay",
    });
    const [candidates, errors] = [[], []];
    connection.onicecandidate = ({ candidate }) => candidate?.candidate && candidates.push(candidate.candidate);
    connection.onicecandidateerror = ({ errorCode }) => errors.push(errorCode);
    const complete = new Promise((resolve) => {
        connection.onicegatheringstatechange = () => connection.iceGatheringState === "complete" && resolve();
    });
    connection.createDataChannel("voice");
    await connection.setLocalDescription();
    await complete;
    return { candidates, errors };
}
"""


async def test_a_certificate_of_nobody_it_believes_is_refused(tmp_path):
    """So the test above has shown that ours is believed, and not that none is looked at."""
    ours, other = identity(tmp_path), identity(tmp_path, name="other")
    async with running_relay(tmp_path, addresses=(HOST,), **ours.settings) as relay:
        given = credentials("page", expires_at=time.time() + 600)
        async with chromium_page(f"--ignore-certificate-errors-spki-list={other.fingerprint}") as page:
            urls = f"turns:{HOST}:{port_of(relay, 'tls')}?transport=tcp"
            account = {"username": given.username, "credential": given.password}
            outcome = await page.evaluate(GATHER, {"urls": urls, **account})
        counted = await last_statistics(relay)

    assert outcome == {"candidates": [], "errors": [701]}  # the specification's code for a server that is not reached
    assert counted["made"] == 0
