"""The stage on which the hostile server acts: one attempt of one call, and what it has seen of all that went before.

An `Attack` is made for each attempt. It is given every description, candidate and seal that an end wants passed on,
and whatever it says to an end reaches it: nothing else does. What it gets hold of is its loot, written as JSON lines.
"""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from signaling.core.call import End
from tawasul.protocol.from_endpoint import Relayed, Seal
from tawasul.protocol.from_server import Negotiate


@dataclass(frozen=True, slots=True)
class Past:
    """Something that an end once wanted passed on to the other."""

    call_id: str
    attempt: int
    to: End
    message: Relayed


class Loot:
    """The file into which the hostile server writes what it got hold of; the test reads it."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def note(self, what: str, **found: Any) -> None:
        """One more line."""
        with self._file.open("a") as file:
            file.write(json.dumps({"what": what, **found}) + "\n")


@dataclass(slots=True)
class Scene:
    """One attempt. `tell` reaches an end's line; `past` is everything that was ever passed on, this attempt too;
    `begin_anew` has both ends make the next attempt."""

    call_id: str
    attempt: int
    tell: Callable[[End, Relayed], None]
    loot: Loot
    past: list[Past] = field(repr=False)
    begin_anew: Callable[[], None]

    def say(self, to: End, message: Relayed) -> None:
        """To an end, as if the other had said it in this attempt."""
        self.tell(to, message.model_copy(update={"call_id": self.call_id, "attempt": self.attempt}))

    def seal(self, to: End, payload: bytes) -> None:
        """To an end, as if the other had sealed it. The bound on a seal's size is the honest server's, not ours."""
        self.say(to, Seal.model_construct(type="seal", payload=b64(payload)))


class Attack:
    """The honest server: passes everything on. Options come from the test, as JSON.

    `silent`: alarms are swallowed, nobody is told that the call is over, and a refusal does not reach the other end:
    each end has to find out, and to stop, by itself. `deaf`: nor is the first hanging up heard.
    """

    def __init__(self, scene: Scene, *, silent: bool = False, deaf: bool = False) -> None:
        self.scene = scene
        self.silent = silent
        self.deaf = deaf
        self._tasks: set[asyncio.Task[None]] = set()

    def negotiates(self, to: End, told: Negotiate) -> Negotiate:
        """What an end is told at the beginning of the attempt."""
        return told

    def passes(self, to: End, message: Relayed) -> None:
        """The other end of `to` wants this passed on."""
        self.scene.say(to, message)

    async def close(self) -> None:
        """The attempt is over."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def spawn(self, running: Coroutine[Any, Any, None]) -> None:
        """Something that takes its time, until the attempt is over."""
        task = asyncio.create_task(running)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            # The victims shut the door in its face: that is how an attack fails, and worth a line.
            self.scene.loot.note("foiled", attempt=self.scene.attempt, how=f"{type(error).__name__}: {error}")


def b64(data: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    """The reverse, of anything that a hostile program may be handed."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def opened(message: Relayed) -> dict[str, Any]:
    """What a seal holds, as far as a server can read it; empty for anything else."""
    if not isinstance(message, Seal):
        return {}
    try:
        value = json.loads(unb64(message.payload))
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def kind_of(message: Relayed) -> str:
    """`offer`, `answer`, `candidate`; of a seal what it is: `init`, `resp`, `reveal`, `conf`, `refused`."""
    return str(opened(message).get("t", "seal")) if isinstance(message, Seal) else message.type


def claims_of(jws: str) -> dict[str, Any]:
    """What a signed text claims; nobody checks the signature here."""
    claims: dict[str, Any] = json.loads(unb64(jws.split(".")[1]))
    return claims
