"""The office plans its time, in Chromium over the running service: sittings, visits of protocol, days as typed."""

import datetime as dt
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect
from support.desk_page import a_page
from support.planning_page import (
    SLOT,
    affected,
    at,
    books,
    close,
    confirm,
    day_ahead,
    open_planning,
    plain,
    sits,
    typed,
)
from support.service import Service, a_service
from support.tries import of_this_try
from support.zones import clocks_go_forward

from tawasul.domain.audience import MissedBecause, State
from tawasul.domain.calendar import Blackout, Holiday, HolidayId
from tawasul.domain.places import Name
from tawasul.domain.sitting import Receiver, Sitting

pytestmark = pytest.mark.asyncio(loop_scope="module")

SUNDAY, WEDNESDAY = 6, 2


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Service]:
    async with a_service(tmp_path_factory.mktemp("planning")) as service:
        yield service


@pytest_asyncio.fixture(loop_scope="module")
async def service(request: pytest.FixtureRequest, shared: Service, tmp_path: Path) -> AsyncIterator[Service]:
    async with of_this_try(request, shared, tmp_path) as service:
        yield service


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, service: Service) -> AsyncIterator[Page]:
    async with a_page(browser) as page:
        await open_planning(page, service)
        yield page


async def sittings_on(service: Service, first: dt.date, last: dt.date) -> list[Sitting]:
    """What the database holds of those days, in order."""
    async with service.units() as units, units(reading=True) as work:
        return await work.sittings.between(at(first, 0), at(last, 23, 59))


async def blackouts_on(service: Service, day: dt.date) -> list[Blackout]:
    async with service.units() as units, units(reading=True) as work:
        return await work.calendar.blackouts_between(at(day, 0), at(day, 23, 59))


def sitting_row(page: Page, day: dt.date) -> Locator:
    """Of the list: by the Gregorian part of its day, in Arabic."""
    return page.locator("#sittings-list .sitting").filter(has_text=re.compile(rf"الموافق\W*{day.day}\W"))


SHOWN_IN = """(state) => {
  document.getElementById("office").dataset.state = state;
  return document.getElementById("to-planning").checkVisibility({ checkVisibilityCSS: true });
}"""
"""Whether the way to planning shows in this state; in one go, for what the console is told next sets its own again."""


async def test_from_the_console_to_planning_and_back_but_not_away_from_a_citizen(
    browser: Browser, service: Service
) -> None:
    async with a_page(browser) as page:
        await page.goto(f"{service.address}/sign-in?next=/office")
        await page.fill("#user_name", "office")
        await page.fill("#password", service.password("office"))
        await page.click("#sign-in-button")
        await expect(page.locator("#office")).to_have_attribute("data-state", "idle")
        for state in ("calling", "in-call", "reconnecting", "heard"):
            assert not await page.evaluate(SHOWN_IN, state), state
        assert await page.evaluate(SHOWN_IN, "idle")
        for width in (390, 1280):
            await page.set_viewport_size({"width": width, "height": 844})
            await page.get_by_role("link", name="تخطيط المواعيد").click()
            await page.wait_for_url(f"{service.address}/planning")
            await page.get_by_role("link", name="المجلس", exact=True).click()
            await page.wait_for_url(f"{service.address}/office")


async def ask_for_a_visit(page: Page, day: dt.date, opens: str, closes: str) -> None:
    """Fills the form, and asks who is affected."""
    await page.fill("#closure_day", typed(day))
    await page.fill("#closure_opens", opens)
    await page.fill("#closure_closes", closes)
    await page.click("#closure-form button.button-primary")


async def test_a_sitting_is_added_with_all_that_it_has_and_none_beside_it(page: Page, service: Service) -> None:
    day = day_ahead(22)
    await page.click("#sitting-form button.button-primary")
    await expect(page.locator("#sitting_from-error")).to_be_visible()
    await expect(page.locator("#sitting_from")).to_be_focused()
    await page.fill("#sitting_from", typed(day))
    await page.fill("#sitting_opens", "15:00")
    await page.fill("#sitting_closes", "16:30")
    await page.locator("#sitting_slot").fill("")
    await page.locator("#sitting_slot").press_sequentially("١٥")
    await page.fill("#sitting_buffer", "5")
    await page.select_option("#sitting_receiver", "deputy")
    await page.fill("#sitting_quota", "كثير")
    await page.click("#sitting-form button.button-primary")
    # A share that cannot be read is no sitting without a share.
    await expect(page.locator("#sitting_quota-error")).to_be_visible()
    await expect(page.locator("#sitting_quota")).to_have_value("كثير")
    assert await sittings_on(service, day, day) == []
    await page.fill("#sitting_quota", "٤")
    await page.click("#sitting-form button.button-primary")
    await expect(page.locator(".toast", has_text="أضيفت الجلسة")).to_be_visible()
    (sitting,) = await sittings_on(service, day, day)
    assert (sitting.opens_at, sitting.closes_at) == (at(day, 15), at(day, 16, 30))
    assert (sitting.slot_length, sitting.buffer) == (dt.timedelta(minutes=15), dt.timedelta(minutes=5))
    assert (sitting.receiver, sitting.quota) == (Receiver.DEPUTY, 4)
    row = sitting_row(page, day)
    await expect(row).to_have_count(1)
    assert "كل 15 دقيقة · فاصل 5 دقائق · الحصة 4" in plain(await row.inner_text())
    assert "من 3:00 مساءً إلى 4:30 مساءً" in plain(await row.inner_text())
    await expect(row).to_contain_text("سمو النائب")

    await page.click("#sitting-form button.button-primary")
    await expect(page.locator("#sitting-problem")).to_contain_text("توجد جلسة أخرى في هذا الوقت")
    await expect(page.locator("#sitting_from")).to_have_value(typed(day))
    await page.fill("#sitting_closes", "14:00")
    await page.click("#sitting-form button.button-primary")
    await expect(page.locator("#sitting_closes-error")).to_be_visible()
    assert len(await sittings_on(service, day, day)) == 1


async def test_sittings_are_repeated_over_weekdays_but_for_holidays_and_where_one_stands(
    page: Page, service: Service
) -> None:
    first, last = day_ahead(40), day_ahead(60)
    days = [first + dt.timedelta(days=number) for number in range((last - first).days + 1)]
    wanted = [day for day in days if day.weekday() in (SUNDAY, WEDNESDAY)]
    holiday, taken = wanted[1], wanted[2]
    await sits(service, at(taken, 9), 3)
    async with service.units() as units, units() as work:
        await work.calendar.add_holiday(Holiday(HolidayId("off"), Name("عطلة", "Off"), holiday, holiday, None))
        await work.commit()
    await page.fill("#sitting_from", typed(first))
    await page.fill("#sitting_to", typed(last))
    for number in range(7):
        await page.locator(f"input[name=weekday][value='{number}']").set_checked(False, force=True)
    await page.click("#sitting-form button.button-primary")
    await expect(page.locator("#sitting-problem")).to_be_visible()
    assert plain(await page.inner_text("#sitting-problem")) == "اختر يومًا واحدًا على الأقل."
    for number in (SUNDAY, WEDNESDAY):
        await page.locator(f"input[name=weekday][value='{number}']").set_checked(True, force=True)
    await page.click("#sitting-form button.button-primary")
    await expect(page.locator(".toast", has_text="وتُرك يومان لعطلة أو جلسة قائمة.")).to_be_visible()
    there = {sitting.opens_at for sitting in await sittings_on(service, first, last)}
    assert there == {at(day, 9) for day in wanted if day != holiday}
    # They are found among the later weeks.
    before = await page.inner_text("#sittings-range")
    await page.click("#sittings-later")
    await expect(page.locator("#sittings-range")).not_to_have_text(before)
    await expect(sitting_row(page, wanted[0])).to_have_count(1)


async def test_a_sitting_is_removed_and_comes_back_and_stays_when_somebody_is_booked(
    page: Page, service: Service
) -> None:
    day = day_ahead(25)
    sitting = await sits(service, at(day, 20), 3)
    await page.reload()
    row = sitting_row(page, day)
    remove = row.get_by_role("button", name="إزالة")
    await remove.click()
    await expect(row).to_have_count(0)
    assert await sittings_on(service, day, day) == []
    # The keyboard is not lost with the row that is gone.
    await expect(page.locator("#sittings-title")).to_be_focused()
    await page.locator(".toast").get_by_role("button", name="تراجع").click()
    await expect(remove).to_be_visible()
    (again,) = await sittings_on(service, day, day)
    assert (again.opens_at, again.closes_at) == (sitting.opens_at, sitting.closes_at)
    # Somebody is booked while the page still shows the button.
    await books(service, again, again.opens_at, "عينة: حجز قبل لحظة")
    await remove.click()
    await expect(page.locator(".toast", has_text="في هذه الجلسة مواعيد محجوزة")).to_be_visible()
    await expect(remove).to_have_count(0)
    assert len(await sittings_on(service, day, day)) == 1


async def test_a_visit_of_protocol_from_preview_to_the_list_of_whom_to_tell(page: Page, service: Service) -> None:
    day = day_ahead(150)
    sitting = await sits(service, at(day, 9), 3)
    first = await books(service, sitting, at(day, 9), "عينة: يُنقل موعده")
    second = await books(service, sitting, at(day, 9, 10), "عينة: بلا وقت بعد")
    await page.evaluate("window.prints = 0; window.print = () => { window.prints += 1; }; 0")
    await page.locator("#planning-tabs").get_by_role("link", name="الزيارات والإغلاق").click()
    await expect(page.locator("#closures-title")).to_be_focused()
    await ask_for_a_visit(page, day, "09:00", "09:20")
    await expect(page.locator("#consequences-title")).to_have_text("زيارة أو مراسم")
    assert plain(await page.inner_text("#consequences-lead")) == "يتأثر موعدا مستفيدَين. ولا وقت جديد بعد لواحد منهم."
    await expect(affected(page, "عينة: يُنقل موعده")).to_contain_text(first.reference)
    assert "9:20 صباحًا" in plain(await affected(page, "عينة: يُنقل موعده").locator("td").last.inner_text())
    await expect(affected(page, "عينة: بلا وقت بعد")).to_contain_text("يتصل به موظف")
    # What is pressed says what is done: one has a time to be moved to.
    await expect(page.locator("#consequences-confirm")).to_have_text("نفّذ وانقل موعدًا واحدًا")
    await expect(page.locator("#consequences-print")).to_be_hidden()
    assert (await service.audience(first.id)).version == 0
    await close(page)
    assert await blackouts_on(service, day) == []

    await page.click("#closure-form button.button-primary")
    await confirm(page)
    await expect(page.locator("#consequences-title")).to_be_focused()
    assert "لتتصل بمستفيدَين" in plain(await page.inner_text("#consequences-lead"))
    await expect(page.locator("#consequences-rows tr")).to_have_count(2)
    await page.click("#consequences-print")
    assert await page.evaluate("window.prints") == 1
    await page.emulate_media(media="print")
    await expect(page.locator("#consequences-rows")).to_be_visible()
    await expect(page.locator("#closure-form")).to_be_hidden()
    await expect(page.locator("#consequences-print")).to_be_hidden()
    await page.emulate_media(media="screen")
    moved, lost = await service.audience(first.id), await service.audience(second.id)
    assert (moved.state, moved.slot_starts_at) == (State.BOOKED, at(day, 9, 20))
    assert (lost.state, lost.missed_because) == (State.MISSED, MissedBecause.OFFICE)
    (blackout,) = await blackouts_on(service, day)
    assert (blackout.starts_at, blackout.ends_at) == (at(day, 9), at(day, 9, 20))
    await close(page)

    row = page.locator("#closures-list .plan")
    await expect(row).to_have_count(1)
    await expect(row).to_contain_text("وقت سموه كله")
    await row.get_by_role("button", name="إزالة").click()
    await expect(page.locator(".toast", has_text="يبقى على موعده الجديد")).to_be_visible()
    await expect(page.locator("#closures-empty")).to_be_visible()
    assert await blackouts_on(service, day) == []
    assert (await service.audience(first.id)).slot_starts_at == at(day, 9, 20)


async def test_a_preview_that_is_not_so_any_more_is_shown_anew_and_nothing_was_done(
    page: Page, service: Service
) -> None:
    day = day_ahead(100)
    sitting = await sits(service, at(day, 9), 6)
    early = await books(service, sitting, at(day, 9), "عينة: من البداية")
    await open_planning(page, service, "closures")
    await ask_for_a_visit(page, day, "09:00", "09:20")
    await expect(page.locator("#consequences-rows tr")).to_have_count(1)
    late = await books(service, sitting, at(day, 9) + SLOT, "عينة: حُجز بينهما")
    await page.click("#consequences-confirm")
    await expect(page.locator("#consequences-problem")).to_contain_text("لم يُنفّذ شيء")
    await expect(affected(page, "عينة: حُجز بينهما")).to_be_visible()
    await expect(page.locator("#consequences-rows tr")).to_have_count(2)
    await expect(page.locator("#consequences-confirm")).to_be_visible()
    assert await blackouts_on(service, day) == []
    assert [(await service.audience(each.id)).version for each in (early, late)] == [0, 0]

    await confirm(page)
    await expect(page.locator("#consequences-problem")).to_be_hidden()
    assert len(await blackouts_on(service, day)) == 1
    assert (await service.audience(late.id)).slot_starts_at >= at(day, 9, 20)


async def test_a_date_is_read_in_either_calendar_with_any_digits(page: Page) -> None:
    field, read, error = (page.locator(f"#sitting_from{part}") for part in ("", "-read", "-error"))
    for text in (
        "١٢/٦/١٤٤٨",
        "۲۲/۱۱/۲۰۲۶",
        "1448-6-12",
        "2026/11/22",
        "12 جمادى الآخرة 1448هـ",
        "٢٢ نوفمبر ٢٠٢٦م",
    ):
        await field.fill("")
        await field.press_sequentially(text)
        assert plain(await read.inner_text()) == "الأحد 12 جمادى الآخرة 1448هـ، الموافق 22 نوفمبر 2026م", text
    # Days that months do not have, in either calendar; months that years do not have; half a year.
    for text in ("31/4/2027", "30/2/2027", "30/9/1448", "12/13/1448", "12/6/48"):
        await field.fill(text)
        await field.press("Tab")
        await expect(error).to_contain_text("لا يوجد يوم بهذا التاريخ")
        await expect(field).to_have_value(text)
        await expect(field).to_have_attribute("aria-invalid", "true")
        await expect(read).to_be_empty()
    await page.click("#sitting-form button.button-primary")
    await expect(field).to_be_focused()
    await expect(error).to_be_visible()
    await expect(field).to_have_value("12/6/48")
    await field.fill("12/6/1448")
    await expect(error).to_be_hidden()
    await expect(read).not_to_be_empty()


async def test_the_keyboard_alone_plans_a_visit(page: Page, service: Service) -> None:
    day = day_ahead(80)
    booked = await books(service, await sits(service, at(day, 9), 6), at(day, 9), "عينة: بلا فأرة")
    await page.evaluate("window.prints = 0; window.print = () => { window.prints += 1; }; 0")
    keys = page.keyboard
    await page.locator("#planning-tabs a[href='#sittings']").focus()
    await keys.press("Tab")
    await keys.press("Enter")
    await expect(page.locator("#closures-title")).to_be_focused()
    await keys.press("Tab")
    await expect(page.locator("#closure_reason")).to_be_focused()
    await keys.press("ArrowDown")
    await keys.press("ArrowUp")
    await keys.press("Tab")
    await keys.press("Tab")
    await keys.type(typed(day))
    await keys.press("Tab")
    await keys.press("Tab")
    await keys.type("0900AM")
    while await page.evaluate("document.activeElement.id") == "closure_opens":
        await keys.press("Tab")
    await keys.type("0920AM")
    await keys.press("Enter")
    await expect(page.locator("#consequences-title")).to_be_focused()
    await expect(affected(page, "عينة: بلا فأرة")).to_be_visible()
    await keys.press("Tab")
    await expect(page.locator("#consequences-confirm")).to_be_focused()
    await keys.press("Enter")
    await expect(page.locator("#consequences-title")).to_contain_text("تم:")
    await expect(page.locator("#consequences-title")).to_be_focused()
    await keys.press("Tab")
    await keys.press("Enter")
    assert await page.evaluate("window.prints") == 1
    await keys.press("Escape")
    await expect(page.locator("#consequences")).to_be_hidden()
    assert await page.evaluate("document.activeElement.closest('#closure-form') !== null")
    assert (await service.audience(booked.id)).slot_starts_at == at(day, 9, 20)


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/London"])
async def test_a_browser_abroad_plans_by_riyadhs_days_and_clock(browser: Browser, service: Service, zone: str) -> None:
    hour = clocks_go_forward(zone, after_days=250)  # in days that no other test plans
    riyadh = hour + dt.timedelta(hours=3)
    opens, closes = riyadh - dt.timedelta(minutes=30), riyadh + dt.timedelta(minutes=30)
    async with a_page(browser, zone) as page:
        await open_planning(page, service)
        # It is the day before, there; Riyadh has the day already.
        await page.clock.set_fixed_time(hour.replace(hour=0) - dt.timedelta(hours=2))
        await open_planning(page, service)
        await page.reload()
        await expect(page.locator("#sittings-range")).to_contain_text(re.compile(rf"الموافق\W*{riyadh.day}\W"))
        await page.fill("#sitting_from", typed(riyadh.date()))
        await page.fill("#sitting_opens", f"{opens:%H:%M}")
        await page.fill("#sitting_closes", f"{closes:%H:%M}")
        await page.click("#sitting-form button.button-primary")
        await expect(page.locator(".toast", has_text="أضيفت الجلسة")).to_be_visible()
        row = page.locator("#sittings-list .sitting")
        await expect(row).to_have_count(1)
        assert f"من {opens:%-I:%M} صباحًا إلى {closes:%-I:%M} صباحًا" in plain(await row.inner_text())
    (sitting,) = await sittings_on(service, riyadh.date(), riyadh.date())
    assert (sitting.opens_at, sitting.closes_at) == (hour - dt.timedelta(minutes=30), hour + dt.timedelta(minutes=30))
