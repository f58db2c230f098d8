"""More to do than the database can: who had no turn is told so, and asks again."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from support.desk import Clerk, refusal
from support.factories import BADR
from support.store_app import running_app

from tawasul.domain.people import Role
from tawasul.store import unit_of_work
from tawasul.store.engine import READING


async def test_who_has_no_turn_to_write_is_told_to_come_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running_app(tmp_path) as service:
        clerk = Clerk(await service.signed_in("badr", Role.DESK, BADR), service)
        with monkeypatch.context() as impatient:
            impatient.setattr(unit_of_work, "_LONGEST_WAIT_TO_WRITE", 0.05)
            async with service.parts.database.unit_of_work():
                refused = await clerk.holds(3)
        assert refusal(refused) == (503, "busy")
        assert int(refused.headers["retry-after"]) > 0
        assert (await clerk.holds(3)).status_code == 201


async def test_who_has_no_connection_is_told_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running_app(tmp_path) as service:
        clerk = Clerk(await service.signed_in("badr", Role.DESK, BADR), service)
        engine = service.parts.database.engine
        monkeypatch.setattr(engine.pool, "_timeout", 0.05)
        async with AsyncExitStack() as others:
            async with asyncio.timeout(30):
                while (refused := await clerk.browser.get("/api/desk/day")).status_code == 200:
                    reader = engine.execution_options(**{READING: True}).connect()
                    await others.enter_async_context(reader)
            assert refusal(refused) == (503, "busy")
        assert (await clerk.browser.get("/api/desk/day")).status_code == 200
