"""What every test has: a database of its own for the asking, and a watch on what leaves the machine."""

import gc
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from support.egress import Egress
from support.postgres import PostgresServer, running_postgres

# Two cores, shared with a browser: a slow example says nothing about the code. What fails here must fail everywhere.
hypothesis.settings.register_profile("tawasul", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.load_profile("tawasul")

BROWSER_TESTS = Path(__file__).parent / "browser"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every browser test with sound and picture as one that measures in real time: it runs with no neighbour.

    The tests of pages without them (``test_web_…``) wait for events and mind no neighbour.
    """
    for item in items:
        if BROWSER_TESTS in item.path.parents and not item.path.name.startswith("test_web_"):
            item.add_marker(pytest.mark.realtime)


def pytest_collection_finish() -> None:
    """What was imported and collected stays until the end: garbage is not looked for in it, again and again."""
    gc.collect()
    gc.freeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Why a test was tried once more (ADR 35): a finding like a failure, which would otherwise not be told."""
    for report in terminalreporter.stats.get("rerun", []):
        terminalreporter.write_sep("_", f"tried once more: {report.nodeid}")
        terminalreporter.write_line(report.longreprtext)


@pytest.fixture(scope="session")
def egress() -> Egress:
    """The one watch over this process."""
    return Egress()


@pytest.fixture(autouse=True)
def nothing_leaves_the_machine(egress: Egress) -> Iterator[None]:
    """Fails the test in which anything was sent, or any name looked up, outside this machine."""
    with egress.refused():
        yield


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """PostgreSQL, started when the first test asks for it."""
    with running_postgres() as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The SQLAlchemy URL (psycopg) of a new, empty database of this test's own."""
    with postgres_server.database() as url:
        yield url
