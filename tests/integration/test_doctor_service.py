"""The doctor on ports and a running service: real sockets, the real relay, the real server."""

import asyncio
import json
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pydantic import SecretStr
from support.ports import free_port
from support.service import a_service

from media_relay.child import adopt_or_start
from media_relay.config import RelayConfig
from tawasul.doctor import examine, ports, service, trust
from tawasul.doctor.finding import Finding, State
from tawasul.serving import address_file
from tawasul.settings import ServerConfig


@contextmanager
def taken(kind: socket.SocketKind) -> Iterator[int]:
    """A port that this program, which is not the service, holds."""
    with socket.socket(socket.AF_INET, kind) as holder:
        holder.bind(("127.0.0.1", 0))
        if kind == socket.SOCK_STREAM:
            holder.listen()
        yield holder.getsockname()[1]


def relay_port(port: int, directory: Path) -> Finding:
    config = RelayConfig(port=port, secrets=(SecretStr("a secret of the doctor's tests"),))
    [finding] = ports.relay_ports(config, directory)
    return finding


def test_free_ports(tmp_path: Path) -> None:
    assert ports.pages_port(ServerConfig(port=free_port()), None).state is State.OK
    assert relay_port(free_port(), tmp_path).state is State.OK
    assert relay_port(0, tmp_path).state is State.OK


def test_a_pages_port_that_another_program_holds() -> None:
    # The kernel takes connections for it; nobody ever answers the question for its health.
    with taken(socket.SOCK_STREAM) as port, pytest.MonkeyPatch.context() as patch:
        patch.setattr(service, "ANSWERS_WITHIN", 0.2)
        finding = ports.pages_port(ServerConfig(port=port), None)
    assert finding.state is State.WRONG
    assert f"process {os.getpid()}" in finding.sentence.english
    assert finding.mend is not None
    assert "TAWASUL_SERVER__PORT" in finding.mend.words.english


def test_a_relay_port_that_another_program_holds(tmp_path: Path) -> None:
    with taken(socket.SOCK_DGRAM) as port:
        finding = relay_port(port, tmp_path)
    assert finding.state is State.WRONG
    assert f"process {os.getpid()}" in finding.sentence.english


def test_an_address_that_this_machine_does_not_have() -> None:
    finding = ports.pages_port(ServerConfig(host="192.0.2.1", port=8000), None)
    assert finding.state is State.WRONG
    assert "Cannot assign" in finding.sentence.english


async def test_our_own_relay(tmp_path: Path) -> None:
    port = free_port()
    config = RelayConfig(port=port, secrets=(SecretStr("a secret of the doctor's tests"),))
    relay = await adopt_or_start(config, tmp_path / "relay")
    try:
        ours = await asyncio.to_thread(relay_port, port, tmp_path / "relay")
        assert (ours.state, "our own" in ours.sentence.english) == (State.OK, True)

        another_s = await asyncio.to_thread(relay_port, port, tmp_path / "elsewhere")
        assert another_s.state is State.WARNING

        os.kill(relay.pid, signal.SIGSTOP)
        silent = await asyncio.to_thread(relay_port, port, tmp_path / "relay")
        assert silent.state is State.WRONG
        assert silent.mend is not None
        assert silent.mend.command == f"kill {relay.pid}"
    finally:
        os.kill(relay.pid, signal.SIGCONT)
        await relay.stop()


async def test_a_running_service_and_its_end(tmp_path: Path) -> None:
    async with a_service(tmp_path) as running:
        findings = {each.name: each for each in await asyncio.to_thread(lambda: list(examine(running.settings)))}
        wrong = [each for each in findings.values() if each.state is State.WRONG]
        assert wrong == []
        assert running.address in findings["service"].sentence.english
        assert "our own running service" in findings["pages-port"].sentence.english
        assert "fits" in findings["personal-data-key"].sentence.english
        assert findings["issuer"].state is State.WARNING, "these settings name none; the running service's do"

        address = running.issuer.address
        expires = running.issuer.issuer.certificate_expires
        for now, state in (
            (None, State.OK),
            (expires - trust.RENEW_BEFORE, State.WARNING),
            (expires - 1, State.WARNING),
            (expires, State.WRONG),
        ):
            assert (await asyncio.to_thread(trust.issuer, address, now)).state is state
        # A service of ours that is no issuer, and nobody at all.
        for nobody in (running.address, "http://127.0.0.1:9"):
            assert (await asyncio.to_thread(trust.issuer, nobody)).state is State.WRONG

        stranger = await asyncio.to_thread(ports.pages_port, running.settings.server, None)
        assert stranger.state is State.WARNING, "a service of ours, but not of this folder"

        assert running.process is not None
        running.process.send_signal(signal.SIGSTOP)
        try:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(service, "ANSWERS_WITHIN", 0.2)
                stuck = await asyncio.to_thread(service.noted, tmp_path)
        finally:
            running.process.send_signal(signal.SIGCONT)
        assert service.running_service(stuck).state is State.WRONG

        running.kill()
        dead = await asyncio.to_thread(service.noted, tmp_path)
        assert dead is not None, "its note is still there"
        assert service.running_service(dead).state is State.OK
        assert ports.pages_port(running.settings.server, dead).state is State.OK


@pytest.mark.parametrize(
    "note",
    [
        "",
        "{}",
        "[1]",
        '{"address": "http://[", "pid": 1}',
        '{"address": "x", "pid": null}',
        '{"address": "http://majlis.example:80", "pid": 1}',
    ],
)
def test_a_note_that_is_none(tmp_path: Path, note: str) -> None:
    address_file(tmp_path).write_text(note)
    assert service.running_service(service.noted(tmp_path)).state is State.OK


def test_a_process_that_has_the_number_of_a_dead_service(tmp_path: Path) -> None:
    address = f"http://127.0.0.1:{free_port()}"
    address_file(tmp_path).write_text(json.dumps({"address": address, "pid": 1}))
    assert service.running_service(service.noted(tmp_path)).state is State.OK
