"""``python -m media_relay`` by hand, on a host of its own."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from support.relay_process import relay_config


def run(path: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "media_relay", "--config-file", str(path)]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)


def test_a_taken_port(tmp_path):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        relay_config(port=other.getsockname()[1]).write(tmp_path / "relay.conf")
        ended = run(tmp_path / "relay.conf")
    assert ended.returncode == 3
    assert "is taken by another program" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_file_that_others_can_read(tmp_path):
    relay_config().write(tmp_path / "relay.conf")
    (tmp_path / "relay.conf").chmod(0o644)
    ended = run(tmp_path / "relay.conf")
    assert ended.returncode == 2
    assert "can be read by others" in ended.stderr


@pytest.mark.parametrize("content", ["", "{", '{"port": 70000}', '{"secrets": ["a-short-one"]}', '{"colour": 1}'])
def test_a_file_that_is_no_configuration(tmp_path, content):
    (tmp_path / "relay.conf").touch(mode=0o600)
    (tmp_path / "relay.conf").write_text(content)
    ended = run(tmp_path / "relay.conf")
    assert ended.returncode == 2
    assert "is not a relay configuration" in ended.stderr
    assert "a-short-one" not in ended.stderr
    assert "Traceback" not in ended.stderr


def test_no_file(tmp_path):
    ended = run(tmp_path / "relay.conf")
    assert ended.returncode == 2
    assert "cannot be read: No such file" in ended.stderr


def test_no_secret(tmp_path):
    relay_config(secrets=()).write(tmp_path / "relay.conf")
    assert run(tmp_path / "relay.conf").returncode == 2


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_without_a_lease_until_it_is_told_to_end(tmp_path, number):
    relay_config(orphan_after=0.1).write(tmp_path / "relay.conf")
    command = [sys.executable, "-m", "media_relay", "--config-file", str(tmp_path / "relay.conf")]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert "relay ready on 127.0.0.1 port" in process.stderr.readline()
        process.send_signal(number)
        assert process.wait(10) == 0
        assert "relay ended" in process.stderr.read()
    assert not (tmp_path / "relay.json").exists()
