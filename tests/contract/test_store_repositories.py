"""What is put into the repositories comes out of them again, on both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy.exc import StatementError
from support.factories import (
    BADR,
    BADR_1,
    BADR_2,
    BADR_CENTRE,
    CALL,
    NOW,
    YANBU,
    YANBU_1,
    a_citizen,
    a_member_of_staff,
    a_sitting,
    an_audience,
    arrived,
    national_id,
)
from support.store import put_places

from tawasul.domain.audience import Audience, AudienceId, State
from tawasul.domain.errors import AlreadyRegistered, NotFound
from tawasul.domain.outcome import Directive, HeardOnly
from tawasul.domain.people import CitizenId, Mobile, NationalId, Role
from tawasul.domain.places import Kiosk, KioskId, Name
from tawasul.domain.sign_in import LinkDevice, SignIn, SignInId
from tawasul.domain.sitting import Purpose, Sitting
from tawasul.domain.venue import AtKiosk, InPerson, OwnLocation, Venue
from tawasul.store.errors import ReadingOnly
from tawasul.store.unit_of_work import Database


async def test_places_come_back_as_they_were_put(database: Database) -> None:
    async with database.unit_of_work() as uow:
        await put_places(uow)
        await uow.commit()
    async with database.unit_of_work(reading=True) as uow:
        assert await uow.governorates.all() == [BADR, YANBU]
        assert await uow.centres.of_governorate(BADR.id) == [BADR_CENTRE]
        assert await uow.kiosks.all() == [BADR_1, BADR_2, YANBU_1]
        assert await uow.kiosks.of_governorate(BADR.id) == [BADR_1, BADR_2]


async def test_a_registered_key_survives_the_places_being_loaded_again(database: Database) -> None:
    key = bytes(range(32))
    async with database.unit_of_work() as uow:
        await put_places(uow)
        await uow.kiosks.register_key(BADR_1.id, key)
        await uow.kiosks.put(Kiosk(BADR_1.id, BADR_1.centre_id, Name("كشك", "Renamed")))
        await uow.commit()
    async with database.unit_of_work(reading=True) as uow:
        kiosk = await uow.kiosks.get(BADR_1.id)
    assert (kiosk.public_key, kiosk.name.english) == (key, "Renamed")


async def test_a_key_is_registered_for_a_known_kiosk_only(database: Database) -> None:
    async with database.unit_of_work() as uow:
        with pytest.raises(NotFound):
            await uow.kiosks.register_key(KioskId("nowhere-1"), bytes(32))


async def test_staff_and_their_sign_ins(database: Database, sitting: Sitting) -> None:
    staff = a_member_of_staff("badr")
    office = a_member_of_staff("office", Role.OFFICE, None)
    sign_in = SignIn(SignInId("s1"), b"h" * 32, staff.id, NOW, NOW, NOW + timedelta(hours=12))
    async with database.unit_of_work() as uow:
        await uow.staff.add(staff)
        await uow.staff.add(office)
        await uow.sign_ins.add(sign_in)
        await uow.commit()
    later = NOW + timedelta(minutes=7)
    async with database.unit_of_work() as uow:
        assert await uow.staff.by_user_name("badr") == staff
        assert await uow.staff.get(office.id) == office
        assert await uow.staff.by_user_name("nobody") is None
        assert await uow.sign_ins.by_token_hash(b"h" * 32) == sign_in
        await uow.sign_ins.touch(sign_in.id, later)
        touched = await uow.sign_ins.by_token_hash(b"h" * 32)
        assert touched is not None
        assert touched.last_seen_at == later
        assert await uow.sign_ins.remove_expired(NOW + timedelta(hours=11)) == 0
        assert await uow.sign_ins.remove_expired(NOW + timedelta(hours=12)) == 1
        assert await uow.sign_ins.by_token_hash(b"h" * 32) is None


async def test_a_citizen_is_found_by_national_id_and_by_mobile(database: Database) -> None:
    salem, sister = a_citizen(1), a_citizen(2, name="عينة: نورة بنت محمد")
    async with database.unit_of_work() as uow:
        await uow.citizens.add(salem)
        await uow.citizens.add(sister)
        await uow.commit()
    async with database.unit_of_work(reading=True) as uow:
        assert await uow.citizens.by_national_id(NationalId.parse(national_id(1))) == salem
        assert await uow.citizens.by_national_id(NationalId.parse(national_id(3))) is None
        assert await uow.citizens.by_mobile(Mobile.parse("٠٥٠٠٠٠٠٠٠١")) == [salem, sister]
        assert await uow.citizens.by_mobile(Mobile.parse("0500000002")) == []
        assert await uow.citizens.many({salem.id, CitizenId("nobody")}) == {salem.id: salem}
        assert await uow.citizens.many([]) == {}
        with pytest.raises(NotFound):
            await uow.citizens.get(CitizenId("nobody"))


async def test_a_national_id_belongs_to_one_citizen(database: Database) -> None:
    async with database.unit_of_work() as uow:
        await uow.citizens.add(a_citizen(7))
        await uow.commit()
    twin = replace(a_citizen(7), id=CitizenId("twin"))
    async with database.unit_of_work() as uow:
        with pytest.raises(AlreadyRegistered):
            await uow.citizens.add(twin)


async def test_sittings_are_found_by_any_part_of_their_time(database: Database) -> None:
    today = a_sitting("today")
    tomorrow = a_sitting("tomorrow", opens_at=today.opens_at + timedelta(days=1))
    rehearsal = a_sitting("rehearsal", purpose=Purpose.REHEARSAL)
    async with database.unit_of_work() as uow:
        for sitting in (tomorrow, today, rehearsal):
            await uow.sittings.add(sitting)
        await uow.commit()
    async with database.unit_of_work(reading=True) as uow:
        assert await uow.sittings.between(NOW, NOW + timedelta(days=2)) == [today, tomorrow]
        assert await uow.sittings.between(today.closes_at, NOW + timedelta(days=2)) == [tomorrow]
        assert await uow.sittings.between(NOW, tomorrow.opens_at) == [today]
        assert await uow.sittings.between(NOW, NOW + timedelta(days=2), Purpose.REHEARSAL) == [rehearsal]
        assert await uow.sittings.get(today.id) == today


@pytest.mark.parametrize("venue", [AtKiosk(BADR_2.id), OwnLocation(), InPerson()], ids=str)
async def test_an_audience_comes_back_with_its_venue(database: Database, sitting: Sitting, venue: Venue) -> None:
    audience = await _added(database, sitting, venue=venue)
    async with database.unit_of_work(reading=True) as uow:
        assert await uow.audiences.get(audience.id) == audience
        assert await uow.audiences.by_reference(audience.reference) == audience
        assert await uow.audiences.by_reference("nothing") is None


@pytest.mark.parametrize("outcome", [HeardOnly(), Directive.write("يُحال إلى أمانة المنطقة\nويُفاد خلال أسبوع")], ids=str)
async def test_an_audience_walks_all_the_way_through_the_database(
    database: Database, sitting: Sitting, outcome: Directive | HeardOnly
) -> None:
    id = arrived(await _added(database, sitting)).id
    steps = (
        lambda a: arrived(a),
        lambda a: a.call_in(CALL, NOW),
        lambda a: a.join(NOW + timedelta(seconds=2)),
        lambda a: a.interrupt("lost"),
        lambda a: a.call_in(CALL, NOW + timedelta(seconds=9)),
        lambda a: a.join(NOW + timedelta(seconds=11)),
        lambda a: a.hear(NOW + timedelta(minutes=5)),
        lambda a: a.conclude(outcome, NOW + timedelta(minutes=6)),
    )
    for step in steps:
        async with database.unit_of_work() as uow:
            audience = await uow.audiences.get(id)
            step(audience)
            await uow.audiences.save(audience)
            await uow.commit()
        async with database.unit_of_work(reading=True) as uow:
            assert await uow.audiences.get(id) == audience
    assert audience.state is State.CONCLUDED
    assert audience.interruptions == 1
    assert audience.outcome == outcome


async def test_lists_are_in_the_order_of_the_slots(database: Database, sitting: Sitting) -> None:
    late = await _added(database, sitting, number=5)
    early = await _added(database, sitting, number=1)
    async with database.unit_of_work() as uow:
        heard = await uow.audiences.get(late.id)
        arrived(heard).call_in(CALL, NOW)
        heard.join(NOW)
        heard.hear(NOW)
        await uow.audiences.save(heard)
        await uow.commit()
    async with database.unit_of_work(reading=True) as uow:
        assert [a.id for a in await uow.audiences.of_sitting(sitting.id)] == [early.id, late.id]
        assert [a.id for a in await uow.audiences.open_at_kiosk(BADR_1.id)] == [early.id, late.id]
        assert [a.id for a in await uow.audiences.with_the_office(sitting.id)] == [late.id]
        assert [a.id for a in await uow.audiences.of_citizens([early.citizen_id], sitting.id)] == [early.id]
        assert await uow.audiences.open_at_kiosk(BADR_2.id) == []


async def test_within_a_unit_of_work_an_audience_is_one_object(database: Database, sitting: Sitting) -> None:
    audience = await _added(database, sitting)
    async with database.unit_of_work(reading=True) as uow:
        assert await uow.audiences.get(audience.id) is (await uow.audiences.of_sitting(sitting.id))[0]


async def test_a_link_goes_to_the_first_device_and_a_new_one_shuts_it_out(database: Database, sitting: Sitting) -> None:
    audience = await _added(database, sitting, venue=OwnLocation())
    expires_at = NOW + timedelta(hours=6)
    async with database.unit_of_work() as uow:
        assert await uow.link_devices.of(audience.id) is None
        await uow.link_devices.put(LinkDevice(audience.id, 1, expires_at))
        assert await uow.link_devices.bind(audience.id, 2, b"x" * 32, NOW) is False
        assert await uow.link_devices.bind(audience.id, 1, b"a" * 32, NOW) is True
        assert await uow.link_devices.bind(audience.id, 1, b"b" * 32, NOW) is False
        assert await uow.link_devices.of(audience.id) == LinkDevice(audience.id, 1, expires_at, b"a" * 32, NOW)
        await uow.link_devices.put(LinkDevice(audience.id, 2, expires_at))
        assert await uow.link_devices.of(audience.id) == LinkDevice(audience.id, 2, expires_at)
        await uow.commit()


async def test_what_is_not_committed_is_undone(database: Database) -> None:
    async with database.unit_of_work() as uow:
        await uow.citizens.add(a_citizen(5))
    with pytest.raises(RuntimeError, match="on purpose"):
        await _add_and_fail(database)
    async with database.unit_of_work(reading=True) as uow:
        assert await uow.citizens.count() == 0


async def test_a_unit_of_work_for_reading_cannot_commit(database: Database) -> None:
    async with database.unit_of_work(reading=True) as uow:
        with pytest.raises(ReadingOnly):
            await uow.commit()


async def test_reading_does_not_wait_for_a_writer(database: Database) -> None:
    async with database.unit_of_work() as writing:
        await writing.citizens.add(a_citizen(8))
        async with database.unit_of_work(reading=True) as reading:
            assert await reading.citizens.count() == 0


async def test_times_are_aware_and_utc_whatever_the_zone_given(database: Database) -> None:
    riyadh = timezone(timedelta(hours=3))
    given = a_sitting("zoned", opens_at=datetime(2026, 2, 3, 12, 0, tzinfo=riyadh))
    async with database.unit_of_work() as uow:
        await uow.sittings.add(given)
        await uow.commit()
    async with database.unit_of_work(reading=True) as uow:
        kept = await uow.sittings.get(given.id)
    assert kept == given
    assert kept.opens_at.tzinfo is UTC


async def test_a_naive_time_is_refused(database: Database) -> None:
    naive = a_sitting("naive", opens_at=datetime(2026, 2, 3, 12, 0))  # noqa: DTZ001 - that is what is refused
    async with database.unit_of_work() as uow:
        with pytest.raises(StatementError, match="naive"):
            await uow.sittings.add(naive)


async def test_what_is_not_there_is_not_found(database: Database) -> None:
    async with database.unit_of_work(reading=True) as uow:
        with pytest.raises(NotFound) as caught:
            await uow.audiences.get(AudienceId("none"))
    assert caught.value.what == "audience"


async def _add_and_fail(database: Database) -> None:
    async with database.unit_of_work() as uow:
        await uow.citizens.add(a_citizen(6))
        raise RuntimeError("on purpose")


async def _added(database: Database, sitting: Sitting, *, number: int = 0, venue: Venue | None = None) -> Audience:
    citizen = a_citizen()
    audience = an_audience(citizen, sitting, number=number, venue=venue)
    async with database.unit_of_work() as uow:
        await uow.citizens.add(citizen)
        await uow.audiences.add(audience)
        await uow.commit()
    return audience
