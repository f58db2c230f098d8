"""After the call, on the citizen's own device, in Chromium: what was directed is ratified or said to be otherwise."""

from datetime import timedelta

import pytest
from playwright.async_api import Page, expect
from support.case_pages import ServedCases
from support.case_people import right
from support.cases import WATER

from tawasul.domain.audience import AudienceId
from tawasul.domain.case import Case
from tawasul.domain.case_state import CaseState

pytestmark = pytest.mark.asyncio(loop_scope="module")

WORDING = "تُصلح شبكة الماء في القرية"


async def case_of(served: ServedCases, id: AudienceId) -> Case:
    async with served.service.parts.database.unit_of_work(reading=True) as uow:
        case = await uow.cases.of_audience(id)
    assert case is not None
    return case


async def heard(page: Page, served: ServedCases) -> AudienceId:
    """The call is over, and the office still writes."""
    id, link = await served.booked()
    await page.goto(link)
    await page.check("#consent")
    await page.click("#begin")
    await expect(page.locator("#devices-title")).to_be_visible()
    await served.heard(id)
    await page.reload()
    await expect(page.locator("#thanks-text")).to_contain_text("تُكتب")
    await expect(page.locator("#directive")).to_be_hidden()
    return id


async def test_it_is_shown_when_it_is_written_and_goes_to_its_agency_with_the_second_yes(
    page: Page, served: ServedCases
) -> None:
    id = await heard(page, served)
    await served.concludes(id, directive=WORDING, agency_id=WATER.id)
    await expect(page.locator("#directive-wording")).to_have_text(WORDING)
    await expect(page.locator("#directive-agency")).to_have_text(WATER.name.arabic)
    number = (await case_of(served, id)).number.text
    await expect(page.locator("#after-number")).to_contain_text(number)
    await expect(page.locator("#after-spared")).to_be_hidden()
    await page.click("#directive-yes")
    await expect(page.locator("#directive-sure-text")).to_be_focused()
    assert (await case_of(served, id)).state is CaseState.PROPOSED
    await page.click("#directive-sure-no")
    await expect(page.locator("#directive-yes")).to_be_focused()
    await page.click("#directive-yes")
    await page.click("#directive-sure-yes")
    await expect(page.locator("#after-note")).to_contain_text("أُحيل التوجيه إلى")
    await expect(page.locator("#directive")).to_be_hidden()
    await expect(page.locator("#after-spared")).to_contain_text("كيلومتر")
    assert (await case_of(served, id)).state is CaseState.REFERRED
    await page.reload()
    await expect(page.locator("#after-note")).to_contain_text("أُحيل التوجيه إلى")
    await expect(page.locator("#after-number")).to_contain_text(number)
    await expect(page.locator("#after-spared")).to_contain_text("كيلومتر")


async def test_what_was_otherwise_is_said_in_words_and_the_office_writes_it_anew(
    page: Page, served: ServedCases
) -> None:
    id = await heard(page, served)
    await served.concludes(id, directive=WORDING, agency_id=WATER.id)
    await page.click("#directive-no")
    await page.click("#directive-send")
    await expect(page.locator("#directive-words")).to_have_attribute("aria-invalid", "true")
    await page.fill("#directive-words", "قال: والخزان أيضًا")
    await page.reload()
    await expect(page.locator("#directive-words")).to_have_value("قال: والخزان أيضًا")
    await page.click("#directive-send")
    await expect(page.locator("#after-note")).to_contain_text("وصلت كلماتك إلى المكتب")
    await expect(page.locator("#directive")).to_be_hidden()
    case = await case_of(served, id)
    assert case.state is CaseState.RECEIVED
    people = served.people
    served.service.clock.now += timedelta(minutes=1)
    again = people.to_water | {"wording": "تُصلح الشبكة والخزان"}
    await people.does(people.office, f"/api/office/cases/{case.id}/direct", **again)
    await page.clock.fast_forward("00:21")
    await expect(page.locator("#directive-wording")).to_have_text("تُصلح الشبكة والخزان")
    await expect(page.locator("#after-note")).to_be_hidden()
    await expect(page.locator("#directive-words")).to_have_value("")
    await page.click("#directive-yes")
    await page.click("#directive-sure-yes")
    await expect(page.locator("#after-note")).to_contain_text("أُحيل التوجيه إلى")


async def test_what_was_ratified_at_the_desk_meanwhile_is_not_asked_again(page: Page, served: ServedCases) -> None:
    id = await heard(page, served)
    await served.concludes(id, directive=WORDING, agency_id=WATER.id)
    await page.click("#directive-yes")
    case = await case_of(served, id)
    async with served.service.parts.database.unit_of_work(reading=True) as uow:
        directive = await uow.directives.proposed_of(case.id)
        assert directive is not None
    token = served.people.token({"number": case.number.text})
    right(await served.people.citizen.post("/api/case/ratify", token=token, directive_id=directive.id), 200)
    await page.click("#directive-sure-yes")
    await expect(page.locator("#after-note")).to_contain_text("أُحيل التوجيه إلى")
    await expect(page.locator("#directive")).to_be_hidden()
    await expect(page.locator("#directive-problem")).to_be_hidden()


async def test_where_nothing_was_directed_nothing_is_asked(page: Page, served: ServedCases) -> None:
    id = await heard(page, served)
    await served.concludes(id)
    await expect(page.locator("#after-spared")).to_contain_text("كيلومتر")
    await expect(page.locator("#after-number")).to_contain_text((await case_of(served, id)).number.text)
    await expect(page.locator("#directive")).to_be_hidden()
