"""The tests' PostgreSQL: real, empty for each test, not root's, and gone when its parent is."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import psycopg
import pytest
import sqlalchemy
from support import postgres
from support.postgres import PostgresServer

TESTS = Path(__file__).resolve().parents[1]


def test_a_database_is_real_and_empty(postgres_url: str) -> None:
    engine = sqlalchemy.create_engine(postgres_url)
    with engine.begin() as connection:
        assert connection.dialect.name == "postgresql"
        assert sqlalchemy.inspect(connection).get_table_names() == []
        # An exclusion constraint is what refuses a double booking: the tests' server must know them.
        connection.execute(sqlalchemy.text("CREATE EXTENSION btree_gist"))
        connection.execute(sqlalchemy.text("CREATE TABLE left_behind (number int)"))
    engine.dispose()


def test_each_test_has_its_own(postgres_url: str) -> None:
    engine = sqlalchemy.create_engine(postgres_url)
    assert sqlalchemy.inspect(engine).get_table_names() == []
    engine.dispose()


def test_a_database_goes_even_with_someone_connected(postgres_server: PostgresServer) -> None:
    with postgres_server.database() as url:
        name = url.rpartition("/")[2]
        lingering = psycopg.connect(postgres_server.address(name))
    with psycopg.connect(postgres_server.address("postgres")) as connection:
        names = {row[0] for row in connection.execute("SELECT datname FROM pg_database")}
    assert name not in names
    lingering.close()


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(postgres, "Path", lambda *_: tmp_path)
    with pytest.raises(postgres.PostgresMissing, match="apt-get install postgresql"):
        postgres.newest_postgres()


def test_it_dies_with_its_parent() -> None:
    program = (
        "import os, sys\n"
        "from support.postgres import running_postgres\n"
        "with running_postgres() as server:\n"
        "    print(server.port, flush=True)\n"
        "    sys.stdin.read()\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(TESTS)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert parent.stdout is not None
    assert parent.stdin is not None
    assert int(parent.stdout.readline()) > 0
    children = psutil.Process(parent.pid).children(recursive=True)
    assert any(child.name() == "postgres" for child in children)
    if os.geteuid() == 0:
        assert all(child.uids().real != 0 for child in children)

    parent.send_signal(signal.SIGKILL)
    parent.wait()
    _, alive = psutil.wait_procs(children, timeout=20)
    parent.stdin.close()
    parent.stdout.close()
    assert alive == []
