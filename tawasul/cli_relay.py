"""The commands about relays: `tawasul relay` runs one alone on its own host, `tawasul relay check` looks at one from
outside, with what `tawasul relay credentials` minted at the server, and `tawasul relay coturn` writes what coturn needs
to stand in its place. Each imports its part inside.
"""

from __future__ import annotations

import asyncio
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from media_relay.coturn.dialect import Dialect

if TYPE_CHECKING:
    from tawasul.access.relay_credentials import RelayCredentials

relay = typer.Typer(help="A relay on its own host, and what gets through to one.", invoke_without_command=True)

CHECK_LASTS = 300
"""Seconds for which the credentials of a check hold that is made where the secret is."""


@relay.callback()
def run(
    context: typer.Context,
    config_file: Annotated[
        Path | None, typer.Option(help="JSON (0600) in place of the variables TAWASUL_RELAY__….")
    ] = None,
) -> None:
    """Without a command: run a relay alone on this host, without server and database. SIGTERM drains it."""
    if context.invoked_subcommand is not None:
        return
    from tawasul.relay_running import run_relay

    raise typer.Exit(asyncio.run(run_relay(config_file, say=_say)))


@relay.command("check")
def check(
    host: Annotated[str, typer.Argument(help="Name or address of the relay, as endpoints are given it.")],
    port: Annotated[int, typer.Option(min=0, max=65535, help="Of UDP and TCP; 0 leaves them out.")] = 3478,
    tls_port: Annotated[int, typer.Option(min=0, max=65535, help="Of TLS; 0 leaves it out.")] = 443,
    credentials_file: Annotated[
        Path | None, typer.Option(help="What `tawasul relay credentials` wrote at the server (0600).")
    ] = None,
    secret_file: Annotated[
        Path | None,
        typer.Option(
            help="File (0600) with the relay's secret; else that of the settings here, if any. Do not carry it about."
        ),
    ] = None,
    user: Annotated[str | None, typer.Option(help="User name at another's relay, with --password-file.")] = None,
    password_file: Annotated[Path | None, typer.Option(help="File (0600) whose first line is its password.")] = None,
    trust: Annotated[Path | None, typer.Option(help="Certificate (PEM) of the relay's own authority.")] = None,
    json: Annotated[bool, typer.Option("--json", help="The result as JSON on standard output.")] = False,
) -> None:
    """Say what gets through to a relay from here. Exit status 0: every transport does, 1: some, 2: none."""
    from media_relay.check import Wanted
    from tawasul.relay_check import run_and_report

    if (user is None) != (password_file is None):
        raise typer.BadParameter("--user and --password-file belong together")
    if [credentials_file, secret_file, user].count(None) < 2:
        raise typer.BadParameter("give one of --credentials-file, --secret-file and --user")
    if not port and not tls_port:
        raise typer.BadParameter("nothing is left to look at: give a port")
    if trust is not None:
        _must_be_certificates(trust)
    wanted = Wanted(
        host,
        port=port or None,
        tls_port=tls_port or None,
        credentials=_credentials(credentials_file, secret_file, user, password_file),
        authority=str(trust) if trust is not None else None,
    )
    raise typer.Exit(run_and_report(wanted, as_json=json))


@relay.command("credentials")
def credentials(
    output: Annotated[Path, typer.Argument(help="The file to write (0600), for `tawasul relay check` elsewhere.")],
    minutes: Annotated[int, typer.Option(min=1, max=24 * 60, help="How long it is good for.")] = 30,
) -> None:
    """At the server: write credentials for a check of its relays from elsewhere. The secret itself stays here."""
    from tawasul.relay_minting import for_a_check_elsewhere, write
    from tawasul.settings import Settings

    expires_at = int(time.time()) + 60 * minutes
    minted = for_a_check_elsewhere(Settings.from_environment(), expires_at)
    try:
        write(output, minted)
    except OSError as error:
        raise typer.BadParameter(f"{output} cannot be written: {error.strerror}") from None
    until = f"{datetime.fromtimestamp(expires_at).astimezone():%Y-%m-%d %H:%M %Z}"
    command = f"tawasul relay check HOST --credentials-file {output.name}"
    _say(f"{output} is written, and is good until {until}. Take it there (0600), and nothing else: {command}")
    _say(f"كُتب الملف {output} وهو صالح حتى {until}. انقله وحده إلى هناك (0600) ثم نفّذ: {command}")


@relay.command("coturn")
def coturn(
    output: Annotated[Path, typer.Argument(help="The file to write (0600): it holds the secret.")],
    config_file: Annotated[
        Path | None, typer.Option(help="JSON (0600) in place of the variables TAWASUL_RELAY__….")
    ] = None,
    version: Annotated[Dialect, typer.Option(help="Which coturn reads it: 4.17 or later, or Debian 12's.")] = (
        Dialect.CURRENT
    ),
    folder: Annotated[
        Path | None, typer.Option(help="Where coturn keeps its process id and its empty database.")
    ] = None,
) -> None:
    """Write the configuration of a coturn on this host that stands in the relay's place."""
    from media_relay.coturn.configuration import render
    from media_relay.private_file import write_private
    from media_relay.process import addresses_of_this_machine
    from tawasul.relay_running import configured
    from tawasul.settings import Settings

    config = configured(Settings.from_environment(), config_file)
    text = render(config, version, machine=addresses_of_this_machine(), folder=folder.absolute() if folder else None)
    try:
        write_private(output, text)
    except OSError as error:
        raise typer.BadParameter(f"{output} cannot be written: {error.strerror}") from None
    _say(f"{output} is written. It holds the secret: coturn's user must own it.")


def _must_be_certificates(path: Path) -> None:
    import ssl

    try:
        ssl.create_default_context(cafile=path)
    except OSError:
        raise typer.BadParameter(f"{path} is no certificate (PEM) that can be read") from None


def _credentials(
    credentials_file: Path | None, secret_file: Path | None, user: str | None, password_file: Path | None
) -> RelayCredentials | None:
    from tawasul.access.relay_credentials import RelayCredentials
    from tawasul.relay_minting import for_a_check, parsed, secret_here
    from tawasul.settings import Settings

    if credentials_file is not None:
        return parsed(_private_text(credentials_file), credentials_file)
    if user is not None and password_file is not None:
        return RelayCredentials(user, _first_line(password_file))
    secret = _first_line(secret_file) if secret_file is not None else secret_here(Settings.from_environment())
    return for_a_check(secret, int(time.time()) + CHECK_LASTS) if secret is not None else None


def _first_line(path: Path) -> str:
    lines = _private_text(path).splitlines()
    if not lines or not lines[0].strip():
        raise typer.BadParameter(f"{path} is empty")
    return lines[0].strip()


def _private_text(path: Path) -> str:
    try:
        if path.stat().st_mode & 0o077:
            raise typer.BadParameter(f"{path} can be read by others: chmod 600 it")
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise typer.BadParameter(f"{path} cannot be read") from None


def _say(line: str) -> None:
    typer.echo(line)
    sys.stdout.flush()
