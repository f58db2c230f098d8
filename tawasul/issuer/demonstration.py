"""FOR TRIAL ONLY: a root, an issuer and two stewards on one machine, and somebody who approves whatever comes.

It puts into one folder everything that a region keeps in different hands: whoever has the folder can enrol an office of
their own. It is there for `tawasul demo` and for the tests, and says so loudly wherever it is used.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tawasul.e2ee.certificate import Anchor, Title
from tawasul.e2ee.names import DeviceRole
from tawasul.issuer import opening, steward
from tawasul.issuer.authority import ROOT_KEY, KeyRequest, RootAuthority, read_key_request
from tawasul.issuer.errors import ServerRefused
from tawasul.issuer.folder import ANCHOR, read_password, read_text, replace, write_new
from tawasul.issuer.places import Places
from tawasul.issuer.service import SERIAL_BYTES
from tawasul.issuer.steward import Steward, TrustClient, WaitingDevice

LOOK_EVERY: Final = 1.0
"""Seconds between two looks of the one who approves whatever comes."""

WARNING: Final = "FOR TRIAL ONLY: devices are approved by this machine itself, without anybody looking"

STEWARDS: Final = {
    "trial-1": Title("مشرف التجربة الأول", "Trial steward one"),
    "trial-2": Title("مشرف التجربة الثاني", "Trial steward two"),
}

OPENED_BY: Final = "keys.txt"
"""The file with the password of every key of the demonstration."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DemonstrationTrust:
    """What was made. `password_file` opens every key; `issuer_folder` is for `tawasul issuer serve`."""

    anchor: Anchor
    anchor_file: Path
    issuer_folder: Path
    password_file: Path
    stewards: tuple[Steward, ...]


def prepare(folder: Path, region: str = "madinah") -> DemonstrationTrust:
    """Makes it all in `folder`, or takes what is there: keys stay, certificates of issuer and stewards are new.

    Raises TrustFolderProblem: the folder holds something else.
    """
    root_folder, issuer_folder, password_file = folder / "root", folder / "issuer", folder / OPENED_BY
    if not password_file.exists():
        write_new(password_file, f"{secrets.token_urlsafe(24)}\n".encode())
    password = read_password(password_file).encode()
    now = int(time.time())
    if (root_folder / ROOT_KEY).exists():
        root = RootAuthority.open(root_folder, password)
    else:
        root = RootAuthority.create(root_folder, region, Places(region).region, password)
    if not (issuer_folder / opening.KEY).exists():
        opening.make_issuer_key(issuer_folder, region, "trial", password)
    _certify(root, issuer_folder, opening.REQUEST, opening.CERTIFICATE, DeviceRole.ISSUER, now)
    stewards = []
    for place, title in STEWARDS.items():
        own = folder / place
        if not (own / steward.KEY).exists():
            steward.make_steward_key(own, region, place, title, password)
        _certify(root, own, steward.REQUEST, steward.CERTIFICATE, DeviceRole.STEWARD, now)
        stewards.append(Steward.open(own, password, now))
    return DemonstrationTrust(root.anchor, root_folder / ANCHOR, issuer_folder, password_file, tuple(stewards))


async def approve_forever(
    trust: DemonstrationTrust,
    address: str,
    authority: Path | None = None,
    *,
    look_every: float = LOOK_EVERY,
    tell: Callable[[WaitingDevice], None] | None = None,
) -> None:
    """Approves whatever waits at `address` (the issuer, or a server before it), as both stewards, until cancelled.

    `look_every`: seconds. `tell` is called with each device once; without it, it is logged.
    """
    log.warning(WARNING)
    told: set[str] = set()
    async with TrustClient(address, authority) as client:
        while True:
            # The issuer may not be there yet, or be started again: the next look finds it.
            with contextlib.suppress(ServerRefused):
                for device in await client.waiting():
                    if device.thumbprint not in told:
                        told.add(device.thumbprint)
                        (tell or _log)(device)
                await approve_all(trust, client)
            await asyncio.sleep(look_every)


def _log(device: WaitingDevice) -> None:
    log.warning("%s: %s, code %s", WARNING, device.name, device.code)


async def approve_all(trust: DemonstrationTrust, client: TrustClient) -> int:
    """Approves all that wait now, as both stewards. How many were enrolled. Raises ServerRefused."""
    waiting = await client.waiting()
    for device in waiting:
        for each in trust.stewards:
            await client.approve(each, device.name, device.thumbprint, time.time())
    return len(waiting)


def _certify(
    root: RootAuthority, folder: Path, request_file: str, certificate_file: str, role: DeviceRole, now: int
) -> None:
    request: KeyRequest = read_key_request(read_text(folder / request_file))
    certificate = root.sign(request, role, serial=secrets.token_bytes(SERIAL_BYTES), now=now)
    replace(folder / certificate_file, certificate.encode())
    replace(folder / ANCHOR, root.anchor.to_json())
