"""What is copied out of the papers is what was written: in Chromium's reader, and in Poppler's, spaces apart."""

import dataclasses
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import segno
from fontTools.ttLib import TTFont
from PIL import Image
from support.factories import BADR, BADR_1, NOW, a_citizen, a_sitting, an_audience
from support.papers import by_pdfium, by_poppler

from scheduler.papers.day_list import DayList
from scheduler.papers.day_pdf import day_pdf
from scheduler.papers.ticket_pdf import ticket_pdf
from scheduler.papers.ticket_words import ticket_text
from scheduler.papers.tickets import Bring, Paper, Ticket, TicketPlace
from tawasul.domain.audience import AudienceId
from tawasul.domain.places import Name
from tawasul.papers.document import Document, as_printed
from tawasul.papers.typeface import FAMILY, Typeface
from tawasul.web.words import LOCALES, words_in

REGION = Name("منطقة المدينة المنورة", "Madinah region")
TICKET = Ticket(
    audience_id=AudienceId("audience-1"),
    reference="X2R-GG9",
    code="31415926535897932384626433832795028841971693993751058",
    starts_at=datetime(2026, 11, 22, 7, 30, tzinfo=UTC),
    ends_at=datetime(2026, 11, 22, 7, 40, tzinfo=UTC),
    place=TicketPlace(
        Name("مركز استقبال محافظة بدر", "Badr reception centre"), Name("كشك بدر 1", "Badr kiosk 1"), BADR.name
    ),
    bring=tuple(Bring),
    group_size=None,
    waits_for_turn=False,
    language="ar",
    printed_at=NOW,
)

LINES = [
    "لا إله إلا الله",
    "إلى الأمير، إلى الآن، وللإصلاح",
    "حتى نوفمبر 2026م",
    "الجهني والحربي والغامدي",
    "احضر قبل الموعد بـ 15 دقيقة، ومعك هويتك الأصلية.",
    "الأحد 12 جمادى الآخرة 1448هـ",
    "K7M-4TP",
    "office file, final offer",
]


@pytest.fixture(scope="module")
def typeface() -> Typeface:
    return Typeface()


def lines_of(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines()]


def close(text: str) -> str:
    """Without spaces: Poppler leaves out that between a number and the Arabic word after it."""
    return "".join(text.split())


@pytest.mark.parametrize("paper", Paper)
@pytest.mark.parametrize("locale", LOCALES)
def test_a_ticket_copies_line_by_line_as_it_is_read(
    typeface: Typeface, tmp_path: Path, paper: Paper, locale: str
) -> None:
    ticket = dataclasses.replace(TICKET, language=locale)
    pdf = ticket_pdf(ticket, paper, REGION, typeface)
    text = ticket_text(ticket, words_in(ticket.language), REGION)
    said = [text.title, text.reference, text.weekday, text.hijri, text.gregorian, text.time, text.time_note]
    copied, poppler = " ".join(lines_of(by_pdfium(pdf))), close(by_poppler(pdf, tmp_path))
    for line in [*said, *text.place, *text.bring, text.scan, text.keep]:
        assert as_printed(line) in copied
        assert close(as_printed(line)) in poppler


def test_words_that_join_their_letters_copy_letter_by_letter(typeface: Typeface, tmp_path: Path) -> None:
    document = Document(typeface, "ar", "سطور", (120, 120), 5)
    document.add_page()
    for line in LINES:
        document.put(line, 11)
    pdf = bytes(document.output())
    assert [line for line in lines_of(by_pdfium(pdf)) if line] == LINES
    poppler = close(by_poppler(pdf, tmp_path))
    assert [line for line in LINES if close(line) not in poppler] == []


def test_the_lists_references_and_names_copy_as_they_are(typeface: Typeface, tmp_path: Path) -> None:
    sitting = a_sitting()
    audiences = []
    for number, (name, reference) in enumerate((("سالم الأحمدي", "X2R-GG9"), ("Khan Abdul", "THC-K9P")) * 12):
        citizen = a_citizen(name=name)
        audiences.append((an_audience(citizen, sitting, number=number % 24, reference=reference), citizen))
    day = DayList(sitting, BADR.name, {BADR_1.id: BADR_1}, tuple(audiences), NOW)
    pdf = day_pdf(day, "ar", typeface)
    copied = lines_of(by_pdfium(pdf))
    assert copied.count("X2R-GG9") == copied.count("THC-K9P") == 12
    assert copied.count("سالم الأحمدي") == copied.count("Khan Abdul") == 12
    assert sum("رقم الموعد" in line for line in copied) >= 2  # on each sheet
    assert pdf.count(b"/Type /Page\n") >= 2


def test_the_changed_typeface_is_as_wide_and_has_another_name(typeface: Typeface) -> None:
    files = typeface.files()
    assert set(files) == {"", "B"}
    for path in files.values():
        with TTFont(path) as font:
            assert font["name"].getDebugName(1) == FAMILY
            assert all(width >= 0 for width, _ in font["hmtx"].metrics.values())


def test_a_scanner_reads_the_printed_code(typeface: Typeface, tmp_path: Path) -> None:
    # No decoder is at hand but the code's own drawing: its squares are looked at where a scanner would.
    (tmp_path / "ticket.pdf").write_bytes(ticket_pdf(TICKET, Paper.SHEET, REGION, typeface))
    subprocess.run(["pdftoppm", "-r", "200", "-gray", "-singlefile", "ticket.pdf", "ticket"], cwd=tmp_path, check=True)
    modules = [list(row) for row in segno.make(TICKET.code, error="m", micro=False, boost_error=False).matrix]
    with Image.open(tmp_path / "ticket.pgm") as page:
        dark = page.point(lambda shade: 255 if shade < 100 else 0)
        # On the sheet the code stands at the left of the page, beside the reference.
        left, top, right, bottom = dark.crop((0, 0, page.width // 2, page.height // 2)).getbbox()
        drawn = page.crop((left, top, right, bottom))
    step = drawn.width / len(modules)
    assert abs(drawn.width - drawn.height) <= 2
    for down, row in enumerate(modules):
        for across, module in enumerate(row):
            shade = drawn.getpixel((int((across + 0.5) * step), int((down + 0.5) * step)))
            assert (shade < 128) == bool(module)


def test_the_day_of_making_is_that_of_the_service(typeface: Typeface) -> None:
    pdf = ticket_pdf(dataclasses.replace(TICKET, printed_at=NOW - timedelta(days=400)), Paper.ROLL, REGION, typeface)
    assert b"D:2024" in pdf
