"""A bad wire: loses, delays and slows what passes between two interfaces, by a seed, so that a run can be repeated.

In user space, since many kernels come without netem. ``python -m support.impairment LEFT RIGHT`` carries Ethernet
frames between two interfaces of the namespace it runs in until its input is closed, and then says what it did.
"""

from __future__ import annotations

import argparse
import json
import random
import select
import socket
import sys
import time
from collections import deque
from dataclasses import asdict, dataclass

ETH_P_ALL = 0x0003
SOL_PACKET, PACKET_VNET_HDR, PACKET_IGNORE_OUTGOING = 263, 15, 23
VNET_HEADER = 10
"""Bytes before each frame that say what of its checksum is still to be reckoned (linux/virtio_net.h): passed on."""
LARGEST = 1 << 17


@dataclass(frozen=True)
class Wire:
    """What a wire does to each direction. ``loss``: the share of frames that are lost, by chance, each by itself.

    ``delay``: seconds on the way. ``rate``: bits a second. ``patience``: seconds that a frame may wait for those before
    it to be put on the wire; what would wait longer is dropped, as by the buffer of a modem.
    """

    loss: float = 0.0
    delay: float = 0.0
    rate: float = 1e12
    patience: float = 0.25

    def __post_init__(self) -> None:
        assert 0 <= self.loss <= 1
        assert self.delay >= 0
        assert self.rate > 0
        assert self.patience >= 0


BAD_LINE = Wire(loss=0.05, delay=0.080, rate=1_000_000)
"""A line as bad as a call must bear: 5 % loss, 80 ms, 1 Mbit/s, each way."""


@dataclass
class Counts:
    """Frames of one direction: that came, were lost by chance, and were dropped since too many waited."""

    came: int = 0
    lost: int = 0
    dropped: int = 0


class Direction:
    """One direction of a wire. Pure: the time is told, and chance comes from a seed."""

    def __init__(self, wire: Wire, seed: int) -> None:
        self.counts = Counts()
        self._wire = wire
        self._chance = random.Random(seed)
        self._free_at = 0.0

    def take(self, size: int, now: float) -> float | None:
        """When a frame of ``size`` bytes that comes now comes out at the other end; ``None`` if it never does.

        Times are seconds that never go back. Frames never overtake each other.
        """
        self.counts.came += 1
        begins = max(now, self._free_at)
        if begins - now > self._wire.patience:
            self.counts.dropped += 1
            return None
        # A frame that is lost was on the wire all the same, and took its time there.
        self._free_at = begins + size * 8 / self._wire.rate
        if self._chance.random() < self._wire.loss:
            self.counts.lost += 1
            return None
        return self._free_at + self._wire.delay


class _Way:
    """One direction between two sockets, with the frames that are on it."""

    def __init__(self, source: socket.socket, target: socket.socket, direction: Direction) -> None:
        self.source = source
        self.direction = direction
        self._target = target
        self._under_way: deque[tuple[float, bytes]] = deque()

    def take(self, now: float) -> None:
        frame = self.source.recv(LARGEST)
        arrives = self.direction.take(len(frame) - VNET_HEADER, now)
        if arrives is not None:
            self._under_way.append((arrives, frame))

    def deliver(self, now: float) -> float | None:
        """Sends what is due; when the next is, if there is a next."""
        while self._under_way and self._under_way[0][0] <= now:
            self._target.send(self._under_way.popleft()[1])
        return self._under_way[0][0] if self._under_way else None


def carry(left: str, right: str, wire: Wire, seed: int) -> dict[str, dict[str, int]]:
    """Carries frames between two interfaces until standard input is closed. What each direction counted."""
    ends = _opened(left), _opened(right)
    outward = _Way(ends[0], ends[1], Direction(wire, seed))
    inward = _Way(ends[1], ends[0], Direction(wire, seed + 1))
    print("ready", flush=True)
    while True:
        due = [moment for way in (outward, inward) if (moment := way.deliver(time.monotonic())) is not None]
        wait = max(0.0, min(due) - time.monotonic()) if due else None
        readable, _, _ = select.select([*ends, sys.stdin], [], [], wait)
        if sys.stdin in readable:
            return {"outward": asdict(outward.direction.counts), "inward": asdict(inward.direction.counts)}
        for way in (outward, inward):
            if way.source in readable:
                way.take(time.monotonic())


def _opened(interface: str) -> socket.socket:
    end = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    end.setsockopt(SOL_PACKET, PACKET_VNET_HDR, 1)
    end.setsockopt(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)
    end.bind((interface, ETH_P_ALL))
    return end


def main() -> None:
    """Carries, and says at the end what was carried."""
    parser = argparse.ArgumentParser(description="A bad wire between two interfaces.")
    parser.add_argument("left")
    parser.add_argument("right")
    parser.add_argument("--wire", type=lambda text: Wire(**json.loads(text)), default=BAD_LINE, help="as JSON")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    print(json.dumps(carry(given.left, given.right, given.wire, given.seed)), flush=True)


if __name__ == "__main__":
    main()
