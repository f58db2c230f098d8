"""A relay that does more than carry: it keeps the packets of sound and picture, sends them again, and changes them.

Both ends are given one candidate only, a socket of ours, so that every packet between them passes here. It is put in
by the descriptions, as a hostile server can; to the ends it is a path like any other.
"""

from __future__ import annotations

import asyncio
import random
import re
from dataclasses import dataclass, field
from typing import Any, cast

from support.hostile_scene import Attack, Scene

from signaling.core.call import End
from tawasul.protocol.from_endpoint import Answer, Candidate, Offer, Relayed

_CANDIDATE = re.compile(r"a=candidate:(\S+) 1 udp (\d+) (\d+\.\d+\.\d+\.\d+) (\d+) typ host[^\r\n]*\r\n", re.IGNORECASE)
_ANY_CANDIDATE = re.compile(r"a=candidate:[^\r\n]*\r\n")

KEPT = 400
"""Packets that are remembered in each direction: some seconds of a call."""


@dataclass
class Side(asyncio.DatagramProtocol):
    """The socket that stands for one end, in front of the other. `home`: where the end it faces really is."""

    facing: End
    wire: Wire
    home: tuple[str, int] | None = None
    transport: asyncio.DatagramTransport | None = None
    kept: list[bytes] = field(default_factory=list)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It stands."""
        self.transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        """Something of the end that it faces."""
        self.home = (addr[0], addr[1])
        self.wire.carry(self, data)


class Wire(Attack):
    """`how`: `replayed` sends every packet of media again, at once, later, and in another order; `flipped` sends beside
    each one a copy with changed bits, before it; `flipped-only` sends changed ones instead, one in ten."""

    def __init__(self, scene: Scene, *, how: str, **options: Any) -> None:
        super().__init__(scene, **options)
        self._how = how
        self._chance = random.Random(1)
        self._sides = {end: Side(end, self) for end in End}
        self._counts = {"carried": 0, "replayed": 0, "flipped": 0}
        self._steps: asyncio.Queue[tuple[End, Relayed]] = asyncio.Queue()
        self.spawn(self._work())

    def passes(self, to: End, message: Relayed) -> None:
        """Descriptions get our addresses; their candidates, ours."""
        self._steps.put_nowait((to, message))

    def carry(self, side: Side, packet: bytes) -> None:
        """From the end that `side` faces to the other one."""
        other = self._sides[side.facing.other]
        if other.transport is None or other.home is None:
            return
        # RFC 7983: from 128 to 191 the first byte says RTP or RTCP; the second, from 192 to 223, RTCP (RFC 5761).
        media = 128 <= packet[0] <= 191 and not 192 <= packet[1] <= 223
        if not media:
            other.transport.sendto(packet, other.home)
            return
        self._counts["carried"] += 1
        getattr(self, f"_{self._how}")(side, other, packet)

    async def close(self) -> None:
        """Say what was done."""
        await super().close()
        for side in self._sides.values():
            if side.transport is not None:
                side.transport.close()
        self.scene.loot.note("carried", attempt=self.scene.attempt, **self._counts)

    def _replayed(self, side: Side, other: Side, packet: bytes) -> None:
        side.kept.append(packet)
        del side.kept[:-KEPT]
        again = [packet, packet, self._chance.choice(side.kept), side.kept[0]]
        for each in again:
            self._send(other, each)
        self._counts["replayed"] += len(again) - 1

    def _flipped(self, side: Side, other: Side, packet: bytes) -> None:
        self._send(other, self._with_changed_bits(packet))
        self._send(other, packet)

    def _flipped_only(self, side: Side, other: Side, packet: bytes) -> None:
        self._send(other, packet if self._chance.random() < 0.9 else self._with_changed_bits(packet))

    def _with_changed_bits(self, packet: bytes) -> bytes:
        self._counts["flipped"] += 1
        changed = bytearray(packet)
        changed[self._chance.randrange(12, len(changed))] ^= 1 << self._chance.randrange(8)
        return bytes(changed)

    def _send(self, side: Side, packet: bytes) -> None:
        assert side.transport is not None
        assert side.home is not None
        side.transport.sendto(packet, side.home)

    async def _work(self) -> None:
        while True:
            to, message = await self._steps.get()
            match message:
                case Offer(sdp=sdp) | Answer(sdp=sdp):
                    ours = await self._with_our_address(to, sdp)
                    self.scene.say(to, message.model_copy(update={"sdp": ours}))
                case Candidate(candidate=candidate) if candidate.candidate:
                    pass
                case _:
                    self.scene.say(to, message)

    async def _with_our_address(self, to: End, sdp: str) -> str:
        found = _CANDIDATE.search(sdp)
        assert found is not None, "a description without an address of this machine"
        host = found[3]
        faces_sender, faces_receiver = self._sides[to.other], self._sides[to]
        faces_sender.home = (host, int(found[4]))
        loop = asyncio.get_running_loop()
        if faces_receiver.transport is None:
            await loop.create_datagram_endpoint(lambda: faces_receiver, local_addr=(host, 0))
        assert faces_receiver.transport is not None
        port = faces_receiver.transport.get_extra_info("sockname")[1]
        line = f"a=candidate:1 1 udp 2130706431 {host} {port} typ host\r\n"
        return _ANY_CANDIDATE.sub("", sdp).replace("a=mid:", f"{line}a=mid:")
