"""The region's root, offline: it signs issuers and stewards, and nothing else, on a machine without a network.

What comes to it is a key request: a JWS (`tawasul-key-request+jwt`, header `jwk`) with `sub`, the name that is wanted,
and `name`, how people read it. The signature proves that the key is there; whose it is, is for the person to see who
signs: they compare the code with whoever brings the request.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from tawasul.e2ee.certificate import Anchor, Title, issue
from tawasul.e2ee.enrolment import code_of
from tawasul.e2ee.errors import CertificateMalformed, EnrolmentMalformed, NameMalformed
from tawasul.e2ee.jws import read, sign
from tawasul.e2ee.keys import PublicKey, SigningKey
from tawasul.e2ee.names import DeviceName, DeviceRole, root_name
from tawasul.issuer.errors import FileThere, FileUnusable
from tawasul.issuer.folder import ANCHOR, make_key, read_anchor, read_key, write_new

KEY_REQUEST: Final = "tawasul-key-request+jwt"
ROOT_KEY: Final = "root.pem"
SIGNS: Final = frozenset({DeviceRole.ISSUER, DeviceRole.STEWARD})


@dataclass(frozen=True, slots=True)
class KeyRequest:
    """Who wants a certificate, for which key."""

    name: DeviceName
    title: Title
    key: PublicKey

    @property
    def code(self) -> str:
        """What two people compare."""
        return code_of(self.key.thumbprint)


def make_key_request(key: SigningKey, name: DeviceName, title: Title) -> str:
    """What is brought to the root."""
    return sign(key, KEY_REQUEST, {"sub": str(name), "name": title.json()})


def read_key_request(text: str) -> KeyRequest:
    """Raises EnrolmentMalformed, SignatureWrong."""
    key, claims = read(text, KEY_REQUEST, malformed=EnrolmentMalformed)
    try:
        if set(claims) != {"sub", "name"} or not isinstance(claims["sub"], str):
            raise EnrolmentMalformed
        return KeyRequest(DeviceName.parse(claims["sub"]), Title.read(claims["name"]), key)
    except (NameMalformed, CertificateMalformed) as error:
        raise EnrolmentMalformed from error


class RootAuthority:
    """The opened root. Its key is in memory for as long as one command runs."""

    def __init__(self, anchor: Anchor, key: SigningKey) -> None:
        self.anchor = anchor
        self._key = key

    @classmethod
    def create(cls, folder: Path, region: str, title: Title, password: bytes) -> Self:
        """A new root for a region. Raises FileThere: the folder has one, NameMalformed: no region is called so."""
        name = root_name(region)
        for file in (folder / ROOT_KEY, folder / ANCHOR):
            if file.exists():
                raise FileThere(f"{file} is there already, and is not overwritten")
        key = make_key(folder / ROOT_KEY, password)
        anchor = Anchor(name.region, title, key.public)
        write_new(folder / ANCHOR, anchor.to_json())
        return cls(anchor, key)

    @classmethod
    def open(cls, folder: Path, password: bytes) -> Self:
        """Raises FileMissing, FileNotPrivate, FileUnusable, KeyPasswordWrong."""
        anchor = read_anchor(folder / ANCHOR)
        key = read_key(folder / ROOT_KEY, password)
        if key.public != anchor.root:
            raise FileUnusable(f"{folder / ANCHOR} is the anchor of another root")
        return cls(anchor, key)

    def sign(self, request: KeyRequest, role: DeviceRole, *, serial: bytes, now: int) -> str:
        """The certificate of an issuer or a steward, for as long as its role's lifetime.

        `serial` is 16 random bytes, `now` seconds since 1970 UTC. Raises FileUnusable: the request is for another role
        or another region, or for the root's own key.
        """
        if request.name.role is not role or role not in SIGNS or request.name.region != self.anchor.region:
            raise FileUnusable(f"the request is for {request.name}, and not for {_wanted(role, self.anchor)}")
        if request.key == self.anchor.root:
            raise FileUnusable("the request is for the root's own key")
        return issue(
            self._key,
            root_name(self.anchor.region),
            name=request.name,
            title=request.title,
            key=request.key,
            serial=serial,
            now=now,
        )


def _wanted(role: DeviceRole, anchor: Anchor) -> str:
    return f"one of urn:tawasul:{anchor.region}:{role}:…"
