"""The issuer's folder, opened: key, certificate, anchor and file are checked against each other first."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tawasul.e2ee.certificate import Title, verify_chain
from tawasul.e2ee.errors import CertificateProblem
from tawasul.e2ee.names import DeviceName, DeviceRole
from tawasul.issuer.authority import KeyRequest, make_key_request, read_key_request
from tawasul.issuer.core.register import Register
from tawasul.issuer.errors import FileMissing, FileUnusable
from tawasul.issuer.folder import ANCHOR, make_key, read_anchor, read_key, read_text, replace
from tawasul.issuer.places import Places
from tawasul.issuer.service import Issuer
from tawasul.issuer.store import AuditLine, IssuerStore

KEY: Final = "issuer.pem"
CERTIFICATE: Final = "issuer.certificate"
REQUEST: Final = "issuer.request"
DATABASE: Final = "issuer.db"

TITLE: Final = Title("جهة إصدار شهادات الأجهزة", "Issuer of device certificates")


def make_issuer_key(folder: Path, region: str, place: str, password: bytes) -> KeyRequest:
    """A new issuer's key in `folder`, and the request that the root signs beside it.

    Raises FileThere: the folder has a key. NameMalformed.
    """
    name = DeviceName(region, DeviceRole.ISSUER, place)
    key = make_key(folder / KEY, password)
    request = make_key_request(key, name, TITLE)
    replace(folder / REQUEST, request.encode())
    return read_key_request(request)


def open_issuer(
    folder: Path, password: bytes, clock: Callable[[], float] = time.time, *, restored: bool = False
) -> Issuer:
    """The issuer of `folder`, with its first list signed. Close it in the end. `restored`: its file is a backup.

    Raises:
        TrustFolderProblem: a file is missing, is not private, holds something else, or is another process's.
        KeyPasswordWrong: the key does not open.
    """
    anchor = read_anchor(folder / ANCHOR)
    key = read_key(folder / KEY, password)
    text = read_text(folder / CERTIFICATE)
    try:
        certificate = verify_chain([text], anchor, now=clock(), revocations=None, roles=frozenset({DeviceRole.ISSUER}))
    except CertificateProblem as problem:
        raise FileUnusable(f"{folder / CERTIFICATE}: {problem} Let the root sign it anew: tawasul ca issuer") from None
    if certificate.key != key.public:
        raise FileUnusable(f"{folder / CERTIFICATE} is for another key than {folder / KEY}")
    places = Places(anchor.region)
    store = IssuerStore(folder / DATABASE)
    try:
        register = Register(
            anchor=anchor,
            key=key,
            certificate=certificate,
            titles=places.title,
            holdings=store.read(),
            restored=restored,
        )
        return Issuer(register, store, clock)
    except BaseException:
        store.close()
        raise


def read_audit(folder: Path) -> list[AuditLine]:
    """Who approved, enrolled, renewed and revoked what. Raises FileMissing, FileUnusable."""
    if not (folder / DATABASE).is_file():
        raise FileMissing(f"{folder} has no file of an issuer")
    return IssuerStore.audit_of(folder / DATABASE)
