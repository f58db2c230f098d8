"""The office's follow-through in Chromium over the running service: figures, days, cases, files, paper, refusals."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pypdfium2
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Route, expect
from support.case_people import People, right
from support.cases import WATER
from support.desk_page import a_page
from support.factories import BADR, YANBU
from support.planning_page import plain
from support.store_app import PASSWORD, still_app
from support.web_server import serving

from tawasul.casework.core.figures import LEAST_SHOWN
from tawasul.casework.views import MOST_LISTED

pytestmark = pytest.mark.asyncio(loop_scope="module")

FEW = "أقل من خمسة"
MANY = MOST_LISTED + 3
FIGURES = "**/api/office/follow-through?*"


@dataclass
class Served:
    """Where the pages are, and who has a part in the cases."""

    address: str
    people: People

    async def open(self, page: Page, rest: str = "", user_name: str = "office") -> None:
        """The page, signed in, when its figures are there."""
        await page.context.add_cookies([{"name": "tawasul_language", "value": "ar", "url": self.address}])
        await page.clock.install(time=self.people.service.clock.now)
        await self.sign_in(page, user_name)
        await page.goto(f"{self.address}/follow-through{rest}")

    async def sign_in(self, page: Page, user_name: str) -> None:
        """To the first page."""
        await page.goto(f"{self.address}/sign-in?next=/follow-through")
        await page.fill("#user_name", user_name)
        await page.fill("#password", PASSWORD)
        async with page.expect_response("**/api/session"):
            await page.click("#sign-in-button")
        await page.wait_for_url(f"{self.address}/follow-through*")


@asynccontextmanager
async def served_in(folder: Path) -> AsyncIterator[Served]:
    async with still_app(folder) as service:
        people = await People.of(service)
        async with serving(service.app, lifespan="off", log_level="warning") as address:
            yield Served(address, people)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def served(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    """Ten days after: in Badr five answered and rated, one late with its agency; in Yanbu more than a list, late."""
    async with served_in(tmp_path_factory.mktemp("served")) as served:
        people = served.people
        await people.ratified()
        for _ in range(LEAST_SHOWN):
            case = await people.answered()
            await people.does(people.citizen, "/api/case/rate", 204, token=people.token(case), rating=3)
        for number in range(MANY):
            body = {"kind": "suggestion", "citizen_id": people.citizen_id, "subject": f"مقترح {number}", "text": ""}
            right(await people.other_desk.post("/api/desk/cases", **body), 201)
        people.service.clock.now += timedelta(days=10)
        yield served


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser) -> AsyncIterator[Page]:
    async with a_page(browser) as page:
        yield page


async def tile(page: Page, name: str) -> str:
    """What stands under a name, without marks of direction."""
    return plain(
        await page.locator(".follow-tile", has=page.get_by_text(name, exact=True)).locator("dd").first.inner_text()
    )


async def row(page: Page, table: str, name: str) -> list[str]:
    """The numbers of a row."""
    cells = page.locator(f"#{table} tr", has_text=name).locator("td.follow-count")
    return [plain(text) for text in await cells.all_inner_texts()]


async def asked_for(page: Page, first: str, last: str) -> None:
    """Types days of one's own and asks."""
    await page.get_by_label("مدة أخرى", exact=True).and_(page.get_by_role("radio")).check()
    await page.fill("#follow_from", first)
    await page.fill("#follow_to", last)
    await page.click("#follow-own-show")


async def test_what_is_open_late_and_answered_is_in_tiles_tables_and_plots(page: Page, served: Served) -> None:
    await served.open(page)
    await expect(page.locator("#follow-shown")).to_contain_text("فبراير")
    await expect(page.get_by_label("هذا الشهر الميلادي")).to_be_checked()
    everything = MANY + LEAST_SHOWN + 1
    assert await tile(page, "مفتوحة") == str(everything)
    assert await tile(page, "متأخرة") == str(MANY + 1)
    assert await tile(page, "وسيط أيام الرد") == "0"
    assert await tile(page, "نسبة الرضا") == "100٪"
    water = ["6", "1", "6", "5", "0", "0", "0٪", "100٪"]
    assert await row(page, "follow-agencies", WATER.name.arabic) == water
    assert await row(page, "follow-agencies", "بلا إحالة") == [str(MANY), str(MANY), str(MANY), "0", "0", FEW, FEW, FEW]
    assert await row(page, "follow-governorates", BADR.name.arabic) == water[:-1]
    bar = page.locator("#follow-governorates tr", has_text=BADR.name.arabic).locator("svg rect")
    widths = [float(await each.get_attribute("width") or 0) for each in await bar.all()]
    assert widths == pytest.approx([100 * 5 / MANY, 100 / MANY], abs=0.01)
    said = await page.locator("#follow-plot svg").get_attribute("aria-label")
    assert plain(said or "").startswith(f"أكثر ما فُتح في أسبوع {everything}، وأكثر ما أُغلق 0.")
    await page.get_by_text("أعداد الأسابيع").click()
    assert await page.locator("#follow-weeks tr").count() == 2


async def test_weeks_run_as_the_page_is_read(page: Page, served: Served) -> None:
    across = "[...document.querySelectorAll('#follow-plot circle')].map((mark) => Number(mark.getAttribute('cx')))"
    await served.open(page, "?from=2026-01-01&to=2026-02-13")
    await expect(page.locator("#follow-plot circle")).to_have_count(7)
    places = await page.evaluate(across)
    assert places == sorted(places, reverse=True)
    await page.click("[data-controller=language]")
    await expect(page.locator("html")).to_have_attribute("dir", "ltr")
    await expect(page.locator("#follow-plot circle")).to_have_count(7)
    places = await page.evaluate(across)
    assert places == sorted(places)


async def test_any_days_in_either_calendar_are_kept_in_the_address(page: Page, served: Served) -> None:
    await served.open(page)
    await page.get_by_label("هذا الأسبوع").check()
    await expect(page.locator("#follow-shown")).to_contain_text("الأحد")
    await page.get_by_label("هذه السنة الهجرية").check()
    await expect(page.locator("#follow-shown")).to_contain_text(re.compile(r"1\W+محرم\W+1447"))
    # What was answered was answered before.
    await asked_for(page, "١٩/٨/١٤٤٧", "13/2/2026")
    await expect(page.locator("#follow-shown")).to_contain_text(re.compile(r"19\W+شعبان\W+1447"))
    assert await tile(page, "أُجيبت") == "0"
    assert await tile(page, "نسبة الاعتراض") == FEW
    await expect(page.locator("#follow-plot-none")).to_be_visible()
    await expect(page.locator("#follow-plot")).to_be_hidden()
    assert page.url.endswith("?from=2026-02-07&to=2026-02-13")
    await page.reload()
    await expect(page.locator("#follow-own")).to_be_visible()
    await expect(page.locator("#follow_from")).to_have_value("2026-02-07")
    await expect(page.locator("#follow-shown")).to_contain_text(re.compile(r"19\W+شعبان\W+1447"))


async def test_days_that_are_none_are_refused_in_words_and_the_figures_stay(page: Page, served: Served) -> None:
    await served.open(page)
    await expect(page.locator("#follow-figures")).to_be_visible()
    shown = await page.locator("#follow-shown").inner_text()
    for first, last, field, said in (
        ("2026-02-10", "2026-02-01", "follow_to", "آخر المدة قبل أولها"),
        ("2022-01-01", "2026-02-01", "follow_to", "أطول من ثلاث سنوات"),
        ("31/2/2026", "2026-02-01", "follow_from", "لا يوجد يوم"),
        ("2026-02-01", "", "follow_to", "هذا الحقل لازم"),
    ):
        await asked_for(page, first, last)
        await expect(page.locator(f"#{field}-error")).to_contain_text(said)
        await expect(page.locator(f"#{field}")).to_be_focused()
        assert await page.locator("#follow-shown").inner_text() == shown
        await expect(page.locator("#follow-tiles .follow-tile").first).to_be_visible()
    await page.goto(f"{served.address}/follow-through?from=2026-02-10&to=2026-02-01")
    await expect(page.locator("#follow_to-error")).to_contain_text("آخر المدة قبل أولها")


async def test_the_cases_behind_a_number_are_a_key_away_the_late_first(page: Page, served: Served) -> None:
    await served.open(page)
    link = page.get_by_role("link", name=WATER.name.arabic)
    await link.focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("#follow-cases-title")).to_be_focused()
    await expect(page.locator("#follow-cases-title")).to_contain_text(WATER.name.arabic)
    rows = page.locator("#follow-cases-list .case-row")
    await expect(rows).to_have_count(LEAST_SHOWN + 1)
    assert [await each.get_attribute("data-overdue") is not None for each in await rows.all()] == [True] + [False] * 5
    late = await rows.first.get_attribute("data-id")
    await expect(rows.first.locator("a")).to_have_attribute("href", f"/agenda#{late}")
    assert page.url.endswith(f"#agency={WATER.id}")
    await page.reload()
    await expect(rows).to_have_count(LEAST_SHOWN + 1)
    await rows.first.locator("a").click()
    await page.wait_for_url(f"**/agenda#{late}")
    await expect(page.get_by_text("انقطاع الماء عن قرية الصفراء").locator("visible=true").first).to_be_visible()
    await page.go_back()
    await expect(rows).to_have_count(LEAST_SHOWN + 1)
    await page.click("#follow-cases-close")
    await expect(page.locator("#follow-cases")).to_be_hidden()
    await expect(link).to_be_focused()
    assert "#" not in page.url


async def test_a_long_list_goes_on_where_it_ended(page: Page, served: Served) -> None:
    await served.open(page, f"#governorate={YANBU.id}")
    rows = page.locator("#follow-cases-list .case-row")
    await expect(rows).to_have_count(MOST_LISTED)
    await page.click("#follow-cases-more")
    await expect(rows).to_have_count(MANY)
    await expect(page.locator("#follow-cases-more")).to_be_hidden()
    await expect(rows.nth(MOST_LISTED).locator("a")).to_be_focused()
    assert len({await each.get_attribute("data-id") for each in await rows.all()}) == MANY
    await page.goto(f"{page.url.partition('#')[0]}#agency=nobody")
    await expect(page.locator("#follow-cases-problem")).to_contain_text("لا توجد جهة أو محافظة")
    await expect(rows).to_have_count(0)


async def test_the_figures_are_carried_away_as_files(page: Page, served: Served, tmp_path: Path) -> None:
    await served.open(page, "?from=2026-02-01&to=2026-02-13")
    for kind in ("csv", "xlsx"):
        async with page.expect_download() as coming:
            await page.click(f"#follow-{kind}")
        file = await coming.value
        assert file.suggested_filename == f"tawasul-follow-through-2026-02-01-2026-02-13.{kind}"
        await file.save_as(tmp_path / kind)
    assert WATER.name.arabic in (tmp_path / "csv").read_text(encoding="utf-8-sig")
    assert (tmp_path / "xlsx").read_bytes().startswith(b"PK")


async def test_on_paper_all_stands_in_order_with_the_numbers_of_the_weeks(page: Page, served: Served) -> None:
    await served.open(page)
    await page.click("[data-controller=language]")
    await expect(page.locator("html")).to_have_attribute("lang", "en")
    await expect(page.locator("#follow-plot svg")).to_be_visible()
    width = "document.querySelector('#follow-plot svg').viewBox.baseVal.width"
    on_screen = await page.evaluate(width)
    printed = f"[{width}, document.querySelector('#follow-weeks-table').open]"
    await page.evaluate(f"addEventListener('beforeprint', () => {{ window.printed = {printed}; }})")
    document = pypdfium2.PdfDocument(await page.pdf(prefer_css_page_size=True))
    assert document[0].get_size() == pytest.approx((595, 842), abs=1)
    text = "".join(sheet.get_textpage().get_text_range() for sheet in document)
    parts = (
        "Follow-through",
        WATER.name.english,
        "By governorate",
        "Opened and closed",
        "Week from",
        "Journeys spared",
    )
    assert [text.index(part) for part in parts] == sorted(text.index(part) for part in parts)
    assert "CSV" not in text
    assert await page.evaluate("window.printed") == [660, True]
    # What paper needed is gone again from the screen.
    assert await page.evaluate(width) == on_screen
    assert not await page.locator("#follow-weeks-table").evaluate("(table) => table.open")


async def test_while_figures_are_counted_the_page_says_so_and_keeps_the_last_choice(page: Page, served: Served) -> None:
    await served.open(page)
    await expect(page.locator("#follow-figures")).to_be_visible()
    held = asyncio.Event()

    async def later(route: Route) -> None:
        await held.wait()
        await route.continue_()

    await page.route(FIGURES, later, times=1)
    await page.get_by_label("هذه السنة الهجرية").check()
    await expect(page.locator("#follow-loading")).to_be_visible()
    await expect(page.locator("#follow-figures")).to_have_attribute("aria-busy", "true")
    await page.get_by_label("هذا الأسبوع").check()
    await expect(page.locator("#follow-shown")).to_contain_text("الأحد")
    held.set()
    await expect(page.locator("#follow-loading")).to_be_hidden()
    await expect(page.locator("#follow-shown")).not_to_contain_text("محرم")


async def test_an_answer_that_does_not_come_is_asked_for_again(page: Page, served: Served) -> None:
    await page.route(FIGURES, lambda route: route.abort())
    await served.open(page)
    await expect(page.locator("#follow-problem")).to_be_visible()
    await expect(page.locator("#follow-figures")).to_be_hidden()
    await page.unroute(FIGURES)
    await page.click("#follow-again")
    await expect(page.locator("#follow-tiles .follow-tile")).to_have_count(8)
    await expect(page.locator("#follow-problem")).to_be_hidden()


async def test_where_there_is_nothing_yet_nothing_is_plotted(page: Page, tmp_path: Path) -> None:
    async with served_in(tmp_path) as served:
        await served.open(page)
        await expect(page.locator("#follow-empty")).to_be_visible()
        await expect(page.locator("#follow-figures")).to_be_hidden()
        await expect(page.locator("#follow-csv")).to_be_hidden()


async def test_a_desk_is_told_that_it_is_not_theirs(page: Page, served: Served) -> None:
    await page.goto(f"{served.address}/sign-in?next=/follow-through")
    await page.fill("#user_name", "badr")
    await page.fill("#password", PASSWORD)
    async with page.expect_navigation(url="**/follow-through*") as turned:
        await page.click("#sign-in-button")
    answer = await turned.value
    assert answer is not None
    assert answer.status == 403
