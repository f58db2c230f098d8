"""The office's console and the citizen's page in real Chromium, over the running service and its relay."""

import asyncio

import pytest
from playwright.async_api import Browser, expect
from support.call_walk import Person, call_next, office_at_work
from support.service import Service

from tawasul.domain.audience import State
from tawasul.domain.outcome import Directive

DIRECTIVE = "يُحال إلى الشؤون الصحية لإكمال اللازم خلال أسبوع."


pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_from_the_link_to_the_outcome(service: Service, office: Person, citizen: Person) -> None:
    await expect(citizen.page.locator("#waiting-place")).to_have_text("أنت التالي")
    await expect(citizen.page.locator("#waiting-office")).to_have_text("المكتب متصل")
    await call_next(office, citizen)
    for person in (office, citizen):
        await person.sees_movement()
        await person.hears_sound()
    await expect(office.page.locator("#call-path")).to_have_text("المسار: عبر خادم الترحيل")
    assert (await service.audience(citizen.invited.audience_id)).state is State.IN_CALL

    await office.page.click("#open-outcome")
    await office.page.fill("#directive", DIRECTIVE)
    await office.page.click("#hang-up")
    await office.page.click("#hang-up-confirm")
    await citizen.step("thanks")
    await expect(office.page.locator("#office")).to_have_attribute("data-state", "heard")
    await office.page.reload()
    await expect(office.page.locator("#directive")).to_have_value(DIRECTIVE)

    await office.page.click("#conclude-directive")
    await expect(office.page.locator("#office")).to_have_attribute("data-state", "idle")
    await expect(citizen.page.locator("#thanks-text")).to_contain_text("صدر فيها توجيه")
    audience = await service.audience(citizen.invited.audience_id)
    assert audience.state is State.CONCLUDED
    assert isinstance(audience.outcome, Directive)
    assert audience.outcome.wording.reveal() == DIRECTIVE
    assert await office.page.evaluate("sessionStorage.length") == 0, "the draft is gone with the outcome"

    await citizen.page.reload()
    await citizen.step("thanks")


async def test_a_killed_server_leaves_the_conversation_as_it_is(
    service: Service, office: Person, citizen: Person
) -> None:
    await call_next(office, citizen)
    for person in (office, citizen):
        await person.forget_passed()
    async with service.away():
        for person in (office, citizen):
            await expect(person.page.locator("#line-notice-text")).to_have_text(
                "يُستعاد الخط مع الخدمة، والمكالمة مستمرة.", timeout=10_000
            )
            await person.sees_movement()
    for person in (office, citizen):
        await expect(person.page.locator("#line-notice")).to_be_hidden(timeout=20_000)
        await person.sees_movement()
        assert await person.passed() == ["in-call"], "nobody's picture was disturbed"
    await office.page.click("#hang-up")
    await office.page.click("#hang-up-confirm")
    await citizen.step("thanks")


async def test_waiting_outlives_the_server(service: Service, office: Person, citizen: Person) -> None:
    async with service.away():
        await expect(citizen.page.locator("#line-notice")).to_be_visible()
        await citizen.step("waiting")
        await expect(office.page.locator("#call-next")).to_be_disabled()
    await expect(citizen.page.locator("#line-notice")).to_be_hidden(timeout=20_000)
    await expect(citizen.page.locator("#waiting-place")).to_have_text("أنت التالي")
    await call_next(office, citizen)


@pytest.mark.parametrize("who", ["office", "citizen"])
async def test_a_reload_comes_back_into_the_call(office: Person, citizen: Person, who: str) -> None:
    await call_next(office, citizen)
    reloaded, other = (office, citizen) if who == "office" else (citizen, office)
    await other.forget_passed()
    await reloaded.page.reload()
    await reloaded.stage("in-call")
    await other.stage("in-call")
    for person in (office, citizen):
        await person.sees_movement()
    assert await other.passed() == ["in-call", "reconnecting", "in-call"]


async def test_a_lost_path_is_made_anew_without_a_click(service: Service, office: Person, citizen: Person) -> None:
    await call_next(office, citizen)
    with service.relay_frozen():
        await asyncio.gather(office.stage("reconnecting"), citizen.stage("reconnecting"))
        await expect(citizen.page.locator("#stage-message-text")).to_have_text(
            "يُعاد الاتصال تلقائيًا. لا حاجة إلى فعل شيء."
        )
    await asyncio.gather(office.stage("in-call", 40), citizen.stage("in-call", 40))
    for person in (office, citizen):
        await person.sees_movement()


async def test_muting_shows_on_both_screens(office: Person, citizen: Person) -> None:
    await call_next(office, citizen)
    await office.page.keyboard.press("m")
    await expect(office.page.locator("#mute-sound")).to_have_attribute("aria-pressed", "true")
    await expect(citizen.page.locator("#remote-sound-off")).to_be_visible()
    await citizen.page.click("#mute-picture")
    await expect(citizen.page.locator("#own-picture-off")).to_be_visible()
    await expect(office.page.locator("#remote-picture-off")).to_be_visible()
    await office.page.keyboard.press("m")
    await expect(citizen.page.locator("#remote-sound-off")).to_be_hidden()


async def test_hanging_up_while_the_server_is_away(service: Service, office: Person, citizen: Person) -> None:
    await call_next(office, citizen)
    async with service.away():
        await expect(citizen.page.locator("#line-notice")).to_be_visible()
        await citizen.page.click("#hang-up")
        await citizen.page.click("#hang-up-confirm")
        await expect(office.page.locator("#stage-message-title")).to_have_text("أنهى المستفيد المكالمة")
    await citizen.step("thanks", within=25)
    await expect(office.page.locator("#office")).to_have_attribute("data-state", "heard", timeout=25_000)
    assert (await service.audience(citizen.invited.audience_id)).state is State.HEARD


async def test_a_second_page_takes_over_and_can_be_taken_back(citizen: Person, service: Service) -> None:
    second = await Person.beside(await citizen.page.context.new_page())
    await second.page.goto(f"{service.address}/join")
    await second.step("waiting")
    await citizen.step("problem")
    await expect(citizen.page.locator("#problem-code")).to_have_text("replaced")
    await citizen.page.click("#problem-action")
    await citizen.step("waiting")
    await second.step("problem")


async def test_another_console_sees_whom_the_office_is_with(
    camera_browser: Browser, service: Service, office: Person, citizen: Person
) -> None:
    watcher = await office_at_work(camera_browser, service)
    await call_next(office, citizen)
    await expect(watcher.page.locator("#caller-state")).to_have_text("في المقابلة على شاشة أخرى للمكتب")
    await expect(watcher.page.locator("#call-next")).to_be_disabled()
    await expect(watcher.page.locator("#stage")).to_have_attribute("data-state", "idle")
    await watcher.page.context.close()
    assert watcher.faults == []


async def test_a_call_in_can_be_taken_back(service: Service, office: Person, citizen: Person) -> None:
    with service.relay_frozen():
        await office.page.click("#call-next")
        await asyncio.gather(office.stage("calling"), citizen.step("call"))
        await office.page.click("#take-back")
        await expect(office.page.locator("#office")).to_have_attribute("data-state", "idle")
        await citizen.step("waiting")
    assert (await service.audience(citizen.invited.audience_id)).state is State.ARRIVED
    await expect(citizen.page.locator("#waiting-again")).to_be_visible()
    await call_next(office, citizen)


async def test_keys_do_nothing_while_somebody_writes(office: Person, citizen: Person) -> None:
    await office.page.keyboard.press("n")
    await asyncio.gather(office.stage("in-call"), citizen.stage("in-call"))
    await office.page.keyboard.press("d")
    await office.page.keyboard.type("name me")
    await expect(office.page.locator("#directive")).to_have_value("name me")
    await expect(office.page.locator("#mute-sound")).to_have_attribute("aria-pressed", "false")
    await expect(office.page.locator("#hang-up-dialog")).to_be_hidden()
    await office.page.evaluate("document.activeElement.blur()")
    await office.page.keyboard.press("e")
    await expect(office.page.locator("#hang-up-dialog")).to_be_visible()
    await office.page.click("#hang-up-confirm")
    await expect(office.page.locator("#office")).to_have_attribute("data-state", "heard")
