"""A certificate authority for this machine, so that a phone or a second computer on the network can join by HTTPS.

Browsers give no camera to plain HTTP elsewhere than ``localhost``. The authority is made once and kept, so that a
device has to trust it only once; its certificate is made anew at each start for the names and addresses of that day.
For trials: a region's real service has a certificate of its own authority.
"""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import psutil
import trustme

CERTIFICATE_LASTS = timedelta(days=90)
"""Apple's devices refuse anything over 825 days, and others will follow lower."""


@dataclass(frozen=True, slots=True)
class LocalCertificate:
    """PEM files: the authority's certificate to trust, and ours with its key."""

    authority: Path
    certificate: Path
    key: Path
    names: tuple[str, ...]


def issue(directory: Path, now: datetime | None = None) -> LocalCertificate:
    """A certificate for ``localhost`` and this machine's name and addresses, from the authority in ``directory``."""
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    authority = _authority(directory)
    names = ("localhost", "127.0.0.1", "::1", *_names_of_this_machine())
    leaf = authority.issue_cert(
        *names, common_name="Tawasul on this machine", not_after=(now or datetime.now(UTC)) + CERTIFICATE_LASTS
    )
    certificate, key = directory / "server.pem", directory / "server-key.pem"
    _write(key, leaf.private_key_pem.bytes())
    certificate.write_bytes(b"".join(blob.bytes() for blob in leaf.cert_chain_pems))
    return LocalCertificate(directory / "authority.pem", certificate, key, names)


def reachable_addresses() -> list[str]:
    """This machine's addresses on its networks, IPv4 first; without loopback and link-local ones."""
    found = {
        a.address
        for addresses in psutil.net_if_addrs().values()
        for a in addresses
        if a.family in (socket.AF_INET, socket.AF_INET6) and "%" not in a.address
    }
    usable = [a for a in map(ip_address, found) if not (a.is_loopback or a.is_link_local or a.is_multicast)]
    return [str(a) for a in sorted(usable, key=lambda a: (a.version, int(a)))]


def _authority(directory: Path) -> trustme.CA:
    certificate, key = directory / "authority.pem", directory / "authority-key.pem"
    if certificate.exists() and key.exists():
        return trustme.CA.from_pem(certificate.read_bytes(), key.read_bytes())
    authority = trustme.CA(organization_name="Tawasul local authority", organization_unit_name=socket.gethostname())
    _write(key, authority.private_key_pem.bytes())
    authority.cert_pem.write_to_path(str(certificate))
    return authority


def _names_of_this_machine() -> list[str]:
    name = socket.gethostname()
    return [*([name] if name.isascii() and len(name) < 64 else []), *reachable_addresses()]


def _write(path: Path, content: bytes) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
