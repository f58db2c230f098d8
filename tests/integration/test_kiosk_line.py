"""The kiosk's line over real WebSockets: proof of the key, coming back after a loss, refusals, hostile servers."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
from support.coming import comes
from support.kiosk_talk import ended, negotiate, waiting, welcome
from support.sealed_office import SealedOffice, hears_tone, sees_pattern
from support.trust import KIOSK, OFFICE, TITLES, make_trust
from websockets.asyncio.server import Server, ServerConnection, serve

from kiosk_client.config import KioskConfig
from kiosk_client.core.kiosk_events import Attempt, KioskState, MediaLost, View
from kiosk_client.core.seals import seal
from kiosk_client.errors import LineRefused
from kiosk_client.media.sources import CodedSource
from kiosk_client.run import station
from kiosk_client.station import Station
from kiosk_client.vault import DeviceKey
from tawasul.access.device_proof import verify
from tawasul.domain.places import KioskId
from tawasul.e2ee.errors import ChainWrong, HandshakeLate
from tawasul.e2ee.handshake_messages import write_refused
from tawasul.protocol.base import Message
from tawasul.protocol.from_endpoint import (
    FROM_ENDPOINT,
    Answer,
    FromEndpoint,
    HangUp,
    Hello,
    Media,
    Offer,
    OngoingCall,
    Seal,
)
from tawasul.protocol.from_server import Challenge

pytestmark = pytest.mark.realtime

NONCE = "n" * 43
SOURCE = CodedSource(hertz=440, identity=0xC171)
TRUST = make_trust()


class Door:
    """The server's side of one line."""

    def __init__(self, connection: ServerConnection) -> None:
        self.connection = connection

    async def hear(self) -> FromEndpoint:
        return FROM_ENDPOINT.validate_json(await self.connection.recv())

    async def say(self, *messages: Message) -> None:
        for message in messages:
            await self.connection.send(message.model_dump_json())

    async def greet(self) -> Hello:
        """Challenge, hello, welcome, and nobody waits."""
        await self.say(Challenge(nonce=NONCE))
        hello = await self.hear()
        assert isinstance(hello, Hello)
        await self.say(welcome(), waiting())
        return hello


@asynccontextmanager
async def doors(port: int = 0) -> AsyncIterator[tuple[Server, asyncio.Queue[Door]]]:
    """A server whose lines come out of the queue."""
    queue: asyncio.Queue[Door] = asyncio.Queue()

    async def take(connection: ServerConnection) -> None:
        await queue.put(Door(connection))
        await connection.wait_closed()

    async with serve(take, "127.0.0.1", port, ping_interval=None) as server:
        yield server, queue


def port_of(server: Server) -> int:
    port: int = next(iter(server.sockets)).getsockname()[1]
    return port


class Shown:
    """A running kiosk and what it shows."""

    def __init__(self) -> None:
        self.views: list[View] = []
        self.station: Station
        self._news = asyncio.Event()

    def show(self, view: View) -> None:
        self.views.append(view)
        self._news.set()

    async def until(self, holds: Callable[[View], bool], seconds: float = 15) -> View:
        async with asyncio.timeout(seconds):
            while not self.views or not holds(self.views[-1]):
                self._news.clear()
                await self._news.wait()
        return self.views[-1]


@asynccontextmanager
async def kiosk(folder: Path, port: int) -> AsyncIterator[Shown]:
    shown = Shown()
    config = KioskConfig(server=f"http://127.0.0.1:{port}", kiosk_id="badr-1", key_file=folder / "device.pem")
    shown.station = station(config, source=SOURCE, show=shown.show, identity=TRUST.identity(KIOSK, "badr-1"))
    running = asyncio.create_task(shown.station.run())
    try:
        yield shown
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


@asynccontextmanager
async def office_end(door: Door, attempt: int = 1, answer: str | None = None) -> AsyncIterator[SealedOffice]:
    """The office's end of an attempt, which the server has made; what the kiosk says of it reaches it."""
    office = SealedOffice(
        TRUST.identity(OFFICE, "emirate"), door.say, attempt=Attempt("call-1", attempt), answer=answer
    )
    await door.say(negotiate(attempt=attempt))
    try:
        yield office
    finally:
        await office.close()


async def beside(door: Door, office: SealedOffice) -> FromEndpoint:
    """The next that the kiosk says beside what belongs to the connection."""
    while office.take(message := await door.hear()):
        pass
    return message


async def in_call(door: Door, office: SealedOffice, attempt: int = 1) -> None:
    """Until the kiosk says that it decodes the office, and the office decodes it."""
    said = await beside(door, office)
    assert said == Media(call_id="call-1", attempt=attempt, state="connected", path="host")
    await comes(office.witness, lambda them: sees_pattern(them, SOURCE.identity) and hears_tone(them, SOURCE.hertz), 20)


async def test_a_call_by_the_line_and_its_survival_of_the_server(tmp_path: Path) -> None:
    async with doors() as (server, queue), kiosk(tmp_path, port_of(server)) as shown, AsyncExitStack() as stack:
        port = port_of(server)
        door = await queue.get()
        hello = await door.greet()
        assert hello.proof is not None
        key = DeviceKey.load_or_create(tmp_path / "device.pem")
        verify(key.public_bytes, NONCE, KioskId("badr-1"), hello.proof.signature)
        await shown.until(lambda view: view.state is KioskState.IDLE)
        office = await stack.enter_async_context(office_end(door))
        await in_call(door, office)
        view = await shown.until(lambda view: view.state is KioskState.IN_CALL)
        assert (view.privacy, [who.english for who in view.present]) == ("verified", [TITLES["emirate"].en])
        assert office.conversation.session is not None
        assert view.phrase == office.conversation.session.phrase

        # The server dies without a word. The call does not notice.
        server.close()
        door.connection.transport.abort()
        await server.wait_closed()
        await shown.until(lambda view: not view.line)
        assert shown.views[-1].state is KioskState.IN_CALL
        before = office.witness.picture.patterns
        async with doors(port) as (_, again):
            door = await asyncio.wait_for(again.get(), 20)
            hello = await door.greet()
            assert hello.call == OngoingCall(call_id="call-1", attempt=1, connected=True)
            await shown.until(lambda view: view.line)
            await comes(office.witness, lambda them: sees_pattern(them, SOURCE.identity, before + 10), 10)
            await door.say(ended())
            await shown.until(lambda view: view.state is KioskState.ENDED and view.because == "concluded")
            assert shown.station.witness is not None
            assert shown.station.witness.picture.patterns > 0


async def test_media_that_are_lost_are_made_anew_without_a_click(tmp_path: Path) -> None:
    async with doors() as (server, queue), kiosk(tmp_path, port_of(server)) as shown:
        door = await queue.get()
        await door.greet()
        async with office_end(door) as office:
            await in_call(door, office)
        # The office's end is gone without a goodbye (its page was loaded anew).
        assert await door.hear() == Media(call_id="call-1", attempt=1, state="lost")
        await shown.until(lambda view: view.state is KioskState.RECONNECTING)
        async with office_end(door, attempt=2) as office:
            await in_call(door, office, attempt=2)
            await shown.until(lambda view: view.state is KioskState.IN_CALL)


async def test_a_kiosk_that_is_told_to_end_ends_and_the_other_end_knows_at_once(tmp_path: Path) -> None:
    async with doors() as (server, queue):
        program = (
            "import asyncio, sys, pathlib; from kiosk_client.config import KioskConfig;"
            "from kiosk_client.run import run;"
            "asyncio.run(run(KioskConfig(server=sys.argv[1], kiosk_id='badr-1', key_file=pathlib.Path(sys.argv[2]),"
            " anchor=pathlib.Path(sys.argv[3]))))"
        )
        address, key = f"http://127.0.0.1:{port_of(server)}", tmp_path / "device.pem"
        anchor = TRUST.install(key, "badr-1")
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", program, address, str(key), str(anchor))
        try:
            door = await asyncio.wait_for(queue.get(), 20)
            await door.greet()
            async with office_end(door) as office:
                assert isinstance(await beside(door, office), Media)
                # The synthetic citizen, as the configuration names no other source.
                await comes(office.witness, lambda them: them.picture.moved > 3 and them.sound.heard, 20)
                process.terminate()
                assert (await office.until(MediaLost, 3)).reason == "transport-failed"
            assert await asyncio.wait_for(process.wait(), 5) == 0
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()


async def test_nonsense_from_a_server_does_not_disturb_the_kiosk(tmp_path: Path) -> None:
    async with doors() as (server, queue), kiosk(tmp_path, port_of(server)) as shown:
        door = await queue.get()
        await door.greet()
        nonsense: list[str | bytes] = ["", "{}", "[" * 10000, b"\x00\xff", json.dumps({"type": "later", "x": 1})]
        for frame in nonsense:
            await door.connection.send(frame)
        await door.say(Answer(call_id="nobody", attempt=1, sdp="x"))
        async with office_end(door, answer="no answer at all") as office:
            assert await beside(door, office) == Media(call_id="call-1", attempt=1, state="lost")
        async with office_end(door, attempt=2) as office:
            await in_call(door, office, attempt=2)
        assert shown.views[-1].line


async def test_an_end_that_was_kept_waiting_is_a_loss_and_any_other_refusal_ends_the_call(tmp_path: Path) -> None:
    async with doors() as (server, queue), kiosk(tmp_path, port_of(server)) as shown:
        door = await queue.get()
        await door.greet()
        for attempt, error in ((1, HandshakeLate()), (2, ChainWrong())):
            await door.say(negotiate(attempt=attempt))
            assert isinstance(await door.hear(), Offer)
            assert isinstance(await door.hear(), Seal)
            await door.say(seal(Attempt("call-1", attempt), write_refused(error)))
            if attempt == 1:
                assert await door.hear() == Media(call_id="call-1", attempt=1, state="lost")
        view = await shown.until(lambda view: view.state is KioskState.ENDED)
        assert (view.because, view.privacy) == ("not-private", "refused-by-other")
        # The other end tells the server; if that makes nothing of it, it is told that we have left.
        assert await door.hear() == HangUp(call_id="call-1")


async def test_a_kiosk_that_is_not_recognised_says_so_and_one_that_is_replaced_ends(tmp_path: Path) -> None:
    async with doors() as (server, queue), kiosk(tmp_path, port_of(server)) as shown:
        door = await queue.get()
        await door.connection.close(4403)
        await shown.until(lambda view: view.state is KioskState.UNENROLLED)
    async with doors() as (server, queue):
        config = KioskConfig(
            server=f"http://127.0.0.1:{port_of(server)}", kiosk_id="badr-1", key_file=tmp_path / "device.pem"
        )
        running = asyncio.create_task(station(config, source=SOURCE, identity=TRUST.identity(KIOSK, "badr-1")).run())
        door = await queue.get()
        await door.greet()
        await door.connection.close(4409)
        with pytest.raises(LineRefused):
            await asyncio.wait_for(running, 10)


async def test_a_message_beyond_all_measure_costs_the_line_and_it_comes_back(tmp_path: Path) -> None:
    async with doors() as (server, queue), kiosk(tmp_path, port_of(server)) as shown:
        door = await queue.get()
        await door.greet()
        await door.connection.send("x" * (1024 * 1024 + 1))
        door = await asyncio.wait_for(queue.get(), 10)
        await door.greet()
        await shown.until(lambda view: view.line)
