"""The database: reachable, at the newest migration, and sealed under the key that is here. Nothing is written to it.

What is shown of its URL is host, port, name and user: never a password, and none of the driver's options.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from alembic.script import ScriptDirectory
from sqlalchemy import URL, func, make_url, select
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from tawasul.doctor.finding import Finding, Words, ok, warning, wrong
from tawasul.settings import Settings
from tawasul.store import migrate
from tawasul.store.engine import READING, create_engine
from tawasul.store.errors import DatabaseUnreachable
from tawasul.store.sealed import PersonalDataKey
from tawasul.store.tables.outbox import OutboxRow
from tawasul.store.tables.people import CitizenRow, PersonalDataKeyRow, SignInRow

ANSWERS_WITHIN = 10.0
"""Seconds."""

SQLITE, POSTGRESQL = "sqlite+aiosqlite", "postgresql+psycopg"


@dataclass(frozen=True, slots=True)
class Condition:
    """What was found. The rest is None unless the database is at the newest migration.

    ``sealed_under``: the identifiers of the keys that sealed something in it. ``newest_row``: UTC.
    """

    finding: Finding
    sealed_under: frozenset[bytes] | None = None
    newest_row: datetime | None = None


def look(settings: Settings) -> Condition:
    """The condition of the database that ``settings`` name."""
    try:
        url = make_url(settings.database)
    except ArgumentError:
        return Condition(_other_kind("…"))
    if url.drivername not in (SQLITE, POSTGRESQL):
        return Condition(_other_kind(url.drivername))
    if url.drivername == POSTGRESQL and find_spec("psycopg") is None:
        return Condition(_no_driver())
    if url.drivername == SQLITE and url.database and not Path(url.database).exists():
        # Connecting would make the file.
        return Condition(_not_there(url, embedded=settings.database_url is None))
    try:
        return asyncio.run(_look(settings, url))
    except TimeoutError:
        return Condition(_unreachable(url, f"no answer within {ANSWERS_WITHIN:.0f} s"))
    except DatabaseUnreachable as error:
        return Condition(_unreachable(url, _reason(error.__cause__ or error, url)))
    except (SQLAlchemyError, OSError, ImportError) as error:
        return Condition(_unreachable(url, _reason(error, url)))


async def _look(settings: Settings, url: URL) -> Condition:
    async with asyncio.timeout(ANSWERS_WITHIN):
        at = await migrate.current(settings.database)
        if at != migrate.newest():
            return Condition(_another_revision(url, at, embedded=settings.database_url is None))
        engine = create_engine(settings.database).execution_options(**{READING: True})
        try:
            async with engine.connect() as connection:
                sealed_under = frozenset((await connection.execute(select(PersonalDataKeyRow.key_id))).scalars())
                newest_row = await _newest(connection)
        finally:
            await engine.dispose()
    fine = Words(f"The database {shown(url)} answers and is up to date.", f"قاعدة البيانات {shown(url)} متاحة ومحدّثة.")
    return Condition(ok("database", fine), sealed_under, newest_row)


async def _newest(connection: AsyncConnection) -> datetime | None:
    """When the newest row was written; only of columns that tell of the past."""
    columns: Sequence[Any] = (OutboxRow.happened_at, SignInRow.signed_in_at, CitizenRow.registered_at)
    found = [(await connection.execute(select(func.max(column)))).scalar() for column in columns]
    return max((at.astimezone(UTC) for at in found if at is not None), default=None)


def personal_data_key(directory: Path, sealed_under: frozenset[bytes]) -> Finding:
    """The key file is the one that this database was sealed under. It is never made here."""
    path = directory / "personal-data.key"
    shown_path = path.absolute()
    if not path.exists():
        if not sealed_under:
            return ok("personal-data-key", Words("Nothing is sealed yet.", "لا توجد بيانات مختومة بعد."))
        return _another_key(f"{shown_path} is missing.", f"الملف {shown_path} مفقود.")
    secret = path.read_bytes()
    if not sealed_under or sealed_under == {PersonalDataKey.from_secret(secret).key_id}:
        return ok(
            "personal-data-key",
            Words("The key of the personal data fits the database.", "مفتاح البيانات الشخصية يناسب قاعدة البيانات."),
        )
    return _another_key(
        f"The database was sealed under another key than {shown_path}.",
        f"خُتمت قاعدة البيانات بمفتاح غير الموجود في {shown_path}.",
    )


def shown(url: URL) -> str:
    """A URL that may be printed: its password and the driver's options, which may hold another, are left out."""
    return url.set(query={}).render_as_string(hide_password=True)


def _another_key(english: str, arabic: str) -> Finding:
    return wrong(
        "personal-data-key",
        Words(f"{english} Personal data cannot be read.", f"{arabic} لا يمكن قراءة البيانات الشخصية."),
        Words(
            "Put back the key file that belongs to this database, from its backup. No other key opens it.",
            "أعد ملف المفتاح الخاص بهذه القاعدة من نسخته الاحتياطية، فلا يفتحها مفتاح غيره.",
        ),
    )


def _other_kind(kind: str) -> Finding:
    return wrong(
        "database",
        Words(
            f"TAWASUL_DATABASE_URL names a database of a kind that is not served ({kind}).",
            f"يحدّد TAWASUL_DATABASE_URL نوعًا من قواعد البيانات غير مدعوم ({kind}).",
        ),
        Words(
            "Give one that begins with sqlite+aiosqlite:/// or postgresql+psycopg://, or none for the embedded one.",
            "حدّد عنوانًا يبدأ بـ sqlite+aiosqlite أو postgresql+psycopg، أو اتركه فارغًا لقاعدة البيانات المدمجة.",
        ),
    )


def _no_driver() -> Finding:
    return wrong(
        "database",
        Words(
            "The settings name a PostgreSQL database, but its driver psycopg is not installed.",
            "تحدّد الإعدادات قاعدة بيانات PostgreSQL، لكن برنامج تشغيلها psycopg غير مثبّت.",
        ),
        Words("Install Tawasul with its PostgreSQL part.", "ثبّت البرنامج مع جزء PostgreSQL."),
        "pip install 'tawasul[postgresql]'",
    )


def _not_there(url: URL, *, embedded: bool) -> Finding:
    sentence = Words(f"There is no database yet at {shown(url)}.", f"لا توجد قاعدة بيانات بعد في {shown(url)}.")
    if embedded:
        return ok(
            "database",
            Words(f"{sentence.english} The first start makes it.", f"{sentence.arabic} ستُنشأ عند أول تشغيل."),
        )
    return wrong("database", sentence, _UPGRADE, _UPGRADE_COMMAND)


def _unreachable(url: URL, reason: str) -> Finding:
    return wrong(
        "database",
        Words(
            f"The database {shown(url)} cannot be used: {reason}.",
            f"تعذّر استخدام قاعدة البيانات {shown(url)}: {reason}.",
        ),
        Words(
            "See that it runs, that this machine and user may reach it, and that TAWASUL_DATABASE_URL is right.",
            "تأكد من أنها تعمل، وأن هذا الجهاز والمستخدم يصلان إليها، وأن TAWASUL_DATABASE_URL صحيح.",
        ),
    )


def _another_revision(url: URL, at: str | None, *, embedded: bool) -> Finding:
    known = {script.revision for script in ScriptDirectory(str(migrate.scripts())).walk_revisions()}
    if at is not None and at not in known:
        return wrong(
            "database",
            Words(
                f"The database {shown(url)} is of a newer version than this program (migration {at}).",
                f"قاعدة البيانات {shown(url)} من إصدار أحدث من هذا البرنامج (الترحيل {at}).",
            ),
            Words("Install the program's newer version.", "ثبّت الإصدار الأحدث من البرنامج."),
        )
    sentence = Words(
        f"The database {shown(url)} is at migration {at or 'none'}, not at the newest, {migrate.newest()}.",
        f"قاعدة البيانات {shown(url)} عند الترحيل {at or 'صفر'} وليست عند الأحدث {migrate.newest()}.",
    )
    if embedded:
        at_start = Words("The next start upgrades it; or do it now.", "سيحدّثها التشغيل القادم، أو حدّثها الآن.")
        return warning("database", sentence, at_start, _UPGRADE_COMMAND)
    return wrong("database", sentence, _UPGRADE, _UPGRADE_COMMAND)


_UPGRADE = Words("Bring it to this version's tables.", "حدّثها إلى جداول هذا الإصدار.")
_UPGRADE_COMMAND = "tawasul db upgrade"


def _reason(error: BaseException, url: URL) -> str:
    """The driver's first line, without what the URL keeps secret."""
    lines = str(getattr(error, "orig", None) or error).strip().splitlines()
    text = lines[0].rstrip(".") if lines else type(error).__name__
    values = [value for given in url.query.values() for value in ([given] if isinstance(given, str) else given)]
    for secret in filter(None, (url.password, *values)):
        text = text.replace(secret, "***")
    return text
