"""The citizen's own case by a message's link, in Chromium: read, ratified, accepted, contested, ended, rated."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect
from support.case_pages import ServedCases
from support.case_people import right
from support.papers import a_picture

pytestmark = pytest.mark.asyncio(loop_scope="module")

REASON = "الماء لا يصل إلى الحارة الشرقية."


async def state(served: ServedCases, case: dict[str, Any]) -> tuple[str, str | None]:
    seen = await served.people.sees(served.people.office, "office", case)
    return seen["state"], seen["closed_because"]


async def test_the_link_leaves_the_address_and_outlives_a_reload(
    page: Page, served: ServedCases, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    case = await served.people.answered()
    token = served.people.token(case)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.url.partition('#')[0]} {request.headers}"))
    await page.goto(served.link(case))
    await expect(page.locator("#case-title")).to_have_text("صدر الرد")
    assert page.url == f"{served.address}/case"
    await page.reload()
    await expect(page.locator("#case-number")).to_have_text(case["number"])
    await page.click('[data-controller="language"]')
    await expect(page.locator("#case-title")).to_have_text("There is an answer")
    assert await page.evaluate("JSON.stringify([localStorage, sessionStorage])") == "[{},{}]"
    assert "عينة" not in await page.inner_text("body")
    for heard in [*asked, caplog.text]:
        assert token not in heard, "only the browser and the bodies know the link"
    assert await state(served, case) == ("answered", None)


async def test_an_answer_is_read_with_its_documents_contested_then_accepted_and_rated_once(
    browser: Browser, page: Page, served: ServedCases, tmp_path: Path
) -> None:
    people = served.people
    case = await people.ratified()
    path = f"/api/agency/cases/{case['id']}"
    await people.does(people.agency, f"{path}/take-on")
    picture = a_picture("PNG")
    headers = {"content-type": "image/png", "x-file-name": "report.png"}
    right(await people.agency.http.post(f"{path}/documents", content=picture, headers=headers), 201)
    await people.does(people.agency, f"{path}/answer", words="أُصلحت الشبكة")

    await page.goto(served.link(case))
    await expect(page.locator("#case-answer-words")).to_have_text("أُصلحت الشبكة")
    async with page.expect_download() as saving:
        await page.get_by_role("button", name="report.png").click()
    saved = await saving.value
    assert saved.suggested_filename == "report.png"
    await saved.save_as(tmp_path / "saved.png")
    assert (tmp_path / "saved.png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"

    await page.click("#link-contest")
    await page.click("#contest-send")
    await expect(page.locator("#contest-reason")).to_have_attribute("aria-invalid", "true")
    await page.fill("#contest-reason", REASON)
    await page.reload()
    await page.click("#link-contest")
    await expect(page.locator("#contest-reason")).to_have_value(REASON)
    await page.click("#contest-send")
    await expect(page.locator("#link-note")).to_contain_text("وصل اعتراضك")
    await expect(page.locator("#case-title")).to_have_text("اعتراضك أمام المجلس القادم")
    assert await page.evaluate("sessionStorage.length") == 0
    assert await state(served, case) == ("contested", None)

    await expect(page.locator("#link-contest")).to_be_hidden()
    await page.click("#link-accept")
    await page.click("#accept-no")
    assert await state(served, case) == ("contested", None)
    await page.click("#link-accept")
    await page.click("#accept-yes")
    await expect(page.locator("#link-note")).to_contain_text("قبلت الرد، وأُغلقت معاملتك")
    assert await state(served, case) == ("closed", "accepted")
    await expect(page.locator("#link-withdraw")).to_be_hidden()

    async with served.telephone(browser) as other:
        await other.goto(served.link(case))
        await expect(other.locator("[data-rating]")).to_have_count(3)
        await page.get_by_role("button", name="بين بين").click()
        await expect(page.locator("#link-rating-done")).to_contain_text("عُدَّ رأيك مع غيره")
        await expect(page.locator("#link-rating-ask")).to_be_hidden()
        await other.get_by_role("button", name="غير راضٍ").click()
        await expect(other.locator("#link-rating-done")).to_contain_text("سبق أن عُدَّ رأيك")
        await expect(other.locator("#link-rating-problem")).to_be_hidden()
    async with served.service.parts.database.unit_of_work(reading=True) as uow:
        counted = await uow.satisfaction.between("2020-01", "2030-01")
    assert [(each.rating, each.count) for each in counted] == [(2, 1)]
    await page.reload()
    await expect(page.locator("#case-title")).to_be_visible()
    await expect(page.locator("#link-rating")).to_be_hidden()


async def test_a_contest_that_comes_too_late_is_told_and_its_words_stay(page: Page, served: ServedCases) -> None:
    case = await served.people.answered()
    await page.goto(served.link(case))
    await page.click("#link-contest")
    await page.fill("#contest-reason", REASON)
    await served.people.does(served.people.citizen, "/api/case/accept", token=served.people.token(case))
    await page.click("#contest-send")
    await expect(page.locator("#contest-problem")).to_contain_text("المعاملة مغلقة")
    await expect(page.locator("#contest-reason")).to_have_value(REASON)
    await page.click("#contest-back")
    await expect(page.locator("#case-title")).to_have_text("معاملتك مغلقة")
    await expect(page.locator("#link-decide")).to_be_hidden()
    assert await state(served, case) == ("closed", "accepted")


async def test_what_was_decided_in_another_window_is_shown_here(page: Page, served: ServedCases) -> None:
    case = await served.people.answered()
    await page.goto(served.link(case))
    await page.click("#link-accept")
    await served.people.does(served.people.citizen, "/api/case/withdraw", token=served.people.token(case))
    await page.click("#accept-yes")
    await expect(page.locator("#link-note")).to_contain_text("المعاملة مغلقة")
    await expect(page.locator("#case-text")).to_have_text("أنهيتها بطلبك.")


async def test_who_wants_nothing_more_is_asked_first(page: Page, served: ServedCases) -> None:
    case = await served.people.taken()
    await page.goto(served.link(case))
    await expect(page.locator("#case-title")).to_have_text("استلمنا معاملتك")
    await expect(page.locator("#link-decide")).to_be_hidden()
    await expect(page.locator("#link-rating")).to_be_hidden()
    await page.click("#link-withdraw")
    await page.click("#withdraw-no")
    await expect(page.locator("#case-title")).to_be_focused()
    assert (await state(served, case))[0] == "received"
    await page.click("#link-withdraw")
    await page.context.set_offline(True)
    await page.click("#withdraw-yes")
    await expect(page.locator("#withdraw-problem")).to_contain_text("تعذّر الوصول إلى الخدمة")
    await page.context.set_offline(False)
    await page.click("#withdraw-yes")
    await expect(page.locator("#link-note")).to_contain_text("أُغلقت معاملتك بطلبك")
    assert await state(served, case) == ("closed", "withdrawn")


async def test_a_directive_is_ratified_by_link_or_said_to_be_otherwise(page: Page, served: ServedCases) -> None:
    case = await served.people.directed()
    await page.goto(served.link(case))
    await expect(page.locator("#directive-wording")).to_have_text("تُصلح الشبكة")
    await expect(page.locator("#case-directive")).to_be_hidden()
    await page.click("#directive-no")
    await page.fill("#directive-words", "قال: والخزان أيضًا")
    await page.click("#directive-send")
    await expect(page.locator("#link-note")).to_contain_text("وصلت كلماتك إلى المكتب")
    await expect(page.locator("#directive")).to_be_hidden()
    await expect(page.locator("#case-title")).to_have_text("معاملتك لدى مكتب سمو الأمير")
    people = served.people
    served.service.clock.now += timedelta(minutes=1)
    again = people.to_water | {"wording": "تُصلح الشبكة والخزان"}
    await people.does(people.office, f"/api/office/cases/{case['id']}/direct", **again)
    await page.reload()
    await expect(page.locator("#directive-wording")).to_have_text("تُصلح الشبكة والخزان")
    await page.click("#directive-yes")
    await page.click("#directive-sure-yes")
    await expect(page.locator("#link-note")).to_contain_text("أُحيل التوجيه إلى")
    await expect(page.locator("#case-directive-wording")).to_have_text("تُصلح الشبكة والخزان")
    assert await state(served, case) == ("referred", None)


async def test_what_was_written_anew_meanwhile_is_not_ratified_unread(page: Page, served: ServedCases) -> None:
    case = await served.people.directed()
    await page.goto(served.link(case))
    await page.click("#directive-yes")
    people = served.people
    served.service.clock.now += timedelta(minutes=1)
    again = people.to_water | {"wording": "تُصلح الشبكة والخزان"}
    await people.does(people.office, f"/api/office/cases/{case['id']}/direct", **again)
    await page.click("#directive-sure-yes")
    await expect(page.locator("#directive-wording")).to_have_text("تُصلح الشبكة والخزان")
    await expect(page.locator("#link-note")).to_contain_text("تغيّر هذا التوجيه أو أُجيب عنه")
    await expect(page.locator("#directive-yes")).to_be_visible()
    assert await state(served, case) == ("proposed", None)


async def test_a_link_that_is_not_ours_or_none_opens_nothing_and_says_where_to_go(
    page: Page, served: ServedCases
) -> None:
    case = await served.people.taken()
    address, _, token = served.link(case).partition("#")
    forged = token[:-2] + ("A" if token[-2] != "A" else "B") + token[-1]
    for wrong, said in ((f"{address}#{forged}", "هذا الرابط غير صالح"), (address, "افتح الرابط من الرسالة")):
        await page.goto("about:blank")
        await page.goto(wrong)
        await expect(page.locator("#problem-title")).to_have_text("لم نتمكن من فتح الرابط")
        await expect(page.locator("#problem-text")).to_contain_text(said)
        await expect(page.locator("#problem-again")).to_be_hidden()
    await page.get_by_role("link", name="تابع معاملتك").click()
    await page.wait_for_url(f"{served.address}/track")
    await page.goto(served.link(case))
    await expect(page.locator("#case-number")).to_have_text(case["number"])
