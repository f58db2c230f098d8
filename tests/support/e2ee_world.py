"""A small region for tests of the end-to-end proof: a root, an issuer, an office, a kiosk, a phone, and their ends.

Everything that can be is made from labels, so that two runs differ in their signatures only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ec

from tawasul.e2ee.certificate import Anchor, Title, issue
from tawasul.e2ee.handshake import Answering, Begin, Confirmed, Credentials, Effect, HandshakeEnd, Received, Send
from tawasul.e2ee.handshake_citizen import CitizenEnd
from tawasul.e2ee.handshake_office import OfficeEnd
from tawasul.e2ee.key_share import KeyShare
from tawasul.e2ee.keys import SigningKey
from tawasul.e2ee.names import DeviceName, DeviceRole, root_name
from tawasul.e2ee.revocation import Trust, sign_revocations
from tawasul.e2ee.session import Session

NOW = 1_763_800_000
"""Seconds since 1970: when everything here happens."""
REGION = "madinah"
SID = "0192f7c0-call/1"
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
TITLES = {
    "root": Title("منطقة المدينة المنورة", "Madinah Region"),
    "issuer-1": Title("مُصدر الشهادات", "Certificate issuer"),
    "emirate": Title("مكتب سمو أمير المنطقة", "Office of HRH the Amir"),
    "badr-1": Title("محافظة بدر", "Badr Governorate"),
}


def octets(label: str, size: int = 32) -> bytes:
    """Bytes that are always the same for a label."""
    return hashlib.shake_256(label.encode()).digest(size)


def key(label: str) -> SigningKey:
    """A signing key that is always the same for a label."""
    return SigningKey(ec.derive_private_key(int.from_bytes(octets(label, 40), "big") % P256_ORDER, ec.SECP256R1()))


def name(role: str, place: str, region: str = REGION) -> DeviceName:
    """A name."""
    return DeviceName(region, DeviceRole(role), place)


def fingerprint(label: str) -> str:
    """A DTLS fingerprint as the handshake carries it."""
    return "sha-256 " + octets(f"dtls {label}").hex(":").upper()


@dataclass
class Region:
    """A root with one issuer; whatever else is asked for is signed on the spot."""

    label: str = "region"
    region: str = REGION

    def __post_init__(self) -> None:
        self.root = key(f"{self.label} root")
        self.root_name = root_name(self.region)
        self.issuer = key(f"{self.label} issuer")
        self.issuer_name = name("issuer", "issuer-1", self.region)
        self.anchor = Anchor(self.region, TITLES["root"], self.root.public)
        self.issuer_certificate = self.sign_by_root(self.issuer_name, self.issuer)

    def sign_by_root(self, holder: DeviceName, holder_key: SigningKey, *, now: int = NOW - 3600) -> str:
        """A certificate of an issuer or a steward."""
        return issue(
            self.root,
            self.root_name,
            name=holder,
            title=TITLES.get(holder.place, TITLES["root"]),
            key=holder_key.public,
            serial=octets(f"{self.label} serial {holder}", 16),
            now=now,
        )

    def chain(
        self, holder: DeviceName, holder_key: SigningKey, *, now: int = NOW - 60, lifetime: int | None = None
    ) -> tuple[str, ...]:
        """The chain of a device."""
        certificate = issue(
            self.issuer,
            self.issuer_name,
            name=holder,
            title=TITLES.get(holder.place, TITLES["root"]),
            key=holder_key.public,
            serial=octets(f"{self.label} serial {holder}", 16),
            now=now,
            lifetime=lifetime,
        )
        return (certificate, self.issuer_certificate)

    def credentials(self, role: str, place: str, label: str | None = None) -> Credentials:
        """A device with its key and chain."""
        holder = name(role, place, self.region)
        holder_key = key(label or f"{self.label} {holder}")
        return Credentials(holder_key, self.chain(holder, holder_key), holder)

    def list_text(
        self, *, seq: int = 7, now: int = NOW - 600, serials: Iterable[str] = (), keys: Iterable[str] = ()
    ) -> str:
        """A revocation list."""
        return sign_revocations(self.issuer, self.issuer_name, now=now, seq=seq, serials=serials, keys=keys)

    def trust(self, *, serials: Iterable[str] = (), keys: Iterable[str] = ()) -> Trust:
        """What an endpoint of this region holds."""
        text = self.list_text(serials=serials, keys=keys)
        return Trust(self.anchor).learn(text, [self.issuer_certificate], NOW)


MADINAH = Region()
TRUST = MADINAH.trust()
OFFICE = MADINAH.credentials("office", "emirate")
KIOSK = MADINAH.credentials("kiosk", "badr-1")
PHONE = Credentials(key("a citizen's phone"))
OFFICE_NAME = name("office", "emirate")


def citizen_end(
    credentials: Credentials = KIOSK, *, sid: str = SID, label: str = "", trust: Trust = TRUST
) -> CitizenEnd:
    """A's end; its random parts follow from the label."""
    return CitizenEnd(
        credentials,
        trust=trust,
        sid=sid,
        office=OFFICE_NAME,
        fingerprint=fingerprint(f"citizen {label}"),
        nonce=octets(f"n_A {label}"),
        share=KeyShare.from_seed(octets(f"share {label}")),
    )


def office_end(
    credentials: Credentials = OFFICE,
    *,
    sid: str = SID,
    kiosk: str | None = "badr-1",
    label: str = "",
    trust: Trust = TRUST,
) -> OfficeEnd:
    """B's end; its random parts follow from the label."""
    return OfficeEnd(
        credentials, trust=trust, sid=sid, kiosk=kiosk, nonce=octets(f"n_B {label}"), secret=octets(f"ss {label}")
    )


def sent(effects: Iterable[Effect]) -> bytes:
    """The one payload among effects."""
    (payload,) = (effect.payload for effect in effects if isinstance(effect, Send))
    return payload


def session_of(effects: Iterable[Effect]) -> Session:
    """The session among effects."""
    (session,) = (effect.session for effect in effects if isinstance(effect, Confirmed))
    return session


@dataclass
class Talk:
    """A whole handshake: its four payloads and both sessions."""

    init: bytes
    resp: bytes
    reveal: bytes
    conf: bytes
    citizen: Session
    office: Session


def shake_hands(citizen: HandshakeEnd, office: HandshakeEnd, *, now: float = NOW, label: str = "") -> Talk:
    """Let two ends talk without anybody in the middle."""
    init = sent(citizen.handle(Begin(), now))
    office.handle(Received(init), now)
    resp = sent(office.handle(Answering(fingerprint(f"office {label}")), now))
    reveal = sent(citizen.handle(Received(resp), now))
    confirming = office.handle(Received(reveal), now)
    conf = sent(confirming)
    confirmed = citizen.handle(Received(conf), now)
    return Talk(init, resp, reveal, conf, session_of(confirmed), session_of(confirming))
