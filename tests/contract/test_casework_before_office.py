"""What is before the office: the agenda with what was said, what waits for its words, the card of who is next."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from support.casework import OFFICE, WATER_OFFICE, CaseworkScene, casework_on, own
from support.factories import NOW

from tawasul.casework.agenda import BeforeSitting
from tawasul.domain.case_entry import EntryKind
from tawasul.domain.outcome import Directive
from tawasul.domain.petition import Petition
from tawasul.domain.private import Private


@pytest.fixture
async def scene(database_url: str) -> AsyncIterator[CaseworkScene]:
    async with casework_on(database_url) as scene:
        yield scene


def told(before: BeforeSitting) -> dict[str, tuple[EntryKind, str]]:
    """By which step each came, and what was said."""
    return {
        id: (entry.kind, "" if entry.words is None else entry.words.reveal()) for id, entry in before.brought.items()
    }


async def test_the_agenda_says_why_the_latest_answer_was_contested_and_that_it_was_seen_is_noted(
    scene: CaseworkScene,
) -> None:
    case = await scene.answered()
    await scene.closing.contest(own(case), case.id, "لم تصل")
    directive = await scene.directed(case)
    await scene.ratifying.own(own(case), directive.id)
    await scene.referring.take_on(WATER_OFFICE, case.id)
    await scene.answered_now(case)
    scene.clock.now += timedelta(hours=1)
    await scene.closing.contest(own(case), case.id, "وصلت يومًا وانقطعت")
    before = await scene.agenda.before_next_sitting(OFFICE)
    assert told(before) == {case.id: (EntryKind.CONTESTED, "وصلت يومًا وانقطعت")}
    assert before.waiting == []
    (noted,) = [link for link in await scene.audited() if link.action == "saw-agenda"]
    assert (noted.actor_id, json.loads(noted.facts)) == (OFFICE.staff_id, {"cases": 1})


async def test_a_late_case_has_no_words_of_before(scene: CaseworkScene) -> None:
    case = await scene.taken()
    directive = await scene.directed(case)
    await scene.ratifying.correct(own(case), directive.id, "بل إلى الطرق")
    directive = await scene.directed(case)
    await scene.ratifying.own(own(case), directive.id)
    for _ in range(12):
        scene.clock.now += timedelta(days=10)
        await scene.clockwork.turn()
    before = await scene.agenda.before_next_sitting(OFFICE)
    assert [each.case.id for each in before.cases] == [case.id]
    assert told(before) == {}


async def test_what_was_heard_corrected_or_returned_waits_for_the_office_the_soonest_due_first(
    scene: CaseworkScene,
) -> None:
    audience = await scene.audience(await scene.sitting())
    await scene.concluded(audience, Directive.write("يُنظر في أمره"))
    await scene.told_of(audience)
    heard = await scene.case_of(audience)
    assert heard is not None
    scene.clock.now += timedelta(days=1)
    returned = await scene.taken()
    await scene.ratifying.own(own(returned), (await scene.directed(returned)).id)
    await scene.referring.return_(WATER_OFFICE, returned.id, "ليست لنا")
    scene.clock.now += timedelta(days=2)
    corrected = await scene.taken()
    await scene.ratifying.correct(own(corrected), (await scene.directed(corrected)).id, "بل الطريق")
    await scene.taken()
    before = await scene.agenda.before_next_sitting(OFFICE)
    assert [each.case.id for each in before.waiting] == [heard.id, returned.id, corrected.id]
    assert told(before) == {
        heard.id: (EntryKind.HEARD, "يُنظر في أمره"),
        returned.id: (EntryKind.RETURNED, "ليست لنا"),
        corrected.id: (EntryKind.CORRECTED, "بل الطريق"),
    }
    await scene.directed(heard)
    await scene.closing.withdraw(own(corrected), corrected.id)
    assert [each.case.id for each in (await scene.agenda.before_next_sitting(OFFICE)).waiting] == [returned.id]


async def test_the_card_has_the_petition_and_what_earlier_cases_were_answered(scene: CaseworkScene) -> None:
    citizen = await scene.citizen()
    answered, open_one = await scene.answered(await scene.taken(citizen)), await scene.taken(citizen)
    audience = await scene.audience(await scene.sitting(), citizen)
    async with scene.database.unit_of_work() as uow:
        await uow.petitions.put(Petition(audience.id, Private("نص المعروض"), NOW))
        await uow.commit()
    card = await scene.views.card(OFFICE, audience.id)
    assert card.case is None
    assert card.petition is not None
    assert card.petition.text.reveal() == "نص المعروض"
    assert {each.case.id for each in card.earlier} == {answered.id, open_one.id}
    assert {id: entry.words.reveal() for id, entry in card.answers.items() if entry.words} == {
        answered.id: "وصلت المياه"
    }
    seen = {link.subject_id for link in await scene.audited() if link.action == "opened-case"}
    assert seen == {answered.id, open_one.id}
