"""What reviews of the office's console found: approved while it was closed, cleared data, answers that are none."""

from __future__ import annotations

import pytest
from playwright.async_api import BrowserContext, Request, expect
from support.enrolling import Clock, answering, browser, clock, console, context, issuer, office, service, stands
from support.issuer import RunningIssuer
from support.service import Service

from tawasul.e2ee.enrolment import code_of
from tawasul.e2ee.keys import SigningKey
from tawasul.issuer.steward import TrustClient

__all__ = ["browser", "clock", "console", "context", "issuer", "service"]

pytestmark = pytest.mark.asyncio(loop_scope="module")

AHEAD = "const real = Date.now; Date.now = () => real() + Number(localStorage.getItem('ahead') ?? 0) * 1000;"

FORGET = """() => new Promise((resolve, reject) => {
    const opening = indexedDB.open("tawasul-identity");
    opening.onerror = reject;
    opening.onsuccess = () => {
        const transaction = opening.result.transaction("identities", "readwrite");
        transaction.objectStore("identities").delete("office");
        transaction.oncomplete = resolve;
    };
})"""

AT_REST = """async () => {
    const scripts = performance.getEntriesByType("resource").map(({ name }) => name);
    const { identity } = await import(scripts.find((name) => name.endsWith("/js/identity.js")));
    const changed = () => new Promise((resolve) => identity.addEventListener("change", resolve, { once: true }));
    while (identity.view.state.doing) await changed();
}"""


async def test_one_that_was_approved_while_its_page_was_closed_for_days_comes_by_itself(
    context: BrowserContext, service: Service, console: str, issuer: RunningIssuer, clock: Clock
) -> None:
    """Its first certificate has ended before it ever saw it."""
    await context.add_init_script(AHEAD)
    page = await office(context, console, service)
    await stands(page, "waiting")
    await page.goto(f"{console}/sign-in")
    assert await issuer.approve_all() == 1
    clock.ahead = 4 * 86_400
    async with TrustClient(service.address) as by_the_server:
        # Any change has the list signed anew, by the clock as it now is.
        await by_the_server.revoke(issuer.stewards[0], SigningKey.generate().thumbprint, "lost", clock())
    await page.evaluate(f"localStorage.setItem('ahead', '{clock.ahead}')")
    await page.goto(f"{console}/office")
    await stands(page, "enrolled")


async def test_where_the_browser_s_data_were_cleared_the_open_page_goes_on(
    context: BrowserContext, service: Service, console: str, issuer: RunningIssuer
) -> None:
    """What it holds it holds until it is closed; it must not stop fetching the list."""
    page = await office(context, console, service)
    await stands(page, "waiting")
    await issuer.approve_all()
    await stands(page, "enrolled")
    await page.evaluate(FORGET)

    def is_list(request: Request) -> bool:
        return request.url.endswith("/api/trust/revocations")

    for _ in range(2):
        # While one list is being verified and written, to be asked for it again is to be answered by that one.
        await page.evaluate(AT_REST)
        async with page.expect_request_finished(is_list, timeout=10_000):
            await page.evaluate("dispatchEvent(new Event('online'))")
    await stands(page, "enrolled")


@pytest.mark.parametrize("answer", [None, {}, {"code": code_of(SigningKey.generate().thumbprint)}])
async def test_a_request_that_no_issuer_took_sends_nobody_to_the_screen(
    context: BrowserContext, service: Service, console: str, answer: dict[str, str] | None
) -> None:
    await context.route("**/api/trust/requests", answering(requests=(200, answer)))
    page = await office(context, console, service)
    await stands(page, "unreachable")
    await expect(page.locator("#enrolment-trouble")).to_contain_text("enrolment-malformed", timeout=15_000)
    # It asks again by itself.
    async with page.expect_request("**/api/trust/requests"):
        pass
    await stands(page, "unreachable")
    await expect(page.locator("#enrolment-waiting")).to_be_hidden()
    await context.unroute_all()
    await stands(page, "waiting")


async def test_a_standing_that_is_none_changes_nothing(context: BrowserContext, service: Service, console: str) -> None:
    page = await office(context, console, service)
    await stands(page, "waiting")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.method))
    await page.route("**/api/trust/requests/*", answering(requests=(200, {"state": "<b>", "approvals": 2})))
    await expect(page.locator("#enrolment-trouble")).to_contain_text("enrolment-malformed", timeout=15_000)
    # It looks again by itself.
    async with page.expect_request("**/api/trust/requests/*"):
        pass
    await stands(page, "waiting")
    await expect(page.locator("#enrolment-approvals")).to_contain_text("0")
    assert "POST" not in asked, "the issuer has the request, and is not asked anew"
