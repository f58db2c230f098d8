"""The doctor on real databases: absent, never upgraded, too new, sealed under another key, out of reach."""

import asyncio
import sqlite3
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from support.ports import free_port

from tawasul.doctor import database, examine
from tawasul.doctor.finding import State
from tawasul.own_database import open_database
from tawasul.settings import Settings
from tawasul.store import migrate
from tawasul.store.key_file import load_or_create


def settings_for(folder: Path, url: str | None = None) -> Settings:
    return Settings(directory=folder, database_url=SecretStr(url) if url else None)


def upgraded(settings: Settings) -> None:
    """The database and its key, as the service's first start leaves them."""

    async def start() -> None:
        await migrate.upgrade(settings.database)
        opened = open_database(settings)
        await opened.check_key()
        await opened.close()

    asyncio.run(start())


def changed_by_hand(folder: Path, statement: str) -> None:
    connection = sqlite3.connect(folder / "tawasul.db")
    with connection:
        connection.execute(statement)
    connection.close()


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_database_that_is_well_stays_as_it_is(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    upgraded(settings)
    before = contents(tmp_path)
    condition = database.look(settings)
    assert condition.finding.state is State.OK
    assert condition.sealed_under is not None
    assert len(condition.sealed_under) == 1
    assert database.personal_data_key(tmp_path, condition.sealed_under).state is State.OK
    assert contents(tmp_path) == before


def test_no_database_yet(tmp_path: Path) -> None:
    assert database.look(settings_for(tmp_path)).finding.state is State.OK
    elsewhere = f"sqlite+aiosqlite:///{tmp_path / 'elsewhere.db'}"
    assert database.look(settings_for(tmp_path, elsewhere)).finding.state is State.WRONG
    assert list(tmp_path.iterdir()) == []


def test_an_embedded_database_of_an_older_version_is_upgraded_by_the_start(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    upgraded(settings)
    changed_by_hand(tmp_path, "DELETE FROM alembic_version")
    finding = database.look(settings).finding
    assert finding.state is State.WARNING
    assert finding.mend is not None
    assert finding.mend.command == "tawasul db upgrade"


def test_a_database_of_a_newer_version(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    upgraded(settings)
    changed_by_hand(tmp_path, "UPDATE alembic_version SET version_num = '9999'")
    finding = database.look(settings).finding
    assert finding.state is State.WRONG
    assert "newer version" in finding.sentence.english


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "tawasul.db").write_bytes(b"something else altogether" * 100)
    finding = database.look(settings_for(tmp_path)).finding
    assert finding.state is State.WRONG
    assert "not a database" in finding.sentence.english


def test_a_key_that_is_missing_or_another_s(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    upgraded(settings)
    (tmp_path / "personal-data.key").unlink()
    sealed_under = database.look(settings).sealed_under
    assert sealed_under is not None
    missing = database.personal_data_key(tmp_path, sealed_under)
    assert missing.state is State.WRONG
    assert "missing" in missing.sentence.english
    assert not (tmp_path / "personal-data.key").exists(), "a new key would hide that the old one is gone"

    load_or_create(tmp_path / "personal-data.key")
    another = database.personal_data_key(tmp_path, sealed_under)
    assert another.state is State.WRONG
    assert "another key" in another.sentence.english


def test_a_row_of_the_future_speaks_against_the_clock(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    upgraded(settings)
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    changed_by_hand(
        tmp_path,
        "INSERT INTO outbox (kind, subject_id, body, happened_at, attempts, next_attempt_at) "
        f"VALUES ('audience-booked', 'a', '{{}}', '{tomorrow:%Y-%m-%d %H:%M:%S.%f}', 0, '2026-01-01 00:00:00.000000')",
    )
    condition = database.look(settings)
    assert condition.newest_row == tomorrow
    [finding] = [each for each in examine(settings) if each.name == "clock"]
    assert finding.state is State.WRONG
    assert f"{tomorrow:%Y-%m-%d}" in finding.sentence.english


def test_postgresql(tmp_path: Path, postgres_url: str) -> None:
    settings = settings_for(tmp_path, postgres_url)
    unready = database.look(settings)
    assert unready.finding.state is State.WRONG, "a shared database is upgraded by those who run it, not by a start"
    assert unready.finding.mend is not None
    assert unready.finding.mend.command == "tawasul db upgrade"

    upgraded(settings)
    ready = database.look(settings)
    assert ready.finding.state is State.OK
    assert ready.sealed_under is not None
    assert database.personal_data_key(tmp_path, ready.sealed_under).state is State.OK


def test_no_password_is_shown(tmp_path: Path, postgres_url: str) -> None:
    password = postgres_url.split(":")[2].partition("@")[0]
    wrong_one = postgres_url.replace(password, "not-the-password") + "?application_name=also-kept-back"
    nobody = f"postgresql+psycopg://tests:{password}@127.0.0.1:{free_port()}/test?password={password}"
    for url in (postgres_url, wrong_one, nobody):
        finding = database.look(settings_for(tmp_path, url)).finding
        assert finding.state is State.WRONG
        assert "127.0.0.1" in finding.sentence.english
        for secret in (password, "not-the-password", "also-kept-back"):
            assert secret not in repr(finding)


def test_the_driver_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    finding = database.look(settings_for(tmp_path, "postgresql+psycopg://tawasul@localhost/tawasul")).finding
    assert finding.state is State.WRONG
    assert finding.mend is not None
    assert finding.mend.command == "pip install 'tawasul[postgresql]'"


@pytest.mark.parametrize("url", ["mysql://user:hidden@localhost/x", "hidden"])
def test_a_database_of_another_kind(tmp_path: Path, url: str) -> None:
    finding = database.look(settings_for(tmp_path, url)).finding
    assert finding.state is State.WRONG
    assert "hidden" not in repr(finding)
