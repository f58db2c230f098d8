"""A real PostgreSQL for the tests: Debian's, started on a free port in a folder of its own, gone with the test run.

It is started once a worker (about a second), and gives each test a database made from nothing. PostgreSQL refuses
to run as root, so under root it runs as a user of its own. Where Debian's package is missing the tests fail with a
sentence that names it; they never skip.
"""

import gc
import getpass
import itertools
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql
from support.ports import free_port

READY = "database system is ready to accept connections"
# Nothing here outlives the tests, so nothing need reach the disk: a third of the time.
FASTER_THAN_SAFE = ("-F", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")


class PostgresMissing(Exception):
    """There is no PostgreSQL on this machine, or it did not start. The message says what to do."""


@dataclass(frozen=True)
class PostgresServer:
    """A running server on loopback; `user` may do anything in it."""

    port: int
    user: str
    password: str
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1), repr=False)

    @contextmanager
    def database(self) -> Iterator[str]:
        """A new, empty database, dropped at the end with whoever is still connected. Gives its SQLAlchemy URL."""
        name = f"test_{next(self._numbers)}"
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
            try:
                yield f"postgresql+psycopg://{self.user}:{self.password}@127.0.0.1:{self.port}/{name}"
            finally:
                # Who was cancelled while they connected is still connected until they are collected, and the server
                # would give them their minute to say the password before it drops the database.
                gc.collect()
                connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def address(self, database: str) -> str:
        """The libpq URL of a database."""
        return f"postgresql://{self.user}:{self.password}@127.0.0.1:{self.port}/{database}"


@contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """Start PostgreSQL, and stop it at the end. Raises PostgresMissing."""
    programs = newest_postgres()
    as_user = user_of_its_own()
    with tempfile.TemporaryDirectory(prefix="tawasul-postgres-", dir=in_memory()) as folder:
        server = PostgresServer(port=free_port(), user="tests", password=secrets.token_hex(16))
        make_cluster(programs, as_user, Path(folder), server)
        process = start(programs, as_user, Path(folder), server)
        try:
            wait_until_ready(process)
            yield server
        finally:
            # SIGQUIT: at once, without saving what nobody will read.
            process.send_signal(signal.SIGQUIT)
            process.wait(timeout=20)


MEMORY = Path("/dev/shm")
LEAST_MEMORY = 2 * 1024**3
"""Bytes. A container's usual 64 MB would not hold one server."""


def in_memory() -> Path | None:
    """A folder that is memory, where there is enough of it: a database is three hundred files, and a test makes two."""
    return MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > LEAST_MEMORY else None


def newest_postgres() -> Path:
    """The folder of the newest installed server's programs (Debian keeps each version apart, off the PATH)."""
    found = [folder for folder in Path("/usr/lib/postgresql").glob("*/bin") if (folder / "initdb").exists()]
    if not found:
        raise PostgresMissing(
            "PostgreSQL is not installed, and these tests run on the real one. Install Debian's package: "
            "apt-get install postgresql (`make test` does so by itself where it may)."
        )
    return max(found, key=lambda folder: int(folder.parent.name))


def user_of_its_own() -> str | None:
    """Whom PostgreSQL runs as: root cannot be it, anyone else can (None)."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def make_cluster(programs: Path, as_user: str | None, folder: Path, server: PostgresServer) -> None:
    """Make the files of an empty server in `folder`."""
    password_file = folder / "password"
    password_file.write_text(server.password)
    if as_user is not None:
        shutil.chown(folder, as_user)
        shutil.chown(password_file, as_user)
    done = subprocess.run(
        [
            *lowered(as_user),
            str(programs / "initdb"),
            f"--pgdata={folder / 'data'}",
            f"--username={server.user}",
            f"--pwfile={password_file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise PostgresMissing(f"initdb failed as user {as_user or getpass.getuser()}: {done.stderr.strip()}")


def start(programs: Path, as_user: str | None, folder: Path, server: PostgresServer) -> "subprocess.Popen[str]":
    """Start the server as a child that cannot outlive us, however we end."""
    return subprocess.Popen(
        [
            *lowered(as_user),
            str(programs / "postgres"),
            *("-D", str(folder / "data"), "-p", str(server.port), "-h", "127.0.0.1", "-k", str(folder)),
            *FASTER_THAN_SAFE,
        ],
        cwd=folder,
        # Messages in English whatever the machine speaks: one of them is awaited below.
        env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        # Ctrl-C in the terminal is for pytest, which then stops the server in order.
        start_new_session=True,
    )


def lowered(as_user: str | None) -> list[str]:
    """The command's beginning that gives up root, and has the kernel stop the child when its parent dies."""
    rights = [] if as_user is None else ["--reuid", as_user, "--regid", group_of(as_user), "--clear-groups"]
    return ["setpriv", "--pdeathsig", "SIGQUIT", *rights, "--"]


def group_of(user: str) -> str:
    """The number of a user's own group."""
    return str(pwd.getpwnam(user).pw_gid)


def wait_until_ready(process: "subprocess.Popen[str]") -> None:
    """Wait until the server says that it takes connections; then go on reading, or a full pipe would stop it."""
    first_lines: list[str] = []
    spoken = threading.Event()

    def listen() -> None:
        assert process.stderr is not None
        with process.stderr as log:
            for line in log:
                if not spoken.is_set():
                    first_lines.append(line)
                    if READY in line:
                        spoken.set()
        spoken.set()

    threading.Thread(target=listen, name="postgres-log", daemon=True).start()
    if not (spoken.wait(timeout=60) and any(READY in line for line in first_lines)):
        raise PostgresMissing(f"PostgreSQL did not start:\n{''.join(first_lines)}")
