"""Receipts in the application: the key that it tells, the page for everybody, the paper for the case's own desk."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from support.command import tawasul
from support.factories import BADR, MADINAH, YANBU
from support.receipts import AGENCY, LONG_WORDING, NUMBER, WORDING, a_directive, a_receipt
from support.service import a_service
from support.store_app import Browser, Service, still_app

from tawasul.access.policy import StaffPrincipal
from tawasul.casework.receipts.offline import files_of_the_page
from tawasul.casework.receipts.paper import RatifiedDirective
from tawasul.casework.receipts.signing import EARLIER_FILE, KEY_FILE, PublicKeys, ReceiptSigner
from tawasul.casework.receipts.web import WORKER, receipts_router
from tawasul.domain.directive import CaseDirective
from tawasul.domain.errors import NotFound
from tawasul.domain.people import Role
from tawasul.web.words import Locale

PUBLIC_ADDRESS = "https://majlis.example"


class Cases:
    """Directives of Badr's desk: the port of the router."""

    def __init__(self) -> None:
        self.directives: dict[str, CaseDirective] = {}
        self.language: Locale = "ar"

    async def __call__(self, who: StaffPrincipal, case_id: str) -> RatifiedDirective:
        """Of this case."""
        if who.governorate_id != BADR.id or case_id not in self.directives:
            raise NotFound("case")
        return RatifiedDirective(self.directives[case_id], NUMBER, AGENCY, self.language)


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    async with still_app(tmp_path) as service:
        yield service


@pytest.fixture
def cases(service: Service) -> Cases:
    cases = Cases()
    router = receipts_router(cases, service.parts.receipts, MADINAH.name, PUBLIC_ADDRESS)
    service.app.include_router(router, prefix="/port")
    return cases


@pytest.fixture
async def desk(service: Service) -> Browser:
    return await service.signed_in("badr", Role.DESK, BADR)


async def test_a_real_service_makes_its_key_and_the_paper_outlives_it(tmp_path: Path) -> None:
    folder = tmp_path / "service"
    folder.mkdir()
    async with a_service(folder) as service, httpx.AsyncClient(base_url=service.address) as http:
        told = (await http.get("/api/receipt/key")).json()
        assert (await http.get("/receipt")).status_code == 200
    assert json.loads((await tawasul(folder, "receipt", "key")).said) == told
    (tmp_path / "key.jwks").write_text(json.dumps(told))
    token = ReceiptSigner.load_or_create(folder).sign(a_receipt())
    answer = await tawasul(tmp_path, "receipt", "verify", token, "--key", str(tmp_path / "key.jwks"))
    assert answer.status == 0
    assert WORDING in answer.said


async def test_everybody_is_told_the_public_key_and_never_the_other(service: Service) -> None:
    answer = await service.browser().get("/api/receipt/key")
    token = service.parts.receipts.sign(a_receipt())
    assert PublicKeys.from_json(answer.content).read(token) == a_receipt()
    assert all("d" not in key for key in answer.json()["keys"])


async def test_an_earlier_key_is_told_too(tmp_path: Path) -> None:
    earlier = ReceiptSigner.load_or_create(tmp_path)
    (tmp_path / EARLIER_FILE).write_text(json.dumps(earlier.public.as_set()))
    (tmp_path / KEY_FILE).unlink()
    async with still_app(tmp_path) as service:
        told = PublicKeys.from_json((await service.browser().get("/api/receipt/key")).content)
        for signer in (earlier, service.parts.receipts):
            assert told.read(signer.sign(a_receipt())) == a_receipt()


async def test_the_page_comes_in_both_languages_whatever_was_chosen(service: Service) -> None:
    browser = service.browser()
    browser.http.cookies.set("tawasul_language", "en")
    for path, language in (("/receipt", "en"), ("/receipt/ar", "ar"), ("/receipt/en", "en")):
        answer = await browser.get(path)
        assert answer.headers["content-language"] == language
        assert f'<html lang="{language}"' in answer.text
    assert (await browser.get("/receipt/fr")).status_code == 422


async def test_the_worker_may_hold_its_page_and_nothing_else(service: Service) -> None:
    browser = service.browser()
    answer = await browser.get(WORKER)
    assert answer.headers["service-worker-allowed"] == "/receipt"
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "no-cache"
    pages = service.app.state.pages
    held = json.loads(re.findall(r"^const held = (.*);$", answer.text, re.MULTILINE)[0])
    assert held["version"] == pages.files.version
    assert (
        {pages.asset("js/receipt.js"), pages.asset("words/en.ftl")}
        <= set(files_of_the_page(pages))
        < set(held["files"])
    )
    for path in held["files"]:
        assert (await browser.get(path)).status_code == 200, path


@pytest.mark.parametrize("paper", ["80mm", "a4"])
async def test_the_desk_prints_a_ratified_directive(cases: Cases, desk: Browser, paper: str) -> None:
    cases.directives["one"] = a_directive(LONG_WORDING)
    answer = await desk.get("/port/desk/cases/one/receipt", paper=paper)
    assert answer.status_code == 200
    for fact in (NUMBER.text, AGENCY.arabic, LONG_WORDING, f"{PUBLIC_ADDRESS}/receipt", "<svg"):
        assert fact in answer.text
    cases.language = "en"
    assert AGENCY.english in (await desk.get("/port/desk/cases/one/receipt", paper=paper)).text


async def test_there_is_no_receipt_of_what_is_not_ratified_or_another_desks(
    service: Service, cases: Cases, desk: Browser
) -> None:
    cases.directives = {"one": a_directive(), "asked": a_directive(ratified=False)}
    yanbu = await service.signed_in("yanbu", Role.DESK, YANBU)
    for browser, case in ((desk, "asked"), (desk, "none"), (yanbu, "one")):
        answer = await browser.get(f"/port/desk/cases/{case}/receipt")
        assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
    assert (await service.browser().get("/port/desk/cases/one/receipt")).status_code == 401
    assert (await desk.get("/port/desk/cases/one/receipt", paper="a3")).status_code == 422
