"""The end of a call that the database refused to write is not forgotten: it is taken up again and ends once more."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from support.endpoints import Line, kiosk_line, office_line
from support.service import Service, a_service


@contextlib.contextmanager
def nothing_can_be_written_of_audiences(folder: Path) -> Iterator[None]:
    """As on a full disk: SQLite itself refuses."""
    connection = sqlite3.connect(folder / "tawasul.db", timeout=10, isolation_level=None)
    with contextlib.closing(connection):
        connection.execute(
            "CREATE TRIGGER full BEFORE UPDATE ON audiences BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        )
        try:
            yield
        finally:
            connection.execute("DROP TRIGGER full")


async def test_a_call_whose_end_could_not_be_written_is_taken_up_again_and_ends_once_more(tmp_path: Path) -> None:
    async with (
        a_service(tmp_path) as service,
        kiosk_line(service, "badr-1") as kiosk,
        office_line(service) as office,
    ):
        call_id = await in_a_call(service, kiosk, office)
        with nothing_can_be_written_of_audiences(tmp_path):
            await office.say("hang-up", call_id=call_id)
            # What the people wanted happens, whatever the database says: they are told, and no media go on.
            assert (await kiosk.hear("ended"))["because"] == "office-hung-up"
            assert (await office.hear("ended"))["because"] == "office-hung-up"
            # The row still says "in a call": so the service takes it up, as after a restart.
            again = await office.hear("call-state", lambda said: said["phase"] == "reconnecting")
            assert again["call_id"] == call_id
            assert state_of(office, service) == "in-call"
        await office.say("hang-up", call_id=call_id)
        assert (await office.hear("ended"))["because"] == "office-hung-up"
        assert (await kiosk.hear("ended"))["because"] == "office-hung-up"
        await office.hear("board", lambda said: any(row["state"] == "heard" for row in said["rows"]))
        # Nobody else was harmed: the outcome is written, and the next may come.
        await office.say("conclude", audience_id=service.audience_at("badr-1").audience_id, directive=None)
        assert (await office.hear("concluded"))["directed"] is False
        assert "an effect failed: Record" in service.log()


async def test_a_call_whose_join_could_not_be_written_ends_like_any_other(tmp_path: Path) -> None:
    async with (
        a_service(tmp_path) as service,
        kiosk_line(service, "badr-1") as kiosk,
        office_line(service) as office,
    ):
        audience = service.audience_at("badr-1")
        call_id = await called_in(service, kiosk, office)
        with nothing_can_be_written_of_audiences(tmp_path):
            for line in (kiosk, office):
                await line.say("media", call_id=call_id, attempt=1, state="connected", path="relay")
            await office.hear("call-state", lambda said: said["phase"] == "in-call")
        await office.say("hang-up", call_id=call_id)
        assert (await kiosk.hear("ended"))["waits_again"] is False
        await office.hear("board", lambda said: any(row["state"] == "heard" for row in said["rows"]))
        await office.say("conclude", audience_id=audience.audience_id, directive=None)
        assert (await office.hear("concluded"))["directed"] is False


async def called_in(service: Service, kiosk: Line, office: Line) -> str:
    """The kiosk's citizen is called in: the call's id."""
    audience = service.audience_at("badr-1")
    await kiosk.say("check-in", reference=audience.reference)
    await office.hear("board", lambda said: any(row["state"] == "arrived" for row in said["rows"]))
    await office.say("call-in", audience_id=audience.audience_id)
    return str((await kiosk.hear("negotiate"))["call_id"])


async def in_a_call(service: Service, kiosk: Line, office: Line) -> str:
    """The kiosk's citizen and the office see each other: the call's id."""
    call_id = await called_in(service, kiosk, office)
    for line in (kiosk, office):
        await line.say("media", call_id=call_id, attempt=1, state="connected", path="relay")
    for line in (kiosk, office):
        await line.hear("call-state", lambda said: said["phase"] == "in-call")
    await office.hear("board", lambda said: any(row["state"] == "in-call" for row in said["rows"]))
    return call_id


def state_of(office: Line, service: Service) -> str:
    """Of the kiosk's citizen, on the last board that came."""
    board = [said for said in office.heard if said["type"] == "board"][-1]
    wanted = service.audience_at("badr-1").audience_id
    return next(str(row["state"]) for row in board["rows"] if row["audience_id"] == wanted)
