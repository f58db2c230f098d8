"""Fixtures that tests against native ends share: import them, and each module has one hostile server and one pair."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from support.endpoints import session_cookie
from support.hostile_pair import Pair, a_pair
from support.hostile_service import HostileService, a_hostile_service
from support.trust import MadeTrust, make_trust


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def service(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[HostileService]:
    """A hostile server."""
    async with a_hostile_service(Path(tmp_path_factory.mktemp("hostile"))) as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def cookie(service: HostileService) -> str:
    """Of the office, signed in."""
    return await session_cookie(service, "office")


@pytest.fixture(scope="module")
def trust() -> MadeTrust:
    """The region in which both ends are enrolled."""
    return make_trust()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(service: HostileService, cookie: str, trust: MadeTrust) -> AsyncIterator[Pair]:
    """Two honest ends, for a whole module."""
    async with a_pair(service, cookie, trust) as both:
        yield both


@pytest_asyncio.fixture(loop_scope="module")
async def pair(shared: Pair) -> AsyncIterator[Pair]:
    """The same, with nobody in a call."""
    yield shared
    await shared.clear()
