"""Hundreds of random changes to what two native ends say in their handshake, through the hostile server, without media:
no end confirms a handshake of which it was told anything but what the other end said.

(Ten thousand more, on the cores alone: tests/property/test_e2ee_mutations.py.)
"""

from __future__ import annotations

import asyncio
import secrets
import time
from dataclasses import dataclass, field
from pathlib import Path

from support.endpoints import Line, Said, kiosk_line, office_line
from support.hostile_scene import b64, unb64
from support.hostile_seals import OUR_FINGERPRINT
from support.hostile_service import HostileService, a_hostile_service
from support.trust import REGION, make_trust

from tawasul.e2ee.errors import BY_CODE
from tawasul.e2ee.handshake import (
    Answering,
    Begin,
    Confirmed,
    Effect,
    Given,
    HandshakeEnd,
    PinPeer,
    Received,
    Refuse,
    Send,
)
from tawasul.e2ee.handshake_citizen import CitizenEnd
from tawasul.e2ee.handshake_office import OfficeEnd
from tawasul.e2ee.names import DeviceName, DeviceRole

TOLD = "refused-by-other"
ATTEMPTS = 250
WITHIN = 5.0
"""Seconds for an attempt of milliseconds."""


@dataclass
class End:
    """One end's handshake at its line: what came out of it."""

    line: Line
    core: HandshakeEnd
    ours: dict[str, object]
    confirmed: bool = False
    code: str | None = None
    over: asyncio.Event = field(default_factory=asyncio.Event)
    told: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Until it is confirmed or refused, and whatever comes after that."""
        await self._give(Begin())
        while True:
            said = await self.line.hear("seal", self._is_ours)
            await self._give(Received(unb64(said["payload"])))

    def _is_ours(self, said: Said) -> bool:
        return bool(said["call_id"] == self.ours["call_id"] and said["attempt"] == self.ours["attempt"])

    async def _give(self, given: Given) -> None:
        for effect in self.core.handle(given, time.time()):
            await self._perform(effect)

    async def _perform(self, effect: Effect) -> None:
        match effect:
            case Send(payload):
                await self.line.say("seal", **self.ours, payload=b64(payload))
            case PinPeer() if isinstance(self.core, OfficeEnd):
                await self._give(Answering(OUR_FINGERPRINT))
            case Confirmed():
                self.confirmed = True
                self.over.set()
            case Refuse(error, tell):
                self.code = error.code
                self.over.set()
                if not tell:
                    self.told.set()


async def test_no_random_change_of_a_handshake_is_ever_confirmed(tmp_path: Path) -> None:
    trust = make_trust()
    kiosk, office = trust.credentials(DeviceRole.KIOSK, "badr-1"), trust.credentials(DeviceRole.OFFICE, "emirate")
    believed = trust.trust()
    outcomes: dict[str, int] = {}
    async with (
        a_hostile_service(tmp_path) as service,
        office_line(service) as console,
        kiosk_line(service, "badr-1") as line,
    ):
        service.plan("mutated", seed=20261122)
        await _call_in(service, line, console)
        for number in range(1, ATTEMPTS + 1):
            told = await line.hear("negotiate")
            await console.hear("negotiate")
            assert told["attempt"] == number
            ours = {"call_id": told["call_id"], "attempt": number}
            sid = f"{told['call_id']}/{number}"
            citizen = CitizenEnd(
                kiosk,
                trust=believed,
                sid=sid,
                office=DeviceName(REGION, DeviceRole.OFFICE, "emirate"),
                fingerprint=OUR_FINGERPRINT,
                nonce=secrets.token_bytes(32),
            )
            answering = OfficeEnd(
                office,
                trust=believed,
                sid=sid,
                kiosk="badr-1",
                nonce=secrets.token_bytes(32),
                secret=secrets.token_bytes(32),
            )
            outcome = await _attempt(service, End(line, citizen, ours), End(console, answering, ours))
            outcomes[outcome] = outcomes.get(outcome, 0) + 1
            await console.say("media", **ours, state="lost")
    assert sum(outcomes.values()) == ATTEMPTS
    assert outcomes.pop("untouched", 0) < ATTEMPTS / 10, "almost every change is a change"
    assert set(outcomes) <= set(BY_CODE)
    # All four messages were hit, and refused for reasons of many kinds.
    assert len(outcomes) >= 6, outcomes


async def _call_in(service: HostileService, kiosk: Line, office: Line) -> None:
    guest = service.audience_at("badr-1")
    await kiosk.say("check-in", reference=guest.reference)
    await office.hear("board", lambda board: any(row["state"] == "arrived" for row in board["rows"]))
    await office.say("call-in", audience_id=guest.audience_id)


async def _attempt(service: HostileService, citizen: End, office: End) -> str:
    """One handshake under attack: the code for which it was refused, or `untouched`."""
    running = [asyncio.create_task(end.run()) for end in (office, citizen)]
    async with asyncio.timeout(WITHIN):
        await _over(citizen, office)
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    done = next(row for row in service.loot("mutated") if row["attempt"] == citizen.ours["attempt"])
    if done["same"]:
        # White space, say: what the ends read is what was said.
        assert citizen.confirmed
        assert office.confirmed
        return "untouched"
    # The office has its proof before the citizen's end has: a changed `conf` alone comes after it.
    assert office.confirmed == (done["kind"] == "conf"), done
    assert not citizen.confirmed, done
    codes = {citizen.code, office.code} - {None, TOLD}
    assert len(codes) <= 1, codes
    return str(codes.pop()) if codes else TOLD


async def _over(citizen: End, office: End) -> None:
    """Both are done, or one believes that the other has refused, because an old refusal was played to it."""
    both = asyncio.gather(citizen.over.wait(), office.over.wait())
    lied_to = [asyncio.create_task(end.told.wait()) for end in (citizen, office)]
    await asyncio.wait([both, *lied_to], return_when=asyncio.FIRST_COMPLETED)
    for task in (both, *lied_to):
        task.cancel()
    await asyncio.gather(both, *lied_to, return_exceptions=True)
