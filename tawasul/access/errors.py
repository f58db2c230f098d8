"""Refusals that only the doors know.

::

    TawasulError
    └── Refused                     tawasul.domain.errors
        ├── CrossSite               an unsafe request or a WebSocket that another site's page sent
        ├── WrongCsrfToken          the page's token is missing or belongs to another sign-in
        └── KioskNotRecognised      no such kiosk, no key registered, or a signature of another key
"""

from __future__ import annotations

from tawasul.domain.errors import Refused


class CrossSite(Refused):
    """The request did not come from our own pages."""

    code = "cross-site"


class WrongCsrfToken(Refused):
    """The token of the page is missing, or of another sign-in: reloading the page mends it."""

    code = "csrf"


class KioskNotRecognised(Refused):
    """The device did not prove to be a registered kiosk. Says no more than that."""

    code = "kiosk-not-recognised"
