"""Python runs this at the start of every process of a watched test: what would leave the machine is written down.

Put this folder and ``tests`` on PYTHONPATH, and name a file in EGRESS_LOG.
"""

import os

from support.egress import Egress


class _Written(list[str]):
    """Appending writes to the file at once: a process may be killed."""

    def append(self, what: str) -> None:
        with open(os.environ["EGRESS_LOG"], "a", encoding="utf-8") as log:
            log.write(what + "\n")


Egress().left = _Written()
