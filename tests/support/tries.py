"""What a test's second try begins with, where the first may have used up what they share."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from support.service import Service, a_service


def is_the_first(request: pytest.FixtureRequest) -> bool:
    """Whether the test has not been tried before."""
    # It is pytest-rerunfailures' count, which is not there where nothing is tried again.
    return getattr(request.node, "execution_count", 1) == 1


@asynccontextmanager
async def of_this_try(request: pytest.FixtureRequest, shared: Service, folder: Path) -> AsyncIterator[Service]:
    """The module's service for the first try of a test; for a second one of its own, with every row as it was."""
    if is_the_first(request):
        yield shared
        return
    async with a_service(folder / "again") as service:
        yield service
