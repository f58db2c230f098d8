"""The citizen's answer to an offer, in Chromium over the running service: yes, no, too late, twice, by a wrong link."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect
from support.served_office import ServedOffice, a_served_office

from tawasul.domain.audience import State
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


async def an_offer(served: ServedOffice, number: int = 2, days: int = 0) -> tuple[str, str]:
    """A time of a new sitting, offered to whoever waits first; the offer's id and its link."""
    office = served.office
    if number not in served.known:
        served.known.add(number)
        await office.waits(office.badr, number)
    await office.sits(office.tomorrow + timedelta(days=days), slots=1)
    while not (offers := await office.offers(office.badr)):
        await office.turn()
    (offer,) = offers.values()
    return offer["id"], f"{served.address}/offer#{await office.token(offer['id'])}"


@pytest.mark.parametrize(
    ("language", "left", "yes", "title"),
    [
        ("ar", "محفوظ لك", "نعم، أريده", "تم حجز موعدك"),
        ("en", "Kept for you", "Yes, I want it", "Your appointment is booked"),
    ],
)
async def test_looking_changes_nothing_and_yes_books_it(
    browser: Browser,
    served: ServedOffice,
    caplog: pytest.LogCaptureFixture,
    language: str,
    left: str,
    yes: str,
    title: str,
) -> None:
    caplog.set_level("INFO")
    id, link = await an_offer(served)
    before = await served.kept()
    token = link.partition("#")[2]
    asked: list[str] = []
    async with served.browser_of(browser, language, "Pacific/Auckland") as page:
        page.on("request", lambda request: asked.append(f"{request.url} {request.headers}"))
        await page.goto(link)
        await expect(page.locator("#offer-left")).to_contain_text(left)
        await expect(page.locator("#booked-time")).to_have_text(re.compile(r"10:00\W*(صباحًا|am)"))
        await page.reload()
        await expect(page.locator("#offer-yes")).to_be_visible()
        assert await served.kept() == before, "opening it is no answer"
        await page.get_by_role("button", name=yes).click()
        await expect(page.locator("#accepted-title")).to_be_focused()
        await expect(page.locator("#accepted-title")).to_have_text(title)
        reference = await page.inner_text("#accepted-reference")
        await page.click("#offer-booking")
        await expect(page.locator("#booked-reference")).to_have_text(reference)
        await page.goto(link)
        await expect(page.locator("#problem-title")).to_have_text(re.compile("لم يعد هذا العرض|no longer open"))
    assert (await served.offer(id)).state is OfferState.ACCEPTED
    audience = await served.audience(reference)
    assert (audience.state, audience.slot_starts_at) == (State.BOOKED, served.office.tomorrow)
    for heard in [*asked, caplog.text]:
        assert token not in heard.replace(link, ""), "only the browser knows the link"


async def test_no_is_asked_twice_leaves_it_to_others_and_the_third_is_said_to_be_the_last(
    page: Page, served: ServedOffice
) -> None:
    for days, before, words in (
        (0, "ويبقى اسمك", "يبقى اسمك في قائمة الانتظار"),
        (1, "ويبقى اسمك", "يبقى اسمك"),
        (2, "ثالث وقت", "لم يعد اسمك في قائمة الانتظار"),
    ):
        id, link = await an_offer(served, days=days)
        await page.goto("about:blank")
        await page.goto(link)
        await page.click("#offer-no")
        await expect(page.locator("#sure-title")).to_be_focused()
        await expect(page.locator("#sure-text")).to_contain_text(before)
        assert (await served.offer(id)).state is OfferState.OPEN, "a slip is no answer"
        await page.click("#sure-no")
        await expect(page.locator("#offer-title")).to_be_focused()
        await page.click("#offer-no")
        await page.click("#sure-yes")
        await expect(page.locator("#declined-text")).to_contain_text(words)
        assert (await served.offer(id)).state is OfferState.DECLINED
    assert await served.kept() == ([], [])


async def test_when_the_time_to_answer_is_over_there_is_nothing_to_press(page: Page, served: ServedOffice) -> None:
    _, link = await an_offer(served)
    await page.goto(link)
    # Enabled it is from the beginning; visible when the time that is left has begun to be counted.
    await expect(page.locator("#offer-yes")).to_be_visible()
    await page.clock.fast_forward("31:00")
    await expect(page.locator("#offer-left")).to_have_text("انتهت المدة. سيُعرض الوقت على من ينتظر.")
    await expect(page.locator("#offer-yes")).to_be_disabled()
    await expect(page.locator("#offer-no")).to_be_disabled()
    await served.office.passes(timedelta(minutes=31))
    await page.reload()
    await expect(page.locator("#problem-title")).to_have_text("لم يعد هذا العرض متاحًا")


async def test_who_hesitates_until_it_is_over_is_not_asked_any_more(page: Page, served: ServedOffice) -> None:
    _, link = await an_offer(served)
    await page.goto(link)
    await page.click("#offer-no")
    await expect(page.locator("#sure-yes")).to_be_visible()
    await page.clock.fast_forward("31:00")
    await expect(page.locator("#offer-left")).to_have_text("انتهت المدة. سيُعرض الوقت على من ينتظر.")
    await expect(page.locator("#sure-yes")).to_be_hidden()


async def test_answered_on_one_telephone_it_cannot_be_on_another(
    browser: Browser, page: Page, served: ServedOffice
) -> None:
    id, link = await an_offer(served)
    await page.goto(link)
    await expect(page.locator("#offer-yes")).to_be_visible()
    async with served.browser_of(browser) as other:
        await other.goto(link)
        await other.click("#offer-yes")
        await expect(other.locator("#accepted-reference")).to_be_visible()
    await page.click("#offer-no")
    await page.click("#sure-yes")
    await expect(page.locator("#problem-text")).to_have_text("انتهى هذا العرض أو سبق الرد عليه.")
    await expect(page.locator("#offer-yes")).to_be_hidden()
    assert (await served.offer(id)).state is OfferState.ACCEPTED


async def test_a_forged_link_or_one_to_something_else_opens_nothing(page: Page, served: ServedOffice) -> None:
    id, link = await an_offer(served)
    address, _, token = link.partition("#")
    forged = ("A" if token[0] != "A" else "B") + token[1:]
    for wrong in (f"{address}#{forged}", f"{address}#", f"{served.address}/booking#{token}"):
        await page.goto("about:blank")
        await page.goto(wrong)
        await expect(page.locator("#problem-title")).to_have_text("لم نتمكن من فتح الرابط")
        await expect(page.locator("#problem-again")).to_be_hidden()
    assert (await served.offer(id)).state is OfferState.OPEN


async def test_without_a_line_the_answer_is_given_again(page: Page, served: ServedOffice) -> None:
    id, link = await an_offer(served)
    await page.goto(link)
    await expect(page.locator("#offer-yes")).to_be_visible()
    await page.context.set_offline(True)
    await page.click("#offer-yes")
    await expect(page.locator("#offer-problem")).to_contain_text("تعذّر الوصول إلى الخدمة")
    assert (await served.offer(id)).state is OfferState.OPEN
    await page.context.set_offline(False)
    await page.click("#offer-yes")
    await expect(page.locator("#accepted-reference")).to_be_visible()
