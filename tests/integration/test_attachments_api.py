"""Attachments over the real application: what is taken, what is refused and by which word, and where it ends up."""

import asyncio
import hashlib
import io
import os
import time
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image
from support.factories import BADR, YANBU, YANBU_1
from support.papers import (
    a_bomb_png,
    a_locked_pdf,
    a_pdf,
    a_picture,
    an_acting_pdf,
    an_audience_is_booked,
    send,
)
from support.store_app import Browser, Service, running_app

from tawasul.domain.people import Role, StaffId
from tawasul.domain.petition import LARGEST_ATTACHMENT, MOST_ATTACHMENTS, AttachmentId
from tawasul.domain.venue import AtKiosk


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    async with running_app(tmp_path) as service:
        yield service


@pytest.fixture
async def desk(service: Service) -> Browser:
    return await service.signed_in("badr", Role.DESK, BADR)


@pytest.fixture
async def audience(service: Service) -> str:
    return (await an_audience_is_booked(service, reference="X2R-GG9")).audience.id


def on_disk(folder: Path) -> list[Path]:
    return sorted((folder / "attachments").glob("*"))


async def noted(service: Service) -> list[str]:
    async with service.parts.database.unit_of_work(reading=True) as uow:
        links = await uow.audit.by_staff(StaffId("staff-badr"), 100)
    return [link.action for link in reversed(links)]


async def test_a_document_is_kept_sealed_given_out_as_it_came_and_removed(
    service: Service, desk: Browser, audience: str, tmp_path: Path
) -> None:
    content = a_pdf()
    answer = await send(desk, audience, content, "معروض القرية.pdf")
    assert answer.status_code == 201, answer.text
    view = answer.json()
    assert (view["file_name"], view["media_type"], view["size"]) == (
        "معروض القرية.pdf",
        "application/pdf",
        len(content),
    )
    assert (await desk.get(f"/api/desk/audiences/{audience}/attachments")).json() == {"attachments": [view]}
    (file,) = on_disk(tmp_path)
    assert file.name == view["id"]
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert b"%PDF" not in file.read_bytes()
    opened = await desk.get(f"/api/desk/attachments/{view['id']}")
    assert opened.content == content
    assert opened.headers["content-type"] == "application/pdf"
    assert opened.headers["x-content-type-options"] == "nosniff"
    assert opened.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert opened.headers["cache-control"] == "no-store"
    name = "%D9%85%D8%B9%D8%B1%D9%88%D8%B6%20%D8%A7%D9%84%D9%82%D8%B1%D9%8A%D8%A9.pdf"
    assert opened.headers["content-disposition"] == f"attachment; filename=\"attachment.pdf\"; filename*=UTF-8''{name}"
    assert (await desk.http.delete(f"/api/desk/attachments/{view['id']}")).status_code == 204
    assert on_disk(tmp_path) == []
    assert (await desk.get(f"/api/desk/attachments/{view['id']}")).status_code == 404
    assert await noted(service) == ["attached", "opened-attachment", "removed-attachment"]


@pytest.mark.parametrize(("kind", "said", "name"), [("JPEG", "image/jpeg", "صورة.JPG"), ("PNG", "image/png", "a.png")])
async def test_a_picture_stays_upright_and_forgets_where_it_was_taken(
    desk: Browser, audience: str, kind: str, said: str, name: str
) -> None:
    lying = a_picture(kind, orientation=8)  # to be turned by a quarter when it is shown
    assert b"Telephone of Salim" in lying
    answer = await send(desk, audience, lying + b"<script>alert(1)</script>", name, said)
    assert answer.status_code == 201, answer.text
    content = (await desk.get(f"/api/desk/attachments/{answer.json()['id']}")).content
    assert b"Telephone" not in content
    assert b"<script>" not in content
    with Image.open(io.BytesIO(content)) as picture:
        assert picture.format == kind
        assert picture.size == (40, 60)
        assert not picture.getexif()
        assert picture.getpixel((5, 30))[0] > 150  # what was above is at the left now
        assert picture.getpixel((35, 30))[2] > 150
    assert answer.json()["size"] == len(content)


def a_zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as parts:
        parts.writestr("inside.txt", "inside")
    return file.getvalue()


def a_zip_in_front_of_the_end() -> bytes:
    """A PDF that is a ZIP too: the archive's comment holds the end of the document."""
    pdf = a_pdf()
    cut = pdf.rindex(b"startxref")
    archive = bytearray(a_zip())
    comment = pdf[cut:]
    archive[-2:] = len(comment).to_bytes(2, "little")
    return pdf[:cut] + bytes(archive) + comment


WRONG = {
    "a page": (b"<!doctype html><script>alert(1)</script>", "attachment-refused"),
    "a program": (b"MZ" + bytes(400), "attachment-refused"),
    "a drawing": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "attachment-refused"),
    "an archive": (a_zip(), "attachment-refused"),
    "a gif": (b"GIF89a" + bytes(40), "attachment-refused"),
    "nothing": (b"", "attachment-refused"),
    "a late document": (b"\n" + a_pdf(), "attachment-refused"),
    "a truncated document": (a_pdf()[:-40], "attachment-broken"),
    "a document without an inside": (b"%PDF-1.7\n%%EOF\n", "attachment-broken"),
    "a document and an archive": (a_pdf() + a_zip(), "attachment-broken"),
    "an archive in a document": (a_zip_in_front_of_the_end(), "attachment-broken"),
    "a document and a page": (a_pdf() + b"<script>alert(1)</script>", "attachment-broken"),
    "a truncated picture": (a_picture("JPEG", (400, 300))[:-900], "attachment-broken"),
    "a truncated png": (a_picture("PNG", (400, 300))[:-300], "attachment-broken"),
    "a picture of rubbish": (b"\xff\xd8\xff\xe0" + bytes(range(256)) * 9, "attachment-broken"),
    "a locked document": (a_locked_pdf(), "attachment-locked"),
    "a bomb": (a_bomb_png(), "attachment-too-large"),
    "a book": (a_pdf(201), "attachment-too-large"),
} | {
    f"a document with {how}": (an_acting_pdf(how), "attachment-active")
    for how in ("script", "launch", "submit", "files", "page", "hidden")
}


@pytest.mark.parametrize("what", WRONG)
async def test_what_may_not_be_kept_is_refused_by_its_own_word(
    desk: Browser, audience: str, tmp_path: Path, what: str
) -> None:
    content, code = WRONG[what]
    answer = await send(desk, audience, content, "", "")
    assert answer.json()["code"] == code
    assert answer.json()["field"] == "file"
    assert on_disk(tmp_path) == []


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (a_pdf(), "صورة.jpg", "application/pdf"),
        (a_pdf(), "معروض.pdf", "image/png"),
        (a_pdf(), "calc.exe", ""),
        (a_pdf(), "page.html", ""),
        (a_picture("PNG"), "صورة.jpg", "image/png"),
        (a_picture("JPEG"), "معروض.pdf", "application/pdf"),
    ],
)
async def test_a_file_that_is_not_what_it_says_is_refused(
    desk: Browser, audience: str, content: bytes, name: str, said: str
) -> None:
    answer = await send(desk, audience, content, name, said)
    assert (answer.status_code, answer.json()["code"]) == (422, "attachment-mistaken")


async def test_more_bytes_than_are_taken_are_refused_as_soon_as_they_are_known(desk: Browser, audience: str) -> None:
    address = f"/api/desk/audiences/{audience}/attachments"
    announced = await send(desk, audience, b"%PDF-" + bytes(LARGEST_ATTACHMENT))
    assert (announced.status_code, announced.json()["code"]) == (413, "attachment-too-large")
    far_more = await send(desk, audience, bytes(3 * LARGEST_ATTACHMENT))
    assert (far_more.status_code, far_more.json()["code"]) == (413, "attachment-too-large")

    sent = 0

    async def without_end() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 64 * 1024
            yield bytes(64 * 1024)

    answer = await desk.http.post(address, content=without_end(), headers={"X-File-Name": "a.pdf"})
    assert (answer.status_code, answer.json()["code"]) == (413, "attachment-too-large")
    assert sent < 2 * LARGEST_ATTACHMENT
    # The door is wide for files alone.
    answer = await desk.http.post("/api/desk/audiences", content=bytes(300 * 1024))
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


async def test_eight_are_kept_also_when_the_last_two_come_at_once(desk: Browser, audience: str, tmp_path: Path) -> None:
    for _ in range(MOST_ATTACHMENTS - 1):
        assert (await send(desk, audience, a_picture("PNG"), "a.png", "image/png")).status_code == 201
    both = await asyncio.gather(*(send(desk, audience, a_pdf()) for _ in range(2)))
    assert sorted(answer.status_code for answer in both) == [201, 409]
    assert [answer.json()["code"] for answer in both if answer.status_code == 409] == ["attachments-full"]
    assert len(on_disk(tmp_path)) == MOST_ATTACHMENTS


async def test_another_desks_attachments_look_as_if_they_were_not_there(
    service: Service, desk: Browser, audience: str
) -> None:
    yanbu = await service.signed_in("yanbu", Role.DESK, YANBU)
    id = (await send(desk, audience, a_pdf())).json()["id"]
    assert (await send(yanbu, audience, a_pdf())).status_code == 404
    assert (await yanbu.get(f"/api/desk/audiences/{audience}/attachments")).status_code == 404
    assert (await yanbu.get(f"/api/desk/attachments/{id}")).status_code == 404
    assert (await yanbu.http.delete(f"/api/desk/attachments/{id}")).status_code == 404
    assert (await desk.get("/api/desk/attachments/..%2F..%2Faccess.key")).status_code in {404, 422}
    own = await an_audience_is_booked(
        service, reference="THC-K9P", number=1, governorate=YANBU, venue=AtKiosk(YANBU_1.id)
    )
    assert (await send(desk, own.audience.id, a_pdf())).status_code == 404


async def test_a_disk_that_does_not_take_it_leaves_nothing(desk: Browser, audience: str, tmp_path: Path) -> None:
    (tmp_path / "attachments").write_text("a file stands where the folder should be")
    answer = await send(desk, audience, a_pdf())
    assert (answer.status_code, answer.json()["code"]) == (503, "attachment-not-kept")
    assert (await desk.get(f"/api/desk/audiences/{audience}/attachments")).json() == {"attachments": []}


async def test_a_header_that_is_no_name_is_refused(desk: Browser, audience: str) -> None:
    address = f"/api/desk/audiences/{audience}/attachments"
    wrong = await desk.http.post(address, content=a_pdf(), headers={"X-File-Name": "%ff%fe.pdf"})
    assert (wrong.status_code, wrong.json()["field"]) == (422, "X-File-Name")
    assert (await desk.http.post(address, content=a_pdf())).status_code == 422


async def test_what_a_killed_service_left_behind_is_swept_away(tmp_path: Path) -> None:
    async with running_app(tmp_path) as service:
        desk = await service.signed_in("badr", Role.DESK, BADR)
        kept = await an_audience_is_booked(service, reference="X2R-GG9")
        id = (await send(desk, kept.audience.id, a_pdf())).json()["id"]
        folder = tmp_path / "attachments"
        # Killed after the file and before the row; in the middle of the file; and one that is being written now.
        orphan, half, young = (folder / name for name in ("a" * 32, f"{'b' * 32}.part", "c" * 32))
        for path in (orphan, half, young, folder / "readme.txt"):
            path.write_bytes(b"left over")
        an_hour_ago = time.time() - 4000
        for path in (orphan, half, folder / id, folder / "readme.txt"):
            os.utime(path, (an_hour_ago, an_hour_ago))
        assert await service.parts.attachments.sweep() == 2
        assert {path.name for path in on_disk(tmp_path)} == {id, young.name, "readme.txt"}
        assert (await desk.get(f"/api/desk/attachments/{id}")).content == a_pdf()


async def test_a_file_that_was_changed_or_is_gone_is_not_given_out(
    service: Service, desk: Browser, audience: str, tmp_path: Path
) -> None:
    first = (await send(desk, audience, a_pdf())).json()["id"]
    second = (await send(desk, audience, a_pdf(2))).json()["id"]
    files = {path.name: path for path in on_disk(tmp_path)}
    files[first].write_bytes(files[second].read_bytes())
    with pytest.raises(Exception, match="does not open"):
        await desk.get(f"/api/desk/attachments/{first}")
    files[second].unlink()
    assert (await desk.get(f"/api/desk/attachments/{second}")).status_code == 404
    async with service.parts.database.unit_of_work(reading=True) as uow:
        attachment = await uow.petitions.attachment(AttachmentId(first))
    assert attachment.sha256 == hashlib.sha256(a_pdf()).digest()
