"""The issuer's folder, opened: key, certificate, anchor and file are checked against each other first."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tawasul.e2ee.certificate import Title
from tawasul.e2ee.names import DeviceName, DeviceRole
from tawasul.issuer.authority import KeyRequest
from tawasul.issuer.certified import certificate_file, key_file, make_certified, open_certified, request_file
from tawasul.issuer.core.register import Register
from tawasul.issuer.errors import FileMissing
from tawasul.issuer.places import Places
from tawasul.issuer.service import Issuer
from tawasul.issuer.store import AuditLine, IssuerStore

KEY: Final = key_file(DeviceRole.ISSUER)
CERTIFICATE: Final = certificate_file(DeviceRole.ISSUER)
REQUEST: Final = request_file(DeviceRole.ISSUER)
DATABASE: Final = "issuer.db"

TITLE: Final = Title("جهة إصدار شهادات الأجهزة", "Issuer of device certificates")


def make_issuer_key(folder: Path, region: str, place: str, password: bytes) -> KeyRequest:
    """A new issuer's key in `folder`, and the request that the root signs beside it.

    Raises FileThere: the folder has a key. NameMalformed.
    """
    return make_certified(folder, DeviceName(region, DeviceRole.ISSUER, place), TITLE, password)


def open_issuer(
    folder: Path, password: bytes, clock: Callable[[], float] = time.time, *, restored: bool = False
) -> Issuer:
    """The issuer of `folder`, with its first list signed. Close it in the end. `restored`: its file is a backup.

    Raises:
        TrustFolderProblem: a file is missing, is not private, holds something else, or is another process's.
        KeyPasswordWrong: the key does not open.
    """
    key, certificate, anchor = open_certified(
        folder, DeviceRole.ISSUER, password, clock(), mend=" Let the root sign it anew: tawasul ca issuer"
    )
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
