"""Static files and the words' catalogues, named by their content so that a browser may keep them for ever.

One version names the whole tree: `/static/<version>/js/office.js`. Modules and style sheets name each other
relatively, so the version goes along without any file being rewritten. A request under another version is still
answered (a page drawn before an upgrade asks for its old names), only not kept.
"""

from __future__ import annotations

import mimetypes
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Final

from starlette.responses import PlainTextResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from tawasul.web.words import LOCALES, Locale, catalogue

STATIC_FOLDER: Final = Path(__file__).parent / "static"

CATALOGUES: Final[dict[str, Locale]] = {f"words/{locale}.ftl": locale for locale in LOCALES}
"""The catalogues' paths among the static files: each is the joined text of a language's files."""

FOR_EVER: Final = "public, max-age=31536000, immutable"
ASK_AGAIN: Final = "no-cache"

# A slim system has no mime.types file, and a module of an unknown type is refused under `nosniff`.
mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("font/woff2", ".woff2")
mimetypes.add_type("image/svg+xml", ".svg")


class VersionedFiles(StaticFiles):
    """Serves a folder under `/<version>/…`, for ever when the version is today's."""

    def __init__(self, folder: Path = STATIC_FOLDER) -> None:
        super().__init__(directory=folder)
        self._folder = folder

    @cached_property
    def version(self) -> str:
        """Twelve hex digits of the SHA-256 over every file's path and content and the catalogues, computed once."""
        digest = sha256()
        for path in sorted(self._folder.rglob("*")):
            if path.is_file():
                name = path.relative_to(self._folder).as_posix().encode()
                digest.update(len(name).to_bytes(4) + name + sha256(path.read_bytes()).digest())
        for locale in LOCALES:
            digest.update(sha256(catalogue(locale).encode()).digest())
        return digest.hexdigest()[:12]

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file below the version's segment. Raises `HTTPException`: 404 there is none, 405 for another method."""
        version, _, rest = path.partition("/")
        if rest in CATALOGUES and scope["method"] in ("GET", "HEAD"):
            response: Response = PlainTextResponse(catalogue(CATALOGUES[rest]))
        else:
            response = await super().get_response(rest, scope)
        response.headers["cache-control"] = FOR_EVER if version == self.version else ASK_AGAIN
        return response
