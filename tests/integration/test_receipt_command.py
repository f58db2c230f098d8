"""``tawasul receipt``: what was directed, from the paper alone, while no service and no database is there."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

from support.command import Answer, environment, tawasul
from support.receipts import AGENCY, LONG_WORDING, NUMBER, OTHER_SIGNER, SIGNER, WORDING, a_receipt

from tawasul.casework.receipts.signing import EARLIER_FILE, KEY_FILE
from tawasul.casework.receipts.token import as_digits

TOKEN = SIGNER.sign(a_receipt())


def with_key(folder: Path, secret: bytes = bytes(range(32))) -> Path:
    """A settings' directory with a key and nothing else."""
    folder.mkdir(exist_ok=True)
    (folder / KEY_FILE).write_bytes(secret)
    (folder / KEY_FILE).chmod(0o600)
    return folder


async def piped(folder: Path, content: bytes, *arguments: str) -> Answer:
    """A command that is given something on standard input."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tawasul.cli", *arguments),
        env=environment(folder),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said, complained = await process.communicate(content)
    assert process.returncode is not None
    return Answer(process.returncode, said.decode(), complained.decode())


async def test_what_was_directed_is_told_from_the_text_a_file_or_standard_input(tmp_path: Path) -> None:
    folder = with_key(tmp_path)
    file = tmp_path / "scanned.txt"
    file.write_text(f"https://majlis.example/receipt#{as_digits(TOKEN)}\n")
    answers = [
        await tawasul(folder, "receipt", "verify", TOKEN),
        await tawasul(folder, "receipt", "verify", as_digits(TOKEN)),
        await tawasul(folder, "receipt", "verify", str(file)),
        await piped(folder, TOKEN.encode(), "receipt", "verify", "-"),
    ]
    assert len({answer.said for answer in answers}) == 1
    assert [(answer.status, answer.complained) for answer in answers] == [(0, "")] * 4
    for fact in ("A genuine receipt", AGENCY.english, NUMBER.text, "20 December 2026", "Urgent", WORDING):
        assert fact in answers[0].said
    assert sorted(os.listdir(tmp_path)) == [KEY_FILE, "scanned.txt"]


async def test_it_answers_in_arabic(tmp_path: Path) -> None:
    folder = with_key(tmp_path)
    answer = await tawasul(folder, "receipt", "verify", SIGNER.sign(a_receipt(LONG_WORDING)), "--language", "ar")
    assert answer.status == 0
    for fact in ("إيصال صحيح", AGENCY.arabic, "20 ديسمبر 2026م", "أول نص التوجيه", "عاجل"):
        assert fact in answer.said
    assert not any(character in answer.said for character in "\u2066\u2068\u2069\u200f")


async def test_the_public_key_is_enough_elsewhere(tmp_path: Path) -> None:
    told = await tawasul(with_key(tmp_path / "here"), "receipt", "key")
    assert told.status == 0
    (key,) = json.loads(told.said)["keys"]
    assert "d" not in key
    for name, content in (("set.json", told.said), ("key.json", json.dumps(key))):
        (tmp_path / name).write_text(content)
        answer = await tawasul(tmp_path / "nowhere", "receipt", "verify", TOKEN, "--key", str(tmp_path / name))
        assert answer.status == 0
    assert not (tmp_path / "nowhere").exists()


async def test_what_an_earlier_key_signed_stays_genuine(tmp_path: Path) -> None:
    folder = with_key(tmp_path, bytes(range(1, 33)))
    assert (await tawasul(folder, "receipt", "verify", TOKEN)).status == 1
    (folder / EARLIER_FILE).write_text(json.dumps(SIGNER.public.as_set()))
    assert (await tawasul(folder, "receipt", "verify", TOKEN)).status == 0
    assert (await tawasul(folder, "receipt", "verify", OTHER_SIGNER.sign(a_receipt()))).status == 0
    assert len(json.loads((await tawasul(folder, "receipt", "key")).said)["keys"]) == 2


async def test_what_is_not_genuine_is_refused_with_the_reason(tmp_path: Path) -> None:
    folder = with_key(tmp_path)
    (tmp_path / "picture.png").write_bytes(bytes(range(256)) * 400)
    for given, reason in (
        (TOKEN[:-1], "Not a genuine receipt"),
        (TOKEN.replace("eyJ", "eyK", 1), "Not one of our receipts"),
        (OTHER_SIGNER.sign(a_receipt()), "Not one of our receipts"),
        ("a picture of a cat", "We could not read the receipt"),
        (str(tmp_path / "picture.png"), "We could not read the receipt"),
    ):
        answer = await tawasul(folder, "receipt", "verify", given)
        assert (answer.status, answer.said.splitlines()[0], answer.complained) == (1, reason, "")


async def test_a_key_that_is_none_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("not a key")
    for folder, more in ((tmp_path, ()), (with_key(tmp_path / "other"), ("--key", str(tmp_path / "note.txt")))):
        answer = await tawasul(folder, "receipt", "verify", TOKEN, *more)
        assert answer.status == 2
        assert len(answer.complaints) == 1
    assert not (tmp_path / KEY_FILE).exists()
