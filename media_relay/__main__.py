"""``python -m media_relay --config-file PATH``: one relay process.

Exit status: 0 ended as asked, 2 the configuration cannot be served, 3 the port is taken.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from media_relay.config import RelayConfig
from media_relay.directory import RelayDirectory
from media_relay.errors import EXIT_CONFIG, EXIT_PORT_TAKEN, RelayError, RelayPortTaken
from media_relay.process import serve


def main(arguments: Sequence[str] | None = None) -> int:
    """Serves, and returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m media_relay", description="The STUN and TURN relay of Tawasul.")
    parser.add_argument(
        "--config-file", type=Path, required=True, help="JSON, readable by its owner alone; state and log go beside it"
    )
    parser.add_argument("--supervised", action="store_true", help="started by the server, and lives by its lease")
    parser.add_argument("--worker", type=int, default=1, help="which of several workers on one port, from 1")
    given = parser.parse_args(arguments)
    try:
        config = RelayConfig.read(given.config_file)
        serve(config, RelayDirectory.of_config(given.config_file, given.worker), supervised=given.supervised)
    except RelayPortTaken as error:
        print(error, file=sys.stderr)  # noqa: T201 - the sentence is for a person at a terminal
        return EXIT_PORT_TAKEN
    except RelayError as error:
        print(error, file=sys.stderr)  # noqa: T201 - likewise
        return EXIT_CONFIG
    return 0


if __name__ == "__main__":
    sys.exit(main())
