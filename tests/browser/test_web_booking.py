"""The citizen's own booking, in Chromium over the running service: look, another time, give up, take that back."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect
from support.desk import AT_BADR, AT_HOME, Json
from support.served_office import ServedOffice, a_served_office

from tawasul.domain.audience import State

pytestmark = pytest.mark.asyncio(loop_scope="module")

SLOT = timedelta(minutes=20)
LARGE = 56
"""CSS pixels: what an unsteady finger hits."""


class Own(NamedTuple):
    """A booking at ten tomorrow, in a sitting of four slots."""

    sitting: Json
    audience: Json
    link: str


@pytest_asyncio.fixture(loop_scope="module")
async def served(tmp_path: Path) -> AsyncIterator[ServedOffice]:
    async with a_served_office(tmp_path) as served:
        yield served


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, served: ServedOffice) -> AsyncIterator[Page]:
    async with served.browser_of(browser) as page:
        await page.set_viewport_size({"width": 390, "height": 844})
        yield page


@pytest_asyncio.fixture(loop_scope="module")
async def own(served: ServedOffice) -> Own:
    office = served.office
    sitting = await office.sits(office.tomorrow, slots=4)
    hold = await office.holds(office.badr, sitting, office.tomorrow, AT_BADR)
    booked = (await office.badr.books(await office.badr.registers(7), hold)).json()
    return Own(sitting, booked["audience"], f"{served.address}{path_of(booked['booking_link'])}")


def path_of(link: str) -> str:
    """Without the host that citizens know."""
    return "/booking#" + link.partition("#")[2]


@pytest.mark.parametrize(
    ("language", "place", "day"),
    [("ar", "مركز بدر", r"الموافق\W+8\W+فبراير\W+2026"), ("en", "Badr centre", r"8\W+February\W+2026")],
)
async def test_looking_shows_when_and_where_names_nobody_and_changes_nothing(
    browser: Browser,
    served: ServedOffice,
    own: Own,
    caplog: pytest.LogCaptureFixture,
    language: str,
    place: str,
    day: str,
) -> None:
    caplog.set_level("INFO")
    asked: list[str] = []
    async with served.browser_of(browser, language, "Pacific/Auckland") as page:
        page.on("request", lambda request: asked.append(f"{request.url} {request.headers}"))
        await page.goto(own.link)
        await expect(page.locator("#booked-time")).to_have_text(re.compile(r"10:00\W*(صباحًا|am)"))
        await expect(page.locator("#booked-day")).to_have_text(re.compile(day))
        await expect(page.locator("#booked-place")).to_have_text(place)
        await expect(page.locator("#booked-reference")).to_have_text(own.audience["reference"])
        await page.click("#booking-change")
        await expect(page.locator(".times-slot").first).to_have_text(re.compile("10:20"))
        words = await page.inner_text("body")
    assert "عينة" not in words
    audience = await served.office.audience(own.audience["id"])
    assert (audience.state, audience.version) == (State.BOOKED, own.audience["version"])
    token = own.link.partition("#")[2]
    for heard in [*asked, caplog.text]:
        assert token not in heard.replace(own.link, ""), "only the browser knows the link"


async def test_another_time_is_chosen_though_somebody_is_quicker(page: Page, served: ServedOffice, own: Own) -> None:
    office = served.office
    await page.goto(own.link)
    await page.click("#booking-change")
    times = page.locator(".times-slot")
    await expect(times).to_have_count(3)
    await office.books(office.badr, 8, own.sitting, office.tomorrow + SLOT, AT_HOME)
    await times.first.click()
    await expect(page.locator("#times-problem")).to_be_visible()
    await expect(times).to_have_count(2)
    assert (await office.audience(own.audience["id"])).slot_starts_at == office.tomorrow
    await times.first.click()
    await expect(page.locator("#booked-moved")).to_contain_text("تغيّر موعدك")
    await expect(page.locator("#booked-time")).to_have_text(re.compile("10:40"))
    await expect(page.locator("#booked-reference")).to_have_text(own.audience["reference"])
    assert (await office.audience(own.audience["id"])).slot_starts_at == office.tomorrow + 2 * SLOT
    await page.reload()
    await expect(page.locator("#booked-time")).to_have_text(re.compile("10:40"))


async def test_one_who_cannot_come_is_asked_gives_up_and_takes_it_back(
    page: Page, served: ServedOffice, own: Own
) -> None:
    async def state() -> State:
        return (await served.office.audience(own.audience["id"])).state

    await page.goto(own.link)
    await page.click("#booking-cancel")
    await expect(page.locator("#sure-when")).to_contain_text("10:00")
    await page.click("#sure-no")
    await expect(page.locator("#booked-title")).to_be_visible()
    assert await state() is State.BOOKED
    await page.click("#booking-cancel")
    await page.click("#sure-yes")
    await expect(page.locator("#given-up-until")).to_have_text("يمكنك التراجع خلال دقيقة.")
    assert await state() is State.CANCELLED
    await page.click("#given-up-undo")
    await expect(page.locator("#booked-title")).to_be_focused()
    assert await state() is State.BOOKED
    await page.click("#booking-cancel")
    await page.click("#sure-yes")
    await expect(page.locator("#given-up-undo")).to_be_visible()
    await page.clock.fast_forward("01:01")
    await expect(page.locator("#given-up-undo")).to_be_hidden()
    await expect(page.locator("#given-up-until")).to_contain_text("انقضت الدقيقة")
    assert await state() is State.CANCELLED


async def test_a_time_that_somebody_else_took_does_not_come_back(page: Page, served: ServedOffice, own: Own) -> None:
    office = served.office
    await page.goto(own.link)
    await page.click("#booking-cancel")
    await page.click("#sure-yes")
    await expect(page.locator("#given-up-undo")).to_be_visible()
    await office.books(office.badr, 8, own.sitting, office.tomorrow, AT_HOME)
    await page.click("#given-up-undo")
    await expect(page.locator("#given-up-until")).to_contain_text("صار موعدك لغيرك")
    await expect(page.locator("#given-up-until")).to_contain_text("اتصل بمركز الاستقبال")
    await expect(page.locator("#given-up-problem")).to_be_hidden()
    await expect(page.locator("#given-up-undo")).to_be_hidden()
    await expect(page.locator("#given-up-title")).to_be_focused()
    assert (await office.audience(own.audience["id"])).state is State.CANCELLED


async def test_who_took_it_back_in_another_window_sees_the_booking_here_too(
    page: Page, served: ServedOffice, own: Own
) -> None:
    await page.goto(own.link)
    await page.click("#booking-cancel")
    await page.click("#sure-yes")
    await expect(page.locator("#given-up-undo")).to_be_visible()
    cancelled = await served.office.audience(own.audience["id"])
    answer = await served.office.badr.does("reinstate", own.audience, version=cancelled.version)
    assert answer.status_code == 200
    await page.click("#given-up-undo")
    await expect(page.locator("#booked-title")).to_be_focused()
    await expect(page.locator("#booked-reference")).to_have_text(own.audience["reference"])


async def test_a_reload_in_the_minute_to_take_back_keeps_it(page: Page, served: ServedOffice, own: Own) -> None:
    await page.goto(own.link)
    await page.click("#booking-cancel")
    await page.click("#sure-yes")
    await expect(page.locator("#given-up-undo")).to_be_visible()
    await page.reload()
    await page.click("#given-up-undo")
    await expect(page.locator("#booked-title")).to_be_focused()
    assert (await served.office.audience(own.audience["id"])).state is State.BOOKED
    await page.click("#booking-cancel")
    await page.click("#sure-yes")
    await expect(page.locator("#given-up-undo")).to_be_visible()
    await page.clock.fast_forward("01:01")
    await page.reload()
    await expect(page.locator("#problem-title")).to_be_visible()
    await expect(page.locator("#given-up-undo")).to_be_hidden()


async def test_without_a_line_each_step_says_so_and_can_be_pressed_again(
    page: Page, served: ServedOffice, own: Own
) -> None:
    await page.goto(own.link)
    await expect(page.locator("#booking-change")).to_be_visible()
    await page.context.set_offline(True)
    await page.click("#booking-change")
    await expect(page.locator("#booked-problem")).to_contain_text("تعذّر الوصول إلى الخدمة")
    await page.click("#booking-cancel")
    await page.click("#sure-yes")
    await expect(page.locator("#sure-problem")).to_contain_text("تعذّر الوصول إلى الخدمة")
    assert (await served.office.audience(own.audience["id"])).state is State.BOOKED
    await page.context.set_offline(False)
    await page.click("#sure-yes")
    await expect(page.locator("#given-up-title")).to_be_focused()


async def test_close_to_the_time_it_can_only_be_looked_at(page: Page, served: ServedOffice, own: Own) -> None:
    office = served.office
    await office.passes(office.tomorrow - office.now - timedelta(minutes=59))
    await page.goto(own.link)
    await expect(page.locator("#booking-fixed")).to_be_visible()
    await expect(page.locator("#booking-change")).to_be_hidden()
    await expect(page.locator("#booking-cancel")).to_be_hidden()


async def test_a_forged_link_or_one_that_is_over_opens_nothing(page: Page, served: ServedOffice, own: Own) -> None:
    address, _, token = own.link.partition("#")
    forged = ("A" if token[0] != "A" else "B") + token[1:]
    for wrong in (f"{address}#{forged}", address, f"{served.address}/offer#{token}"):
        await page.goto("about:blank")
        await page.goto(wrong)
        await expect(page.locator("#problem-title")).to_have_text("لم نتمكن من فتح الرابط")
        await expect(page.locator("#problem-again")).to_be_hidden()
    assert (await served.office.audience(own.audience["id"])).version == own.audience["version"]
    await served.office.badr.does("cancel", own.audience)
    await page.goto("about:blank")
    await page.goto(own.link)
    await expect(page.locator("#problem-text")).not_to_be_empty()


async def test_what_is_pressed_is_large(page: Page, own: Own) -> None:
    await page.goto(own.link)
    await page.click("#booking-change")
    await expect(page.locator(".times-slot").first).to_be_visible()
    for target in await page.locator(".times-slot:visible, #times-back, .times-day > summary").all():
        box = await target.bounding_box()
        assert box is not None
        assert box["height"] >= LARGE
        assert box["width"] >= 2 * LARGE
    await page.click("#times-back")
    for target in await page.locator(".booking-actions .button:visible").all():
        box = await target.bounding_box()
        assert box is not None
        assert box["height"] >= LARGE
        assert box["width"] >= 5 * LARGE
