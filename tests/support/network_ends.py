"""The citizen's end of a call over the bed, in a namespace of its own, for as long as the call lasts; and a kiosk as
one.
"""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field

from support.namespaces import enter
from support.network_reports import EndReport
from support.proven_call import CITIZEN_SOURCE, OFFICE_SOURCE, decodes

from kiosk_client.config import KioskConfig
from kiosk_client.identity import Identity
from kiosk_client.media.evidence import Witness
from kiosk_client.run import station


@dataclass(frozen=True)
class Course:
    """Of a call: ``proven`` once the citizen's end has all that it must have, or has given up; ``over`` once it may
    leave.
    """

    proven: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)


class CitizenAway:
    """An end in the namespace held by ``pid``, in a thread of its own, until it is told that the call is over."""

    def __init__(self, pid: int, lives: Callable[[Course], Coroutine[None, None, EndReport | str]]) -> None:
        """``lives`` gives what it saw, or why it saw nothing."""
        self.course = Course()
        self._pid, self._lives = pid, lives
        self._report: EndReport | str = "the citizen's end was not asked"
        self._thread = threading.Thread(target=self._live, name="citizen", daemon=True)

    def start(self) -> None:
        """Switches it on."""
        self._thread.start()

    def ended(self, patience: float) -> EndReport | str:
        """Switches it off; what it saw, or what went wrong. ``patience``: seconds that it has for that."""
        self.course.over.set()
        self._thread.join(patience)
        return self._report

    def _live(self) -> None:
        try:
            enter(self._pid)
            self._report = asyncio.run(self._lives(self.course))
        except Exception as error:
            logging.getLogger(__name__).exception("the citizen's end")
            self._report = f"{type(error).__name__}: {str(error)[:400]}"
        finally:
            self.course.proven.set()


async def kiosk(config: KioskConfig, identity: Identity | None, course: Course) -> EndReport | str:
    """A kiosk's life. Without ``identity`` it enrols first, as ``config`` says."""
    here = station(config, source=CITIZEN_SOURCE, identity=identity)
    running = asyncio.create_task(here.run())
    # The witness stays in hand: when the call ends, the station lets go of it.
    witness: Witness | None = None
    path: str | None = None
    decoded = False
    while not course.over.is_set():
        witness, path = here.witness or witness, here.view.path or path
        decoded = decoded or (witness is not None and decodes(witness, OFFICE_SOURCE))
        if decoded and witness is not None and seen(witness, None).enough:
            course.proven.set()
        await asyncio.sleep(0.05)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    return seen(witness, _by(path, config)) if witness and decoded else f"not decoded: {in_words(witness)}"


def seen(witness: Witness, path: str | None) -> EndReport:
    """What it counted."""
    return EndReport(path, witness.picture.patterns, round(witness.sound.seconds, 1))


def in_words(witness: Witness | None) -> str:
    """What little a witness saw."""
    if witness is None:
        return "no call came"
    return f"{witness.picture.patterns} pictures, {witness.sound.seconds:.1f} s of sound"


def _by(path: str | None, config: KioskConfig) -> str | None:
    """The path, and how it speaks with the relay, as it remembers it for the next call."""
    remembered = config.key_file.with_name(f"{config.key_file.stem}.relay.json")
    if path != "relay" or not remembered.exists():
        return path
    return f"relay by {json.loads(remembered.read_text())['transport'].upper()}"
