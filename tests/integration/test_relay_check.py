"""``tawasul relay check``: what it finds where all is well, with our relay and with coturn, and where all is not."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from support.command import tawasul
from support.media_turn import PASSWORD, USER, coturn
from support.ports import free_port
from support.relay_client import SocketClient, credentials
from support.relay_paper import SECRET
from support.relay_process import address_of, running_relay
from support.relay_stream import Identity, identity, port_of
from typer.testing import CliRunner

from media_relay.check import Outcome, Step, Trouble, Wanted, check
from media_relay.child import RelayProcess
from media_relay.core.effects import Transport
from media_relay.probe import binding
from media_relay.stun import attributes as stun
from media_relay.stun.address import TransportAddress
from media_relay.stun.message import MessageClass, Method, build, parse
from tawasul.cli import app

HOST = "127.0.0.1"
ONE = {"addresses": (HOST,)}


@pytest.fixture(scope="module")
def ours(tmp_path_factory) -> Identity:
    return identity(tmp_path_factory.mktemp("identity"))


def wanted(relay: RelayProcess, **changed: object) -> Wanted:
    """By UDP and TCP, with credentials that the relay believes."""
    given = credentials("relay-check", expires_at=time.time() + 60)
    whole = Wanted(HOST, port=address_of(relay, HOST)[1], tls_port=None, credentials=given)
    return replace(whole, **changed)


def told(outcomes: list[Outcome]) -> dict[tuple[Transport, Step], Trouble | None]:
    return {(outcome.transport, outcome.step): outcome.trouble for outcome in outcomes}


async def test_all_of_our_relay_gets_through_and_nothing_is_left_there(tmp_path, ours):
    async with running_relay(tmp_path / "relay", **ONE, **ours.settings) as relay:
        secret = tmp_path / "secret"
        secret.write_text(f"{SECRET}\n")
        secret.chmod(0o600)
        ports = ("--port", str(address_of(relay, HOST)[1]), "--tls-port", str(port_of(relay, "tls")))
        trusting = ("--secret-file", str(secret), "--trust", str(ours.certificate))
        answer = await tawasul(tmp_path, "relay", "check", HOST, *ports, *trusting, "--json")

        assert answer.complained == ""
        assert answer.status == 0
        found = json.loads(answer.said)
        assert found["passes"] == "all"
        assert [step["name"] for step in found["steps"]] == [
            f"{transport}-{step}" for transport in ("udp", "tcp", "tls") for step in ("reach", "carry")
        ]
        for step in found["steps"]:
            assert step["trouble"] is None
            assert 0 < step["round_trip"] < 30
        reached = found["steps"][4]
        assert (reached["seen_as"][0], reached["behind_nat"]) == (HOST, False)
        assert HOST in reached["certificate"]["names"]
        # Certificates of a day are about to end.
        assert (reached["state"], reached["mend"]["en"]) == ("warning", "Have the relay's certificate renewed.")

        await relay.stop()
        counted = json.loads(relay.directory.statistics.read_text())
        assert (counted["made"], counted["allocations"], counted["ended"]) == (6, 0, {"released": 6})


async def test_of_debians_coturn_too(tmp_path):
    async with coturn(tmp_path) as given:
        port = int(given.servers[0].urls[0].split(":")[2].split("?")[0])
        # It takes TCP up a moment after UDP.
        await eventually_answers(port)
        password = tmp_path / "password"
        password.write_text(PASSWORD)
        password.chmod(0o600)
        arguments = ("--port", str(port), "--tls-port", "0", "--user", USER, "--password-file", str(password))
        answer = await asyncio.to_thread(CliRunner().invoke, app, ["relay", "check", HOST, *arguments])

    assert answer.exit_code == 0, answer.output
    assert answer.output.count("✓ ok") == 4
    assert "All of it gets through." in answer.output


async def eventually_answers(port: int) -> None:
    async with asyncio.timeout(30):
        while await binding(HOST, port, transport="tcp") is None:  # noqa: ASYNC110 - there is no event to wait for
            await asyncio.sleep(0.05)


async def test_what_is_not_there_is_told_by_what_it_does_instead(tmp_path, ours):
    """All at once, since most of them take as long as one waits."""
    async with (
        running_relay(tmp_path, **ONE, **ours.settings) as relay,
        stream_that(lambda writer: writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as web,
        stream_that(lambda writer: writer.close()) as cutting,
        stream_that(lambda writer: None) as dumb,
        datagrams_that(lambda question: None) as silent,
        datagrams_that(elsewhere) as translating,
    ):
        closed = free_port()
        tls = port_of(relay, "tls")
        tried = {
            "web": Wanted(HOST, web, web),
            "cut": Wanted(HOST, cutting, cutting),
            "dumb": Wanted(HOST, dumb, dumb),
            "closed": Wanted(HOST, closed, closed),
            "silent": Wanted(HOST, silent, None),
            "translating": Wanted(HOST, translating, None),
            "stranger": Wanted(HOST, None, tls),
            "other name": Wanted("localhost", None, tls, authority=str(ours.certificate)),
            "wrong secret": wanted(
                relay, credentials=credentials(expires_at=time.time() + 60, secret="another secret!!")
            ),
            "late": wanted(relay, credentials=credentials(expires_at=time.time() - 1)),
            "no name": Wanted("a-label-has-63-letters-at-most-" * 3),
        }
        results = await asyncio.gather(*map(check, tried.values()))
    by = {name: (outcomes, told(outcomes)) for name, outcomes in zip(tried, results, strict=True)}

    def trouble(name: str, transport: Transport, step: Step = Step.REACH) -> Trouble | None:
        return by[name][1][transport, step]

    assert trouble("web", Transport.TCP) is Trouble.NOT_STUN
    assert trouble("web", Transport.TLS) is Trouble.NOT_TLS
    assert trouble("cut", Transport.TCP) is Trouble.CUT
    assert trouble("cut", Transport.TLS) is Trouble.CUT
    assert trouble("dumb", Transport.TCP) is Trouble.SILENT
    assert trouble("dumb", Transport.TLS) is Trouble.SILENT
    assert set(by["closed"][1].values()) == {Trouble.CLOSED}
    assert trouble("silent", Transport.UDP) is Trouble.SILENT
    assert set(by["no name"][1].values()) == {Trouble.UNKNOWN_NAME}
    assert trouble("stranger", Transport.TLS) is Trouble.CERTIFICATE
    shown = by["stranger"][0][0].certificate
    assert shown is not None
    assert shown.issuer == "relay", "who it is of is told even so"
    assert trouble("other name", Transport.TLS) is Trouble.CERTIFICATE
    for name in ("wrong secret", "late"):
        assert trouble(name, Transport.UDP) is None
        assert trouble(name, Transport.UDP, Step.CARRY) is Trouble.CREDENTIALS
        assert trouble(name, Transport.TCP, Step.CARRY) is Trouble.CREDENTIALS
    behind = by["translating"][0][0]
    assert (behind.trouble, behind.translated, behind.seen_as) == (None, True, TransportAddress("198.51.100.7", 4000))


async def test_packets_that_do_not_come_through_are_told_and_whether_it_is_their_size(tmp_path):
    async with running_relay(tmp_path, **ONE) as relay:
        address = address_of(relay, HOST)
        async with (
            lossy(address, lambda datagram: len(datagram) > 1000) as narrow,
            lossy(address, lambda datagram: datagram[:2] == b"\x00\x16") as deaf,
        ):
            udp_alone = [replace(wanted(relay), port=port) for port in (narrow, deaf)]
            small_only, nothing = [told(outcomes) for outcomes in await asyncio.gather(*map(check, udp_alone))]

    assert small_only[Transport.UDP, Step.CARRY] is Trouble.LARGE_LOST
    assert nothing[Transport.UDP, Step.REACH] is None
    assert nothing[Transport.UDP, Step.CARRY] is Trouble.LOST


async def test_a_relay_that_drains_or_has_no_room(tmp_path):
    async with running_relay(tmp_path / "full", **ONE, allocations_in_all=1) as full:
        assert told(await check(wanted(full)))[Transport.UDP, Step.CARRY] is Trouble.FULL
    async with running_relay(
        tmp_path / "draining", **ONE, allocations_per_user=2, drain=60, alternates=("10.1.2.4:3478",)
    ) as draining:
        holder = asyncio.create_task(asyncio.to_thread(_held, draining))
        release = await holder
        stopping = asyncio.create_task(draining.stop())
        outcome: dict[tuple[Transport, Step], Trouble | None] = {}

        async def turned_away() -> bool:
            outcome.update(told(await check(wanted(draining))))
            return outcome[Transport.UDP, Step.CARRY] is not None

        async with asyncio.timeout(30):
            while not await turned_away():
                continue
        assert outcome[Transport.UDP, Step.CARRY] is Trouble.DRAINING
        release()
        await stopping


def _held(relay: RelayProcess) -> Callable[[], object]:
    client = SocketClient(address_of(relay, HOST), credentials("holder", expires_at=time.time() + 60))
    client.relayed()

    def release() -> None:
        client.refresh(0)
        client.close()

    return release


async def test_in_words_and_by_exit_status(tmp_path):
    port = free_port()
    none = await tawasul(tmp_path, "relay", "check", HOST, "--port", str(port), "--tls-port", "0")
    assert none.status == 2
    for words in (
        f"What gets through to {HOST} from here · ما يصل من هنا إلى {HOST}",
        f"UDP does not get through to {HOST} {port}: it was refused.",
        "Nothing gets through",
        "لا شيء يصل",
    ):
        assert words in " ".join(none.said.split())

    async with running_relay(tmp_path / "relay", **ONE, tcp=False) as relay:
        some = await tawasul(
            tmp_path, "relay", "check", HOST, "--port", str(address_of(relay, HOST)[1]), "--tls-port", "0"
        )
    assert some.status == 1
    assert "Some of it gets through" in some.said
    assert "--credentials-file" in some.said, "nothing was sent through it, for want of credentials"


async def test_with_a_file_from_the_server_and_no_secret(tmp_path):
    here, there, file = tmp_path / "server", tmp_path / "centre", tmp_path / "check.json"
    minted = await tawasul(here, "relay", "credentials", str(file), TAWASUL_RELAY__SECRETS=json.dumps([SECRET]))
    assert minted.status == 0, minted.complained

    async with running_relay(tmp_path / "relay", **ONE, tcp=False) as relay:
        ports = ("--port", str(address_of(relay, HOST)[1]), "--tls-port", "0")
        answer = await tawasul(there, "relay", "check", HOST, *ports, "--credentials-file", str(file), "--json")
    found = {step["name"]: step["trouble"] for step in json.loads(answer.said)["steps"]}
    assert (found["udp-reach"], found["udp-carry"]) == (None, None)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--user", "kiosk"),
        ("--port", "0", "--tls-port", "0"),
        ("--secret-file", "/nowhere/secret"),
        ("--trust", "/nowhere/ca.pem"),
        ("--trust", __file__),
    ],
    ids=["half credentials", "no port", "no file", "no authority", "no certificate"],
)
def test_what_cannot_be_asked(arguments):
    answer = CliRunner().invoke(app, ["relay", "check", HOST, *arguments])

    assert answer.exit_code == 2
    assert "Invalid value" in answer.output


def elsewhere(question: bytes) -> bytes:
    """An answer to a Binding question, as a NAT would have it."""
    message = parse(question)
    address = stun.XOR_MAPPED_ADDRESS(TransportAddress("198.51.100.7", 4000))
    return build(Method.BINDING, MessageClass.SUCCESS, message.transaction_id, [address])


@asynccontextmanager
async def stream_that(does: Callable[[asyncio.StreamWriter], object]) -> AsyncIterator[int]:
    """A TCP server that does this with each connection; its port."""
    standing: list[asyncio.StreamWriter] = []

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        standing.append(writer)
        await reader.read(1)
        does(writer)

    server = await asyncio.start_server(take, HOST, 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for writer in standing:
            writer.close()


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, answers: Callable[[bytes], bytes | None]) -> None:
        self._answers = answers

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.DatagramTransport = transport  # type: ignore[assignment]

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        answer = self._answers(data)
        if answer is not None:
            self.transport.sendto(answer, addr)


@asynccontextmanager
async def datagrams_that(answers: Callable[[bytes], bytes | None]) -> AsyncIterator[int]:
    """A UDP server that answers so; its port."""
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: _Datagrams(answers), local_addr=(HOST, 0))
    try:
        yield transport.get_extra_info("sockname")[1]
    finally:
        transport.close()


class _Lossy(_Datagrams):
    """Passes to ``relay`` what is not lost, from a socket for each client, and back."""

    def __init__(self, relay: tuple[str, int], lost: Callable[[bytes], bool]) -> None:
        self._relay = relay
        self._lost = lost
        self._out: dict[tuple[str, int], asyncio.DatagramTransport] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if not self._lost(data):
            task = asyncio.create_task(self._pass(data, addr))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _pass(self, data: bytes, client: tuple[str, int]) -> None:
        if client not in self._out:
            loop = asyncio.get_running_loop()
            back = lambda answer: self.transport.sendto(answer, client)  # noqa: E731
            self._out[client], _ = await loop.create_datagram_endpoint(
                lambda: _Datagrams(back), remote_addr=self._relay
            )
        self._out[client].sendto(data)

    def close(self) -> None:
        for transport in (self.transport, *self._out.values()):
            transport.close()


@asynccontextmanager
async def lossy(relay: tuple[str, int], lost: Callable[[bytes], bool]) -> AsyncIterator[int]:
    """A way to ``relay`` on which what is ``lost`` does not arrive; its port."""
    loop = asyncio.get_running_loop()
    transport, way = await loop.create_datagram_endpoint(lambda: _Lossy(relay, lost), local_addr=(HOST, 0))
    try:
        yield transport.get_extra_info("sockname")[1]
    finally:
        way.close()
