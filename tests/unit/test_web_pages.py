"""Pages, problems and static files as a browser gets them: headers, languages, caching, refusals."""

import json
import re
from collections.abc import AsyncIterator
from typing import Annotated

import httpx
import pytest
from fastapi import FastAPI, Request
from pydantic import BaseModel
from starlette.responses import Response

from tawasul.access.policy import StaffPrincipal
from tawasul.domain.errors import InvalidMobile, NotSignedIn, Refused, TooManyAttempts
from tawasul.domain.people import Role, StaffId
from tawasul.domain.places import Name
from tawasul.domain.sign_in import SignInId
from tawasul.protocol.problems import PROBLEMS
from tawasul.web.base import install
from tawasul.web.pages import IMPORTS, render
from tawasul.web.problems import CODE_OF_STATUS
from tawasul.web.security import content_security_policy
from tawasul.web.static_files import STATIC_FOLDER

REGION = Name("إمارة منطقة العيّنة", "Emirate of Sample Region")
HTML = {"accept": "text/html,application/xhtml+xml"}


class Typed(BaseModel):
    mobile: Annotated[str, "as typed"]


def sample_app() -> FastAPI:
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    install(app, REGION)

    @app.get("/")
    async def home(request: Request) -> Response:
        return render(request, "home.html")

    @app.get("/desk")
    async def desk(request: Request) -> Response:
        request.state.principal = StaffPrincipal(StaffId("s"), Role.DESK, None, SignInId("s"), "<b>سارة</b>")
        request.state.csrf = 'token"><script>'
        return render(request, "desk.html")

    @app.get("/closed")
    async def closed() -> None:
        raise NotSignedIn

    @app.get("/refused")
    async def refused() -> None:
        raise Refused

    @app.get("/throttled")
    async def throttled() -> None:
        raise TooManyAttempts(retry_after=30)

    @app.get("/broken")
    async def broken() -> None:
        raise RuntimeError("secret 0512345678")

    @app.post("/typed")
    async def typed(body: Typed) -> None:
        raise InvalidMobile(field="mobile")

    return app


@pytest.fixture
async def browser() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(sample_app(), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://tawasul.test") as client:
        yield client


@pytest.mark.parametrize("path", ["/", "/nothing-here", "/broken", "/static/x/js/page.js", "/typed"])
async def test_every_answer_carries_the_headers(browser: httpx.AsyncClient, path: str) -> None:
    answer = await browser.get(path, headers=HTML)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "require-trusted-types-for 'script'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "camera=(self)" in answer.headers["permissions-policy"]
    assert "strict-transport-security" not in answer.headers


async def test_https_is_remembered_and_only_over_https() -> None:
    transport = httpx.ASGITransport(sample_app())
    async with httpx.AsyncClient(transport=transport, base_url="https://tawasul.test") as client:
        assert (await client.get("/")).headers["strict-transport-security"] == "max-age=31536000"


@pytest.mark.parametrize("address", ["https://localhost", "https://localhost:8000"])
async def test_of_localhost_https_is_not_remembered_for_it_would_hold_for_every_port_there(address: str) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(sample_app()), base_url=address) as client:
        assert "strict-transport-security" not in (await client.get("/")).headers


async def test_the_nonce_is_new_each_time_and_the_same_in_page_and_policy(browser: httpx.AsyncClient) -> None:
    seen = set()
    for _ in range(3):
        answer = await browser.get("/")
        in_policy = re.findall(r"'nonce-([^']+)'", answer.headers["content-security-policy"])
        in_page = set(re.findall(r'nonce="([^"]+)"', answer.text))
        assert in_page == set(in_policy)
        seen |= in_page
    assert len(seen) == 3


@pytest.mark.parametrize("host", ["evil.test; script-src *", "a b", "x'y", "", "tawasul.test/\r\nx: y"])
def test_a_strange_host_does_not_get_into_the_policy(host: str) -> None:
    assert "connect-src 'self';" in content_security_policy("n", host)


@pytest.mark.parametrize("host", ["tawasul.test", "localhost:8000", "[::1]:8000"])
def test_sockets_of_our_own_host_are_allowed(host: str) -> None:
    assert f"connect-src 'self' ws://{host} wss://{host};" in content_security_policy("n", host)


async def test_arabic_whatever_the_browser_prefers_unless_chosen(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/", headers={"accept-language": "en-GB,en"})
    assert '<html lang="ar" dir="rtl">' in answer.text
    assert REGION.arabic in answer.text
    answer = await browser.get("/", headers={"cookie": "tawasul_language=en"})
    assert '<html lang="en" dir="ltr">' in answer.text
    assert REGION.english in answer.text
    answer = await browser.get("/", headers={"cookie": 'tawasul_language="><script>'})
    assert '<html lang="ar" dir="rtl">' in answer.text


async def test_what_people_are_called_is_never_markup(browser: httpx.AsyncClient) -> None:
    page = (await browser.get("/desk")).text
    assert "&lt;b&gt;سارة&lt;/b&gt;" in page
    assert "<script>" not in page


async def test_pages_are_kept_nowhere_and_files_for_ever(browser: httpx.AsyncClient) -> None:
    page = await browser.get("/")
    assert page.headers["cache-control"] == "no-store"
    files = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text))
    assert len(files) >= 4
    for file in files:
        answer = await browser.get(file)
        assert answer.status_code == 200, file
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


async def test_a_file_under_an_old_version_is_served_and_not_kept(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/static/000000000000/js/page.js")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["content-type"].startswith("text/javascript")


@pytest.mark.parametrize("path", ["../pages.py", "..%2fpages.py", "js/../../pages.py", "words/../../words.py", ""])
async def test_nothing_beside_the_files_is_served(browser: httpx.AsyncClient, path: str) -> None:
    assert (await browser.get(f"/static/x/{path}")).status_code == 404


async def test_the_import_map_names_files_that_are_there(browser: httpx.AsyncClient) -> None:
    page = (await browser.get("/")).text
    found = re.search(r'<script type="importmap"[^>]*>(.*?)</script>', page)
    assert found
    imports = json.loads(found[1])["imports"]
    assert imports.keys() == IMPORTS.keys()
    for address in imports.values():
        assert (await browser.get(address)).status_code == 200, address


async def test_a_problem_for_a_program(browser: httpx.AsyncClient) -> None:
    answer = await browser.post("/typed", json={"mobile": "12"})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    row = PROBLEMS["invalid-mobile"]
    assert answer.json() == {
        "type": "urn:tawasul:problem:invalid-mobile",
        "title": row.arabic,
        "status": 422,
        "code": "invalid-mobile",
        "arabic": row.arabic,
        "english": row.english,
        "field": "mobile",
    }


async def test_what_was_typed_is_not_given_back(browser: httpx.AsyncClient) -> None:
    answer = await browser.post("/typed", json={"mobile": ["0512345678"]})
    assert answer.status_code == 422
    assert answer.json()["field"] == "mobile"
    assert "0512345678" not in answer.text


async def test_a_fault_of_ours_tells_nothing(browser: httpx.AsyncClient) -> None:
    for headers in (HTML, {}):
        answer = await browser.get("/broken", headers=headers)
        assert answer.status_code == 500
        assert "0512345678" not in answer.text
        assert "RuntimeError" not in answer.text
        assert "internal" in answer.text


async def test_a_problem_for_a_person_is_a_page(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/refused", headers=HTML)
    assert answer.status_code == 403
    assert PROBLEMS["refused"].arabic in answer.text
    assert 'href="/sign-in"' in answer.text


async def test_who_is_not_signed_in_is_sent_to_sign_in_and_comes_back(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/closed", headers=HTML)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/closed")
    assert (await browser.get("/closed")).status_code == 401


async def test_retry_after_is_told(browser: httpx.AsyncClient) -> None:
    assert (await browser.get("/throttled")).headers["retry-after"] == "30"


def test_codes_of_plain_http_errors_are_published() -> None:
    assert set(CODE_OF_STATUS.values()) <= PROBLEMS.keys()


def test_fonts_are_our_own() -> None:
    sheet = (STATIC_FOLDER / "vendor/fonts/plex.css").read_text()
    files = re.findall(r'url\("([^"]+)"\)', sheet)
    assert len(files) == 8
    assert all((STATIC_FOLDER / "vendor/fonts" / file).is_file() for file in files)


def test_no_form_is_sent_by_the_browser_itself() -> None:
    """Before the scripts listen, pressing Enter would put what was typed, a password among it, into an address."""
    assert "form-action 'none'" in content_security_policy("nonce", "tawasul.example")
