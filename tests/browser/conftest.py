"""What tests in Chromium share: browsers, two people in a call, a citizen who looks at a case.

Where a module's pages are others, it has a ``service``, a ``served`` or a ``page`` of its own.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page
from support.call_pages import chromium
from support.call_walk import Person, citizen_waiting, finish, office_at_work
from support.case_pages import ServedCases, served_cases
from support.desk_page import a_browser
from support.service import Service, a_service


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """Chromium, begun once for a module."""
    async with a_browser() as browser:
        yield browser


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def camera_browser() -> AsyncIterator[Browser]:
    """Chromium with a camera and a microphone that are played, for calls."""
    async with chromium() as browser:
        yield browser


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def service(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Service]:
    """The running service with its relay, for a module's calls."""
    async with a_service(tmp_path_factory.mktemp("service")) as service:
        yield service


@pytest_asyncio.fixture(loop_scope="module")
async def office(camera_browser: Browser, service: Service) -> AsyncIterator[Person]:
    """The office at its console, with nobody called yet."""
    office = await office_at_work(camera_browser, service)
    yield office
    try:
        await finish(office)
    finally:
        await office.page.context.close()
        # Whoever was taken back waits again.
        await service.clear()
    assert office.faults == []


@pytest_asyncio.fixture(loop_scope="module")
async def citizen(camera_browser: Browser, service: Service) -> AsyncIterator[Person]:
    """A citizen who waits, from where they are."""
    citizen = await citizen_waiting(camera_browser, service)
    yield citizen
    await citizen.page.context.close()
    await service.clear()
    assert citizen.faults == []


@pytest_asyncio.fixture(loop_scope="module")
async def served(tmp_path: Path) -> AsyncIterator[ServedCases]:
    """Cases, served."""
    async with served_cases(tmp_path) as served:
        yield served


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, served: ServedCases) -> AsyncIterator[Page]:
    """A citizen's telephone that opens them."""
    async with served.telephone(browser) as page:
        yield page
