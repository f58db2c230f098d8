"""Tickets and the list of the day over the real application: who may have them, what is in them, what is noted."""

import csv
import io
import zipfile
from collections.abc import AsyncIterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

import openpyxl
import pytest
import segno
from support.factories import BADR, YANBU, YANBU_1
from support.papers import Kept, an_audience_is_booked, by_pdfium
from support.store_app import Browser, Service, running_app

from scheduler.papers.ticket import DIGITS
from tawasul.domain.party import Group, Priority, Proof, Relation, Representative
from tawasul.domain.people import Role, StaffId
from tawasul.domain.venue import AtKiosk, InPerson, OwnLocation
from tawasul.store.audit_chain import Link

FIRST, SECOND, THIRD = "X2R-GG9", "THC-K9P", "NYY-N68"


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    async with running_app(tmp_path) as service:
        yield service


@pytest.fixture
async def desk(service: Service) -> Browser:
    return await service.signed_in("badr", Role.DESK, BADR)


async def noted(service: Service, action: str) -> list[Link]:
    async with service.parts.database.unit_of_work(reading=True) as uow:
        links = await uow.audit.by_staff(StaffId("staff-badr"), 100)
    return [link for link in links if link.action == action]


async def booked(service: Service) -> tuple[Kept, Kept, Kept]:
    """Three of Badr: one whose name is a formula, a group, and one who is represented."""
    return (
        await an_audience_is_booked(service, reference=FIRST, name="=cmd|' /C calc'!A0 عينة"),
        await an_audience_is_booked(
            service, reference=SECOND, number=1, venue=OwnLocation(), party=Group.named(name="أهالي القرية", size=12)
        ),
        await an_audience_is_booked(
            service,
            reference=THIRD,
            number=2,
            venue=InPerson(),
            priorities=(Priority.DISABLED, Priority.ELDERLY),
            party=Representative.named(
                name="عينة: فهد",
                national_id="1000000008",
                relation=Relation.AGENT,
                proof=Proof.POWER_OF_ATTORNEY,
                proof_number="441",
                proof_seen=True,
            ),
        ),
    )


async def test_a_ticket_is_a_page_with_a_code_that_the_desk_reads(service: Service, desk: Browser) -> None:
    kept = await an_audience_is_booked(service, reference=FIRST)
    page = await desk.http.get(f"/desk/tickets/{kept.audience.id}", headers={"Accept": "text/html"})
    assert page.status_code == 200, page.text
    assert page.headers["content-type"].startswith("text/html")
    assert FIRST in page.text
    assert "12:00" in page.text  # 09:00 in UTC, on Riyadh's clock
    assert kept.citizen.name.reveal() not in page.text
    assert kept.citizen.national_id.reveal().digits not in page.text
    code = service.parts.tickets._codes.code(kept.audience)
    qr = segno.make(code, error="m", micro=False, boost_error=False)
    assert qr.svg_inline(border=4, omitsize=True, svgclass=None, lineclass=None) in page.text
    answer = await desk.post("/api/desk/tickets/read", code=code)
    assert answer.status_code == 200, answer.text
    assert answer.json()["audience"]["reference"] == FIRST
    assert len(code) == DIGITS


@pytest.mark.parametrize("paper", ["80mm", "a4"])
async def test_a_ticket_is_a_pdf(service: Service, desk: Browser, paper: str) -> None:
    kept = await an_audience_is_booked(service, reference=FIRST)
    answer = await desk.get(f"/api/desk/audiences/{kept.audience.id}/ticket.pdf", paper=paper)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"] == f'attachment; filename="ticket-{FIRST}.pdf"'
    text = by_pdfium(answer.content)
    assert FIRST in text
    assert "سالم" not in text
    assert [entry.subject_id for entry in await noted(service, "printed-ticket")] == [kept.audience.id]


async def test_a_ticket_speaks_the_citizens_language(service: Service, desk: Browser) -> None:
    kept = await an_audience_is_booked(service, reference=FIRST, language="en")
    page = await desk.get(f"/desk/tickets/{kept.audience.id}")
    assert 'lang="ar" dir="rtl"' in page.text  # the page
    assert 'lang="en" dir="ltr" aria-labelledby="ticket-title"' in page.text  # the ticket
    assert "Badr kiosk 1" in page.text


async def test_there_is_no_ticket_for_what_is_over_or_another_desks(service: Service, desk: Browser) -> None:
    kept = await an_audience_is_booked(service, reference=FIRST)
    yanbu = await an_audience_is_booked(
        service, reference=SECOND, number=1, governorate=YANBU, venue=AtKiosk(YANBU_1.id)
    )
    assert (await desk.get(f"/desk/tickets/{yanbu.audience.id}")).status_code == 404
    assert (await desk.get(f"/api/desk/audiences/{yanbu.audience.id}/ticket.pdf")).status_code == 404
    assert (await desk.get(f"/desk/tickets/{kept.audience.id}", paper="a5")).status_code == 422
    assert (await desk.post(f"/api/desk/audiences/{kept.audience.id}/cancel")).status_code == 200
    answer = await desk.get(f"/desk/tickets/{kept.audience.id}")
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert await noted(service, "printed-ticket") == []


async def test_the_list_is_a_csv_that_no_program_takes_for_formulas(service: Service, desk: Browser) -> None:
    first, _, _ = await booked(service)
    answer = await desk.get("/api/desk/day.csv", sitting=service.sitting.id)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert answer.content.count(b"\r\n") == answer.content.count(b"\n") == 4
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert [row[4] for row in rows[1:]] == [FIRST, SECOND, THIRD]
    assert rows[1][:4] == ["2026-02-03", "1447-08-15", "2026-02-03T12:00:00+03:00", "2026-02-03T12:10:00+03:00"]
    assert rows[1][5] == "'=cmd|' /C calc'!A0 عينة"
    assert rows[1][6] == first.citizen.national_id.reveal().last_four
    assert rows[2][9] == "مجموعة من 12 شخصًا"
    assert rows[3][9:11] == ["ينوب عنه عينة: فهد", "من ذوي الإعاقة، كبير السن"]
    assert first.citizen.national_id.reveal().digits not in answer.text
    assert first.audience.subject.reveal() not in answer.text
    (entry,) = await noted(service, "exported-day")
    assert '"form":"csv"' in entry.facts


async def test_the_list_is_a_workbook_from_right_to_left(service: Service, desk: Browser) -> None:
    await booked(service)
    answer = await desk.get("/api/desk/day.xlsx", sitting=service.sitting.id)
    assert answer.status_code == 200, answer.text
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    (sheet,) = book.worksheets
    midnight = datetime.combine(date(2026, 2, 3), time())
    assert sheet.sheet_view.rightToLeft
    assert sheet.freeze_panes == "A2"
    assert sheet["A2"].value == midnight
    assert sheet["C2"].value == midnight + timedelta(hours=12)
    assert (sheet["F2"].value, sheet["F2"].data_type) == ("=cmd|' /C calc'!A0 عينة", "s")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")
        assert all(not name.endswith((".bin", ".vml")) for name in parts.namelist())


async def test_the_list_is_a_pdf(service: Service, desk: Browser) -> None:
    await booked(service)
    answer = await desk.get("/api/desk/day.pdf", sitting=service.sitting.id)
    assert answer.status_code == 200, answer.text
    text = by_pdfium(answer.content)
    for there in (FIRST, SECOND, THIRD, "محافظة بدر", "من ذوي الإعاقة، كبير السن", "15 شعبان 1447هـ"):
        assert there in text


async def test_a_list_holds_the_desks_own_people_alone(service: Service, desk: Browser) -> None:
    await an_audience_is_booked(service, reference=FIRST)
    await an_audience_is_booked(service, reference=SECOND, number=1, governorate=YANBU, venue=AtKiosk(YANBU_1.id))
    for form in ("csv", "xlsx", "pdf"):
        answer = await desk.get(f"/api/desk/day.{form}")
        assert answer.status_code == 200, answer.text
    assert SECOND not in (await desk.get("/api/desk/day.csv")).text
    assert (await desk.get("/api/desk/day.csv", sitting="nothing")).status_code == 404


async def test_an_empty_list_is_a_list(service: Service, desk: Browser) -> None:
    assert "لا مواعيد" in by_pdfium((await desk.get("/api/desk/day.pdf")).content)
    book = openpyxl.load_workbook(io.BytesIO((await desk.get("/api/desk/day.xlsx")).content))
    assert book.worksheets[0].max_row == 1
    assert len((await desk.get("/api/desk/day.csv")).content.splitlines()) == 1
