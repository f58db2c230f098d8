"""A citizen's page and the office's console in real browsers, over the running service: the steps that tests share."""

import asyncio
from dataclasses import dataclass, field

from playwright.async_api import Browser, Page, expect
from support.call_pages import sees_movement
from support.endpoints import signed_in
from support.service import Service

from tawasul.store.demo import SampleAudience

WATCH = """
globalThis.passed = [];
addEventListener("DOMContentLoaded", () => {
  const note = (at, name) => {
    const value = at.getAttribute(name);
    if (passed.at(-1) !== value) passed.push(value);
  };
  const stage = document.getElementById("stage");
  if (!stage) return;
  note(stage, "data-state");
  new MutationObserver(() => note(stage, "data-state")).observe(stage, { attributeFilter: ["data-state"] });
});
"""
"""Notes every state through which a page's stage passes: what the tests read as `passed`."""


@dataclass
class Person:
    """One person's page. `faults` holds whatever its scripts threw or complained of."""

    page: Page
    faults: list[str] = field(default_factory=list)
    guest: SampleAudience | None = None

    @property
    def invited(self) -> SampleAudience:
        """The citizen's own booking."""
        assert self.guest is not None, "this person was not invited"
        return self.guest

    @classmethod
    async def arrive(cls, browser: Browser, service: Service, *, office: bool = False) -> "Person":
        """A browser profile of its own; signed in when it is the office's."""
        context = await browser.new_context(viewport={"width": 1280, "height": 800})
        await context.add_init_script(WATCH)
        if office:
            client, _ = await signed_in(service, "office")
            await context.add_cookies(
                [{"name": each.name, "value": each.value or "", "url": service.address} for each in client.cookies.jar]
            )
            await client.aclose()
        return await cls.beside(await context.new_page())

    @classmethod
    async def beside(cls, page: Page) -> "Person":
        person = cls(page)
        page.on("pageerror", lambda error: person.faults.append(str(error)))
        page.on("console", lambda said: person.faults.append(said.text) if "Content Security" in said.text else None)
        return person

    async def stage(self, state: str, within: float = 20.0) -> None:
        """Waits until the stage stands so; a call that was ended meanwhile says why."""
        try:
            await expect(self.page.locator("#stage")).to_have_attribute("data-state", state, timeout=within * 1000)
        except AssertionError as error:
            words = await self.page.locator("#privacy-text, #waiting-ended-text").all_text_contents()
            raise AssertionError(f"{error}\n{words}") from error

    async def step(self, step: str, within: float = 15.0) -> None:
        """Waits until the citizen's page shows this step."""
        await expect(self.page.locator("#join")).to_have_attribute("data-step", step, timeout=within * 1000)

    async def passed(self) -> list[str]:
        """Every state of the stage since the page was loaded."""
        states: list[str] = await self.page.evaluate("passed")
        return states

    async def forget_passed(self) -> None:
        await self.page.evaluate("passed.splice(0, passed.length - 1)")

    async def sees_movement(self) -> None:
        """The other's picture is decoded and moves."""
        await sees_movement(self.page, "remote-video")

    async def hears_sound(self) -> None:
        """The other's sound is decoded: the fake microphone beeps each second."""
        async with asyncio.timeout(8):
            loudest = await self.page.evaluate(
                """async () => {
                    const context = new AudioContext();
                    const analyser = new AnalyserNode(context, { fftSize: 2048 });
                    const stream = document.getElementById("remote-video").srcObject;
                    context.createMediaStreamSource(stream).connect(analyser);
                    const samples = new Float32Array(2048);
                    for (;;) {
                        analyser.getFloatTimeDomainData(samples);
                        const loudest = Math.max(...samples.map(Math.abs));
                        if (loudest > 0.02) return loudest;
                        await new Promise((resolve) => setTimeout(resolve, 20));
                    }
                }"""
            )
        assert loudest > 0.02


async def office_at_work(browser: Browser, service: Service) -> Person:
    """The office's console, enrolled by two stewards, with its line."""
    office = await Person.arrive(browser, service, office=True)
    await office.page.goto(f"{service.address}/office")
    await expect(office.page.locator("#enrolment")).to_be_hidden(timeout=20_000)
    await expect(office.page.locator("#office")).to_have_attribute("data-line", "up")
    return office


async def citizen_at_devices(browser: Browser, service: Service, citizen: Person | None = None) -> Person:
    """A newly invited citizen who opened the link and consented."""
    citizen = citizen or await Person.arrive(browser, service)
    citizen.guest = await service.invite()
    await citizen.page.goto(f"{service.address}/join#{citizen.invited.link_token}")
    await citizen.step("welcome")
    await citizen.page.click("#consent")
    await citizen.page.click("#begin")
    await citizen.step("devices")
    return citizen


async def citizen_waiting(browser: Browser, service: Service) -> Person:
    """A newly invited citizen who opened the link, consented, passed the device check, and waits."""
    citizen = await citizen_at_devices(browser, service)
    await citizen.page.click("#devices-done")
    await citizen.step("waiting")
    return citizen


async def call_next(office: Person, citizen: Person) -> None:
    """The office calls the next in; both see each other."""
    await office.page.click("#call-next")
    await asyncio.gather(office.stage("in-call"), citizen.stage("in-call"))


async def finish(office: Person) -> None:
    """Whoever the office is with is heard, so that it is free for the next."""
    console = office.page.locator("#office")
    if await console.get_attribute("data-state") == "calling":
        await office.page.click("#take-back")
        await expect(console).not_to_have_attribute("data-state", "calling")
    if await console.get_attribute("data-state") in ("in-call", "reconnecting"):
        await office.page.evaluate("document.activeElement.blur()")
        await office.page.click("#hang-up")
        await office.page.click("#hang-up-confirm")
        await expect(console).to_have_attribute("data-state", "heard")
    if await console.get_attribute("data-state") == "heard":
        await office.page.click("#conclude-heard")
        await office.page.click("#heard-confirm")
    await expect(console).to_have_attribute("data-state", "idle")
