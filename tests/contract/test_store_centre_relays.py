"""What is remembered of a centre's way to its relay."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from support.factories import BADR_1
from support.store import open_database, with_a_sitting

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


async def test_the_last_is_kept_until_it_is_forgotten(database_url: str) -> None:
    async with open_database(database_url) as database:
        await with_a_sitting(database)
        for transport, at in (("tls", NOW - timedelta(days=2)), ("tcp", NOW)):
            async with database.unit_of_work() as work:
                await work.centre_relays.put(BADR_1.centre_id, transport, at)
                await work.commit()

        async with database.unit_of_work(reading=True) as work:
            assert await work.centre_relays.since(NOW) == {BADR_1.centre_id: "tcp"}
            assert await work.centre_relays.since(NOW + timedelta(seconds=1)) == {}
