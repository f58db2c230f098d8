"""A bad line between a native end and all others: what its connection sends and receives is lost, and late."""

from __future__ import annotations

import asyncio
import random

from support.media_pair import End


class BadLine:
    """From now on, to the end of the connection, which must stand. `loss`: share of packets, each way; may be changed.

    `delay`: seconds each way. Nothing is overtaken.
    """

    def __init__(self, end: End, *, loss: float, delay: float, seed: int = 1) -> None:
        self.loss = loss
        self._delay = delay
        self._chance = random.Random(seed)
        self._loop = asyncio.get_running_loop()
        self._sending: set[asyncio.Task[None]] = set()
        ice = end.peer._connection.getTransceivers()[0].sender.transport.transport
        self._give, self._send = ice._connection.data_received, ice._send
        ice._connection.data_received = self._received  # type: ignore[method-assign]
        ice._send = self._sent  # type: ignore[method-assign]

    def _received(self, data: bytes, component: int) -> None:
        if self._chance.random() >= self.loss:
            self._loop.call_later(self._delay, self._give, data, component)

    async def _sent(self, data: bytes) -> None:
        if self._chance.random() >= self.loss:
            self._loop.call_later(self._delay, self._send_now, data)

    def _send_now(self, data: bytes) -> None:
        task = self._loop.create_task(self._quietly(data))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _quietly(self, data: bytes) -> None:
        try:
            await self._send(data)
        except ConnectionError:
            return  # it ended while this was on its way
