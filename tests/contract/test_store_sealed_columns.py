"""Nothing personal can be read in the database: neither in SQLite's files nor in any column of PostgreSQL."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from support.factories import CALL, NOW, a_citizen, an_audience, arrived, national_id
from support.store import SEALER, Clock

from tawasul.domain.audience import Audience
from tawasul.domain.errors import AlreadyRegistered
from tawasul.domain.message import Message, MessageId, MessageKind
from tawasul.domain.outcome import Directive
from tawasul.domain.party import Representative
from tawasul.domain.people import Citizen, CitizenId
from tawasul.domain.petition import Attachment, AttachmentId, MediaType, Petition
from tawasul.domain.private import Private
from tawasul.domain.sitting import Sitting
from tawasul.domain.task import Task, TaskId, TaskKind
from tawasul.domain.waitlist import EntryId, WaitlistEntry, WishedVenue
from tawasul.store.errors import SealBroken, WrongPersonalDataKey
from tawasul.store.sealed import PersonalDataKey, Sealer
from tawasul.store.tables import Base
from tawasul.store.unit_of_work import Database, UnitOfWork

NAME, MOBILE = "عينة: غيداء بنت ريان", "+966500000037"
NUMBER = national_id(31_415_926)
SUBJECT, WORDING = "طلب يخص أرض الأجداد", "يُنظر في الطلب عاجلًا"
HER_AGENT = Representative.named(
    name="عينة: وضاح", national_id=national_id(27_182_819), relation="agent", proof="power-of-attorney",
    proof_number="وكالة-5541", proof_seen=True,
)  # fmt: skip
WRITTEN = {
    "petition": "نص المعروض",
    "file": "خطاب-البلدية.pdf",
    "note": "ردت أختها",
    "facts": "tell-her-of-it",
    "wish": "شكوى",
}
OTHER_KEY = PersonalDataKey.from_secret(b"another secret: 32 bytes as well")


@pytest.fixture
async def ghaida(database: Database, sitting: Sitting) -> Citizen:
    citizen = a_citizen(31_415_926, name=NAME, mobile=MOBILE)
    audience = arrived(an_audience(citizen, sitting, subject=SUBJECT))
    audience.call_in(CALL, NOW)
    audience.join(NOW)
    audience.conclude(Directive.write(WORDING), NOW)
    audience.party = Private(HER_AGENT)
    async with database.unit_of_work() as uow:
        await uow.citizens.check_key(NOW)
        await uow.citizens.add(citizen)
        await uow.audiences.add(audience)
        await _write(uow, audience)
        await uow.commit()
    return citizen


async def test_no_personal_word_is_in_the_database(database: Database, ghaida: Citizen) -> None:
    everything = await _everything(database)
    assert ghaida.id.encode() in everything, "the search itself works"
    agents = (HER_AGENT.name, HER_AGENT.national_id.digits, HER_AGENT.proof_number, HER_AGENT.relation.value)
    for personal in (
        NAME,
        NUMBER,
        MOBILE,
        MOBILE[-9:],
        SUBJECT,
        WORDING,
        "غيداء",
        "الأجداد",
        *agents,
        *WRITTEN.values(),
    ):
        assert personal.encode() not in everything


async def test_what_was_written_opens_again(database: Database, ghaida: Citizen) -> None:
    async with database.unit_of_work(reading=True) as uow:
        [audience] = await uow.audiences.of_citizen(ghaida.id, 1)
        petition, entry = await uow.petitions.get(audience.id), await uow.waitlist.open_of_citizen(ghaida.id)
        [task], [message] = await uow.tasks.open_for_audience(audience.id), await uow.messages.of_audience(audience.id)
        [attachment] = await uow.petitions.attachments(audience.id)
    assert petition
    assert entry
    assert task.note
    assert audience.party == entry.party == Private(HER_AGENT)
    assert [
        each.reveal() for each in (petition.text, attachment.file_name, task.note, message.facts, entry.subject)
    ] == list(WRITTEN.values())


async def test_a_value_moved_to_another_row_does_not_open(database: Database, ghaida: Citizen) -> None:
    other = a_citizen(27_182_818)
    async with database.unit_of_work() as uow:
        await uow.citizens.add(other)
        await uow.commit()
    async with database.engine.begin() as connection:
        await connection.execute(
            text(
                "UPDATE citizens SET name_sealed = (SELECT c.name_sealed FROM citizens c WHERE c.id = :source)"
                " WHERE id = :target"
            ),
            {"source": ghaida.id, "target": other.id},
        )
    async with database.unit_of_work(reading=True) as uow:
        assert await uow.citizens.get(ghaida.id) == ghaida
        with pytest.raises(SealBroken):
            await uow.citizens.get(other.id)


async def test_another_key_is_refused_at_the_start_and_at_each_value(
    database: Database, database_url: str, ghaida: Citizen
) -> None:
    stranger = Database(database_url, Sealer(OTHER_KEY), clock=Clock())
    with pytest.raises(WrongPersonalDataKey, match=OTHER_KEY.key_id.hex()):
        await stranger.check_key()
    async with stranger.unit_of_work(reading=True) as uow:
        with pytest.raises(WrongPersonalDataKey):
            await uow.citizens.get(ghaida.id)
    await stranger.close()
    await database.check_key()


async def test_a_retired_key_still_opens_what_it_sealed(database: Database, database_url: str, ghaida: Citizen) -> None:
    old = PersonalDataKey.from_secret(b"the secret of the tests: 32 byte")
    assert old.key_id == SEALER.key_id
    rotated = Database(database_url, Sealer(OTHER_KEY, retired=[old]), clock=Clock())
    await rotated.check_key()
    async with rotated.unit_of_work(reading=True) as uow:
        assert await uow.citizens.get(ghaida.id) == ghaida
    await rotated.close()


async def test_an_error_of_the_database_shows_no_values(database: Database, ghaida: Citizen) -> None:
    async with database.unit_of_work() as uow:
        with pytest.raises(AlreadyRegistered) as caught:
            await uow.citizens.add(replace(ghaida, id=CitizenId("twin")))
    assert caught.value.__cause__ is None
    assert NAME not in repr(caught.value)


async def _write(uow: UnitOfWork, audience: Audience) -> None:
    """All else that is sealed."""
    id, day = audience.id, NOW.date()
    words = {what: Private(word) for what, word in WRITTEN.items()}
    await uow.petitions.put(Petition(id, words["petition"], NOW))
    await uow.petitions.add_attachment(
        Attachment(AttachmentId("file"), id, words["file"], MediaType.PDF, 9, bytes(32), NOW)
    )
    await uow.tasks.add(
        Task(TaskId("task"), TaskKind.CHECK_PROOF, audience.governorate_id, id, NOW, NOW, note=words["note"])
    )
    await uow.messages.add(
        Message(MessageId("message"), MessageKind.BOOKED, audience.citizen_id, id, "ar", words["facts"], NOW, NOW)
    )
    await uow.waitlist.add(
        WaitlistEntry(
            EntryId("entry"),
            audience.citizen_id,
            audience.governorate_id,
            WishedVenue.IN_PERSON,
            None,
            day,
            day,
            words["wish"],
            audience.party,
            (),
            NOW,
        )
    )


async def _everything(database: Database) -> bytes:
    """Every byte that is kept: SQLite's files as they lie there, PostgreSQL's tables as text and as bytes."""
    url = make_url(database.engine.url)
    if url.drivername.startswith("sqlite"):
        assert url.database is not None
        file = Path(url.database)
        return b"".join(path.read_bytes() for path in sorted(file.parent.glob(f"{file.name}*")))
    found = []
    async with database.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            for row in await connection.execute(table.select()):
                found += [value if isinstance(value, bytes) else str(value).encode() for value in row]
    return b"\n".join(found)
