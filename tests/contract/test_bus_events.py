"""The contract of ``Events``. Another bus passes it by being added to the fixture."""

import asyncio

import pytest

from tawasul.bus.memory import MemoryEvents
from tawasul.bus.port import Events
from tawasul.domain.events import AudienceBooked, CitizenArrived, CitizenCalledIn, Event

BOOKED = AudienceBooked("a1", "s1")
ARRIVED = CitizenArrived("a1", "s1")
CALLED_IN = CitizenCalledIn("a1", "s1", "c1")


@pytest.fixture(params=["memory"])
def events(request: pytest.FixtureRequest) -> Events:
    return {"memory": MemoryEvents}[request.param]()


class Heard:
    """What a handler was told, to be awaited."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._more = asyncio.Event()

    async def __call__(self, event: Event) -> None:
        self.events.append(event)
        self._more.set()

    async def until(self, *expected: Event) -> None:
        async with asyncio.timeout(5):
            while len(self.events) < len(expected):
                self._more.clear()
                await self._more.wait()
        assert self.events == list(expected)


async def test_a_handler_hears_its_kind_and_no_other(events: Events) -> None:
    arrivals, all_of_them = Heard(), Heard()
    events.subscribe(CitizenArrived, arrivals)
    events.subscribe(Event, all_of_them)
    for event in (BOOKED, ARRIVED, CALLED_IN):
        await events.publish(event)
    await all_of_them.until(BOOKED, ARRIVED, CALLED_IN)
    await arrivals.until(ARRIVED)


async def test_every_handler_hears(events: Events) -> None:
    handlers = [Heard() for _ in range(3)]
    for handler in handlers:
        events.subscribe(AudienceBooked, handler)
    await events.publish(BOOKED)
    for handler in handlers:
        await handler.until(BOOKED)


async def test_what_nobody_subscribed_to_is_taken(events: Events) -> None:
    await events.publish(BOOKED)


async def test_a_handler_that_left_hears_no_more(events: Events) -> None:
    stays, leaves = Heard(), Heard()
    events.subscribe(Event, stays)
    leave = events.subscribe(Event, leaves)
    await events.publish(BOOKED)
    await leaves.until(BOOKED)
    leave()
    await events.publish(ARRIVED)
    await stays.until(BOOKED, ARRIVED)
    assert leaves.events == [BOOKED]


async def test_a_handler_that_raises_keeps_nobody_from_hearing_and_hears_again(events: Events) -> None:
    before, after = Heard(), Heard()
    tries: list[Event] = []

    async def fails_once(event: Event) -> None:
        tries.append(event)
        if len(tries) == 1:
            raise RuntimeError("not now")

    events.subscribe(Event, before)
    events.subscribe(Event, fails_once)
    events.subscribe(Event, after)
    with pytest.raises(ExceptionGroup):
        await events.publish(BOOKED)
    await before.until(BOOKED)
    await after.until(BOOKED)
    await events.publish(BOOKED)
    assert tries == [BOOKED, BOOKED]
    await after.until(BOOKED, BOOKED)
