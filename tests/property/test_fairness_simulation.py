"""Sixty days of a region in which far more people want a time than there are, most of them from one governorate: nobody
starves, nobody has more than the rules give, and nobody is passed but by the written order.

Everything that decides is the real thing (quota, fairness, offering); only the people are drawn by chance.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

import pytest

from scheduler.core.availability import FreeSlot
from scheduler.core.fairness import BALANCE, LATELY, in_order, shortfall
from scheduler.core.offering import Chance, is_over, pair, wishes
from scheduler.core.quota import binds, may_take
from tawasul.domain.party import Alone, Priority
from tawasul.domain.people import CitizenId
from tawasul.domain.places import GovernorateId
from tawasul.domain.private import Private
from tawasul.domain.sitting import Sitting, SittingId
from tawasul.domain.waitlist import EntryId, EntryState, WaitlistEntry, WishedVenue

DAYS = 60
A_DAY = timedelta(days=1)
FIRST_DAY = date(2026, 2, 1)
SLOTS = 16
PLANNED_AHEAD = 10
"""Days for which there are sittings."""

DEMAND = {GovernorateId("greedy"): 24.0, GovernorateId("large"): 6.0} | {
    GovernorateId(f"small-{number}"): 0.3 + 0.2 * number for number in range(6)
}
"""People a day: 35 for 16 times. An equal share is two a day: the small ones want less than theirs."""

SMALL = [each for each, people in DEMAND.items() if people < SLOTS / len(DEMAND)]
GREEDY, LARGE = list(DEMAND)[:2]
PREFERRED = 0.15
ACCEPTS, GIVES_UP = 0.8, 0.03


@dataclass
class Region:
    """What was given to whom, and who waits. A slot that is taken is somebody's, from the moment of an offer."""

    chance: random.Random
    quota: int | None
    sittings: list[Sitting] = field(default_factory=list)
    taken: dict[tuple[SittingId, datetime], GovernorateId] = field(default_factory=dict)
    shares: defaultdict[SittingId, Counter[GovernorateId]] = field(default_factory=lambda: defaultdict(Counter))
    waiting: dict[EntryId, WaitlistEntry] = field(default_factory=dict)
    passed: defaultdict[EntryId, set[datetime]] = field(default_factory=lambda: defaultdict(set))
    waited: defaultdict[GovernorateId, list[timedelta]] = field(default_factory=lambda: defaultdict(list))
    given: Counter[GovernorateId] = field(default_factory=Counter)
    never: Counter[GovernorateId] = field(default_factory=Counter)
    rounds: int = 0

    def lives(self) -> None:
        """All days: in the morning people come, at noon what the quota kept back for tomorrow is everybody's."""
        for number in range(DAYS):
            day = FIRST_DAY + number * A_DAY
            self._plan(day)
            morning = datetime.combine(day, time(6), UTC)
            self._give_up(morning)
            self._offer(morning)
            for governorate in self._who_come():
                self._comes(governorate, morning)
            self._offer(datetime.combine(day, time(9), UTC))
            self._end(morning)

    def _plan(self, day: date) -> None:
        planned = {sitting.opens_at.date() for sitting in self.sittings}
        for ahead in range(1, PLANNED_AHEAD + 1):
            if (on := day + ahead * A_DAY) not in planned:
                opens_at = datetime.combine(on, time(7), UTC)
                closes_at = opens_at + SLOTS * timedelta(minutes=10)
                self.sittings.append(
                    Sitting(SittingId(str(on)), opens_at, closes_at, timedelta(minutes=10), quota=self.quota)
                )

    def _who_come(self) -> list[GovernorateId]:
        """Most of the greedy ones sit at the telephone when booking opens."""
        come = {each: int(people) + (self.chance.random() < people % 1) for each, people in DEMAND.items()}
        late = [each for each, people in come.items() for _ in range(people) if each != GREEDY]
        self.chance.shuffle(late)
        return [GREEDY] * come[GREEDY] + late

    def _comes(self, governorate: GovernorateId, now: datetime) -> None:
        """Takes the first time there is; else waits for one in the next month."""
        self.rounds += 1
        first = next(self._free(governorate, now), None)
        if first is not None:
            self._take(governorate, first, now, timedelta(0))
            return
        reasons = (self.chance.choice(list(Priority)),) if self.chance.random() < PREFERRED else ()
        entry = WaitlistEntry(
            id=EntryId(f"{self.rounds:05}"), citizen_id=CitizenId(f"{self.rounds:05}"), governorate_id=governorate,
            venue=WishedVenue.OWN_LOCATION, centre_id=None, from_day=now.date(), to_day=now.date() + LATELY,
            subject=Private("طلب"), party=Private(Alone()), priorities=reasons,
            joined_at=now + timedelta(seconds=self.rounds % 3600),
        )  # fmt: skip
        self.waiting[entry.id] = entry

    def _offer(self, now: datetime) -> None:
        """As the clockwork does, until nothing is offered any more. Who says no is asked again for another time."""
        while chances := self._chances(now):
            for chance in chances:
                entry, slot = chance.entry, _slot(chance)
                # Another of its governorate may have reached the quota: then the service is refused, and looks again.
                if slot not in self._free(entry.governorate_id, now):
                    continue
                if self.chance.random() < ACCEPTS:
                    del self.waiting[entry.id]
                    self._take(entry.governorate_id, slot, now, now - entry.joined_at)
                    continue
                self.passed[entry.id].add(slot.starts_at)
                after = entry.offered().passed()
                self.waiting[entry.id] = after
                if after.state is not EntryState.WAITING:
                    del self.waiting[entry.id]

    def _chances(self, now: datetime) -> list[Chance]:
        order = [ranked.entry for ranked in in_order(self.waiting.values(), self._lacking(now))]
        free = {governorate: list(self._free(governorate, now)) for governorate in DEMAND}
        chances = pair(order, lambda entry: free[entry.governorate_id], self.passed, now)
        self._nobody_is_passed(order, free, chances)
        return chances

    def _nobody_is_passed(
        self, order: list[WaitlistEntry], free: dict[GovernorateId, list[FreeSlot]], chances: list[Chance]
    ) -> None:
        """Who gets nothing, or a later time, could not have had what somebody behind them is offered."""
        offered = {chance.entry.id: chance for chance in chances}
        behind: list[Chance] = []
        for entry in reversed(order):
            own = offered.get(entry.id)
            if own is None or behind:
                may_have = {slot.starts_at for slot in free[entry.governorate_id]} - self.passed[entry.id]
                for other in behind:
                    sooner = own is None or other.starts_at < own.starts_at
                    assert not (sooner and other.starts_at in may_have and wishes(entry, other.starts_at))
            if own is not None:
                behind.append(own)

    def _lacking(self, now: datetime) -> dict[GovernorateId, float]:
        lately = Counter(governorate for (_, starts_at), governorate in self.taken.items() if starts_at >= now - LATELY)
        return shortfall(lately, list(DEMAND))

    def _free(self, governorate: GovernorateId, now: datetime) -> Iterator[FreeSlot]:
        for sitting in self.sittings:
            if sitting.opens_at < now or sum(self.shares[sitting.id].values()) == SLOTS:
                continue
            if not may_take(governorate, self.shares[sitting.id], sitting, now):
                continue
            for start in sitting.slots():
                if (sitting.id, start) not in self.taken:
                    yield FreeSlot(sitting.id, start, start + sitting.slot_length)

    def _take(self, governorate: GovernorateId, slot: FreeSlot, now: datetime, waited: timedelta) -> None:
        sitting = next(each for each in self.sittings if each.id == slot.sitting_id)
        self.taken[slot.sitting_id, slot.starts_at] = governorate
        self.shares[slot.sitting_id][governorate] += 1
        if self.quota is not None and binds(sitting, now):
            assert self.shares[sitting.id][governorate] <= self.quota
        self.given[governorate] += 1
        self.waited[governorate].append(waited)

    def _give_up(self, now: datetime) -> None:
        for key in [key for key in self.taken if key[1] > now and self.chance.random() < GIVES_UP]:
            governorate = self.taken.pop(key)
            self.given[governorate] -= 1
            self.shares[key[0]][governorate] -= 1

    def _end(self, now: datetime) -> None:
        for entry in [each for each in self.waiting.values() if is_over(each, now)]:
            self.never[entry.governorate_id] += 1
            del self.waiting[entry.id]

    def longest(self, governorate: GovernorateId) -> timedelta:
        """That anybody waited, or still waits, at the end."""
        end = datetime.combine(FIRST_DAY + DAYS * A_DAY, time(6), UTC)
        still = [end - each.joined_at for each in self.waiting.values() if each.governorate_id == governorate]
        return max([timedelta(0), *self.waited[governorate], *still])

    def empty(self) -> int:
        """Times that passed and nobody had."""
        end = datetime.combine(FIRST_DAY + DAYS * A_DAY, time(0), UTC)
        over = [sitting for sitting in self.sittings if sitting.opens_at < end]
        return SLOTS * len(over) - sum(starts_at < end for _, starts_at in self.taken)


def _slot(chance: Chance) -> FreeSlot:
    return FreeSlot(chance.sitting_id, chance.starts_at, chance.starts_at + timedelta(minutes=10))


@cache
def sixty_days(seed: int, quota: int | None) -> Region:
    """Lived through once, looked at by several tests."""
    region = Region(random.Random(seed), quota)
    region.lives()
    return region


@pytest.mark.parametrize("seed", range(2))
def test_with_a_quota_nobody_starves_beside_one_that_wants_more_than_everything(seed: int) -> None:
    region = sixty_days(seed, quota=4)
    for governorate in SMALL:
        assert region.longest(governorate) <= 2 * A_DAY, "who wants less than an equal share has it at once"
    # Three times its share, which is more than the quota: the rest comes of what the others leave, and in days.
    assert region.longest(LARGE) <= 10 * A_DAY
    assert region.given[LARGE] >= 4 * DAYS
    # Who wants twelve times its share has more than anybody, but only what nobody else wants; and its own wait for it.
    assert max(region.given, key=lambda each: region.given[each]) == GREEDY
    assert region.given[GREEDY] <= SLOTS * (DAYS + PLANNED_AHEAD) / 2
    assert set(region.never) <= {GREEDY}
    assert region.empty() == 0


@pytest.mark.parametrize("seed", range(2))
def test_without_one_the_waitlist_alone_leaves_nobody_out_and_lets_the_small_ones_wait(seed: int) -> None:
    region, fair = sixty_days(seed, quota=None), sixty_days(seed, quota=4)
    for governorate in SMALL:
        assert region.longest(governorate) <= PLANNED_AHEAD * A_DAY + BALANCE, "what it lacks brings it forward"
        assert region.longest(governorate) > 5 * A_DAY > fair.longest(governorate)
        assert region.never[governorate] == 0
    assert sum(region.given[each] for each in SMALL) < sum(fair.given[each] for each in SMALL)
    assert region.empty() == 0
