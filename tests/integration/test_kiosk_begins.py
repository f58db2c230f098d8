"""How a connection begins where what begins it is lost: the checks of the path, and DTLS's handshake.

aioice's and OpenSSL's own repetitions are put off beyond the test, so that what comes about comes of ours; nothing here
depends on how fast this machine is.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from typing import Any

import aioice.stun
import pytest
from aioice.ice import Connection, StunProtocol
from aioice.stun import Class, Message
from aiortc import RTCCertificate, RTCDtlsTransport, RTCIceGatherer, RTCIceTransport
from OpenSSL import SSL

from kiosk_client.aiortc_private.checks import PACE, QuickChecks
from kiosk_client.aiortc_private.handshake import QuickHandshake

PATIENCE = 20.0


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither library repeats anything."""
    monkeypatch.setattr(aioice.stun, "RETRY_RTO", 1000.0)
    monkeypatch.setattr(SSL.Connection, "DTLSv1_get_timeout", lambda self: None)


def lose_requests(monkeypatch: pytest.MonkeyPatch, count: int) -> Counter[bytes]:
    """Of each check the first `count` sendings are lost. Returns how often each was sent."""
    sent: Counter[bytes] = Counter()
    send = StunProtocol.send_stun

    def sometimes(self: StunProtocol, message: Message, address: tuple[str, int]) -> None:
        if message.message_class == Class.REQUEST:
            sent[message.transaction_id] += 1
            if sent[message.transaction_id] <= count:
                return
        send(self, message, address)

    monkeypatch.setattr(StunProtocol, "send_stun", sometimes)
    return sent


async def two_ends(*, quick: bool) -> tuple[Connection, Connection]:
    """Of an ICE connection on this machine, which know each other's candidates."""
    ends = Connection(ice_controlling=True), Connection(ice_controlling=False)
    for end in ends:
        await end.gather_candidates()
        if quick:
            QuickChecks(end, time.monotonic)
    for end, other in (ends, ends[::-1]):
        for candidate in other.local_candidates:
            await end.add_remote_candidate(candidate)
        await end.add_remote_candidate(None)
        end.remote_username, end.remote_password = other.local_username, other.local_password
    return ends


async def closed(ends: tuple[Connection, Connection]) -> None:
    for end in ends:
        await end.close()


@pytest.mark.parametrize("lost", [0, 1, 4])
async def test_checks_that_are_lost_are_sent_again(lost: int, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = lose_requests(monkeypatch, lost)
    ends = await two_ends(quick=True)
    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*(end.connect() for end in ends))
    assert max(sent.values()) > lost
    assert max(sent.values()) <= 1 + PACE.times
    await closed(ends)


async def test_whether_the_path_still_stands_is_asked_at_aioices_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    ends = await two_ends(quick=True)
    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*(end.connect() for end in ends))
    sent = lose_requests(monkeypatch, 1000)
    pair = ends[0]._nominated[1]
    request = ends[0].build_request(pair, nominate=False)
    asking = asyncio.create_task(
        pair.protocol.request(request, pair.remote_addr, integrity_key=b"any", retransmissions=0)
    )
    await asyncio.sleep(3 * PACE.first)  # nothing can be awaited of what must not happen
    assert sent[request.transaction_id] == 1
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    await closed(ends)


@pytest.fixture
async def transports() -> AsyncIterator[tuple[RTCDtlsTransport, RTCDtlsTransport]]:
    """Two whose path stands, with `QuickHandshake`; the first will be DTLS's server."""
    made = []
    for controlling in (True, False):
        gatherer = RTCIceGatherer(iceServers=[])
        await gatherer.gather()
        ice = RTCIceTransport(gatherer)
        ice._connection.ice_controlling = controlling
        made.append(RTCDtlsTransport(ice, [RTCCertificate.generateCertificate()]))
    ices = [each.transport for each in made]
    for ice, other in zip(ices, reversed(ices), strict=True):
        for candidate in other.iceGatherer.getLocalCandidates():
            await ice.addRemoteCandidate(candidate)
        await ice.addRemoteCandidate(None)
    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(
            *(ice.start(other.iceGatherer.getLocalParameters()) for ice, other in zip(ices, ices[::-1], strict=True))
        )
    yield made[0], made[1]
    for each in made:
        await each.stop()
        await each.transport.stop()


def lose(transport: RTCDtlsTransport, lost: Callable[[int], bool]) -> list[bytes]:
    """What it sends is lost where `lost` says so, by its number. Returns all of it."""
    ice: Any = transport.transport
    send, sent = ice._send, list[bytes]()

    async def sometimes(data: bytes) -> None:
        sent.append(data)
        if not lost(len(sent) - 1):
            await send(data)

    ice._send = sometimes
    return sent


async def shaken(transports: tuple[RTCDtlsTransport, RTCDtlsTransport]) -> list[QuickHandshake]:
    """Lets them do it."""
    quick = [QuickHandshake(each, time.monotonic) for each in transports]
    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(
            *(each.start(other.getLocalParameters()) for each, other in zip(transports, transports[::-1], strict=True))
        )
    return quick


@pytest.mark.parametrize("server_loses", [0, 1, 3])
@pytest.mark.parametrize("client_loses", [0, 1, 3])
async def test_flights_that_are_lost_are_sent_again(
    transports: tuple[RTCDtlsTransport, RTCDtlsTransport], server_loses: int, client_loses: int
) -> None:
    server, client = transports
    lose(server, lambda number: number < server_loses)
    lose(client, lambda number: number < client_loses)
    await shaken(transports)
    assert [each.state for each in transports] == ["connected", "connected"]


async def test_the_last_flight_is_sent_again_though_its_sender_is_done(
    transports: tuple[RTCDtlsTransport, RTCDtlsTransport],
) -> None:
    server, _ = transports
    sent = lose(server, lambda number: sent[number][0] == 20 and sent.count(sent[number]) == 1)
    await shaken(transports)
    assert [each.state for each in transports] == ["connected", "connected"]
    # It alone begins with a change of ciphers: lost once, and then sent again as it was.
    last = [each for each in sent if each[0] == 20]
    assert len(last) >= 2
    assert len(set(last)) == 1


async def test_a_handshake_that_is_given_up_sends_nothing_more(
    transports: tuple[RTCDtlsTransport, RTCDtlsTransport],
) -> None:
    server, client = transports
    quick = QuickHandshake(client, time.monotonic)
    thrice = asyncio.Event()

    def lost(number: int) -> bool:
        if number == 2:
            thrice.set()
        return True

    sent = lose(client, lost)
    starting = asyncio.create_task(client.start(server.getLocalParameters()))
    async with asyncio.timeout(PATIENCE):
        await thrice.wait()
        await client.transport.stop()
        await starting
    assert client.state == "failed"
    assert quick.flights.deadline is None
    assert len(set(sent)) == 1
