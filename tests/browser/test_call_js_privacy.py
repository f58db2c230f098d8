"""What two people see of their call's privacy, in real browsers over the running service."""

import asyncio
import json
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, expect
from support.call_walk import Person, call_next
from support.service import Service

from tawasul.domain.audience import State
from tawasul.e2ee.attestation import verify_file

pytestmark = pytest.mark.asyncio(loop_scope="module")

VERIFIED_AT_THE_OFFICE = "مكالمة موثوقة – لا يسمعها إلا أنت و\u2068المستفيد (من جهازه)\u2069"
DIFFERENT = "أُنهيت المكالمة: \u2068الأرقام الستة مختلفة عند الطرفين، فقد يكون بينهما أحد. (phrase-differs)\u2069"


def digits(person: Person) -> Locator:
    """The six digits that this person is asked to compare."""
    return person.page.locator("#phrase-digits .phrase-number")


async def privacy(person: Person, state: str) -> None:
    """Waits until the strip stands so."""
    await expect(person.page.locator("#privacy")).to_have_attribute("data-state", state, timeout=15_000)


async def says_same(person: Person) -> None:
    """As a person does who has compared."""
    await person.page.click("#phrase [data-compare=same]")
    await privacy(person, "verified")
    await expect(person.page.locator("#phrase")).to_be_hidden()


async def test_both_are_asked_and_each_speaks_for_themselves(office: Person, citizen: Person) -> None:
    await call_next(office, citizen)
    for person in (office, citizen):
        await privacy(person, "unverified")
        await expect(digits(person)).to_have_count(6)
        await person.sees_movement()
    assert await digits(office).all_text_contents() == await digits(citizen).all_text_contents()
    await expect(citizen.page.locator("#phrase-title")).to_have_text("اقرأ هذه الأرقام للمكتب")
    await says_same(citizen)
    await expect(citizen.page.locator("#privacy-text")).to_contain_text("مكتب")
    await privacy(office, "unverified")
    await says_same(office)
    await expect(office.page.locator("#privacy-text")).to_have_text(VERIFIED_AT_THE_OFFICE)


@pytest.mark.parametrize("who", ["office", "citizen"])
async def test_different_ends_the_call_at_once_and_both_read_why(
    service: Service, office: Person, citizen: Person, who: str
) -> None:
    await call_next(office, citizen)
    person = office if who == "office" else citizen
    await person.page.click("#phrase [data-compare=different]")
    assert await person.page.evaluate("document.getElementById('remote-video').srcObject") is None
    await expect(office.page.locator("#privacy")).to_have_attribute("data-state", "ended")
    await expect(office.page.locator("#privacy-text")).to_have_text(DIFFERENT)
    await citizen.step("waiting")
    await expect(citizen.page.locator("#waiting-ended-text")).to_have_text(DIFFERENT)
    assert (await service.audience(citizen.invited.audience_id)).state is State.ARRIVED
    assert "phrase-differs" in service.log() or "refused-by-other" in service.log()


@pytest.mark.parametrize("who", ["office", "citizen"])
async def test_a_reload_keeps_the_key_and_the_comparison(office: Person, citizen: Person, who: str) -> None:
    await call_next(office, citizen)
    await asyncio.gather(says_same(office), says_same(citizen))
    reloaded, other = (office, citizen) if who == "office" else (citizen, office)
    await reloaded.page.reload()
    await reloaded.stage("in-call")
    await other.stage("in-call")
    for person in (office, citizen):
        await privacy(person, "verified")
        await expect(person.page.locator("#phrase")).to_be_hidden()
        await person.sees_movement()


async def test_the_details_say_who_is_present_and_what_passes(office: Person, citizen: Person) -> None:
    await call_next(office, citizen)
    await office.page.click("#privacy-open")
    dialog = office.page.locator("#privacy-dialog")
    await expect(dialog.locator("#privacy-present li")).to_have_text(["أنت: مكتب سمو الأمير", "المستفيد (من جهازه)"])
    await expect(dialog.locator("#privacy-digits .phrase-number")).to_have_text(
        await digits(citizen).all_text_contents()
    )
    await office.page.click("#privacy-dialog summary")
    await expect(dialog.locator('[data-fact="privacy-frames"]')).to_contain_text("شُفّر")
    await expect(dialog.locator('[data-fact="privacy-frames"]')).to_contain_text("ورُفض \u20680\u2069")
    await expect(dialog.locator('[data-fact="privacy-epoch"]')).to_have_text("الدفعة \u20680\u2069")
    await expect(dialog.locator("#save-attestation")).to_be_disabled()
    await dialog.locator("[data-compare=same]").click()
    await expect(dialog).to_be_hidden()
    await privacy(office, "verified")


async def test_both_sign_what_the_call_was_and_it_can_be_saved(
    service: Service, office: Person, citizen: Person, tmp_path: Path
) -> None:
    await call_next(office, citizen)
    await says_same(office)
    await citizen.page.click("#hang-up")
    await citizen.page.click("#hang-up-confirm")
    await citizen.step("thanks")
    async with citizen.page.expect_download() as download:
        await citizen.page.click("#thanks-attestation")
    await (await download.value).save_as(tmp_path / "citizen.json")
    await privacy(office, "over")
    await office.page.click("#privacy-open")
    await office.page.click("#privacy-dialog summary")
    async with office.page.expect_download() as download:
        await office.page.click("#save-attestation")
    await (await download.value).save_as(tmp_path / "office.json")
    await office.page.click("#privacy-dialog .actions button")
    files = [(tmp_path / f"{name}.json").read_text() for name in ("citizen", "office")]
    assert json.loads(files[0]) == json.loads(files[1]), "both hold the same two signatures"
    verified = verify_file(files[0], service.issuer.anchor)
    assert verified.citizen is not None
    assert verified.office is not None
    assert (verified.citizen.phrase, verified.office.phrase) == ("not-compared", "same")
    assert verified.office.frames.opened > 0
    assert verified.office.frames.refused == 0
    assert verified.citizen.parties.office.urn == "urn:tawasul:madinah:office:emirate"
    kept = await citizen.page.evaluate(KEPT)
    assert kept == 0, "the call's key is gone with the call"


KEPT = """() => new Promise((resolve) => {
  const opening = indexedDB.open("tawasul-call", 1);
  opening.onsuccess = () => {
    const count = opening.result.transaction("calls").objectStore("calls").count();
    count.onsuccess = () => resolve(count.result);
  };
})"""


TAKEN_AWAY = {
    "webcrypto": "Object.defineProperty(globalThis, 'crypto', { value: {} });",
    "p256": "SubtleCrypto.prototype.generateKey = () => Promise.reject(new DOMException('', 'NotSupportedError'));",
    "hkdf": "SubtleCrypto.prototype.deriveBits = () => Promise.reject(new DOMException('', 'NotSupportedError'));",
    "aes-gcm": """const { importKey } = SubtleCrypto.prototype;
        SubtleCrypto.prototype.importKey = function (...given) {
            if (given[2] === "AES-GCM") return Promise.reject(new DOMException("", "NotSupportedError"));
            return importKey.apply(this, given);
        };""",
    "worker": "delete globalThis.Worker;",
    "script-transform": "delete globalThis.RTCRtpScriptTransform;",
    "dtls-certificate": "delete RTCDtlsTransport.prototype.getRemoteCertificates;",
    "indexeddb": "Object.defineProperty(globalThis, 'indexedDB', { value: undefined });",
}
ASKED = """
globalThis.asked = [];
const { getUserMedia } = MediaDevices.prototype;
MediaDevices.prototype.getUserMedia = function (...given) {
  asked.push("devices");
  return getUserMedia.apply(this, given);
};
const Plain = WebSocket;
globalThis.WebSocket = class extends Plain { constructor(...given) { asked.push("line"); super(...given); } };
"""


@pytest.mark.parametrize("feature", TAKEN_AWAY)
@pytest.mark.parametrize("page", ["office", "join"])
async def test_a_browser_that_lacks_something_is_turned_away_before_it_is_asked_anything(
    camera_browser: Browser, service: Service, feature: str, page: str
) -> None:
    person = await Person.arrive(camera_browser, service, office=page == "office")
    await person.page.context.grant_permissions(["camera", "microphone"])
    await person.page.add_init_script(ASKED + TAKEN_AWAY[feature])
    await person.page.goto(f"{service.address}/{page}")
    await expect(person.page.locator("#turned-away")).to_be_visible()
    await expect(person.page.locator("#turned-away-missing")).to_contain_text(feature)
    await expect(person.page.locator("#office, #join")).to_be_hidden()
    assert await person.page.evaluate("asked") == []
    await person.page.context.close()
