"""Security headers on every answer, and the page's nonce, as plain ASGI middleware.

Plain ASGI and not Starlette's `BaseHTTPMiddleware`, because that one knows no WebSocket and breaks streaming.

What each header is for:

| Header | Why |
|---|---|
| Content-Security-Policy | nothing loads but from here; scripts by file or nonce; DOM sinks want trusted types |
| Permissions-Policy | camera and microphone for our own pages; all else that could watch or locate is off |
| Cross-Origin-Opener-Policy, -Resource-Policy, -Embedder-Policy | our pages share a process with no one else's |
| X-Content-Type-Options | a JSON answer is never a script |
| Referrer-Policy | a citizen's link carries its token in the address: it is told to nobody |
| Strict-Transport-Security | over HTTPS only (RFC 6797 §7.2), without `includeSubDomains`: the host may have sisters |

Note for forms: under `no-referrer` a browser sends `Origin: null` with a plain form's POST, but the true origin with
`fetch`.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

NONCE_BYTES: Final = 18
"""144 bits: over the 128 that CSP 3 §2.3.1 asks for, and a multiple of three, so base64 has no padding."""

HSTS: Final = "max-age=31536000"

PERMISSIONS: Final = ", ".join(
    [
        *(f"{feature}=(self)" for feature in ("camera", "microphone", "autoplay", "fullscreen", "screen-wake-lock")),
        *(f"{feature}=()" for feature in ("geolocation", "display-capture", "payment", "usb", "serial", "hid", "midi")),
        *(f"{feature}=()" for feature in ("accelerometer", "gyroscope", "magnetometer", "browsing-topics")),
    ]
)

_HOST = re.compile(r"(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?")


class SecurityHeaders:
    """Middleware: gives each request a nonce (`request.state.nonce`) and each answer its headers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI entry. WebSockets and lifespan pass through: their answers carry no page."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(NONCE_BYTES)
        scope.setdefault("state", {})["nonce"] = nonce
        lines = list(header_lines(nonce, host=Headers(scope=scope).get("host", ""), https=scope["scheme"] == "https"))

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in lines:
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)


def header_lines(nonce: str, host: str, https: bool) -> Iterator[tuple[str, str]]:
    """The headers of one answer. A `host` that does not look like one stays out of the policy."""
    yield "content-security-policy", content_security_policy(nonce, host)
    yield "permissions-policy", PERMISSIONS
    yield "cross-origin-opener-policy", "same-origin"
    yield "cross-origin-resource-policy", "same-origin"
    yield "cross-origin-embedder-policy", "require-corp"
    yield "x-content-type-options", "nosniff"
    yield "x-frame-options", "DENY"
    yield "referrer-policy", "no-referrer"
    # Pages are private: nothing that a shared kiosk or proxy keeps. Static files and catalogues set their own.
    yield "cache-control", "no-store"
    if https and host.partition(":")[0] != "localhost":
        # Said of localhost it would hold for every port there, and shut out a service that speaks plain HTTP tomorrow.
        yield "strict-transport-security", HSTS


def content_security_policy(nonce: str, host: str) -> str:
    """The policy for one answer. Older Safari reads 'self' without ws and wss, so the host's own are named."""
    sockets = f" ws://{host} wss://{host}" if _HOST.fullmatch(host) else ""
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src 'self' 'nonce-{nonce}'",
            "style-src 'self'",
            "img-src 'self' data:",
            "font-src 'self'",
            f"connect-src 'self'{sockets}",
            "media-src 'self' blob:",
            "worker-src 'self'",
            "manifest-src 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            # No form is sent by the browser itself: what was typed would stand in an address and so in a log.
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types tawasul",
        ]
    )


def nonce_of(request: HTTPConnection) -> str:
    """The nonce that this answer's policy will carry. Raises `AttributeError` when the middleware is not installed."""
    nonce: str = request.state.nonce
    return nonce
