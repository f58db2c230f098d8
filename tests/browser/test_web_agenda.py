"""What is before the office, in Chromium over the running application: read, dealt with, refused; by keyboard alone."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Route, expect
from support.agenda_page import (
    ServedOffice,
    a_served_office,
    begin,
    choose_agency,
    opened,
    plain,
    row,
    toasted,
)
from support.cases import ROADS, WATER
from support.papers import a_pdf, an_audience_is_booked, send
from support.tries import is_the_first

from tawasul.domain.agency import Agency
from tawasul.domain.case import CaseId
from tawasul.domain.riyadh import day_of

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[ServedOffice]:
    async with a_served_office(tmp_path_factory.mktemp("agenda")) as office:
        yield office


@pytest_asyncio.fixture(loop_scope="module")
async def office(request: pytest.FixtureRequest, shared: ServedOffice, tmp_path: Path) -> AsyncIterator[ServedOffice]:
    if is_the_first(request):
        yield shared
        return
    async with a_served_office(tmp_path) as office:
        yield office


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, office: ServedOffice) -> AsyncIterator[Page]:
    async with office.page(browser) as page:
        yield page


async def under_way(office: ServedOffice) -> dict[str, Any]:
    case = await office.people.ratified()
    await office.people.does(office.people.agency, f"/api/agency/cases/{case['id']}/take-on")
    return case


async def closed_from_today(office: ServedOffice, agency: Agency, *, closed: bool) -> None:
    service = office.people.service
    async with service.parts.database.unit_of_work() as uow:
        kept = await uow.agencies.get(agency.id)
        today = day_of(service.clock())
        await uow.agencies.put(type(kept)(kept.id, kept.name, kept.acceptance_days, kept.answer_days,
                                          today if closed else None))  # fmt: skip
        await uow.commit()


async def test_contested_cases_come_first_with_their_reason_and_what_waits_for_words_is_beneath(
    office: ServedOffice, page: Page
) -> None:
    first = await office.contested("ما زال الماء ينقطع كل ليلة")
    office.people.service.clock.now += timedelta(minutes=5)
    second = await office.contested("لم يصل أحد")
    waiting = await office.corrected()
    await page.reload()
    await expect(row(page, "agenda-cases", second)).to_be_visible()
    ids = await page.locator("#agenda-cases .case-row").evaluate_all("rows => rows.map((row) => row.dataset.id)")
    assert ids.index(first["id"]) < ids.index(second["id"])
    await expect(row(page, "agenda-cases", first)).to_contain_text("ما زال الماء ينقطع كل ليلة")
    await expect(row(page, "agenda-cases", first)).to_contain_text("اعترض صاحبها على الإجابة")
    await expect(row(page, "agenda-cases", first)).to_contain_text(WATER.name.arabic)
    await expect(row(page, "agenda-waiting", waiting)).to_contain_text("بل بئر القرية")
    await expect(page.locator("#agenda-empty")).to_be_hidden()

    await row(page, "agenda-cases", first).locator(".case-open").click()
    await expect(page.locator("#case-title")).to_be_focused()
    await expect(page.locator("#agenda-list")).to_be_hidden()
    await expect(page.locator("#case-brought")).to_contain_text("ما زال الماء ينقطع كل ليلة")
    await expect(page.locator("#case-body .case-entry")).to_have_count(7)
    assert "عينة" in plain(await page.inner_text("#case-body"))
    assert await page.locator("#case-acts button").all_inner_texts() == ["توجيه"]
    await page.go_back()
    await expect(row(page, "agenda-cases", first).locator(".case-open")).to_be_focused()


async def test_a_contested_case_is_directed_anew_once_it_was_read_again(office: ServedOffice, page: Page) -> None:
    case = await office.contested()
    await opened(page, case)
    await begin(page, "direct")
    await page.select_option("#step-wording", label="الوقوف على الموقع")
    await expect(page.locator("#step-words")).to_have_value(
        "يُوجَّه بالوقوف على الموقع والتحقق مما ذُكر، ومعالجة ما يثبت منه، والإفادة."
    )
    await page.locator("#step-words").press_sequentially(" وترفع الصور.")
    # Another template goes beneath what somebody wrote.
    await page.select_option("#step-wording", label="سبب التأخير")
    assert (await page.input_value("#step-words")).startswith("يُوجَّه بالوقوف")
    assert "وترفع الصور.\nيُوجَّه بالإفادة عن سبب" in await page.input_value("#step-words")
    await choose_agency(page, "نقل", ROADS.name.arabic)
    await page.locator("#step-urgency .pill", has_text="فوري").click()
    await page.locator("[data-for=step-due]", has_text="أسبوعان").click()
    await page.click("#step-next")
    review = page.locator("#step-review-body")
    await expect(review).to_contain_text(ROADS.name.arabic)
    await expect(review).to_contain_text("فوري")
    assert (await office.now(case))["state"] == "contested", "nothing is done before it was read again"
    await page.click("#step-back")
    await expect(page.locator("#step-words")).to_be_focused()
    await page.click("#step-next")
    await page.click("#step-confirm")
    await toasted(page, "حُفظ التوجيه")
    now = await office.now(case)
    assert (now["state"], now["directive"]["agency"]["arabic"]) == ("proposed", ROADS.name.arabic)
    assert now["directive"]["urgency"] == "immediate"
    assert now["directive"]["due_on"] == (day_of(office.people.service.clock()) + timedelta(days=14)).isoformat()
    await expect(page.locator("#case-marks")).to_contain_text("بانتظار إقرار صاحبها")
    assert await page.evaluate("sessionStorage.length") == 0, "what was sent is no draft any more"
    await page.goto(f"{office.address}/agenda")
    await expect(row(page, "agenda-cases", case)).to_have_count(0)


async def test_by_keyboard_alone(office: ServedOffice, page: Page) -> None:
    case = await office.corrected()
    await page.reload()
    opener = row(page, "agenda-waiting", case).locator(".case-open")
    await opener.focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("#case-title")).to_be_focused()
    press = page.keyboard.press
    while await page.evaluate("document.activeElement?.dataset.step !== 'direct'"):
        await press("Tab")
    await press("Enter")
    await expect(page.locator("#step-words")).to_be_focused()
    await page.keyboard.type("تُصلح بئر القرية")
    await press("Tab")
    await expect(page.locator("#step-agency")).to_be_focused()
    await press("ArrowDown")
    await expect(page.locator("#step-agency-list li")).to_have_count(2)
    await page.keyboard.type("المياة")
    await expect(page.locator("#step-agency-list li")).to_have_count(1)
    await press("Escape")
    await expect(page.locator("#step-dialog")).to_be_visible()
    await expect(page.locator("#step-agency-list")).to_be_hidden()
    await press("ArrowDown")
    await press("ArrowDown")
    chosen = await page.get_attribute("#step-agency", "aria-activedescendant")
    assert chosen == "step-agency-list-0"
    await press("Enter")
    await expect(page.locator("#step-agency")).to_have_value(WATER.name.arabic)
    await press("Tab")
    await press("ArrowRight" if await page.evaluate("document.dir") == "ltr" else "ArrowLeft")
    await expect(page.locator("input[name=step_urgency][value=urgent]")).to_be_checked()
    await press("Tab")
    await page.keyboard.type("٢٥/١٢/١٤٤٩")
    for _ in range(4):
        await press("Tab")
    await expect(page.locator("#step-next")).to_be_focused()
    await press("Enter")
    await expect(page.locator("#step-confirm")).to_be_focused()
    await press("Enter")
    await toasted(page, "حُفظ التوجيه")
    directive = (await office.now(case))["directive"]
    assert (directive["wording"], directive["urgency"], directive["state"]) == ("تُصلح بئر القرية", "urgent", "proposed")
    await expect(page.locator("#case-title")).to_be_focused()


async def test_what_cannot_be_is_said_at_its_field_and_nothing_is_lost(office: ServedOffice, page: Page) -> None:
    case = await office.corrected()
    await opened(page, case)
    await begin(page, "direct")
    await page.click("#step-next")
    await expect(page.locator("#step-words-error")).to_have_text("هذا الحقل لازم.")
    await page.fill("#step-words", "تُصلح بئر القرية")
    await page.click("#step-next")
    await expect(page.locator("#step-agency-error")).to_have_text("اختر الجهة من القائمة.")
    await expect(page.locator("#step-agency")).to_be_focused()
    await page.fill("#step-agency", "جهة ليست هنا")
    await page.keyboard.press("Tab")
    await expect(page.locator("#step-agency-error")).to_be_visible()
    await choose_agency(page, "نقل", ROADS.name.arabic)
    await page.click("#step-next")
    await expect(page.locator("#step-due-error")).to_have_text("هذا الحقل لازم.")
    for typed, said in (("1/1/1447", "اختر يومًا بعد اليوم."), ("31/2/2027", "لا يوجد يوم بهذا التاريخ")):
        await page.fill("#step-due", typed)
        await page.click("#step-next")
        await expect(page.locator("#step-due-error")).to_contain_text(said)
        await expect(page.locator("#step-due")).to_have_value(typed)
    await page.locator("[data-for=step-due]", has_text="شهر").click()
    await page.click("#step-next")
    await closed_from_today(office, ROADS, closed=True)
    try:
        await page.click("#step-confirm")
        await expect(page.locator("#step-agency-error")).to_contain_text("لا تُحال معاملات إلى هذه الجهة")
        await expect(page.locator("#step-agency")).to_be_focused()
        await expect(page.locator("#step-words")).to_have_value("تُصلح بئر القرية")
    finally:
        await closed_from_today(office, ROADS, closed=False)
    # Closed by a slip, or the page loaded again: what was written is there.
    await page.keyboard.press("Escape")
    await page.reload()
    await begin(page, "direct")
    await expect(page.locator("#step-words")).to_have_value("تُصلح بئر القرية")
    await expect(page.locator("#step-agency")).to_have_value(ROADS.name.arabic)
    assert (await office.now(case))["state"] == "received"


@pytest.mark.parametrize(
    ("typed", "name", "said"), [("مياه", WATER.name.arabic, ""), ("جسر", "جسر", "اختر الجهة من القائمة.")]
)
async def test_an_agency_whose_field_was_left_before_the_list_came_is_chosen_or_said_to_be_none(
    office: ServedOffice, page: Page, typed: str, name: str, said: str
) -> None:
    case = await office.corrected()
    comes = asyncio.Event()

    async def late(route: Route) -> None:
        await comes.wait()
        await route.continue_()

    await page.route("**/api/office/agencies", late)
    await opened(page, case)
    await begin(page, "direct")
    await page.fill("#step-agency", typed)
    await page.keyboard.press("Tab")
    await expect(page.locator("#step-agency")).not_to_be_focused()
    comes.set()
    await expect(page.locator("#step-agency-error")).to_have_text(said)
    await expect(page.locator("#step-agency")).to_have_value(name)
    await expect(page.locator("#step-agency-list")).to_be_hidden()
    # And is kept with what is written.
    await page.reload()
    await begin(page, "direct")
    await expect(page.locator("#step-agency")).to_have_value("" if said else name)


async def test_what_somebody_else_did_meanwhile_is_shown_and_not_overwritten(office: ServedOffice, page: Page) -> None:
    case = await office.corrected()
    await opened(page, case)
    await begin(page, "direct")
    await page.fill("#step-words", "تُحفر بئر أخرى")
    await choose_agency(page, "نقل", ROADS.name.arabic)
    await page.locator("[data-for=step-due]", has_text="أسبوع").first.click()
    await page.click("#step-next")
    path = f"/api/office/cases/{case['id']}/direct"
    await office.people.does(office.people.office, path, **office.people.to_water)
    await page.click("#step-confirm")
    await expect(page.locator("#step-dialog")).to_be_hidden()
    await expect(page.locator("#case-problem")).to_contain_text("غيّر شخص آخر هذا السجل")
    await expect(page.locator("#case-problem")).to_contain_text("ما كتبته محفوظ")
    assert "تُصلح الشبكة" in await page.inner_text("#case-body")
    assert (await office.now(case))["directive"]["agency"]["arabic"] == WATER.name.arabic
    await begin(page, "direct")
    await expect(page.locator("#step-words")).to_have_value("تُحفر بئر أخرى")
    await expect(page.locator("#step-agency")).to_have_value(ROADS.name.arabic)
    await page.click("#step-next")
    await page.click("#step-confirm")
    await toasted(page, "حُفظ التوجيه")
    assert (await office.now(case))["directive"]["agency"]["arabic"] == ROADS.name.arabic


async def test_an_agency_gets_more_time_or_another_gets_the_case(office: ServedOffice, page: Page) -> None:
    case = await under_way(office)
    await opened(page, case)
    assert await page.locator("#case-acts button").all_inner_texts() == ["تمديد المهلة", "تحويل إلى جهة أخرى"]
    await begin(page, "prolong")
    await expect(page.locator("#step-agency")).to_be_hidden()
    await page.fill("#step-words", "لبعد الموقع")
    await page.fill("#step-due", "1/1/1447")
    await page.click("#step-next")
    await expect(page.locator("#step-due-error")).to_have_text("اختر يومًا بعد اليوم.")
    await page.locator("[data-for=step-due]", has_text="شهر").click()
    await page.click("#step-next")
    await toasted(page, "مُدّت المهلة")
    until = day_of(office.people.service.clock()) + timedelta(days=30)
    assert (await office.now(case))["due_at"].startswith(until.isoformat())

    await begin(page, "reassign")
    await page.fill("#step-words", "الاختصاص للطرق")
    await choose_agency(page, "نقل", ROADS.name.arabic)
    await page.click("#step-next")
    await expect(page.locator("#step-review-body")).to_contain_text(ROADS.name.arabic)
    await page.click("#step-confirm")
    await toasted(page, "حُوّلت المعاملة")
    now = await office.now(case)
    assert (now["state"], now["agency"]["arabic"]) == ("referred", ROADS.name.arabic)
    await expect(page.locator("#case-body")).to_contain_text("الاختصاص للطرق")


async def test_the_office_answers_by_itself(office: ServedOffice, page: Page) -> None:
    case = await office.corrected()
    await opened(page, case)
    await begin(page, "settle")
    await expect(page.locator("#step-due")).to_be_hidden()
    await page.fill("#step-words", "صدر الأمر بحفر البئر في ميزانية هذا العام.")
    await page.click("#step-next")
    await page.click("#step-confirm")
    await toasted(page, "أُرسلت الإجابة")
    now = await office.now(case)
    assert (now["state"], now["owner"]) == ("answered", "citizen")
    assert await page.locator("#case-acts button").count() == 0


async def test_any_case_is_found_and_opened_by_its_address(office: ServedOffice, page: Page) -> None:
    case = await office.people.taken("ترميم مدرسة قرية الواسطة")
    await page.click("#find-case")
    await expect(page.locator("#find_case-error")).to_be_visible()
    await page.fill("#find_case", "مدرسه الواسطه")
    await page.press("#find_case", "Enter")
    await row(page, "agenda-found", case).locator(".case-open").click()
    await expect(page.locator("#case-over")).to_contain_text(case["number"])
    await page.click(".agenda-back")
    await page.fill("#find_case", "جسر معلق بين النجوم")
    await page.press("#find_case", "Enter")
    await expect(page.locator("#agenda-found-none")).to_be_visible()
    await page.goto(f"{office.address}/agenda#no-such-case")
    await expect(page.locator("#case-problem")).to_be_visible()
    await expect(page.locator("#case-title")).to_have_text("لا معاملة هنا")
    await opened(page, case)
    await expect(page.locator("#case-problem")).to_be_hidden()


async def test_the_papers_of_a_case_are_opened_and_on_paper_there_are_no_buttons(
    office: ServedOffice, page: Page
) -> None:
    service = office.people.service
    case = await office.corrected()
    kept = await an_audience_is_booked(service, reference="X2R-GG9", number=3)
    answer = await send(office.people.desk, kept.audience.id, a_pdf(), "معروض القرية.pdf")
    assert answer.status_code == 201, answer.text
    async with service.parts.database.unit_of_work() as uow:
        await uow.cases.link_audience(CaseId(case["id"]), kept.audience.id)
        await uow.commit()
    await opened(page, case)
    async with page.expect_download() as download:
        await page.locator("#case-body .file", has_text="معروض القرية.pdf").get_by_role("link").click()
    assert (await download.value).suggested_filename == "معروض القرية.pdf"
    await page.emulate_media(media="print")
    await expect(page.locator("#case-acts button").first).to_be_hidden()
    await expect(page.locator(".page-nav")).to_be_hidden()
    await expect(page.locator("#case-body")).to_contain_text("بل بئر القرية")


async def test_in_english_and_away_from_a_server_that_does_not_answer(browser: Browser, office: ServedOffice) -> None:
    case = await office.contested("Still no water")
    async with office.page(browser, f"#{case['id']}", "en") as page:
        await expect(page.locator("#case-brought")).to_contain_text("Still no water")
        await begin(page, "direct")
        await page.fill("#step-words", "Repair it")
        await page.fill("#step-agency", "wat")
        await page.keyboard.press("Tab")
        await expect(page.locator("#step-agency")).to_have_value(WATER.name.english)
        await page.fill("#step-due", "25 December 2027")
        await page.click("#step-next")
        await page.route("**/api/office/cases/*/direct", lambda route: route.abort())
        await page.click("#step-confirm")
        await expect(page.locator("#step-review-problem")).to_be_visible()
        await page.unroute("**/api/office/cases/*/direct")
        await page.click("#step-confirm")
        await toasted(page, "The directive is saved")
    assert (await office.now(case))["state"] == "proposed"
