"""``tawasul attestation verify``: what the two ends of a call signed about it, checked offline and said in sentences.

It needs the file and the region's anchor and nothing else: no service, no database, no network.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from tawasul.domain.errors import InvalidInput
from tawasul.e2ee.attestation import LARGEST_FILE, Party, Statement, Verified, verify_file
from tawasul.e2ee.certificate import Anchor
from tawasul.e2ee.errors import PrivacyError
from tawasul.e2ee.session import Side

LARGEST_ANCHOR = 4096
"""Characters."""


LAST_MOMENT = 253_402_300_799
"""Seconds: the end of the year 9999, and of all calendars here."""


class AttestationRefused(InvalidInput):
    """The file or the anchor cannot be used, or what is signed does not hold. ``code`` is that of the cause."""

    code = "attestation-refused"


def report(file: Path, anchor: Path | None) -> list[str]:
    """The sentences. Raises: AttestationRefused: it does not verify; the sentence says why."""
    try:
        known = Anchor.from_json(_read(anchor, LARGEST_ANCHOR)) if anchor else None
        verified = verify_file(_read(file, LARGEST_FILE), known)
    except PrivacyError as error:
        raise AttestationRefused(f"{file} does not verify ({error.code}): {error}") from None
    return list(_sentences(verified, known))


def _read(path: Path, largest: int) -> str:
    try:
        with path.open("rb") as opened:
            content = opened.read(largest + 1)
        if len(content) > largest:
            raise AttestationRefused(f"{path} is larger than {largest} bytes")
        return content.decode("utf-8")
    except OSError as cause:
        raise AttestationRefused(f"{path} cannot be read: {cause.strerror}") from None
    except UnicodeDecodeError:
        raise AttestationRefused(f"{path} is not a text") from None


def _sentences(verified: Verified, anchor: Anchor | None) -> Iterator[str]:
    first = verified.statements[0]
    yield f"Call {_shown(first.call)}: the signatures hold" + (
        ", and both ends signed the same call." if len(verified.statements) == len(Side) else "; one end alone signed."
    )
    if anchor is None:
        yield "Without --anchor the names are only what the ends said of themselves."
    else:
        yield f"Checked by the anchor of {anchor.title.en}, {anchor.fingerprint}."
    yield f"The citizen's end: {_who(first.parties.citizen)}."
    yield f"The office's end:  {_who(first.parties.office)}."
    signers = " and of ".join(f"the {each.role}'s end" for each in verified.statements)
    yield f"Nobody else held a key, by the word of {signers}."
    for statement in verified.statements:
        yield from _of_end(statement)


def _of_end(statement: Statement) -> Iterator[str]:
    yield f"The {statement.role}'s end says, by its own clock:"
    for handshake in statement.handshakes:
        span = f"{_moment(handshake.begins)} – {_moment(handshake.ends)}"
        keys = f"{len(handshake.epochs)} epochs of keys"
        yield f"  attempt {handshake.attempt}: {span}, {keys}, transcript {handshake.th}"
    frames = statement.frames
    yield f"  frames sealed {frames.sealed}, opened {frames.opened}, refused {frames.refused}; no recorder ran"
    compared = "was compared, and was the same" if statement.phrase == "same" else "was not compared"
    yield f"  the phrase {compared}"


def _who(party: Party) -> str:
    return f"{_shown(party.urn or '') or 'the own device of a citizen, without a certificate'} (key {party.jkt})"


def _shown(text: str) -> str:
    """Without what a terminal would take for a command: whoever signed the file may have put anything into it."""
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)


def _moment(seconds: int) -> str:
    if seconds > LAST_MOMENT:
        return f"{seconds} s"
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
