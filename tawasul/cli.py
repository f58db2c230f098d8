"""The command line. Each command imports its part inside: the desk never loads ``av``, nor the kiosk SQLAlchemy."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tawasul.cli_receipt import receipt
from tawasul.cli_records import audit, messages
from tawasul.cli_relay import relay
from tawasul.cli_trust import attestation, ca, issuer, trust

if TYPE_CHECKING:
    from tawasul.settings import Settings

app = typer.Typer(
    name="tawasul",
    help="Tawasul (تواصل): a private video majlis between a region's citizens and its Amir.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    add_completion=False,
)
database = typer.Typer(help="The database.", no_args_is_help=True)
protocol = typer.Typer(help="The protocol between service and endpoints.", no_args_is_help=True)
staff = typer.Typer(help="The people who work with the service.", no_args_is_help=True)
kiosks = typer.Typer(help="The kiosks that are let in.", no_args_is_help=True)
sittings = typer.Typer(help="The Amir's time.", no_args_is_help=True)
for name, group in (
    ("db", database),
    ("protocol", protocol),
    ("staff", staff),
    ("kiosks", kiosks),
    ("sittings", sittings),
    ("ca", ca),
    ("issuer", issuer),
    ("trust", trust),
    ("attestation", attestation),
    ("audit", audit),
    ("messages", messages),
    ("receipt", receipt),
    ("relay", relay),
):
    app.add_typer(group, name=name)

OURS = frozenset({"tawasul", "scheduler", "signaling", "media_relay", "kiosk_client"})
"""An error of one of these is a sentence that we wrote; any other is a fault, and its traceback is wanted."""

REFUSED = 2
"""Exit status for what the person can mend: settings, arguments, a taken port."""


def main() -> None:
    """Entry point: what we know to be wrong is told in a sentence, without a traceback."""
    # Pydantic would look through every installed package for one that wants to change our models, and so in the relay.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    try:
        app()
    except Exception as error:
        if type(error).__module__.partition(".")[0] not in OURS:
            raise
        # "Longer than 64 characters" alone would not tell what is.
        where = f"{field}: " if (field := getattr(error, "field", None)) else ""
        for line in getattr(error, "lines", [f"{where}{error}"]):
            typer.secho(f"tawasul: {line}", err=True, fg="red")
        sys.exit(REFUSED)


@contextmanager
def _loading(*, for_long: bool = False) -> Iterator[None]:
    """What is loaded stays: to look through it for what nobody needs, over and again, is a fifth of the loading.

    ``for_long``: nor is it looked through while the program runs, which would hold it up for a tenth of a second.
    """
    gc.disable()
    try:
        yield
    finally:
        if for_long:
            gc.freeze()
        gc.enable()


# The service


@app.command()
def demo(
    https: Annotated[bool, typer.Option("--https", help="HTTPS for phones and other machines on the network.")] = False,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of the pages.")] = 8000,
    camera: Annotated[str | None, typer.Option(help="The kiosk's camera, such as /dev/video0.")] = None,
    microphone: Annotated[str | None, typer.Option(help="The kiosk's microphone, such as default.")] = None,
    media: Annotated[Path | None, typer.Option(help="A video file for the kiosk to send instead.")] = None,
) -> None:
    """Everything on this machine, with sample citizens: server, relay and one kiosk."""
    with _loading():
        from tawasul.demo import Demo, DemoOptions

    options = DemoOptions(https=https, port=port, camera=camera, microphone=microphone, media=media)
    raise typer.Exit(asyncio.run(Demo(options).run()))


@app.command()
def serve() -> None:
    """The server, with the relay as its child. Ctrl-C ends both; SIGTERM leaves the relay to the next server."""
    with _loading(for_long=True):
        from tawasul.serving import run_service

    _log_to_stderr()
    asyncio.run(run_service(_settings()))


@app.command()
def kiosk(
    server: Annotated[str, typer.Option(help="Address of the service.")] = "http://127.0.0.1:8000",
    kiosk_id: Annotated[str, typer.Option("--kiosk", help="Which kiosk this is.")] = "",
    key: Annotated[Path, typer.Option(help="File of the device's key; made if it is not there.")] = Path("kiosk.key"),
    check_in: Annotated[list[str] | None, typer.Option(help="Check in the citizen with this reference.")] = None,
    camera: Annotated[str | None, typer.Option(help="Camera, such as /dev/video0.")] = None,
    microphone: Annotated[str | None, typer.Option(help="Microphone, such as default.")] = None,
    media: Annotated[Path | None, typer.Option(help="A video file to send instead.")] = None,
    trust: Annotated[Path | None, typer.Option(help="Certificate (PEM) of the service's own authority.")] = None,
    anchor: Annotated[Path | None, typer.Option(help="The region's anchor (anchor.json), brought by a person.")] = None,
    office: Annotated[str, typer.Option(help="Place of the office that it calls, and no other.")] = "emirate",
    show_key: Annotated[bool, typer.Option("--show-key", help="Print the device's public key and stop.")] = False,
) -> None:
    """One kiosk: waits, is called in, is in the call. Without camera and microphone it sends a synthetic citizen."""
    with _loading(for_long=True):
        from kiosk_client.config import KioskConfig
        from kiosk_client.run import run
        from kiosk_client.vault import DeviceKey

    if show_key:
        typer.echo(DeviceKey.load_or_create(key).public_text)
        return
    if not kiosk_id:
        raise typer.BadParameter("say which kiosk this is: --kiosk badr-1")
    config = KioskConfig(
        server=server,
        kiosk_id=kiosk_id,
        key_file=key,
        authority=trust,
        anchor=anchor,
        office=office,
        camera=camera,
        microphone=microphone,
        media_file=media,
        check_in=tuple(check_in or ()),
    )
    _log_to_stderr()
    asyncio.run(run(config))


@app.command()
def office(
    server: Annotated[str, typer.Option(help="Address of the service.")],
    anchor: Annotated[Path, typer.Option(help="The region's anchor, brought to this machine by a person.")],
    port: Annotated[
        int, typer.Option(min=1, max=65535, help="Port of the console. Keep it: the key belongs to it.")
    ] = 8010,
    trust: Annotated[Path | None, typer.Option(help="Certificate (PEM) of the service's own authority.")] = None,
    browser: Annotated[bool, typer.Option(help="Open the console in this machine's browser.")] = True,
) -> None:
    """The office's console from this machine's own installation; the server gives data and never code."""
    with _loading(for_long=True):
        from tawasul.office_client.console.config import configured
        from tawasul.office_client.console.run import run_console

    config = configured(server, anchor, port=port, authority=trust)
    _log_to_stderr(logging.WARNING)
    asyncio.run(run_console(config, browser=browser, say=typer.echo))


@app.command()
def selftest(
    embedded: Annotated[bool, typer.Option("--embedded", help="A throw-away server and relay of its own.")] = False,
    json: Annotated[bool, typer.Option("--json", help="The result as JSON on standard output.")] = False,
) -> None:
    """Place one real call between two robots, and say what was heard and seen. Exit status 0 when all is well."""
    with _loading():
        from tawasul.selftest import run_and_report

    _log_to_stderr(logging.ERROR)
    raise typer.Exit(asyncio.run(run_and_report(_settings(), embedded=embedded, as_json=json)))


@app.command()
def doctor(
    json: Annotated[bool, typer.Option("--json", help="The findings as JSON on standard output.")] = False,
) -> None:
    """Say what is missing or wrong on this machine, and how to mend it. Exit status 0 when nothing is wrong."""
    from tawasul.doctor import run_and_report

    # It reads the settings itself: where even that fails, that is the first thing to tell.
    raise typer.Exit(run_and_report(as_json=json))


# The database


@database.command("upgrade")
def database_upgrade() -> None:
    """Bring the database to this version's tables, and load the region's places."""
    with _loading():
        from tawasul.administration import upgrade

    asyncio.run(upgrade(_settings()))
    typer.echo("The database is up to date.")


# The protocol


@protocol.command("export")
def protocol_export(
    folder: Annotated[Path, typer.Argument(help="The project's folder.")] = Path("."),
) -> None:
    """Write JSON Schema, TypeScript declarations and the tables of docs/protocol.md."""
    from tawasul.protocol.export import json_schema, typescript, with_tables

    document = folder / "docs/protocol.md"
    (folder / "docs/protocol.schema.json").write_text(json_schema(), encoding="utf-8")
    (folder / "tawasul/web/static/js/messages.d.ts").write_text(typescript(), encoding="utf-8")
    document.write_text(with_tables(document.read_text(encoding="utf-8")), encoding="utf-8")
    typer.echo("docs/protocol.schema.json, docs/protocol.md and messages.d.ts are up to date.")


# People, kiosks, sittings


@staff.command("add")
def staff_add(
    user_name: str,
    role: Annotated[str, typer.Option(help="desk, office, admin or agency")],
    name: Annotated[str, typer.Option(help="The name that others see.")] = "",
    governorate: Annotated[str | None, typer.Option(help="Which desk: a governorate's id.")] = None,
    agency: Annotated[str | None, typer.Option(help="Which agency: its id in the region's file.")] = None,
    password: Annotated[
        str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True, envvar="TAWASUL_NEW_PASSWORD")
    ] = "",
) -> None:
    """Add a member of staff."""
    with _loading():
        from tawasul.administration import add_staff

    asyncio.run(add_staff(_settings(), user_name, role, name or user_name, governorate, password, agency))
    typer.echo(f"{user_name} can sign in.")


# One key of 64 begins with a hyphen, and is no option.
@kiosks.command("register", context_settings={"ignore_unknown_options": True})
def kiosks_register(
    kiosk_id: str, public_key: Annotated[str, typer.Argument(help="What `tawasul kiosk --show-key` printed there.")]
) -> None:
    """Let a kiosk in by its device key."""
    with _loading():
        from tawasul.administration import register_kiosk

    asyncio.run(register_kiosk(_settings(), kiosk_id, public_key))
    typer.echo(f"{kiosk_id} is let in.")


@sittings.command("add")
def sittings_add(
    opens_at: Annotated[datetime, typer.Argument(help="Local time, such as 2026-11-22T09:00")],
    closes_at: Annotated[datetime, typer.Argument(help="Local time.")],
    slot_minutes: Annotated[int, typer.Option(min=1, max=240)] = 10,
) -> None:
    """Add a sitting: a stretch of the Amir's time, in slots."""
    with _loading():
        from tawasul.administration import add_sitting

    sitting = asyncio.run(add_sitting(_settings(), opens_at, closes_at, slot_minutes))
    typer.echo(f"Sitting {sitting.id}: {sum(1 for _ in sitting.slots())} slots.")


def _settings() -> Settings:
    from tawasul.settings import Settings

    return Settings.from_environment()


def _log_to_stderr(level: int = logging.INFO) -> None:
    logging.basicConfig(
        level=level, stream=sys.stderr, format="%(asctime)s %(levelname)-7s %(name)s: %(message)s", datefmt="%H:%M:%S"
    )
    # Libraries tell of addresses and identifiers that are nobody's business in a log.
    for library in ("aiortc", "aioice", "alembic", "httpx", "uvicorn", "websockets"):
        logging.getLogger(library).setLevel(logging.WARNING)


if __name__ == "__main__":
    main()
