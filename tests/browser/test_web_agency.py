"""The page of an agency's account, in Chromium over the running application: from the referral to the answer."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect
from support.agency_page import ServedAgencies, attach, choose, count, line, row, served_agencies
from support.case_people import last_week
from support.cases import WATER
from support.keyboard import Keyboard
from support.papers import a_pdf, a_picture, an_acting_pdf
from support.store_app import PASSWORD

from tawasul.domain.riyadh import day_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

ANSWER = "أُصلح الكسر في الخط المغذي، وعادت المياه إلى القرية."


@pytest_asyncio.fixture(loop_scope="module")
async def served(tmp_path: Path) -> AsyncIterator[ServedAgencies]:
    async with served_agencies(tmp_path) as served:
        yield served


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, served: ServedAgencies) -> AsyncIterator[Page]:
    async with served.browser_of(browser) as page:
        yield page


async def test_from_the_referral_to_an_answer_with_a_document(page: Page, served: ServedAgencies) -> None:
    people, case = served.people, await served.people.ratified()
    await page.goto(f"{served.address}/sign-in")
    await page.fill("#user_name", "water")
    await page.fill("#password", PASSWORD)
    await page.click("#sign-in-button")
    await page.wait_for_url(f"{served.address}/agency")
    await expect(page.locator("#agency-title")).to_have_text(WATER.name.arabic)
    await expect(count(page, "new")).to_have_text("1")
    await row(page, case).get_by_role("link").click()
    await expect(page.locator(".case-wording-large")).to_have_text("تُصلح الشبكة")
    await expect(page.locator("#case-marks")).to_contain_text("عاجل")
    await expect(page.locator("#case-facts")).to_contain_text("الموافق")
    await expect(page.locator("#case-citizen")).to_contain_text("يظهر اسمه بعد أن تتولوا المعاملة")

    await page.click("#take-on")
    await expect(page.locator("#toasts")).to_contain_text("بدأت مهلة الإجابة")
    await expect(page.locator("#case-citizen")).to_contain_text("عينة")
    await expect(count(page, "open")).to_have_text("1")
    await page.fill("#answer_words", ANSWER)
    await attach(page, "محضر الإصلاح.pdf", a_pdf())
    await expect(page.locator("#papers .file")).to_contain_text("محضر الإصلاح.pdf")
    await expect(page.locator("#papers .file a")).to_be_visible()
    await page.click("#way-send")
    look = page.locator("#look-dialog")
    await expect(look).to_contain_text(ANSWER)
    await expect(look).to_contain_text("محضر الإصلاح.pdf")
    assert await served.state(case) == "under-way", "it is looked at once more before it goes"
    await look.get_by_role("button", name="عودة إلى الكتابة").click()
    await page.fill("#answer_words", f"{ANSWER} الحمد لله.")
    await page.click("#way-send")
    await page.click("#look-send")
    await expect(page.locator("#deal-waits")).to_contain_text("وصلت إجابتكم صاحب المعاملة")
    await expect(page.locator("#deal-ways")).to_be_hidden()
    await expect(page.locator("#case-papers")).to_contain_text("محضر الإصلاح.pdf")
    await expect(count(page, "answered")).to_have_text("1")
    seen = await people.does(people.citizen, "/api/case/open", token=people.token(case))
    assert [entry["words"] for entry in seen["entries"] if entry["kind"] == "answered"] == [f"{ANSWER} الحمد لله."]


async def test_a_question_and_its_answer_back(page: Page, served: ServedAgencies) -> None:
    people, case = served.people, await served.people.ratified()
    await people.does(people.agency, f"/api/agency/cases/{case['id']}/take-on")
    await served.opens(page, case)
    await choose(page, "ask")
    await page.click("#way-send")
    await expect(page.locator("#ask_words-error")).to_be_visible()
    await page.fill("#ask_words", "أين البئر؟")
    await page.click("#way-send")
    await expect(page.locator("#deal-waits")).to_contain_text("سؤالكم عند مكتب الاستقبال")
    await expect(count(page, "asked")).to_have_text("1")
    await people.does(people.desk, f"/api/desk/cases/{case['id']}/reply", words="شرق القرية")
    await page.clock.fast_forward(25_000)
    await expect(page.locator("#case-changed")).to_be_visible()
    await page.click("#case-again")
    await expect(page.locator("#case-timeline")).to_contain_text("شرق القرية")
    await expect(page.locator("#answer-form")).to_be_visible()
    await expect(page.locator("#case-changed")).to_be_hidden()


async def test_a_part_is_done_and_what_remains_is_listed(page: Page, served: ServedAgencies) -> None:
    people, case = served.people, await served.people.ratified()
    await people.does(people.agency, f"/api/agency/cases/{case['id']}/take-on")
    await served.opens(page, case)
    await choose(page, "report")
    await page.fill("#report_words", "بدأ العمل")
    await page.click("#way-send")
    words, day = line(page, 1, "words"), line(page, 1, "day")
    await expect(words).to_be_focused()
    await words.fill("خزان القرية")
    await day.fill(last_week(people.service).isoformat())
    await page.click("#way-send")
    await expect(page.locator("#remains-list .field-error:visible")).to_have_text(
        "هذا اليوم مضى أو هو اليوم. اكتبوا يومًا بعده."
    )
    await day.fill(people.in_a_week)
    await page.click("#remains-add")
    await line(page, 2, "words").fill("تعقيم الخزان")
    await line(page, 2, "day").fill(people.in_a_week)
    await line(page, 1, "remove").click()
    await expect(words).to_have_value("تعقيم الخزان")
    await page.locator(".toast").get_by_role("button", name="تراجع").click()
    await expect(words).to_have_value("خزان القرية")
    await page.click("#way-send")
    await expect(page.locator("#case-remains-list li")).to_have_count(2)
    await expect(page.locator("#toasts")).to_contain_text("أُرسل ما تم وما بقي")
    assert await served.state(case) == "under-way"
    # The next report begins with what remains: what is not named any more is done.
    await choose(page, "report")
    await expect(words).to_have_value("خزان القرية")
    await line(page, 1, "remove").click()
    await page.fill("#report_words", "اكتمل الخزان")
    await page.click("#way-send")
    await expect(page.locator("#case-remains-list")).to_contain_text("أُنجز")


async def test_what_is_typed_is_there_after_a_reload_and_back_goes_back(page: Page, served: ServedAgencies) -> None:
    people, case = served.people, await served.people.ratified()
    other = await people.ratified()
    for each in (case, other):
        await people.does(people.agency, f"/api/agency/cases/{each['id']}/take-on")
    await served.sign_in(page, "#open")
    await row(page, case).get_by_role("link").click()
    await choose(page, "report")
    await page.fill("#report_words", "بدأ العمل")
    await line(page, 1, "words").fill("خزان القرية")
    await page.reload()
    await expect(page.locator("#report_words")).to_have_value("بدأ العمل")
    await expect(line(page, 1, "words")).to_have_value("خزان القرية")
    await page.go_back()
    await expect(page.locator("#inbox-title")).to_have_text("قيد العمل")
    await row(page, other).get_by_role("link").click()
    await expect(page.locator("#case-over")).to_contain_text(other["number"])
    await expect(page.locator("#answer_words")).to_have_value("")
    await page.locator("#case-back").click()
    await row(page, case).get_by_role("link").click()
    await expect(page.locator("#report_words")).to_have_value("بدأ العمل")


async def test_what_is_not_theirs_goes_back_with_a_reason(page: Page, served: ServedAgencies) -> None:
    case = await served.people.ratified()
    await served.opens(page, case)
    await page.click("#to-return")
    await page.fill("#return_words", "من اختصاص البلدية")
    await page.click("#way-send")
    await expect(page.locator("#look-dialog")).to_contain_text("ولا ترونها بعد ذلك")
    await page.click("#look-send")
    await expect(page.locator("#toasts")).to_contain_text("أُعيدت المعاملة")
    await expect(page.locator("#inbox-empty")).to_be_visible()
    assert await served.state(case) == "received"
    await page.goto(f"{served.address}/agency#{case['id']}")
    await expect(page.locator("#case-problem")).to_contain_text("لا توجد معاملة كهذه عندكم")


@pytest.mark.parametrize("which", ["another's", "none", "no id at all!"])
async def test_anothers_case_is_as_if_it_were_not_there(page: Page, served: ServedAgencies, which: str) -> None:
    case = await served.people.ratified()
    fragment = f"#{case['id']}" if which == "another's" else "#nowhere" if which == "none" else "#../%20"
    await served.sign_in(page, fragment, "roads")
    await expect(page.locator("#case-problem")).to_contain_text("لا توجد معاملة كهذه عندكم")
    await expect(page.locator("#case-body")).to_be_hidden()
    await page.click("#case-back")
    await expect(page.locator("#inbox-empty")).to_be_visible()


@pytest.mark.parametrize(
    ("name", "content", "media_type", "words"),
    [
        ("برنامج.pdf", an_acting_pdf("script"), "application/pdf", "في الملف برمجة أو ملفات داخله"),
        ("صورة.png", b"%PDF-1.7 nothing", "image/png", ""),
        ("صورة.png", a_pdf(), "image/png", ""),
        ("جدول.xlsx", b"PK", "application/vnd.ms-excel", "لا يُقبل الملف"),
    ],
)
async def test_a_file_that_is_refused_says_why_and_goes_away(
    page: Page, served: ServedAgencies, name: str, content: bytes, media_type: str, words: str
) -> None:
    people, case = served.people, await served.people.ratified()
    await people.does(people.agency, f"/api/agency/cases/{case['id']}/take-on")
    await served.opens(page, case)
    await attach(page, name, content, media_type)
    refusal = page.locator("#papers").get_by_role("alert").filter(visible=True)
    await expect(refusal).not_to_be_empty()
    await expect(refusal).to_contain_text(words)
    await attach(page, "صورة.png", a_picture("PNG"), "image/png")
    await expect(page.locator("#papers .file a")).to_have_count(1)
    for each in ("#papers .file[data-failed]", "#papers .file"):
        if await page.locator(each).count():
            await page.locator(each).get_by_role("button", name="حذف").click()
    await expect(page.locator("#papers .file")).to_have_count(0)
    seen = await people.sees(people.agency, "agency", case)
    assert seen["documents"] == []


async def test_what_a_colleague_has_answered_is_not_answered_twice(page: Page, served: ServedAgencies) -> None:
    people, case = served.people, await served.people.ratified()
    path = f"/api/agency/cases/{case['id']}"
    await people.does(people.agency, f"{path}/take-on")
    await served.opens(page, case)
    await page.fill("#answer_words", ANSWER)
    await people.does(people.agency, f"{path}/answer", words="تم")
    await page.click("#way-send")
    await page.click("#look-send")
    await expect(page.locator("#look-dialog")).to_be_hidden()
    await expect(page.locator("#deal-problem")).to_be_visible()
    await expect(page.locator("#deal-waits")).to_contain_text("وصلت إجابتكم")
    await expect(page.locator("#case-timeline")).to_contain_text("تم")


async def test_a_line_that_is_away_loses_no_word(page: Page, served: ServedAgencies) -> None:
    people, case = served.people, await served.people.ratified()
    await people.does(people.agency, f"/api/agency/cases/{case['id']}/take-on")
    await served.opens(page, case)
    await page.fill("#answer_words", ANSWER)
    await page.context.set_offline(True)
    await page.click("#way-send")
    await page.click("#look-send")
    await expect(page.locator("#look-problem")).to_contain_text("تعذّر الوصول إلى الخدمة")
    await page.context.set_offline(False)
    await page.click("#look-send")
    await expect(page.locator("#deal-waits")).to_contain_text("وصلت إجابتكم")
    assert await served.state(case) == "answered"


async def test_an_answer_by_the_keyboard_alone(page: Page, served: ServedAgencies) -> None:
    case, keyboard = await served.people.ratified(), Keyboard(page)
    await keyboard.watch()
    await page.goto(f"{served.address}/sign-in")
    await expect(page.locator("#sign-in-button")).to_be_enabled()
    await keyboard.go_to(page.locator("#user_name"))
    await keyboard.type("water")
    await keyboard.go_to(page.locator("#password"))
    await keyboard.type(PASSWORD)
    await keyboard.press("Enter")
    await page.wait_for_url(f"{served.address}/agency")
    await expect(row(page, case)).to_be_visible()
    await keyboard.go_to(row(page, case).get_by_role("link"))
    await keyboard.press("Enter")
    await expect(page.locator("#case-subject")).to_be_focused()
    await keyboard.go_to(page.locator("#take-on"))
    await keyboard.press("Enter")
    await expect(page.locator("#deal-title")).to_be_focused()
    await keyboard.go_to(page.locator("input[name=way]:checked"))
    await keyboard.press("ArrowDown")
    await expect(page.locator("#report-form")).to_be_visible()
    await keyboard.press("ArrowUp")
    await keyboard.go_to(page.locator("#answer_words"))
    await keyboard.type(ANSWER)
    await keyboard.go_to(page.locator("#way-send"))
    await keyboard.press("Enter")
    await expect(page.locator("#look-send")).to_be_focused()
    await keyboard.press("Escape")
    await expect(page.locator("#way-send")).to_be_focused()
    await keyboard.press("Enter", "Enter")
    await expect(page.locator("#deal-waits")).to_contain_text("وصلت إجابتكم")
    assert keyboard.alone


async def test_what_is_overdue_comes_first_in_english_too(browser: Browser, served: ServedAgencies) -> None:
    people = served.people
    fresh, late = await people.ratified(), await people.ratified()
    in_six_days = day_of(people.service.clock()) + timedelta(days=6)
    path = f"/api/office/cases/{fresh['id']}/prolong"
    await people.does(people.office, path, words="لبعد المكان", due_on=in_six_days.isoformat())
    people.service.clock.now += timedelta(days=5)
    # Its time was over and was set anew, to a day after the other's: it is late all the same.
    assert (await people.service.parts.following.clockwork.turn()).all == 1
    async with served.browser_of(browser, "en") as page:
        await served.sign_in(page)
        rows = page.locator(".case-row")
        await expect(rows).to_have_count(2)
        await expect(rows.first).to_have_attribute("data-id", late["id"])
        await expect(rows.last).to_have_attribute("data-id", fresh["id"])
        await expect(page.locator("[data-box=new] [data-part=late]")).to_have_text("Overdue: \u20681\u2069")
        await expect(page.locator("[data-box=open] [data-part=late]")).to_be_hidden()


async def test_a_closed_agency_is_told_so_and_answers_what_it_has(page: Page, served: ServedAgencies) -> None:
    people, case = served.people, await served.people.ratified()
    async with people.service.parts.database.unit_of_work() as uow:
        await uow.agencies.put(replace(WATER, closed_on=last_week(people.service)))
        await uow.commit()
    await served.opens(page, case)
    await page.click("#take-on")
    await page.fill("#answer_words", ANSWER)
    await page.click("#way-send")
    await page.click("#look-send")
    await expect(page.locator("#deal-waits")).to_contain_text("وصلت إجابتكم")
    await page.click("#case-back")
    await expect(page.locator("#agency-closed")).to_contain_text("أُغلقت هذه الجهة منذ")
    await expect(page.locator("#inbox-empty")).to_contain_text("لا يُحال إلى جهة مغلقة")
