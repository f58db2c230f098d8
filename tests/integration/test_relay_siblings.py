"""What the workers of a relay know of each other, between processes: which relayed addresses are live and who holds how
many; and that what a dead one had is nobody's."""

from __future__ import annotations

import contextlib
import os
import resource
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from media_relay.common_shares import SIZE
from media_relay.directory import RelayDirectory
from media_relay.live_ports import PORTS
from media_relay.siblings import Siblings

HOSTS = ("127.0.0.1", "::1")
WORKERS = 3
KEY = bytes(32)
HERE, THERE = ("127.0.0.1", 50_000), ("::1", 65_535, 0, 0)
KIOSK, SOURCE = ("user", "call7.citizen@badr"), ("source", bytes([5, 5, 5, 5]))

OTHER = textwrap.dedent(
    """
    import sys
    from pathlib import Path
    from media_relay.directory import RelayDirectory
    from media_relay.siblings import Siblings

    siblings = Siblings(RelayDirectory(Path(sys.argv[1]), 2), ("127.0.0.1", "::1"), 3, bytes(32))
    siblings.live.add(("127.0.0.1", 50_000))
    siblings.live.add(("::1", 65_535, 0, 0))
    siblings.shares.note(("user", "call7.citizen@badr"), 1)
    siblings.shares.note(("source", bytes([5, 5, 5, 5])), 7)
    print("noted", flush=True)
    sys.stdin.readline()
    """
)
"""The second worker: marks two addresses, notes what two hold, and waits to be killed."""


@pytest.fixture
def directory(tmp_path: Path) -> RelayDirectory:
    found = RelayDirectory(tmp_path)
    for number in range(2, WORKERS + 1):
        found.of_worker(number).folder.mkdir()
    return found


@contextlib.contextmanager
def worker(directory: RelayDirectory, number: int = 1, hosts: tuple[str, ...] = HOSTS) -> Iterator[Siblings]:
    """This process as worker ``number``."""
    with contextlib.closing(Siblings(directory.of_worker(number), hosts, WORKERS, KEY)) as siblings:
        yield siblings


@contextlib.contextmanager
def second_worker(directory: RelayDirectory) -> Iterator[subprocess.Popen[str]]:
    """Another process as the second one."""
    with subprocess.Popen(
        [sys.executable, "-c", OTHER, str(directory.path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "noted\n"
            yield process
        finally:
            process.kill()


def test_a_mark_is_seen_by_the_others_as_long_as_it_stands(directory):
    with worker(directory) as first:
        with worker(directory, 2) as second:
            second.live.add(THERE)
            first.look_round()
            assert THERE in first.live
            assert THERE in second.live
            assert HERE not in first.live
            assert ("127.0.0.1", THERE[1]) not in first.live, "the same port of another address"
            assert ("10.0.0.1", THERE[1]) not in first.live, "no address of ours"
            second.live.discard(THERE)
            assert THERE not in first.live
            second.live.discard(THERE)
            second.live.add(HERE)
        assert HERE not in first.live, "it has ended in order"


def test_what_each_has_given_out_is_counted_by_all_the_others(directory):
    with worker(directory) as first, worker(directory, 2) as second:
        with worker(directory, 3) as third:
            for siblings, held in ((first, 1), (second, 2), (third, 4)):
                siblings.shares.note(KIOSK, held)
            assert [each.shares.elsewhere(KIOSK) for each in (first, second, third)] == [6, 5, 3]
            assert first.shares.elsewhere(SOURCE) == 0
            second.shares.note(KIOSK, -1)
            first.look_round()
            assert [each.shares.elsewhere(KIOSK) for each in (first, second, third)] == [5, 5, 2]
        assert [each.shares.elsewhere(KIOSK) for each in (first, second)] == [1, 1], "the third has ended in order"


def test_what_a_living_worker_has_stays_and_what_a_dead_one_had_goes(directory):
    with worker(directory) as first, worker(directory, 3) as third:
        first.live.add(("127.0.0.1", 50_002))
        third.shares.note(SOURCE, 2)
        with second_worker(directory) as second:
            first.look_round()
            assert HERE in first.live
            assert THERE in first.live
            assert (first.shares.elsewhere(KIOSK), first.shares.elsewhere(SOURCE)) == (1, 9)
            second.kill()
            second.wait()
            assert HERE in first.live, "nobody has looked round"
            first.look_round()
            assert HERE not in first.live
            assert THERE not in first.live
            assert ("127.0.0.1", 50_002) in first.live
            assert (first.shares.elsewhere(KIOSK), first.shares.elsewhere(SOURCE)) == (0, 2)


def test_who_takes_a_dead_ones_place_has_nothing_of_it(directory):
    with second_worker(directory) as second:
        second.kill()
        second.wait()
        with worker(directory, 2) as successor:
            assert HERE not in successor.live
            with worker(directory, 1) as first:
                assert first.shares.elsewhere(SOURCE) == 0


def test_a_mark_that_is_lost_to_anothers_clearing_comes_back(directory):
    """The kernel may give one of us the port of a dead one in the instant in which its mark is cleared."""
    with worker(directory) as first:
        first.live.add(HERE)
        marks = bytearray(directory.live_ports.read_bytes())
        assert marks[HERE[1]] == 1
        marks[HERE[1]] = 0
        with directory.live_ports.open("r+b") as file:
            file.write(marks)
        assert HERE not in first.live
        first.look_round()
        assert HERE in first.live


def test_a_table_that_was_taken_away_ends_no_call(directory):
    """As when somebody removes the lock under a living worker, so that the others take it for dead."""
    with worker(directory) as first:
        first.shares.note(KIOSK, 2)
        directory.alive.unlink()
        with worker(directory, 2) as second:
            assert second.shares.elsewhere(KIOSK) == 0
            first.shares.note(KIOSK, -1)
            first.shares.note(KIOSK, 1)
            assert second.shares.elsewhere(KIOSK) == 1


def test_what_cannot_be_looked_at_is_taken_to_live(directory):
    """Without a file more, as when a process has all that it may; once it has, what a dead one had goes."""
    with worker(directory) as first:
        first.live.add(("127.0.0.1", 50_002))
        with second_worker(directory) as second:
            second.kill()
            second.wait()
        with no_more_files():
            first.look_round()
            assert HERE in first.live
            assert ("127.0.0.1", 50_002) in first.live
            assert first.shares.elsewhere(SOURCE) == 7
        first.look_round()
        assert HERE not in first.live
        assert first.shares.elsewhere(SOURCE) == 0


@contextlib.contextmanager
def no_more_files() -> Iterator[None]:
    """Lets this process open none meanwhile."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
    try:
        with pytest.raises(OSError, match="Too many open files"):
            os.open(os.devnull, os.O_RDONLY)
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.parametrize("before", [0, 5_000])
def test_there_is_room_on_the_disk_for_all_of_it(directory, before):
    """To write where there is none, on a disk that has become full, would kill the process."""
    wanted = {directory.live_ports: len(HOSTS) * PORTS, directory.shares: WORKERS * SIZE}
    for path in wanted:
        path.write_bytes(bytes(before))
    with worker(directory):
        for path, size in wanted.items():
            found = path.stat()
            assert found.st_size == size
            assert found.st_blocks * 512 >= found.st_size


def test_files_of_a_smaller_relay_are_made_longer(directory):
    with contextlib.closing(Siblings(directory, HOSTS[:1], WORKERS - 1, KEY)):
        pass
    with worker(directory) as longer, worker(directory, WORKERS) as last:
        longer.live.add(THERE)
        assert THERE in last.live
        last.shares.note(KIOSK, 3)
        assert longer.shares.elsewhere(KIOSK) == 3


def test_of_a_larger_relay_nothing_is_counted(directory):
    with worker(directory, WORKERS) as last:
        last.shares.note(KIOSK, 3)
        with contextlib.closing(Siblings(directory, HOSTS, WORKERS - 1, KEY)) as smaller:
            smaller.look_round()
            assert smaller.shares.elsewhere(KIOSK) == 0
