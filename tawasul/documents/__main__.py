"""The examining process: a file comes in by the standard input, a verdict goes out by the standard output."""

from __future__ import annotations

import logging
import resource
import sys
from typing import Final

from tawasul.documents.look import look
from tawasul.documents.verdict import Accepted, Fault, Refusal, to_bytes
from tawasul.domain.petition import LARGEST_ATTACHMENT

MOST_MEMORY: Final = 1024 * 1024 * 1024
"""Bytes of addresses: a picture of ``MOST_PIXELS`` takes half of it."""
MOST_PROCESSOR: Final = 20
"""Seconds."""


def main() -> None:
    """One file, one verdict."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_PROCESSOR, MOST_PROCESSOR))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # it writes no file
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))  # and starts nothing
    # What the libraries have to say of a broken file may quote it.
    logging.disable(logging.CRITICAL)
    sys.stdout.buffer.write(to_bytes(_verdict(sys.stdin.buffer.read(LARGEST_ATTACHMENT + 1))))


def _verdict(content: bytes) -> Accepted | Fault:
    try:
        return look(content)
    except Refusal as refusal:
        return refusal.fault
    except MemoryError:
        return Fault.TOO_LARGE


if __name__ == "__main__":
    main()
