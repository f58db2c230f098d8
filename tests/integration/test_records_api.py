"""Finding citizens, their files, tasks and messages, over the real application."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from support.desk import Clerk, Json, refusal
from support.factories import BADR, YANBU, national_id
from support.store_app import Service, still_app

from scheduler.notify.port import CarrierAway, CarrierRefused, Receipt
from scheduler.notify.sender import LEASE, MessageSender, Retry
from tawasul.domain.message import Message, MessageId, MessageKind, MessageState
from tawasul.domain.people import CitizenId, Mobile, Role
from tawasul.domain.places import GovernorateId
from tawasul.domain.task import TaskKind


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    async with still_app(tmp_path) as service:
        yield service


@pytest.fixture
async def clerk(service: Service) -> Clerk:
    return Clerk(await service.signed_in("badr", Role.DESK, BADR), service)


@pytest.fixture
async def yanbu(service: Service) -> Clerk:
    return Clerk(await service.signed_in("yanbu", Role.DESK, YANBU), service)


async def found(clerk: Clerk, query: str) -> list[tuple[str, str]]:
    answer = await clerk.browser.post("/api/desk/citizens/find", query=query)
    assert answer.status_code == 200, answer.text
    return [(each["name"], each["matched"]) for each in answer.json()["citizens"]]


async def noted(service: Service) -> list[tuple[str, str, str, Json]]:
    async with service.parts.database.unit_of_work(reading=True) as uow:
        rows = await uow._session.execute(
            text("SELECT action, actor_id, subject_id, facts FROM audit_entries ORDER BY id")
        )
        return [(action, actor, subject, json.loads(facts)) for action, actor, subject, facts in rows]


# Search


async def test_a_citizen_is_found_by_what_they_bring(service: Service, clerk: Clerk, yanbu: Clerk) -> None:
    audience = await clerk.booked(7, 3)
    name = "عينة: 7"
    ticket = (await clerk.browser.get(f"/api/desk/audiences/{audience['id']}/ticket.pdf")).status_code
    assert ticket == 200
    assert await found(clerk, audience["reference"].lower()) == [(name, "reference")]
    assert await found(clerk, national_id(7)) == [(name, "national-id")]
    assert await found(clerk, "٠٥٠٠٠٠٠٠٠٧") == [(name, "mobile")]
    assert await found(clerk, "عَيِّنَة") == [(name, "name")]
    # A number that the person brings finds them at any desk; a name or another desk's reference does not.
    assert await found(yanbu, national_id(7)) == [(name, "national-id")]
    assert await found(yanbu, "عينة") == []
    assert await found(yanbu, audience["reference"]) == []
    assert await found(clerk, "خالد") == []


@pytest.mark.parametrize("query", ["", "   ", "1000000000", "05", "بن", "!!", "سالم 5", "7" * 53])
async def test_what_is_neither_a_number_nor_a_name_is_said(clerk: Clerk, query: str) -> None:
    answer = await clerk.browser.post("/api/desk/citizens/find", query=query)
    assert (answer.status_code, answer.json()["field"]) == (422, "query")


async def test_whoever_was_shown_is_noted(service: Service, clerk: Clerk) -> None:
    audience = await clerk.booked(7)
    await found(clerk, national_id(7))
    await found(clerk, "عينة")
    await found(clerk, "خالد")
    citizen = (await clerk.browser.post("/api/desk/citizens/find", query=national_id(7))).json()["citizens"][0]["id"]
    await clerk.browser.get(f"/api/desk/citizens/{citizen}")
    seen = [each for each in await noted(service) if each[0] in ("found-citizen", "opened-citizen")]
    assert seen == [
        ("found-citizen", "staff-badr", citizen, {"by": "national-id"}),
        ("found-citizen", "staff-badr", citizen, {"by": "name"}),
        ("found-citizen", "staff-badr", citizen, {"by": "national-id"}),
        ("opened-citizen", "staff-badr", citizen, {}),
    ]
    assert audience["reference"] not in json.dumps(await noted(service))


async def test_twenty_are_shown_and_that_there_are_more_is_said(service: Service, clerk: Clerk) -> None:
    for number in range(22):
        await clerk.booked(100 + number, number)
    answer = (await clerk.browser.post("/api/desk/citizens/find", query="عينة")).json()
    assert (len(answer["citizens"]), answer["more"]) == (20, True)
    answer = (await clerk.browser.post("/api/desk/citizens/find", query="عينة")).json()
    assert len({each["id"] for each in answer["citizens"]}) == 20


async def test_names_kept_before_they_could_be_looked_for_get_their_tokens(service: Service, clerk: Clerk) -> None:
    await clerk.booked(7)
    async with service.parts.database.engine.begin() as connection:
        await connection.execute(text("DELETE FROM citizen_name_tokens"))
    assert await found(clerk, "عينة") == []
    assert await service.parts.recording.search.give_tokens() == 1
    assert await found(clerk, "عينة") == [("عينة: 7", "name")]
    assert await service.parts.recording.search.give_tokens() == 0


# Files


async def test_a_file_shows_what_the_desk_looks_after(service: Service, clerk: Clerk, yanbu: Clerk) -> None:
    audience = await clerk.booked(7)
    (citizen,) = (await clerk.browser.post("/api/desk/citizens/find", query=national_id(7))).json()["citizens"]
    file = (await clerk.browser.get(f"/api/desk/citizens/{citizen['id']}")).json()
    assert [each["id"] for each in file["audiences"]] == [audience["id"]]
    assert file["elsewhere"] == 0
    assert national_id(7) not in json.dumps(file)
    elsewhere = (await yanbu.browser.get(f"/api/desk/citizens/{citizen['id']}")).json()
    assert (elsewhere["audiences"], elsewhere["elsewhere"]) == ([], 1)
    assert refusal(await clerk.browser.get("/api/desk/citizens/nobody")) == (404, "not-found")


async def test_a_mistyped_name_or_number_is_put_right(service: Service, clerk: Clerk) -> None:
    await clerk.booked(7)
    (citizen,) = (await clerk.browser.post("/api/desk/citizens/find", query=national_id(7))).json()["citizens"]
    path = f"/api/desk/citizens/{citizen['id']}"
    answer = await clerk.browser.http.patch(path, json={"name": "صالح الحربي", "mobile": "٠٥٥٥٥٥٥٥٥٥"})
    assert (answer.status_code, answer.json()["name"], answer.json()["mobile_last_four"]) == (
        200,
        "صالح الحربي",
        "5555",
    )
    assert await found(clerk, "صالح") == [("صالح الحربي", "name")]
    assert await found(clerk, "0555555555") == [("صالح الحربي", "mobile")]
    assert await found(clerk, "0500000007") == []
    for body, field in (({"name": " "}, "name"), ({"mobile": "0112345678"}, "mobile")):
        answer = await clerk.browser.http.patch(path, json=body)
        assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert (await clerk.browser.http.patch(path, json={"name": "صالح الحربي"})).status_code == 200
    changes = [facts for action, _, _, facts in await noted(service) if action == "corrected-citizen"]
    assert changes == [{"fields": "name,mobile"}]


# Tasks


async def a_task(service: Service, audience: Json, kind: TaskKind = TaskKind.FIND_A_TIME) -> str:
    async with service.parts.database.unit_of_work() as uow:
        task = await service.parts.recording.tasks.add_in(
            uow, kind, GovernorateId(BADR.id), audience["id"], service.clock() + timedelta(hours=1)
        )
        await uow.commit()
    return task.id


async def the_tasks(clerk: Clerk) -> tuple[list[Json], list[Json]]:
    answer = (await clerk.browser.get("/api/desk/tasks")).json()
    return answer["tasks"], answer["done"]


async def test_a_task_is_taken_done_and_taken_back(service: Service, clerk: Clerk, yanbu: Clerk) -> None:
    colleague = Clerk(await service.signed_in("badr-too", Role.DESK, BADR), service)
    audience = await clerk.booked(7)
    path = f"/api/desk/tasks/{await a_task(service, audience)}"
    ((task,), done) = await the_tasks(clerk)
    assert (task["owner"], task["overdue"], done) == (None, False, [])
    assert task["audience"]["reference"] == audience["reference"]
    assert (task["citizen"]["name"], task["citizen"]["mobile"]) == ("عينة: 7", "+966500000007")

    assert (await clerk.browser.post(f"{path}/take")).json()["owner"]["me"] is True
    ((seen,), _) = await the_tasks(colleague)
    assert (seen["owner"]["id"], seen["owner"]["me"]) == ("staff-badr", False)
    for step in ("take", "release", "done"):
        assert refusal(await colleague.browser.post(f"{path}/{step}")) == (409, "task-taken")
    assert (await clerk.browser.post(f"{path}/release")).json()["owner"] is None
    assert refusal(await clerk.browser.post(f"{path}/undone")) == (409, "unlawful-transition")
    assert (await colleague.browser.post(f"{path}/done", note="اتصلت به")).status_code == 200
    assert refusal(await clerk.browser.post(f"{path}/take")) == (409, "unlawful-transition")
    (_, (done_one,)) = await the_tasks(clerk)
    assert (done_one["note"], done_one["owner"]["id"]) == ("اتصلت به", "staff-badr-too")
    assert (await clerk.browser.post(f"{path}/undone")).status_code == 200
    assert len((await the_tasks(clerk))[0]) == 1

    assert refusal(await yanbu.browser.post(f"{path}/take")) == (404, "not-found")
    assert await the_tasks(yanbu) == ([], [])
    service.clock.now += timedelta(minutes=90)
    assert (await the_tasks(clerk))[0][0]["overdue"] is True
    steps = [action for action, *_ in await noted(service) if action.endswith("-task")]
    assert steps == ["took-task", "released-task", "did-task", "reopened-task"]


async def test_what_a_task_was_for_is_gone_and_so_is_the_task(service: Service, clerk: Clerk) -> None:
    audience = await clerk.booked(7)
    await a_task(service, audience, TaskKind.TELL_OF_NEW_TIME)
    await a_task(service, audience, TaskKind.TELL_OF_NEW_TIME)
    await a_task(service, audience, TaskKind.TELL_OF_CANCELLATION)
    assert len((await the_tasks(clerk))[0]) == 2
    assert (await clerk.does("cancel", audience)).status_code == 200
    await service.parts.publisher.publish_due()
    assert [task["kind"] for task in (await the_tasks(clerk))[0]] == ["tell-of-cancellation"]


# Messages


class Killed(BaseException):
    """The service ends in the middle."""


class Carrier:
    """One that does what it is told."""

    def __init__(self) -> None:
        self.failure: BaseException | None = None
        self.taken: list[tuple[str, str]] = []

    async def send(self, to: Mobile, text: str, id: MessageId) -> Receipt:
        self.taken.append((to.e164, text))
        if self.failure is not None:
            raise self.failure
        return Receipt()


def a_sender(service: Service, carrier: Carrier, attempts: int = 3) -> MessageSender:
    units = service.parts.database.unit_of_work
    return MessageSender(units, carrier, service.parts.recording.tasks, service.clock, retry=Retry(attempts))


async def the_messages(service: Service, audience: Json) -> list[Message]:
    async with service.parts.database.unit_of_work(reading=True) as uow:
        return await uow.messages.of_audience(audience["id"])


async def booked_with_a_message(service: Service, clerk: Clerk) -> Json:
    """An audience of which one message is due in five minutes."""
    audience = await clerk.booked(7, 20)
    async with service.parts.database.unit_of_work() as uow:
        for message in await uow.messages.of_audience(audience["id"]):
            await uow.messages.withdraw(message.audience_id or audience["id"])
        await uow.messages.add(
            Message(
                MessageId("m"), MessageKind.BOOKED, CitizenId((await uow.audiences.get(audience["id"])).citizen_id),
                audience["id"], "ar", (await uow.messages.of_audience(audience["id"]))[0].facts,
                service.clock() + timedelta(minutes=5), service.clock(),
            )
        )  # fmt: skip
        await uow.commit()
    return audience


async def the_message(service: Service) -> Message:
    async with service.parts.database.unit_of_work(reading=True) as uow:
        return await uow.messages.get(MessageId("m"))


async def test_a_booking_is_told_and_reminded_of(service: Service, clerk: Clerk) -> None:
    audience = await clerk.booked(7, 20)
    kinds = [message.kind for message in await the_messages(service, audience)]
    assert kinds == [MessageKind.BOOKED, MessageKind.REMINDER_HOURS]
    assert (await clerk.does("cancel", audience)).status_code == 200
    after = {message.kind: message.state for message in await the_messages(service, audience)}
    assert after[MessageKind.REMINDER_HOURS] is MessageState.WITHDRAWN
    assert MessageKind.CANCELLED in after


async def test_what_is_due_leaves_once(service: Service, clerk: Clerk) -> None:
    await booked_with_a_message(service, clerk)
    carrier = Carrier()
    sender = a_sender(service, carrier)
    await sender.send_due()
    assert carrier.taken == []
    service.clock.now += timedelta(minutes=5)
    await sender.send_due()
    await sender.send_due()
    ((to, said),) = carrier.taken
    assert to == "+966500000007"
    assert "موعدك" in said
    assert "/booking#" in said
    assert (await the_message(service)).state is MessageState.SENT


async def test_what_failed_is_tried_again_and_then_a_person_calls(service: Service, clerk: Clerk) -> None:
    await booked_with_a_message(service, clerk)
    carrier = Carrier()
    carrier.failure = CarrierAway()
    sender = a_sender(service, carrier)
    for pause in (300, 30, 60):
        await sender.send_due()
        service.clock.now += timedelta(seconds=pause - 1)
        await sender.send_due()
        service.clock.now += timedelta(seconds=1)
    assert (await the_message(service)).attempts == 2
    await sender.send_due()
    assert len(carrier.taken) == 3
    assert (await the_message(service)).state is MessageState.FAILED
    assert [task["kind"] for task in (await the_tasks(clerk))[0]] == ["message-failed"]


async def test_what_is_refused_is_not_tried_again(service: Service, clerk: Clerk) -> None:
    await booked_with_a_message(service, clerk)
    carrier = Carrier()
    carrier.failure = CarrierRefused()
    service.clock.now += timedelta(minutes=5)
    await a_sender(service, carrier).send_due()
    assert (await the_message(service)).state is MessageState.FAILED
    assert len((await the_tasks(clerk))[0]) == 1


async def test_what_fails_by_a_fault_is_not_sent_for_ever_nor_in_the_way_of_others(
    service: Service, clerk: Clerk, caplog: pytest.LogCaptureFixture
) -> None:
    await booked_with_a_message(service, clerk)
    carrier = Carrier()
    carrier.failure = RuntimeError("no answer for +966500000001")
    sender = a_sender(service, carrier)
    for _ in range(5):
        service.clock.now += LEASE + timedelta(minutes=3)
        await sender.send_due()
    assert len(carrier.taken) == 3
    assert (await the_message(service)).state is MessageState.FAILED
    assert [task["kind"] for task in (await the_tasks(clerk))[0]] == ["message-failed"]
    assert "RuntimeError" in caplog.text
    assert "966500000001" not in caplog.text


async def test_after_a_crash_it_is_sent_again_and_that_is_said(
    service: Service, clerk: Clerk, caplog: pytest.LogCaptureFixture
) -> None:
    await booked_with_a_message(service, clerk)
    service.clock.now += timedelta(minutes=5)
    carrier = Carrier()
    carrier.failure = Killed("the process ends in the middle of it")
    with pytest.raises(Killed):
        await a_sender(service, carrier).send_due()
    carrier.failure = None
    sender = a_sender(service, carrier)
    await sender.send_due()
    assert len(carrier.taken) == 1
    service.clock.now += LEASE
    await sender.send_due()
    assert len(carrier.taken) == 2
    assert "may arrive twice" in caplog.text
    assert (await the_message(service)).state is MessageState.SENT


async def test_what_was_withdrawn_while_it_failed_stays_so(service: Service, clerk: Clerk) -> None:
    audience = await booked_with_a_message(service, clerk)
    service.clock.now += timedelta(minutes=5)

    class Withdrawing(Carrier):
        async def send(self, to: Mobile, text: str, id: MessageId) -> Receipt:
            async with service.parts.database.unit_of_work() as uow:
                await uow.messages.withdraw(audience["id"])
                await uow.commit()
            raise CarrierAway

    await a_sender(service, Withdrawing()).send_due()
    assert (await the_message(service)).state is MessageState.WITHDRAWN


async def test_what_comes_too_late_is_not_sent(service: Service, clerk: Clerk) -> None:
    await booked_with_a_message(service, clerk)
    service.clock.now += timedelta(hours=4)
    carrier = Carrier()
    await a_sender(service, carrier).send_due()
    assert carrier.taken == []
    assert (await the_message(service)).state is MessageState.WITHDRAWN
