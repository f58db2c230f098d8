"""The doctor on the clock: what has certainly happened lies behind us."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tawasul.doctor import clock
from tawasul.doctor.finding import State

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("newest_row", "installed", "state"),
    [
        (None, NOW - timedelta(days=30), State.OK),
        (NOW - timedelta(days=400), NOW - timedelta(days=500), State.OK),
        (NOW + timedelta(minutes=1), NOW, State.OK),
        (NOW + timedelta(minutes=6), NOW, State.WRONG),
        (None, NOW + timedelta(hours=1), State.OK),
        (None, NOW + timedelta(days=2), State.WRONG),
    ],
)
def test_the_system_clock(newest_row: datetime | None, installed: datetime, state: State) -> None:
    assert clock.system_clock(newest_row=newest_row, now=NOW, installed=installed).state is state


def test_this_machine_s_clock_is_after_the_installation() -> None:
    assert clock.system_clock(newest_row=None).state is State.OK


def test_a_clock_that_began_again_at_zero() -> None:
    # What a kiosk shows whose battery is flat; the installation's date is the program's own here.
    finding = clock.system_clock(newest_row=None, now=datetime(1970, 1, 1, tzinfo=UTC))
    assert finding.state is State.WRONG
    assert "1970-01-01" in finding.sentence.english


def test_the_time_zone() -> None:
    assert clock.time_zone().state is State.OK
    missing = clock.time_zone("Asia/Nowhere")
    assert missing.state is State.WRONG
    assert missing.mend is not None
    assert missing.mend.command == "apt-get install tzdata"


@pytest.mark.parametrize(
    ("told", "state"),
    [
        ("Timezone=Asia/Riyadh\nCanNTP=yes\nNTP=yes\nNTPSynchronized=yes\n", State.OK),
        ("Timezone=Asia/Riyadh\nCanNTP=yes\nNTP=no\nNTPSynchronized=no\n", State.WARNING),
        (None, State.OK),
    ],
)
def test_whether_a_time_server_keeps_it(told: str | None, state: State) -> None:
    assert clock.synchronised(told).state is state


def test_a_machine_without_the_program_that_knows(tmp_path: Path) -> None:
    assert clock.ask_timedatectl(str(tmp_path / "timedatectl")) is None
