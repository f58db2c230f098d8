"""Commands for receipts of directives: ``tawasul receipt …``. They ask nobody: not the service, not a database."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from tawasul.casework.receipts.receipt import Receipt
    from tawasul.casework.receipts.signing import PublicKeys
    from tawasul.web.words import Words

receipt = typer.Typer(help="Receipts of directives: signed on paper, verified without us.", no_args_is_help=True)

LARGEST_FILE = 65_536
"""Bytes that are read of a file or of standard input. A receipt is about 2 500."""


@receipt.command("verify")
def verify(
    given: Annotated[str, typer.Argument(help="What the QR code holds, a file with it, or - for standard input.")],
    key: Annotated[
        Path | None, typer.Option(help="The region's public key (JWK or JWK set); this installation's own without it.")
    ] = None,
    language: Annotated[Literal["ar", "en"], typer.Option(help="Of the answer.")] = "en",
) -> None:
    """Say what was directed, to whom and by when, if the receipt is genuine: exit status 0. Else why not: 1."""
    from tawasul.casework.receipts.refusal import ReceiptRefused
    from tawasul.casework.receipts.wording import refusal_text
    from tawasul.web.words import words_in

    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal without Arabic letters is no reason to say nothing.
        sys.stdout.reconfigure(errors="replace")
    words = words_in(language)
    keys = _keys(key)
    try:
        found = keys.read(_text(given))
    except ReceiptRefused as refused:
        heading, meaning = refusal_text(refused.reason, words)
        typer.secho(_plain(heading), fg="red", bold=True)
        typer.echo(_plain(meaning))
        raise typer.Exit(1) from None
    _tell(found, words)


@receipt.command("key")
def show_key() -> None:
    """Print the public keys (JWK set), for those who verify elsewhere."""
    typer.echo(json.dumps(_keys(None).as_set(), indent=2))


def _tell(found: Receipt, words: Words) -> None:
    from tawasul.casework.receipts.wording import receipt_text

    text = receipt_text(found, words)
    typer.secho(_plain(words.say("receipt-genuine")), fg="green", bold=True)
    typer.echo(_plain(words.say("receipt-genuine-text", region=text.region)))
    for fact in text.facts:
        typer.secho(f"\n{_plain(fact.label)}", dim=True)
        for line in fact.lines:
            typer.echo(f"  {_plain(line)}")
    if text.part:
        typer.echo(f"\n{_plain(text.part)}")


def _text(given: str) -> str:
    """What is to be verified. Neither a file nor standard input need be text at all."""
    if given == "-":
        return sys.stdin.buffer.read(LARGEST_FILE).decode(errors="replace")
    try:
        with Path(given).open("rb") as file:
            return file.read(LARGEST_FILE).decode(errors="replace")
    except (OSError, ValueError):
        # No file of that name: then it is the receipt itself.
        return given


def _keys(file: Path | None) -> PublicKeys:
    """Raises: KeyFileInvalid: there is none, or it is something else."""
    from tawasul.casework.receipts.signing import PublicKeys
    from tawasul.settings import Settings

    if file is not None:
        return PublicKeys.from_file(file)
    return PublicKeys.of_directory(Settings.from_environment().directory)


def _plain(text: str) -> str:
    """Without the characters that move a terminal, nor those that isolate values, which some show as boxes."""
    return "".join(character for character in text if character.isprintable())
