"""coturn's own clients (Debian package ``coturn``) against our relay: clients that we did not write.

The channel mode of ``turnutils_uclient`` is left out: it draws channel numbers from 0x4000–0x7FFF, of which RFC 8656
has kept 0x4000–0x4FFF, and we keep to that. Send indications, both families, extra requests and many clients at once
remain, and suffice for a second opinion; aioice and Chromium use channels.
"""

from __future__ import annotations

import asyncio
import json
import re

import pytest
from support.relay_paper import SECRET
from support.relay_process import address_of, last_statistics, relay_config, running_relay
from support.relay_stream import identity, port_of

from media_relay.group import adopt_or_start_all


async def run(*command: str) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    try:
        async with asyncio.timeout(60):
            said, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    assert process.returncode is not None
    return process.returncode, said.decode()


@pytest.mark.parametrize(
    ("host", "options"),
    [
        ("127.0.0.1", []),
        ("127.0.0.1", ["-D", "-G"]),
        ("127.0.0.1", ["-m", "40", "-n", "5"]),
        ("::1", ["-x"]),
        ("127.0.0.1", ["-t"]),
        ("127.0.0.1", ["-t", "-S", "-m", "5"]),
    ],
    ids=["plain", "padded with extra requests", "forty clients", "IPv6", "TCP", "TLS"],
)
async def test_uclient_loses_nothing(tmp_path, host, options):
    quotas = {"allocations_per_user": 500, "unauthenticated_answers": 10_000}
    async with running_relay(tmp_path, **quotas, **identity(tmp_path).settings) as relay:
        port = port_of(relay, "tls") if "-S" in options else address_of(relay, host)[1]
        command = ["turnutils_uclient", "-y", "-c", "-s", "-n", "20", *options, "-p", str(port), "-u", "kiosk"]
        status, said = await run(*command, "-W", SECRET, host)
        carried = await last_statistics(relay)

    # By TLS uclient leaves records that came together unread on a slow machine, and counts them as lost: ask the relay.
    sent = lost_nothing(status, said, by_its_own_count="-S" not in options)
    assert (carried["to_peers"]["packets"], carried["to_clients"]["packets"]) == (sent, sent)
    assert carried["dropped"] == {}


async def test_forty_clients_of_two_workers_lose_nothing(tmp_path):
    """Each sends to another; by chance half of them to one of the other worker's."""
    quotas = {"allocations_per_user": 500, "unauthenticated_answers": 10_000}
    relay = await adopt_or_start_all(relay_config(workers=2, **quotas), tmp_path)
    try:
        command = ["turnutils_uclient", "-y", "-c", "-s", "-n", "10", "-m", "40", "-u", "kiosk", "-W", SECRET]
        lost_nothing(*await run(*command, "-p", str(relay.listening[0][1]), "127.0.0.1"))
    finally:
        await relay.stop()
    carried = [json.loads(worker.directory.statistics.read_text()) for worker in relay.workers]
    assert all(each["to_peers"]["packets"] > 0 for each in carried)
    assert all(each["dropped"] == {} for each in carried)


def lost_nothing(status: int, said: str, *, by_its_own_count: bool = True) -> int:
    """How many packets uclient says that it has sent; and that it has received them all."""
    assert status == 0, said
    sent, received = re.findall(r"tot_send_msgs=(\d+), tot_recv_msgs=(\d+)$", said, re.MULTILINE)[-1]
    assert int(sent) > 0, said
    if by_its_own_count:
        assert int(received) == int(sent), said
        assert "Total lost packets 0 " in said, said
    return int(sent)


async def test_uclient_with_another_secret_is_refused(tmp_path):
    async with running_relay(tmp_path) as relay:
        port = address_of(relay, "127.0.0.1")[1]
        command = ["turnutils_uclient", "-y", "-c", "-s", "-n", "1", "-p", str(port), "-u", "kiosk"]
        status, said = await run(*command, "-W", "another secret, as long", "127.0.0.1")

    assert status != 0
    assert "Cannot complete Allocation" in said


async def test_stunclient_sees_its_address(tmp_path):
    async with running_relay(tmp_path) as relay:
        status, said = await run("turnutils_stunclient", "-p", str(address_of(relay, "127.0.0.1")[1]), "127.0.0.1")

    assert status == 0, said
    assert re.search(r"reflexive addr: 127\.0\.0\.1:\d+", said), said
