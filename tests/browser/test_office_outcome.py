"""A directive with its agency, from the console in Chromium over the running service; the card of who comes next."""

import asyncio
import datetime as dt

import pytest
from playwright.async_api import Route, expect
from support.call_walk import Person, call_next
from support.endpoints import signed_in
from support.service import Service

from tawasul.domain.agency import Agency, AgencyId
from tawasul.domain.audience import AudienceId, State
from tawasul.domain.case import Case
from tawasul.domain.case_state import CaseState, OwnerKind
from tawasul.domain.outcome import Directive, Urgency
from tawasul.domain.riyadh import day_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

WORDS = "تُصلح شبكة القرية"


async def heard(office: Person, citizen: Person) -> None:
    """The call is over; the outcome is to be written."""
    await call_next(office, citizen)
    await office.page.click("#hang-up")
    await office.page.click("#hang-up-confirm")
    await expect(office.page.locator("#office")).to_have_attribute("data-state", "heard")


async def outcome(service: Service, citizen: Person) -> Directive:
    """What the database holds of it."""
    audience = await service.audience(citizen.invited.audience_id)
    assert audience.state is State.CONCLUDED
    assert isinstance(audience.outcome, Directive)
    return audience.outcome


async def case_of(service: Service, citizen: Person) -> Case:
    async with asyncio.timeout(20), service.units() as units:
        while True:
            async with units(reading=True) as work:
                case = await work.cases.of_audience(AudienceId(citizen.invited.audience_id))
            if case is not None:
                return case
            # Another process opens it: nothing of it can be awaited here.
            await asyncio.sleep(0.1)


async def stands(service: Service, citizen: Person, state: CaseState, owner: OwnerKind) -> None:
    """Its case comes to this by the events of the audience."""
    async with asyncio.timeout(20):
        while True:
            case = await case_of(service, citizen)
            if (case.state, case.owner) == (state, owner):
                return
            # Another process brings it there: nothing of it can be awaited here.
            await asyncio.sleep(0.05)


async def closes(service: Service, agency_id: str, on: dt.date | None) -> Agency:
    async with service.units() as units, units() as work:
        kept = await work.agencies.get(AgencyId(agency_id))
        await work.agencies.put(Agency(kept.id, kept.name, kept.acceptance_days, kept.answer_days, on))
        await work.commit()
    return kept


async def test_a_secretary_writes_it_by_keyboard_alone_and_it_reaches_the_case(
    service: Service, office: Person, citizen: Person
) -> None:
    page, press = office.page, office.page.keyboard.press
    await call_next(office, citizen)
    await page.evaluate("document.activeElement.blur()")
    await press("d")
    await expect(page.locator("#directive")).to_be_focused()
    await page.keyboard.type(WORDS)
    await press("Tab")
    await expect(page.locator("#outcome-agency")).to_be_focused()
    await expect(page.locator("#outcome-terms")).to_be_hidden()
    await page.keyboard.type("المياة الوطنيه")
    await expect(page.locator("#outcome-agency-list li")).to_have_count(1)
    # Who leaves the field with one left has chosen that one.
    await press("Tab")
    await expect(page.locator("#outcome-terms")).to_be_visible()
    chosen = await page.input_value("#outcome-agency")
    assert "المياه الوطنية" in chosen
    await expect(page.locator("#outcome-due-hint")).to_contain_text("مهلة الجهة المعتادة")
    await page.locator("input[name=outcome_urgency]:checked").focus()
    await press("ArrowLeft")
    await press("Tab")
    await expect(page.locator("#outcome-due")).to_be_focused()
    await page.keyboard.type("1/1/1447")
    await press("Control+Enter")
    await expect(page.locator("#outcome-due-error")).to_have_text("اختر يومًا بعد اليوم.")
    await expect(page.locator("#outcome-due")).to_be_focused()
    await page.keyboard.press("Control+a")
    await page.keyboard.type("٢٥ رمضان ١٤٤٩")
    await expect(page.locator("#outcome-due-error")).to_be_hidden()

    # A reload loses nothing of it, and the call goes on.
    await page.reload()
    await asyncio.gather(office.stage("in-call"), citizen.stage("in-call"))
    await page.evaluate("document.activeElement.blur()")
    await press("d")
    await expect(page.locator("#directive")).to_have_value(WORDS)
    await expect(page.locator("#outcome-agency")).to_have_value(chosen)
    await expect(page.locator("input[name=outcome_urgency][value=urgent]")).to_be_checked()
    await expect(page.locator("#outcome-due")).to_have_value(
        "٢٥ رمضان ١٤٤٩".translate(str.maketrans("١٢٣٤٥٩", "123459"))
    )
    await press("Control+Enter")
    await expect(page.locator("#office")).to_have_attribute("data-state", "idle")
    written = await outcome(service, citizen)
    assert (written.wording.reveal(), written.agency_id, written.urgency) == (WORDS, "water", Urgency.URGENT)
    assert written.due_on == dt.date(2028, 2, 21)
    assert await page.evaluate("sessionStorage.length") == 0, "the draft is gone with the outcome"
    await stands(service, citizen, CaseState.PROPOSED, OwnerKind.DESK)


async def test_without_an_agency_it_is_left_to_the_office_and_comes_on_its_agenda(
    service: Service, office: Person, citizen: Person
) -> None:
    await heard(office, citizen)
    page = office.page
    await page.select_option("#outcome-wording", label="دراسة وإفادة")
    await expect(page.locator("#directive")).to_have_value(
        "يُوجَّه بدراسة الطلب من الجهة المختصة والإفادة بمرئياتها وما يمكن عمله."
    )
    await expect(page.locator("#directive")).to_be_focused()
    await page.keyboard.type(" خلال شهر.")
    await page.fill("#outcome-agency", "ليست جهة")
    await page.click("#conclude-directive")
    await expect(page.locator("#outcome-agency-error")).to_have_text("اختر الجهة من القائمة.")
    await page.fill("#outcome-agency", "")
    await page.click("#conclude-directive")
    await expect(page.locator("#office")).to_have_attribute("data-state", "idle")
    written = await outcome(service, citizen)
    assert (written.agency_id, written.due_on) == (None, None)
    assert written.wording.reveal().endswith("خلال شهر.")
    await stands(service, citizen, CaseState.RECEIVED, OwnerKind.OFFICE)
    client, _ = await signed_in(service, "office")
    waiting = (await client.get("/api/office/agenda")).json()["waiting"]
    await client.aclose()
    assert (await case_of(service, citizen)).id in [each["id"] for each in waiting]


async def test_an_agency_that_has_closed_meanwhile_is_refused_and_the_words_stay(
    service: Service, office: Person, citizen: Person
) -> None:
    await heard(office, citizen)
    page = office.page
    await page.fill("#directive", WORDS)
    await page.fill("#outcome-agency", "مياه وطنية")
    await page.press("#outcome-agency", "Enter")
    await expect(page.locator("#outcome-terms")).to_be_visible()
    await closes(service, "water", day_of(dt.datetime.now(dt.UTC)))
    try:
        await page.click("#conclude-directive")
        await expect(page.locator("#outcome-agency-error")).to_contain_text("لا تُحال معاملات إلى هذه الجهة")
        await expect(page.locator("#directive")).to_have_value(WORDS)
        await expect(page.locator("#conclude-directive")).to_be_enabled()
    finally:
        await closes(service, "water", None)
    await page.click("#conclude-directive")
    await expect(page.locator("#office")).to_have_attribute("data-state", "idle")
    assert (await outcome(service, citizen)).agency_id == "water"


async def test_a_server_that_knows_no_agencies_is_written_to_as_before(
    service: Service, office: Person, citizen: Person
) -> None:
    async def unknown(route: Route) -> None:
        await route.fulfill(status=404, content_type="application/problem+json", body='{"code": "not-found"}')

    said: list[str] = []
    page = office.page
    await page.route("**/api/office/agencies", unknown)
    await page.route("**/api/office/audiences/*/card", unknown)
    page.on("websocket", lambda line: line.on("framesent", lambda frame: said.append(str(frame))))
    await page.reload()
    await expect(page.locator("#office")).to_have_attribute("data-line", "up")
    await heard(office, citizen)
    await expect(page.locator("#outcome-directing")).to_be_hidden()
    await expect(page.locator("#outcome-wording")).to_be_hidden()
    await page.fill("#directive", WORDS)
    await page.click("#conclude-directive")
    await expect(page.locator("#office")).to_have_attribute("data-state", "idle")
    assert (await outcome(service, citizen)).wording.reveal() == WORDS
    (concluding,) = [each for each in said if '"conclude"' in each]
    assert "agency_id" not in concluding


async def test_the_card_of_who_comes_next_stands_beside_the_console_and_is_put_away_by_a_key(
    service: Service, office: Person, citizen: Person
) -> None:
    page = office.page
    number = (await case_of(service, citizen)).number.text
    card = page.locator("#office-card")
    await expect(card).to_contain_text(citizen.invited.name)
    await expect(card).to_contain_text("التالي")
    await expect(card).to_contain_text(number, timeout=15_000)
    await page.evaluate("document.activeElement.blur()")
    await page.keyboard.press("c")
    await expect(card).to_be_hidden()
    await expect(page.locator("#show-next-card")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(card).to_be_visible()
    await expect(page.locator("#close-card")).to_be_focused()
    await call_next(office, citizen)
    await expect(page.locator(".office-nav")).to_be_hidden()
    await expect(card).to_be_visible()
    await expect(page.locator("#open-card")).to_have_attribute("aria-expanded", "true")
    await page.click("#open-outcome")
    await expect(card).to_be_hidden()
    await page.click("#close-outcome")
    await expect(card).to_contain_text(number)
    await page.click("#hang-up")
    await page.click("#hang-up-confirm")
    await expect(page.locator("#office")).to_have_attribute("data-state", "heard")
    await expect(card).to_be_visible()
    await expect(page.locator("#outcome")).to_be_visible()
    async with service.units() as units, units() as work:
        await work.audit.link_next(10_000)
        await work.commit()
    async with service.units() as units, units(reading=True) as work:
        opened = [link async for link in work.audit.chained() if link.action == "opened-case"]
    mine = (await case_of(service, citizen)).id
    assert [link.subject_id for link in opened].count(mine) == 1, "it is asked for once, and noted once"
