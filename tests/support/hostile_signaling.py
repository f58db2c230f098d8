"""The service as an operator would run it against the two people of a call: ``python -m support.hostile_signaling``.

It is the real server with its real relay; only what it passes on between the ends, and what it says of trust, goes
through an attack. Which one stands in the file that ``TAWASUL_HOSTILE`` names, and is read anew at each attempt of each
call, so that one server serves many tests::

    {"attack": "fingerprints", "options": {"place": "after"}, "trust": {"/revocations": {…}}}

Its loot is written beside that file, as ``loot.jsonl``.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from starlette.responses import JSONResponse, Response
from support.hostile_attacks import ATTACKS
from support.hostile_scene import Attack, Loot, Past, Scene, claims_of, kind_of, opened

import tawasul.app
from signaling import switchboard
from signaling.calls import RunningCall
from signaling.core import call as call_core
from signaling.core import peer as line_core
from signaling.core.call import End
from signaling.line import Line
from tawasul.protocol.from_endpoint import Answer, Candidate, Media, Offer, Relayed, Seal
from tawasul.protocol.from_server import FromServer, Negotiate
from tawasul.serving import run_service
from tawasul.settings import Settings
from tawasul.web.trust import TrustPassage

PLAN = Path(os.environ.get("TAWASUL_HOSTILE", "hostile.json"))
LOOT = PLAN.with_name("loot.jsonl")


def plan() -> dict[str, Any]:
    """What the test wants done now."""
    wanted: dict[str, Any] = json.loads(PLAN.read_text()) if PLAN.exists() else {}
    return {"attack": "none", "options": {}, "trust": {}, "over": False} | wanted


class Tap:
    """A line as the call sees it. Whatever the call says on it is heard first."""

    def __init__(self, line: Line, hears: Callable[[FromServer], None]) -> None:
        self._line = line
        self._hears = hears

    def say(self, message: FromServer) -> None:
        """To us, and not to the end."""
        self._hears(message)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._line, name)


class HostileCall(RunningCall):
    """A call whose ends hear what the attack says."""

    past: list[Past] = []  # noqa: RUF012 - of the whole program: what was said in one call is tried in another
    _attack: Attack | None = None

    def line(self, end: End) -> Line | None:
        """The line, with an ear on it."""
        line = super().line(end)
        if line is None:
            return None
        return cast(Line, Tap(line, lambda message: self._heard(end, message)))

    def give(self, given: call_core.Input) -> None:
        """An alarm is noted, and swallowed where the attack is a silent one.

        Who hangs up is not heard the first time where the attack is deaf. Then it is an interruption, by which the
        citizen waits again, for the next attack.
        """
        attack = self._attack
        match given:
            case call_core.Alarmed(end, code):
                Loot(LOOT).note("alarm", end=str(end), code=code)
                if attack is not None and attack.silent:
                    return
            case call_core.HungUp(end):
                if attack is not None and attack.deaf:
                    attack.deaf = False
                    return
                if attack is not None:
                    attack.silent = False
                given = call_core.Alarmed(end, "hung-up")
        super().give(given)

    async def run(self) -> None:
        """And then the attack is over too. A plan that says ``over`` ends whatever goes on; the citizen waits again."""
        watching = asyncio.create_task(self._watch_plan())
        try:
            await super().run()
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)
            await self._end_attack()

    async def _watch_plan(self) -> None:
        while not plan()["over"]:  # noqa: ASYNC110 - another process writes the plan
            await asyncio.sleep(0.1)
        self.give(call_core.HungUp(End.OFFICE))

    async def _perform(self, effect: call_core.Effect) -> None:
        match effect:
            case call_core.Negotiate(attempt):
                await self._end_attack()
                wanted = plan()
                scene = Scene(self.call_id, attempt, self._tell, Loot(LOOT), self.past, self._begin_anew)
                self._attack = ATTACKS[wanted["attack"]](scene, **wanted["options"])
            case call_core.Finish():
                await self._end_attack()
        await super()._perform(effect)

    def _heard(self, to: End, message: FromServer) -> None:
        attack = self._attack
        if attack is None:
            return
        if isinstance(message, Negotiate):
            self._tell(to, attack.negotiates(to, message))
        elif isinstance(message, Offer | Answer | Candidate | Seal):
            self.past.append(Past(self.call_id, attack.scene.attempt, to, message))
            _note_what_is_seen(attack.scene.loot, to, message)
            if not (attack.silent and kind_of(message) == "refused"):
                attack.passes(to, message)
        else:
            self._tell(to, message)

    def _begin_anew(self) -> None:
        lost = Media(call_id=self.call_id, attempt=self.state.attempt, state="lost")
        self.give(call_core.Said(End.OFFICE, lost))

    def _tell(self, to: End, message: FromServer) -> None:
        if (line := super().line(to)) is not None:
            line.say(message)

    async def _end_attack(self) -> None:
        if self._attack is not None:
            attack, self._attack = self._attack, None
            await attack.close()


class HostilePassage(TrustPassage):
    """What the ends ask of the issuer is answered by the plan, where it says something of it."""

    async def read(self, path: str, source: str) -> Response:
        """As planned, or as it is."""
        lies = plan()["trust"]
        return JSONResponse(lies[path]) if path in lies else await super().read(path, source)


def _note_what_is_seen(loot: Loot, to: End, message: Relayed) -> None:
    """What a server can read of a handshake: who is named in it, and that it takes place."""
    seal = opened(message)
    if "jws" not in seal:
        return
    claims = claims_of(seal["jws"])
    names = [claims_of(certificate)["sub"] for certificate in claims.get("chain", [])]
    loot.note("seal", kind=seal["t"], to=str(to), fingerprint=claims["fp"], names=names)


def main() -> None:
    """Until a signal."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    # Trying hundreds of things a minute is our purpose; the honest server cuts such a line off.
    line_core.BURST, line_core.PER_SECOND = 100_000, 100_000.0
    # An attempt that hangs is not to be saved by the server's beginning another.
    call_core.ATTEMPT_WITHIN = 3600.0
    switchboard.RunningCall = HostileCall  # type: ignore[attr-defined]
    tawasul.app.TrustPassage = HostilePassage  # type: ignore[attr-defined]
    asyncio.run(run_service(Settings()))


if __name__ == "__main__":
    main()
