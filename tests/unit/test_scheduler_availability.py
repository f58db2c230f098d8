"""What is free at a place: the office and a kiosk together, by quotas, and what else there is."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from support.factories import (
    ALWAYS,
    BADR,
    BADR_1,
    BADR_2,
    BADR_CENTRE,
    EMIRATE,
    YANBU,
    YANBU_1,
    YANBU_CENTRE,
)

from scheduler.core.availability import DayState, fits
from scheduler.core.quota import may_take
from scheduler.core.situation import Situation
from scheduler.core.windows import Calendar, Why
from scheduler.place import InCentre, Place
from tawasul.domain.calendar import AtCentre, Blackout, BlackoutId, BlackoutReason, Holiday, HolidayId, OneKiosk, Reach
from tawasul.domain.hours import USUAL_PAUSES, OpeningHours, Prayer, Span
from tawasul.domain.places import GovernorateId, Name
from tawasul.domain.sitting import Sitting, SittingId
from tawasul.domain.slot import Slot, grains, kiosk_of, office_of
from tawasul.domain.venue import AtKiosk, InPerson, OwnLocation

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
MONDAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
BADR_PLACE = InCentre(BADR_CENTRE.id)
HOLIDAY = Holiday(HolidayId("h"), Name("يوم التأسيس", "Founding Day"), MONDAY, MONDAY)


def riyadh(hour: int, minute: int = 0, day: date = MONDAY) -> datetime:
    """A moment by Riyadh's clock."""
    return datetime.combine(day, time(hour, minute), UTC) - timedelta(hours=3)


def sitting(name: str = "s", opens: datetime | None = None, *, minutes: int = 60, slot: int = 10) -> Sitting:
    opens = opens or riyadh(9)
    return Sitting(SittingId(name), opens, opens + minutes * MINUTE, slot * MINUTE)


def situation(*sittings: Sitting, now: datetime = NOW, **changed: object) -> Situation:
    """Everything is open and free, but for what is changed."""
    calendar = Calendar(
        MONDAY - 2 * DAY, MONDAY + 9 * DAY, EMIRATE, {each.id: each for each in (BADR_CENTRE, YANBU_CENTRE)}
    )
    given = {
        "calendar": calendar,
        "sittings": sittings or (sitting(),),
        "taken": {},
        "kiosks": {BADR_CENTRE.id: [BADR_1.id, BADR_2.id], YANBU_CENTRE.id: [YANBU_1.id]},
        "quotas": {},
        "now": now,
    }
    return Situation(**{**given, **changed})  # type: ignore[arg-type]


def declared(**changed: object) -> Calendar:
    return replace(situation().calendar, **changed)


def blackout(reach: Reach, starts_at: datetime, minutes: int) -> Blackout:
    return Blackout(BlackoutId("b"), reach, starts_at, starts_at + minutes * MINUTE, BlackoutReason.CLOSURE)


def test_a_slot_at_a_centre_needs_the_office_and_one_of_its_kiosks() -> None:
    taken = {
        office_of(SittingId("s")): {riyadh(9)},
        kiosk_of(BADR_1.id): set(grains(riyadh(9, 10), riyadh(9, 20))),
        kiosk_of(BADR_2.id): set(grains(riyadh(9, 10), riyadh(9, 20))),
    }
    free = situation(taken=taken).free(BADR_PLACE, BADR.id)
    assert [slot.starts_at for slot in free] == [riyadh(9, minute) for minute in (20, 30, 40, 50)]
    assert {slot.kiosks for slot in free} == {(BADR_1.id, BADR_2.id)}


def test_an_own_location_needs_the_office_alone() -> None:
    taken = {office_of(SittingId("s")): {riyadh(9)}, kiosk_of(BADR_1.id): set(grains(riyadh(9), riyadh(10)))}
    for place in (OwnLocation(), InPerson()):
        free = situation(taken=taken).free(place, BADR.id)
        assert [slot.starts_at for slot in free] == [riyadh(9, minute) for minute in (10, 20, 30, 40, 50)]
        assert {slot.kiosks for slot in free} == {()}


def test_a_sitting_on_another_grid_takes_the_kiosk_for_every_grain_it_touches() -> None:
    """A slot of another sitting from 9:07 to 9:22 touches three of ours."""
    taken = {kiosk_of(YANBU_1.id): set(grains(riyadh(9, 7), riyadh(9, 22)))}
    free = situation(taken=taken).free(InCentre(YANBU_CENTRE.id), YANBU.id)
    assert [slot.starts_at for slot in free] == [riyadh(9, minute) for minute in (30, 40, 50)]


def test_one_kiosk_may_be_asked_for() -> None:
    taken = {kiosk_of(BADR_1.id): set(grains(riyadh(9), riyadh(9, 30)))}
    free = situation(taken=taken).free(AtKiosk(BADR_1.id), BADR.id)
    assert (free[0].starts_at, free[0].kiosks) == (riyadh(9, 30), (BADR_1.id,))


def test_a_slot_that_has_begun_is_offered_until_it_is_over() -> None:
    """Somebody who stands at the desk can have the rest of it."""
    starts = [each.starts_at for each in situation(now=riyadh(9, 19)).free(OwnLocation(), BADR.id)]
    assert starts[0] == riyadh(9, 10)
    assert situation(now=riyadh(9, 20)).free(OwnLocation(), BADR.id)[0].starts_at == riyadh(9, 20)


def test_a_kiosk_in_repair_leaves_the_other() -> None:
    calendar = declared(blackouts=(blackout(OneKiosk(BADR_1.id), riyadh(9, 5), 10),))
    free = situation(calendar=calendar).free(BADR_PLACE, BADR.id)
    assert [slot.kiosks for slot in free[:3]] == [(BADR_2.id,), (BADR_2.id,), (BADR_1.id, BADR_2.id)]


def test_quotas_bind_until_a_day_before_and_never_those_who_lost_a_time() -> None:
    bounded = replace(sitting(), quota=2)
    stands = situation(bounded, now=NOW - DAY, quotas={bounded.id: {BADR.id: 2, YANBU.id: 1}})
    assert stands.free(BADR_PLACE, BADR.id) == []
    # A kiosk counts for its own governorate, whoever books it.
    assert stands.free(BADR_PLACE, YANBU.id) == []
    assert stands.free(OwnLocation(), YANBU.id)
    assert stands.free(BADR_PLACE, None)
    released = situation(bounded, quotas=stands.quotas, now=bounded.opens_at - DAY)
    assert released.free(BADR_PLACE, BADR.id)


def test_a_quota_is_counted_by_governorate() -> None:
    bounded = replace(sitting(), quota=1)
    soon, early = bounded.opens_at - timedelta(hours=24), bounded.opens_at - timedelta(hours=24, seconds=1)
    assert may_take(BADR.id, {YANBU.id: 5}, bounded, early)
    assert not may_take(BADR.id, {BADR.id: 1}, bounded, early)
    assert may_take(BADR.id, {BADR.id: 1}, bounded, soon)
    assert may_take(BADR.id, {BADR.id: 99}, sitting(), early)


@pytest.mark.parametrize(
    ("calendar", "why"),
    [
        (declared(holidays=(HOLIDAY,)), Why.HOLIDAY),
        (declared(holidays=(replace(HOLIDAY, governorate_id=BADR.id),)), Why.HOLIDAY),
        (declared(blackouts=(blackout(AtCentre(BADR_CENTRE.id), riyadh(8), 200),)), Why.BLACKOUT),
        (declared(emirate=replace(EMIRATE, hours=OpeningHours(((),) * 7, ((),) * 7))), Why.CLOSED),
    ],
)
def test_a_closed_day_says_why(calendar: Calendar, why: Why) -> None:
    (offer,) = situation(calendar=calendar).offers(BADR_PLACE, BADR.id, MONDAY, 1)
    assert (offer.state, offer.why, offer.slots) == (DayState.CLOSED, why, ())
    assert (offer.name == HOLIDAY.name) == (why is Why.HOLIDAY)


def test_days_are_open_full_or_without_a_sitting() -> None:
    plan = [sitting(str(n), riyadh(9, day=MONDAY + n * DAY), minutes=20) for n in (0, 1, 2)]
    plan[2] = replace(plan[2], quota=0)
    taken = {office_of(plan[1].id): set(plan[1].slots())}
    offers = situation(*plan, taken=taken, quotas={plan[2].id: {}}).offers(BADR_PLACE, BADR.id, MONDAY - DAY, 5)
    assert [(offer.state, offer.why) for offer in offers] == [
        (DayState.CLOSED, Why.NO_SITTING),
        (DayState.OPEN, None),
        (DayState.FULL, None),
        (DayState.FULL, Why.QUOTA),
        (DayState.CLOSED, Why.NO_SITTING),
    ]


def test_a_holiday_of_one_governorate_closes_its_centres_and_nothing_else() -> None:
    stands = situation(calendar=declared(holidays=(replace(HOLIDAY, governorate_id=BADR.id),)))
    assert not stands.free(BADR_PLACE, BADR.id)
    assert stands.free(InCentre(YANBU_CENTRE.id), YANBU.id)
    assert stands.free(OwnLocation(), BADR.id)


def test_a_slot_belongs_to_the_day_in_riyadh_on_which_it_begins() -> None:
    """From 23:30 to 0:30 in Riyadh, which is one evening in UTC."""
    night = sitting(opens=riyadh(23, 30), minutes=60)
    offers = situation(night).offers(OwnLocation(), BADR.id, MONDAY, 2)
    assert [[slot.starts_at for slot in offer.slots] for offer in offers] == [
        [riyadh(23, 30), riyadh(23, 40), riyadh(23, 50)],
        [riyadh(0, minute, MONDAY + DAY) for minute in (0, 10, 20)],
    ]


def test_hours_to_midnight_and_from_midnight_are_one_stretch() -> None:
    nightly = OpeningHours(((Span(time.min, time(1)), Span(time(21), time.max)),) * 7, ALWAYS.ramadan)
    calendar = declared(emirate=replace(EMIRATE, hours=nightly))
    across = sitting(opens=riyadh(23, 55), minutes=70)
    starts = [slot.starts_at for slot in situation(across, calendar=calendar).free(OwnLocation(), BADR.id)]
    assert starts[0] == riyadh(23, 55)
    assert starts[-1] == riyadh(0, 45, MONDAY + DAY)


def test_pauses_are_told_for_both_ends_together() -> None:
    """Yanbu is six minutes behind Madinah: the pause lasts from when one end begins it until both are back."""
    pausing = {
        "emirate": replace(EMIRATE, pauses=USUAL_PAUSES),
        "centres": {each.id: replace(each, pauses=USUAL_PAUSES) for each in (BADR_CENTRE, YANBU_CENTRE)},
    }
    stands = situation(sitting(minutes=480), calendar=declared(**pausing))
    (offer,) = stands.offers(InCentre(YANBU_CENTRE.id), YANBU.id, MONDAY, 1)
    (alone,) = stands.offers(OwnLocation(), YANBU.id, MONDAY, 1)
    assert [pause.prayer for pause in offer.pauses] == [Prayer.DHUHR, Prayer.ASR]
    for both, office in zip(offer.pauses, alone.pauses, strict=True):
        assert both.starts_at == office.starts_at
        assert 4 * MINUTE < both.ends_at - office.ends_at < 9 * MINUTE
        assert not any(slot.starts_at < both.ends_at and both.starts_at < slot.ends_at for slot in offer.slots)


def test_alternatives_are_the_nearest_in_time_and_one_elsewhere_at_the_same_time() -> None:
    wanted = Slot(SittingId("s"), riyadh(9, 20), riyadh(9, 30), AtKiosk(YANBU_1.id))
    taken = {kiosk_of(YANBU_1.id): set(grains(riyadh(9, 20), riyadh(9, 30)))}
    found = situation(taken=taken).alternatives(wanted, YANBU.id, 3)
    assert [(slot.starts_at, slot.venue) for slot in found] == [
        (riyadh(9, 10), AtKiosk(YANBU_1.id)),
        (riyadh(9, 30), AtKiosk(YANBU_1.id)),
        (riyadh(9, 20), OwnLocation()),
    ]


def test_alternatives_when_the_office_is_taken_are_of_the_same_place() -> None:
    wanted = Slot(SittingId("s"), riyadh(9, 20), riyadh(9, 30), AtKiosk(BADR_2.id))
    taken = {office_of(SittingId("s")): {riyadh(9, 20)}, kiosk_of(BADR_2.id): set(grains(riyadh(9, 30), riyadh(9, 40)))}
    found = situation(taken=taken).alternatives(wanted, BADR.id, 3)
    assert [(slot.starts_at, slot.venue) for slot in found] == [
        (riyadh(9, 10), AtKiosk(BADR_2.id)),
        (riyadh(9, 30), AtKiosk(BADR_1.id)),
        (riyadh(9), AtKiosk(BADR_2.id)),
    ]


def test_a_calendar_refuses_what_it_was_not_asked_for() -> None:
    calendar = declared()
    for day in (calendar.first_day - DAY, calendar.last_day + DAY):
        slot = Slot(SittingId("s"), riyadh(9, day=day), riyadh(9, 10, day=day), OwnLocation())
        with pytest.raises(ValueError, match="outside the days"):
            fits(slot, calendar, None)


def test_a_region_that_does_not_say_where_its_amir_receives_is_open() -> None:
    calendar = declared(emirate=None, holidays=(HOLIDAY,))
    after = sitting(opens=riyadh(9, day=MONDAY + DAY))
    stands = situation(sitting(), after, calendar=calendar)
    assert {slot.sitting_id for slot in stands.free(OwnLocation(), BADR.id)} == {after.id}
    assert [each.pauses for each in stands.offers(OwnLocation(), BADR.id, MONDAY, 2)] == [(), ()]


def test_whose_account_it_is_without_a_kiosk() -> None:
    bounded = replace(sitting(), quota=1)
    stands = situation(bounded, now=NOW - DAY, quotas={bounded.id: {BADR.id: 1}})
    anywhere: list[Place] = [OwnLocation(), InPerson()]
    assert all(not stands.free(place, BADR.id) and stands.free(place, GovernorateId("alula")) for place in anywhere)
