"""The relay's log: what an exception says is not told, since it may hold an address."""

from __future__ import annotations

import json
import logging
import sys

import pytest

from media_relay.logs import LogFormat, fields, formatter


def line(form: LogFormat, **more: object) -> str:
    nobody: dict[str, int] = {}
    address = "198.51.100.7"
    try:
        nobody[address]
    except KeyError:
        record = logging.LogRecord("media_relay", logging.ERROR, "", 0, "a message from %s", ("a/24",), sys.exc_info())
    record.__dict__.update(more)
    return formatter(form).format(record)


@pytest.mark.parametrize("form", ["text", "json"])
def test_an_exception_tells_where_and_what_kind_but_not_its_words(form: LogFormat) -> None:
    written = line(form)

    assert "198.51.100.7" not in written
    assert "KeyError" in written
    assert "test_relay_logs.py" in written
    assert "a message from a/24" in written


def test_fields_stand_beside_the_words() -> None:
    written = line("json", **fields("allocation-made", port=50_000))

    assert "\n" not in written
    read = json.loads(written)
    assert (read["event"], read["port"], read["level"]) == ("allocation-made", 50_000, "error")
    assert read["time"].endswith("+00:00")
