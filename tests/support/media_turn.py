"""A TURN server that others wrote: Debian's coturn on loopback, for tests of the kiosk's relayed paths."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from support.ports import free_port

from tawasul.protocol.ice import IceConfiguration, IceServer

STARTS_WITHIN = 60.0
"""Seconds, on a machine with much else to do."""

USER, PASSWORD = "kiosk-test", "only-for-this-test"


@asynccontextmanager
async def coturn(folder: Path) -> AsyncIterator[IceConfiguration]:
    """Run it until the block ends; gives a configuration that allows relayed paths over it only."""
    port = free_port()
    options = {
        "--listening-ip": "127.0.0.1",
        "--relay-ip": "127.0.0.1",
        "--listening-port": str(port),
        "--realm": "test",
        "--user": f"{USER}:{PASSWORD}",
        "--pidfile": str(folder / "turnserver.pid"),
        "--userdb": str(folder / "turndb"),
        "--log-file": "stdout",
        "-c": "/dev/null",
    }
    flags = ["--lt-cred-mech", "--no-tls", "--no-dtls", "--no-cli", "--allow-loopback-peers", "--simple-log"]
    process = await asyncio.create_subprocess_exec(
        "turnserver", *[word for option in options.items() for word in option], *flags, "--cli-password=unused",
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        await _answers(port)
        server = IceServer(urls=(f"turn:127.0.0.1:{port}?transport=udp",), username=USER, credential=PASSWORD)
        yield IceConfiguration(servers=(server,), policy="relay")
    finally:
        process.terminate()
        await process.wait()


async def _answers(port: int) -> None:
    """Wait until it answers a STUN binding request (RFC 8489): header with the magic cookie, no attributes."""
    request = bytes.fromhex("000100002112a442") + bytes(12)
    answered = asyncio.Event()

    class Listener(asyncio.DatagramProtocol):
        def datagram_received(self, data: bytes, addr: object) -> None:
            answered.set()

    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(Listener, remote_addr=("127.0.0.1", port))
    async with asyncio.timeout(STARTS_WITHIN):
        while not answered.is_set():
            transport.sendto(request)
            try:
                await asyncio.wait_for(answered.wait(), 0.2)
            except TimeoutError:
                continue
    transport.close()
