"""The office's console in Chromium, before a real service and issuer: enrolled by two stewards, renewed, revoked.

What a server could do against it is done to the answers on their way; the issuer, the stewards and the key are real.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import BrowserContext, Page, expect
from support.endpoints import kiosk_line
from support.enrolling import Clock, answering, browser, clock, console, context, issuer, office, service, stands
from support.issuer import RunningIssuer, an_issuer
from support.office_console import a_console
from support.ports import free_port
from support.service import Service

from tawasul.e2ee.certificate import issue
from tawasul.e2ee.enrolment import code_of
from tawasul.e2ee.keys import PublicKey, SigningKey
from tawasul.e2ee.names import DeviceName
from tawasul.issuer.steward import TrustClient
from tawasul.web.words import words_in

__all__ = ["browser", "clock", "console", "context", "issuer", "service"]

pytestmark = pytest.mark.asyncio(loop_scope="module")

AXE = (Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js").read_text()
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}
URN = "urn:tawasul:madinah:office:emirate"
HOUR_MS = 3_600_000

RECORD = """() => new Promise((resolve, reject) => {
    const opening = indexedDB.open("tawasul-identity");
    opening.onerror = reject;
    opening.onsuccess = () => {
        const asking = opening.result.transaction("identities").objectStore("identities").get("office");
        asking.onsuccess = () => resolve(asking.result);
    };
})"""


async def enrolled(context: BrowserContext, address: str, service: Service, issuer: RunningIssuer) -> Page:
    """The console's page, enrolled by both stewards."""
    page = await office(context, address, service)
    await stands(page, "waiting")
    await issuer.approve_all()
    await stands(page, "enrolled")
    return page


async def thumbprint_of(page: Page) -> str:
    """Of the key that the browser keeps."""
    return str(await page.evaluate(f"({RECORD})().then((record) => record.key.public.thumbprint)"))


async def violations(page: Page) -> list[Any]:
    """What axe finds wrong, briefly."""
    await page.evaluate(AXE)
    found = await page.evaluate(f"axe.run(document, {json.dumps(RULES)})")
    return [(one["id"], [node["html"][:160] for node in one["nodes"]]) for one in found["violations"]]


@pytest.mark.parametrize(("where", "kiosk_id"), [("packaged", "badr-1"), ("served", "yanbu-1")])
async def test_two_stewards_enrol_the_console_and_only_then_somebody_is_called_in(
    context: BrowserContext, service: Service, console: str, issuer: RunningIssuer, where: str, kiosk_id: str
) -> None:
    async with kiosk_line(service, kiosk_id) as kiosk:
        await kiosk.say("check-in", reference=service.audience_at(kiosk_id).reference)
        page = await office(context, console if where == "packaged" else service.address, service)
        await stands(page, "waiting")
        thumbprint = await thumbprint_of(page)
        await expect(page.locator("#enrolment-code")).to_have_text(code_of(thumbprint))
        await expect(page.locator("#enrolment-approvals")).to_contain_text("0")
        await expect(page.locator("#enrolment-anchor")).to_have_text(grouped(issuer.anchor.fingerprint))
        assert await page.locator("#enrolment-qr").get_attribute("data-text") == f"tawasul-enrol:1:{URN}:{thumbprint}"
        assert await page.locator("#enrolment-qr path").count() == 1

        await expect(page.locator("#waiting-count")).to_have_text("1")
        await expect(page.locator("#call-next")).to_be_disabled()
        await page.keyboard.press("n")
        first, second = issuer.stewards
        [waiting] = [each for each in await issuer.client.waiting() if each.thumbprint == thumbprint]
        await issuer.client.approve(first, waiting.name, thumbprint, time.time())
        await expect(page.locator("#enrolment-approvals")).to_contain_text("1", timeout=15_000)
        await expect(page.locator("#call-next")).to_be_disabled()
        await issuer.client.approve(second, waiting.name, thumbprint, time.time())
        await stands(page, "enrolled")
        await expect(page.locator("#enrolment")).to_be_hidden()
        await expect(page.locator("#call-next")).to_be_enabled()
        await kiosk.hear("waiting")
        assert not [said for said in kiosk.heard if said["type"] == "negotiate"], "nobody was called in before"
    await service.clear()


def grouped(fingerprint: str) -> str:
    """In fours."""
    return " ".join(fingerprint[at : at + 4] for at in range(0, len(fingerprint), 4))


async def test_the_key_cannot_be_taken_out_and_survives_a_reload(
    context: BrowserContext, service: Service, console: str, issuer: RunningIssuer
) -> None:
    page = await enrolled(context, console, service, issuer)
    before = await thumbprint_of(page)
    for form in ("jwk", "pkcs8", "raw"):
        refused = await page.evaluate(
            f"""async () => {{
                const {{ key }} = await ({RECORD})();
                return crypto.subtle.exportKey("{form}", key.key).then(() => "exported", (error) => error.name);
            }}"""
        )
        assert refused in ("InvalidAccessError", "NotSupportedError")
    assert await page.evaluate(f"({RECORD})().then(({{ key }}) => [key.key.extractable, key.key.usages])") == [
        False,
        ["sign"],
    ]
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.reload()
    await stands(page, "enrolled")
    assert await thumbprint_of(page) == before
    assert not [address for address in asked if "/api/trust/requests" in address], "nothing was asked anew"
    other = await office(context, console, service)
    await stands(other, "enrolled")
    assert await thumbprint_of(other) == before, "a second page of the console is the same device"


async def test_a_revoked_console_is_shut_within_the_hour(
    context: BrowserContext, service: Service, console: str, issuer: RunningIssuer, clock: Clock
) -> None:
    await context.clock.install()
    page = await enrolled(context, console, service, issuer)
    async with TrustClient(service.address) as by_the_server:
        await by_the_server.revoke(issuer.stewards[0], await thumbprint_of(page), "stolen", time.time())
    await context.clock.fast_forward(HOUR_MS + 1000)
    await stands(page, "refused")
    await expect(page.locator("#call-next")).to_be_disabled()
    await expect(page.locator("#enrolment")).to_be_visible()
    assert await violations(page) == []
    await page.reload()
    await stands(page, "refused")
    before = await thumbprint_of(page)
    await page.click("#enrolment-anew button")
    async with page.expect_event("load"):
        await page.click("#enrolment-anew-confirm")
    # The browser's clock is an hour ahead of the issuer's, who takes no request from another time.
    await stands(page, "unreachable")
    await expect(page.locator("#enrolment-trouble")).to_contain_text("enrolment-stale")
    await expect(page.locator("#enrolment-text")).to_have_text(words_in("ar").say("enrolment-clock-text"))
    clock.ahead = HOUR_MS / 1000
    await context.clock.fast_forward(10_000)
    await stands(page, "waiting")
    assert await thumbprint_of(page) != before


async def test_it_is_renewed_at_half_of_its_life_without_a_person(
    context: BrowserContext, service: Service, console: str, issuer: RunningIssuer, clock: Clock
) -> None:
    await context.add_init_script(
        "const real = Date.now; Date.now = () => real() + Number(localStorage.getItem('ahead') ?? 0) * 1000;"
    )
    page = await enrolled(context, console, service, issuer)
    [before, _] = await page.evaluate(f"({RECORD})().then((record) => record.chain)")
    clock.ahead = 36 * 3600 + 60
    async with TrustClient(service.address) as by_the_server:
        # Any change has the list signed anew, by the clock as it now is.
        await by_the_server.revoke(issuer.stewards[0], SigningKey.generate().thumbprint, "lost", clock())
    await page.evaluate(f"localStorage.setItem('ahead', '{clock.ahead}')")
    async with page.expect_response("**/api/trust/renewals") as renewing:
        await page.reload()
    assert (await renewing.value).status == 200
    await stands(page, "enrolled")
    [after, _] = await page.evaluate(f"({RECORD})().then((record) => record.chain)")
    assert after != before


async def test_a_chain_of_another_root_enrols_nobody(
    context: BrowserContext, service: Service, console: str, issuer: RunningIssuer
) -> None:
    page = await office(context, console, service)
    await stands(page, "waiting")
    public = await page.evaluate(f"({RECORD})().then((record) => record.key.public.jwk)")
    async with an_issuer() as evil:
        key = SigningKey.generate()
        [_, theirs] = await evil.enrol("urn:tawasul:madinah:office:emirate", key)
        chain = [
            issue(
                SigningKey.generate(),
                DeviceName.parse("urn:tawasul:madinah:issuer:issuer"),
                name=DeviceName.parse(URN),
                title=evil.anchor.title,
                key=PublicKey.from_jwk(public),
                serial=bytes(16),
                now=int(time.time()),
            ),
            theirs,
        ]
    told = {"state": "enrolled", "approvals": 2, "chain": chain}
    await page.route("**/api/trust/requests/*", answering(requests=(200, told)))
    await expect(page.locator("#enrolment-trouble")).to_contain_text("chain-wrong", timeout=15_000)
    await stands(page, "waiting")
    await expect(page.locator("#call-next")).to_be_disabled()


async def test_a_list_of_another_root_or_none_calls_nobody_in(
    context: BrowserContext, service: Service, console: str, issuer: RunningIssuer
) -> None:
    page = await enrolled(context, console, service, issuer)
    async with an_issuer() as evil:
        theirs = await page.request.get(f"{evil.address}/api/trust/revocations")
        told = await theirs.json()
    for code, answer in (("revocations-wrong", (200, told)), ("issuer-away", (502, {"code": "issuer-away"}))):
        await context.unroute_all()
        await context.route("**/api/trust/revocations", answering(revocations=answer))
        await page.evaluate(
            """() => new Promise((resolve) => {
                const opening = indexedDB.open("tawasul-identity");
                opening.onsuccess = () => {
                    const store = opening.result.transaction("identities", "readwrite").objectStore("identities");
                    store.get("office").onsuccess = (got) => {
                        store.put({ ...got.target.result, list: null }, "office").onsuccess = resolve;
                    };
                };
            })"""
        )
        await page.reload()
        await stands(page, "unproven")
        await expect(page.locator("#enrolment-trouble")).to_contain_text(code)
        await expect(page.locator("#call-next")).to_be_disabled()


async def test_another_anchor_stops_the_console_that_knew_the_first(
    context: BrowserContext, service: Service, issuer: RunningIssuer
) -> None:
    page = await enrolled(context, service.address, service, issuer)
    async with an_issuer() as other:
        await context.route("**/api/trust/anchor", answering(anchor=(200, json.loads(other.anchor.to_json()))))
        await page.reload()
        await stands(page, "anchor-differs")
        await expect(page.locator("#enrolment-known")).to_have_text(grouped(issuer.anchor.fingerprint))
        await expect(page.locator("#enrolment-offered")).to_have_text(grouped(other.anchor.fingerprint))
        await expect(page.locator("#call-next")).to_be_disabled()
        assert await violations(page) == []


async def test_the_anchor_of_the_package_is_the_measure(
    context: BrowserContext, service: Service, issuer: RunningIssuer
) -> None:
    port = free_port()
    async with an_issuer() as other:
        async with a_console(service.address, other.anchor_file, port=port) as console:
            page = await office(context, console, service)
            await stands(page, "anchor-differs")
            await expect(page.locator("#enrolment-known")).to_have_text(grouped(other.anchor.fingerprint))
            await expect(page.locator("#enrolment-anew")).to_be_hidden()
            await page.close()
        # Somebody brought another file to the same console: it knew the first, and a person has to decide.
        async with a_console(service.address, issuer.anchor_file, port=port) as console:
            page = await office(context, console, service)
            await stands(page, "anchor-differs")
            await expect(page.locator("#enrolment-offered")).to_have_text(grouped(issuer.anchor.fingerprint))
            await page.click("#enrolment-anew button")
            async with page.expect_event("load"):
                await page.click("#enrolment-anew-confirm")
            await stands(page, "waiting")


async def test_trust_that_is_not_set_up_or_away_is_told_in_words(context: BrowserContext, service: Service) -> None:
    away = answering(anchor=(503, {"code": "trust-not-set-up", "arabic": "x", "english": "x"}))
    await context.route("**/api/trust/**", away)
    page = await office(context, service.address, service)
    await stands(page, "no-trust")
    await expect(page.locator("#call-next")).to_be_disabled()
    await context.unroute_all()
    await context.route(
        "**/api/trust/**", answering(anchor=(502, {"code": "issuer-away", "arabic": "x", "english": "x"}))
    )
    await page.reload()
    await stands(page, "unreachable")
    await expect(page.locator("#enrolment-trouble")).to_contain_text("issuer-away")
    await context.unroute_all()
    await stands(page, "waiting")


@pytest.mark.parametrize("locale", ["ar", "en"])
async def test_the_panel_is_accessible_and_fits(
    context: BrowserContext, service: Service, console: str, issuer: RunningIssuer, locale: str
) -> None:
    await context.add_cookies([{"name": "tawasul_language", "value": locale, "url": console}])
    page = await office(context, console, service)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    await stands(page, "waiting")
    await expect(page.locator("#office")).to_have_attribute("data-line", "up")
    await page.reload()
    await stands(page, "waiting")
    await expect(page.locator("#enrolment-code")).not_to_be_empty()
    assert complaints == []
    await expect(page.locator("html")).to_have_attribute("dir", "rtl" if locale == "ar" else "ltr")
    for width, height in ((1280, 800), (1024, 768), (390, 844)):
        await page.set_viewport_size({"width": width, "height": height})
        assert await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    assert await violations(page) == []
    await issuer.approve_all()
    await stands(page, "enrolled")
    await page.set_viewport_size({"width": 1280, "height": 800})
    await page.click("#enrolment-quiet summary")
    assert await violations(page) == []
