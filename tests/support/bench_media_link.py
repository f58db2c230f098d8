"""The emulated line between the two ends of a measured call, in real time: `support.link_emulator` behind two sockets.

``python -m support.bench_media_link`` is told the line as one line of JSON, says by which ports each end reaches the
other, and carries datagrams until its input is closed; then it says what it carried. An end believes that the other is
behind its port, so that nobody needs a network of their own, and every packet of a call passes through here.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import select
import socket
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

import psutil
from support.bench_media_cells import OVERHEAD, PATIENCE, Cell
from support.house import ROOT
from support.link_emulator import BurstLoss, Line, Link, Loss, RandomLoss

LARGEST = 65536
BIN = 0.5
"""Seconds over which what an end sends is summed up."""


class Side:
    """One end's socket: what comes to it is sent on from the other side's, to whoever spoke there first."""

    def __init__(self, address: str) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((address, 0))
        self.socket.setblocking(False)
        for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
            self.socket.setsockopt(socket.SOL_SOCKET, option, 1 << 21)
        self.end: tuple[str, int] | None = None
        self.sent: Counter[int] = Counter()

    @property
    def port(self) -> int:
        """Where its end sends to."""
        return int(self.socket.getsockname()[1])

    def take(self, address: str) -> bytes | None:
        """A datagram of its end's. An end that tries from several addresses is heard from the first alone."""
        data, source = self.socket.recvfrom(LARGEST)
        if source[0] != address or self.end not in (None, source):
            return None
        self.end = source
        self.sent[int(time.time() / BIN)] += len(data) + OVERHEAD
        return data

    def give(self, data: bytes) -> None:
        """Send to its end, if that is known; a full buffer there loses it, as anywhere."""
        if self.end is not None:
            with contextlib.suppress(BlockingIOError, ConnectionRefusedError):
                self.socket.sendto(data, self.end)


def main() -> None:
    """Carries, and says at the end what was carried."""
    with contextlib.suppress(PermissionError):
        # A wire is never late since others work; a program may be.
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(10))
    given = json.loads(sys.stdin.readline())
    address, cell, seed = given["address"], Cell(**given["cell"]), given["seed"]
    line = Line()
    sides = Side(address), Side(address)
    links = tuple(_link(line, cell, 2 * seed + number) for number in (0, 1))
    print(json.dumps([side.port for side in sides]), flush=True)
    began = time.monotonic()
    readers: list[Any] = [sys.stdin, *(side.socket for side in sides)]
    while True:
        line.run(time.monotonic() - began)
        wait = None if line.due is None else max(0.0, began + line.due - time.monotonic())
        ready, _, _ = select.select(readers, [], [], wait)
        if sys.stdin in ready:
            break
        line.run(time.monotonic() - began)
        for side, other, link in zip(sides, reversed(sides), links, strict=True):
            if side.socket in ready and (data := side.take(address)) is not None:
                link.send(len(data), lambda data=data, other=other: other.give(data))  # type: ignore[misc]
    print(json.dumps([_carried(side, link) for side, link in zip(sides, links, strict=True)]), flush=True)


def _link(line: Line, cell: Cell, seed: int) -> Link:
    loss: Loss = BurstLoss.of(cell.loss, cell.burst) if cell.burst else RandomLoss(cell.loss)
    return Link(
        line,
        seed,
        rate=cell.rate,
        delay=cell.delay,
        patience=PATIENCE,
        loss=loss,
        jitter=cell.jitter,
        overhead=OVERHEAD,
    )


def _carried(side: Side, link: Link) -> dict[str, Any]:
    counts = link.counts.get(None)
    return {
        "sent": counts.sent if counts else 0,
        "lost": counts.lost if counts else 0,
        "overflowed": counts.overflowed if counts else 0,
        "bins": dict(side.sent),
    }


@dataclass
class EmulatedLine:
    """One at work. `ports`: where the first end and the second send to. `carried`: of each end's, once it has ended."""

    address: str
    ports: tuple[int, int]
    carried: list[dict[str, Any]] = field(default_factory=list)

    def candidate(self, end: int) -> str:
        """The other end's only candidate, as this end is told it (RFC 8839, section 5.1)."""
        return f"candidate:1 1 udp 2130706431 {self.address} {self.ports[end]} typ host"

    def rate(self, end: int, begins: float, ends: float) -> float:
        """Bits a second that an end sent between two moments, in seconds since 1970, headers of IP and UDP included."""
        first, last = int(begins / BIN) + 1, int(ends / BIN)
        total = sum(self.carried[end]["bins"].get(str(number), 0) for number in range(first, last))
        return float(total * 8 / ((last - first) * BIN))


@asynccontextmanager
async def an_emulated_line(cell: Cell, seed: int) -> AsyncIterator[EmulatedLine]:
    """One between two ends on this machine, until the block ends."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "support.bench_media_link",
        stdin=-1,
        stdout=-1,
        env={**os.environ, "PYTHONPATH": str(ROOT / "tests")},
        limit=2**22,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    address = own_address()
    told = {"address": address, "cell": asdict(cell), "seed": seed}
    process.stdin.write(json.dumps(told).encode() + b"\n")
    try:
        async with asyncio.timeout(20):
            first, second = json.loads(await process.stdout.readline())
        line = EmulatedLine(address, (first, second))
        yield line
        process.stdin.close()
        async with asyncio.timeout(20):
            line.carried = json.loads(await process.stdout.readline())
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def own_address() -> str:
    """This machine's IPv4 address that is not loopback: neither end offers one on loopback. Raises LookupError."""
    for addresses in psutil.net_if_addrs().values():
        for each in addresses:
            if each.family is socket.AF_INET and not each.address.startswith("127."):
                return each.address
    raise LookupError("this machine has no IPv4 address besides loopback, which the ends of a call could use")


if __name__ == "__main__":
    main()
