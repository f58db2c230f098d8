"""The probe as a program: every row against all relays, in one run, in a namespace that is the outside of their host.

``python -m support.probe_run PID FOLDER STRANGERS NAME...``: ``PID`` holds the host's namespace; so many strangers ask
where many are needed; the names are of relays. Prints one line of JSON a row.
"""

from __future__ import annotations

import json
import sys
import traceback
from pathlib import Path

from support.probe_bed import Bed, probe_bed
from support.probe_caller import Target
from support.probe_rows import Row
from support.probe_table import ROWS


def main(host: int, folder: Path, strangers: int, *names: str) -> None:
    """Runs, and prints."""
    with probe_bed(host, folder, strangers, names) as (bed, targets):
        for number, row in enumerate(ROWS):
            told = {name: done(row, bed, target) for name, target in targets.items()}
            print(json.dumps({"row": number, "told": told}), flush=True)


def done(row: Row, bed: Bed, target: Target) -> str:
    """What came of a row; a relay that it breaks is told of, not raised."""
    try:
        return row.act(bed, target)
    except (AssertionError, OSError, ValueError) as error:
        traceback.print_exc()
        return f"broken off: {type(error).__name__}: {error}"[:120]


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), *sys.argv[4:])
