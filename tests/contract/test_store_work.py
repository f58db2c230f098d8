"""Petitions, tasks and messages; audiences with all that booking adds to them, and the ways in which they are found."""

from dataclasses import replace
from datetime import timedelta

import pytest
from support.factories import (
    BADR,
    BADR_1,
    BADR_2,
    NOW,
    YANBU,
    YANBU_1,
    a_citizen,
    a_member_of_staff,
    a_sitting,
    an_audience,
    arrived,
    national_id,
    slot,
)

from tawasul.domain.audience import Audience, AudienceId
from tawasul.domain.errors import NotFound, Stale
from tawasul.domain.message import Message, MessageId, MessageKind, MessageState
from tawasul.domain.party import Alone, Group, Party, Priority, Representative
from tawasul.domain.people import Citizen, IdentityAssurance, Mobile
from tawasul.domain.petition import Attachment, AttachmentId, MediaType, Petition
from tawasul.domain.private import Private
from tawasul.domain.sitting import Sitting
from tawasul.domain.task import Task, TaskId, TaskKind
from tawasul.domain.venue import AtKiosk, InPerson, OwnLocation
from tawasul.store.unit_of_work import Database, UnitOfWork

MINUTE = timedelta(minutes=1)
GUARDIAN = Representative.named(
    name="عينة: خالد", national_id=national_id(8), relation="guardian", proof="guardianship-deed",
    proof_number="ص/12", proof_seen=False,
)  # fmt: skip


async def an_audience_of(uow: UnitOfWork, sitting: Sitting, citizen: Citizen | None = None, **more: object) -> Audience:
    if citizen is None:
        citizen = a_citizen()
        await uow.citizens.add(citizen)
    audience = an_audience(citizen, sitting, **more)  # type: ignore[arg-type]
    await uow.audiences.add(audience)
    return audience


@pytest.mark.parametrize(
    "party", [Alone(), Group("أهالي القرية", 12), GUARDIAN], ids=lambda party: type(party).__name__
)
async def test_an_audience_is_kept_with_all_that_booking_knows(
    database: Database, sitting: Sitting, party: Party
) -> None:
    citizen = a_citizen()
    audience = Audience.book(
        AudienceId("whole"), reference="WHO-LEX", citizen_id=citizen.id, sitting_id=sitting.id,
        slot_starts_at=slot(sitting, 1), slot_ends_at=slot(sitting, 2), venue=InPerson(), governorate_id=YANBU.id,
        booked_at=BADR.id, subject="طلب", party=party, priorities={Priority.ELDERLY, Priority.REBOOKED}, walk_in=True,
        holds_slot=False, language="en",
    )  # fmt: skip
    async with database.unit_of_work() as uow:
        await uow.citizens.add(citizen)
        await uow.audiences.add(audience)
        await uow.commit()
    async with database.unit_of_work() as uow:
        found = await uow.audiences.get(audience.id)
        assert found == audience
        found.prefer(Priority.DISABLED)
        found.arrive(IdentityAssurance.SEEN_AT_DESK, NOW)
        await uow.audiences.save(found)
        await uow.commit()
    async with database.unit_of_work(reading=True) as uow:
        again = await uow.audiences.get(audience.id)
    assert again == found
    assert again.priorities == (Priority.REBOOKED, Priority.DISABLED, Priority.ELDERLY)


async def test_audiences_are_found_by_governorate_time_kiosk_and_citizen(database: Database, sitting: Sitting) -> None:
    tomorrow = a_sitting("tomorrow", opens_at=sitting.opens_at + timedelta(days=1))
    citizen = a_citizen()
    async with database.unit_of_work() as uow:
        await uow.sittings.add(tomorrow)
        await uow.citizens.add(citizen)
        own = await an_audience_of(uow, sitting, citizen, number=3)
        sent = await an_audience_of(uow, sitting, number=1, venue=AtKiosk(YANBU_1.id), governorate=YANBU)
        sent.booked_at = BADR.id
        await uow.audiences.save(sent)
        foreign = await an_audience_of(uow, sitting, number=2, venue=OwnLocation(), governorate=YANBU)
        later = await an_audience_of(uow, tomorrow, citizen, venue=AtKiosk(BADR_2.id))
        given_up = await an_audience_of(uow, sitting, number=5)
        arrived(given_up).cancel()
        await uow.audiences.save(given_up)
        await uow.commit()
    start, end = sitting.opens_at, slot(sitting, 4)
    async with database.unit_of_work(reading=True) as uow:
        found = uow.audiences
        assert await found.of_governorate_between(BADR.id, start, sitting.closes_at) == [sent, own, given_up]
        assert await found.of_governorate_between(YANBU.id, start, slot(sitting, 2)) == [sent]
        assert await found.in_slots([sitting.id]) == [sent, foreign, own]
        assert await found.in_slots([]) == []
        assert await found.open_between(start, end) == [sent, foreign, own]
        assert await found.open_between(slot(sitting, 2) - MINUTE, slot(sitting, 2) + MINUTE) == [sent, foreign]
        assert await found.open_between(slot(sitting, 2), slot(sitting, 3)) == [foreign]
        assert await found.open_between(start, tomorrow.closes_at, kiosk_ids=[BADR_1.id, BADR_2.id]) == [own, later]
        assert await found.open_between(start, end, kiosk_ids=[]) == []
        assert await found.of_citizen(citizen.id, 5) == [later, own]
        assert await found.of_citizen(citizen.id, 1) == [later]
        assert await found.citizens_open(citizen.id, slot(sitting, 4) - MINUTE) == [own, later]
        assert await found.citizens_open(citizen.id, slot(sitting, 4)) == [later]


async def test_a_petition_and_its_attachments(database: Database, sitting: Sitting) -> None:
    async with database.unit_of_work() as uow:
        audience, other = [await an_audience_of(uow, sitting, number=number) for number in range(2)]
        assert await uow.petitions.get(audience.id) is None
        await uow.petitions.put(Petition.write(audience.id, "نص", NOW))
        petition = Petition.write(audience.id, "نص آخر\nفي سطرين", NOW + MINUTE)
        await uow.petitions.put(petition)
        files = [
            Attachment(
                AttachmentId(f"a-{n}"), audience.id, Private("خطاب.pdf"), MediaType.PDF, 10 * 2**20, bytes(32),
                NOW + n * MINUTE,
            )
            for n in (2, 0, 1)
        ]  # fmt: skip
        for attachment in files:
            await uow.petitions.add_attachment(attachment)
        await uow.commit()
    async with database.unit_of_work() as uow:
        both = [audience.id, other.id]
        assert await uow.petitions.get(audience.id) == petition
        assert await uow.petitions.written(both) == {audience.id}
        assert await uow.petitions.attachments(audience.id) == [files[1], files[2], files[0]]
        assert await uow.petitions.attachment(files[0].id) == files[0]
        await uow.petitions.remove_attachment(files[0].id)
        assert await uow.petitions.count_attachments(both) == {audience.id: 2}
        assert (await uow.petitions.written([]), await uow.petitions.count_attachments([])) == (set(), {})
        for missing in (uow.petitions.attachment, uow.petitions.remove_attachment):
            with pytest.raises(NotFound):
                await missing(files[0].id)


async def test_tasks_are_taken_done_and_found_by_who_has_to_do_them(database: Database, sitting: Sitting) -> None:
    clerk = a_member_of_staff("badr")
    async with database.unit_of_work() as uow:
        await uow.staff.add(clerk)
        audience = await an_audience_of(uow, sitting)
        late = Task(TaskId("late"), TaskKind.CHECK_PROOF, BADR.id, audience.id, NOW, NOW + 9 * MINUTE)
        soon = Task(TaskId("soon"), TaskKind.TELL_OF_OFFER, BADR.id, None, NOW, NOW, citizen_id=audience.citizen_id)
        foreign = Task(TaskId("foreign"), TaskKind.FIND_A_TIME, YANBU.id, audience.id, NOW, NOW)
        for task in (late, soon, foreign):
            await uow.tasks.add(task)
        await uow.commit()
    async with database.unit_of_work() as uow:
        assert await uow.tasks.get(soon.id) == soon
        assert await uow.tasks.open_of(BADR.id) == [soon, late]
        assert await uow.tasks.open_for_audience(audience.id) == [foreign, late]
        taken = await uow.tasks.save(soon.taken(clerk.id))
        assert taken == replace(soon, owner=clerk.id, version=1)
        with pytest.raises(Stale):
            await uow.tasks.save(soon.taken(clerk.id))
        done = await uow.tasks.save(taken.done(clerk.id, NOW + MINUTE, Private("اتصلت به")))
        assert await uow.tasks.open_of(BADR.id) == [late]
        assert await uow.tasks.recent_done(BADR.id, NOW + MINUTE) == [done]
        assert await uow.tasks.recent_done(BADR.id, NOW + 2 * MINUTE) == []
        assert await uow.tasks.save(done.undone()) == replace(taken, version=3)
        with pytest.raises(NotFound):
            await uow.tasks.get(TaskId("none"))


async def test_messages_are_due_claimed_once_and_withdrawn(database: Database, sitting: Sitting) -> None:
    async with database.unit_of_work() as uow:
        audience = await an_audience_of(uow, sitting)
        now, day, hours = (
            Message(
                MessageId(kind), kind, audience.citizen_id, audience.id, "ar", Private('{"at": "…"}'), NOW + after, NOW
            )
            for kind, after in (
                (MessageKind.BOOKED, timedelta(0)),
                (MessageKind.REMINDER_DAY, timedelta(hours=1)),
                (MessageKind.REMINDER_HOURS, timedelta(hours=2)),
            )
        )
        for message in (hours, now, day):
            await uow.messages.add(message)
        await uow.commit()
    later = NOW + timedelta(minutes=5)
    async with database.unit_of_work() as uow:
        assert await uow.messages.get(now.id) == now
        assert await uow.messages.of_audience(audience.id) == [now, day, hours]
        assert await uow.messages.due(NOW + timedelta(hours=1), 9) == [now, day]
        assert await uow.messages.due(NOW + timedelta(hours=1), 1) == [now]
        assert await uow.messages.claim(now, later)
        assert not await uow.messages.claim(now, later)
        assert await uow.messages.due(NOW, 9) == []
        sent = replace(now, state=MessageState.SENT, attempts=1, due_at=later, sent_at=NOW)
        await uow.messages.save(sent)
        assert await uow.messages.get(now.id) == sent
        assert await uow.messages.withdraw(audience.id, {MessageKind.REMINDER_HOURS, MessageKind.BOOKED}) == 1
        assert await uow.messages.withdraw(audience.id) == 1
        assert not await uow.messages.claim(day, later)
        states = [message.state for message in await uow.messages.of_audience(audience.id)]
        assert states == [MessageState.SENT, MessageState.WITHDRAWN, MessageState.WITHDRAWN]
        with pytest.raises(NotFound):
            await uow.messages.save(replace(now, id=MessageId("none")))


async def test_a_citizen_is_corrected(database: Database) -> None:
    citizen = a_citizen()
    corrected = replace(citizen, name=Private("عينة: سالم بن أحمد"), mobile=Private(Mobile.parse("0500000077")))
    async with database.unit_of_work() as uow:
        await uow.citizens.add(citizen)
        await uow.citizens.correct(corrected)
        assert await uow.citizens.get(citizen.id) == corrected
        assert await uow.citizens.by_mobile(Mobile.parse("0500000077")) == [corrected]
        assert await uow.citizens.by_mobile(citizen.mobile.reveal()) == []
        with pytest.raises(NotFound):
            await uow.citizens.correct(a_citizen())
