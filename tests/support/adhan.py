"""What another library says of prayer and Ramadan (``adhan_times.mjs``): what the service's own is held against."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from tawasul.domain.places import Coordinates

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = Path(__file__).with_name("adhan_times.mjs")

FIRST_DAY = date(2026, 1, 1)
TEN_YEARS = [FIRST_DAY + timedelta(days=number) for number in range(3652)]


@dataclass(frozen=True)
class Adhan:
    """``times``: by place and day the five moments (UTC, to the second), Fajr first; ``ramadan`` its days."""

    times: dict[Coordinates, dict[date, list[datetime]]]
    ramadan: frozenset[date]


def ask_adhan(places: Sequence[Coordinates], days: Sequence[date]) -> Adhan:
    """One run of Node for all of them."""
    node = shutil.which("node") or shutil.which("node", path=str(Path(sys.executable).parent))
    assert node, "node is missing: run `make setup`"
    question = {
        "places": [[place.latitude, place.longitude] for place in places],
        "days": [day.isoformat() for day in days],
    }
    done = subprocess.run(
        [node, str(SCRIPT)],
        cwd=ROOT,
        input=json.dumps(question),
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    return Adhan(
        times={
            place: {
                day: [datetime.fromtimestamp(each, UTC) for each in five] for day, five in zip(days, of, strict=True)
            }
            for place, of in zip(places, answer["times"], strict=True)
        },
        ramadan=frozenset(day for day, is_in in zip(days, answer["ramadan"], strict=True) if is_in),
    )
