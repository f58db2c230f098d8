"""Clients by TLS, whose network lets nothing through but what looks like the web: as by TCP, and the certificate."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import socket
import ssl
import time

import pytest
from aioice import turn
from support.relay_client import channel_data, credentials, error, send_indication, value
from support.relay_process import PATIENCE, Endpoint, eventually, is_bound, last_statistics, relay_config, running_relay
from support.relay_stream import (
    HOST,
    Identity,
    identity,
    port_of,
    speak_to_one_who_does_not_read,
    stream_client,
)

from media_relay.child import adopt_or_start
from media_relay.errors import RelayStartFailed
from media_relay.probe import binding
from media_relay.stun import attributes as stun
from media_relay.stun.message import Method, parse
from media_relay.tls import Certificate

CHANNEL = 0x4000
REFUSED = (ConnectionError, ssl.SSLError)


@pytest.fixture(scope="module")
def ours(tmp_path_factory) -> Identity:
    return identity(tmp_path_factory.mktemp("identity"))


async def test_aioice_by_tls(tmp_path, ours):
    async with running_relay(tmp_path, addresses=(HOST,), **ours.settings) as relay:
        kiosk, office = [await aioice_by_tls(relay, name, ours) for name in ("kiosk", "office")]
        office.send(b"open", kiosk.relayed)
        kiosk.send(b"open", office.relayed)
        for size in (1, 1100, 8000, 40_000):  # several records
            spoken = os.urandom(size)
            kiosk.send(spoken, office.relayed)
            while (await office.receive()) != (spoken, kiosk.relayed):
                continue  # what opened the way
        for end in (kiosk, office):
            end.transport.close()
            async with asyncio.timeout(PATIENCE):
                await end.lost.wait()
        assert (await last_statistics(relay))["allocations"] == 0


async def aioice_by_tls(relay, name, trusted):
    given = credentials(name, expires_at=time.time() + 600)
    _, endpoint = await turn.create_turn_endpoint(
        Endpoint,
        (HOST, port_of(relay, "tls")),
        given.username,
        given.password,
        transport="tcp",
        ssl=trusted.context(),
    )
    return endpoint


async def test_the_probe_asks_by_tls(tmp_path, ours):
    async with running_relay(tmp_path, **ours.settings) as relay:
        for host in (HOST, "::1"):
            mapped = await binding(host, port_of(relay, "tls", host), transport="tls", context=ours.context())
            assert mapped is not None
            assert mapped.host == host
        assert await binding(HOST, port_of(relay, "tls"), transport="tls", attempts=1) is None, "a stranger to it"
        assert await binding(HOST, port_of(relay, "tls"), transport="tcp", attempts=1) is None
        assert (await last_statistics(relay))["streams"]["ended"]["tls"] >= 1


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
async def test_what_is_agreed_on(tmp_path, ours, version):
    context = ours.context()
    context.minimum_version = context.maximum_version = version
    context.set_alpn_protocols(["stun.turn"])
    async with running_relay(tmp_path, **ours.settings) as relay:
        plain = socket.create_connection((HOST, port_of(relay, "tls")), PATIENCE)
        with context.wrap_socket(plain, server_hostname=HOST) as secured:
            assert secured.selected_alpn_protocol() == "stun.turn"
            cipher, _, bits = secured.cipher()
    assert "GCM" in cipher or "CHACHA20" in cipher
    assert version is ssl.TLSVersion.TLSv1_3 or cipher.startswith("ECDHE")
    assert bits >= 128


async def test_a_client_of_the_past_is_refused(tmp_path, ours):
    context = ours.context()
    context.set_ciphers("AES128-SHA:AES256-GCM-SHA384:@SECLEVEL=0")  # no forward secrecy
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    async with running_relay(tmp_path, **ours.settings) as relay:
        with socket.create_connection((HOST, port_of(relay, "tls")), PATIENCE) as plain, pytest.raises(REFUSED):
            context.wrap_socket(plain, server_hostname=HOST)


async def test_indications_and_channels_in_records_of_any_size(tmp_path, ours):
    async with running_relay(tmp_path, **ours.settings) as relay:
        with (
            stream_client(relay, "kiosk", trusting=ours) as kiosk,
            stream_client(relay, "office", trusting=ours) as office,
        ):
            here, there = kiosk.relayed(), office.relayed()
            assert error(office.permit(here)) is None
            assert error(kiosk.bind(CHANNEL, there)) is None
            words = [os.urandom(size) for size in (0, 1, 2, 3, 1100, 20_000)]
            said = b"".join(channel_data(CHANNEL, word) + bytes(-len(word) % 4) for word in words)
            kiosk.socket.sendall(said)  # 16 KiB a record
            for byte in range(300):
                kiosk.socket.sendall(said[byte : byte + 1])
            kiosk.socket.sendall(said[300:])
            for word in words + words:
                assert value(parse(office.receive()), stun.DATA) == word
            office.say(send_indication(here, b"an odd answer"))
            assert kiosk.receive() == channel_data(CHANNEL, b"an odd answer")


async def test_a_slow_reader_is_given_the_newest(tmp_path, ours):
    async with running_relay(tmp_path, **ours.settings) as relay:
        with (
            stream_client(relay, "kiosk", trusting=ours, window=4096) as kiosk,
            stream_client(relay, "office", trusting=ours) as office,
        ):
            here, there = kiosk.relayed(), office.relayed()
            kiosk.permit(there)
            kiosk.bind(CHANNEL, there)
            office.permit(here)
            office.bind(CHANNEL, here)
            gap = await speak_to_one_who_does_not_read(lambda word: office.say(channel_data(CHANNEL, word)), kiosk)
            assert gap > 50
            assert error(kiosk.refresh()) is None, "and answers are not dropped"
        assert (await last_statistics(relay))["streams"]["dropped"]["late"] >= gap


async def test_garbage_and_half_a_handshake(tmp_path, ours):
    hello = client_hello()
    async with running_relay(tmp_path, stream_half_frame=3, **ours.settings) as relay:
        port = port_of(relay, "tls")
        with stream_client(relay, trusting=ours) as kiosk:
            kiosk.relayed()
            wrong = [b"\0\1\0\0\x21\x12\xa4\x42" + bytes(12), b"GET / HTTP/1.1\r\n\r\n", os.urandom(600), b"\x80"]
            wrong += [hello[:9] + b"\xff" * 300, hello[:3] + b"\xff\xff" + bytes(70_000)]
            begun = [b"", hello[:1], hello[:-1]]  # which the rest might follow
            # At once: some of them the relay waits for.
            asked = (asyncio.to_thread(answer_to, port, sent) for sent in (*wrong, *begun, hello))
            *answers, answer_to_hello = await asyncio.gather(*asked)
            assert answers == [b""] * len(answers)
            assert answer_to_hello[:1] == b"\x16", "but a whole one is answered"
            assert error(kiosk.refresh()) is None
        ended = (await last_statistics(relay))["streams"]["ended"]
    assert ended["tls"] >= len(wrong) - 2
    assert ended["overdue"] >= 3


def answer_to(port, sent):
    """Everything that the relay says to ``sent`` before it closes."""
    answer = b""
    with socket.create_connection((HOST, port), PATIENCE) as stranger:
        try:
            stranger.sendall(sent)
            while data := stranger.recv(4096):
                answer += data
        except ConnectionError:
            pass
    return answer


def client_hello():
    outgoing = ssl.MemoryBIO()
    client = ssl.create_default_context().wrap_bio(ssl.MemoryBIO(), outgoing, server_hostname="relay.example")
    with pytest.raises(ssl.SSLWantReadError):
        client.do_handshake()
    return outgoing.read()


async def test_rubbish_within_a_session(tmp_path, ours):
    async with running_relay(tmp_path, **ours.settings) as relay:
        with stream_client(relay, trusting=ours) as kiosk:
            relayed = kiosk.relayed()
            raw = socket.socket(fileno=os.dup(kiosk.socket.fileno()))
            with raw:
                raw.sendall(b"\x17\x03\x03\0\x20" + os.urandom(32))  # a record that nobody has encrypted
            with pytest.raises(REFUSED):
                kiosk.receive()
        await eventually(lambda: not is_bound(relayed))
        counted = await last_statistics(relay)
    assert counted["streams"]["ended"] == {"tls": 1}
    assert counted["ended"] == {"disconnected": 1}


async def test_a_relay_that_dies_is_replaced_on_its_ports(tmp_path, ours):
    async with running_relay(tmp_path, **ours.settings) as relay:
        first, streams = relay.pid, relay.streams
        assert {kind for kind, _, _ in streams} == {"tcp", "tls"}
        assert (await adopt_or_start(relay_config(**ours.settings), tmp_path)).streams == streams
        keeping = asyncio.create_task(relay.keep_alive())
        try:
            os.kill(first, signal.SIGKILL)
            await eventually(lambda: relay.pid != first)
            assert relay.streams == streams
            with stream_client(relay, trusting=ours) as kiosk:
                kiosk.relayed()
        finally:
            keeping.cancel()


class TestCertificate:
    async def test_it_is_exchanged_while_a_call_runs(self, tmp_path):
        served, newer = identity(tmp_path), identity(tmp_path, name="newer")
        before = Identity(tmp_path / "before.crt", tmp_path / "before.key")
        shutil.copy(served.certificate, before.certificate)
        async with running_relay(tmp_path / "relay", **served.settings) as relay:
            with stream_client(relay, trusting=before) as kiosk:
                kiosk.relayed()
                served.certificate.write_text("broken")
                os.kill(relay.pid, signal.SIGHUP)
                await eventually(lambda: "keeps its former certificate" in relay.directory.log.read_text())
                with stream_client(relay, trusting=before) as another:
                    assert error(another.ask_plainly(Method.BINDING)) is None

                shutil.copy(newer.certificate, served.certificate)
                shutil.copy(newer.key, served.key)
                os.kill(relay.pid, signal.SIGHUP)
                await eventually(lambda: "certificate has changed" in relay.directory.log.read_text())
                with stream_client(relay, trusting=newer) as another:
                    assert error(another.ask_plainly(Method.BINDING)) is None
                assert error(kiosk.refresh()) is None, "the call has not noticed"

    def test_it_is_noticed_without_a_signal(self, tmp_path):
        """By whatever of the two files has changed; and one that has vanished changes nothing."""
        served, newer = identity(tmp_path), identity(tmp_path, name="newer")
        certificate = Certificate(served.certificate, served.key)
        assert subject(certificate) == subject_of(served)
        served.key.unlink()
        certificate.look()
        assert subject(certificate) == subject_of(served)
        shutil.copy(newer.certificate, served.certificate)
        certificate.look()
        shutil.copy(newer.key, served.key)
        assert subject(certificate) != subject_of(newer)
        certificate.look()
        assert subject(certificate) == subject_of(newer)

    async def test_without_one_there_is_no_relay_by_tls(self, tmp_path):
        for settings in ({"tls_port": 0}, {**identity(tmp_path).settings, "certificate": tmp_path / "missing"}):
            with pytest.raises(RelayStartFailed, match="certificate"):
                await adopt_or_start(relay_config(**settings), tmp_path / "relay")


def subject(certificate):
    """What a client is shown."""
    session = certificate.session()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = context.wrap_bio(incoming, outgoing)
    while not session.established:
        with contextlib.suppress(ssl.SSLWantReadError):
            client.do_handshake()
        session.received(memoryview(outgoing.read()))
        incoming.write(session.to_send())
    return client.getpeercert(binary_form=True)


def subject_of(served):
    return ssl.PEM_cert_to_DER_cert(served.certificate.read_text())
