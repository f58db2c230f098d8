"""What the malicious server understands of a call that is not protected: everything. So its empty hands elsewhere mean
something."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from support.coming import comes
from support.endpoints import Line, kiosk_line, office_line
from support.hostile_middle import OURS, BareEnd
from support.hostile_pair import KIOSK, OFFICE, decodes
from support.hostile_service import a_hostile_service

from signaling.core.call import End

pytestmark = pytest.mark.realtime


async def test_of_two_ends_that_seal_nothing_the_middle_sees_and_hears_all(tmp_path: Path) -> None:
    async with a_hostile_service(tmp_path) as service, office_line(service) as office:
        guest = service.audience_at("badr-1")
        async with kiosk_line(service, "badr-1") as kiosk:
            service.plan("middle")
            await kiosk.say("check-in", reference=guest.reference)
            await office.hear("board", lambda board: any(row["state"] == "arrived" for row in board["rows"]))
            await office.say("call-in", audience_id=guest.audience_id)
            citizen_end, office_end = BareEnd(End.OFFICE, KIOSK), BareEnd(End.CITIZEN, OFFICE)
            await _connect(kiosk, citizen_end, office, office_end)
            # The false office is seen by the citizen's end, the false citizen by the office's: nobody notices.
            await comes(citizen_end.thief, lambda seen: decodes(seen, OURS[End.CITIZEN]), 15)
            await comes(office_end.thief, lambda seen: decodes(seen, OURS[End.OFFICE]), 15)
            # As long as the ends look on, the middle has looked on too.
            await office.say("hang-up", call_id=(await kiosk.hear("call-state"))["call_id"])
            await service.looted("media", lambda row: bool(row["from"] == "office"))
            await asyncio.gather(citizen_end.close(), office_end.close())
        taken = {row["from"]: row for row in service.loot("media")}
    assert taken["citizen"]["identity"] == KIOSK.identity
    assert taken["office"]["identity"] == OFFICE.identity
    assert min(row["patterns"] for row in taken.values()) >= 3
    assert taken["citizen"]["tone"].get(str(KIOSK.hertz), 0) > 0
    assert taken["office"]["tone"].get(str(OFFICE.hertz), 0) > 0


async def _connect(kiosk: Line, citizen_end: BareEnd, office: Line, office_end: BareEnd) -> None:
    """As ends did before there was a handshake: an offer, an answer."""
    told = await kiosk.hear("negotiate")
    ours = {"call_id": told["call_id"], "attempt": told["attempt"]}
    await kiosk.say("offer", **ours, sdp=await citizen_end.offer())
    offer = await office.hear("offer")
    await office.say("answer", **ours, sdp=await office_end.answer(offer["sdp"]))
    await citizen_end.take_answer((await kiosk.hear("answer"))["sdp"])
