"""Places are loaded as often as one likes; samples go into an empty database once."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from support.factories import NOW

from scheduler.core import reference
from tawasul.domain.agency import AgencyId
from tawasul.domain.audience import AudienceId, State
from tawasul.domain.case_state import OPEN_STATES, AgendaReason, CaseState, ClosedBecause
from tawasul.domain.errors import InvalidInput
from tawasul.domain.events import CaseChanged
from tawasul.domain.hours import ALWAYS
from tawasul.domain.places import CentreId, CentreKind, GovernorateId, KioskId, Name, RegionId
from tawasul.domain.riyadh import RIYADH
from tawasul.domain.task import TaskKind
from tawasul.domain.venue import AtKiosk, OwnLocation
from tawasul.store.demo import Demo, SampleAudience, Tools, book_samples, make_demo
from tawasul.store.errors import DatabaseNotEmpty
from tawasul.store.places_file import read_places
from tawasul.store.seed import MADINAH, load_places, wordings_of
from tawasul.store.unit_of_work import Database, UnitOfWork

GOVERNORATES = {"yanbu", "alula", "almahd", "alhanakiyah", "badr", "khaybar", "alais", "wadi-alfara"}
SEAT = "almadinah"


async def test_the_region_has_its_governorates_each_with_a_centre_and_a_kiosk(database: Database) -> None:
    await _load(database)
    async with database.unit_of_work(reading=True) as uow:
        assert [region.id for region in await uow.regions.all()] == ["madinah"]
        assert {governorate.id for governorate in await uow.governorates.all()} == {*GOVERNORATES, SEAT}
        assert {centre.governorate_id for centre in await uow.centres.all()} == GOVERNORATES
        for governorate in await uow.governorates.all():
            assert governorate.id == SEAT or await uow.kiosks.of_governorate(governorate.id)


async def test_loading_again_changes_nothing_and_keeps_registered_keys(database: Database) -> None:
    await _load(database)
    async with database.unit_of_work() as uow:
        await uow.kiosks.register_key(KioskId("badr-1"), b"k" * 32)
        await uow.commit()
        before = await _places(uow)
    await _load(database)
    async with database.unit_of_work(reading=True) as uow:
        assert await _places(uow) == before


async def test_a_file_that_is_not_of_places_says_where(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "places.toml"
    file.write_text('[region]\nid = "qassim"\narabic = "القصيم"\n[[governorates]]\nid = "Unaizah!"\n', encoding="utf-8")
    async with database.unit_of_work() as uow:
        with pytest.raises(InvalidInput, match=r"region\.english: Field required"):
            await load_places(uow, file)


async def test_what_a_centre_has_set_since_is_kept_and_its_name_follows_the_file(database: Database) -> None:
    await _load(database)
    badr = CentreId("badr-centre")
    async with database.unit_of_work() as uow:
        centre = await uow.centres.get(badr)
        await uow.centres.put(replace(centre, name=Name("غيره", "another"), hours=ALWAYS, pauses={}))
        await uow.commit()
    await _load(database)
    async with database.unit_of_work(reading=True) as uow:
        kept = await uow.centres.get(badr)
    assert kept == replace(centre, hours=ALWAYS, pauses={})


async def test_hours_that_the_office_has_set_are_kept_and_its_name_follows_the_file(
    database: Database,
) -> None:
    await _load(database)
    async with database.unit_of_work() as uow:
        emirate = await uow.regions.emirate(RegionId("madinah"))
        assert emirate.hours != ALWAYS
        await uow.regions.put_emirate(replace(emirate, name=Name("غيرها", "another"), hours=ALWAYS, pauses={}))
        await uow.commit()
    await _load(database)
    async with database.unit_of_work(reading=True) as uow:
        kept = await uow.regions.emirate(RegionId("madinah"))
    assert kept == replace(emirate, hours=ALWAYS, pauses={})


async def test_names_that_were_changed_follow_the_file_again(database: Database) -> None:
    await _load(database)
    other = Name("غيره", "another")
    async with database.unit_of_work() as uow:
        before = await _places(uow), await uow.towns.all(), await uow.agencies.all()
        key = b"k" * 32
        (governorate, *_), (kiosk, *_) = await uow.governorates.all(), await uow.kiosks.all()
        await uow.governorates.put(replace(governorate, name=other))
        await uow.kiosks.put(replace(kiosk, name=other, public_key=key))
        await uow.towns.put(replace(before[1][0], name=Name(before[1][0].name.arabic, "another"), also=("x",)))
        await uow.agencies.put(replace(before[2][0], name=other, answer_days=250))
        await uow.commit()
    await _load(database)
    async with database.unit_of_work() as uow:
        assert (await uow.kiosks.get(kiosk.id)).public_key == key
        await uow.kiosks.register_key(kiosk.id, kiosk.public_key)
        assert (await _places(uow), await uow.towns.all(), await uow.agencies.all()) == before


async def test_the_emirate_and_the_towns_come_along(database: Database) -> None:
    await _load(database)
    async with database.unit_of_work(reading=True) as uow:
        emirate = await uow.regions.emirate(RegionId("madinah"))
        towns = await uow.towns.all()
    written = read_places(MADINAH.read_text(encoding="utf-8"))
    assert emirate == written.emirate
    assert sorted(towns, key=lambda town: town.name.arabic + town.governorate_id) == sorted(
        written.towns, key=lambda town: town.name.arabic + town.governorate_id
    )


async def test_the_samples_are_plainly_samples_and_booked_around_now(database: Database) -> None:
    demo = await _demo(database)
    assert demo.sitting.opens_at <= NOW < demo.sitting.opens_at + timedelta(minutes=15)
    assert demo.sitting.opens_at.minute % 15 == 0
    assert {staff.role.value for staff in demo.staff} == {"desk", "office", "admin", "agency"}
    assert len(demo.audiences) == 9
    async with database.unit_of_work(reading=True) as uow:
        audiences = {audience.id: audience for audience in await uow.audiences.of_sitting(demo.sitting.id)}
        citizens = await uow.citizens.many({audience.citizen_id for audience in audiences.values()})
    assert all(citizen.name.reveal().startswith("عينة: ") for citizen in citizens.values())
    for sample in demo.audiences:
        audience = audiences[sample.audience_id]
        assert audience.state is State.BOOKED
        assert audience.slot_starts_at + demo.sitting.slot_length > NOW
        assert reference.parse(sample.reference) == audience.reference
        assert audience.venue == (OwnLocation() if sample.kiosk_id is None else AtKiosk(sample.kiosk_id))
        assert (sample.link_token is not None) == (sample.kiosk_id is None)


async def test_the_coming_days_show_the_desk_at_work(database: Database) -> None:
    """The next working day is full, so that those who wait for it wait; nothing crosses anything."""
    demo = await _demo(database)
    async with database.unit_of_work(reading=True) as uow:
        coming = await uow.sittings.between(demo.sitting.closes_at, NOW + timedelta(days=20))
        audiences = await uow.audiences.in_slots([sitting.id for sitting in coming])
        waiting = await uow.waitlist.waiting()
        tasks = await uow.tasks.open_of(GovernorateId("badr"))
        taken = await uow.occupancies.taken_by_governorate([sitting.id for sitting in coming], NOW)
        centres = {centre.id: centre for centre in await uow.centres.all()}
    assert [sitting.opens_at.astimezone(RIYADH).weekday() in (4, 5) for sitting in coming] == [False] * 10
    assert list(coming[0].slots()) == [
        audience.slot_starts_at for audience in audiences if audience.sitting_id == coming[0].id
    ]
    assert all(max(counts.values(), default=0) <= 6 for counts in taken.values())
    day = coming[0].opens_at.astimezone(RIYADH).date()
    assert [(entry.from_day, entry.to_day) for entry in waiting] == [(day, day)] * 2
    assert {task.kind for task in tasks} == {TaskKind.CHECK_PROOF, TaskKind.TELL_OF_NEW_TIME}
    assert {centre.kind for centre in centres.values()} == set(CentreKind)
    assert len(centres[CentreId("badr-portable")].stops) == 3
    assert all(centre.hours == ALWAYS and not centre.pauses for centre in centres.values())


async def test_the_cases_of_the_samples_stand_everywhere_a_case_can(database: Database) -> None:
    demo = await _demo(database)
    async with database.unit_of_work(reading=True) as uow:
        cases = await uow.cases.listed(limit=200)
        entries = {case.id: await uow.cases.entries(case.id) for case in cases}
        inbox = await uow.cases.of_agency(AgencyId("water"), OPEN_STATES, 20)
        again = await uow.cases.of_audience(demo.audiences[0].audience_id)
        ratify = [await uow.directives.proposed_of(case.id) for case in cases if case.state is CaseState.PROPOSED]
        events = {type(pending.event) for pending in await uow.outbox.pending(200)}
        figures = await uow.follow_through.figures(NOW - timedelta(days=120), NOW, NOW)
    assert {case.state for case in cases} == set(CaseState)
    assert {case.closed_because for case in cases} >= {None, ClosedBecause.ACCEPTED, ClosedBecause.UNOPPOSED}
    assert {case.agenda for case in cases} == {None, *AgendaReason}
    assert {case.state for case in inbox} >= {CaseState.REFERRED, CaseState.UNDER_WAY, CaseState.ASKED}
    assert all(case.due_at is None or case.due_at > NOW for case in cases), "the clock would move them at once"
    assert again is not None
    assert again.state is CaseState.CONTESTED
    assert all(directive is not None for directive in ratify)
    assert all(entry.at <= NOW for noted in entries.values() for entry in noted)
    by_number = sorted(cases, key=lambda case: case.number)
    assert [case.opened_at for case in by_number] == sorted(case.opened_at for case in cases)
    assert CaseChanged not in events
    assert len({each.agency_id for each in figures}) > 5


async def test_agencies_come_along_and_wordings_are_read(database: Database) -> None:
    await _load(database)
    written = read_places(MADINAH.read_text(encoding="utf-8"))
    async with database.unit_of_work(reading=True) as uow:
        assert await uow.agencies.all() == sorted(written.agencies, key=lambda agency: agency.id)
    assert len(written.agencies) >= 10
    assert wordings_of() == written.wordings
    assert all(wording.text.arabic and wording.text.english for wording in written.wordings)


async def test_samples_do_not_go_where_people_are(database: Database) -> None:
    await _demo(database)
    async with database.unit_of_work() as uow:
        with pytest.raises(DatabaseNotEmpty):
            await make_demo(uow, NOW, _tools(), str)


async def test_another_day_books_the_same_samples_again(database: Database) -> None:
    first = await _demo(database)
    async with database.unit_of_work() as uow:
        sitting, audiences = await book_samples(uow, NOW + timedelta(days=1), _tools())
        await uow.commit()
    assert sitting.opens_at == first.sitting.opens_at + timedelta(days=1)
    assert [_who(sample) for sample in audiences] == [_who(sample) for sample in first.audiences]


def _who(sample: SampleAudience) -> tuple[str, KioskId | None]:
    return sample.name, sample.kiosk_id


async def _load(database: Database) -> None:
    async with database.unit_of_work() as uow:
        await load_places(uow)
        await uow.commit()


async def _places(uow: UnitOfWork) -> list[object]:
    return [*await uow.regions.all(), *await uow.governorates.all(), *await uow.centres.all(), *await uow.kiosks.all()]


async def _demo(database: Database) -> Demo:
    await _load(database)
    async with database.unit_of_work() as uow:
        demo = await make_demo(uow, NOW, _tools(), lambda user_name: f"password of {user_name}")
        await uow.commit()
    return demo


def _tools() -> Tools:
    async def hash_password(password: str) -> str:
        return f"hash of {password}"

    async def issue_link(uow: UnitOfWork, audience_id: AudienceId, closes_at: object) -> str:
        return f"token of {audience_id} until {closes_at}"

    return Tools(hash_password, lambda: reference.draw(next(_seeds).to_bytes(8, "big")), issue_link)


_seeds = iter(range(10**9, 10**12, 7_654_321))
