"""The desk's tasks, in Chromium over the running service: taken, given back, done, undone; two clerks at once."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect
from support.desk import AT_HOME
from support.factories import BADR
from support.served_office import ServedOffice, a_served_office

from tawasul.domain.audience import AudienceId
from tawasul.domain.people import Role
from tawasul.domain.task import Task, TaskId, TaskKind

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def served(tmp_path: Path) -> AsyncIterator[ServedOffice]:
    async with a_served_office(tmp_path) as served:
        await served.office.service.hire("badr-2", Role.DESK, BADR)
        yield served


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, served: ServedOffice) -> AsyncIterator[Page]:
    async with served.browser_of(browser) as page:
        yield page


@pytest_asyncio.fixture(loop_scope="module")
async def other(browser: Browser, served: ServedOffice) -> AsyncIterator[Page]:
    """A second clerk's of the same desk."""
    async with served.browser_of(browser) as page:
        yield page


async def with_tasks(served: ServedOffice, *kinds: TaskKind) -> str:
    """These tasks about a citizen with a time tomorrow, each due an hour after the one before; the time's reference."""
    office = served.office
    sitting = await office.sits(office.tomorrow, slots=1)
    audience = await office.books(office.badr, 7, sitting, office.tomorrow, AT_HOME)
    async with office.service.parts.database.unit_of_work() as uow:
        for number, kind in enumerate(kinds):
            due_at = office.now + timedelta(hours=number - 1, minutes=30)
            await uow.tasks.add(Task(TaskId(kind.value), kind, BADR.id, AudienceId(audience["id"]), office.now, due_at))
        await uow.commit()
    reference: str = audience["reference"]
    return reference


async def kept(served: ServedOffice, kind: TaskKind) -> Task:
    """As the database has it."""
    async with served.office.service.parts.database.unit_of_work(reading=True) as uow:
        return await uow.tasks.get(TaskId(kind.value))


def row(page: Page, kind: TaskKind) -> Locator:
    """Of that task, where it is shown."""
    return page.locator(f".task[data-id={kind.value}]")


TELL, PROOF = TaskKind.TELL_OF_NEW_TIME, TaskKind.CHECK_PROOF


async def test_nothing_is_to_be_done(page: Page, served: ServedOffice) -> None:
    await served.desk(page, "/desk/tasks")
    await expect(page.locator("#tasks-empty")).to_contain_text("لا توجد مهام الآن")
    await expect(page.locator("#done")).to_be_hidden()
    await expect(page.locator("#nav-tasks-count")).to_be_hidden()


async def test_what_is_overdue_comes_first_with_whom_to_call(page: Page, served: ServedOffice) -> None:
    reference = await with_tasks(served, TELL, PROOF)
    await served.desk(page, "/desk/tasks")
    first = page.locator("#tasks-list .task").first
    await expect(first).to_contain_text("اتصل وأخبره بموعده الجديد")
    await expect(first).to_contain_text("تأخرت")
    await expect(first).to_contain_text(reference)
    await expect(first).to_contain_text("10:00")
    call = first.get_by_role("link")
    await expect(call).to_have_text("0500000007")
    await expect(call).to_have_attribute("href", "tel:+966500000007")
    await expect(row(page, PROOF)).not_to_contain_text("تأخرت")
    await expect(page.locator("#nav-tasks-count")).to_have_text("2")


async def test_what_one_clerk_takes_and_gives_back_the_other_sees_by_itself(
    page: Page, other: Page, served: ServedOffice
) -> None:
    await with_tasks(served, TELL, PROOF)
    await served.desk(page, "/desk/tasks")
    await served.desk(other, "/desk/tasks", "badr-2")
    await row(page, TELL).get_by_role("button", name="أتولّاها").click()
    await expect(row(page, TELL)).to_contain_text("تولّيتها أنت")
    await expect(row(other, TELL)).to_contain_text("تولّاها")
    await expect(row(other, TELL).get_by_role("button")).to_have_count(0)
    await other.locator("#tasks-filter label", has_text="مهامي").click()
    await expect(other.locator("#tasks-empty")).to_be_visible()
    await page.locator("#tasks-filter label", has_text="مهامي").click()
    await expect(page.locator("#tasks-list .task")).to_have_count(1)
    await row(page, TELL).get_by_role("button", name="أعدها للجميع").click()
    await expect(page.locator("#tasks-empty")).to_be_visible()
    await other.locator("#tasks-filter label", has_text="كل المفتوحة").click()
    await expect(row(other, TELL).get_by_role("button")).to_have_count(2)
    assert (await kept(served, TELL)).owner is None


@pytest.mark.parametrize(
    ("language", "done", "undo"),
    [("ar", "أُنجزت", "تراجع"), ("en", "Done", "Undo")],
)
async def test_done_with_a_note_and_undone(
    browser: Browser, served: ServedOffice, language: str, done: str, undo: str
) -> None:
    await with_tasks(served, TELL)
    async with served.browser_of(browser, language) as page:
        await served.desk(page, "/desk/tasks")
        await row(page, TELL).get_by_role("button", name=done, exact=True).click()
        await expect(page.locator("#done-note")).to_be_focused()
        await page.keyboard.type("ردّ وشكر")
        await page.click("#done-confirm")
        await expect(page.locator("#tasks-empty")).to_be_visible()
        await expect(page.locator("#done-count")).to_have_text("1")
        await page.locator("#done summary").click()
        await expect(row(page, TELL)).to_contain_text("ردّ وشكر")
        task = await kept(served, TELL)
        assert task.note is not None
        assert (task.done_at, task.note.reveal()) == (served.office.now, "ردّ وشكر")
        await page.locator(".toast").get_by_role("button", name=undo).click()
        await expect(page.locator("#tasks-list .task")).to_have_count(1)
        await expect(page.locator("#done")).to_be_hidden()
    assert (await kept(served, TELL)).done_at is None


async def test_who_was_slower_is_told_and_the_note_stays(page: Page, other: Page, served: ServedOffice) -> None:
    await with_tasks(served, TELL)
    await served.desk(page, "/desk/tasks")
    await served.desk(other, "/desk/tasks", "badr-2")
    await row(page, TELL).get_by_role("button", name="أُنجزت", exact=True).click()
    await page.fill("#done-note", "اتصلت به ولم يرد")
    await row(other, TELL).get_by_role("button", name="أتولّاها").click()
    await expect(row(other, TELL)).to_contain_text("تولّيتها أنت")
    await page.click("#done-confirm")
    await expect(page.locator("#done-problem-text")).not_to_be_empty()
    await expect(page.locator("#done-note")).to_have_value("اتصلت به ولم يرد")
    task = await kept(served, TELL)
    assert (task.owner, task.done_at) == ("staff-badr-2", None)


async def test_a_line_that_is_away_or_a_slip_loses_no_note(page: Page, served: ServedOffice) -> None:
    await with_tasks(served, TELL)
    await served.desk(page, "/desk/tasks")
    done = row(page, TELL).get_by_role("button", name="أُنجزت", exact=True)
    await done.click()
    await page.fill("#done-note", "ملاحظة طويلة")
    await page.keyboard.press("Escape")
    await expect(page.locator("#done-dialog")).to_be_hidden()
    await done.click()
    await expect(page.locator("#done-note")).to_have_value("ملاحظة طويلة")
    await page.context.set_offline(True)
    await page.click("#done-confirm")
    await expect(page.locator("#done-problem")).to_contain_text("تعذّر الوصول إلى الخدمة")
    await expect(page.locator("#done-note")).to_have_value("ملاحظة طويلة")
    await expect(row(page, TELL)).to_have_count(1)
    await page.context.set_offline(False)
    await page.click("#done-confirm")
    await expect(page.locator("#tasks-empty")).to_be_visible()
    note = (await kept(served, TELL)).note
    assert note is not None
    assert note.reveal() == "ملاحظة طويلة"
