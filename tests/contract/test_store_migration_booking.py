"""A database of the first tables, with people in it, becomes one of booking and back."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from support.factories import NOW
from support.store import SEALER

from tawasul.domain.audience import Audience, AudienceId, MissedBecause, State
from tawasul.domain.hours import USUAL_HOURS, USUAL_PAUSES
from tawasul.domain.party import Alone
from tawasul.domain.people import CitizenId
from tawasul.domain.places import CentreId, CentreKind, GovernorateId, KioskId
from tawasul.domain.sitting import Receiver, SittingId
from tawasul.domain.venue import AtKiosk
from tawasul.store import migrate
from tawasul.store.engine import create_engine
from tawasul.store.unit_of_work import Database

OPENS = datetime(2026, 2, 3, 9, tzinfo=UTC)
ODD = OPENS + timedelta(minutes=3)
"""A sitting off the grid of five minutes."""

_NAMES = {"name_arabic": "عينة", "name_english": "sample"}
_AT = {"latitude": 24.0, "longitude": 39.0}


def at(minutes: int) -> datetime:
    return OPENS + timedelta(minutes=minutes)


Row = dict[str, Any]


def audience(name: str, sitting: str, starts_at: datetime, state: str = "booked", kiosk: str | None = "k") -> Row:
    return {
        "id": name, "reference": name, "citizen_id": f"c-{name}", "sitting_id": sitting, "slot_starts_at": starts_at,
        "venue": "kiosk" if kiosk else "own-location", "kiosk_id": kiosk, "governorate_id": "g",
        "subject_sealed": SEALER.seal("موضوع", column="audiences.subject", row_id=name), "state": state,
        "assurance": "declared", "interruptions": 0, "version": 3,
    }  # fmt: skip


AUDIENCES = [
    audience("first", "s", at(0)),
    audience("home", "s", at(10), kiosk=None),
    audience("missed", "s", at(20), state="missed"),
    audience("odd-1", "odd", ODD + timedelta(minutes=60)),
    audience("odd-2", "odd", ODD + timedelta(minutes=70)),
]


def citizen(name: str) -> Row:
    sealed = {
        f"{column}_sealed": SEALER.seal(value, column=f"citizens.{column}", row_id=name)
        for column, value in (("name", "عينة"), ("national_id", "1000000008"), ("mobile", "+966500000001"))
    }
    return {"id": name, **sealed, "national_id_hash": name.encode(), "mobile_hash": b"m", "kind": "citizen",
            "registered_at": NOW}  # fmt: skip


def occupancies() -> Iterable[Row]:
    for row in AUDIENCES:
        if row["state"] != "missed":
            resources = [f"office:{row['sitting_id']}"] + ["kiosk:k"] * (row["kiosk_id"] is not None)
            for resource in resources:
                yield {"resource": resource, "starts_at": row["slot_starts_at"], "audience_id": row["id"]}


OLD: dict[str, list[Row]] = {
    "regions": [{"id": "r", **_NAMES}],
    "governorates": [{"id": "g", "region_id": "r", **_NAMES, **_AT}],
    "centres": [{"id": "centre", "governorate_id": "g", **_NAMES, **_AT}],
    "kiosks": [{"id": "k", "centre_id": "centre", **_NAMES}],
    "sittings": [
        {"id": id, "opens_at": opens, "closes_at": opens + timedelta(hours=4), "slot_seconds": 600, "purpose": "majlis"}
        for id, opens in (("s", OPENS), ("odd", ODD))
    ],
    "citizens": [citizen(row["citizen_id"]) for row in AUDIENCES],
    "audiences": AUDIENCES,
    "link_devices": [{"audience_id": "home", "generation": 1, "expires_at": NOW}],
    "occupancies": list(occupancies()),
}


@pytest.fixture
async def upgraded(database_url: str) -> str:
    """The address of a database that was filled as the first tables were, and upgraded."""
    await migrate.upgrade(database_url, "0001")
    await _insert(database_url)
    await migrate.upgrade(database_url)
    await migrate.check(database_url)
    return database_url


async def test_what_was_booked_is_booked(upgraded: str) -> None:
    async with Units(upgraded) as uow:
        first, missed = await uow.audiences.get(AudienceId("first")), await uow.audiences.get(AudienceId("missed"))
        assert first == Audience(
            AudienceId("first"), "first", CitizenId("c-first"), SittingId("s"), at(0), AtKiosk(KioskId("k")),
            GovernorateId("g"), first.subject, slot_ends_at=at(10), booked_at=GovernorateId("g"), version=3,
        )  # fmt: skip
        assert (first.subject.reveal(), first.party.reveal(), first.language) == ("موضوع", Alone(), "ar")
        assert (missed.state, missed.missed_because) == (State.MISSED, MissedBecause.CITIZEN)
        assert await uow.link_devices.of(AudienceId("home")) is not None
        sitting = await uow.sittings.get(SittingId("s"))
        assert (sitting.receiver, sitting.buffer, sitting.quota) == (Receiver.AMIR, timedelta(0), None)
        centre = await uow.centres.get(CentreId("centre"))
        assert (centre.kind, centre.hours, centre.pauses) == (CentreKind.PERMANENT, USUAL_HOURS, USUAL_PAUSES)


async def test_what_was_taken_is_taken_by_the_grain(upgraded: str) -> None:
    async with Units(upgraded) as uow:
        taken = await uow.occupancies.taken_between(OPENS, OPENS + timedelta(hours=4), NOW + timedelta(days=900))
    assert taken == {
        "office:s": {at(0), at(10)},
        "office:odd": {at(63), at(73)},
        # The odd two touch one grain together; the office's time keeps them apart.
        "kiosk:k": {at(0), at(5), at(60), at(65), at(70), at(75), at(80)},
    }


async def test_back_again_the_slots_are_as_they_were(upgraded: str) -> None:
    await migrate.downgrade(upgraded, "0001")
    engine = create_engine(upgraded)
    async with engine.connect() as connection:
        rows = await connection.execute(sa.text("SELECT resource, audience_id FROM occupancies ORDER BY 1, 2"))
        assert [tuple(row) for row in rows] == sorted(
            (row["resource"], row["audience_id"]) for row in OLD["occupancies"]
        )
    await engine.dispose()
    await migrate.upgrade(upgraded)
    await test_what_was_taken_is_taken_by_the_grain(upgraded)


class Units:
    """One reading unit of work on the database of an address."""

    def __init__(self, url: str) -> None:
        self._database = Database(url, SEALER)
        self._unit = self._database.unit_of_work(reading=True)

    async def __aenter__(self) -> Any:
        return await self._unit.__aenter__()

    async def __aexit__(self, *error: Any) -> None:
        await self._unit.__aexit__(*error)
        await self._database.close()


async def _insert(url: str) -> None:
    engine = create_engine(url)
    async with engine.begin() as connection:
        for name, rows in OLD.items():
            table = await connection.run_sync(lambda c, name=name: sa.Table(name, sa.MetaData(), autoload_with=c))
            await connection.execute(table.insert(), rows)
    await engine.dispose()
