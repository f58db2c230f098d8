"""The issuer's file: SQLite, one writer, each change on the disk before it is answered.

WAL with synchronous FULL (sqlite.org/wal.html): what was committed survives a power cut. The audit is a table that is
only ever added to; the file itself refuses anything else. It holds no secret: the issuer's key is a file of its own.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tawasul.e2ee.keys import PublicKey
from tawasul.e2ee.names import DeviceName
from tawasul.issuer.core.messages import (
    Change,
    Device,
    Endorsed,
    Endorsement,
    Enrolled,
    Issued,
    KeyRevoked,
    ListSigned,
    Renewed,
    RequestKept,
    RequestsLapsed,
    SignedList,
    Waiting,
)
from tawasul.issuer.core.register import Holdings
from tawasul.issuer.errors import FileUnusable, IssuerRuns

VERSION: Final = 1
"""Of the tables, in `user_version`."""

_TABLES: Final = f"""
CREATE TABLE requests (
    thumbprint TEXT PRIMARY KEY, name TEXT NOT NULL, jwk TEXT NOT NULL, asked_at INTEGER NOT NULL
) STRICT;
CREATE TABLE endorsements (
    thumbprint TEXT NOT NULL REFERENCES requests ON DELETE CASCADE, steward TEXT NOT NULL,
    steward_thumbprint TEXT NOT NULL, at INTEGER NOT NULL, proof TEXT NOT NULL,
    PRIMARY KEY (thumbprint, steward), UNIQUE (thumbprint, steward_thumbprint)
) STRICT;
CREATE TABLE devices (thumbprint TEXT PRIMARY KEY, name TEXT NOT NULL, jwk TEXT NOT NULL) STRICT;
CREATE TABLE certificates (
    serial TEXT PRIMARY KEY, thumbprint TEXT NOT NULL REFERENCES devices ON DELETE CASCADE,
    issued_at INTEGER NOT NULL, expires INTEGER NOT NULL, text TEXT NOT NULL
) STRICT;
CREATE TABLE revoked (thumbprint TEXT PRIMARY KEY, until INTEGER NOT NULL) STRICT;
CREATE TABLE revocation_list (
    one INTEGER PRIMARY KEY CHECK (one = 1), sequence INTEGER NOT NULL, issued_at INTEGER NOT NULL, text TEXT NOT NULL
) STRICT;
CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, what TEXT NOT NULL, name TEXT, thumbprint TEXT NOT NULL,
    steward TEXT, steward_thumbprint TEXT, serial TEXT, reason TEXT, proof TEXT
) STRICT;
CREATE TRIGGER audit_stays BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END;
CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END;
CREATE TRIGGER list_grows BEFORE UPDATE ON revocation_list WHEN NEW.sequence <= OLD.sequence
    BEGIN SELECT RAISE(ABORT, 'a list is never signed twice under one number'); END;
PRAGMA user_version = {VERSION};
"""


@dataclass(frozen=True, slots=True)
class AuditLine:
    """Who did what, when: approved, enrolled, renewed or revoked. `proof`: the steward's own signature."""

    at: int
    what: str
    name: str | None
    thumbprint: str
    steward: str | None
    steward_thumbprint: str | None
    serial: str | None
    reason: str | None
    proof: str | None


class IssuerStore:
    """The open file. One process at a time; calls come one after the other, from any thread."""

    def __init__(self, file: Path) -> None:
        """Opens `file`, made for its owner alone if it is not there.

        Raises: IssuerRuns: another process has it. FileUnusable: it is no file of an issuer of this version.
        """
        self._lock = _locked(file)
        try:
            self._connection = _connect(file)
        except BaseException:
            os.close(self._lock)
            raise

    def close(self) -> None:
        """Lets another process have it."""
        self._connection.close()
        os.close(self._lock)

    def write(self, changes: Sequence[Change]) -> None:
        """All of them, on the disk, or none. Raises sqlite3.Error, such as for a full disk."""
        if not changes:
            return
        with self._transaction():
            for change in changes:
                self._write(change)

    def read(self) -> Holdings:
        """What was written so far."""
        words: dict[str, list[Endorsement]] = {}
        for thumbprint, steward, *rest in self._connection.execute(
            "SELECT thumbprint, steward, steward_thumbprint, at, proof FROM endorsements ORDER BY at"
        ):
            words.setdefault(thumbprint, []).append(Endorsement(DeviceName.parse(steward), *rest))
        certificates: dict[str, list[Issued]] = {}
        for thumbprint, *rest in self._connection.execute(
            "SELECT thumbprint, serial, issued_at, expires, text FROM certificates ORDER BY rowid"
        ):
            certificates.setdefault(thumbprint, []).append(Issued(*rest))
        held = Holdings()
        for thumbprint, name, jwk, asked_at in self._connection.execute("SELECT * FROM requests"):
            endorsements = tuple(words.get(thumbprint, ()))
            held.waiting[thumbprint] = Waiting(DeviceName.parse(name), _key(jwk), asked_at, endorsements)
        for thumbprint, name, jwk in self._connection.execute("SELECT * FROM devices"):
            held.devices[thumbprint] = Device(DeviceName.parse(name), _key(jwk), tuple(certificates[thumbprint]))
        held.revoked = dict(self._connection.execute("SELECT thumbprint, until FROM revoked"))
        for row in self._connection.execute("SELECT sequence, issued_at, text FROM revocation_list"):
            held.signed = SignedList(*row)
        return held

    @staticmethod
    def audit_of(file: Path) -> list[AuditLine]:
        """Every line, the oldest first; also beside the issuer that runs. Raises FileUnusable."""
        try:
            with contextlib.closing(sqlite3.connect(file)) as connection:
                rows = connection.execute(
                    "SELECT at, what, name, thumbprint, steward, steward_thumbprint, serial, reason, proof "
                    "FROM audit ORDER BY id"
                )
                return [AuditLine(*row) for row in rows]
        except sqlite3.DatabaseError as error:
            raise FileUnusable(f"{file} is no file of an issuer: {error}") from error

    def _write(self, change: Change) -> None:
        execute = self._connection.execute
        match change:
            case RequestKept(waiting, displaced):
                self._forget_requests(filter(None, (displaced, waiting.key.thumbprint)))
                execute("INSERT INTO requests VALUES (?, ?, ?, ?)", (*_row(waiting), waiting.asked_at))
            case RequestsLapsed(thumbprints):
                self._forget_requests(thumbprints)
            case Endorsed(waiting, by):
                thumbprint = waiting.key.thumbprint
                execute("DELETE FROM endorsements WHERE thumbprint = ?", (thumbprint,))
                for each in waiting.endorsements:
                    row = (thumbprint, str(each.steward), each.steward_thumbprint, each.at, each.proof)
                    execute("INSERT INTO endorsements VALUES (?, ?, ?, ?, ?)", row)
                self._note("approved", by.at, thumbprint, name=waiting.name, by=by)
            case Enrolled(device):
                self._forget_requests([device.key.thumbprint])
                self._put_device(device)
                self._note_certificate("enrolled", device)
            case Renewed(device):
                self._put_device(device)
                self._note_certificate("renewed", device)
            case KeyRevoked():
                self._revoke(change)
            case ListSigned(signed):
                execute(
                    "INSERT INTO revocation_list VALUES (1, ?, ?, ?) ON CONFLICT (one) DO UPDATE SET "
                    "sequence = excluded.sequence, issued_at = excluded.issued_at, text = excluded.text",
                    (signed.sequence, signed.issued_at, signed.text),
                )

    def _revoke(self, change: KeyRevoked) -> None:
        execute = self._connection.execute
        named = execute("SELECT name FROM devices WHERE thumbprint = ?", (change.thumbprint,)).fetchone()
        execute("INSERT INTO revoked VALUES (?, ?)", (change.thumbprint, change.until))
        execute("DELETE FROM devices WHERE thumbprint = ?", (change.thumbprint,))
        execute("DELETE FROM endorsements WHERE steward_thumbprint = ?", (change.thumbprint,))
        self._forget_requests([change.thumbprint])
        self._note(
            "revoked",
            change.at,
            change.thumbprint,
            name=DeviceName.parse(named[0]) if named else None,
            by=Endorsement(change.steward, change.steward_thumbprint, change.at, change.proof),
            reason=change.reason,
        )

    def _put_device(self, device: Device) -> None:
        execute = self._connection.execute
        execute("DELETE FROM devices WHERE thumbprint = ?", (device.key.thumbprint,))
        execute("INSERT INTO devices VALUES (?, ?, ?)", _row(device))
        for each in device.certificates:
            row = (each.serial, device.key.thumbprint, each.issued_at, each.expires, each.text)
            execute("INSERT INTO certificates VALUES (?, ?, ?, ?, ?)", row)

    def _forget_requests(self, thumbprints: Iterator[str] | Sequence[str]) -> None:
        self._connection.executemany("DELETE FROM requests WHERE thumbprint = ?", [(each,) for each in thumbprints])

    def _note_certificate(self, what: str, device: Device) -> None:
        newest = device.newest
        self._note(what, newest.issued_at, device.key.thumbprint, name=device.name, serial=newest.serial)

    def _note(
        self,
        what: str,
        at: int,
        thumbprint: str,
        *,
        name: DeviceName | None,
        by: Endorsement | None = None,
        serial: str | None = None,
        reason: str | None = None,
    ) -> None:
        steward = (str(by.steward), by.steward_thumbprint) if by else (None, None)
        self._connection.execute(
            "INSERT INTO audit (at, what, name, thumbprint, steward, steward_thumbprint, serial, reason, proof) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (at, what, str(name) if name else None, thumbprint, *steward, serial, reason, by.proof if by else None),
        )

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.rollback()
            raise
        self._connection.commit()


def _locked(file: Path) -> int:
    """A second issuer over the same file would sign two lists under one number."""
    lock = os.open(file.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise IssuerRuns(f"another process works with {file.parent}: one issuer has one folder") from None
    return lock


def _connect(file: Path) -> sqlite3.Connection:
    with contextlib.suppress(FileExistsError):
        # For its owner alone, whatever the umask; SQLite gives the files beside it the same mode.
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    # No transaction but our own; any thread, since one holds the issuer's lock at a time.
    connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    try:
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {pragma}")
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version == 0:
            connection.executescript(f"BEGIN IMMEDIATE; {_TABLES} COMMIT;")
        elif version != VERSION:
            raise FileUnusable(f"{file} is of another version of Tawasul ({version} instead of {VERSION})")
    except sqlite3.DatabaseError as error:
        connection.close()
        raise FileUnusable(f"{file} is no file of an issuer: {error}") from error
    except BaseException:
        connection.close()
        raise
    return connection


def _row(of: Waiting | Device) -> tuple[str, str, str]:
    return of.key.thumbprint, str(of.name), json.dumps(of.key.jwk())


def _key(jwk: str) -> PublicKey:
    return PublicKey.from_jwk(json.loads(jwk))
