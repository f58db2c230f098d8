"""Puts the pages' base on an application: middleware, static files, the words' catalogues, language, problems.

`install(app, region)` is called once, by the composition root, before any room adds its routes.
"""

from __future__ import annotations

from typing import Annotated, Final
from urllib.parse import urlsplit

from fastapi import FastAPI, Form
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from tawasul.domain.places import Name
from tawasul.web.pages import LANGUAGE_COOKIE, Pages
from tawasul.web.problems import install_handlers
from tawasul.web.security import SecurityHeaders
from tawasul.web.static_files import ASK_AGAIN, FOR_EVER, VersionedFiles
from tawasul.web.words import LOCALES, Locale, catalogue, catalogue_version

A_YEAR: Final = 365 * 24 * 3600

PUBLIC_PATHS: Final = ("/static/", "/words/", "/language")
"""What this module serves to anyone: nothing of it is about a person."""


def install(app: FastAPI, region: Name) -> None:
    """Adds the base to `app`, for the pages of `region`. The pages are at `app.state.pages`."""
    files = VersionedFiles()
    app.state.pages = Pages(region, files)
    app.add_middleware(SecurityHeaders)
    install_handlers(app)
    app.mount("/static", files, name="static")
    app.add_api_route("/words/{version}/{name}", words_file, methods=["GET"], include_in_schema=False)
    app.add_api_route("/language", choose_language, methods=["POST"], include_in_schema=False)


async def words_file(version: str, name: str) -> Response:
    """A language's catalogue as Fluent text. Raises `HTTPException` 404 for another name."""
    for locale in LOCALES:
        if name == f"{locale}.ftl":
            kept = FOR_EVER if version == catalogue_version(locale) else ASK_AGAIN
            return PlainTextResponse(catalogue(locale), headers={"cache-control": kept})
    raise HTTPException(404)


async def choose_language(locale: Annotated[Locale, Form()], back: Annotated[str, Form()] = "/") -> Response:
    """Remembers the language and returns to the page where it was chosen.

    A POST, so that the address of that page (a citizen's carries a token) stays out of logs and histories. It needs
    no token against forgery: the worst that a forged one does is to show the other language.
    """
    answer = RedirectResponse(safe_path(back), status_code=303)
    answer.set_cookie(LANGUAGE_COOKIE, locale, max_age=A_YEAR, path="/", httponly=True, samesite="lax")
    return answer


def safe_path(path: str) -> str:
    """`path` if it is one of our own, else the first page.

    Browsers read `//host`, `/\\host` and tabs inside an address as another host (WHATWG URL §4.4), so only plain
    paths pass.
    """
    plain = path.isascii() and path.isprintable() and "\\" not in path
    ours = path.startswith("/") and not path.startswith("//") and plain
    return path if ours and not urlsplit(path).netloc else "/"
