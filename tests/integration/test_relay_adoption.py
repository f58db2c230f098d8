"""The relay process outlives the server, is adopted by the next one, and is never left lying about."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import stat
import sys
import textwrap
from pathlib import Path

import psutil
import pytest
from pydantic import SecretStr
from support.ports import free_port
from support.relay_client import error
from support.relay_process import (
    PATIENCE,
    aioice_client,
    eventually,
    last_statistics,
    relay_config,
    running_relay,
    socket_client,
)

from media_relay.child import _adopt_or_start, adopt_or_start, end_what_runs, locked
from media_relay.directory import RelayDirectory, RelayState
from media_relay.errors import RelayConfigError, RelayPortTaken, RelayStartFailed
from media_relay.group import adopt_or_start_all

PARENT = textwrap.dedent(
    """
    import asyncio, sys
    from pathlib import Path
    from media_relay.child import adopt_or_start
    from media_relay.config import RelayConfig

    async def main():
        relay = await adopt_or_start(RelayConfig.read(Path(sys.argv[1])), Path(sys.argv[2]))
        print(relay.pid, relay.adopted, flush=True)
        await asyncio.Event().wait()

    asyncio.run(main())
    """
)
"""A server, as far as the relay is concerned."""


@contextlib.asynccontextmanager
async def server(directory: Path):
    """Another server process: (its process, the relay's pid, whether it adopted it)."""
    wanted = directory.parent / "wanted.json"
    relay_config().write(wanted)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PARENT, str(wanted), str(directory), stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        pid, adopted = (await process.stdout.readline()).split()
        yield process, int(pid), adopted == b"True"
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_a_relay_is_started_and_found_again(tmp_path):
    async with running_relay(tmp_path) as first:
        assert not first.adopted
        assert first.alive
        assert await first.healthy()
        second = await adopt_or_start(relay_config(), tmp_path)
        assert second.adopted
        assert (second.pid, second.listening) == (first.pid, first.listening)


async def test_a_call_goes_on_when_the_server_is_killed_and_the_next_one_adopts_the_relay(tmp_path):
    directory = tmp_path / "relay"
    async with server(directory) as (process, pid, adopted):
        assert not adopted
        ours = await adopt_or_start(relay_config(), directory)
        assert (ours.pid, ours.adopted) == (pid, True)
        async with aioice_client(ours, "kiosk") as kiosk, aioice_client(ours, "office") as office:
            office.send(b"open", kiosk.relayed)
            kiosk.send(b"open", office.relayed)
            process.send_signal(signal.SIGKILL)
            await process.wait()
            kiosk.send(b"still there?", office.relayed)
            while (await office.receive())[0] != b"still there?":
                continue
            async with server(directory) as (_, found, adopted_again):
                assert (found, adopted_again) == (pid, True)
            office.send(b"yes", kiosk.relayed)
            while (await kiosk.receive())[0] != b"yes":
                continue
    await ours.stop()
    assert not ours.alive


async def test_of_two_servers_at_once_one_starts_it(tmp_path):
    directory = tmp_path / "relay"
    async with contextlib.AsyncExitStack() as stack:
        started = await asyncio.gather(*(stack.enter_async_context(server(directory)) for _ in range(3)))
        assert len({pid for _, pid, _ in started}) == 1
        assert sorted(adopted for _, _, adopted in started) == [False, True, True]
    await (await adopt_or_start(relay_config(), directory)).stop()


async def test_it_is_in_a_session_of_its_own(tmp_path):
    async with running_relay(tmp_path) as relay:
        assert os.getsid(relay.pid) == relay.pid != os.getsid(0)


@pytest.mark.parametrize(
    "changed", [{"secrets": (SecretStr("another secret, as long"),)}, {"lifetime": 60}, {"addresses": ("127.0.0.1",)}]
)
async def test_another_configuration_is_served_by_another_relay(tmp_path, changed):
    async with running_relay(tmp_path) as first, running_relay(tmp_path, **changed) as second:
        assert not second.adopted
        assert second.pid != first.pid
        assert not first.alive


async def test_a_port_of_the_systems_choice_is_any_port_and_a_port_asked_for_is_that(tmp_path):
    async with running_relay(tmp_path) as first:
        port = first.listening[0][1]
        assert {port} == {port for _, port in first.listening}
        assert (await adopt_or_start(relay_config(port=port), tmp_path)).pid == first.pid
        other = free_port()
        async with running_relay(tmp_path, port=other) as second:
            assert second.pid != first.pid
            assert second.listening == (("127.0.0.1", other), ("::1", other))


async def test_a_relay_that_does_not_answer_is_replaced(tmp_path):
    async with running_relay(tmp_path) as sick:
        psutil.Process(sick.pid).suspend()
        assert not await sick.healthy()
        async with running_relay(tmp_path) as sound:
            assert sound.pid != sick.pid
            assert await sound.healthy()
            assert not sick.alive


async def test_a_recycled_process_id_is_neither_adopted_nor_harmed(tmp_path):
    async with running_relay(tmp_path) as gone:
        state = RelayState.read(gone.directory.state)
    assert state is not None
    bystander = await asyncio.create_subprocess_exec("sleep", "60")
    try:
        RelayState(bystander.pid, state.born, state.listening, state.digest).write(gone.directory.state)
        async with running_relay(tmp_path) as relay:
            assert not relay.adopted
            assert relay.pid != bystander.pid
            assert bystander.returncode is None
    finally:
        bystander.kill()
        await bystander.wait()


def of_format(state: Path, number: int) -> None:
    """Lets a state file look as a relay of another version wrote it: of what it says, only who runs is the same."""
    content = json.loads(state.read_text())
    assert content["format"] != number
    state.write_text(json.dumps({"format": number, "pid": content["pid"], "born": content["born"], "digest": [1]}))


@pytest.mark.parametrize("number", [1, 99])
async def test_a_relay_of_another_version_makes_way_on_its_port(tmp_path, number):
    async with running_relay(tmp_path) as earlier:
        port = earlier.listening[0][1]
        of_format(earlier.directory.state, number)
        async with running_relay(tmp_path, port=port) as relay:
            assert not relay.adopted
            assert relay.listening == earlier.listening
            assert not psutil.pid_exists(earlier.pid)
            of_format(relay.directory.state, number)
            group = await adopt_or_start_all(relay_config(port=port), tmp_path)
            assert not group.adopted
            assert group.listening == relay.listening
            assert not relay.alive
            await group.stop()


RUBBISH = ["", "{}", "[]", "null", '{"format": 2}', '{"format": 99}', '{"format": 1, "pid": "x", "born": 1}', "\x00"]


@pytest.mark.parametrize("content", RUBBISH)
async def test_a_state_file_that_is_rubbish_is_none(tmp_path, content):
    (tmp_path / "relay.json").write_text(content)
    async with running_relay(tmp_path) as relay:
        assert not relay.adopted
        assert await relay.healthy()


async def test_stopping_ends_it_and_leaves_no_trace_of_life(tmp_path):
    async with running_relay(tmp_path) as relay:
        await relay.stop()
        assert not psutil.pid_exists(relay.pid)
        assert not relay.directory.state.exists()
        assert not await relay.healthy()
        await relay.stop()


@pytest.mark.parametrize(("alternates", "code"), [((), 508), (("127.0.0.9:3478", "[::1]:3478"), 300)])
async def test_terminated_it_lets_calls_end_and_takes_no_new_ones(tmp_path, alternates, code):
    async with running_relay(tmp_path, drain=30, alternates=alternates) as relay:
        with socket_client(relay, "kiosk") as kiosk, socket_client(relay, "office") as office:
            kiosk.relayed()
            psutil.Process(relay.pid).terminate()
            await eventually(lambda: error(office.allocate()) == code)
            assert error(kiosk.refresh()) is None
            assert relay.alive
            kiosk.refresh(0)
            await eventually(lambda: not relay.alive)


async def test_a_relay_that_dies_is_replaced_on_its_port(tmp_path):
    async with running_relay(tmp_path) as relay:
        first, listening = relay.pid, relay.listening
        keeping = asyncio.create_task(relay.keep_alive())
        try:
            os.kill(first, signal.SIGKILL)
            await eventually(lambda: relay.pid != first)
            assert relay.listening == listening
            assert await relay.healthy()
            assert not keeping.done()
        finally:
            keeping.cancel()
        # A later server that leaves the port to the system finds this one good.
        assert (await adopt_or_start(relay_config(), tmp_path)).pid == relay.pid


async def test_a_relay_that_is_stopped_is_not_started_again(tmp_path):
    async with running_relay(tmp_path) as relay:
        keeping = asyncio.create_task(relay.keep_alive())
        await relay.stop()
        async with asyncio.timeout(PATIENCE):
            await keeping
        assert not relay.alive
        assert not relay.directory.state.exists()


async def test_a_server_does_not_fight_the_next_one_for_the_relay(tmp_path):
    async with running_relay(tmp_path) as mine:
        keeping = asyncio.create_task(mine.keep_alive())
        async with running_relay(tmp_path, lifetime=60) as theirs:
            assert not mine.alive
            assert not await mine._replace()
            assert await theirs.healthy()
        keeping.cancel()


async def test_nor_while_the_next_one_is_only_just_starting_its_own(tmp_path, monkeypatch):
    """The old relay has been ended, and the new one has not yet told anybody that it runs."""
    waits = asyncio.Event()

    def locked_for_mine(path):
        waits.set()
        return locked(path)

    async with running_relay(tmp_path) as mine:
        keeping = asyncio.create_task(mine.keep_alive())
        files = mine.directory
        async with locked(files.lock):
            monkeypatch.setattr("media_relay.child.locked", locked_for_mine)
            await end_what_runs(files)
            async with asyncio.timeout(PATIENCE):
                await waits.wait()
            theirs = await _adopt_or_start(relay_config(lifetime=60), files)
        try:
            assert not await mine._replace()
            assert theirs.alive
            assert await theirs.healthy()
        finally:
            keeping.cancel()
            await theirs.stop()


async def test_the_lease_is_renewed(tmp_path):
    async with running_relay(tmp_path) as relay:
        os.utime(relay.directory.lease, (0, 0))
        keeping = asyncio.create_task(relay.keep_alive())
        await eventually(lambda: (relay.directory.lease_age() or 1e9) < 10)
        keeping.cancel()


async def test_an_orphan_ends_once_no_call_uses_it(tmp_path):
    async with running_relay(tmp_path) as relay:
        with socket_client(relay) as kiosk:
            kiosk.relayed()
            os.utime(relay.directory.lease, (0, 0))
            before = written_at(relay.directory)
            await eventually(lambda: written_at(relay.directory) > before)
            assert relay.alive, "a call uses it"
            kiosk.refresh(0)
            await eventually(lambda: not relay.alive)
        assert "no server keeps this relay" in relay.directory.log.read_text()


def written_at(files: RelayDirectory) -> float:
    return float(json.loads(files.statistics.read_text())["written_at"])


async def test_a_taken_port_is_said_in_plain_words(tmp_path):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
        with pytest.raises(RelayPortTaken, match=f"UDP port {port} on 127.0.0.1 is taken by another program"):
            await adopt_or_start(relay_config(port=port, addresses=("127.0.0.1",)), tmp_path)


async def test_an_address_of_another_machine_is_said_in_plain_words(tmp_path):
    with pytest.raises(RelayStartFailed, match=r"cannot listen on 198\.51\.100\.7"):
        await adopt_or_start(relay_config(addresses=("198.51.100.7",)), tmp_path)


async def test_no_secret_no_relay(tmp_path):
    with pytest.raises(RelayConfigError):
        await adopt_or_start(relay_config(secrets=()), tmp_path)


async def test_it_is_not_told_the_settings_of_the_server(tmp_path, monkeypatch):
    monkeypatch.setenv("TAWASUL_DATABASE_URL", "postgresql+psycopg://tawasul:secret@127.0.0.1/tawasul")
    relay = await adopt_or_start(relay_config(), tmp_path)
    try:
        told = psutil.Process(relay.pid).environ()
    finally:
        await relay.stop()
    assert [name for name in told if name.startswith("TAWASUL_")] == []
    assert told["PATH"] == os.environ["PATH"]


async def test_nothing_it_leaves_behind_can_be_read_by_others_or_names_anybody(tmp_path):
    directory = tmp_path / "relay"
    async with running_relay(directory) as relay:
        with socket_client(relay, "a-name-to-be-kept") as client:
            relayed = client.relayed()
            assert relayed
        assert not any("secret" in word for word in psutil.Process(relay.pid).cmdline())
        counted = await last_statistics(relay)
    assert counted["requests"]["answered.allocate"] >= 1  # asked again where the answer was late
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    for file in directory.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) & 0o077 == 0, file
        if file.name != "relay-config.json":
            assert "a-name-to-be-kept" not in file.read_text(), file
            assert "a secret" not in file.read_text(), file
    log = (directory / "relay.log").read_text()
    assert "client in 127.0.0.0/24" in log
    assert str(client.socket) not in log
