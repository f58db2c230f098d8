"""The service's own database, opened with the key of its personal columns.

Apart from ``tawasul.app``, so that a command that only changes the database loads no pages, no rooms and no papers.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from tawasul.settings import Settings
from tawasul.store.sealed import PersonalDataKey, Sealer
from tawasul.store.unit_of_work import Database


def utc_now() -> datetime:
    """The service's clock."""
    return datetime.now(UTC)


def sealer(settings: Settings) -> Sealer:
    """Seals personal data with the key in the folder, made at its first use. Raises: KeyFileInvalid."""
    return Sealer(PersonalDataKey.load_or_create(settings.directory / "personal-data.key"))


def open_database(settings: Settings, clock: Callable[[], datetime] = utc_now) -> Database:
    """The database of ``settings``, with the key of its personal columns. Raises: KeyFileInvalid."""
    return Database(settings.database, sealer(settings), clock=clock)
