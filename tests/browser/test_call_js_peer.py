"""One attempt between two real browsers: negotiation, decoded proof, muting, loss, goodbye."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Browser
from support.call_pages import End, a_region, as_message, bare_app, chromium, sees_black, sees_movement, serving

CALL = "call-1"


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest.fixture
async def address() -> AsyncIterator[str]:
    async with serving(bare_app()) as address:
        yield address


def negotiate(*, offers: bool, attempt: int = 1) -> dict[str, Any]:
    """What the server tells an end."""
    return {
        "type": "negotiate", "call_id": CALL, "attempt": attempt, "audience_id": "a-1", "reference": "AB12",
        "offers": offers, "ice": {"servers": [], "policy": "all"},
        "other": {"name": {"arabic": "أ", "english": "A"}},
    }  # fmt: skip


def joined(one: End, other: End, carrying: set[asyncio.Task[None]], attempt: int = 1, only: str = "") -> None:
    """Carries what each reports to the other, in order; `only` one kind of it, where the test carries the rest."""
    for source, target in ((one, other), (other, one)):
        queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

        async def carry(queue: asyncio.Queue[dict[str, Any]] = queue, target: End = target) -> None:
            while True:
                await target.take(await queue.get())

        def forward(event: dict[str, Any], queue: asyncio.Queue[dict[str, Any]] = queue) -> None:
            if (not only or event["type"] == only) and (message := as_message(event, CALL, attempt)):
                queue.put_nowait(message)

        source.forward = forward
        carrying.add(asyncio.create_task(carry()))


@pytest.fixture
async def carrying() -> AsyncIterator[set[asyncio.Task[None]]]:
    tasks: set[asyncio.Task[None]] = set()
    yield tasks
    for task in tasks:
        task.cancel()


@pytest.fixture
async def ends(browser: Browser, address: str, carrying: set[asyncio.Task[None]]) -> tuple[End, End]:
    citizen, office = await End.open(browser, address), await End.open(browser, address)
    joined(citizen, office, carrying)
    return citizen, office


async def connect(citizen: End, office: End, **more: Any) -> None:
    region = await a_region(office)
    await office.start(negotiate(offers=False), region)
    await citizen.start(negotiate(offers=True), region, **more)
    await asyncio.gather(citizen.seen("connected"), office.seen("connected"))


async def test_both_ends_decode_each_other(ends: tuple[End, End]) -> None:
    citizen, office = ends
    await connect(citizen, office)
    for end in ends:
        assert (await end.seen("connected"))["path"] in ("host", "reflexive")
        await sees_movement(end.page, "remote")


async def test_vp8_and_opus_are_offered_first(ends: tuple[End, End]) -> None:
    citizen, office = ends
    await connect(citizen, office)
    for end in ends:
        sdp = (await end.seen("description"))["sdp"]
        for kind, codec in (("audio", "opus/48000"), ("video", "VP8/90000")):
            section = next(part for part in sdp.split("m=") if part.startswith(kind))
            first = section.split("\r\n")[0].split()[3]
            assert f"a=rtpmap:{first} {codec}" in section


async def test_connected_is_not_said_before_the_other_sends_anything(ends: tuple[End, End]) -> None:
    citizen, office = ends
    region = await a_region(office)
    await office.start(negotiate(offers=False), region)
    await citizen.start(negotiate(offers=True), region, camera=False)
    await citizen.seen("connected")
    assert await office.page.evaluate("() => peer.remote.getTracks().length") == 2
    assert not [event for event in office.events if event["type"] == "connected"], "nothing was decoded at the office"
    await citizen.page.evaluate("async () => { await capture.open(); peer.send(capture.stream); }")
    await office.seen("connected")


async def test_muting_is_told_and_true(ends: tuple[End, End]) -> None:
    citizen, office = ends
    await connect(citizen, office)
    told = await office.seen("muted")
    assert told["muted"] == {"sound": False, "picture": False}
    await citizen.page.evaluate(
        "() => { const muted = {sound: true, picture: true}; capture.mute(muted); peer.tellMuted(muted); }"
    )
    assert (await office.seen("muted", 2))["muted"] == {"sound": True, "picture": True}
    await sees_black(office.page, "remote")


async def test_goodbye_reaches_the_other_end_without_any_service(ends: tuple[End, End]) -> None:
    citizen, office = ends
    await connect(citizen, office)
    await citizen.page.evaluate("() => { peer.sayGoodbye(); peer.close(); }")
    await office.seen("goodbye", within=3)


async def test_an_end_that_vanishes_is_missed_within_seconds(ends: tuple[End, End]) -> None:
    citizen, office = ends
    await connect(citizen, office)
    await citizen.page.context.close()
    began = asyncio.get_running_loop().time()
    await office.seen("lost")
    assert asyncio.get_running_loop().time() - began < 6.5


async def test_early_candidates_wait_for_the_description(
    browser: Browser, address: str, carrying: set[asyncio.Task[None]]
) -> None:
    citizen, office = await End.open(browser, address), await End.open(browser, address)
    region = await a_region(office)
    await citizen.start(negotiate(offers=True), region)
    offer = as_message(await citizen.seen("description"), CALL, 1)
    candidates = [as_message(await citizen.seen("candidate", number), CALL, 1) for number in (1, 2)]
    joined(citizen, office, carrying, only="seal")
    initial = as_message(await citizen.seen("seal"), CALL, 1)
    assert offer
    offer["sdp"] = "".join(line for line in offer["sdp"].splitlines(True) if not line.startswith("a=candidate"))
    await office.start(negotiate(offers=False), region)
    for early in (*candidates, initial):
        assert early
        await office.take(early)
    await office.take(offer)
    answer = as_message(await office.seen("description"), CALL, 1)
    assert answer
    await citizen.take(answer)
    await office.seen("connected")
