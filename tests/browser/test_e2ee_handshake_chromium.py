"""The handshake in real Chromium under our policies: with the browser's own X-Wing, and with the library's.

Chromium computes X-Wing itself; a browser that does not loads it. Both are used here, by taking the question whether it
can away, and both must give what Python gives.
"""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page
from starlette.staticfiles import StaticFiles
from support.call_pages import bare_app, chromium
from support.web_server import serving

from tawasul.e2ee.key_share import KeyShare

pytestmark = pytest.mark.asyncio(loop_scope="module")

ROOT = Path(__file__).resolve().parents[2]
RECORDED = json.loads((ROOT / "tests/vectors/e2ee.json").read_text())["handshakes"][0]
WITHOUT = "delete SubtleCrypto.supports"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def address() -> AsyncIterator[str]:
    app = bare_app()
    app.mount("/tests/js", StaticFiles(directory=ROOT / "tests" / "js"))
    app.mount("/tawasul/web/static/js", StaticFiles(directory=ROOT / "tawasul" / "web" / "static" / "js"))
    async with serving(app) as address:
        yield address


class Visit:
    """A page, and which of the library's files it loaded."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.loaded: list[str] = []
        page.on("request", lambda request: self.loaded.append(request.url) if "noble" in request.url else None)

    async def run(self, body: str, given: Any = None) -> Any:
        """Runs `body` beside the served modules, which it imports by `ours`."""
        return await self.page.evaluate(
            "async (given) => { const ours = (name) => import(`/tawasul/web/static/js/e2ee/${name}`);" + body + "}",
            given,
        )


@pytest_asyncio.fixture(loop_scope="module", params=["own", "library"])
async def visit(request: pytest.FixtureRequest, browser: Browser, address: str) -> AsyncIterator[Visit]:
    context = await browser.new_context()
    page = await context.new_page()
    if request.param == "library":
        await page.add_init_script(WITHOUT)
    visit = Visit(page)
    await page.goto(f"{address}/bare")
    yield visit
    assert bool(visit.loaded) == (request.param == "library"), visit.loaded
    await context.close()


async def test_both_ends_confirm(visit: Visit) -> None:
    seen = await visit.run(
        """
        const { NOW, aRegion, urn } = await import("/tests/js/e2ee-support.js");
        const { CitizenEnd } = await ours("citizen-end.js");
        const { OfficeEnd } = await ours("office-end.js");
        const region = await aRegion();
        const sid = "call/1";
        const { trust, kioskCredentials, officeCredentials } = region;
        const ends = [
            new CitizenEnd({ sid, credentials: kioskCredentials, office: urn("office", "emirate"), trust }),
            new OfficeEnd({ sid, credentials: officeCredentials, kiosk: "badr-1", trust }),
        ];
        const mark = (byte) => `sha-256 ${Array(32).fill(byte).join(":")}`;
        const did = [[], []];
        const give = async (at, given) => {
            const effects = await ends[at].handle(given, NOW);
            did[at].push(...effects);
            return { type: "received", payload: effects.find((each) => each.do === "send")?.payload };
        };
        const begun = performance.now();
        await give(1, await give(0, { type: "begin", fingerprint: mark("A1") }));
        const answered = await give(1, { type: "answering", fingerprint: mark("B2") });
        await give(0, await give(1, await give(0, answered)));
        const phrases = did.map((each) => each.find(({ do: name }) => name === "confirmed")?.session.phrase);
        return { phrases, took: performance.now() - begun };
        """
    )
    one, other = seen["phrases"]
    assert one == other
    assert len(one) == 6
    assert seen["took"] < 5000


async def test_what_python_sealed_opens_and_the_reverse(visit: Visit) -> None:
    seed = RECORDED["citizen"]["share_seed"]
    opened, sealed = await visit.run(
        """
        const { openSecret, sealSecret, suite } = await ours("hpke.js");
        const { fromB64, sha256, utf8 } = await ours("bytes.js");
        const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
        const [init, resp] = [given.messages.init, given.messages.resp].map((text) => JSON.parse(text).jws);
        const { ct } = JSON.parse(atob(resp.split(".")[1].replaceAll("-", "+").replaceAll("_", "/")));
        const info = await sha256(utf8(init));
        const privateKey = await (await suite()).DeserializePrivateKey(bytes(given.citizen.share_seed));
        const publicKey = bytes(given.citizen.share_public);
        const opened = await openSecret({ pair: privateKey, publicKey }, fromB64(ct), info);
        const sealed = await sealSecret(publicKey, opened, new Uint8Array(32));
        return [[...opened], [...sealed]];
        """,
        RECORDED,
    )
    assert bytes(opened).hex() == RECORDED["office"]["secret"]
    assert KeyShare.from_seed(bytes.fromhex(seed)).open(bytes(sealed), bytes(32)) == bytes(opened)


async def test_a_key_share_that_is_none_is_refused(visit: Visit) -> None:
    names = await visit.run(
        """
        const { sealSecret, generateKeyShare } = await ours("hpke.js");
        const { publicKey } = await generateKeyShare();
        const wrong = [new Uint8Array(1216).fill(255), publicKey.slice(1), new Uint8Array(0)];
        const secret = new Uint8Array(32);
        return Promise.all(wrong.map((each) => sealSecret(each, secret, secret).then(() => "sealed", () => "refused")));
        """
    )
    assert names == ["refused"] * 3


async def test_this_browser_lacks_nothing(browser: Browser, address: str) -> None:
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(f"{address}/bare")
    missing = (
        "import('/tawasul/web/static/js/e2ee/features.js').then(({ missingFeatures }) => missingFeatures(globalThis))"
    )
    assert await page.evaluate(missing) == []
    await page.evaluate("delete globalThis.RTCRtpScriptTransform")
    assert await page.evaluate(missing) == ["script-transform"]
    await context.close()
