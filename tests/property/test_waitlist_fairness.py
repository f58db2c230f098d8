"""The waitlist's order: nobody starves, nobody gains by joining later, and the order is the same however it is read."""

import random
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from support.factories import NOW

from scheduler.core.fairness import MOST_CREDIT, WORTH, Why, in_order, shortfall
from tawasul.domain.party import Alone, Priority, ordered
from tawasul.domain.people import CitizenId
from tawasul.domain.places import GovernorateId
from tawasul.domain.private import Private
from tawasul.domain.waitlist import EntryId, WaitlistEntry, WishedVenue

GOVERNORATES = [GovernorateId(name) for name in ("badr", "yanbu", "khaybar", "alula")]
moments = st.integers(0, 90 * 24 * 60).map(lambda minutes: NOW + timedelta(minutes=minutes))
lacks = st.dictionaries(st.sampled_from(GOVERNORATES), st.floats(0, 1))
priorities = st.sets(st.sampled_from(list(Priority))).map(lambda some: ordered(frozenset(some)))


def an_entry(
    id: str, joined_at: datetime, governorate: str = "badr", priorities: tuple[Priority, ...] = ()
) -> WaitlistEntry:
    return WaitlistEntry(
        id=EntryId(id),
        citizen_id=CitizenId(f"citizen-{id}"),
        governorate_id=GovernorateId(governorate),
        venue=WishedVenue.OWN_LOCATION,
        centre_id=None,
        from_day=date(2026, 2, 3),
        to_day=date(2026, 6, 3),
        subject=Private("طلب"),
        party=Private(Alone()),
        priorities=priorities,
        joined_at=joined_at,
    )


@st.composite
def waitlists(draw: st.DrawFn) -> list[WaitlistEntry]:
    some = draw(st.lists(st.tuples(moments, st.sampled_from(GOVERNORATES), priorities), max_size=12))
    return [an_entry(f"e{number}", *facts) for number, facts in enumerate(some)]


@given(waitlists(), lacks, st.randoms(use_true_random=False))
def test_the_order_is_the_same_however_the_entries_are_read(
    entries: list[WaitlistEntry], lacking: dict[GovernorateId, float], chance: random.Random
) -> None:
    shuffled = list(entries)
    chance.shuffle(shuffled)
    order = in_order(entries, lacking)
    assert order == in_order(shuffled, lacking)
    assert [ranked.position for ranked in order] == list(range(1, len(entries) + 1))
    assert {ranked.entry.id for ranked in order} == {entry.id for entry in entries}


@given(waitlists(), lacks)
def test_nobody_who_joined_later_than_the_stated_bound_goes_before(
    entries: list[WaitlistEntry], lacking: dict[GovernorateId, float]
) -> None:
    order = [ranked.entry for ranked in in_order(entries, lacking)]
    for place, entry in enumerate(order):
        assert all(earlier.joined_at <= entry.joined_at + MOST_CREDIT for earlier in order[:place])


@given(moments, priorities, lacks, st.integers(1, 100 * 24 * 60))
def test_of_two_alike_who_joined_first_goes_first(
    joined_at: datetime, reasons: tuple[Priority, ...], lacking: dict[GovernorateId, float], minutes: int
) -> None:
    first = an_entry("z-first", joined_at, priorities=reasons)
    second = an_entry("a-second", joined_at + timedelta(minutes=minutes), priorities=reasons)
    assert [ranked.entry for ranked in in_order([second, first], lacking)] == [first, second]


@given(waitlists(), lacks, st.data())
def test_joining_earlier_never_makes_one_wait_longer(
    entries: list[WaitlistEntry], lacking: dict[GovernorateId, float], data: st.DataObject
) -> None:
    if not entries:
        return
    chosen = data.draw(st.sampled_from(entries))
    sooner = an_entry(
        chosen.id, chosen.joined_at - timedelta(minutes=data.draw(st.integers(0, 50_000))), chosen.governorate_id,
        chosen.priorities,
    )  # fmt: skip
    others = [entry for entry in entries if entry is not chosen]
    assert position(chosen.id, [*others, sooner], lacking) <= position(chosen.id, entries, lacking)


def position(id: str, entries: list[WaitlistEntry], lacking: dict[GovernorateId, float]) -> int:
    return next(ranked.position for ranked in in_order(entries, lacking) if ranked.entry.id == id)


@given(priorities, moments)
def test_among_equals_the_governorate_that_was_given_less_goes_first(
    reasons: tuple[Priority, ...], joined_at: datetime
) -> None:
    lacking = shortfall({GovernorateId("badr"): 9, GovernorateId("yanbu"): 1}, GOVERNORATES[:2])
    order = in_order([an_entry("a", joined_at, "badr", reasons), an_entry("b", joined_at, "yanbu", reasons)], lacking)
    assert [ranked.entry.governorate_id for ranked in order] == ["yanbu", "badr"]
    assert Why.GOVERNORATE_BEHIND in order[0].why
    assert Why.GOVERNORATE_BEHIND not in order[1].why


def test_the_reasons_are_told_in_the_order_of_their_worth() -> None:
    entry = an_entry("a", NOW, priorities=(Priority.REBOOKED, Priority.TRAVELLED_FAR))
    (ranked,) = in_order([entry], {GovernorateId("badr"): 0.5})
    assert ranked.why == (Why.REBOOKED, Why.TRAVELLED_FAR, Why.GOVERNORATE_BEHIND, Why.JOINED)
    assert ranked.credit == WORTH[Priority.REBOOKED] + timedelta(days=3.5)
    assert {why.value for why in Why} >= {priority.value for priority in Priority}


@given(st.dictionaries(st.sampled_from(GOVERNORATES), st.integers(0, 50)))
def test_a_share_lacks_between_nothing_and_all_of_it(given_lately: dict[GovernorateId, int]) -> None:
    lacking = shortfall(given_lately, GOVERNORATES)
    assert set(lacking) == set(GOVERNORATES)
    assert all(0.0 <= lack <= 1.0 for lack in lacking.values())
    most = max(given_lately.values(), default=0)
    assert all(lacking[each] == 0.0 for each, count in given_lately.items() if count == most)


def test_in_a_busy_year_a_stream_of_the_preferred_keeps_nobody_out() -> None:
    """Ten a day with a priority join for a year, two a day are served: whoever has none is served all the same."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    waiting = [an_entry("plain", start)]
    for day in range(365):
        waiting += [
            an_entry(f"p{day}-{each}", start + timedelta(days=day, hours=each), priorities=(Priority.REBOOKED,))
            for each in range(10)
        ]
        for _ in range(2):
            served = in_order(waiting, {})[0].entry
            waiting.remove(served)
            if served.id == "plain":
                # Only those who joined within the worth of a priority were before it: 14 days of ten, two served a day.
                assert day <= 14 * 10 / 2
                return
    raise AssertionError("never served")
