"""Alembic's environment: on the connection of ``tawasul.store.migrate``, or on a scratch database to write a migration.

alembic -x url=sqlite+aiosqlite:///scratch.db revision --autogenerate -m "what it does"
"""

from __future__ import annotations

import asyncio
from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection

from tawasul.store.engine import create_engine
from tawasul.store.tables import Base, UtcDateTime


def render_item(kind: str, item: Any, autogenerate: Any) -> str | Literal[False]:
    """A migration names SQL's types only: it must not change when our code does."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


def run(connection: Connection) -> None:
    """Runs what was asked for, in the caller's transaction if there is one."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        render_item=render_item,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


async def run_alone(url: str) -> None:
    """For the command line of those who write migrations."""
    engine = create_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(run)
    await engine.dispose()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    asyncio.run(run_alone(context.get_x_argument(as_dictionary=True)["url"]))
