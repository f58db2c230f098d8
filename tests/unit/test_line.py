"""A line: what is said comes in order; an endpoint that does not read is let go, and costs no more than its queue."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from signaling.core.peer import Endpoint
from signaling.line import LONGEST_QUEUE, Line
from tawasul.access.policy import Anonymous
from tawasul.protocol.from_server import Pulse
from tawasul.protocol.problems import problem

WITHIN = 5.0


class Reader:
    """The socket's other side: it reads for as long as it may."""

    def __init__(self) -> None:
        self.may_read = asyncio.Event()
        self.may_read.set()
        self.read: list[dict[str, Any]] = []
        self.closed: list[int] = []

    async def send(self, text: str) -> None:
        """As a WebSocket's: it returns when the other side takes it."""
        await self.may_read.wait()
        self.read.append(json.loads(text))

    async def close(self, code: int) -> None:
        """As a WebSocket's."""
        self.closed.append(code)


@pytest.fixture
def line() -> Line:
    return Line(Endpoint.KIOSK, "kiosk:badr-1", Anonymous(), "127.0.0.1")


def pulse(number: int = 0) -> Pulse:
    """Messages that can be told apart."""
    return Pulse(server_time=datetime.fromtimestamp(number, UTC))


def numbers(read: list[dict[str, Any]]) -> list[float]:
    return [datetime.fromisoformat(said["server_time"]).timestamp() for said in read if said["type"] == "pulse"]


async def written(line: Line, reader: Reader) -> None:
    """Writes until the line is closed."""
    async with asyncio.timeout(WITHIN):
        await line.write(reader.send, reader.close)


async def test_what_is_said_comes_in_order_and_the_farewell_last(line: Line) -> None:
    reader = Reader()
    for number in range(LONGEST_QUEUE - 1):
        line.say(pulse(number))
    line.hang_up(1012)
    await written(line, reader)
    assert numbers(reader.read) == list(range(LONGEST_QUEUE - 1))
    assert reader.closed == [1012]


async def test_a_slow_reader_is_let_go_and_never_costs_more_than_its_queue(line: Line) -> None:
    reader = Reader()
    reader.may_read.clear()
    writing = asyncio.create_task(written(line, reader))
    for number in range(50 * LONGEST_QUEUE):
        line.say(pulse(number))
        assert line._queue.qsize() <= LONGEST_QUEUE
        if number == 0:
            await asyncio.sleep(0)
    reader.may_read.set()
    await writing
    assert reader.closed == [1013]
    assert reader.read[-1]["code"] == "unavailable"
    # The one that was on its way, and nothing of what piled up behind it.
    assert numbers(reader.read) == [0]


async def test_a_reader_that_keeps_up_may_be_told_any_number_of_things(line: Line) -> None:
    reader = Reader()
    writing = asyncio.create_task(written(line, reader))
    for number in range(3 * LONGEST_QUEUE):
        line.say(pulse(number))
        await asyncio.sleep(0)
    line.hang_up(1000)
    await writing
    assert numbers(reader.read) == list(range(3 * LONGEST_QUEUE))
    assert reader.closed == [1000]


async def test_nothing_is_said_after_the_end(line: Line) -> None:
    reader = Reader()
    line.close("replaced")
    line.say(pulse())
    line.refuse("not-found")
    line.close("unavailable")
    line.hang_up(1012)
    await written(line, reader)
    assert [said["code"] for said in reader.read] == ["replaced"]
    assert reader.closed == [4409]


@pytest.mark.parametrize("waiting", [LONGEST_QUEUE - 2, LONGEST_QUEUE - 1, LONGEST_QUEUE])
async def test_why_a_line_ends_is_told_however_much_waits_before_it(line: Line, waiting: int) -> None:
    # Told "unavailable" instead, an endpoint that was replaced would come back and fight for its place.
    reader = Reader()
    for number in range(waiting):
        line.say(pulse(number))
    line.close("replaced")
    await written(line, reader)
    assert reader.closed == [4409]
    assert [said["code"] for said in reader.read if said["type"] == "problem"] == ["replaced"]


async def test_a_refusal_has_both_languages_and_the_line_goes_on(line: Line) -> None:
    reader = Reader()
    line.refuse("too-many-attempts", about="check-in", retry_after=30)
    line.say(pulse(7))
    line.hang_up(1000)
    await written(line, reader)
    row = problem("too-many-attempts")
    said = reader.read[0]
    assert (said["code"], said["arabic"], said["english"]) == (row.code, row.arabic, row.english)
    assert (said["about"], said["retry_after"]) == ("check-in", 30)
    assert numbers(reader.read) == [7]


async def test_a_socket_that_is_gone_ends_the_writing_quietly(line: Line) -> None:
    async def gone(text: str) -> None:
        raise RuntimeError("Cannot call send once a close message has been sent")

    reader = Reader()
    line.say(pulse())
    async with asyncio.timeout(WITHIN):
        await line.write(gone, reader.close)
    assert reader.closed == []
