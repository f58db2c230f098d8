"""Pages: Jinja2 templates with the words, dates and addresses that every page needs.

A room renders with `render(request, "desk.html", …)`. The language comes from the cookie `tawasul_language` and from
nothing else: Arabic unless someone chose otherwise, whatever the browser prefers. The person signed in
and the token against forged requests are read from `request.state` (`principal`, `csrf`), where the gate of the page's
endpoint puts them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Protocol, runtime_checkable

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse

from tawasul.domain.people import Role
from tawasul.domain.places import Name
from tawasul.web.dates import Dates
from tawasul.web.security import nonce_of
from tawasul.web.static_files import VersionedFiles
from tawasul.web.words import Locale, Words, as_locale, words_in

LANGUAGE_COOKIE: Final = "tawasul_language"

IMPORTS: Final = {
    "@fluent/bundle": "vendor/fluent-bundle/index.js",
    "partysocket": "vendor/partysocket/index.js",
    "partysocket/ws": "vendor/partysocket/ws.js",
    "hpke": "vendor/hpke/index.js",
    "jose/jwk/thumbprint": "vendor/jose/jwk/thumbprint.js",
    "jose/jws/compact/sign": "vendor/jose/jws/compact/sign.js",
    "jose/jws/compact/verify": "vendor/jose/jws/compact/verify.js",
    "lean-qr": "vendor/lean-qr/index.mjs",
    "@panva/hpke-noble": "vendor/hpke-noble/index.js",
    "@noble/ciphers/aes.js": "vendor/noble-ciphers/aes.js",
    "@noble/ciphers/chacha.js": "vendor/noble-ciphers/chacha.js",
    "@noble/curves/ed25519.js": "vendor/noble-curves/ed25519.js",
    "@noble/curves/ed448.js": "vendor/noble-curves/ed448.js",
    "@noble/curves/nist.js": "vendor/noble-curves/nist.js",
    "@noble/hashes/hkdf.js": "vendor/noble-hashes/hkdf.js",
    "@noble/hashes/hmac.js": "vendor/noble-hashes/hmac.js",
    "@noble/hashes/sha2.js": "vendor/noble-hashes/sha2.js",
    "@noble/hashes/sha3.js": "vendor/noble-hashes/sha3.js",
    "@noble/hashes/sha3-addons.js": "vendor/noble-hashes/sha3-addons.js",
    "@noble/hashes/utils.js": "vendor/noble-hashes/utils.js",
    "@noble/post-quantum/hybrid.js": "vendor/noble-post-quantum/hybrid.js",
    "@noble/post-quantum/ml-kem.js": "vendor/noble-post-quantum/ml-kem.js",
    "@noble/post-quantum/utils.js": "vendor/noble-post-quantum/utils.js",
}
"""What a module may import by name, and where `scripts/vendor.py` puts it under `static/`."""

SCOPES: Final = {
    "vendor/noble-post-quantum/": {
        "@noble/curves/": "vendor/noble-post-quantum/curves/",
        "@noble/hashes/": "vendor/noble-post-quantum/hashes/",
    }
}
"""What the modules below a folder get for a name instead: a library that is pinned to older ones of its own."""


class Pages:
    """The templates of one region's pages."""

    def __init__(self, region: Name, files: VersionedFiles) -> None:
        self.region: Final = region
        self.files: Final = files
        self._environment = Environment(
            loader=PackageLoader("tawasul.web", "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def render(self, request: Request, template: str, *, status_code: int = 200, **context: Any) -> HTMLResponse:
        """The page `template` in the reader's language.

        Templates see `say(word, **arguments)`, `dates`, `locale`, `direction`, `asset(path)`, `nonce`, `csrf`, `who`,
        `region` and the given `context`. Raises `jinja2.UndefinedError` for a name that nobody gave.
        """
        common = self.common(request)
        # Shared parts speak the reader's language too. They are given to the context because an import in the frame
        # would not be seen by the blocks that fill it.
        parts = self._environment.get_template("_macros.html").make_module(common)
        html = self._environment.get_template(template).render(common | {"ui": parts} | context)
        return HTMLResponse(html, status_code=status_code, headers={"content-language": locale_of(request)})

    def common(self, request: Request) -> dict[str, Any]:
        """What every template sees."""
        locale = locale_of(request)
        words = words_in(locale)
        return {
            "say": words.say,
            "dates": Dates(words),
            "locale": locale,
            "direction": words.direction,
            "other_locale": "en" if locale == "ar" else "ar",
            "asset": self.asset,
            "import_map": self.import_map,
            "words_address": self.asset(f"words/{locale}.ftl"),
            "nonce": nonce_of(request),
            "csrf": getattr(request.state, "csrf", ""),
            "who": who_of(request, words),
            "region": self.region.arabic if locale == "ar" else self.region.english,
        }

    def asset(self, path: str) -> str:
        """The address of a static file, which a browser may keep for ever."""
        return f"/static/{self.files.version}/{path}"

    @cached_property
    def import_map(self) -> Markup:
        """The import map's JSON, safe inside a script element."""
        addresses: Mapping[str, str] = {name: self.asset(path) for name, path in IMPORTS.items()}
        scopes = {
            self.asset(folder): {name: self.asset(path) for name, path in names.items()}
            for folder, names in SCOPES.items()
        }
        return Markup(json.dumps({"imports": addresses, "scopes": scopes}).replace("<", "\\u003c"))  # noqa: S704 - our own constants


@runtime_checkable
class SignedIn(Protocol):
    """Whom a page can name: a ``StaffPrincipal`` of the service, or who has signed in at the office's own console."""

    @property
    def display_name(self) -> str:
        """As others see it."""
        ...

    @property
    def role(self) -> Role:
        """What they do here."""
        ...


@dataclass(frozen=True, slots=True)
class Who:
    """The member of staff whom the header names."""

    name: str
    role_label: str


def who_of(request: Request, words: Words) -> Who | None:
    """Who is signed in, as the gate of the page found it; `None` for everybody else."""
    principal = getattr(request.state, "principal", None)
    if not isinstance(principal, SignedIn):
        return None
    return Who(principal.display_name, words.say(ROLE_WORDS[principal.role]))


ROLE_WORDS: Final = {
    Role.DESK: "role-desk",
    Role.OFFICE: "role-office",
    Role.ADMIN: "role-admin",
    Role.AGENCY: "role-agency",
}


def render(request: Request, template: str, *, status_code: int = 200, **context: Any) -> HTMLResponse:
    """`Pages.render` with the pages of the application that answers `request`."""
    pages: Pages = request.app.state.pages
    return pages.render(request, template, status_code=status_code, **context)


def locale_of(request: HTTPConnection) -> Locale:
    """The language that the route names (``request.state.locale``), else the one chosen by the person, or Arabic."""
    return as_locale(getattr(request.state, "locale", None) or request.cookies.get(LANGUAGE_COOKIE))
