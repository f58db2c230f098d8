"""Puts the pages' base on an application: middleware, static files with the words' catalogues, problems.

`install(app, region)` is called once, by the composition root, before any room adds its routes. It adds no route of
its own, so nothing here needs a policy: what is served under `/static/` is the same for everyone and about nobody.
"""

from __future__ import annotations

from fastapi import FastAPI

from tawasul.domain.places import Name
from tawasul.web.pages import Pages
from tawasul.web.problems import install_handlers
from tawasul.web.security import SecurityHeaders
from tawasul.web.static_files import VersionedFiles


def install(app: FastAPI, region: Name) -> None:
    """Adds the base to `app`, for the pages of `region`. The pages are at `app.state.pages`."""
    files = VersionedFiles()
    app.state.pages = Pages(region, files)
    # The last one added stands outermost: what others refuse still has its headers. Add them before.
    app.add_middleware(SecurityHeaders)
    install_handlers(app)
    app.mount("/static", files, name="static")
