"""The whole way of a case, with four people in real browsers over the running service: nobody is played by the test.

A citizen is seen and heard; what the Amir directs is ratified on their own telephone, goes to its agency, is asked
about, answered, contested, comes before the next sitting, is directed anew, ratified at the desk, answered, and closed
by the citizen's word.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect
from support.agency_page import attach, choose, count
from support.call_pages import chromium
from support.call_walk import Person, call_next, citizen_waiting, office_at_work
from support.desk_cases_page import begin, toasted
from support.papers import a_pdf
from support.service import Service, a_service

from scheduler.papers.ticket import TicketCodes
from tawasul.access.keys import AccessKeys
from tawasul.casework.case_links import CaseLinks
from tawasul.domain.audience import AudienceId
from tawasul.domain.case import Case
from tawasul.domain.case_state import CaseState, ClosedBecause
from tawasul.store.key_file import load_or_create

pytestmark = pytest.mark.timeout(300)

WATER = "شركة المياه"
DIRECTED = "تُصلح شبكة الماء في القرية، ويُفاد المواطن."
QUESTION = "أين موضع الانقطاع؟"
REPLY = "عند مدخل القرية الشرقي"
ANSWER = "أُصلحت الشبكة عند المدخل."
REASON = "ما زال الماء منقطعًا عن الحي القديم"
DIRECTED_ANEW = "يُمد الحي القديم بالماء قبل نهاية الشهر."
SECOND_ANSWER = "وصل الماء إلى الحي القديم."


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    async with a_service(tmp_path / "service") as running:
        yield running


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


async def case_of(service: Service, audience_id: str) -> Case:
    """As the database has it."""
    async with service.units() as units, units(reading=True) as uow:
        case = await uow.cases.of_audience(AudienceId(audience_id))
    assert case is not None
    return case


async def code_of(service: Service, audience_id: str) -> str:
    """What is printed on the ticket of the audience."""
    return TicketCodes(access_keys(service).tickets).code(await service.audience(audience_id))


def access_keys(service: Service) -> AccessKeys:
    """Of the service: what it prints and sends out is made with them."""
    return AccessKeys.from_secret(load_or_create(service.directory / "access.key"))


def link_of(service: Service, case: Case) -> str:
    """The page that the citizen's messages lead to."""
    return f"{service.address}/case#{CaseLinks(access_keys(service).cases).token(case.number)}"


@contextlib.asynccontextmanager
async def a_page_of(browser: Browser, service: Service, user_name: str, path: str) -> AsyncIterator[Page]:
    """Somebody's own browser, signed in as a person does it."""
    context = await browser.new_context(viewport={"width": 1280, "height": 900})
    page = await context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    await page.goto(f"{service.address}/sign-in?next={path}")
    await page.fill("#user_name", user_name)
    await page.fill("#password", service.password(user_name))
    await page.click("#sign-in-button")
    await page.wait_for_url(f"{service.address}{path}")
    yield page
    assert faults == [], faults
    await context.close()


async def is_directed(office: Person) -> None:
    """The audience is over, and the office writes what was directed, to whom and by when."""
    page = office.page
    await page.evaluate("document.activeElement.blur()")
    await page.click("#hang-up")
    await page.click("#hang-up-confirm")
    await expect(page.locator("#office")).to_have_attribute("data-state", "heard")
    await page.fill("#directive", DIRECTED)
    await page.fill("#outcome-agency", WATER)
    await page.press("#outcome-agency", "Enter")
    await page.click("[data-for=outcome-due][data-days='14']")
    await page.click("#conclude-directive")
    await expect(page.locator("#office")).to_have_attribute("data-state", "idle")


async def is_answered(agency: Page, words: str, *papers: str) -> None:
    """By the agency, with what it attaches."""
    await agency.fill("#answer_words", words)
    for name in papers:
        await attach(agency, name, a_pdf())
        await expect(agency.locator("#papers .file", has_text=name).get_by_role("link")).to_be_visible()
    await agency.click("#way-send")
    await agency.click("#look-send")
    await expect(agency.locator("#deal-ways")).to_be_hidden()


async def test_from_the_majlis_to_an_answer_that_the_citizen_accepts(browser: Browser, service: Service) -> None:
    office = await office_at_work(browser, service)
    citizen = await citizen_waiting(browser, service)
    telephone = citizen.page
    await call_next(office, citizen)
    await citizen.sees_movement()
    await is_directed(office)

    # On their own telephone, after the call.
    await expect(telephone.locator("#directive-wording")).to_have_text(DIRECTED, timeout=30_000)
    case = await case_of(service, citizen.invited.audience_id)
    assert case.state is CaseState.PROPOSED
    await telephone.click("#directive-yes")
    await telephone.click("#directive-sure-yes")
    await expect(telephone.locator("#after-note")).to_contain_text(WATER)
    await expect(telephone.locator("#after-number")).to_contain_text(case.number.text)

    async with (
        a_page_of(browser, service, "water", "/agency") as agency,
        a_page_of(browser, service, "badr", "/desk/cases") as desk,
    ):
        await agency.goto(f"{service.address}/agency#{case.id}")
        await expect(agency.locator(".case-wording-large")).to_have_text(DIRECTED)
        await agency.click("#take-on")
        await choose(agency, "ask")
        await agency.fill("#ask_words", QUESTION)
        await agency.click("#way-send")
        await expect(count(agency, "asked")).not_to_have_text("0")

        await desk.goto(f"{service.address}/desk/cases#{case.id}")
        await expect(desk.locator("#case-said-words")).to_have_text(QUESTION)
        await begin(desk, "reply")
        await desk.fill("#step_words", REPLY)
        await desk.click("#step-confirm")
        await expect(desk.locator("#case-now [data-step=reply]")).to_have_count(0)

        await agency.reload()
        await expect(agency.locator("#case-timeline")).to_contain_text(REPLY)
        await is_answered(agency, ANSWER, "محضر.pdf")

        await telephone.goto(link_of(service, case))
        await expect(telephone.locator("#case-answer-words")).to_have_text(ANSWER)
        await expect(telephone.locator("#case-answer-files-list")).to_contain_text("محضر.pdf")
        await telephone.click("#link-contest")
        await telephone.fill("#contest-reason", REASON)
        await telephone.click("#contest-send")
        await expect(telephone.locator("#link-note")).to_be_visible()

        await is_taken_up_by_the_next_sitting(office.page, service, case)

        await desk.goto(f"{service.address}/desk/cases")
        await desk.goto(f"{service.address}/desk/cases#{case.id}")
        await expect(desk.locator("#case-read-directive")).to_contain_text(DIRECTED_ANEW)
        await desk.fill("#case_code", await code_of(service, citizen.invited.audience_id))
        await desk.press("#case_code", "Enter")
        await toasted(desk, "أُقرّ التوجيه")
        receipt = await desk.locator("#receipt-a4").get_attribute("href")
        paper = await desk.request.get(f"{service.address}{receipt}")
        assert DIRECTED_ANEW in await paper.text()

        await agency.goto(f"{service.address}/agency")
        await agency.goto(f"{service.address}/agency#{case.id}")
        await expect(agency.locator(".case-wording-large")).to_have_text(DIRECTED_ANEW)
        await agency.click("#take-on")
        await is_answered(agency, SECOND_ANSWER)

    await telephone.reload()
    await expect(telephone.locator("#case-answer-words")).to_have_text(SECOND_ANSWER)
    await telephone.click("#link-accept")
    await telephone.click("#accept-yes")
    await expect(telephone.locator("#case-title")).to_have_text("معاملتك مغلقة")
    await telephone.click("[data-rating='3']")
    await expect(telephone.locator("#link-rating-done")).to_be_visible()

    closed = await case_of(service, citizen.invited.audience_id)
    assert (closed.state, closed.closed_because, closed.contests) == (CaseState.CLOSED, ClosedBecause.ACCEPTED, 1)
    assert (office.faults, citizen.faults) == ([], [])


async def is_taken_up_by_the_next_sitting(page: Page, service: Service, case: Case) -> None:
    """The contested case is before the office, which directs it anew."""
    await page.goto(f"{service.address}/agenda")
    row = page.locator(f"#agenda-cases [data-id='{case.id}']")
    await expect(row).to_contain_text(REASON)
    await row.get_by_role("link").first.click()
    await expect(page.locator("#case-brought")).to_contain_text(REASON)
    await page.click("#case-acts [data-step='direct']")
    await page.fill("#step-words", DIRECTED_ANEW)
    await page.fill("#step-agency", WATER)
    await page.press("#step-agency", "Enter")
    await page.click("[data-for=step-due][data-days='7']")
    await page.click("#step-next")
    await expect(page.locator("#step-review-body")).to_contain_text(DIRECTED_ANEW)
    await page.click("#step-confirm")
    await expect(page.locator("#step-dialog")).to_be_hidden()
    await expect(page.locator("#case-body")).to_contain_text(DIRECTED_ANEW)
