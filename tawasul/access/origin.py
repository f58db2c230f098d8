"""Did our own page send this? Origin (RFC 6454), and Sec-Fetch-Site (Fetch Metadata) where there is none. Pure.

A form's POST under our ``Referrer-Policy: no-referrer`` has ``Origin: null`` (Fetch standard, "append a request Origin
header"), so what a browser says itself in Sec-Fetch-Site, which no page can set, counts then.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})

_DEFAULT_PORTS: Final = {"http": ":80", "https": ":443"}


def from_our_page(headers: Mapping[str, str], *, scheme: str, host: str) -> bool:
    """``scheme`` is http or https (ws and wss are taken as those), ``host`` the request's Host with its port."""
    origin = headers.get("origin")
    if origin is None or origin == "null":
        return headers.get("sec-fetch-site") == "same-origin"
    scheme = {"ws": "http", "wss": "https"}.get(scheme, scheme)
    return origin.lower() == f"{scheme}://{host.lower().removesuffix(_DEFAULT_PORTS.get(scheme, ''))}"
