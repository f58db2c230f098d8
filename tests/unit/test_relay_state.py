"""What a relay's state file says of it, to whichever version of the server reads it."""

from __future__ import annotations

import json

import pytest

from media_relay.directory import RelayState

STATE = RelayState(4711, 99.5, (("127.0.0.1", 3478),), "0" * 64, (("tls", "127.0.0.1", 443),))


@pytest.fixture
def path(tmp_path):
    STATE.write(tmp_path / "relay.json")
    return tmp_path / "relay.json"


def test_it_is_read_as_it_was_written(path):
    assert RelayState.read(path) == STATE


@pytest.mark.parametrize(
    "changed", [{"format": 1}, {"format": 99, "listening": "anything"}, {"format": 1, "digest": 7}]
)
def test_of_another_version_only_who_runs_is_known(path, changed):
    """Enough to end it, and nothing to adopt it by: no configuration has an empty digest."""
    path.write_text(json.dumps({**json.loads(path.read_text()), **changed}))

    assert RelayState.read(path) == RelayState(4711, 99.5, (), "")


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": 1}', '{"format": 99, "pid": "x", "born": 1}', "\0"])
def test_what_names_nobody_is_none(path, content):
    path.write_text(content)

    assert RelayState.read(path) is None
