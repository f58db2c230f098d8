"""The audit log on both databases: written with what it tells of, chained afterwards by one at a time."""

import asyncio
import os
import stat
from pathlib import Path

import pytest
from sqlalchemy import delete, text, update
from support.factories import NOW
from support.store import Clock, open_database

from tawasul.domain.audit import THE_SERVICE, ActorKind, AuditAction, AuditActor, AuditEntry, AuditSubject
from tawasul.domain.people import CitizenId, StaffId
from tawasul.store import audit_heads
from tawasul.store.audit_chain import Found, Head, Link, Trouble, Walk
from tawasul.store.audit_chainer import HEAD_EVERY, AuditChainer
from tawasul.store.tables import AuditRow
from tawasul.store.unit_of_work import Database

CLERK = AuditActor(ActorKind.STAFF, "clerk")


def an_entry(number: int = 0, actor: AuditActor = CLERK) -> AuditEntry:
    return AuditEntry(actor, AuditAction.FOUND_CITIZEN, AuditSubject.CITIZEN, f"citizen-{number}", {"by": "name"})


async def note(database: Database, count: int, first: int = 0) -> None:
    async with database.unit_of_work() as uow:
        await uow.audit.note(*(an_entry(number) for number in range(first, first + count)))
        await uow.commit()


async def links_of(database: Database) -> list[Link]:
    async with database.unit_of_work(reading=True) as uow:
        return [link async for link in uow.audit.chained()]


async def walked(database: Database, heads: Path | None = None) -> list[Found]:
    walk = Walk([] if heads is None else audit_heads.read(heads))
    for link in await links_of(database):
        walk.take(link)
    return walk.end()


async def test_entries_are_linked_in_the_order_in_which_they_came(database: Database, tmp_path: Path) -> None:
    heard: list[Link] = []
    chainer = AuditChainer(database, tmp_path / "heads", told=heard.extend)
    await note(database, 3)
    assert await chainer.chain_due() == 3
    await note(database, 1200, first=3)
    assert await chainer.chain_due() == 1200
    assert await chainer.chain_due() == 0
    links = await links_of(database)
    assert [link.chain for link in links] == list(range(1, 1204))
    assert [link.subject_id for link in links] == [f"citizen-{number}" for number in range(1203)]
    assert heard == links
    assert await walked(database) == []


async def test_what_is_undone_was_never_noted(database: Database, tmp_path: Path) -> None:
    async with database.unit_of_work() as uow:
        await uow.audit.note(an_entry())
    assert await AuditChainer(database, tmp_path / "heads").chain_due() == 0
    assert await links_of(database) == []


async def test_two_processes_make_one_chain(database: Database, database_url: str, tmp_path: Path) -> None:
    async with open_database(database_url) as other:
        chainers = [AuditChainer(each, tmp_path / "heads") for each in (database, other)]
        for round in range(20):
            await asyncio.gather(
                note(database, 7, first=round * 14), note(other, 7, first=round * 14 + 7),
                *(chainer.chain_due() for chainer in chainers),
            )  # fmt: skip
        await asyncio.gather(*(chainer.chain_due() for chainer in chainers))
    links = await links_of(database)
    assert [link.chain for link in links] == list(range(1, 281))
    assert {link.subject_id for link in links} == {f"citizen-{number}" for number in range(280)}
    assert await walked(database) == []


async def test_broken_off_in_the_middle_nothing_is_half_linked(database: Database, tmp_path: Path) -> None:
    await note(database, 30)
    async with database.unit_of_work() as uow:
        assert await uow.audit.take_the_chain()
        assert len(await uow.audit.link_next(20)) == 20
        # Here the process ends: nothing is committed.
    assert await links_of(database) == []
    async with database.unit_of_work(reading=True) as uow:
        assert await uow.audit.unchained() == (30, NOW)
    assert await AuditChainer(database, tmp_path / "heads").chain_due() == 30
    assert await walked(database) == []


async def test_every_kind_of_tampering_in_the_database_is_found(database: Database, tmp_path: Path) -> None:
    heads = tmp_path / "heads"
    await note(database, 20)
    await AuditChainer(database, heads, clock=Clock()).chain_due()
    assert await walked(database, heads) == []
    saved = await rows(database)
    for change, expected in (
        (update(AuditRow).where(AuditRow.chain == 7).values(actor_id="nobody"), [Found(Trouble.CHANGED, 7, 7)]),
        (update(AuditRow).where(AuditRow.chain == 7).values(facts='{"by": "name"}'), [Found(Trouble.CHANGED, 7, 7)]),
        (update(AuditRow).where(AuditRow.chain == 7).values(at=NOW.replace(year=2027)), None),
        (delete(AuditRow).where(AuditRow.chain.between(7, 9)), [Found(Trouble.MISSING, 7, 9)]),
        (delete(AuditRow).where(AuditRow.chain > 15), [Found(Trouble.CUT, 16, 20, NOW)]),
        (delete(AuditRow), [Found(Trouble.CUT, 1, 20, NOW)]),
    ):
        await execute(database, change)
        found = await walked(database, heads)
        assert found if expected is None else found == expected
        await put_back(database, saved)
    # Two swapped: by way of a place that nobody has.
    for old, new in ((7, 99), (8, 7), (99, 8)):
        await execute(database, update(AuditRow).where(AuditRow.chain == old).values(chain=new))
    assert {each.first for each in await walked(database, heads)} >= {7, 8}
    await put_back(database, saved)
    assert await walked(database, heads) == []


async def test_a_chain_that_was_made_anew_does_not_fit_the_heads(database: Database, tmp_path: Path) -> None:
    heads = tmp_path / "heads"
    await note(database, 20)
    await AuditChainer(database, heads, clock=Clock()).chain_due()
    unlinked = {"chain": None, "previous": None, "digest": None}
    await execute(database, update(AuditRow).where(AuditRow.chain == 18).values(actor_id="somebody-else"))
    await execute(database, update(AuditRow).where(AuditRow.chain >= 18).values(**unlinked))
    # Our own chainer links what it finds: only who noted the head knows that there was another.
    await AuditChainer(database, tmp_path / "other").chain_due()
    assert await walked(database) == []
    assert await walked(database, heads) == [Found(Trouble.REWRITTEN, 20, 20, NOW)]


async def test_no_place_is_taken_twice(database: Database, tmp_path: Path) -> None:
    await note(database, 2)
    await AuditChainer(database, tmp_path / "heads").chain_due()
    with pytest.raises(Exception, match="audit_entries"):
        await execute(database, update(AuditRow).where(AuditRow.chain == 2).values(chain=1))


async def test_heads_are_noted_now_and_then_and_at_the_end(database: Database, tmp_path: Path) -> None:
    heads, clock = tmp_path / "heads", Clock()
    linked = asyncio.Event()
    chainer = AuditChainer(database, heads, clock=clock, told=lambda links: linked.set())

    def noted() -> list[int]:
        return [head.chain for head in audit_heads.read(heads)]

    await chainer.chain_due()
    assert noted() == []
    await note(database, 1)
    await chainer.chain_due()
    assert noted() == [1]
    await note(database, 1)
    await chainer.chain_due()
    assert noted() == [1]
    clock.now += HEAD_EVERY
    await chainer.chain_due()
    assert noted() == [1, 2]
    clock.now += HEAD_EVERY
    await chainer.chain_due()
    assert noted() == [1, 2]
    linked.clear()
    running = asyncio.create_task(chainer.run())
    await note(database, 1)
    async with asyncio.timeout(10):
        await linked.wait()
    running.cancel()
    await asyncio.wait([running])
    assert noted() == [1, 2, 3]
    assert stat.S_IMODE(os.stat(heads).st_mode) == 0o600


@pytest.mark.parametrize("line", ["", "2026-11-22T06:00:00+00:00 7", "2026-11-22 7 00", "yesterday 1 " + "00" * 32])
def test_a_line_that_is_no_head_is_told(tmp_path: Path, line: str) -> None:
    file = tmp_path / "heads"
    audit_heads.append(file, Head(NOW, 1, bytes(32)))
    with file.open("a") as opened:
        opened.write(line + "\n")
    with pytest.raises(audit_heads.HeadsUnreadable) as refused:
        list(audit_heads.read(file))
    assert refused.value.line == 2


async def test_who_looked_at_whom(database: Database, tmp_path: Path) -> None:
    async with database.unit_of_work() as uow:
        await uow.audit.note(an_entry(1), an_entry(2, THE_SERVICE), an_entry(1, THE_SERVICE))
        await uow.commit()
    async with database.unit_of_work(reading=True) as uow:
        about = await uow.audit.about_citizen(CitizenId("citizen-1"), 10)
        assert [link.actor_kind for link in about] == ["service", "staff"]
        assert [link.subject_id for link in await uow.audit.by_staff(StaffId("clerk"), 10)] == ["citizen-1"]
        assert [link.actor_kind for link in await uow.audit.about_citizen(CitizenId("citizen-1"), 1)] == ["service"]


async def test_whatever_names_a_citizen_is_about_that_citizen(database: Database) -> None:
    of_theirs = (
        (AuditAction.OPENED_ATTACHMENT, AuditSubject.ATTACHMENT),
        (AuditAction.TOOK_TASK, AuditSubject.TASK),
        (AuditAction.JOINED_WAITLIST, AuditSubject.ENTRY),
        (AuditAction.ACCEPTED_OFFER, AuditSubject.OFFER),
    )
    async with database.unit_of_work() as uow:
        for whose in ("citizen-1", "citizen-10", "citizen_1"):
            for action, subject in of_theirs:
                await uow.audit.note(AuditEntry(CLERK, action, subject, f"of-{whose}", {"citizen": whose}))
        await uow.commit()
    async with database.unit_of_work(reading=True) as uow:
        for whose in ("citizen-1", "citizen_1"):
            about = await uow.audit.about_citizen(CitizenId(whose), 10)
            assert {link.subject_id for link in about} == {f"of-{whose}"}
            assert [link.action for link in reversed(about)] == [action.value for action, _ in of_theirs]


@pytest.mark.parametrize("value", ["سالم", "two words", "1000000008", "0500000001", "+966500000001", "x" * 401])
def test_what_may_be_personal_does_not_get_in(value: str) -> None:
    with pytest.raises(ValueError, match="personal"):
        AuditEntry(CLERK, AuditAction.FOUND_CITIZEN, AuditSubject.CITIZEN, "citizen-1", {"what": value})
    with pytest.raises(ValueError, match="personal"):
        AuditEntry(CLERK, AuditAction.FOUND_CITIZEN, AuditSubject.CITIZEN, value)


async def execute(database: Database, *statements: object) -> None:
    async with database.engine.begin() as connection:
        for statement in statements:
            await connection.execute(statement)  # type: ignore[call-overload]


async def rows(database: Database) -> list[dict[str, object]]:
    async with database.engine.begin() as connection:
        return [dict(row._mapping) for row in await connection.execute(AuditRow.__table__.select())]


async def put_back(database: Database, saved: list[dict[str, object]]) -> None:
    async with database.engine.begin() as connection:
        await connection.execute(text("DELETE FROM audit_entries"))
        await connection.execute(AuditRow.__table__.insert(), saved)
