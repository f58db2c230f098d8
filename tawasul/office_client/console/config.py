"""What a console has to be told: where the server is, and whom to trust. Everything is checked before it starts."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from tawasul.e2ee.certificate import Anchor
from tawasul.e2ee.errors import PrivacyError
from tawasul.office_client.console.errors import AddressNotUsable, AnchorNotUsable, AuthorityNotUsable

HOST: Final = "127.0.0.1"
"""The one address of a console, on every machine: another name would be another origin, with another key."""

USUAL_PORT: Final = 8010

LARGEST_ANCHOR: Final = 64 * 1024
"""Bytes read of a file that somebody named."""

_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


@dataclass(frozen=True)
class ConsoleConfig:
    """One console. Use ``configured``, which checks.

    ``server``: the service's origin, as a browser writes it (RFC 6454 §6.2). ``port``: of the pages, on this machine.
    ``security``: for ``https``; None for a server of this machine.
    """

    server: str
    anchor: Anchor
    port: int
    security: ssl.SSLContext | None

    @property
    def origin(self) -> str:
        """Of the pages, as a browser writes it."""
        return f"http://{HOST}" + ("" if self.port == _DEFAULT_PORTS["http"] else f":{self.port}")

    def line_address(self, door: str) -> str:
        """The WebSocket address of a door (``office``) of the server's signaling."""
        return f"ws{self.server.removeprefix('http')}/signaling/{door}"


def configured(server: str, anchor: Path, *, port: int = USUAL_PORT, authority: Path | None = None) -> ConsoleConfig:
    """From what a person typed. ``authority``: certificates (PEM) to trust instead of the machine's.

    Raises:
        AddressNotUsable, AnchorNotUsable, AuthorityNotUsable: with the sentence that the person needs.
    """
    origin = _origin(server)
    return ConsoleConfig(origin, _anchor(anchor), port, _security(origin, authority))


def _origin(server: str) -> str:
    try:
        parts = urlsplit(server.strip())
        port = parts.port
    except ValueError:
        raise AddressNotUsable("this is no address") from None
    host = (parts.hostname or "").lower()
    if parts.scheme not in _DEFAULT_PORTS or not host or parts.path.strip("/") or parts.query or parts.fragment:
        raise AddressNotUsable("give the service's address alone, such as https://majlis.example")
    if parts.username is not None or parts.password is not None:
        raise AddressNotUsable("a name or a password does not belong into the address")
    if parts.scheme == "http" and not _is_here(host):
        raise AddressNotUsable("plain http is for a server on this machine only; use https")
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" + ("" if port in (None, _DEFAULT_PORTS[parts.scheme]) else f":{port}")


def _anchor(file: Path) -> Anchor:
    try:
        with file.open("rb") as opened:
            content = opened.read(LARGEST_ANCHOR + 1)
    except OSError as error:
        raise AnchorNotUsable(file, error.strerror or "it cannot be read") from None
    if len(content) > LARGEST_ANCHOR:
        raise AnchorNotUsable(file, "it is too long")
    try:
        return Anchor.from_json(content)
    except PrivacyError as error:
        raise AnchorNotUsable(file, str(error)) from None


def _security(origin: str, authority: Path | None) -> ssl.SSLContext | None:
    if not origin.startswith("https:"):
        return None
    try:
        context = ssl.create_default_context(cafile=authority)
    except OSError as error:
        assert authority is not None
        reason = (
            "it holds no certificates" if isinstance(error, ssl.SSLError) else error.strerror or "it cannot be read"
        )
        raise AuthorityNotUsable(authority, reason) from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
