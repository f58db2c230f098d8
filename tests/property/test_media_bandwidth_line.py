"""The estimator, the pacer and a model of an encoder on an emulated line: what comes through, how late, how fairly.

Rates are bits a second of RTP; the line carries 48 bytes more with each packet. The bounds are those that are promised
(ADR 40), with some way to go from what was seen.
"""

import pytest
from support.link_emulator import BurstLoss, Line, Link, Loss, RandomLoss, steps
from support.rate_flows import SOUND_RATE, Call, Download


def alone(
    until: float,
    *,
    rate: object = 1e9,
    delay: float = 0.040,
    loss: Loss | None = None,
    jitter: float = 0.0,
    patience: float = 0.3,
    seed: int = 1,
) -> Call:
    """One call on a line, up to this second; its feedback comes back over as long a way with the same losses."""
    line = Line()
    there = Link(line, seed, rate=rate, delay=delay, patience=patience, loss=loss, jitter=jitter, overhead=48)  # type: ignore[arg-type]
    call = Call(line, there, Link(line, seed + 100, delay=delay, loss=loss), seed)
    line.run(until)
    return call


def jain(*rates: float) -> float:
    """Jain's index of fairness (1984): 1 where all have the same, 1/n where one has all."""
    return sum(rates) ** 2 / (len(rates) * sum(rate**2 for rate in rates))


@pytest.mark.parametrize(("rate", "comes"), [(2e6, 1.45e6), (1e6, 740e3), (300e3, 215e3), (120e3, 68e3)])
@pytest.mark.parametrize("seed", [1, 2])
def test_it_finds_what_a_line_carries_and_leaves_its_queue_short(rate: float, comes: float, seed: int) -> None:
    call = alone(30, rate=rate, seed=seed)
    assert call.rate(5, 30) >= comes
    assert call.bandwidth.lost < 0.01
    assert call.sound_late(5, 30) < 0.040 + 0.100
    assert call.sound_late(5, 30, 1.0) < 0.040 + 0.250


def test_a_clean_line_is_found_within_seconds() -> None:
    call = alone(8, rate=5e6)
    assert min(at for at, rate in call.seen.targets if rate >= 2e6) < 1.0
    assert call.target(3, 8) > 2.5e6


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_on_a_narrow_line_the_beginning_makes_no_long_queue(seed: int) -> None:
    """A browser's play-out remembers one for ten seconds, and plays speech faster to be rid of it."""
    call = alone(8, rate=300e3, seed=seed)
    assert call.sound_late(0, 8) < 0.040 + 0.170
    assert call.sound_late(0, 8, 1.0) < 0.040 + 0.230
    assert call.rate(2, 8) > 150e3


def test_down_at_once_and_up_again() -> None:
    call = alone(60, rate=steps((0, 2e6), (20, 0.3e6), (40, 2e6)))
    assert min(at for at, rate in call.seen.targets if at > 20 and rate < 0.3e6) < 20.8
    assert call.sound_late(23, 40) < 0.200
    assert 200e3 < call.rate(25, 40) < 300e3
    assert min(at for at, rate in call.seen.targets if at > 40 and rate > 1e6) < 50
    assert call.rate(50, 60) > 1.3e6


@pytest.mark.parametrize(("share", "least"), [(0.02, 2.0e6), (0.05, 1.8e6), (0.10, 0.9e6), (0.20, 0.3e6)])
def test_what_is_lost_by_chance_costs_rate_only_where_it_is_much(share: float, least: float) -> None:
    call = alone(30, loss=RandomLoss(share))
    assert call.rate(10, 30) >= least
    assert len(call.seen.sound) >= (1 - share - 0.03) * call.seen.sound_sent


def test_bursts_of_losses_do_not_bring_it_to_the_floor() -> None:
    assert alone(25, loss=BurstLoss.of(0.1, 5)).rate(5, 25) > 0.6e6


def test_where_a_line_drops_instead_of_queueing_the_losses_stay_few() -> None:
    call = alone(30, rate=300e3, patience=0.03)
    assert call.rate(10, 30) > 180e3
    assert call.bandwidth.lost < 0.12


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_stall_costs_a_call_that_uses_little_of_its_line_next_to_nothing(seed: int) -> None:
    line = Line()
    there = Link(line, seed, rate=steps((0, 5e6), (15, 2e4), (15.4, 5e6)), delay=0.040, overhead=48)
    call = Call(line, there, Link(line, 9, delay=0.040), seed, wanted=350e3)
    line.run(25)
    assert min(rate for at, rate in call.seen.targets if at > 15) > 180e3
    assert min(at for at, rate in call.seen.targets if at > 16 and rate > 350e3) < 20


def test_a_long_way_is_no_hindrance() -> None:
    call = alone(40, rate=2e6, delay=0.150)
    assert call.rate(10, 40) > 1.3e6
    assert call.sound_late(10, 40) < 0.150 + 0.100


@pytest.mark.parametrize(("jitter", "least"), [(0.030, 1.3e6), (0.100, 0.7e6)])
def test_jitter_is_not_taken_for_a_queue(jitter: float, least: float) -> None:
    assert alone(30, rate=2e6, jitter=jitter).rate(10, 30) > least


@pytest.mark.parametrize(("jitter", "median", "least"), [(0.030, 1.5e6, 0.9e6), (0.100, 0.4e6, 0.15e6)])
def test_at_the_beginning_too_most_calls_do_not_take_it_for_one(jitter: float, median: float, least: float) -> None:
    """Allowed in the first ten seconds; a call that takes it for a queue once is at half of the start for a while."""
    allowed = sorted(alone(10, jitter=jitter, seed=seed).target(1, 10) for seed in range(1, 7))
    assert allowed[0] > least
    assert allowed[2] > median


@pytest.mark.parametrize("later", [0.0, 10.0])
def test_two_calls_share_a_line(later: float) -> None:
    line = Line()
    there, back = Link(line, 1, rate=2e6, delay=0.040, overhead=48), Link(line, 2, delay=0.040)
    one, other = Call(line, there, back, 1), Call(line, there, back, 2, start=later)
    line.run(60)
    rates = one.rate(30, 60), other.rate(30, 60)
    assert sum(rates) > 1.3e6
    assert jain(*rates) > 0.9
    assert max(one.sound_late(30, 60), other.sound_late(30, 60)) < 0.040 + 0.100


@pytest.mark.parametrize("patience", [0.1, 0.3, 1.0])
def test_beside_a_download_a_call_keeps_its_voice(patience: float) -> None:
    line = Line()
    there = Link(line, 1, rate=2e6, delay=0.040, patience=patience, overhead=48)
    back = Link(line, 2, delay=0.040)
    call = Call(line, there, back, 1)
    Download(line, there, back, start=10)
    line.run(40)
    sound = [at for at, _ in call.seen.sound if 20 <= at < 40]
    assert len(sound) / 20 * 0.020 > 0.9
    assert call.rate(20, 40) > 0.8 * SOUND_RATE
    # The queue is the download's: nobody but the line's owner can make it shorter.
    assert call.sound_late(20, 40) < 0.040 + patience + 0.050


def test_a_line_that_is_all_but_gone_gets_next_to_nothing_and_is_found_again() -> None:
    call = alone(40, rate=steps((0, 2e6), (10, 5e3), (15, 2e6)))
    assert min(rate for at, rate in call.seen.targets if 10 < at < 16) < 200e3
    assert call.rate(30, 40) > 1e6
