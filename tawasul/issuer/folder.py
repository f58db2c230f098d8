"""Files of the root, of an issuer and of a steward: keys for their owner alone, never overwritten.

| Folder | Holds |
|---|---|
| root's, offline | `root.pem`, `anchor.json` |
| issuer's | `issuer.pem`, `issuer.certificate`, `anchor.json`, `issuer.db` and the files beside it |
| steward's | `steward.pem`, `steward.certificate`, `anchor.json` |

Keys are PKCS #8 in PEM, encrypted under a password that a person types, or that comes from the environment or from a
file 0600. A `.request` beside a key is what the root signs.
"""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path
from typing import Final

from tawasul.e2ee.certificate import Anchor
from tawasul.e2ee.errors import CertificateMalformed, KeyProblem
from tawasul.e2ee.keys import SigningKey
from tawasul.issuer.errors import (
    FileMissing,
    FileNotPrivate,
    FileThere,
    FileUnusable,
    FileUnwritable,
    PasswordMissing,
)

ANCHOR: Final = "anchor.json"

SHORTEST_PASSWORD: Final = 10
"""Characters, as for those who sign in."""

LARGEST_FILE: Final = 64 * 1024


def checked_password(password: str) -> bytes:
    """The bytes under which a key is encrypted. Raises PasswordMissing: too short to protect anything."""
    if len(password) < SHORTEST_PASSWORD:
        raise PasswordMissing(f"the password has to have {SHORTEST_PASSWORD} characters or more")
    return password.encode()


def read_password(file: Path) -> str:
    """A password from a file: its first line. Raises FileMissing, FileNotPrivate, PasswordMissing."""
    lines = _read_private(file).decode("utf-8", "replace").splitlines()
    if not lines or not lines[0]:
        raise PasswordMissing(f"{file} holds no password")
    return lines[0]


def make_key(file: Path, password: bytes) -> SigningKey:
    """A new key in a file that was not there. Raises FileThere, FileUnwritable."""
    key = SigningKey.generate()
    write_new(file, key.to_pem(password))
    return key


def read_key(file: Path, password: bytes) -> SigningKey:
    """Raises FileMissing, FileNotPrivate, FileUnusable, KeyPasswordWrong."""
    pem = _read_private(file)
    if b"ENCRYPTED" not in pem:
        raise FileUnusable(f"{file} is not an encrypted key in PEM")
    try:
        return SigningKey.from_pem(pem, password)
    except KeyProblem as problem:
        raise type(problem)(f"{file}: {problem}") from None


def read_anchor(file: Path) -> Anchor:
    """Raises FileMissing, FileUnusable."""
    try:
        return Anchor.from_json(read_file(file))
    except CertificateMalformed:
        raise FileUnusable(f"{file} is not an anchor") from None


def read_text(file: Path) -> str:
    """A certificate or a request. Raises FileMissing, FileUnusable."""
    try:
        return read_file(file).decode("ascii").strip()
    except UnicodeDecodeError:
        raise FileUnusable(f"{file} is neither a certificate nor a request") from None


def read_file(file: Path) -> bytes:
    """Raises FileMissing, FileUnusable: larger than anything that belongs here."""
    try:
        with file.open("rb") as opened:
            content = opened.read(LARGEST_FILE + 1)
    except OSError as error:
        raise FileMissing(f"{file} cannot be read: {error.strerror}") from None
    if len(content) > LARGEST_FILE:
        raise FileUnusable(f"{file} is too large to be what belongs there")
    return content


def write_new(file: Path, content: bytes) -> None:
    """A file 0600 that was not there, whole or not at all. Raises FileThere, FileUnwritable."""
    draft = _draft(file, content)
    try:
        os.link(draft, file)
    except FileExistsError:
        raise FileThere(f"{file} is there already, and is not overwritten") from None
    except OSError as error:
        # Sticks with the file system of other machines know no second name for a file, and no owner of one.
        raise FileUnwritable(f"{file} cannot be written: {error.strerror}") from None
    finally:
        draft.unlink()


def replace(file: Path, content: bytes) -> None:
    """A file 0600, whole, in the place of an older one: for what is no key. Raises FileUnwritable."""
    draft = _draft(file, content)
    try:
        draft.rename(file)
    except OSError as error:
        draft.unlink()
        raise FileUnwritable(f"{file} cannot be written: {error.strerror}") from None


def _draft(file: Path, content: bytes) -> Path:
    draft = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
                opened.write(content)
                opened.flush()
                os.fsync(opened.fileno())
        except OSError:
            draft.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise FileUnwritable(f"{file} cannot be written: {error.strerror}") from None
    return draft


def _read_private(file: Path) -> bytes:
    try:
        # Asked of the open file and not of the path: what is checked is what is read.
        with file.open("rb") as opened:
            status = os.fstat(opened.fileno())
            if stat.S_IMODE(status.st_mode) & 0o077:
                raise FileNotPrivate(f"{file} may be read by others: chmod 600 {file}")
            return opened.read(LARGEST_FILE)
    except OSError as error:
        raise FileMissing(f"{file} cannot be read: {error.strerror}") from None
