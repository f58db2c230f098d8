"""A region's keys in the test's own hands: honest ones, and every wrong kind an attacker might come with."""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from tawasul.e2ee.anchor import Anchor, Title
from tawasul.e2ee.certificate import DAY, issue
from tawasul.e2ee.handshake import Credentials
from tawasul.e2ee.keys import SigningKey
from tawasul.e2ee.names import DeviceName, DeviceRole, root_name
from tawasul.e2ee.revocation import Trust, sign_revocations

REGION = "madinah"
TITLE = Title("عينة", "Sample")


@dataclass
class Region:
    """Root and issuer of a region. Another one of the same name is what a forger makes."""

    root: SigningKey = field(default_factory=SigningKey.generate)
    issuer: SigningKey = field(default_factory=SigningKey.generate)

    def __post_init__(self) -> None:
        self._issuer_name = DeviceName(REGION, DeviceRole.ISSUER, "issuer")
        self._issuer_chain = issue(
            self.root,
            root_name(REGION),
            name=self._issuer_name,
            title=TITLE,
            key=self.issuer.public,
            serial=secrets.token_bytes(16),
            now=int(time.time()) - 60 * DAY,
        )

    @property
    def anchor(self) -> Anchor:
        """What a person brings to each device."""
        return Anchor(REGION, TITLE, self.root.public)

    def credentials(self, role: DeviceRole, place: str, *, issued: float | None = None) -> Credentials:
        """A device's key and chain, of this moment or of `issued` (seconds since 1970)."""
        name, key = DeviceName(REGION, role, place), SigningKey.generate()
        certificate = issue(
            self.issuer,
            self._issuer_name,
            name=name,
            title=Title(f"{TITLE.ar} {place}", f"{TITLE.en} {place}"),
            key=key.public,
            serial=secrets.token_bytes(16),
            now=int(issued or time.time()),
        )
        return Credentials(key, (certificate, self._issuer_chain), name)

    def revocations(self, *, seq: int = 1, issued: float | None = None, keys: tuple[str, ...] = ()) -> dict[str, Any]:
        """A list as it travels."""
        text = sign_revocations(
            self.issuer, self._issuer_name, now=int(issued or time.time()), seq=seq, serials=(), keys=keys
        )
        return {"list": text, "chain": [self._issuer_chain]}

    def trust(self, *, keys: tuple[str, ...] = ()) -> Trust:
        """What an endpoint holds that has the anchor and a list of this moment."""
        fresh = self.revocations(keys=keys)
        return Trust(self.anchor).learn(fresh["list"], fresh["chain"], time.time())

    def anchor_told(self) -> dict[str, Any]:
        """The anchor as a plan carries it."""
        told: dict[str, Any] = json.loads(self.anchor.to_json())
        return told


def own_device() -> Credentials:
    """What a citizen's own device has: a key made for one call, and nobody's word for it."""
    return Credentials(SigningKey.generate())
