"""The commands about certificates: `tawasul ca …` (the root, offline), `tawasul issuer …`, `tawasul trust …`; and what
two ends signed about a call: `tawasul attestation verify`.

Keys' passwords are asked for, or come from the environment or from a file 0600. Each command imports its part inside.
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from tawasul.e2ee.names import DeviceRole
    from tawasul.issuer.authority import KeyRequest, RootAuthority
    from tawasul.issuer.service import Issuer
    from tawasul.issuer.steward import WaitingDevice

ca = typer.Typer(help="The region's root: offline, on a machine without a network.", no_args_is_help=True)
issuer = typer.Typer(help="The issuer of devices' certificates: never on the server's host.", no_args_is_help=True)
trust = typer.Typer(help="What a steward does with an own key.", no_args_is_help=True)

attestation = typer.Typer(help="What the ends of a call signed about it.", no_args_is_help=True)

PasswordFile = Annotated[Path | None, typer.Option(help="File (0600) whose first line is the key's password.")]
RootFolder = Annotated[Path, typer.Option(help="The root's folder.")]
IssuerFolder = Annotated[Path, typer.Option(help="The issuer's folder.")]
StewardFolder = Annotated[Path, typer.Option(help="The steward's folder.")]
Server = Annotated[str, typer.Option(help="Address of the service, or of the issuer itself.")]
Authority = Annotated[Path | None, typer.Option("--trust", help="Certificate (PEM) of the service's own authority.")]
Region = Annotated[str, typer.Option(help="Whose places these are.")]

CA_PASSWORD = "TAWASUL_CA__PASSWORD"  # noqa: S105 - the name of a variable
ISSUER_PASSWORD = "TAWASUL_ISSUER__PASSWORD"  # noqa: S105 - the name of a variable
STEWARD_PASSWORD = "TAWASUL_STEWARD__PASSWORD"  # noqa: S105 - the name of a variable


# The root


@ca.command("init")
def ca_init(folder: RootFolder, region: Region = "madinah", password_file: PasswordFile = None) -> None:
    """Make the region's root: an encrypted key, and the anchor that is brought to every device by hand."""
    from tawasul.issuer.authority import RootAuthority
    from tawasul.issuer.folder import ANCHOR
    from tawasul.issuer.places import Places

    title = Places(region).region
    root = RootAuthority.create(folder, region, title, _password("root's", CA_PASSWORD, password_file, new=True))
    typer.echo(f"The root of {title.en} is made. The anchor for every device: {folder / ANCHOR}")
    typer.echo(f"Its fingerprint: {root.anchor.fingerprint}")
    typer.echo("Keep this folder, and its password apart from it, where no network is.")


@ca.command("issuer")
def ca_issuer(
    folder: RootFolder,
    request: Annotated[Path | None, typer.Option(help="What `tawasul issuer key` made on the issuer's host.")] = None,
    make: Annotated[Path | None, typer.Option(help="Make the issuer's key here, in this new folder, instead.")] = None,
    place: Annotated[str, typer.Option(help="The issuer's own name, with --make.")] = "main",
    password_file: PasswordFile = None,
) -> None:
    """Sign an issuer's key, for 90 days. The certificate and the anchor are put beside the request."""
    from tawasul.e2ee.names import DeviceRole
    from tawasul.issuer.authority import RootAuthority
    from tawasul.issuer.opening import CERTIFICATE, REQUEST, make_issuer_key

    if (request is None) == (make is None):
        raise typer.BadParameter("give either --request or --make")
    root = RootAuthority.open(folder, _password("root's", CA_PASSWORD, password_file))
    if make is not None:
        make_issuer_key(make, root.anchor.region, place, _password("issuer's", ISSUER_PASSWORD, None, new=True))
        request = make / REQUEST
    assert request is not None
    _sign(root, request, DeviceRole.ISSUER, CERTIFICATE, ask=make is None)


@ca.command("steward")
def ca_steward(
    name: Annotated[str, typer.Argument(help="Whom you sign for, as `tawasul trust key` was told.")],
    folder: RootFolder,
    request: Annotated[Path, typer.Option(help="What `tawasul trust key` made.")],
    password_file: PasswordFile = None,
) -> None:
    """Sign a steward's key, for a year. The certificate and the anchor are put beside the request."""
    from tawasul.e2ee.names import DeviceRole
    from tawasul.issuer.authority import RootAuthority, read_key_request
    from tawasul.issuer.errors import FileUnusable
    from tawasul.issuer.folder import read_text
    from tawasul.issuer.steward import CERTIFICATE

    asked = read_key_request(read_text(request))
    if asked.name.place != name:
        raise FileUnusable(f"{request} is of {asked.name.place}, and not of {name}")
    root = RootAuthority.open(folder, _password("root's", CA_PASSWORD, password_file))
    _sign(root, request, DeviceRole.STEWARD, CERTIFICATE, ask=True)


def _sign(root: RootAuthority, request: Path, role: DeviceRole, certificate_file: str, *, ask: bool) -> None:
    from tawasul.issuer.authority import read_key_request
    from tawasul.issuer.folder import ANCHOR, read_text, replace
    from tawasul.issuer.service import SERIAL_BYTES

    asked = read_key_request(read_text(request))
    certificate = root.sign(asked, role, serial=secrets.token_bytes(SERIAL_BYTES), now=int(time.time()))
    if ask:
        _show_request(asked)
        _confirm("Does whoever brought it say the same code, and is this who they are?")
    replace(request.with_name(certificate_file), certificate.encode())
    replace(request.with_name(ANCHOR), root.anchor.to_json())
    typer.echo(f"Signed: {request.with_name(certificate_file)}. It belongs, with {ANCHOR}, into the folder of the key.")


def _show_request(asked: KeyRequest) -> None:
    typer.echo(f"{asked.title.ar} – {asked.title.en}")
    typer.echo(f"{asked.name}")
    typer.echo(f"Code: {asked.code}")


# The issuer


@issuer.command("key")
def issuer_key(
    folder: IssuerFolder,
    region: Region = "madinah",
    place: Annotated[str, typer.Option(help="The issuer's own name.")] = "main",
    password_file: PasswordFile = None,
) -> None:
    """Make the issuer's key on its own host, and the request that is carried to the root."""
    from tawasul.issuer.opening import REQUEST, make_issuer_key

    asked = make_issuer_key(folder, region, place, _password("issuer's", ISSUER_PASSWORD, password_file, new=True))
    typer.echo(f"Carry {folder / REQUEST} to the root: tawasul ca issuer --request …")
    typer.echo(f"Code: {asked.code}")


@issuer.command("serve")
def issuer_serve(
    folder: IssuerFolder,
    host: Annotated[str, typer.Option(help="Address to listen on: one that the server and the stewards reach.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option(min=0, max=65535, help="TCP port; 0 lets the system choose.")] = 8100,
    restored: Annotated[
        bool, typer.Option("--restored", help="Once, after its file was put back from a backup.")
    ] = False,
    password_file: PasswordFile = None,
) -> None:
    """The issuer, until Ctrl-C or SIGTERM."""
    from tawasul.issuer.opening import open_issuer

    logging.basicConfig(
        level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)-7s %(name)s: %(message)s"
    )
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    opened = open_issuer(folder, _password("issuer's", ISSUER_PASSWORD, password_file), restored=restored)
    try:
        asyncio.run(_serve(opened, host, port))
    finally:
        opened.close()


async def _serve(opened: Issuer, host: str, port: int) -> None:
    from tawasul.issuer.application import issuer_app
    from tawasul.issuer.serving import listen, serve_issuer
    from tawasul.web.connections import BoundedConnection

    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    with listen(host, port) as listener:
        await serve_issuer(issuer_app(opened), listener, stop, BoundedConnection)


@issuer.command("audit")
def issuer_audit(folder: IssuerFolder) -> None:
    """Who approved, enrolled, renewed and revoked what: one line each, also while the issuer runs."""
    from tawasul.issuer.opening import read_audit

    for line in read_audit(folder):
        by = f" by {line.steward} ({line.steward_thumbprint})" if line.steward else ""
        because = f": {line.reason}" if line.reason else ""
        typer.echo(f"{_moment(line.at)} {line.what:8} {line.name or '–'} ({line.thumbprint}){by}{because}")


# Stewards


@trust.command("key")
def trust_key(
    name: Annotated[str, typer.Argument(help="The steward's own name: letters a–z, digits and hyphens.")],
    folder: StewardFolder,
    arabic: Annotated[str, typer.Option(help="The steward's name as people read it, in Arabic.")],
    english: Annotated[str, typer.Option(help="The same in English.")],
    region: Region = "madinah",
    password_file: PasswordFile = None,
) -> None:
    """Make a steward's own key, encrypted, and the request that is carried to the root."""
    from tawasul.e2ee.certificate import Title
    from tawasul.issuer.steward import REQUEST, make_steward_key

    title = Title(arabic, english)
    password = _password("steward's", STEWARD_PASSWORD, password_file, new=True)
    asked = make_steward_key(folder, region, name, title, password)
    typer.echo(f"Carry {folder / REQUEST} to the root: tawasul ca steward {name} --request …")
    typer.echo(f"Say this code there yourself: {asked.code}")


@trust.command("waiting")
def trust_waiting(server: Server, authority: Authority = None) -> None:
    """The devices that wait. Approve none of them from here: go and look at the device's own screen."""
    from tawasul.issuer.steward import TrustClient

    async def ask() -> list[WaitingDevice]:
        async with TrustClient(server, authority) as client:
            return await client.waiting()

    waiting = asyncio.run(ask())
    for device in waiting:
        typer.echo(f"{device.code}  {_called(device)}  since {_moment(device.asked_at)}, approvals: {device.approvals}")
    if not waiting:
        typer.echo("No device is waiting.")


@trust.command("approve")
def trust_approve(
    code: Annotated[str, typer.Argument(metavar="CODE_OR_QR", help="What the device's own screen shows.")],
    server: Server,
    folder: StewardFolder,
    authority: Authority = None,
    password_file: PasswordFile = None,
) -> None:
    """Approve the device in front of you. It is enrolled when two stewards have."""
    from tawasul.issuer.errors import EnrolmentUnknown
    from tawasul.issuer.steward import Steward, TrustClient, fitting

    async def approve() -> tuple[str, int]:
        async with TrustClient(server, authority) as client:
            found = fitting(code, await client.waiting())
            if not found:
                raise EnrolmentUnknown("no waiting device shows this code: is it typed as it stands there?")
            if len(found) > 1:
                raise EnrolmentUnknown(
                    "two waiting devices fit this code: approve neither, and tell the technical staff"
                )
            device = found[0]
            typer.echo(_called(device))
            typer.echo(f"Code: {device.code}")
            _confirm("Do you stand in front of this device, and does its own screen show this code?")
            steward = Steward.open(folder, _password("steward's", STEWARD_PASSWORD, password_file), time.time())
            told = await client.approve(steward, device.name, device.thumbprint, time.time())
            return str(told["state"]), int(told["approvals"])

    state, approvals = asyncio.run(approve())
    typer.echo("The device is enrolled." if state == "enrolled" else f"Approvals: {approvals} of 2.")


@trust.command("revoke")
def trust_revoke(
    key: Annotated[str, typer.Argument(metavar="JKT", help="Thumbprint of the key, or the device's QR text.")],
    reason: Annotated[str, typer.Option(help="Why: at most 200 characters, kept for those who ask later.")],
    server: Server,
    folder: StewardFolder,
    authority: Authority = None,
    password_file: PasswordFile = None,
) -> None:
    """Revoke a key for good: a device's, or a steward's. One steward suffices."""
    from tawasul.e2ee.enrolment import LONGEST_REASON, code_of, read_qr, thumbprint
    from tawasul.issuer.steward import Steward, TrustClient

    jkt = read_qr(key)[1] if ":" in key else thumbprint(key)
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise typer.BadParameter(f"give a reason of at most {LONGEST_REASON} characters", param_hint="--reason")
    typer.echo(f"Key: {jkt}")
    typer.echo(f"Code: {code_of(jkt)}")
    _confirm("It can never be enrolled again. Revoke it?")
    steward = Steward.open(folder, _password("steward's", STEWARD_PASSWORD, password_file), time.time())

    async def revoke() -> int:
        async with TrustClient(server, authority) as client:
            return await client.revoke(steward, jkt, reason, time.time())

    typer.echo(f"Revoked: it stands in list {asyncio.run(revoke())}.")


# Of a call that is over


@attestation.command("verify")
def attestation_verify(
    file: Annotated[Path, typer.Argument(help="The file: kept by a kiosk, or saved from the call's details.")],
    anchor: Annotated[Path | None, typer.Option(help="The region's anchor, by which names are proven.")] = None,
) -> None:
    """Check offline who held the keys of a call, and from when to when. Exit status 0 when all of it holds."""
    from tawasul.attestation_report import report

    for sentence in report(file, anchor):
        typer.echo(sentence)


def _called(device: WaitingDevice) -> str:
    """The device's name in both languages. The place's own: what the server calls it, is nothing to go by."""
    from tawasul.issuer.errors import FileMissing
    from tawasul.issuer.places import Places

    try:
        title = Places(device.name.region).title(device.name)
    except FileMissing:
        title = None
    people = f"{title.ar} – {title.en}" if title else "a place that the region does not have"
    return f"{people}  ({device.name.role} {device.name.place})"


def _password(whose: str, variable: str, file: Path | None, *, new: bool = False) -> bytes:
    from tawasul.issuer.errors import PasswordMissing
    from tawasul.issuer.folder import checked_password, read_password

    if file is not None:
        return checked_password(read_password(file))
    if variable in os.environ:
        return checked_password(os.environ[variable])
    if sys.stdin is None or not sys.stdin.isatty():
        raise PasswordMissing(f"the {whose} password is wanted: nobody can be asked here, so say it in {variable}")
    return checked_password(typer.prompt(f"The {whose} password", hide_input=True, confirmation_prompt=new))


def _confirm(question: str) -> None:
    from tawasul.issuer.errors import NotConfirmed

    if sys.stdin is None or not typer.confirm(question):
        raise NotConfirmed("nothing was signed")


def _moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")
