"""Whom the root certifies, the issuer and each steward: key, request, certificate and anchor in one folder each."""

from __future__ import annotations

from pathlib import Path

from tawasul.e2ee.certificate import Anchor, Certificate, Title, verify_chain
from tawasul.e2ee.errors import CertificateProblem
from tawasul.e2ee.keys import SigningKey
from tawasul.e2ee.names import DeviceName, DeviceRole
from tawasul.issuer.authority import KeyRequest, make_key_request, read_key_request
from tawasul.issuer.errors import FileUnusable
from tawasul.issuer.folder import ANCHOR, make_key, read_anchor, read_key, read_text, replace


def key_file(role: DeviceRole) -> str:
    """The name of its key's file."""
    return f"{role}.pem"


def request_file(role: DeviceRole) -> str:
    """The name of the file that is carried to the root."""
    return f"{role}.request"


def certificate_file(role: DeviceRole) -> str:
    """The name of the file that the root gives back."""
    return f"{role}.certificate"


def make_certified(folder: Path, name: DeviceName, title: Title, password: bytes) -> KeyRequest:
    """A new key in `folder`, and the request that the root signs beside it. Raises FileThere: the folder has a key."""
    key = make_key(folder / key_file(name.role), password)
    request = make_key_request(key, name, title)
    replace(folder / request_file(name.role), request.encode())
    return read_key_request(request)


def open_certified(
    folder: Path, role: DeviceRole, password: bytes, now: float, *, mend: str = ""
) -> tuple[SigningKey, Certificate, Anchor]:
    """What `folder` holds, checked against each other. `mend` is said where the certificate does not hold at `now`.

    Raises FileMissing, FileNotPrivate, FileUnusable, KeyPasswordWrong.
    """
    anchor = read_anchor(folder / ANCHOR)
    key = read_key(folder / key_file(role), password)
    path = folder / certificate_file(role)
    text = read_text(path)
    try:
        certificate = verify_chain([text], anchor, now=now, revocations=None, roles=frozenset({role}))
    except CertificateProblem as problem:
        raise FileUnusable(f"{path}: {problem}{mend}") from None
    if certificate.key != key.public:
        raise FileUnusable(f"{path} is for another key than {folder / key_file(role)}")
    return key, certificate, anchor
