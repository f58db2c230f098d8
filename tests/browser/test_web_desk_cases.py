"""The desk's page of cases, in Chromium over the running service: each way through a case, and each refusal."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect
from support.case_people import ID
from support.desk_cases_page import REFERENCE, DeskAtWork, a_desk_at_work, begin, opened, row, toasted
from support.desk_page import ARABIC_INDIC
from support.papers import a_picture

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def desk(tmp_path: Path) -> AsyncIterator[DeskAtWork]:
    async with a_desk_at_work(tmp_path) as desk:
        yield desk


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, desk: DeskAtWork) -> AsyncIterator[Page]:
    async with desk.page(browser) as page:
        yield page


async def test_a_directive_is_read_out_ratified_by_the_id_and_printed(page: Page, desk: DeskAtWork) -> None:
    case = await desk.people.directed()
    await expect(row(page, case)).to_contain_text(case["number"])
    await expect(row(page, case)).to_contain_text("عينة: سالم بن محمد")
    await opened(page, case)
    assert page.url.endswith(f"#{case['id']}")
    await expect(page.locator("#case-read-directive")).to_contain_text("تُصلح الشبكة")
    await expect(page.locator("#case-receipt")).to_be_hidden()
    await page.fill("#case_code", "1000000024")
    await page.press("#case_code", "Enter")
    await expect(page.locator("#case_code-error")).to_be_visible()
    await expect(page.locator("#case_code")).to_be_focused()
    await page.fill("#case_code", ID.translate(ARABIC_INDIC))
    await page.press("#case_code", "Enter")
    await toasted(page, "أُقرّ التوجيه")
    await expect(page.locator("#case-read")).to_be_hidden()
    await expect(page.locator("#receipt-80")).to_be_focused()
    for paper in ("#receipt-80", "#receipt-a4"):
        address = await page.locator(paper).get_attribute("href")
        answer = await page.request.get(f"{desk.address}{address}")
        assert answer.ok
        assert "تُصلح الشبكة" in await answer.text()
    seen = await desk.people.sees(desk.people.desk, "desk", case)
    assert (seen["state"], seen["directive"]["state"]) == ("referred", "ratified")


async def test_a_ticket_that_is_scanned_goes_where_it_is_asked_for(page: Page, desk: DeskAtWork) -> None:
    case = await desk.people.directed()
    code = await desk.ticket(case)
    await opened(page, case)
    await expect(page.locator("#case-audiences-box")).to_contain_text(REFERENCE)
    # The ID alone does not show it where there is a ticket.
    await page.fill("#case_code", ID)
    await page.press("#case_code", "Enter")
    await expect(page.locator("#case_code-error")).to_be_visible()
    await page.fill("#case_code", "")
    await page.evaluate("document.activeElement.blur()")
    await page.keyboard.type(code)
    await expect(page.locator("#case_code")).to_have_value(code)
    await page.keyboard.press("Enter")
    await toasted(page, "أُقرّ التوجيه")


async def test_what_is_written_anew_while_it_is_read_out_is_not_ratified_unread(page: Page, desk: DeskAtWork) -> None:
    people = desk.people
    case = await people.directed()
    await opened(page, case)
    await page.fill("#case_code", ID)
    anew = people.to_water | {"wording": "تُصلح الشبكة قبل رمضان"}
    await people.does(people.office, f"/api/office/cases/{case['id']}/direct", **anew)
    await expect(page.locator("#case-read-directive")).to_contain_text("قبل رمضان")
    await expect(page.locator("#ratify-problem-text")).to_contain_text("كُتب التوجيه من جديد")
    await expect(page.locator("#case_code")).to_have_value("")


async def test_what_the_citizen_heard_otherwise_goes_back_and_nothing_typed_is_lost(
    page: Page, desk: DeskAtWork
) -> None:
    case = await desk.people.directed()
    await opened(page, case)
    await page.click("#case-correct")
    await page.click("#step-confirm")
    await expect(page.locator("#step_words-error")).to_be_visible()
    await page.fill("#step_words", "قيل: قبل رمضان")
    await page.keyboard.press("Escape")
    await expect(page.locator("#step-dialog")).to_be_hidden()
    await page.reload()
    await page.click("#case-correct")
    await expect(page.locator("#step_words")).to_have_value("قيل: قبل رمضان")
    await page.click("#step-confirm")
    await toasted(page, "أُعيد التوجيه")
    await expect(page.locator("#case-timeline-box")).to_contain_text("قيل: قبل رمضان")
    await expect(page.locator("#case-facts-box")).to_contain_text("مكتب سمو الأمير")
    await expect(row(page, case)).to_have_count(0)


async def test_it_is_referred_with_words_to_an_agency_that_is_chosen(page: Page, desk: DeskAtWork) -> None:
    case = await desk.people.taken()
    await opened(page, case)
    await begin(page, "refer")
    await page.fill("#step_words", "يُعاين البئر")
    await page.click("#step-confirm")
    await expect(page.locator("#step_agency-error")).to_be_visible()
    await page.select_option("#step_agency", label="شركة المياه")
    await page.click("#step-confirm")
    await toasted(page, "أُحيلت المعاملة")
    await expect(page.locator("#case-marks")).to_contain_text("أُحيلت إلى الجهة")
    await expect(page.locator("#case-timeline-box")).to_contain_text("يُعاين البئر")
    await expect(page.locator("#case-now button")).to_have_count(1)
    seen = await desk.people.sees(desk.people.agency, "agency", case)
    assert [entry["words"] for entry in seen["entries"]] == ["يُعاين البئر"]


async def test_who_was_slower_is_told_sees_what_is_true_and_keeps_the_words(page: Page, desk: DeskAtWork) -> None:
    case = await desk.people.taken()
    await opened(page, case)
    await begin(page, "settle")
    await page.fill("#step_words", "عولج")
    await desk.people.does(desk.people.desk, f"/api/desk/cases/{case['id']}/refer", agency_id="water", words="إليكم")
    await page.click("#step-confirm")
    await expect(page.locator("#step-problem-text")).not_to_be_empty()
    await expect(page.locator("#step_words")).to_have_value("عولج")
    await expect(page.locator("#case-marks")).to_contain_text("أُحيلت إلى الجهة")
    await page.keyboard.press("Escape")
    await expect(page.locator('#case-now [data-step="settle"]')).to_have_count(0)


async def test_the_desk_answers_by_itself_and_the_citizen_contests_with_a_reason(page: Page, desk: DeskAtWork) -> None:
    case = await desk.people.taken()
    await opened(page, case)
    await begin(page, "settle")
    await page.fill("#step_words", "الإنارة ضمن خطة هذا العام")
    await page.click("#step-confirm")
    await expect(page.locator("#case-marks")).to_contain_text("أُجيب عنها")
    await expect(page.locator("#case-said")).to_contain_text("الإنارة ضمن خطة هذا العام")
    await begin(page, "contest")
    await page.click("#step-confirm")
    await expect(page.locator("#step_words-error")).to_be_visible()
    await page.fill("#step_words", "لم يأت أحد")
    await page.click("#step-confirm")
    await toasted(page, "سُجّل الاعتراض")
    await expect(page.locator("#case-said")).to_contain_text("لم يأت أحد")
    await expect(page.locator("#case-marks")).to_contain_text("في جدول الجلسة القادمة")
    await begin(page, "accept")
    await page.click("#step-confirm")
    await toasted(page, "أُغلقت المعاملة بقبول صاحبها")
    await expect(page.locator("#case-now button")).to_have_count(0)
    assert (await desk.people.sees(desk.people.desk, "desk", case))["closed_because"] == "accepted"


async def test_it_is_withdrawn_for_the_citizen_and_found_among_the_closed(page: Page, desk: DeskAtWork) -> None:
    case = await desk.people.taken()
    await opened(page, case)
    await begin(page, "withdraw")
    await expect(page.locator("#step-text")).to_contain_text("لا تُفتح ثانية")
    await page.click("#step-confirm")
    await toasted(page, "سُحبت المعاملة")
    await expect(page.locator("#cases-empty-title")).to_have_text("لا شيء ينتظر المكتب")
    await page.locator("#cases-boxes label", has_text="المغلقة").click()
    await expect(row(page, case)).to_contain_text("سحبها صاحبها")
    await page.select_option("#cases_kind", "complaint")
    await expect(page.locator("#cases-empty-title")).to_have_text("لا معاملات مغلقة")


async def test_an_agencys_question_comes_by_itself_and_is_answered_with_a_paper(page: Page, desk: DeskAtWork) -> None:
    people = desk.people
    case = await people.ratified()
    await page.locator("#cases-boxes label", has_text="أسئلة الجهات").click()
    await expect(page.locator("#cases-empty-title")).to_have_text("لا أسئلة من الجهات")
    agency = f"/api/agency/cases/{case['id']}"
    await people.does(people.agency, f"{agency}/take-on")
    await people.does(people.agency, f"{agency}/ask", question="أين البئر؟")
    await opened(page, case)
    await expect(page.locator("#case-said")).to_contain_text("أين البئر؟")
    for name in ("one.png", "two.png"):
        picture = {"name": name, "mimeType": "image/png", "buffer": a_picture("PNG")}
        await page.set_input_files("#case-papers-box input[type=file]", picture)
        await expect(page.locator(".case-papers .file", has_text=name)).to_be_visible()
    first = page.locator(".case-papers .file", has_text="one.png")
    await first.get_by_role("button").click()
    await expect(first).to_contain_text("تزول نهائيًا")
    await first.get_by_role("button").click()
    await expect(first).to_have_count(0)
    await page.set_input_files(
        "#case-papers-box input[type=file]", {"name": "three.txt", "mimeType": "text/plain", "buffer": b"words"}
    )
    await expect(page.locator("#case-papers-box [role=alert]")).to_contain_text("three.txt")
    await page.set_input_files(
        "#case-papers-box input[type=file]", {"name": "four.pdf", "mimeType": "application/pdf", "buffer": b"no PDF"}
    )
    await expect(page.locator("#case-papers-box .file[data-failed]")).to_contain_text("four.pdf")
    people.service.clock.now += timedelta(minutes=1)
    await begin(page, "reply")
    await page.fill("#step_words", "شرق القرية")
    await page.click("#step-confirm")
    await toasted(page, "أُرسل الجواب")
    await expect(page.locator("#case-said")).to_be_hidden()
    seen = await people.sees(people.agency, "agency", case)
    assert [paper["name"] for paper in seen["documents"]] == ["two.png"]
    # What went with the reply stays.
    await expect(page.locator("#case-papers-box .file", has_text="two.png").get_by_role("button")).to_have_count(0)


async def test_what_a_colleague_does_shows_in_the_open_case(page: Page, desk: DeskAtWork) -> None:
    people = desk.people
    case = await people.directed()
    await opened(page, case)
    seen = await people.sees(people.desk, "desk", case)
    await people.does(
        people.desk, f"/api/desk/cases/{case['id']}/ratify", directive_id=seen["directive"]["id"], code=ID
    )
    await expect(page.locator("#case-marks")).to_contain_text("أُحيلت إلى الجهة")
    await expect(row(page, case)).to_have_count(0)


async def test_another_governorates_case_is_not_there(page: Page, browser: Browser, desk: DeskAtWork) -> None:
    people = desk.people
    body = {"kind": "petition", "citizen_id": people.citizen_id, "subject": "ليست لبدر"}
    theirs = (await people.does(people.other_desk, "/api/desk/cases", 201, **body))["case"]
    await page.evaluate("id => { location.hash = id }", theirs["id"])
    await expect(page.locator("#case-problem-text")).not_to_be_empty()
    await expect(page.locator("#case-parts")).to_be_hidden()


async def test_a_task_leads_to_its_case_and_a_citizens_card_to_their_cases(browser: Browser, desk: DeskAtWork) -> None:
    case = await desk.people.directed()
    async with desk.page(browser, "/desk/tasks", "en") as page:
        await page.get_by_role("link", name="Open the case").click()
        await expect(page.locator("#case-read-directive")).to_contain_text("تُصلح الشبكة")
        await page.get_by_role("link", name="Reception desk", exact=True).click()
        await expect(page.locator("#find-button")).to_be_enabled()
        await page.fill("#find_query", ID)
        await page.press("#find_query", "Enter")
        await page.get_by_role("link", name="Their cases").click()
        await expect(page.locator("#take-name")).to_have_text("عينة: سالم بن محمد")
        await expect(page.locator("#take-earlier-list")).to_contain_text(case["number"])
