"""The bad wire: what it does by its own reckoning, and what really comes out at its other end."""

from __future__ import annotations

import json

import pytest
from support.impairment import BAD_LINE, Direction, Wire
from support.namespaces import CommandFailed
from support.network_bed import network_bed
from support.network_kinds import Kind


def sent(wire: Wire, sizes: list[int], every: float, seed: int = 7) -> list[float | None]:
    """When frames come out that are sent at even intervals."""
    direction = Direction(wire, seed)
    return [direction.take(size, number * every) for number, size in enumerate(sizes)]


def test_a_good_wire_does_nothing() -> None:
    assert sent(Wire(), [1500] * 3, 1.0) == pytest.approx([0.0, 1.0, 2.0], abs=1e-6)


def test_the_rate_spaces_frames_and_the_delay_comes_after() -> None:
    # 1250 bytes are 10 ms at 1 Mbit/s; three come at once.
    assert sent(Wire(rate=1_000_000, delay=0.08), [1250] * 3, 0.0) == pytest.approx([0.09, 0.10, 0.11])


def test_frames_never_overtake_and_an_idle_wire_is_free_at_once() -> None:
    direction = Direction(Wire(rate=1_000_000, patience=10), 1)
    came = [direction.take(size, 0.0) for size in (1500, 60, 1500, 60)]
    assert None not in came
    assert came == sorted(came, key=lambda moment: moment or 0)
    assert direction.take(1250, 5.0) == pytest.approx(5.01)


def test_what_would_wait_too_long_is_dropped_and_takes_no_time_of_others() -> None:
    direction = Direction(Wire(rate=1_000_000, patience=0.05), 1)
    came = [direction.take(1250, 0.0) for _ in range(20)]
    # Six begin within 50 ms: at 0, 10, … 50.
    assert [moment is not None for moment in came] == [True] * 6 + [False] * 14
    assert direction.counts.dropped == 14
    assert direction.take(1250, 0.06) == pytest.approx(0.07)


def test_loss_is_by_chance_of_the_seed_and_near_its_share() -> None:
    wire = Wire(loss=0.05)
    first, again, other = (sent(wire, [1000] * 10_000, 0.01, seed) for seed in (1, 1, 2))
    assert first == again != other
    assert 430 < first.count(None) < 570  # three and a half times the standard deviation, 21.8


def test_a_lost_frame_took_its_time_all_the_same() -> None:
    direction = Direction(Wire(loss=1.0, rate=1_000_000), 1)
    assert direction.take(1250, 0.0) is None
    assert direction.counts.lost == 1
    assert Direction(Wire(rate=1_000_000), 1).take(1250, 0.0) == pytest.approx(0.01)
    kept = Direction(Wire(loss=0.5, rate=1_000_000, patience=10), 3)
    came = [kept.take(1250, 0.0) for _ in range(100)]
    last = max(moment for moment in came if moment is not None)
    assert last == pytest.approx(0.01 * (1 + max(index for index, moment in enumerate(came) if moment is not None)))


@pytest.mark.parametrize("wrong", [{"loss": -0.1}, {"loss": 1.1}, {"delay": -1}, {"rate": 0}, {"patience": -1}])
def test_a_wire_that_cannot_be_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(AssertionError):
        Wire(**wrong)


def test_between_two_machines_it_loses_delays_and_carries_the_rest_unharmed() -> None:
    with network_bed() as bed:
        site = bed.site("host", Kind.OPEN, wire=BAD_LINE, seed=5)
        said = json.loads(bed.program("support.network_echo", str(site.host.pid), patience=60))
        assert site.wire is not None
        site.wire.end()

    # 300 datagrams each way at 50 a second: a quarter of a second's frames never waits, so that nothing is dropped.
    outward, inward = site.wire.counts["outward"], site.wire.counts["inward"]
    assert outward["dropped"] == inward["dropped"] == 0
    lost = 1 - said["answered"] / said["sent"]
    assert 0.03 < lost < 0.18  # 9.75 % is meant: 5 % each way
    assert said["spoilt"] == 0
    # Both ways at 80 ms, and on a busy machine more; never less.
    assert 0.160 <= said["least"] < 0.260
    assert said["tcp"] == 20_000


def test_an_interface_that_is_not_there_is_told() -> None:
    with network_bed() as bed, pytest.raises(CommandFailed, match="No such device"):
        bed.program("support.impairment", "no-such", "neither")
