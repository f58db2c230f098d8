"""What the agenda offers: slots of the sitting, not over, that nobody has; in order, each once."""

import itertools
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from support.factories import NOW, a_sitting

from scheduler.core.agenda import free_slots, is_over, present_sitting
from tawasul.domain.sitting import Sitting, SittingId

SITTING = a_sitting()
SLOTS = list(SITTING.slots())
some_slots = st.sets(st.sampled_from(SLOTS))
moments = st.integers(-3600, 6 * 3600).map(lambda seconds: SITTING.opens_at + timedelta(seconds=seconds))
sittings = st.builds(
    lambda start, minutes, slot: Sitting(
        SittingId("s"),
        NOW + timedelta(minutes=start),
        NOW + timedelta(minutes=start + minutes),
        timedelta(minutes=slot),
    ),
    st.integers(-500, 500),
    st.integers(1, 500),
    st.integers(1, 60),
)


@given(some_slots, some_slots, moments)
def test_what_is_free_and_what_is_not_are_all_there_is(office: set, kiosk: set, now: object) -> None:
    free = free_slots(SITTING, now, office_taken=office, kiosk_taken=kiosk)
    assert free == sorted(set(free))
    assert set(free) == {slot for slot in SLOTS if slot not in office | kiosk and not is_over(SITTING, slot, now)}


@given(moments)
def test_a_slot_that_has_begun_is_offered_and_one_that_is_over_is_not(now: object) -> None:
    for slot in free_slots(SITTING, now, office_taken=()):
        assert now < slot + SITTING.slot_length


@given(sittings)
def test_slots_fill_the_sitting_and_only_they_are_offered(sitting: Sitting) -> None:
    slots = list(sitting.slots())
    assert all(sitting.offers(slot) for slot in slots)
    assert all(b - a == sitting.slot_length for a, b in itertools.pairwise(slots))
    after_the_last = sitting.opens_at + len(slots) * sitting.slot_length
    assert not sitting.offers(after_the_last)
    assert not sitting.offers(sitting.opens_at - sitting.slot_length)
    assert not sitting.offers(sitting.opens_at + timedelta(seconds=1))


@given(st.lists(sittings, max_size=6))
def test_the_present_sitting_is_the_open_the_next_or_the_last(some: list[Sitting]) -> None:
    some.sort(key=lambda sitting: sitting.opens_at)
    present = present_sitting(some, NOW)
    if not some:
        assert present is None
    elif all(sitting.closes_at <= NOW for sitting in some):
        assert present is some[-1]
    else:
        assert present is next(sitting for sitting in some if sitting.closes_at > NOW)
