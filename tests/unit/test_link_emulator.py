"""The emulated line does what it is asked to: rate, distance, queue, losses, jitter, and the same again for a seed."""

import itertools

import pytest
from support.link_emulator import BurstLoss, Line, Link, RandomLoss, carried, share_lost, steps


def stream(count: int, every: float, size: int = 1000) -> list[tuple[float, int, int]]:
    return [(number * every, size, number) for number in range(count)]


def test_a_packet_takes_the_time_of_its_bits_and_of_the_way() -> None:
    line = Line()
    link = Link(line, 1, rate=1_000_000, delay=0.040, overhead=250)
    assert carried(stream(1, 1.0), link, line) == [(pytest.approx(0.050), 0)]


def test_packets_wait_for_each_other_and_overflow_when_the_queue_is_full() -> None:
    line = Line()
    link = Link(line, 1, rate=800_000, patience=0.1)
    arrivals = carried([(0.0, 1000, number) for number in range(50)], link, line)
    assert [number for _, number in arrivals] == list(range(11))
    assert arrivals[-1][0] == pytest.approx(0.11)
    assert link.counts[None].overflowed == 39
    assert max(waited for _, waited in link.counts[None].queued) == pytest.approx(0.11)


def test_a_queue_may_be_bounded_in_bytes() -> None:
    line = Line()
    link = Link(line, 1, rate=800_000, patience=9.0, room=3000)
    assert len(carried([(0.0, 1000, number) for number in range(50)], link, line)) == 3


def test_two_flows_share_one_queue() -> None:
    line = Line()
    link = Link(line, 1, rate=800_000)
    arrived: list[tuple[float, str]] = []
    link.send(1000, lambda: arrived.append((line.now, "a")), "a")
    link.send(1000, lambda: arrived.append((line.now, "b")), "b")
    assert link.waits == pytest.approx(0.02)
    line.run()
    assert arrived == [(pytest.approx(0.01), "a"), (pytest.approx(0.02), "b")]
    assert (link.counts["a"].arrived_bytes, link.counts["b"].arrived_bytes) == (1000, 1000)


def test_a_rate_changes_when_it_should() -> None:
    line = Line()
    link = Link(line, 1, rate=steps((0.0, 1e6), (1.0, 1e5), (3.0, 1e6)), patience=9.0)
    arrivals = carried(stream(400, 0.01), link, line)
    in_slow = sum(1 for at, _ in arrivals if 1.1 <= at < 3.0)
    assert in_slow == pytest.approx(1.9e5 / 8000, abs=2)
    # At 3 s the queue is full, with 0.9 Mbit, and 0.8 more are to come.
    assert arrivals[-1][0] == pytest.approx(4.7, abs=0.05)


def test_random_loss_is_the_share_asked_for() -> None:
    line = Line()
    link = Link(line, 1, loss=RandomLoss(0.2))
    carried(stream(20_000, 0.001), link, line)
    assert share_lost(link) == pytest.approx(0.2, abs=0.01)


def test_losses_come_in_bursts_of_the_length_asked_for() -> None:
    line = Line()
    arrivals = carried(stream(60_000, 0.001), Link(line, 1, loss=BurstLoss.of(0.05, 5)), line)
    came = [number for _, number in arrivals]
    bursts = [after - before - 1 for before, after in itertools.pairwise(came) if after - before > 1]
    assert sum(bursts) / 60_000 == pytest.approx(0.05, abs=0.008)
    assert sum(bursts) / len(bursts) == pytest.approx(5, abs=0.5)


@pytest.mark.parametrize("reorders", [False, True])
def test_jitter_stays_in_its_bounds_and_reorders_only_if_asked(reorders: bool) -> None:
    line = Line()
    arrivals = carried(stream(2000, 0.01), Link(line, 1, delay=0.04, jitter=0.03, reorders=reorders), line)
    late = [at - number * 0.01 for at, number in arrivals]
    assert min(late) >= 0.04
    assert max(late) <= 0.0701
    assert max(late) - min(late) > 0.02
    assert ([number for _, number in arrivals] == sorted(number for _, number in arrivals)) is not reorders


def test_a_seed_gives_the_same_again_and_another_something_else() -> None:
    def run(seed: int) -> list[tuple[float, int]]:
        line = Line()
        return carried(stream(500, 0.01), Link(line, seed, jitter=0.05, loss=RandomLoss(0.1)), line)

    assert run(7) == run(7)
    assert run(7) != run(8)
