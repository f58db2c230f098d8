"""Pages at a hostile server: what they played, what they say of it, and pages that are hostile themselves."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Browser, expect
from support.call_walk import Person, citizen_at_devices
from support.hostile_middle import OURS
from support.hostile_service import HostileService
from support.media_browser import READ_PATTERN
from support.trust import MadeTrust

from kiosk_client.config import line_address
from kiosk_client.core.kiosk_events import View
from kiosk_client.identity import GivenIdentity
from kiosk_client.link import Link
from kiosk_client.media.sources import CodedSource
from kiosk_client.station import Station
from kiosk_client.vault import DeviceKey
from tawasul.e2ee.handshake import Credentials
from tawasul.e2ee.keys import SigningKey
from tawasul.e2ee.names import DeviceName, DeviceRole

FALSE = {source.identity for source in OURS.values()}

PLAYED = (
    "const readPattern = "
    + READ_PATTERN.strip()
    + """;
globalThis.played = { shown: 0, decoded: 0, energy: 0, identities: [] };
{
  const connections = [];
  const Plain = RTCPeerConnection;
  globalThis.RTCPeerConnection = class extends Plain {
    constructor(...given) { super(...given); connections.push(this); }
  };
  // The greatest count of each connection: closed ones tell no more.
  const most = new Map();
  setInterval(async () => {
    for (const connection of connections) {
      const report = await connection.getStats().catch(() => new Map());
      for (const each of report.values()) {
        if (each.type === "inbound-rtp") most.set(each.id + connections.indexOf(connection), each);
      }
    }
    const all = [...most.values()];
    played.decoded = all.reduce((sum, each) => sum + (each.framesDecoded ?? 0), 0);
    played.energy = all.reduce((sum, each) => sum + (each.totalAudioEnergy ?? 0), 0);
  }, 50);
  setInterval(() => {
    const video = document.getElementById("remote-video");
    const shown = video?.getVideoPlaybackQuality().totalVideoFrames ?? 0;
    if (!shown) return;
    played.shown = Math.max(played.shown, shown);
    const pattern = readPattern(video);
    if (pattern && !played.identities.includes(pattern.identity)) played.identities.push(pattern.identity);
  }, 50);
}
"""
)
"""Watches what a page decodes and shows, whatever its own scripts make of it: `played`."""

EXPOSED = """
{
  const Guarded = RTCPeerConnection;
  globalThis.RTCPeerConnection = class extends Guarded {
    constructor({ encodedInsertableStreams, ...configuration }) { super(configuration); }
  };
}
"""
"""A page that is hostile itself: its connections let frames pass without a transform."""

SETTER = """
{
  const { set, get } = Object.getOwnPropertyDescriptor(RTCRtpSender.prototype, "transform");
  const transforms = new WeakMap();
  Object.defineProperty(RTCRtpSender.prototype, "transform", {
    get() { return transforms.get(this) ?? get.call(this); },
    set(transform) { transforms.set(this, transform); HOW },
  });
}
"""
ORDERS = """
{
  const { postMessage } = Worker.prototype;
  Worker.prototype.postMessage = function (message, ...rest) {
    if (message?.order?.do === "send") { HOW }
    return postMessage.call(this, message, ...rest);
  };
}
"""
HOSTILE_PAGES = {
    "plaintext": EXPOSED + SETTER.replace("HOW", ""),
    "late-transform": EXPOSED + SETTER.replace("HOW", "setTimeout(() => set.call(this, transform), 400);"),
    "wrong-key": ORDERS.replace(
        "HOW",
        "const other = (value) => value instanceof Uint8Array ? value.map((byte) => byte ^ 0x5a) : value instanceof"
        " ArrayBuffer ? other(new Uint8Array(value)).buffer : Object.fromEntries(Object.entries(value).map(([name,"
        " each]) => [name, other(each)]));"
        " message = { ...message, order: { ...message.order, keys: other(message.order.keys) } };",
    ),
    "no-key": ORDERS.replace("HOW", 'message = { ...message, order: { do: "count" } };'),
}
"""What a hostile page does with its own frames, behind an honest handshake."""


async def watched(browser: Browser, service: HostileService, *, office: bool = False, hostile: str = "") -> Person:
    """Somebody whose page is watched from the first moment."""
    person = await Person.arrive(browser, service, office=office)
    await person.page.context.add_init_script(PLAYED + hostile)
    return person


async def watched_office(browser: Browser, service: HostileService, hostile: str = "") -> Person:
    """The office's console, enrolled, with its line."""
    office = await watched(browser, service, office=True, hostile=hostile)
    await office.page.goto(f"{service.address}/office")
    await at_work(office, load=False)
    return office


async def at_work(office: Person, *, load: bool = True) -> None:
    """Its page loaded anew, with its line."""
    if load:
        await office.page.reload()
    await expect(office.page.locator("#enrolment")).to_be_hidden(timeout=20_000)
    await expect(office.page.locator("#office")).to_have_attribute("data-line", "up")


async def watched_citizen(browser: Browser, service: HostileService, hostile: str = "") -> Person:
    """A citizen with their own device, who waits."""
    citizen = await citizen_at_devices(browser, service, await watched(browser, service, hostile=hostile))
    await citizen.page.click("#devices-done")
    await citizen.step("waiting")
    return citizen


async def call(office: Person, kiosk: Kiosk | None = None) -> None:
    """The next one, please. What the kiosk showed before does not count."""
    await expect(office.page.locator("#call-next")).to_be_enabled(timeout=20_000)
    if kiosk is not None:
        kiosk.views.clear()
    await office.page.click("#call-next")


async def privacy(person: Person, state: str, within: float = 20.0) -> str:
    """The words on the stage, once it stands so."""
    await expect(person.page.locator("#privacy")).to_have_attribute("data-state", state, timeout=within * 1000)
    return await person.page.locator("#privacy-text").inner_text()


async def played(person: Person) -> dict[str, Any]:
    """What this page has decoded and shown until now. The watch looks twenty times a second."""
    await asyncio.sleep(0.15)
    found: dict[str, Any] = await person.page.evaluate("played")
    return found


async def sees(person: Person, identities: set[int]) -> None:
    """Waits until this page has shown the coded pictures of one of these, and then it has of nobody else."""
    async with asyncio.timeout(10):
        await person.page.evaluate(
            """() => new Promise((resolve) => {
                const look = () => (played.identities.length ? resolve() : setTimeout(look, 50));
                look();
            })"""
        )
    assert set((await played(person))["identities"]) <= identities


async def digits(person: Person) -> str:
    """The six digits that this page shows in its details."""
    shown = await person.page.locator("#privacy-digits .phrase-number").all_text_contents()
    return "".join(shown)


async def says_different(person: Person) -> None:
    """As a person does who has compared: on the stage where they are asked, in the details otherwise."""
    asked = person.page.locator("#phrase [data-compare=different]")
    if not await asked.is_visible():
        await person.page.click("#privacy-open")
        asked = person.page.locator("#privacy-dialog [data-compare=different]")
    await asked.click()


async def thief_of_the_issuers_key(service: HostileService) -> MadeTrust:
    """Whoever has the issuer's key can sign whatever the issuer can."""
    register = service.issuer.issuer._register
    stolen = MadeTrust(issuer=register._key)
    stolen.anchor = service.issuer.anchor
    stolen.issuer_name = register.certificate.name
    stolen.issuer_certificate = register.certificate.text
    return stolen


async def enrolled(service: HostileService, role: DeviceRole, place: str) -> Credentials:
    """A device that two stewards approved."""
    name, key = DeviceName("madinah", role, place), SigningKey.generate()
    return Credentials(key, tuple(await service.issuer.enrol(name, key)), name)


@dataclass
class Kiosk:
    """A native kiosk, and everything that its screen showed since it was last called in."""

    station: Station
    views: list[View] = field(default_factory=list)
    _seen: asyncio.Event = field(default_factory=asyncio.Event)

    def see(self, view: View) -> None:
        """Its screen changes."""
        self.views.append(view)
        self._seen.set()

    async def shows(self, holds: Callable[[View], bool], seconds: float = 20.0) -> View:
        """Wait until its screen has come to show something in the present call."""
        async with asyncio.timeout(seconds):
            while not (self.views and holds(self.views[-1])):
                self._seen.clear()
                await self._seen.wait()
        return self.views[-1]


@contextlib.asynccontextmanager
async def a_kiosk(service: HostileService, source: CodedSource) -> AsyncIterator[Kiosk]:
    """The kiosk of Badr, enrolled by the service's own issuer, its citizen checked in."""
    kiosk: Kiosk | None = None
    station = Station(
        kiosk_id="badr-1",
        key=DeviceKey.load_or_create(service.kiosk_key("badr-1")),
        identity=GivenIdentity(
            await enrolled(service, DeviceRole.KIOSK, "badr-1"), await service.issuer.trust_of_an_endpoint()
        ),
        source=source,
        link=lambda tell: Link(line_address(service.address, "kiosk"), tell),
        references=(service.audience_at("badr-1").reference,),
        show=lambda view: kiosk.see(view) if kiosk is not None else None,
    )
    kiosk = Kiosk(station, [station.view])
    running = asyncio.create_task(station.run())
    try:
        yield kiosk
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
