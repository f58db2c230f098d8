"""A citizen is found by the words of a sealed name, as people type them, by the desks that have to do with them."""

import pytest
from support.factories import BADR, YANBU, YANBU_1, a_citizen, an_audience

from tawasul.domain.people import Citizen, CitizenId
from tawasul.domain.places import GovernorateId
from tawasul.domain.private import Private
from tawasul.domain.sitting import Sitting
from tawasul.domain.venue import AtKiosk
from tawasul.store.unit_of_work import Database

SALIM = "سالم بن محمد الحربي"
MARYAM = "مريم بنت عبدالرحمن آل سعود"
AHMAD = "أحمد عبد الله المطيري"


@pytest.fixture
async def people(database: Database, sitting: Sitting) -> dict[str, Citizen]:
    """Three with an audience in Badr, and one in Yanbu with the name of the first."""
    citizens = {name: a_citizen(name=name) for name in (SALIM, MARYAM, AHMAD)}
    citizens["yanbu"] = a_citizen(name=SALIM)
    async with database.unit_of_work() as uow:
        for number, (name, citizen) in enumerate(citizens.items()):
            await uow.citizens.add(citizen)
            if name == "yanbu":
                audience = an_audience(citizen, sitting, number=number, governorate=YANBU, venue=AtKiosk(YANBU_1.id))
            else:
                audience = an_audience(citizen, sitting, number=number)
            await uow.audiences.add(audience)
        await uow.commit()
    return citizens


async def found(database: Database, typed: str, governorate: GovernorateId = BADR.id, limit: int = 20) -> list[str]:
    async with database.unit_of_work(reading=True) as uow:
        ids = await uow.citizens.names.find(typed, governorate, limit)
        return [(await uow.citizens.get(id)).name.reveal() for id in ids]


AS_TYPED = {
    "سالم": SALIM,
    "الحربي": SALIM,
    "حربي سالم": SALIM,
    "سَالِم مُحَمَّد": SALIM,
    "سال": SALIM,
    "محم حرب": SALIM,
    "مريم سعود": MARYAM,
    "عبد الرحمن": MARYAM,
    "عبدالرح": MARYAM,
    "احمد": AHMAD,
    "إحمد عبدالله": AHMAD,
    "المطيرى": AHMAD,
}
NOBODY = ("", "بن", "سا", "سالم مريم", "خالد", "الم", "!؟", "\x00")


@pytest.mark.usefixtures("people")
async def test_as_it_may_be_typed(database: Database) -> None:
    assert {typed: await found(database, typed) for typed in AS_TYPED} == {
        typed: [name] for typed, name in AS_TYPED.items()
    }
    assert {typed: await found(database, typed) for typed in NOBODY} == {typed: [] for typed in NOBODY}


async def test_only_the_desks_concerned_find_somebody_by_name(database: Database, people: dict[str, Citizen]) -> None:
    async with database.unit_of_work(reading=True) as uow:
        assert await uow.citizens.names.find("سالم", BADR.id, 20) == [people[SALIM].id]
        assert await uow.citizens.names.find("سالم", YANBU.id, 20) == [people["yanbu"].id]
        assert await uow.citizens.names.find("مريم", YANBU.id, 20) == []


async def test_whole_words_come_first(database: Database, sitting: Sitting, people: dict[str, Citizen]) -> None:
    longer = [a_citizen(name=f"محمدين {word}") for word in ("الأول", "الثاني", "الثالث")]
    async with database.unit_of_work() as uow:
        for number, citizen in enumerate(longer, 10):
            await uow.citizens.add(citizen)
            await uow.audiences.add(an_audience(citizen, sitting, number=number))
        await uow.commit()
    assert (await found(database, "محمد"))[0] == SALIM
    assert len(await found(database, "محمد")) == 4
    assert await found(database, "محمد", limit=1) == [SALIM]


async def test_a_corrected_name_is_found_and_the_old_one_is_not(database: Database, people: dict[str, Citizen]) -> None:
    salim = people[SALIM]
    corrected = Citizen(
        salim.id, Private("صالح بن محمد الحربي"), salim.national_id, salim.mobile, salim.kind, salim.registered_at
    )
    async with database.unit_of_work() as uow:
        await uow.citizens.correct(corrected)
        await uow.commit()
    assert await found(database, "سالم") == []
    assert await found(database, "صالح") == ["صالح بن محمد الحربي"]


async def test_those_without_tokens_are_named_in_order(database: Database, people: dict[str, Citizen]) -> None:
    ids = sorted(citizen.id for citizen in people.values())
    async with database.unit_of_work() as uow:
        assert await uow.citizens.names.without(CitizenId(""), 10) == []
        for id in ids[:3]:
            await uow.citizens.names.put(id, "بن")
        await uow.commit()
    async with database.unit_of_work(reading=True) as uow:
        assert await uow.citizens.names.without(CitizenId(""), 2) == ids[:2]
        assert await uow.citizens.names.without(ids[1], 2) == ids[2:3]
