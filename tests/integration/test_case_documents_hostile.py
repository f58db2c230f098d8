"""Documents of a case against whatever somebody sends: never a fault of ours, never a file elsewhere, always a word.

Each file goes through the whole application, the examining process included. What is taken in is given out again as
one of three kinds, is sealed on the disk under a name of ours, and who brought it is noted; so is who brought what was
refused.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.case_people import People, right
from support.papers import a_pdf
from support.store_app import Browser, Service, still_app
from support.wild_files import WildFile, wild_files

from tawasul.domain.people import StaffId
from tawasul.domain.petition import LARGEST_ATTACHMENT, MediaType

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(600)]

REFUSALS = {
    413: {"attachment-too-large"},
    422: {
        "attachment-refused",
        "attachment-mistaken",
        "attachment-broken",
        "attachment-locked",
        "attachment-active",
        "attachment-too-large",
        "invalid-input",
    },
}
KINDS = {kind.value for kind in MediaType}
DOORS = ("agency", "desk")

WITHIN = settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)


@dataclass
class Scene:
    """A case that its desk has, and one that the water company works on; ``folder``: of the service."""

    people: People
    folder: Path
    cases: dict[str, str]

    def browser(self, door: str) -> Browser:
        """Of who comes to that door."""
        return self.people.agency if door == "agency" else self.people.desk

    async def send(self, door: str, content: Any, name: str, said: str) -> httpx.Response:
        """``name``: as the header has it."""
        path = f"/api/{door}/cases/{self.cases[door]}/documents"
        headers = {"content-type": said, "x-file-name": name}
        return await self.browser(door).http.post(path, content=content, headers=headers)

    def files(self) -> set[Path]:
        """All there are, less those of the database."""
        return {path for path in self.folder.parent.rglob("*") if path.is_file() and ".db" not in path.name}

    async def noted(self, door: str) -> tuple[str, str]:
        """What was noted last of whoever comes to that door: what they did, and to which case or document."""
        who = StaffId("staff-water" if door == "agency" else "staff-badr")
        async with self.people.service.parts.database.unit_of_work(reading=True) as uow:
            (last,) = await uow.audit.by_staff(who, 1)
        return last.action, last.subject_id


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scene(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Scene]:
    folder = tmp_path_factory.mktemp("hostile") / "service"
    folder.mkdir()
    async with still_app(folder) as service:
        yield await made(service, folder)


async def made(service: Service, folder: Path) -> Scene:
    people = await People.of(service)
    at_the_desk, with_the_agency = await people.taken("طلب"), await people.ratified()
    await people.does(people.agency, f"/api/agency/cases/{with_the_agency['id']}/take-on")
    return Scene(people, folder, {"desk": at_the_desk["id"], "agency": with_the_agency["id"]})


@pytest.mark.parametrize("door", DOORS)
@WITHIN
@given(file=wild_files())
async def test_whatever_is_sent_is_kept_safely_or_refused_by_a_word(scene: Scene, door: str, file: WildFile) -> None:
    before = scene.files()
    answer = await scene.send(door, file.content, quote(file.name.encode("utf-8", "replace"), safe=""), file.said)
    if answer.status_code == 201:
        await was_taken_in(scene, door, before, answer.json())
        return
    assert answer.json()["code"] in REFUSALS.get(answer.status_code, set()), answer.text
    assert answer.json()["arabic"]
    assert answer.json()["english"]
    assert scene.files() == before
    if answer.json()["code"] != "invalid-input":  # no name at all: nobody has looked at the file
        assert await scene.noted(door) == ("refused-on-case", scene.cases[door])


async def was_taken_in(scene: Scene, door: str, before: set[Path], view: dict[str, Any]) -> None:
    """As a sealed file in its folder, noted; and it goes again without a rest."""
    (new,) = scene.files() - before
    assert (new.parent, new.name) == (scene.folder / "case-documents", view["id"])
    assert view["media_type"] in KINDS
    assert not set(view["name"]) & set('/\\\0\r\n<>"')
    assert await scene.noted(door) == ("attached", view["id"])
    path = f"/api/{door}/cases/documents/{view['id']}"
    given_out = await scene.browser(door).get(path)
    assert given_out.headers["content-type"] == view["media_type"]
    assert given_out.headers["content-disposition"].startswith("attachment;")
    assert len(given_out.content) == view["size"]
    assert given_out.content not in new.read_bytes()
    assert (await scene.browser(door).http.delete(path)).status_code == 204
    assert scene.files() == before


@pytest.mark.parametrize("door", DOORS)
@settings(WITHIN, max_examples=20)
@given(name=st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=60) | st.just("%ff%fe.pdf"))
async def test_whatever_stands_in_the_header_of_the_name(scene: Scene, door: str, name: str) -> None:
    """Not percent-encoded by us: escapes that are none, halves of letters, quotes."""
    before = scene.files()
    answer = await scene.send(door, a_pdf(), name, "")
    if answer.status_code == 201:
        await was_taken_in(scene, door, before, answer.json())
    else:
        assert answer.json()["code"] in REFUSALS[422], answer.text
        assert scene.files() == before


@pytest.mark.parametrize("door", DOORS)
@settings(WITHIN, max_examples=20)
@given(id=st.text(st.characters(codec="ascii", exclude_characters="\x7f"), min_size=1, max_size=70))
async def test_whatever_is_asked_for_as_a_document(scene: Scene, door: str, id: str) -> None:
    browser = scene.browser(door)
    for asked in (id, f"..%2F..%2F{quote(id, safe='')}", quote(id, safe="")):
        for method in ("GET", "DELETE"):
            path = f"/api/{door}/cases/documents/{asked.strip() or 'x'}"
            try:
                answer = await browser.http.request(method, path)
            except httpx.InvalidURL:
                continue
            assert answer.status_code in {307, 404, 405, 422}, (path, answer.text)


@pytest.mark.parametrize("door", DOORS)
async def test_what_is_too_large_is_refused_however_it_comes(scene: Scene, door: str) -> None:
    before = scene.files()
    sizes = (LARGEST_ATTACHMENT + 1, LARGEST_ATTACHMENT + 64 * 1024 + 1, 3 * LARGEST_ATTACHMENT)
    for content in (a_pdf() + bytes(size) for size in sizes):
        answer = await scene.send(door, content, "a.pdf", "application/pdf")
        assert (answer.status_code, answer.json()["code"]) == (413, "attachment-too-large")

    sent = 0

    async def without_end() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 64 * 1024
            yield bytes(64 * 1024)

    answer = await scene.send(door, without_end(), "a.pdf", "")
    assert (answer.status_code, answer.json()["code"]) == (413, "attachment-too-large")
    assert sent < 2 * LARGEST_ATTACHMENT
    largest = await scene.send(door, b"%PDF-1.7\n" + bytes(LARGEST_ATTACHMENT - 9), "a.pdf", "application/pdf")
    assert (largest.status_code, largest.json()["code"]) == (422, "attachment-broken")
    assert scene.files() == before


@pytest.mark.parametrize("door", DOORS)
async def test_nobody_sends_to_a_case_that_is_not_theirs(scene: Scene, door: str) -> None:
    before = scene.files()
    people = scene.people
    others = {"agency": people.other_agency, "desk": people.other_desk}
    for id in (scene.cases[door], "none", "x" * 64):
        answer = await others[door].http.post(
            f"/api/{door}/cases/{id}/documents", content=a_pdf(), headers={"x-file-name": "a.pdf"}
        )
        assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
    assert scene.files() == before
    kept = right(await scene.send(door, a_pdf(), "a.pdf", ""), 201)
    for method in ("GET", "DELETE"):
        answer = await others[door].http.request(method, f"/api/{door}/cases/documents/{kept['id']}")
        assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
    assert (await scene.browser(door).http.delete(f"/api/{door}/cases/documents/{kept['id']}")).status_code == 204
