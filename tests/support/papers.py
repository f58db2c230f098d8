"""What tests of papers and attachments share: an audience with a real reference, and files of every kind."""

from __future__ import annotations

import io
import subprocess
import zlib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import httpx
import pypdfium2
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject
from support.factories import BADR, a_citizen, an_audience
from support.store_app import Browser, Service

from tawasul.domain.audience import Audience
from tawasul.domain.party import Party, Priority
from tawasul.domain.people import Citizen
from tawasul.domain.places import Governorate
from tawasul.domain.venue import Venue


@dataclass(frozen=True)
class Kept:
    """An audience in the store, with its citizen."""

    audience: Audience
    citizen: Citizen


async def an_audience_is_booked(
    service: Service,
    *,
    reference: str,
    number: int = 0,
    name: str = "عينة: سالم بن محمد الجهني",
    venue: Venue | None = None,
    governorate: Governorate = BADR,
    party: Party | None = None,
    priorities: tuple[Priority, ...] = (),
    language: str = "ar",
) -> Kept:
    """With a reference that is one, so that a ticket can be made of it."""
    citizen = a_citizen(name=name)
    audience = an_audience(
        citizen, service.sitting, number=number, venue=venue, governorate=governorate, reference=reference
    )
    if party is not None:
        audience.party = type(audience.party)(party)
    audience.priorities, audience.language = priorities, language
    async with service.parts.database.unit_of_work() as uow:
        await uow.citizens.add(citizen)
        await uow.audiences.add(audience)
        await uow.commit()
    return Kept(audience, citizen)


async def send(
    desk: Browser, audience_id: str, content: bytes, name: str = "معروض.pdf", said: str = "application/pdf"
) -> httpx.Response:
    """A file to an audience, as the page sends it."""
    return await desk.http.post(
        f"/api/desk/audiences/{audience_id}/attachments",
        content=content,
        headers={"Content-Type": said, "X-File-Name": quote(name, safe="")},
    )


def a_pdf(pages: int = 1) -> bytes:
    """A sound document."""
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(210, 297)
    return _written(writer)


def a_locked_pdf() -> bytes:
    """One that wants a password."""
    writer = PdfWriter()
    writer.add_blank_page(210, 297)
    writer.encrypt("a password", algorithm="AES-256")
    return _written(writer)


def an_acting_pdf(how: str) -> bytes:
    """One that does something: ``script``, ``launch``, ``submit``, ``files``, ``page``, ``hidden``."""
    writer = PdfWriter()
    page = writer.add_blank_page(210, 297)
    action = DictionaryObject({NameObject("/Type"): NameObject("/Action"), NameObject("/S"): NameObject("/Launch")})
    match how:
        case "script":
            _add_script(writer)
        case "files":
            writer.add_attachment("inside.txt", b"inside")
        case "launch":
            action[NameObject("/F")] = TextStringObject("calc.exe")
            writer.root_object[NameObject("/OpenAction")] = action
        case "submit":
            action[NameObject("/S")] = NameObject("/SubmitForm")
            writer.root_object[NameObject("/OpenAction")] = writer._add_object(action)
        case "page":
            page[NameObject("/AA")] = DictionaryObject({NameObject("/O"): writer._add_object(action)})
        case "hidden":
            _add_script(writer)
            # ISO 32000-2, 7.3.5: a letter of a name may be written by its number.
            return _written(writer).replace(b"/JavaScript", b"/J#61vaScript").replace(b"/JS", b"/J#53")
        case _:
            raise ValueError(how)
    return _written(writer)


def a_picture(kind: str, size: tuple[int, int] = (60, 40), *, orientation: int | None = None) -> bytes:
    """``JPEG`` or ``PNG``: red above, blue below; with an EXIF that says where it was taken."""
    picture = Image.new("RGB", size, (200, 20, 20))
    picture.paste((20, 20, 200), (0, size[1] // 2, *size))
    exif = Image.Exif()
    exif[0x010F] = "Telephone of Salim"
    exif.get_ifd(0x8825).update({1: "N", 2: (24.0, 5.0, 24.0)})
    if orientation:
        exif[0x0112] = orientation
    file = io.BytesIO()
    picture.save(file, kind, exif=exif)
    return file.getvalue()


def a_bomb_png(side: int = 30_000) -> bytes:
    """A PNG of 900 million pixels in some hundred kilobytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    rows = zlib.compressobj(9)
    data = b"".join(rows.compress(bytes(side // 8 + 1) * 1000) for _ in range(side // 1000)) + rows.flush()
    head = side.to_bytes(4, "big") * 2 + bytes([1, 0, 0, 0, 0])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def by_poppler(pdf: bytes, folder: Path) -> str:
    """What pdftotext reads, without the marks of direction that it writes."""
    file = folder / "read.pdf"
    file.write_bytes(pdf)
    done = subprocess.run(["pdftotext", "-enc", "UTF-8", str(file), "-"], capture_output=True, check=True)
    return done.stdout.decode().translate(dict.fromkeys((0x202A, 0x202B, 0x202C)))


def by_pdfium(pdf: bytes) -> str:
    """What Chromium copies."""
    document = pypdfium2.PdfDocument(pdf)
    return "\n".join(page.get_textpage().get_text_range() for page in document)


def _add_script(writer: PdfWriter) -> None:
    script = DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert('here')")}
    )
    writer.root_object[NameObject("/OpenAction")] = writer._add_object(script)


def _written(writer: PdfWriter) -> bytes:
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()
