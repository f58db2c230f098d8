"""The shell around a core: one task that takes inputs in order, keeps the one timer, and performs the effects.

Effects are awaited before the next input is looked at, so what happens to one call or one room happens in one order.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, Protocol, TypeVar

GivenT = TypeVar("GivenT", contravariant=True)
EffectT = TypeVar("EffectT", covariant=True)
Given = TypeVar("Given")
Effect = TypeVar("Effect")

log = logging.getLogger(__name__)


class Core(Protocol[GivenT, EffectT]):
    """What every core of signaling looks like from outside."""

    @property
    def deadline(self) -> float | None:
        """When the timer is due, in seconds of the loop's clock."""

    def handle(self, given: GivenT, now: float) -> Sequence[EffectT]:
        """What to do about ``given``."""


class Runner(Generic[Given, Effect]):
    """Runs one core until ``stop`` or until its task is cancelled."""

    def __init__(
        self, core: Core[Given, Effect], perform: Callable[[Effect], Awaitable[None]], *, passed: Given
    ) -> None:
        self._core = core
        self._perform = perform
        self._passed = passed
        self._inputs: asyncio.Queue[Given | None] = asyncio.Queue()

    def give(self, given: Given) -> None:
        """Hands an input to the core; it is taken in its turn."""
        self._inputs.put_nowait(given)

    def stop(self) -> None:
        """Ends the task after what was given before."""
        self._inputs.put_nowait(None)

    async def run(self) -> None:
        """Takes inputs and keeps the timer, until ``stop``. A failing effect is logged and spoils nothing else."""
        clock = asyncio.get_running_loop().time
        while True:
            try:
                async with asyncio.timeout_at(self._core.deadline):
                    given = await self._inputs.get()
            except TimeoutError:
                given = self._passed
            if given is None:
                return
            for effect in self._core.handle(given, clock()):
                try:
                    await self._perform(effect)
                except Exception:
                    log.exception("an effect failed: %s", type(effect).__name__)
