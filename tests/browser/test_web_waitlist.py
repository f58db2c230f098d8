"""The waitlist at the desk, in Chromium over the running service: order, offers, what is live, what is undone."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect
from support.desk_page import find, new_id
from support.served_office import ServedOffice, a_served_office

from tawasul.domain.audience import Audience, State
from tawasul.domain.sitting import SittingId
from tawasul.domain.venue import OwnLocation
from tawasul.domain.waitlist import OfferState

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def served(tmp_path: Path) -> AsyncIterator[ServedOffice]:
    async with a_served_office(tmp_path) as served:
        yield served


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, served: ServedOffice) -> AsyncIterator[Page]:
    async with served.browser_of(browser) as page:
        yield page


def entry(page: Page, number: int) -> Locator:
    """The row of the citizen of that number."""
    return page.locator(".entry", has=page.get_by_text(f"عينة: {number}", exact=True))


async def with_an_offer(served: ServedOffice, number: int = 2) -> str:
    """One time tomorrow, given up by who had it, and offered to the citizen of that number; the offer's id."""
    office = served.office
    sitting = await office.sits(office.tomorrow, slots=1)
    booked = await office.books(office.badr, 1, sitting, office.tomorrow)
    waiting = await office.waits(office.badr, number)
    await office.badr.does("cancel", booked)
    while not (offers := await office.offers(office.badr)):
        pass  # looking is a request of its own: the clockwork has its turn meanwhile
    id: str = offers[waiting["id"]]["id"]
    return id


async def test_who_is_added_at_the_desk_stands_in_the_order_with_its_reasons(page: Page, served: ServedOffice) -> None:
    await served.desk(page, "/desk")
    await find(page, new_id())
    await page.fill("#register_name", "عينة: من انتظر أولًا")
    await page.fill("#register_mobile", "0512345678")
    await page.press("#register_mobile", "Enter")
    await page.click("#to-waitlist")
    await page.fill("#book_subject", "أي وقت يناسب")
    await page.keyboard.press("Enter")
    await expect(page.locator("#booked-title")).to_contain_text("قائمة الانتظار")
    await served.office.passes(timedelta(minutes=1))
    await served.office.waits(served.office.badr, 5, priorities=["elderly", "travelled-far"])
    await served.office.waits(served.office.yanbu, 6)

    await page.get_by_role("navigation").get_by_role("link", name="قائمة الانتظار").click()
    await expect(page.locator("#waiting-list .entry")).to_have_count(2)
    elderly, first = (page.locator("#waiting-list .entry").nth(number) for number in range(2))
    await expect(elderly).to_contain_text("عينة: 5")
    await expect(elderly.locator("[data-part=position]")).to_have_text("1")
    await expect(elderly.locator("[data-part=why] .status")).to_have_text(
        ["كبير سن", "قادم من بعيد", "بحسب وقت التسجيل"]
    )
    await expect(first).to_contain_text("من انتظر أولًا")
    await expect(first).to_contain_text("أي وقت يناسب")
    await expect(first.locator("[data-part=position]")).to_have_text("2")
    await expect(first.locator("[data-part=why] .status")).to_have_text(["بحسب وقت التسجيل"])
    await expect(page.locator("#offered")).to_be_hidden()
    await expect(page.locator("#waitlist-empty")).to_be_hidden()


async def test_who_is_taken_off_by_a_slip_is_put_back_where_they_were(page: Page, served: ServedOffice) -> None:
    await served.office.waits(served.office.badr, 1)
    await served.office.passes(timedelta(minutes=1))
    await served.office.waits(served.office.badr, 2)
    await served.desk(page, "/desk/waitlist")
    take_off = entry(page, 1).get_by_role("button", name="أزله من القائمة")
    await take_off.click()
    await expect(page.locator("#sure-text")).to_have_text("عينة: 1")
    await page.keyboard.press("Escape")
    assert len((await served.kept())[0]) == 2
    await take_off.click()
    await page.click("#sure-confirm")
    await expect(entry(page, 1)).to_have_count(0)
    await expect(entry(page, 2).locator("[data-part=position]")).to_have_text("1")
    assert len((await served.kept())[0]) == 1
    await page.locator(".toast").get_by_role("button", name="تراجع").click()
    await expect(entry(page, 1).locator("[data-part=position]")).to_have_text("1")
    await expect(page.locator("#waiting-list .entry")).to_have_count(2)


async def test_nobody_waits(page: Page, served: ServedOffice) -> None:
    await served.desk(page, "/desk/waitlist")
    await expect(page.locator("#waitlist-empty")).to_contain_text("لا أحد ينتظر موعدًا")
    await served.office.waits(served.office.badr, 1)
    await expect(entry(page, 1)).to_be_visible()
    await expect(page.locator("#waitlist-empty")).to_be_hidden()


@pytest.mark.parametrize(
    ("language", "left", "accept", "done"),
    [
        ("ar", r"بقي للرد: \W*(29|30)\W* دقيقة", "قبِل", "تم الحجز له."),
        ("en", r"Left to answer: \W*(29|30)\W* minutes", "They accept", "It is booked for them."),
    ],
)
async def test_a_time_given_up_is_offered_shown_live_and_accepted_on_the_telephone(
    browser: Browser, served: ServedOffice, language: str, left: str, accept: str, done: str
) -> None:
    office = served.office
    sitting = await office.sits(office.tomorrow, slots=1)
    booked = await office.books(office.badr, 1, sitting, office.tomorrow)
    await office.waits(office.badr, 2)
    async with served.browser_of(browser, language) as page:
        await served.desk(page, "/desk/waitlist")
        await expect(page.locator("#waiting-list .entry")).to_have_count(1)
        await office.badr.does("cancel", booked)
        row = page.locator("#offered-list .entry")
        await expect(row).to_contain_text("عينة: 2")
        # Ten in the morning in Riyadh, wherever the browser is.
        await expect(row).to_contain_text(re.compile(r"10:00.*(صباحًا|am)"))
        await expect(row.locator("time")).to_have_text(re.compile(left))
        await page.clock.fast_forward("20:00")
        await expect(row.locator("time")).not_to_have_text(re.compile(left))
        await row.get_by_role("button", name=accept, exact=True).click()
        await expect(page.locator("#sure-text")).to_have_text("عينة: 2")
        await page.click("#sure-confirm")
        await expect(page.locator(".toast")).to_contain_text(done)
        await expect(page.locator("#offered")).to_be_hidden()
        await expect(page.locator("#waitlist-empty")).to_be_visible()
    audiences = [each for each in await audiences_of(served, sitting["id"]) if each.state is State.BOOKED]
    assert [(each.slot_starts_at, each.venue) for each in audiences] == [(office.tomorrow, OwnLocation())]
    assert await served.kept() == ([], [])


async def test_whom_it_does_not_suit_waits_on_and_the_next_is_offered_it(page: Page, served: ServedOffice) -> None:
    offer = await with_an_offer(served)
    await served.office.waits(served.office.badr, 3)
    await served.desk(page, "/desk/waitlist")
    await expect(entry(page, 3).locator("[data-part=position]")).to_have_text("1")
    await entry(page, 2).get_by_role("button", name="لا يناسبه").click()
    await page.click("#sure-confirm")
    await expect(page.locator("#offered-list .entry")).to_contain_text("عينة: 3")
    await expect(page.locator("#waiting-list .entry")).to_contain_text("عينة: 2")
    assert (await served.offer(offer)).state is OfferState.DECLINED


async def test_what_is_left_to_answer_is_the_services_word_not_the_desks_clocks(
    page: Page, served: ServedOffice
) -> None:
    await with_an_offer(served)
    await page.clock.set_system_time(served.office.now + timedelta(hours=3))
    await served.desk(page, "/desk/waitlist")
    await expect(page.locator(".entry time")).to_have_text(re.compile("(29|30).*دقيقة"))


async def test_an_offer_that_lapsed_or_was_answered_elsewhere_says_so_and_books_nothing(
    page: Page, served: ServedOffice
) -> None:
    offer = await with_an_offer(served)
    await served.desk(page, "/desk/waitlist")
    await entry(page, 2).get_by_role("button", name="قبِل").click()
    token = await served.office.token(offer)
    assert (await served.office.service.browser().post("/api/offer/decline", token=token)).is_success
    await page.click("#sure-confirm")
    await expect(page.locator(".toast-danger")).to_contain_text("انتهى هذا العرض أو سبق الرد عليه")
    await expect(page.locator("#waiting-list .entry")).to_contain_text("عينة: 2")
    await expect(page.locator("#offered")).to_be_hidden()


async def test_a_line_that_is_away_is_told_and_nothing_is_half_done(page: Page, served: ServedOffice) -> None:
    await served.office.waits(served.office.badr, 1)
    await served.desk(page, "/desk/waitlist")
    await entry(page, 1).get_by_role("button", name="أزله من القائمة").click()
    await page.context.set_offline(True)
    await page.click("#sure-confirm")
    await expect(page.locator(".toast-danger")).to_contain_text("تعذّر الوصول إلى الخدمة")
    await expect(page.locator("#waitlist-problem")).to_contain_text("تعذّر الوصول إلى الخدمة")
    await expect(entry(page, 1)).to_be_visible()
    assert len((await served.kept())[0]) == 1
    await page.context.set_offline(False)
    await entry(page, 1).get_by_role("button", name="أزله من القائمة").click()
    await page.click("#sure-confirm")
    await expect(page.locator("#waitlist-empty")).to_be_visible()
    await expect(page.locator("#waitlist-problem")).to_be_hidden()


async def audiences_of(served: ServedOffice, sitting_id: str) -> list[Audience]:
    """As the database has them."""
    async with served.office.service.parts.database.unit_of_work(reading=True) as uow:
        return list(await uow.audiences.of_sitting(SittingId(sitting_id)))
