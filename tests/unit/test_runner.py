"""The shell around a core: in order, with one timer, and no effect's failure spoils another."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

import pytest

from signaling.runner import Runner

WITHIN = 5.0
PASSED = "passed"


class Echo:
    """A core that notes each input with its time, and makes effects of it by ``answers``. Deadlines are the test's."""

    def __init__(self, answers: Callable[[str], Sequence[str]] = lambda given: [given]) -> None:
        self.deadline: float | None = None
        self.taken: list[tuple[str, float]] = []
        self.next_deadlines: list[float | None] = []
        self._answers = answers

    def handle(self, given: str, now: float) -> Sequence[str]:
        """Moves the deadline to the next of those set."""
        self.taken.append((given, now))
        if self.next_deadlines:
            self.deadline = self.next_deadlines.pop(0)
        return self._answers(given)


async def run(runner: Runner[str, str]) -> None:
    async with asyncio.timeout(WITHIN):
        await runner.run()


async def test_inputs_and_effects_keep_their_order_even_where_an_effect_takes_its_time() -> None:
    done: list[str] = []

    async def perform(effect: str) -> None:
        for _ in range(3 if effect.startswith("1") else 0):
            await asyncio.sleep(0)
        done.append(effect)

    runner = Runner(Echo(lambda given: [f"{given}a", f"{given}b"]), perform, passed=PASSED)
    for number in "123":
        runner.give(number)
    runner.stop()
    await run(runner)
    assert done == ["1a", "1b", "2a", "2b", "3a", "3b"]


async def test_a_failing_effect_is_logged_and_spoils_nothing_else(caplog: pytest.LogCaptureFixture) -> None:
    done: list[str] = []

    async def perform(effect: str) -> None:
        if effect == "1a":
            raise OSError("the disk is full")
        done.append(effect)

    runner = Runner(Echo(lambda given: [f"{given}a", f"{given}b"]), perform, passed=PASSED)
    runner.give("1")
    runner.give("2")
    runner.stop()
    with caplog.at_level(logging.ERROR):
        await run(runner)
    assert done == ["1b", "2a", "2b"]
    (told,) = caplog.records
    assert told.exc_info is not None
    # What an effect holds may be somebody's; its kind is nobody's.
    assert told.getMessage() == "an effect failed: str"


async def test_a_failing_effect_does_not_take_the_timer_along() -> None:
    async def perform(effect: str) -> None:
        if effect == "first":
            raise RuntimeError
        runner.stop()

    core = Echo()
    core.next_deadlines = [asyncio.get_running_loop().time() + 0.02, None]
    runner = Runner(core, perform, passed=PASSED)
    runner.give("first")
    await run(runner)
    assert [given for given, _ in core.taken] == ["first", PASSED]


async def test_the_timer_is_armed_anew_after_every_input() -> None:
    begun = asyncio.get_running_loop().time()
    core = Echo()
    core.deadline = begun + 3600
    # The hour is cut short by an input; then two deadlines pass; then none is left.
    core.next_deadlines = [begun + 0.02, begun + 0.05, None]
    passed = asyncio.Event()

    async def perform(effect: str) -> None:
        if core.deadline is None:
            passed.set()

    runner = Runner(core, perform, passed=PASSED)
    running = asyncio.create_task(run(runner))
    runner.give("input")
    async with asyncio.timeout(WITHIN):
        await passed.wait()
    runner.give("later")
    runner.stop()
    await running
    assert [given for given, _ in core.taken] == ["input", PASSED, PASSED, "later"]
    assert core.taken[1][1] >= begun + 0.02
    assert core.taken[2][1] >= begun + 0.05


async def test_what_was_given_is_taken_before_a_deadline_that_passed_meanwhile() -> None:
    core = Echo()
    core.deadline = asyncio.get_running_loop().time() - 1
    core.next_deadlines = [core.deadline, None]

    async def perform(effect: str) -> None:
        if effect == PASSED:
            runner.stop()

    runner = Runner(core, perform, passed=PASSED)
    runner.give("given")
    await run(runner)
    assert [given for given, _ in core.taken] == ["given", PASSED]


async def test_it_ends_after_what_was_given_before_the_stop() -> None:
    core = Echo()

    async def perform(effect: str) -> None:
        runner.stop()
        runner.give("too late")

    runner = Runner(core, perform, passed=PASSED)
    runner.give("in time")
    await run(runner)
    assert [given for given, _ in core.taken] == ["in time"]


async def test_cancelling_it_ends_it_at_once() -> None:
    begun = asyncio.Event()

    async def perform(effect: str) -> None:
        begun.set()
        await asyncio.Event().wait()

    runner = Runner(Echo(), perform, passed=PASSED)
    runner.give("for ever")
    running = asyncio.create_task(runner.run())
    async with asyncio.timeout(WITHIN):
        await begun.wait()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
