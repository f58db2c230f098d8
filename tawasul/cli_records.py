"""Commands over the records: ``tawasul audit …`` and ``tawasul messages …``."""

from __future__ import annotations

import asyncio
import io
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from tawasul.audit_report import Verdict
    from tawasul.records import Act
    from tawasul.settings import Settings

audit = typer.Typer(help="The audit log: who did what, and who looked at whom.", no_args_is_help=True)
messages = typer.Typer(help="Messages to citizens, planned and sent.", no_args_is_help=True)

Most = Annotated[int, typer.Option(min=1, max=1000, help="How many at most, the latest first.")]


@audit.command("verify")
def audit_verify(
    file: Annotated[Path | None, typer.Option(help="An export to verify, without any database.")] = None,
    heads: Annotated[Path | None, typer.Option(help="A copy of audit-heads.log that was kept elsewhere.")] = None,
) -> None:
    """Whether anything in the audit log was changed, taken away or put in. Exit status 0 when all of it holds."""
    from tawasul.audit_report import read_heads, verify_file
    from tawasul.records import verify

    known = None if heads is None else read_heads(heads)
    verdict = verify_file(file, known or []) if file else asyncio.run(verify(_settings(), known))
    _tell(verdict)
    raise typer.Exit(0 if verdict.holds else 1)


@audit.command("export")
def audit_export(
    to: Annotated[Path | None, typer.Option(help="A file to write; standard output without it.")] = None,
) -> None:
    """The whole chain as lines of JSON, identifiers only. `tawasul audit verify --file` checks it anywhere."""
    from tawasul.audit_report import AuditRefused
    from tawasul.records import export

    if to is None:
        asyncio.run(export(_settings(), sys.stdout.write))
        return
    try:
        with to.open("x", encoding="utf-8", newline="\n") as opened:
            count = asyncio.run(export(_settings(), opened.write))
    except OSError as error:
        raise AuditRefused(f"{to} cannot be written: {error.strerror}") from None
    typer.echo(f"{count} entries are in {to}.")


@audit.command("show")
def audit_show(
    citizen: Annotated[str | None, typer.Option(help="A citizen's id; - to be asked for the national ID.")] = None,
    staff: Annotated[str | None, typer.Option(help="A user name.")] = None,
    most: Most = 50,
) -> None:
    """Who did what with a citizen's records, or what a member of staff did."""
    from tawasul.records import acts_about, acts_of

    if (citizen is None) == (staff is None):
        raise typer.BadParameter("say either --citizen or --staff")
    if citizen is not None:
        # Asked for, a number stays out of the shell's history and of the list of processes.
        asked = typer.prompt("National ID", hide_input=True) if citizen == "-" else citizen
        acts = asyncio.run(acts_about(_settings(), asked, most))
    else:
        acts = asyncio.run(acts_of(_settings(), staff or "", most))
    for act in acts:
        typer.echo(_line(act))
    if not acts:
        typer.echo("Nothing is noted. · لا توجد قيود.")


@messages.command("list")
def messages_list(
    state: Annotated[str | None, typer.Option(help="due, sent, failed or withdrawn; all without it.")] = None,
    most: Most = 50,
) -> None:
    """What was planned and what became of it. Identifiers only."""
    from tawasul.records import messages as planned

    for each in asyncio.run(planned(_settings(), state, most)):
        about = f"audience {each.audience_id}" if each.audience_id else "an offer"
        moment = _moment(each.sent_at if each.state == "sent" and each.sent_at else each.due_at)
        typer.echo(f"{each.id}  {each.state:<9}  {moment}  {each.kind:<15}  attempts {each.attempts}  {about}")


@messages.command("show")
def messages_show(message_id: Annotated[str, typer.Argument(help="From `tawasul messages list`.")]) -> None:
    """One message, word for word. That it was looked at is noted in the audit log."""
    from tawasul.domain.short_message import parts
    from tawasul.records import message

    shown = asyncio.run(message(_settings(), message_id))
    each = shown.message
    count = parts(shown.text)
    typer.echo(
        f"{each.state}, due {_moment(each.due_at)}, attempts {each.attempts}, to …{shown.last_four}, parts {count}"
    )
    if each.state == "due" and each.sent_at is not None:
        typer.echo(f"Handed over {_moment(each.sent_at)}; whether it was taken is not known.")
    typer.echo(shown.text)


def _moment(at: datetime) -> str:
    from tawasul.web.dates import in_riyadh

    return in_riyadh(at).strftime("%Y-%m-%d %H:%M:%S")


def _line(act: Act) -> str:
    from tawasul.domain.audit import AuditAction

    link = act.link
    when = _moment(link.at)
    facts = "" if link.facts == "{}" else f"  {link.facts}"
    action = link.action if link.action in {known.value for known in AuditAction} else "?"
    return f"{when}  {act.who}  {action}  {link.subject_kind} {link.subject_id}{facts}"


def _tell(verdict: Verdict) -> None:
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal without Arabic letters is no reason to say nothing.
        sys.stdout.reconfigure(errors="replace")
    for sentence in verdict.sentences:
        typer.echo(sentence.english)
        typer.secho(f"  {sentence.arabic}", dim=True)


def _settings() -> Settings:
    from tawasul.settings import Settings

    return Settings.from_environment()
