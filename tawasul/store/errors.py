"""The store's own errors: about the machine that keeps, never about the person who asks.

::

    StoreError (RuntimeError)
    ├── KeyFileInvalid          the key file is not ours: wrong size, or readable by others
    ├── WrongPersonalDataKey    the database was sealed under another key than the one given
    ├── SealBroken              a sealed column was altered, or moved to another row or column
    ├── DatabaseUrlInvalid      not the URL of a database that we know
    ├── DatabaseUnreachable     no connection to the database is to be had
    ├── DatabaseNotUpgraded     the schema is not at the newest migration
    ├── DatabaseNotEmpty        sample data goes into an empty database only
    ├── ReadingOnly             a unit of work opened for reading was asked to commit
    └── DatabaseBusy            no turn to write was to be had in the time given, or two waited for each other

What is wrong with a request is in ``tawasul.domain.errors``.
"""

from __future__ import annotations

from typing import ClassVar, Final

from sqlalchemy.exc import TimeoutError as NoConnectionInTime


class StoreError(RuntimeError):
    """Root of the tree. ``code`` is stable."""

    code: ClassVar[str] = "store"


class KeyFileInvalid(StoreError):
    """A key file that exists but cannot be one we made; it is never overwritten."""

    code = "key-file-invalid"


class WrongPersonalDataKey(StoreError):
    """The personal columns were sealed under another key: the key file belongs to another database."""

    code = "wrong-personal-data-key"


class SealBroken(StoreError):
    """A sealed value does not open although the key is right: altered, or copied from another row or column."""

    code = "seal-broken"


class DatabaseUrlInvalid(StoreError):
    """``TAWASUL_DATABASE_URL`` is not the URL of a database that we know. The message does not show it."""

    code = "database-url-invalid"


class DatabaseUnreachable(StoreError):
    """The server does not answer or refuses us, or the file cannot be opened. Its cause is the driver's error."""

    code = "database-unreachable"


class DatabaseNotUpgraded(StoreError):
    """The database is not at the newest migration: ``tawasul db upgrade``."""

    code = "database-not-upgraded"


class DatabaseNotEmpty(StoreError):
    """Sample data may only go into a database that holds no people."""

    code = "database-not-empty"


class ReadingOnly(StoreError):
    """A unit of work opened with ``reading=True`` has nothing to commit: a mistake of ours."""

    code = "reading-only"


class DatabaseBusy(StoreError):
    """Somebody held the single turn to write for too long (SQLite), two transactions waited for each other (PostgreSQL
    gives one of them up), or a unit of work was nested in another. Nothing was done.
    """

    code = "database-busy"


BUSY: Final = (DatabaseBusy, NoConnectionInTime)
"""There is more to do than the database can: no turn to write, or no connection, was to be had in time. Nothing of what
was asked for has been done."""
