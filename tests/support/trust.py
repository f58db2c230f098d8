"""A region's trust made in memory, at this moment: an anchor, an issuer, and whoever is to have a certificate of them.

Everything is made by `tawasul.e2ee` as the real root and issuer do it. What is wrong on purpose is asked for by name.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from pathlib import Path

from kiosk_client.identity import GivenIdentity
from kiosk_client.papers import Papers
from kiosk_client.vault import signing_key
from tawasul.e2ee.certificate import Anchor, Title, issue
from tawasul.e2ee.handshake import Credentials
from tawasul.e2ee.keys import SigningKey
from tawasul.e2ee.names import DeviceName, DeviceRole, root_name
from tawasul.e2ee.revocation import Trust, sign_revocations

REGION = "madinah"
TITLES = {
    "emirate": Title("مكتب سمو أمير منطقة المدينة المنورة", "Office of the Amir of Madinah"),
    "badr-1": Title("كشك محافظة بدر", "Badr kiosk"),
}
KIOSK, OFFICE = DeviceRole.KIOSK, DeviceRole.OFFICE


@dataclass
class MadeTrust:
    """One root and one issuer. `make_trust()` makes them; two of them do not believe each other."""

    root: SigningKey = field(default_factory=SigningKey.generate)
    issuer: SigningKey = field(default_factory=SigningKey.generate)
    revoked: set[str] = field(default_factory=set)
    """Thumbprints of keys that the lists made from now on name."""
    seq: int = 0

    def __post_init__(self) -> None:
        self.anchor = Anchor(REGION, Title("منطقة المدينة المنورة", "Madinah Region"), self.root.public)
        self.issuer_name = DeviceName(REGION, DeviceRole.ISSUER, "issuer-1")
        self.issuer_certificate = issue(
            self.root,
            root_name(REGION),
            name=self.issuer_name,
            title=Title("جهة الإصدار", "Issuer"),
            key=self.issuer.public,
            serial=secrets.token_bytes(16),
            now=int(time.time()) - 3600,
        )

    def chain(
        self, role: DeviceRole, place: str, key: SigningKey, *, issued: float | None = None, lifetime: int | None = None
    ) -> tuple[str, ...]:
        """A device's chain. `issued`: seconds since 1970, a minute ago if None."""
        certificate = issue(
            self.issuer,
            self.issuer_name,
            name=DeviceName(REGION, role, place),
            title=TITLES.get(place, Title(place, place)),
            key=key.public,
            serial=secrets.token_bytes(16),
            now=int(time.time() - 60 if issued is None else issued),
            lifetime=lifetime,
        )
        return (certificate, self.issuer_certificate)

    def credentials(
        self, role: DeviceRole, place: str, *, issued: float | None = None, lifetime: int | None = None
    ) -> Credentials:
        """A device with a key of its own."""
        key = SigningKey.generate()
        chain = self.chain(role, place, key, issued=issued, lifetime=lifetime)
        return Credentials(key, chain, DeviceName(REGION, role, place))

    def list_text(self, *, issued: float | None = None) -> str:
        """The next revocation list."""
        self.seq += 1
        now = int(time.time() - 60 if issued is None else issued)
        return sign_revocations(self.issuer, self.issuer_name, now=now, seq=self.seq, serials=(), keys=self.revoked)

    def trust(self) -> Trust:
        """What an endpoint holds that has just fetched the list."""
        return Trust(self.anchor).learn(self.list_text(), (self.issuer_certificate,), time.time())

    def install(self, key_file: Path, place: str) -> Path:
        """Put into a kiosk's folder what it keeps once it is enrolled; the anchor's file."""
        anchor_file = key_file.with_name("anchor.json")
        anchor_file.parent.mkdir(parents=True, exist_ok=True)
        anchor_file.write_bytes(self.anchor.to_json())
        key = signing_key(key_file.with_name(f"{key_file.stem}.signing.pem"))
        papers = Papers(key_file, self.anchor, DeviceName(REGION, KIOSK, place), key)
        papers.keep_chain(self.chain(KIOSK, place, key))
        papers.keep_list(self.list_text(), [self.issuer_certificate], self.seq)
        return anchor_file

    def identity(self, role: DeviceRole, place: str) -> GivenIdentity:
        """A device that needs nothing more."""
        return GivenIdentity(self.credentials(role, place), self.trust())


def make_trust() -> MadeTrust:
    """A region of its own."""
    return MadeTrust()
