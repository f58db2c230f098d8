"""The office's planning page, for the tests in Chromium over the running service."""

import datetime as dt
import itertools
import re
import secrets
import uuid
from zoneinfo import ZoneInfo

from playwright.async_api import Locator, Page, expect
from stdnum import luhn
from support.service import Service

from scheduler.core import reference
from tawasul.domain.audience import Audience, AudienceId
from tawasul.domain.people import Citizen, CitizenId
from tawasul.domain.places import GovernorateId
from tawasul.domain.sitting import Sitting, SittingId
from tawasul.domain.venue import OwnLocation, Venue

RIYADH = ZoneInfo("Asia/Riyadh")
SLOT = dt.timedelta(minutes=10)

_numbers = itertools.count(6_543_210)


def plain(text: str) -> str:
    """Without the marks that isolate numbers and names in a sentence."""
    return re.sub("[\u2066-\u2069]", "", text).strip()


def day_ahead(days: int) -> dt.date:
    """The day in Riyadh so many days from now."""
    return dt.datetime.now(RIYADH).date() + dt.timedelta(days=days)


def typed(day: dt.date) -> str:
    """As people type it: the day first."""
    return f"{day.day}/{day.month}/{day.year}"


def at(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    """A moment of Riyadh's clock, in UTC."""
    return dt.datetime.combine(day, dt.time(hour, minute), RIYADH).astimezone(dt.UTC)


async def open_planning(page: Page, service: Service, panel: str = "sittings") -> None:
    """Signed in as the office, with a panel of the page before one."""
    await page.goto(f"{service.address}/planning#{panel}")
    if "/sign-in" in page.url:
        await page.fill("#user_name", "office")
        await page.fill("#password", service.password("office"))
        await page.click("#sign-in-button")
        await page.wait_for_url(f"{service.address}/planning*")
        await page.goto(f"{service.address}/planning#{panel}")
    await expect(page.locator(f"[data-panel={panel}]")).to_be_visible()
    await page.wait_for_load_state("networkidle")


async def sits(service: Service, opens_at: dt.datetime, slots: int) -> Sitting:
    """A sitting of so many slots of ten minutes."""
    sitting = Sitting(SittingId(uuid.uuid4().hex), opens_at, opens_at + slots * SLOT, SLOT)
    async with service.units() as units, units() as work:
        await work.sittings.add(sitting)
        await work.commit()
    return sitting


async def books(
    service: Service, sitting: Sitting, starts_at: dt.datetime, name: str, venue: Venue | None = None
) -> Audience:
    """A new citizen of that name, booked from Badr."""
    body = f"1{next(_numbers):08}"
    citizen = Citizen.register(
        CitizenId(uuid.uuid4().hex),
        name=name,
        national_id=body + str(luhn.calc_check_digit(body)),
        mobile="0512345670",
        now=dt.datetime.now(dt.UTC),
    )
    audience = Audience.book(
        AudienceId(uuid.uuid4().hex),
        reference=reference.draw(secrets.token_bytes(reference.RANDOM_BYTES)),
        citizen_id=citizen.id,
        sitting_id=sitting.id,
        slot_starts_at=starts_at,
        slot_ends_at=starts_at + sitting.slot_length,
        venue=venue or OwnLocation(),
        governorate_id=GovernorateId("badr"),
        subject="عينة: موضوع المقابلة",
    )
    async with service.units() as units, units() as work:
        await work.citizens.add(citizen)
        await work.audiences.add(audience)
        await work.commit()
    return audience


def affected(page: Page, name: str) -> Locator:
    """Somebody's row in what a change costs."""
    return page.locator("#consequences-rows tr", has_text=name)


async def confirm(page: Page) -> None:
    """Does what is shown, and waits until it is done."""
    await page.click("#consequences-confirm")
    await expect(page.locator("#consequences-confirm")).to_be_hidden()
    await expect(page.locator("#consequences-title")).to_contain_text("تم:")


async def close(page: Page) -> None:
    """Leaves what was shown."""
    await page.click("#consequences-close")
    await expect(page.locator("#consequences")).to_be_hidden()
