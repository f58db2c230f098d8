"""What tests in Chromium share."""

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser
from support.desk_page import a_browser


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """Chromium, begun once for a module. Where a camera or a microphone is played, the module begins its own."""
    async with a_browser() as browser:
        yield browser
