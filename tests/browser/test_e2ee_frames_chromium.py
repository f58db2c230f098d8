"""Frames in real Chromium under the policies of our pages: sealed, opened, and never sent or played without the key.

Two connections in one page; the guard and its worker are those that are served. Chromium lets frames pass in clear
where a transform is set too late on a plain connection: that this is so, and that a guarded one does not, is seen here.
"""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page
from starlette.responses import Response
from support.call_pages import bare_app, chromium, sees_movement
from support.web_server import serving

pytestmark = pytest.mark.asyncio(loop_scope="module")

HELPER = Path(__file__).parents[1] / "support" / "e2ee_frames.js"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def address() -> AsyncIterator[str]:
    async def helper() -> Response:
        return Response(HELPER.read_text(), media_type="text/javascript")

    app = bare_app()
    app.add_api_route("/frames.js", helper)
    async with serving(app) as address:
        yield address


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, address: str) -> AsyncIterator[Page]:
    context = await browser.new_context(permissions=["camera", "microphone"])
    page = await context.new_page()
    page.set_default_timeout(30_000)
    await page.goto(f"{address}/bare")
    yield page
    await context.close()


async def run(page: Page, address: str, options: dict[str, Any], body: str) -> Any:
    """Connects with `options`, then runs `body`, which knows `call`, `until` and `keysOf`."""
    return await page.evaluate(
        """async ([scripts, options]) => {
            const { connect, until, keysOf } = await import("/frames.js");
            const call = globalThis.call = await connect(scripts, options);
        """
        + body
        + "}",
        [f"{address}/static/tests/js", options],
    )


KEYS = """
    await call.office.receiveUnder(0, keysOf(1));
    await call.citizen.sendUnder(0, keysOf(1));
"""


async def test_frames_flow_under_keys(page: Page, address: str) -> None:
    seen = await run(
        page,
        address,
        {},
        KEYS + "return until(call, (all) => all.decoded > 20 && all.played > 48_000);",
    )
    await sees_movement(page, "remote")
    assert seen["receiver"]["opened"] > 40
    assert seen["receiver"]["refused"] == {}
    assert await page.evaluate("call.failures") == []


async def test_a_change_of_keys_loses_no_frame(page: Page, address: str) -> None:
    """Fifty rekeys in a running call, in the order of the two ends; at the end every sealed frame was opened."""
    seen = await run(
        page,
        address,
        {},
        KEYS
        + """
        await until(call, (all) => all.decoded > 5);
        for (let epoch = 1; epoch <= 50; epoch++) {
            const before = (await call.citizen.counts()).sealed;
            await call.office.receiveUnder(epoch, keysOf(epoch));
            await call.citizen.sendUnder(epoch, keysOf(epoch));
            await until(call, (all) => all.sender.sealed > before + 2 && all.receiver.opened > before);
            if (epoch > 1) await call.office.drop(epoch - 2);
        }
        call.stream.getTracks().forEach((track) => track.stop());
        await Promise.all(call.from.getSenders().map((sender) => sender.replaceTrack(null)));
        return until(call, (all) => all.receiver.opened === all.sender.sealed);
        """,
    )
    assert seen["receiver"]["refused"] == {}
    assert seen["sender"]["sealed"] > 150


async def test_without_a_key_not_one_packet_leaves(page: Page, address: str) -> None:
    seen = await run(page, address, {}, "return until(call, (all) => all.encoded > 20 && all.sender.held > 60);")
    assert seen["packets"] == seen["received"] == seen["decoded"] == 0
    assert seen["sender"]["sealed"] == 0


async def test_with_another_key_nothing_is_decoded(page: Page, address: str) -> None:
    seen = await run(
        page,
        address,
        {},
        """
        await call.office.receiveUnder(0, keysOf(9));
        await call.citizen.sendUnder(0, keysOf(1));
        return until(call, (all) => (all.receiver.refused["frame-forged"] ?? 0) > 60);
        """,
    )
    assert seen["receiver"]["opened"] == seen["decoded"] == seen["played"] == 0


async def test_a_receiver_without_keys_plays_nothing_and_then_everything(page: Page, address: str) -> None:
    """The first frames are lost; the sender, asked for a key frame, begins anew."""
    nothing, after = await run(
        page,
        address,
        {},
        """
        await call.citizen.sendUnder(0, keysOf(1));
        const nothing = await until(call, (all) => (all.receiver.refused["frame-key-unknown"] ?? 0) > 60);
        await call.office.receiveUnder(0, keysOf(1));
        return [nothing, await until(call, (all) => all.decoded > 20 && all.played > 0)];
        """,
    )
    assert nothing["decoded"] == nothing["played"] == nothing["receiver"]["opened"] == 0
    assert after["receiver"]["refused"].keys() == {"frame-key-unknown"}


@pytest.mark.parametrize("sending", ["late", "none"])
async def test_a_guarded_sender_waits_for_its_transform(page: Page, address: str, sending: str) -> None:
    seen = await run(page, address, {"sending": sending}, KEYS + "return until(call, (all) => all.encoded > 30);")
    assert seen["packets"] == seen["received"] == seen["decoded"] == 0
    if sending == "late":
        await page.evaluate("call.setLate()")
        later = await page.evaluate(
            "import('/frames.js').then(({ until }) => until(call, (all) => all.decoded > 10 && all.played > 0))"
        )
        assert later["receiver"]["refused"] == {}
        assert later["sender"]["sealed"] > 0


@pytest.mark.parametrize("receiving", ["late", "none"])
async def test_a_guarded_receiver_waits_for_its_transform(page: Page, address: str, receiving: str) -> None:
    seen = await run(page, address, {"receiving": receiving}, KEYS + "return until(call, (all) => all.received > 60);")
    assert seen["decoded"] == seen["played"] == seen["receiver"]["opened"] == 0


@pytest.mark.parametrize("sending", ["late", "none"])
async def test_a_sender_in_clear_is_not_heard(page: Page, address: str, sending: str) -> None:
    """Without the guard's configuration a transform that comes late is ignored: the frames leave in clear."""
    seen = await run(
        page,
        address,
        {"sending": sending, "isGuarded": False},
        KEYS
        + """
        call.setLate();
        return until(call, (all) => Object.values(all.receiver.refused).reduce((sum, each) => sum + each, 0) > 60);
        """,
    )
    assert seen["sender"]["sealed"] == 0, "this is the trap"
    assert seen["packets"] > 0
    assert seen["receiver"]["opened"] == seen["decoded"] == seen["played"] == 0


async def test_a_closed_guard_sends_and_plays_nothing_more(page: Page, address: str) -> None:
    before, after, refused = await run(
        page,
        address,
        {},
        KEYS
        + """
        await until(call, (all) => all.decoded > 5);
        call.citizen.close();
        const refused = await call.citizen.sendUnder(1, keysOf(3)).catch((error) => error.code);
        const left = async () => {
            const sums = { packets: 0, encoded: 0 };
            for (const each of (await call.from.getStats()).values()) {
                if (each.type !== "outbound-rtp") continue;
                sums.packets += each.packetsSent;
                sums.encoded += each.framesEncoded ?? 0;
            }
            return sums;
        };
        const before = await left();
        for (;;) {
            const after = await left();
            if (after.encoded > before.encoded + 20) return [before.packets, after.packets, refused];
            await new Promise((resolve) => requestAnimationFrame(resolve));
        }
        """,
    )
    assert after - before <= 10, "what was on its way"
    assert refused == "browser-lacks-what-is-needed"


async def test_no_other_worker_can_be_started(page: Page, address: str) -> None:
    refusals = await page.evaluate(
        """async (scripts) => {
            await import(`${scripts}/e2ee/guard.js`);
            const tries = [
                () => new Worker(`${scripts}/e2ee/sframe-worker.js`),
                () => new Worker("data:text/javascript,"),
                () => trustedTypes.createPolicy("tawasul", { createScriptURL: (address) => address }),
                () => trustedTypes.createPolicy("other", {}),
            ];
            return tries.map((attempt) => { try { attempt(); return null; } catch (error) { return error.name; } });
        }""",
        f"{address}/static/tests/js",
    )
    assert refusals == ["TypeError"] * 4
