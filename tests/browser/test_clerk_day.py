"""A clerk's whole day at the desk, by the keyboard alone: in Chromium, over the running service.

From signing in to the list of the day that is printed and carried away. What one booking costs is counted.
"""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect
from support.desk_page import ARABIC_INDIC, a_page, new_id
from support.keyboard import Keyboard
from support.service import Service, a_service

from scheduler.papers.ticket import TicketCodes
from tawasul.access.keys import AccessKeys
from tawasul.store.key_file import load_or_create

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]

MOST_STROKES = 25
"""From the search to the reference, everything that is typed included."""

NEXT_STEP = "#citizen-open :is(.day-buttons > button, summary)"
"""Where the keyboard comes to when somebody was found for whom something is open."""

COUNT_PRINTS = "window.print = () => heardPrint()"
"""A printer's dialog is the browser's own, and no page's: that it was asked for is all that can be seen."""

REFERENCE = re.compile(r"^[2-9A-Z]{3}-[2-9A-Z]{3}$")

OSAMA, LAYLA, HIND = "عينة: أسامة بن إبراهيم الثقفي", "عينة: ليلى بنت مصطفى", "عينة: هند بنت طارق"
WALKS_IN, WAITS = "عينة: فهد بلا موعد", "عينة: جواهر المنتظرة"


@dataclass
class Day:
    """The page, the keyboard before it, and what the printer was told."""

    page: Page
    keys: Keyboard
    service: Service
    printed: list[bool] = field(default_factory=list)

    def at(self, selector: str, **more: str) -> Locator:
        return self.page.locator(selector, **more)

    def row(self, name: str) -> Locator:
        """Of the list of the day."""
        return self.at("#day-rows tr", has_text=name)

    async def search(self, query: str) -> None:
        """From wherever the keyboard is: what stood in the search goes."""
        if not await self.at("#find_query").evaluate("node => node === document.activeElement"):
            await self.keys.press("/")
        await expect(self.at("#find_query")).to_be_focused()
        await self.keys.press("Control+a")
        await self.keys.type(query)
        await self.keys.press("Enter")


@pytest_asyncio.fixture(loop_scope="module")
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    """Of each try its own: where a first one has booked, a second one finds other times free."""
    async with a_service(tmp_path / "service") as service:
        yield service


async def test_a_clerks_whole_day_needs_no_mouse(browser: Browser, service: Service, tmp_path: Path) -> None:
    async with a_page(browser, "Asia/Riyadh") as page:
        day = Day(page, Keyboard(page), service)
        await day.keys.watch()
        await page.expose_function("heardPrint", lambda: day.printed.append(True))
        await page.add_init_script(COUNT_PRINTS)
        await _signs_in(day)

        number = new_id()
        await _registers(day, OSAMA, number, "0512340071")
        reference = await _books_at_the_centre(day)
        for query in ("اسامه ابراهيم الثقفي", number.translate(ARABIC_INDIC), "٠٥١٢٣٤٠٠٧١", reference.lower()):
            await _finds(day, query, OSAMA)
        await _moves(day, OSAMA)
        await _cancels_and_takes_it_back(day, OSAMA)
        await _receives_by_ticket(day, reference, OSAMA)

        await _registers(day, LAYLA, new_id(), "0512340072")
        await _gives_a_time_back(day)
        await _books_at_own_location(day)
        await _finds(day, LAYLA, LAYLA)

        await _registers(day, HIND, known := new_id(), "0512340073")
        await day.keys.press("Escape")
        await _known_citizen_is_booked_in_few_strokes(day, known)
        await _misses_by_the_office_and_books_again(day, HIND)

        await _receives_without_a_time(day)
        await _puts_on_the_waitlist(day)
        await _does_a_task(day)
        await _prints_and_exports(day, tmp_path)
        assert day.keys.alone
        print(f"\nthe whole day: {day.keys.strokes} strokes")


async def _signs_in(day: Day) -> None:
    await day.page.goto(f"{day.service.address}/desk")
    await expect(day.at("#sign-in-button")).to_be_enabled()
    await day.keys.go_to(day.at("#user_name"))
    await day.keys.type("badr")
    await day.keys.press("Tab")
    await day.keys.type(day.service.password("badr"))
    await day.keys.press("Enter")
    await day.page.wait_for_url(f"{day.service.address}/desk")
    await expect(day.at("#find-button")).to_be_enabled()
    await expect(day.at("#find_query")).to_be_focused()
    await expect(day.at("#day-rows tr").first).to_be_visible()


async def _registers(day: Day, name: str, number: str, mobile: str) -> None:
    """Somebody nobody knew; then the first free time has the keyboard."""
    await day.search(number)
    await expect(day.at("#register_name")).to_be_focused()
    await expect(day.at("#register_national_id")).to_have_value(number)
    await day.keys.type(name)
    await day.keys.press("Tab", "Tab")
    await day.keys.type(mobile)
    await day.keys.press("Enter")
    await expect(day.at("#citizen-name")).to_have_text(name)
    await expect(day.at("#slots .slot").first).to_be_focused()


async def _books_at_the_centre(day: Day) -> str:
    """The reference."""
    await day.keys.press("Enter")
    await expect(day.at("#book_subject")).to_be_focused()
    await day.keys.type("طلب إنارة طريق القرية")
    await day.keys.press("Enter")
    return await _is_booked(day)


async def _is_booked(day: Day) -> str:
    await expect(day.at("#book-another")).to_be_focused()
    reference = await day.at("#booked-reference").inner_text()
    await expect(day.at("#book-another[data-ready]")).to_be_visible()
    await day.keys.press("Enter")
    await expect(day.at("#find_query")).to_be_focused()
    return reference


async def _finds(day: Day, query: str, name: str) -> None:
    """The one citizen, and the keyboard on what one does next with what is open."""
    await day.search(query)
    await expect(day.at("#citizen-name")).to_have_text(name)
    await expect(day.at(NEXT_STEP).first).to_be_focused()
    await day.keys.press("Escape")
    await expect(day.at("#citizen")).to_be_hidden()
    await expect(day.at("#find_query")).to_be_focused()


async def _chooses(day: Day, name: str, item: str) -> None:
    """From the menu of the citizen's audience."""
    await day.search(name)
    await expect(day.at(NEXT_STEP).first).to_be_focused()
    await day.keys.go_to(day.at("#citizen-open summary"))
    await day.keys.go_to(day.at("#citizen-open .more-list > *", has_text=item), by="ArrowDown")
    await day.keys.press("Enter")


async def _moves(day: Day, name: str) -> None:
    before = await day.row(name).locator("[data-part=time]").inner_text()
    await _chooses(day, name, "نقل الموعد")
    await expect(day.at("#slots .slot").first).to_be_focused()
    await day.keys.press("ArrowLeft", "ArrowLeft", "Enter")
    await expect(day.at("#book-submit")).to_be_focused()
    await day.keys.press("Enter")
    await _is_booked(day)
    await expect(day.row(name).locator("[data-part=time]")).not_to_have_text(before)


async def _cancels_and_takes_it_back(day: Day, name: str) -> None:
    await _chooses(day, name, "إلغاء الموعد")
    await expect(day.at("#sure-confirm")).to_be_focused()
    await day.keys.press("Enter")
    await expect(day.row(name)).to_have_count(0)
    await day.keys.go_to(day.at(".toast-button").last, by="Shift+Tab")
    await day.keys.press("Enter")
    await expect(day.row(name)).to_contain_text("محجوز")


async def _receives_by_ticket(day: Day, reference: str, name: str) -> None:
    """The scanner types the code, wherever the keyboard is, and Enter."""
    async with day.service.units() as units, units(reading=True) as work:
        audience = await work.audiences.by_reference(reference)
    assert audience is not None
    keys = AccessKeys.from_secret(load_or_create(day.service.directory / "access.key"))
    await day.keys.type(TicketCodes(keys.tickets).code(audience))
    await day.keys.press("Enter")
    await expect(day.at("#arrive-name")).to_have_text(name)
    await expect(day.at("#arrive-confirm")).to_be_focused()
    await day.keys.press("Enter")
    await expect(day.row(name)).to_contain_text("في الانتظار")


async def _gives_a_time_back(day: Day) -> None:
    wanted = await day.at("#slots .slot").first.get_attribute("value")
    await day.keys.press("Enter")
    await expect(day.at("#held")).to_be_visible()
    async with day.page.expect_response(lambda answer: answer.request.method == "DELETE") as given_back:
        await day.keys.press("Escape")
    assert (await given_back.value).ok
    await expect(day.at("#slots .slot").first).to_be_focused()
    await expect(day.at("#slots .slot").first).to_have_attribute("value", str(wanted))


async def _books_at_own_location(day: Day) -> None:
    await day.keys.go_to(day.at("input[name=venue]:checked"), by="Shift+Tab")
    await day.keys.press("ArrowDown")
    await expect(day.at("input[value=own-location]")).to_be_checked()
    await expect(day.at("#centre-field")).to_be_hidden()
    await expect(day.at("#slots .slot").first).to_be_visible()
    await day.keys.go_to(day.at("#slots .slot[tabindex='0']"))
    await day.keys.press("Enter")
    await expect(day.at("#book_subject")).to_be_focused()
    await day.keys.type("استفسار عن معاملة")
    await day.keys.press("Enter")
    await expect(day.at("#booked-link")).to_have_value(re.compile(f"^{re.escape(day.service.address)}/join#"))
    await _is_booked(day)


async def _known_citizen_is_booked_in_few_strokes(day: Day, number: str) -> None:
    """From the empty search to the reference: every letter counts."""
    before, began = day.keys.strokes, time.perf_counter()
    await day.keys.type(number.translate(ARABIC_INDIC))
    await day.keys.press("Enter")
    await expect(day.at("#slots .slot").first).to_be_focused()
    await day.keys.press("Enter")
    await expect(day.at("#book_subject")).to_be_focused()
    await day.keys.type("طلب علاج")
    await day.keys.press("Enter")
    await expect(day.at("#booked-reference")).to_have_text(REFERENCE)
    took, strokes = time.perf_counter() - began, day.keys.strokes - before
    print(f"\none booking of a known citizen: {strokes} strokes, {took:.1f} s in the browser")
    assert strokes <= MOST_STROKES
    await _is_booked(day)


async def _receives_without_a_time(day: Day) -> None:
    number = new_id()
    await _registers(day, WALKS_IN, number, "0512340074")
    await day.keys.go_to(day.at("#to-walk-in"))
    await day.keys.press("Enter")
    await expect(day.at("#book_subject")).to_be_focused()
    await day.keys.type("شكوى")
    await day.keys.press("Enter")
    await expect(day.at("#arrive-id")).to_have_text(number[-4:])
    await day.keys.press("Enter")
    await expect(day.at("#booked-when")).to_contain_text("دوره")
    await _is_booked(day)
    await expect(day.row(WALKS_IN)).to_contain_text("بلا موعد")


async def _misses_by_the_office_and_books_again(day: Day, name: str) -> None:
    """The form is open at once, with the subject as it was."""
    await _chooses(day, name, "لم يحضر")
    await expect(day.at("#sure-confirm")).to_be_focused()
    await day.keys.go_to(day.at("#sure-because input:checked"), by="Shift+Tab")
    await day.keys.press("ArrowDown")
    await expect(day.at("input[name=because][value=office]")).to_be_checked()
    await day.keys.press("Tab")
    await expect(day.at("#sure-confirm")).to_be_focused()
    await day.keys.press("Enter")
    await expect(day.at("#book_subject")).to_have_value("طلب علاج")
    await expect(day.at("#slots .slot").first).to_be_focused()
    await day.keys.press("Enter")
    await expect(day.at("#book_subject")).to_be_focused()
    await day.keys.press("Enter")
    await _is_booked(day)
    await expect(day.row(name)).to_contain_text("أُعيد حجزه")


async def _puts_on_the_waitlist(day: Day) -> None:
    """And sees it there."""
    await _registers(day, WAITS, new_id(), "0512340075")
    await day.keys.go_to(day.at("#to-waitlist"))
    await day.keys.press("Enter")
    await expect(day.at("#book_subject")).to_be_focused()
    await day.keys.type("أي وقت")
    await day.keys.press("Enter")
    await expect(day.at("#booked-title")).to_contain_text("قائمة الانتظار")
    await _is_booked(day)
    await day.keys.press("Tab", "g", "w")
    await day.page.wait_for_url("**/desk/waitlist")
    await expect(day.at(".entry", has_text=WAITS)).to_be_visible()


async def _does_a_task(day: Day) -> None:
    """Taken on, done with a word about it, and among those that are done."""
    await day.keys.go_to(day.at("a[href='/desk/tasks']"))
    await day.keys.press("Enter")
    await day.page.wait_for_url("**/desk/tasks")
    tasks = day.at("#tasks-list .task")
    await expect(tasks.first).to_be_visible()
    open_before, mine = await tasks.count(), tasks.first
    await day.keys.go_to(mine.get_by_role("button", name="أتولّاها"))
    await day.keys.press("Enter")
    done = mine.get_by_role("button", name="أُنجزت")
    await expect(done).to_be_focused()
    await day.keys.press("Enter")
    await expect(day.at("#done-note")).to_be_focused()
    await day.keys.type("اتُّصل به وأُبلغ")
    await day.keys.press("Tab", "Enter")
    await expect(tasks).to_have_count(open_before - 1)
    await expect(day.at("#done-count")).to_have_text("1")


async def _prints_and_exports(day: Day, folder: Path) -> None:
    await day.keys.go_to(day.at("a[href='/desk']"), by="Shift+Tab")
    await day.keys.press("Enter")
    await day.page.wait_for_url("**/desk")
    await expect(day.at("#find-button")).to_be_enabled()
    await expect(day.row(OSAMA)).to_be_visible()
    await day.keys.press("Tab", "d")
    await expect(day.at("#day-title")).to_be_focused()
    await day.keys.go_to(day.at("#day-exports summary"))
    await day.keys.press("Enter")
    await day.keys.go_to(day.at("#day-print"))
    await day.keys.press("Enter")
    await expect(day.at("#day-exports")).not_to_have_attribute("open", "")
    assert day.printed == [True]

    await day.keys.go_to(day.at("#day-exports summary"))
    await day.keys.press("Enter")
    await day.keys.go_to(day.at("#day-csv"))
    async with day.page.expect_download() as coming:
        await day.keys.press("Enter")
    await (await coming.value).save_as(folder / "day.csv")
    lines = (folder / "day.csv").read_text(encoding="utf-8-sig")
    assert all(name in lines for name in (OSAMA, LAYLA, HIND, WALKS_IN))
