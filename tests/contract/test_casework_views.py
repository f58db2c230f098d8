"""Who sees what of a case, in both databases; who opened it is noted."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from support.cases import ROADS, WATER
from support.casework import (
    DESK,
    OFFICE,
    OTHER_DESK,
    ROADS_OFFICE,
    WATER_OFFICE,
    CaseworkScene,
    casework_on,
    device,
    own,
    principal,
)
from support.factories import NOW, a_citizen

from tawasul.casework.core import sight
from tawasul.casework.kilometres import spared_between, spared_by
from tawasul.casework.seen import CaseDetail, CaseSeen
from tawasul.casework.views import AgencyBox, DeskBox
from tawasul.domain.case import Case
from tawasul.domain.case_entry import EntryKind
from tawasul.domain.case_number import CaseNumber
from tawasul.domain.case_state import CaseKind, CaseState
from tawasul.domain.errors import InvalidInput, NotFound, Refused
from tawasul.domain.outcome import HeardOnly
from tawasul.domain.people import Role


@pytest.fixture
async def scene(database_url: str) -> AsyncIterator[CaseworkScene]:
    async with casework_on(database_url) as scene:
        yield scene


def ids(seen: list[CaseSeen]) -> list[str]:
    return [each.case.id for each in seen]


def said(detail: CaseDetail) -> list[str]:
    return [each.entry.words.reveal() for each in detail.entries if each.entry.words is not None]


def kinds(detail: CaseDetail) -> list[EntryKind]:
    return [each.entry.kind for each in detail.entries]


async def contested_and_moved_to_roads(scene: CaseworkScene) -> Case:
    """The water company answered, the citizen said no, the office directed it to the roads."""
    case = await scene.answered()
    scene.clock.now += timedelta(hours=1)
    await scene.closing.contest(own(case), case.id, "لم تصل المياه")
    scene.clock.now += timedelta(hours=1)
    directive = await scene.directed(case, ROADS)
    await scene.ratifying.own(own(case), directive.id)
    return await scene.referring.take_on(ROADS_OFFICE, case.id)


async def test_an_agency_sees_nothing_from_before_its_referral(scene: CaseworkScene) -> None:
    case = await contested_and_moved_to_roads(scene)
    await scene.referring.ask(ROADS_OFFICE, case.id, "أي طريق؟")
    detail = await scene.views.open(ROADS_OFFICE, case.id)
    assert kinds(detail) == [EntryKind.RATIFIED, EntryKind.TAKEN_ON, EntryKind.ASKED]
    assert said(detail) == ["أي طريق؟"]
    assert detail.seen.directive is not None
    assert detail.seen.directive_agency == ROADS
    assert detail.citizen is not None, "while it works on it, it knows whose it is"
    assert (detail.audiences, detail.petitions, detail.attachments) == ((), (), ())
    assert [each.who for each in detail.entries] == [None, "عينة: agency-roads", "عينة: agency-roads"]
    everything = await scene.views.open(OFFICE, case.id)
    assert {"نص المعروض", "للاختصاص", "وصلت المياه", "لم تصل المياه"} < set(said(everything))


async def test_an_agency_knows_the_citizen_only_while_it_works_on_the_case(scene: CaseworkScene) -> None:
    case = await scene.referred()
    assert (await scene.views.open(WATER_OFFICE, case.id)).citizen is None
    await scene.referring.take_on(WATER_OFFICE, case.id)
    assert (await scene.views.open(WATER_OFFICE, case.id)).citizen is not None
    await scene.referring.answer(WATER_OFFICE, case.id, "تم")
    assert (await scene.views.open(WATER_OFFICE, case.id)).citizen is None


async def test_an_agency_sees_neither_another_s_case_nor_what_left_it(scene: CaseworkScene) -> None:
    case = await contested_and_moved_to_roads(scene)
    fresh, back = await scene.taken(), await scene.under_way()
    await scene.referring.return_(WATER_OFFICE, back.id, "ليست من اختصاصنا")
    for each in (case, fresh, back):
        with pytest.raises(NotFound):
            await scene.views.open(WATER_OFFICE, each.id)
    for box in AgencyBox:
        assert await scene.views.agency(WATER_OFFICE, box) == []
    assert ids(await scene.views.agency(ROADS_OFFICE, AgencyBox.OPEN)) == [case.id]
    assert (await scene.refused())[-1] == ("opened-case", "not-found")


async def test_what_an_agency_gave_back_and_another_answered_is_not_in_its_list(scene: CaseworkScene) -> None:
    """Settled at the desk after it came back, then closed: it was never the agency's answer."""
    back = await scene.under_way()
    await scene.referring.return_(WATER_OFFICE, back.id, "ليست من اختصاصنا")
    await scene.forwarding.settle(DESK, back.id, "تم في المحافظة")
    assert await scene.views.agency(WATER_OFFICE, AgencyBox.ANSWERED) == []
    await scene.closing.accept(own(back), back.id)
    assert await scene.views.agency(WATER_OFFICE, AgencyBox.ANSWERED) == []


async def test_what_is_in_an_agency_s_list_can_be_opened(scene: CaseworkScene) -> None:
    """Whatever became of it: withdrawn, answered, contested, directed anew."""
    for step in (scene.taken, scene.referred, scene.under_way, scene.answered, scene.directed):
        await step()
    contested, withdrawn, anew = await scene.answered(), await scene.under_way(), await scene.answered()
    await scene.closing.contest(own(contested), contested.id, "لا")
    await scene.closing.withdraw(own(withdrawn), withdrawn.id)
    await scene.closing.contest(own(anew), anew.id, "لا")
    await scene.directed(anew)
    listed = [id for box in AgencyBox for id in ids(await scene.views.agency(WATER_OFFICE, box))]
    assert len(listed) == len(set(listed)) == 5
    assert anew.id not in listed
    with pytest.raises(NotFound):
        await scene.views.open(WATER_OFFICE, anew.id)
    for id in listed:
        await scene.views.open(WATER_OFFICE, id)  # type: ignore[arg-type]


async def test_a_desk_sees_its_governorate_and_the_office_all(scene: CaseworkScene) -> None:
    case = await scene.taken()
    for box in (DeskBox.MINE, DeskBox.OPEN):
        assert ids(await scene.views.desk(DESK, box)) == [case.id]
        assert await scene.views.desk(OTHER_DESK, box) == []
    assert await scene.views.desk(DESK, DeskBox.MINE, CaseKind.COMPLAINT) == []
    with pytest.raises(NotFound):
        await scene.views.open(OTHER_DESK, case.id)
    assert (await scene.views.open(OFFICE, case.id)).seen.case == case
    assert ids(await scene.views.office(OFFICE, overdue=True)) == []
    for refused in (
        scene.views.office(DESK),
        scene.views.agency(DESK, AgencyBox.NEW),
        scene.agenda.before_next_sitting(DESK),
    ):
        with pytest.raises(Refused):
            await refused
    with pytest.raises(NotFound):
        await scene.views.open(principal(Role.ADMIN), case.id)


async def test_the_boxes_of_a_desk(scene: CaseworkScene) -> None:
    to_read, asked, closed = await scene.directed(), await scene.under_way(), await scene.taken()
    await scene.referring.ask(WATER_OFFICE, asked.id, "؟")
    await scene.closing.withdraw(DESK, closed.id)
    assert ids(await scene.views.desk(DESK, DeskBox.RATIFY)) == [to_read.case_id]
    assert ids(await scene.views.desk(DESK, DeskBox.QUESTIONS)) == [asked.id]
    assert set(ids(await scene.views.desk(DESK, DeskBox.MINE))) == {to_read.case_id, asked.id}
    assert ids(await scene.views.desk(DESK, DeskBox.CLOSED)) == [closed.id]
    (seen,) = await scene.views.desk(DESK, DeskBox.RATIFY)
    assert seen.directive == to_read
    assert (seen.agency, seen.directive_agency) == (None, WATER)


async def test_every_opening_is_noted_with_whose_case_it_is(scene: CaseworkScene) -> None:
    case = await scene.under_way()
    for who in (DESK, OFFICE, WATER_OFFICE, own(case)):
        await scene.views.open(who, case.id)
    opened = [link for link in await scene.audited() if link.action == "opened-case"]
    assert [link.actor_id for link in opened] == [DESK.staff_id, OFFICE.staff_id, WATER_OFFICE.staff_id, case.id]
    assert all(case.citizen_id in link.facts for link in opened)


async def test_a_citizen_sees_every_step_and_not_what_staff_write_to_each_other(scene: CaseworkScene) -> None:
    case = await scene.under_way()
    await scene.referring.ask(WATER_OFFICE, case.id, "أين القرية؟")
    await scene.forwarding.reply(DESK, case.id, "سر بين الموظفين")
    await scene.directing.prolong(OFFICE, case.id, "للجهة وحدها", scene.in_days(20))
    await scene.referring.answer(WATER_OFFICE, case.id, "وصلت المياه")
    detail = await scene.views.open(own(case), case.id)
    assert len(detail.entries) == len(await scene.entries(case))
    assert said(detail) == ["نص المعروض", "أين القرية؟", "وصلت المياه"]
    assert {each.who for each in detail.entries} == {None}
    other = await scene.taken()
    with pytest.raises(NotFound):
        await scene.views.open(own(case), other.id)


async def test_a_device_opens_the_case_of_its_audience_alone(scene: CaseworkScene) -> None:
    audience = await scene.audience(await scene.sitting())
    await scene.told_of(audience)
    case = await scene.case_of(audience)
    assert case is not None
    assert (await scene.views.open(device(audience), case.id)).seen.case == case
    with pytest.raises(NotFound):
        await scene.views.open(device(audience), (await scene.taken()).id)


async def test_the_card_of_who_is_next_has_the_case_and_the_earlier_ones(scene: CaseworkScene) -> None:
    citizen = await scene.citizen()
    earlier = await scene.answered(await scene.taken(citizen))
    audience = await scene.audience(await scene.sitting(), citizen)
    await scene.told_of(audience)
    card = await scene.views.card(OFFICE, audience.id)
    assert card.case is not None
    assert card.case.seen.case == await scene.case_of(audience)
    assert ids(card.earlier) == [earlier.id]
    with pytest.raises(Refused):
        await scene.views.card(DESK, audience.id)


async def test_contested_cases_come_before_the_next_sitting_the_oldest_first(scene: CaseworkScene) -> None:
    sitting = await scene.sitting("next", NOW + timedelta(days=2))
    first, second = await scene.answered(), await scene.answered()
    await scene.closing.contest(own(second), second.id, "لا")
    scene.clock.now += timedelta(hours=1)
    await scene.closing.contest(own(first), first.id, "لا")
    before = await scene.agenda.before_next_sitting(OFFICE)
    assert (before.sitting_opens_at, ids(before.cases)) == (sitting.opens_at, [second.id, first.id])


async def test_a_case_is_found_by_its_number_and_what_its_citizen_knows(scene: CaseworkScene) -> None:
    citizen = await scene.citizen()
    case, another = await scene.taken(citizen), await scene.taken()
    for proof in ("٠٥٠٠٠٠٠٠٠١", citizen.national_id.reveal().digits):
        assert (await scene.tracking.look(case.number.text, proof)).case_id == case.id
    wrong = [
        (case.number.text, "0500000009"),
        (case.number.text, ""),
        (case.number.text, "no mobile"),
        (another.number.text, citizen.national_id.reveal().digits),
        ("1447-00999-9", "0500000001"),
        ("كلام", "0500000001"),
    ]
    for number, proof in wrong:
        with pytest.raises(NotFound) as refused:
            await scene.tracking.look(number, proof)
        assert str(refused.value) == "case not found"
    assert await scene.refused() == [("found-case", "not-found")] * len(wrong)


async def test_kilometres_spared_are_counted_from_the_centre_to_the_seat_and_back(scene: CaseworkScene) -> None:
    audience = await scene.audience(await scene.sitting())
    async with scene.database.unit_of_work(reading=True) as uow:
        assert await spared_by(uow, audience) is None
    await scene.concluded(audience, HeardOnly())
    async with scene.database.unit_of_work(reading=True) as uow:
        one = await spared_by(uow, await uow.audiences.get(audience.id))
        all_of_it = await spared_between(uow, NOW - timedelta(days=1), NOW + timedelta(days=1))
    assert one == all_of_it
    assert one is not None
    assert 220 < one.kilometres < 230, "Badr to Madinah and back, as the crow flies"


async def test_of_two_referrals_to_one_agency_each_is_its_own(scene: CaseworkScene) -> None:
    """Given back, then sent again: it sees both its times, and not what was between."""
    case = await scene.under_way()
    await scene.referring.return_(WATER_OFFICE, case.id, "ليست من اختصاصنا")
    await scene.forwarding.refer(DESK, case.id, ROADS.id, "إلى الطرق")
    await scene.directing.reassign(OFFICE, case.id, WATER.id, "بل المياه")
    seen = list(sight.of_agency(WATER.id, await scene.entries(case)))
    assert [entry.kind for entry in seen] == [
        EntryKind.REFERRED, EntryKind.TAKEN_ON, EntryKind.RETURNED, EntryKind.REASSIGNED,
    ]  # fmt: skip
    assert (await scene.case(case)).state is CaseState.REFERRED


async def test_a_desk_finds_its_cases_by_number_by_whose_they_are_and_by_words(scene: CaseworkScene) -> None:
    citizen = await scene.citizen("عينة: فهد بن ناصر")
    case, other = await scene.taken(citizen, "طلب تعبيد طريق القرية"), await scene.taken(subject="إنارة الشارع")
    typed = (
        case.number.text,
        "١٤٤٧٠٠٠٠١" + case.number.check_digit,
        "للطريق",
        "فهد",
        citizen.national_id.reveal().digits,
    )
    for query in typed:
        assert ids(await scene.finding.find(DESK, query)) == [case.id], query
        assert await scene.finding.find(OTHER_DESK, query) == [], "another governorate's"
    assert ids(await scene.finding.find(OFFICE, "اناره")) == [other.id]
    assert await scene.finding.find(DESK, "لا أحد") == []
    with pytest.raises(InvalidInput):
        await scene.finding.find(DESK, "؟")
    with pytest.raises(Refused):
        await scene.finding.find(WATER_OFFICE, case.number.text)
    shown = [link for link in await scene.audited() if link.action == "found-case"]
    assert {(link.actor_id, link.subject_id) for link in shown} == {
        (DESK.staff_id, case.id), (OFFICE.staff_id, other.id)
    }  # fmt: skip


async def test_an_id_that_could_be_a_case_s_number_finds_whose_it_is(scene: CaseworkScene) -> None:
    citizen = a_citizen(44_800_004)
    digits = citizen.national_id.reveal().digits
    assert CaseNumber.parse(digits).text == "1448-00004-0"
    async with scene.database.unit_of_work() as uow:
        await uow.citizens.add(citizen)
        await uow.commit()
    case = await scene.taken(citizen)
    assert ids(await scene.finding.find(DESK, digits)) == [case.id]
