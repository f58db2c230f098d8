"""The data channel where much is lost: what was lost several times is there before the path would be given up."""

import asyncio
from collections.abc import AsyncIterator, Callable
from types import SimpleNamespace
from typing import Any

import pytest
from aiortc import RTCDataChannel, RTCSctpTransport
from aiortc.rtcdatachannel import RTCDataChannelParameters
from aiortc.rtcsctptransport import RTCSctpCapabilities

from kiosk_client.aiortc_private.channel_repeats import repeat_soon
from tawasul.protocol.peer import PATH_LOST_AFTER

WAY = 0.04
"""Seconds from one end to the other."""

Drop = Callable[[bytes], bool]


class Carrier:
    """In the place of DTLS: datagrams in clear to the other end, but for those that `drop` wants."""

    state = "connected"

    def __init__(self, role: str) -> None:
        self._role = role
        self.other: Carrier | None = None
        self.drop: Drop = lambda data: False
        self._receiver: Any = None
        self._tasks: set[asyncio.Task[None]] = set()

    def _register_data_receiver(self, receiver: object) -> None:
        self._receiver = receiver

    def _unregister_data_receiver(self, receiver: object) -> None:
        self._receiver = None

    async def _send_data(self, data: bytes) -> None:
        if not self.drop(data):
            task = asyncio.create_task(self._deliver(data))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _deliver(self, data: bytes) -> None:
        await asyncio.sleep(WAY)
        if self.other is not None and self.other._receiver is not None:
            await self.other._receiver._handle_data(data)


Ends = tuple[tuple[Carrier, RTCSctpTransport], ...]


@pytest.fixture
async def ends() -> AsyncIterator[Ends]:
    """Two, not yet begun."""
    carriers = Carrier("client"), Carrier("server")
    carriers[0].other, carriers[1].other = carriers[1], carriers[0]
    made = tuple((carrier, RTCSctpTransport(carrier)) for carrier in carriers)  # type: ignore[arg-type]
    for _, sctp in made:
        repeat_soon(SimpleNamespace(sctp=sctp))  # type: ignore[arg-type]
        repeat_soon(SimpleNamespace(sctp=sctp))  # type: ignore[arg-type]
    yield made
    for _, sctp in made:
        await sctp.stop()


async def opened(ends: Ends) -> tuple[RTCDataChannel, asyncio.Queue[str]]:
    """A channel from the first to the second, and what the second hears."""
    heard: asyncio.Queue[str] = asyncio.Queue()
    came = asyncio.Event()

    def listen(channel: RTCDataChannel) -> None:
        channel.on("message", heard.put_nowait)
        came.set()

    ends[1][1].on("datachannel", listen)
    for _, sctp in ends:
        await sctp.start(RTCSctpCapabilities(maxMessageSize=65536), 5000)
    channel = RTCDataChannel(ends[0][1], RTCDataChannelParameters(label="tawasul"))
    stands = asyncio.Event()
    channel.on("open", stands.set)
    async with asyncio.timeout(20):
        await came.wait()
        if channel.readyState != "open":
            await stands.wait()
    return channel, heard


def the_first(number: int, text: bytes) -> Drop:
    """Loses so many datagrams with this in it."""
    left = [number]

    def drop(data: bytes) -> bool:
        left[0] -= text in data
        return text in data and left[0] >= 0

    return drop


async def test_what_is_lost_four_times_in_a_row_comes_before_the_path_is_given_up(ends: Ends) -> None:
    channel, heard = await opened(ends)
    for number in range(3):
        channel.send(f"beat {number}")
        async with asyncio.timeout(20):
            assert await heard.get() == f"beat {number}"
    ends[0][0].drop = the_first(4, b"lost often")
    channel.send("lost often")
    channel.send("after it")
    async with asyncio.timeout(PATH_LOST_AFTER - 1):
        assert [await heard.get(), await heard.get()] == ["lost often", "after it"]


async def test_the_channel_opens_soon_though_its_beginning_is_lost(ends: Ends) -> None:
    losses = [2, 2]
    for place, (carrier, _) in enumerate(ends):

        def drop(data: bytes, place: int = place) -> bool:
            losses[place] -= 1
            return losses[place] >= 0

        carrier.drop = drop
    async with asyncio.timeout(3):
        await opened(ends)
