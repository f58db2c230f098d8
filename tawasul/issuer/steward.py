"""A steward's part: an own key, and what is signed with it, said to the issuer or to the server before it.

What the server tells is believed only in so far as it can be checked: a code is computed here from the key's
thumbprint, and what is signed names the thumbprint itself.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import urlsplit

import httpx

from tawasul.e2ee.certificate import DEVICES, Anchor, Certificate, Title
from tawasul.e2ee.encoding import is_count, json_object
from tawasul.e2ee.enrolment import code_of, make_approval, make_revocation, read_code, read_qr
from tawasul.e2ee.enrolment import thumbprint as checked_thumbprint
from tawasul.e2ee.errors import EnrolmentMalformed, EnrolmentNameWrong, PrivacyError
from tawasul.e2ee.keys import SigningKey
from tawasul.e2ee.names import DeviceName, DeviceRole
from tawasul.issuer.authority import KeyRequest
from tawasul.issuer.certified import certificate_file, key_file, make_certified, open_certified, request_file
from tawasul.issuer.errors import ServerRefused
from tawasul.issuer.problems import ISSUER_PROBLEMS
from tawasul.protocol.problems import PROBLEMS

KEY: Final = key_file(DeviceRole.STEWARD)
CERTIFICATE: Final = certificate_file(DeviceRole.STEWARD)
REQUEST: Final = request_file(DeviceRole.STEWARD)
PATH: Final = "/api/trust"
WITHIN: Final = 15.0
"""Seconds for an answer: the server gives the issuer five."""
LARGEST_ANSWER: Final = 128 * 1024
LAST_MOMENT: Final = 253_402_300_799
"""Seconds: the end of the year 9999, beyond which no clock shows a time."""

_PROBLEMS: Final = PROBLEMS | ISSUER_PROBLEMS


def make_steward_key(folder: Path, region: str, place: str, title: Title, password: bytes) -> KeyRequest:
    """A new steward's key in `folder`, and the request that the root signs beside it.

    Raises FileThere: the folder has a key. NameMalformed.
    """
    return make_certified(folder, DeviceName(region, DeviceRole.STEWARD, place), title, password)


@dataclass(frozen=True, slots=True)
class Steward:
    """A steward with the opened key."""

    key: SigningKey
    certificate: Certificate
    anchor: Anchor

    @classmethod
    def open(cls, folder: Path, password: bytes, now: float) -> Self:
        """Raises FileMissing, FileNotPrivate, FileUnusable, KeyPasswordWrong."""
        return cls(*open_certified(folder, DeviceRole.STEWARD, password, now))

    @property
    def chain(self) -> list[str]:
        """What goes beside each word."""
        return [self.certificate.text]


@dataclass(frozen=True, slots=True)
class WaitingDevice:
    """A device that waits, as the server tells; `code` is computed here."""

    name: DeviceName
    thumbprint: str
    asked_at: int
    approvals: int

    @property
    def code(self) -> str:
        """What stands on the device's own screen."""
        return code_of(self.thumbprint)


def fitting(shown: str, waiting: Sequence[WaitingDevice]) -> list[WaitingDevice]:
    """The waiting devices that a code, or a QR's text, from a device's own screen fits. Raises EnrolmentMalformed."""
    if ":" in shown:
        try:
            name, thumbprint = read_qr(shown.strip())
        except EnrolmentNameWrong as error:
            raise EnrolmentMalformed from error
        return [each for each in waiting if (each.name, each.thumbprint) == (name, thumbprint)]
    code = read_code(shown)
    return [each for each in waiting if each.code == code]


class TrustClient:
    """The issuer at `server`: the server that passes on, or the issuer itself. Use as an async context manager.

    `authority`: a certificate (PEM) of the server's own authority, for trials. Every method raises ServerRefused.
    """

    def __init__(self, server: str, authority: Path | None = None) -> None:
        parts = urlsplit(server)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ServerRefused("address", f"{server} is not an address such as https://majlis.example")
        self._client = httpx.AsyncClient(
            base_url=f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}{PATH}",
            timeout=WITHIN,
            verify=ssl.create_default_context(cafile=authority) if authority else True,
            trust_env=False,
            # The server takes what is said only from those who say where it was meant to go.
            headers={"origin": f"{parts.scheme}://{parts.netloc}", "accept-encoding": "identity"},
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def anchor(self) -> Anchor:
        """What the issuer says that the anchor is. To compare, never to believe."""
        return Anchor.from_json(await self._answer("GET", "/anchor"))

    async def revocations(self) -> tuple[str, list[str]]:
        """The revocation list and the chain that it is checked with, unchecked."""
        told = await self._json("GET", "/revocations")
        return str(told["list"]), [str(each) for each in told["chain"]]

    async def waiting(self) -> list[WaitingDevice]:
        """Who waits, the longest first."""
        told = await self._json("GET", "/requests")
        try:
            return [_waiting_device(each) for each in told["requests"]]
        except (PrivacyError, KeyError, TypeError, ValueError) as error:
            raise _no_issuer() from error

    async def standing(self, thumbprint: str) -> dict[str, Any]:
        """`state`, `approvals`, and `chain` once the device is enrolled."""
        return await self._json("GET", f"/requests/{thumbprint}")

    async def request(self, request: str) -> str:
        """A device's request. The code that its screen is to show."""
        return str((await self._json("POST", "/requests", {"request": request}))["code"])

    async def approve(self, steward: Steward, name: DeviceName, thumbprint: str, now: float) -> dict[str, Any]:
        """A steward's approval of just this name for just this key. `state` and `approvals` after it."""
        approval = make_approval(steward.key, name, thumbprint, now=int(now))
        return await self._json("POST", "/approvals", {"approval": approval, "chain": steward.chain})

    async def renew(self, renewal: str) -> list[str]:
        """A device's renewal. Its new chain."""
        return [str(each) for each in (await self._json("POST", "/renewals", {"renewal": renewal}))["chain"]]

    async def revoke(self, steward: Steward, thumbprint: str, reason: str, now: float) -> int:
        """A steward's revocation. The number of the list in which it stands."""
        revocation = make_revocation(steward.key, thumbprint, reason, now=int(now))
        told = await self._json("POST", "/revocations", {"revocation": revocation, "chain": steward.chain})
        return int(told["seq"])

    async def _json(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        return json_object(await self._answer(method, path, body))

    async def _answer(self, method: str, path: str, body: dict[str, Any] | None = None) -> bytes:
        """The JSON object that was answered, as it came."""
        content = b""
        try:
            async with asyncio.timeout(WITHIN), self._client.stream(method, path, json=body) as answer:
                # As it came: what is compressed is not unfolded, and is no JSON.
                async for part in answer.aiter_raw():
                    content += part
                    if len(content) > LARGEST_ANSWER:
                        raise _no_issuer()
        except (httpx.HTTPError, TimeoutError) as error:
            raise ServerRefused("away", f"no answer from {self._client.base_url.host}: {error}") from None
        try:
            told = json_object(content)
            if answer.is_success:
                return content
            # The sentence is our own: one of the server's could ask for anything, such as for another code.
            row = _PROBLEMS[str(told["code"])]
        except (ValueError, KeyError):
            raise _no_issuer() from None
        raise ServerRefused(row.code, f"{row.english} ({row.code})")


def _waiting_device(told: dict[str, Any]) -> WaitingDevice:
    name, asked_at, approvals = DeviceName.parse(told["sub"]), told["asked_at"], told["approvals"]
    if name.role not in DEVICES or not is_count(asked_at) or asked_at > LAST_MOMENT or approvals not in (0, 1):
        raise ValueError("no waiting device")
    return WaitingDevice(name, checked_thumbprint(told["jkt"]), asked_at, approvals)


def _no_issuer() -> ServerRefused:
    return ServerRefused("no-issuer", "what answers there is neither an issuer nor a server of Tawasul")
