"""The parts of the estimate by examples: what is taken for a queue, how fast the rate follows, what a probe proves."""

from collections.abc import Callable

import pytest

from kiosk_client.media.core.delay_trend import DelayTrend, Usage
from kiosk_client.media.core.loss_limit import LossLimit, believed
from kiosk_client.media.core.probing import AGAIN, FIRST, LATER, PAUSE, Probing
from kiosk_client.media.core.queue_delay import QueueDelay
from kiosk_client.media.core.rate_control import BETA, GROWTH, HEADROOM, HEADROOM_BITS, RateControl
from kiosk_client.media.core.send_history import PacketResult


def came(number: int, sent: float, arrived: float, *, size: int = 1000, probe: int | None = None) -> PacketResult:
    return PacketResult(number, size, sent, True, arrived, probe)


def trend(delay: Callable[[int], float], count: int = 60) -> DelayTrend:
    """Of packets each 10 ms, the n-th of which is late by `delay(n)` seconds, on a clock of its own."""
    seen = DelayTrend()
    for number in range(count):
        seen.take(came(number, 0.010 * number, 500 + 0.010 * number + delay(number)))
    return seen


def test_a_delay_that_stays_is_no_queue() -> None:
    assert trend(lambda number: 0.3).usage is Usage.NORMAL


def test_a_delay_that_grows_is_a_queue_and_one_that_shrinks_has_been_one() -> None:
    assert trend(lambda number: 0.001 * number).usage is Usage.OVERUSED
    assert trend(lambda number: 0.1 - 0.001 * number).usage is Usage.UNDERUSED


def test_clocks_that_drift_apart_are_no_queue() -> None:
    assert trend(lambda number: 0.0000020 * number).usage is Usage.NORMAL


def test_after_a_stall_or_a_leap_of_the_clock_all_begins_anew() -> None:
    seen = trend(lambda number: 0.001 * number)
    seen.take(came(60, 0.6, 5000.0))
    assert seen.usage is Usage.NORMAL


def test_what_was_overtaken_is_left_out() -> None:
    overtaken = trend(lambda number: 0.050 if number % 7 == 3 else 0.0)
    assert overtaken.usage is Usage.NORMAL
    assert overtaken.threshold < 12.5


def test_what_arrives_in_one_burst_was_held_back_together() -> None:
    # As by a radio that sends each 30 ms: three groups arrive at once, and no queue grows.
    assert trend(lambda number: 0.010 * (2 - number % 3)).usage is Usage.NORMAL


def controlled(rate: float) -> RateControl:
    control = RateControl(rate, 50_000, 4_000_000)
    control.update(Usage.NORMAL, rate, rate, 0.1, 0.0)
    return control


def test_far_from_the_capacity_the_rate_grows_by_a_share_a_second() -> None:
    control = controlled(500_000)
    for tenth in range(1, 11):
        control.update(Usage.NORMAL, 500_000, 500_000, 0.1, tenth / 10)
    assert control.rate == pytest.approx(500_000 * GROWTH)


def test_a_rate_that_is_not_sent_at_does_not_grow_beyond_what_arrives() -> None:
    control = controlled(500_000)
    for second in range(1, 30):
        control.update(Usage.NORMAL, 400_000, 400_000, 0.1, float(second))
    assert control.rate == HEADROOM * 400_000 + HEADROOM_BITS


def test_over_use_brings_it_below_what_arrives_and_then_it_grows_by_little() -> None:
    control = controlled(1_000_000)
    control.update(Usage.OVERUSED, 900_000, 900_000, 0.1, 1.0)
    assert control.rate == BETA * 900_000
    assert not control.increases
    for tenth in range(11, 22):
        control.update(Usage.NORMAL, 765_000, 765_000, 0.1, tenth / 10)
    assert BETA * 900_000 < control.rate < BETA * 900_000 + 55_000


def test_over_use_by_others_costs_little_of_what_is_sent() -> None:
    control = controlled(2_000_000)
    control.update(Usage.OVERUSED, 300_000, 200_000, 0.1, 1.0)
    assert control.rate == pytest.approx(BETA * HEADROOM * 300_000)
    control.update(Usage.OVERUSED, 300_000, 200_000, 0.1, 1.35)
    assert control.rate == BETA * 200_000


def test_a_decrease_is_waited_for_unless_far_less_arrives() -> None:
    control = controlled(1_000_000)
    control.update(Usage.OVERUSED, 900_000, 900_000, 0.1, 1.0)
    control.update(Usage.OVERUSED, 900_000, 700_000, 0.1, 1.2)
    assert control.rate == BETA * 900_000
    control.update(Usage.OVERUSED, 900_000, 300_000, 0.1, 1.25)
    assert control.rate == BETA * 300_000


def probed(probing: Probing, number: int, rate: float, arrives: float) -> list[float]:
    """What is learnt of ten packets that were sent at `rate` and arrived at `arrives`."""
    gap, later = 8000 / rate, 8000 / arrives
    return probing.take([came(each, each * gap, 900 + each * later, probe=number) for each in range(20)])


def test_the_first_probe_that_meets_the_lines_end_finds_it() -> None:
    probing = Probing(0.0, 400_000, 4_000_000)
    probing.due(400_000, 4e6, 0.1, calm=True, now=0.0)
    assert probed(probing, 1, 1_200_000, 800_000) == [pytest.approx(0.95 * 800_000)]
    assert probing.due(760_000, 4e6, 0.1, calm=True, now=0.1) == []


def test_a_later_probe_raises_nothing_where_it_meets_the_end_and_is_followed_where_not() -> None:
    probing = Probing(0.0, 400_000, 4_000_000)
    probing.due(400_000, 4e6, 0.1, calm=False, now=0.0)
    (probe,) = probing.due(500_000, 4e6, 0.1, calm=True, now=PAUSE)
    assert probe.rate == LATER * 500_000
    assert probed(probing, probe.number, 800_000, 650_000) == []
    (probe,) = probing.due(500_000, 4e6, 0.1, calm=True, now=3 * PAUSE)
    assert probed(probing, probe.number, 800_000, 800_000) == [pytest.approx(800_000)]
    (further,) = probing.due(800_000, 4e6, 0.1, calm=True, now=3 * PAUSE + 0.1)
    assert further.rate == pytest.approx(1_600_000)


def test_after_a_deep_fall_a_probe_looks_soon_whether_it_was_for_good() -> None:
    probing = Probing(0.0, 400_000, 4_000_000)
    probing.due(400_000, 4e6, 0.1, calm=False, now=0.0)
    probing.fell(1.0)
    assert probing.due(200_000, 4e6, 0.1, calm=False, now=1.3) == []
    assert probing.due(200_000, 4e6, 0.1, calm=True, now=2.2) == []
    (probe,) = probing.due(200_000, 4e6, 0.1, calm=True, now=2.3)
    assert probe.rate == LATER * 200_000


def test_of_a_probe_that_a_busy_machine_broke_up_the_largest_part_is_judged() -> None:
    probing = Probing(0.0, 400_000, 4_000_000)
    probing.due(400_000, 4e6, 0.1, calm=True, now=0.0)
    pauses = [0.0, 0.1] + [0.2] * 8  # the third packet and those after it go out in one go
    parts = [came(each, 0.004 * each + pause, 9 + 0.004 * each + pause, probe=1) for each, pause in enumerate(pauses)]
    assert probing.take(parts) == [pytest.approx(2_000_000)]


def test_where_the_first_probe_tells_nothing_another_follows_at_once() -> None:
    probing = Probing(0.0, 400_000, 4_000_000)
    assert len(probing.due(400_000, 4e6, 0.1, calm=True, now=0.0)) == 1
    assert probing.due(400_000, 4e6, 0.1, calm=True, now=1.0) == []
    (probe,) = probing.due(400_000, 4e6, 0.1, calm=True, now=1.1)
    assert probe.rate == LATER * 400_000


def test_after_a_first_probe_that_was_drawn_apart_another_looks_soon() -> None:
    probing = Probing(0.0, 300_000, 4_000_000)
    (probe,) = probing.due(300_000, 4e6, 0.1, calm=True, now=0.0)
    assert probed(probing, probe.number, probe.rate, 200_000) == [pytest.approx(190_000)]
    assert probing.due(300_000, 4e6, 0.1, calm=True, now=0.1) == []
    assert probing.due(300_000, 4e6, 0.1, calm=True, now=0.1 + AGAIN - 0.01) == []
    (second,) = probing.due(300_000, 4e6, 0.1, calm=True, now=0.1 + AGAIN)
    assert second.rate == FIRST * 300_000


def test_who_wants_no_more_does_not_probe() -> None:
    probing = Probing(0.0, 400_000, 4_000_000)
    probing.due(400_000, 4e6, 0.1, calm=False, now=0.0)
    assert probing.due(2_500_000, 2_000_000, 0.1, calm=True, now=60.0) == []


def limited(rates: list[float], lost: Callable[[float], float], waiting: float = 0.0) -> LossLimit:
    """After a quarter of a second at each of these rates, of which `lost(rate)` is lost, evenly."""
    limit, now, number, debt = LossLimit(50_000, 4_000_000), 0.0, 0, 0.0
    for rate in rates:
        end = now + 0.26
        while now < end:
            debt += lost(rate)
            gone, debt = debt >= 1, debt - (debt >= 1)
            packet = PacketResult(number, 500, now, not gone, None if gone else now)
            if limit.take(packet):
                limit.judge(rate, rate * (1 - lost(rate)), waiting)
            number += 1
            now += 4000 / rate
    return limit


def test_the_same_loss_at_every_rate_is_chance() -> None:
    limit = limited([400_000, 500_000, 600_000, 700_000] * 5, lambda rate: 0.1)
    assert limit.chance == pytest.approx(0.1, abs=0.035)
    assert limit.limit is not None
    assert limit.limit >= 650_000


def test_a_loss_that_grows_with_the_rate_is_want_of_room() -> None:
    limit = limited([400_000, 500_000, 600_000, 700_000] * 5, lambda rate: max(0.0, 1 - 450_000 / rate))
    assert limit.chance <= 0.03
    assert limit.limit == pytest.approx(450_000, rel=0.1)


def test_what_is_lost_behind_a_long_queue_is_want_of_room() -> None:
    limit = limited([150_000] * 20, lambda rate: 0.4, waiting=0.3)
    assert limit.limit is not None
    assert limit.limit < 100_000
    assert limited([150_000] * 20, lambda rate: 0.4).chance > 0.3


def test_the_waiting_is_that_above_the_shortest_way_of_late() -> None:
    queue = QueueDelay()
    for number in range(100):
        queue.take(came(number, 0.02 * number, 900 + 0.02 * number))
    assert queue.waiting == pytest.approx(0.0, abs=1e-9)
    for number in range(100, 200):
        queue.take(came(number, 0.02 * number, 900.2 + 0.02 * number))
    assert queue.waiting == pytest.approx(0.2, abs=0.001)
    for number in range(200, 3000):  # so long that it is the way now
        queue.take(came(number, 0.02 * number, 900.2 + 0.02 * number))
    assert queue.waiting == pytest.approx(0.0, abs=1e-6)
    queue.take(came(3000, 60.0, 5.0))
    assert queue.waiting == 0


def test_a_queue_stands_where_none_of_the_last_packets_was_quick() -> None:
    queue = QueueDelay()
    for number in range(100):  # every fourth is quick
        queue.take(came(number, 0.02 * number, 900 + 0.02 * number + 0.1 * (number % 4 > 0)))
        assert queue.standing == 0
    for number in range(100, 106):
        queue.take(came(number, 0.02 * number, 900.1 + 0.02 * number))
    assert queue.standing == pytest.approx(0.1)
    queue.take(came(106, 60.0, 5.0))  # a clock that leapt
    assert queue.standing == 0


def test_the_more_is_sent_the_less_is_believed_to_be_chance() -> None:
    assert believed(2_000_000) < 0.1 < believed(1_000_000) < 0.2 < believed(450_000) < 1 < believed(50_000)
    limit = limited([2_000_000] * 20, lambda rate: 0.2)
    assert limit.limit is not None
    assert limit.limit < 2_000_000
