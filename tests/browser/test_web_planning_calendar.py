"""The office's holidays, Ramadan and centres, in Chromium over the running service: hours, pauses, routes."""

import datetime as dt
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect
from support.desk_page import a_page
from support.planning_page import affected, at, books, close, confirm, day_ahead, open_planning, plain, sits, typed
from support.service import Service, a_service
from support.tries import of_this_try

from tawasul.domain.calendar import Ramadan
from tawasul.domain.hours import Prayer, PrayerPause, Span
from tawasul.domain.places import CentreId, CentreKind, Emirate, KioskId, ReceptionCentre, RegionId
from tawasul.domain.venue import AtKiosk

pytestmark = pytest.mark.asyncio(loop_scope="module")

BADR_CENTRE = CentreId("badr-centre")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Service]:
    async with a_service(tmp_path_factory.mktemp("planning-calendar")) as service:
        yield service


@pytest_asyncio.fixture(loop_scope="module")
async def service(request: pytest.FixtureRequest, shared: Service, tmp_path: Path) -> AsyncIterator[Service]:
    async with of_this_try(request, shared, tmp_path) as service:
        yield service


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser) -> AsyncIterator[Page]:
    async with a_page(browser) as page:
        yield page


async def centre(service: Service, id: CentreId) -> ReceptionCentre:
    async with service.units() as units, units(reading=True) as work:
        return await work.centres.get(id)


async def emirate(service: Service) -> Emirate:
    async with service.units() as units, units(reading=True) as work:
        return await work.regions.emirate(RegionId("madinah"))


async def declared(service: Service) -> list[Ramadan]:
    async with service.units() as units, units(reading=True) as work:
        return list(await work.calendar.ramadans())


def plan(page: Page, panel: str, name: str) -> Locator:
    """A row of a list that stands."""
    return page.locator(f"[data-panel={panel}] .plan", has_text=name)


async def test_a_holiday_moves_who_is_booked_and_is_taken_back(page: Page, service: Service) -> None:
    day = day_ahead(60)
    sitting = await sits(service, at(day, 9), 2)
    await sits(service, at(day + dt.timedelta(days=1), 9), 2)
    booked = await books(service, sitting, at(day, 9), "عينة: في يوم العطلة")
    await open_planning(page, service, "days")
    await page.click("#holiday-form button.button-primary")
    await expect(page.locator("#holiday_name-error")).to_be_visible()
    await expect(page.locator("#holiday_name")).to_be_focused()
    await page.fill("#holiday_name", "يوم التأسيس")
    await page.fill("#holiday_first", typed(day))
    await page.fill("#holiday_last", typed(day - dt.timedelta(days=1)))
    await page.click("#holiday-form button.button-primary")
    await expect(page.locator("#holiday_last-error, #holiday-problem").filter(visible=True)).to_have_count(1)
    await expect(page.locator("#consequences")).to_be_hidden()
    await page.fill("#holiday_last", "")
    await page.click("#holiday-form button.button-primary")
    await expect(page.locator("#consequences-title")).to_have_text("يوم التأسيس")
    await expect(affected(page, "عينة: في يوم العطلة")).to_be_visible()
    await confirm(page)
    await close(page)
    await expect(plan(page, "days", "يوم التأسيس")).to_contain_text("المنطقة كلها")
    assert (await service.audience(booked.id)).slot_starts_at == at(day + dt.timedelta(days=1), 9)
    await expect(page.locator("#holiday_first")).to_have_value("")
    await expect(page.locator("#holiday_first-read")).to_be_empty()

    await plan(page, "days", "يوم التأسيس").get_by_role("button", name="إزالة").click()
    await expect(page.locator("#holidays-empty")).to_be_visible()
    await page.locator(".toast").get_by_role("button", name="تراجع").click()
    await expect(page.locator("#consequences-lead")).to_have_text("لا يتأثر موعد أحد.")
    await confirm(page)
    await close(page)
    await expect(plan(page, "days", "يوم التأسيس")).to_have_count(1)


async def test_ramadan_is_declared_moved_by_a_day_and_given_back_to_the_calendar(page: Page, service: Service) -> None:
    await open_planning(page, service, "days")
    row = page.locator("#ramadans-list .plan").nth(2)
    await expect(row).to_contain_text("بالتقويم")
    before = plain(await row.inner_text())
    await row.get_by_role("button", name="سجّل ما أُعلن").click()
    first = dt.date.fromisoformat(await page.input_value("#ramadan_first"))
    last = dt.date.fromisoformat(await page.input_value("#ramadan_last"))
    preview = page.locator("#ramadan-form button.button-primary")

    await page.fill("#ramadan_last", typed(last + dt.timedelta(days=4)))
    await preview.click()
    await expect(page.locator("#ramadan-problem, #ramadan_last-error").filter(visible=True)).to_have_count(1)
    # The moon was seen a day later; the month has its days.
    await page.fill("#ramadan_first", typed(first + dt.timedelta(days=1)))
    await page.fill("#ramadan_last", typed(last + dt.timedelta(days=1)))
    await preview.click()
    await expect(page.locator("#consequences")).to_be_visible()
    # Who goes back still has what was typed.
    await close(page)
    await expect(page.locator("#ramadan_first")).to_have_value(typed(first + dt.timedelta(days=1)))
    assert await declared(service) == []
    await preview.click()
    await confirm(page)
    await close(page)
    await expect(page.locator("#ramadan-dialog")).to_be_hidden()
    await expect(row).to_contain_text("كما أُعلن")
    (ramadan,) = await declared(service)
    assert (ramadan.first_day, ramadan.last_day) == (first + dt.timedelta(days=1), last + dt.timedelta(days=1))
    # The keyboard is somewhere.
    await expect(page.locator("#days-title")).to_be_focused()

    await row.get_by_role("button", name="عد إلى التقويم").click()
    await confirm(page)
    await close(page)
    await expect(row).to_contain_text("بالتقويم")
    assert plain(await row.inner_text()) == before
    assert await declared(service) == []


async def test_the_hours_of_a_centre_move_who_would_stand_before_a_closed_door(page: Page, service: Service) -> None:
    day = day_ahead(90)
    evening = await sits(service, at(day, 20), 2)
    await sits(service, at(day + dt.timedelta(days=1), 9), 2)
    booked = await books(service, evening, at(day, 20), "عينة: مساء", AtKiosk(KioskId("badr-1")))
    await open_planning(page, service, "centres")
    row = page.locator("#centres-list .plan").filter(has=page.get_by_text("مركز الاستقبال بمحافظة بدر", exact=True))
    await row.get_by_role("button", name="الساعات").click()
    assert "بدر" in await page.inner_text("#hours-title")
    for number in range(7):
        await page.fill(f"#hours_week_{number}", "٠٧:٣٠ – ١٢:٠٠، 13-18:30")
        await page.fill(f"#hours_ramadan_{number}", "7:30-18:30")
    await page.fill("#hours_week_3", "من الصباح")
    preview = page.locator("#hours-form button.button-primary")
    await preview.click()
    await expect(page.locator("#hours-problem")).to_contain_text("أحد الأسطر لا يُقرأ")
    await expect(page.locator("#hours_week_3")).to_be_focused()
    await expect(page.locator("#hours_week_3")).to_have_attribute("aria-invalid", "true")
    await expect(page.locator("#hours_week_3")).to_have_value("من الصباح")
    await page.fill("#hours_week_3", "")
    await preview.click()
    await expect(affected(page, "عينة: مساء")).to_be_visible()
    await close(page)
    await expect(page.locator("#hours_week_0")).to_have_value("٠٧:٣٠ – ١٢:٠٠، 13-18:30")
    await page.fill("#hours_week_3", "7:30-18:30")
    await preview.click()
    await confirm(page)
    await close(page)
    await expect(page.locator("#hours-dialog")).to_be_hidden()
    await expect(page.locator("#centres-title")).to_be_focused()
    await expect(row).not_to_contain_text("24:00")
    assert "من 07:30 إلى 12:00" in plain(await row.inner_text())
    hours = (await centre(service, BADR_CENTRE)).hours
    assert hours.week[0] == (Span(dt.time(7, 30), dt.time(12)), Span(dt.time(13), dt.time(18, 30)))
    assert hours.week[3] == (Span(dt.time(7, 30), dt.time(18, 30)),)
    assert (await service.audience(booked.id)).slot_starts_at == at(day + dt.timedelta(days=1), 9)


async def test_pauses_for_prayer_are_kept_in_minutes(page: Page, service: Service) -> None:
    await open_planning(page, service, "centres")
    row = page.locator("#centres-list .plan").first
    await expect(row).to_contain_text("مقر الاستقبال")
    await row.get_by_role("button", name="وقفات الصلاة").click()
    await page.fill("#pause_isha_before_minutes", "خمس")
    preview = page.locator("#pauses-form button.button-primary")
    await preview.click()
    await expect(page.locator("#pauses-problem")).to_contain_text("اكتب رقمًا")
    await expect(page.locator("#pause_isha_before_minutes")).to_be_focused()
    for part, minutes in (("before", "٥"), ("iqama", "۲۰"), ("pause", "15")):
        await page.fill(f"#pause_isha_{part}_minutes", minutes)
    await preview.click()
    await confirm(page)
    await close(page)
    pause = PrayerPause(dt.timedelta(minutes=20), dt.timedelta(minutes=15), before=dt.timedelta(minutes=5))
    assert (await emirate(service)).pauses[Prayer.ISHA] == pause
    await row.get_by_role("button", name="وقفات الصلاة").click()
    await expect(page.locator("#pause_isha_iqama_minutes")).to_have_value("20")


async def test_a_portable_centre_is_added_and_given_its_route(page: Page, service: Service) -> None:
    sooner, later = day_ahead(10), day_ahead(20)  # once: midnight may pass meanwhile
    await open_planning(page, service, "centres")
    await page.fill("#centre_name", "عينة: متنقل وادي الفرع")
    await page.select_option("#centre_governorate", "wadi-alfara")
    await page.select_option("#centre_kind", "temporary")
    await page.fill("#centre_latitude", "شمال")
    await page.fill("#centre_longitude", "٣٩٫٧")
    add = page.locator("#centre-form button.button-primary")
    await add.click()
    await expect(page.locator("#centre_latitude-error")).to_have_text("اكتب رقمًا.")
    await expect(page.locator("#centre_latitude")).to_be_focused()
    await page.fill("#centre_latitude", "٢٣٫٤")
    await add.click()
    # One for a while needs its days.
    await expect(page.locator("#centre_opens_on-error")).to_be_visible()
    await page.select_option("#centre_kind", "portable")
    await page.fill("#centre_opens_on", typed(day_ahead(5)))
    await page.fill("#centre_closes_on", typed(day_ahead(300)))
    await add.click()
    await expect(page.locator(".toast", has_text="أضيف المركز")).to_be_visible()
    await expect(page.locator("#centre_opens_on-read")).to_be_empty()
    row = page.locator("#centres-list .plan", has_text="عينة: متنقل وادي الفرع")
    await expect(row).to_contain_text("متنقل")
    await expect(row).to_contain_text("بلا محطات")

    await row.get_by_role("button", name="خط السير").click()
    await expect(page.locator("#stops-title")).to_be_focused()
    stop = page.locator("#stop-form .button", has_text="أضف محطة")
    await page.fill("#stop_place", "قرية أبو ضباع")
    await page.fill("#stop_on", "31/4/2027")
    await page.fill("#stop_latitude", "٢٣٫٤٥")
    await page.fill("#stop_longitude", "39.7")
    await stop.click()
    await expect(page.locator("#stop_on-error")).to_contain_text("لا يوجد يوم بهذا التاريخ")
    await expect(page.locator("#stop_on")).to_have_value("31/4/2027")
    await page.fill("#stop_on", typed(later))
    await stop.click()
    await expect(page.locator("#stops-list .plan")).to_have_count(1)
    await page.fill("#stop_on", typed(sooner))
    await page.fill("#stop_place", "حي النهضة")
    await page.check("#stop_home")
    await stop.click()
    # In the order of the days, whatever the order in which they were written.
    await expect(page.locator("#stops-list .plan-name")).to_have_text(["حي النهضة", "قرية أبو ضباع"])
    await page.click("#stops-preview")
    await expect(page.locator("#consequences")).to_be_visible()
    await close(page)
    await expect(page.locator("#stops-list .plan")).to_have_count(2)
    await page.click("#stops-preview")
    await confirm(page)
    await close(page)
    await expect(page.locator("#stops-dialog")).to_be_hidden()
    await expect(row).to_contain_text("محطتان")
    async with service.units() as units, units(reading=True) as work:
        (added,) = [each for each in await work.centres.all() if each.name.arabic == "عينة: متنقل وادي الفرع"]
    assert (added.kind, added.coordinates.latitude, added.coordinates.longitude) == (CentreKind.PORTABLE, 23.4, 39.7)
    assert [(each.on, each.home) for each in added.stops] == [(sooner, True), (later, False)]
    assert added.stops[1].coordinates.latitude == 23.45


async def test_the_page_speaks_english(browser: Browser, service: Service) -> None:
    day = day_ahead(120)
    booked = await books(service, await sits(service, at(day, 9), 2), at(day, 9), "عينة: بالإنجليزية")
    async with a_page(browser, "Europe/London") as page:
        await page.context.add_cookies([{"name": "tawasul_language", "value": "en", "url": service.address}])
        await open_planning(page, service, "closures")
        await expect(page.locator("html")).to_have_attribute("dir", "ltr")
        await page.select_option("#closure_reason", "maintenance")
        await page.fill("#closure_day", f"{day:%Y-%m-%d}")
        assert f"{day.day} {day:%B} {day.year}" in plain(await page.inner_text("#closure_day-read"))
        await page.fill("#closure_opens", "09:00")
        await page.fill("#closure_closes", "09:10")
        await page.click("#closure-form button.button-primary")
        await expect(page.locator("#consequences-lead")).to_have_text("One citizen’s time is affected.")
        await expect(affected(page, "عينة: بالإنجليزية")).to_contain_text(re.compile(r"9:10\W* am"))
        await page.get_by_role("button", name="Do it, and move one time").click()
        await expect(page.locator("#consequences-title")).to_contain_text("Done:")
        await expect(page.locator("#consequences-lead")).to_have_text("A desk has the task to tell one citizen.")
        await page.get_by_role("button", name="Close", exact=True).click()
        await page.locator("#closures-list").get_by_role("button", name="Remove").click()
        await expect(page.locator("#closures-empty")).to_be_visible()
    assert (await service.audience(booked.id)).slot_starts_at == at(day, 9, 10)
