"""Which relayed addresses are live, between processes: what each marks all others see, and a dead one's marks go."""

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

from media_relay.directory import RelayDirectory
from media_relay.live_ports import PORTS, LivePorts

HOSTS = ("127.0.0.1", "::1")
HERE, THERE = ("127.0.0.1", 50_000), ("::1", 65_535, 0, 0)

OTHER = textwrap.dedent(
    """
    import sys
    from pathlib import Path
    from media_relay.directory import RelayDirectory
    from media_relay.live_ports import LivePorts

    ports = LivePorts(RelayDirectory(Path(sys.argv[1]), 2), ("127.0.0.1", "::1"))
    ports.add(("127.0.0.1", 50_000))
    ports.add(("::1", 65_535, 0, 0))
    print("marked", flush=True)
    sys.stdin.readline()
    """
)
"""The second worker: marks two addresses, and waits to be killed."""


@pytest.fixture
def directory(tmp_path: Path) -> RelayDirectory:
    found = RelayDirectory(tmp_path)
    found.of_worker(2).folder.mkdir()
    return found


@contextlib.contextmanager
def second_worker(directory: RelayDirectory) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", OTHER, str(directory.path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "marked\n"
            yield process
        finally:
            process.kill()


def test_a_mark_is_seen_by_the_others_as_long_as_it_stands(directory):
    with contextlib.closing(LivePorts(directory, HOSTS)) as first:
        with contextlib.closing(LivePorts(directory.of_worker(2), HOSTS)) as second:
            second.add(THERE)
            first.look_round()
            assert THERE in first
            assert THERE in second
            assert HERE not in first
            assert ("127.0.0.1", THERE[1]) not in first, "the same port of another address"
            assert ("10.0.0.1", THERE[1]) not in first, "no address of ours"
            second.discard(THERE)
            assert THERE not in first
            second.discard(THERE)
            second.add(HERE)
        assert HERE not in first, "it has ended in order"


def test_the_marks_of_a_living_worker_stay_and_of_a_dead_one_go(directory):
    with contextlib.closing(LivePorts(directory, HOSTS)) as first:
        first.add(("127.0.0.1", 50_002))
        with second_worker(directory) as second:
            first.look_round()
            assert HERE in first
            assert THERE in first
            second.kill()
            second.wait()
            assert HERE in first, "nobody has looked round"
            first.look_round()
            assert HERE not in first
            assert THERE not in first
            assert ("127.0.0.1", 50_002) in first


def test_who_takes_a_dead_ones_place_has_none_of_its_marks(directory):
    with second_worker(directory) as second:
        second.kill()
        second.wait()
        with contextlib.closing(LivePorts(directory.of_worker(2), HOSTS)) as successor:
            assert HERE not in successor


def test_a_mark_that_is_lost_to_anothers_clearing_comes_back(directory):
    """The kernel may give one of us the port of a dead one in the instant in which its mark is cleared."""
    with contextlib.closing(LivePorts(directory, HOSTS)) as first:
        first.add(HERE)
        marks = bytearray(directory.live_ports.read_bytes())
        assert marks[HERE[1]] == 1
        marks[HERE[1]] = 0
        with directory.live_ports.open("r+b") as file:
            file.write(marks)
        assert HERE not in first
        first.look_round()
        assert HERE in first


def test_what_cannot_be_looked_at_is_taken_to_live(directory):
    """Without a file more, as when a process has all that it may; once it has, the dead one's marks go."""
    with contextlib.closing(LivePorts(directory, HOSTS)) as first:
        first.add(("127.0.0.1", 50_002))
        with second_worker(directory) as second:
            second.kill()
            second.wait()
        with no_more_files():
            first.look_round()
            assert HERE in first
            assert ("127.0.0.1", 50_002) in first
        first.look_round()
        assert HERE not in first


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
def test_there_is_room_on_the_disk_for_every_mark(directory, before):
    """To mark where there is none, on a disk that has become full, would kill the process."""
    directory.live_ports.write_bytes(bytes(before))
    with contextlib.closing(LivePorts(directory, HOSTS)):
        found = directory.live_ports.stat()
    assert found.st_size == len(HOSTS) * PORTS
    assert found.st_blocks * 512 >= found.st_size


def test_a_file_of_fewer_addresses_is_made_longer(directory):
    with contextlib.closing(LivePorts(directory, HOSTS[:1])):
        pass
    with contextlib.closing(LivePorts(directory, HOSTS)) as longer:
        longer.add(THERE)
        assert THERE in longer
