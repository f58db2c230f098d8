"""The line that says how a call is, in real pages in a real call: calm, one, read aloud, and gone when all is well."""

from pathlib import Path

import pytest
from playwright.async_api import Page, expect
from support.call_walk import Person, call_next

pytestmark = [pytest.mark.realtime, pytest.mark.asyncio(loop_scope="module")]

AXE = (Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js").read_text()

WEAK = "الاتصال ضعيف الآن؛ الصوت أولًا."
VOICE_ALONE = "الاتصال ضعيف الآن: الصوت وحده، والصورة ثابتة. إن كنتم على شبكة لاسلكية فقد يفيد الاقتراب من جهازها."

SUFFERS = """
(now) => {
    globalThis.how = now;
    if (globalThis.counted) return;
    const WELL = {
        "inbound-rtp": { packetsLost: 0, concealedSamples: 0, totalFreezesDuration: 0 },
        "remote-inbound-rtp": { packetsLost: 0, roundTripTime: 0.05 },
        "outbound-rtp": { qualityLimitationReason: "none" },
    };
    globalThis.counted = RTCPeerConnection.prototype.getStats;
    RTCPeerConnection.prototype.getStats = async function () {
        const report = new Map();
        for (const [id, one] of await counted.call(this)) {
            const changed = { ...one, ...WELL[one.type] };
            if (one.framesDecoded !== undefined) changed.framesDecoded = how === "stands" ? 100 : one.timestamp * 0.03;
            const loses = how === "loses" && one.type === "inbound-rtp";
            if (loses) changed.packetsLost = Math.floor(0.3 * one.packetsReceived);
            report.set(id, changed);
        }
        return report;
    };
}
"""
"""From now on this page's connection counts as if it `loses` a quarter, its picture `stands`, or all is `well`,
however busy this machine is."""


async def tells(page: Page, words: str) -> None:
    """The one line says this within the time that it takes to be sure."""
    await expect(page.locator("#quality")).to_have_text(words, timeout=45_000)


async def is_one_accessible_line(page: Page, words: str) -> None:
    """Said by one node, from right to left, and axe finds nothing wrong with it."""
    found = await page.evaluate(
        """async () => ({
            text: document.getElementById("quality").textContent,
            direction: getComputedStyle(document.getElementById("quality")).direction,
            nodes: [...document.querySelectorAll("p, span, li, [role=status], [aria-live]")]
                .map((node) => node.textContent).filter((text) => text.startsWith("الاتصال ضعيف")).length,
            violations: (await axe.run("#quality")).violations.map(({ id, nodes }) => [id, nodes[0].html]),
        })"""
    )
    assert found == {"text": words, "direction": "rtl", "nodes": 1, "violations": []}


async def test_a_weak_connection_is_told_in_one_calm_line_at_each_end(office: Person, citizen: Person) -> None:
    await call_next(office, citizen)
    for person in (office, citizen):
        await person.page.evaluate(SUFFERS, "well")
        await tells(person.page, "")
        await expect(person.page.locator("#quality")).to_have_attribute("role", "status")
        await person.page.evaluate(AXE)
    await office.page.evaluate(SUFFERS, "loses")
    await citizen.page.evaluate(SUFFERS, "stands")
    for person, words in ((office, WEAK), (citizen, VOICE_ALONE)):
        await tells(person.page, words)
        await is_one_accessible_line(person.page, words)
    for person in (office, citizen):
        await person.page.evaluate(SUFFERS, "well")
        await tells(person.page, "")
        # axe tries inline styles, which the policy refuses, as it should: no fault of the page's.
        person.faults[:] = [fault for fault in person.faults if "inline style" not in fault]


async def test_what_was_told_ends_with_the_call(office: Person, citizen: Person) -> None:
    await call_next(office, citizen)
    await office.page.evaluate(SUFFERS, "loses")
    await tells(office.page, WEAK)
    await office.page.click("#hang-up")
    await office.page.click("#hang-up-confirm")
    await citizen.step("thanks")
    await tells(office.page, "")
