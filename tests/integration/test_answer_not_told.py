"""An answer whose message could not be sent: a person tells it, and no silence closes the case before."""

from datetime import datetime, timedelta
from pathlib import Path

from support.factories import BADR, a_citizen
from support.store_app import Service, still_app

from scheduler.notify.port import CarrierRefused, Receipt
from scheduler.notify.sender import MessageSender
from tawasul.access.policy import StaffPrincipal
from tawasul.domain.case import Case
from tawasul.domain.case_state import CaseKind
from tawasul.domain.message import MessageId
from tawasul.domain.people import Mobile, Role
from tawasul.domain.sign_in import SignInId
from tawasul.domain.task import Task, TaskKind


class NobodyThere:
    """A carrier that knows no such number."""

    async def send(self, to: Mobile, text: str, id: MessageId) -> Receipt:
        raise CarrierRefused


def sender_of(service: Service) -> MessageSender:
    parts = service.parts
    return MessageSender(parts.database.unit_of_work, NobodyThere(), parts.recording.tasks, service.clock)


async def clerk_of(service: Service) -> StaffPrincipal:
    await service.hire("badr", Role.DESK, BADR)
    async with service.parts.database.unit_of_work(reading=True) as uow:
        staff = await uow.staff.by_user_name("badr")
    assert staff is not None
    return StaffPrincipal(staff.id, Role.DESK, BADR.id, SignInId("badr"))


async def settled(service: Service, who: StaffPrincipal) -> Case:
    following, citizen = service.parts.following, a_citizen()
    async with service.parts.database.unit_of_work() as uow:
        await uow.citizens.add(citizen)
        await uow.commit()
    case = (await following.triage.take(who, CaseKind.PETITION, citizen.id, "طلب", "نص المعروض")).case
    return await following.forwarding.settle(who, case.id, "تم")


async def its_tasks(service: Service, case: Case) -> list[Task]:
    async with service.parts.database.unit_of_work(reading=True) as uow:
        return await uow.tasks.open_for_case(case.id)


async def due_at_of(service: Service, case: Case) -> datetime:
    async with service.parts.database.unit_of_work(reading=True) as uow:
        due_at = (await uow.cases.get(case.id)).due_at
    assert due_at is not None
    return due_at


async def test_it_is_told_by_a_person_and_silence_closes_nothing_before(tmp_path: Path) -> None:
    async with still_app(tmp_path) as service:
        who = await clerk_of(service)
        parts = service.parts
        sender = sender_of(service)
        case = await settled(service, who)
        service.clock.now += timedelta(days=1)
        await sender.send_due()
        (task,) = await its_tasks(service, case)
        assert (task.kind, task.governorate_id) == (TaskKind.MESSAGE_FAILED, BADR.id)

        service.clock.now = await due_at_of(service, case) - timedelta(days=1)
        assert (await parts.following.clockwork.turn()).reminded == 1
        assert await its_tasks(service, case) == [task], "a reminder tells nobody whom the answer did not reach"
        service.clock.now = await due_at_of(service, case)
        turn = await parts.following.clockwork.turn()
        assert (turn.told, turn.lapsed) == (1, 0)

        await parts.recording.tasks.do(who, task.id)
        service.clock.now = await due_at_of(service, case) - timedelta(days=1)
        assert (await parts.following.clockwork.turn()).reminded == 1, "of the new time, too"
        service.clock.now = await due_at_of(service, case)
        assert (await parts.following.clockwork.turn()).lapsed == 1


async def test_who_says_something_to_it_was_told(tmp_path: Path) -> None:
    async with still_app(tmp_path) as service:
        who = await clerk_of(service)
        parts = service.parts
        case = await settled(service, who)
        service.clock.now += timedelta(days=1)
        await sender_of(service).send_due()
        assert len(await its_tasks(service, case)) == 1
        await parts.following.closing.accept(who, case.id)
        assert await its_tasks(service, case) == []
