"""Which threads of a call go first where the processor is busy: speech and what carries it, at last pictures.

A picture that is encoded late is a picture less; speech that goes out late is a word less. By the niceness of threads
(setpriority(2); on Linux each has its own), as Chromium does it. To go before others a process needs leave: root has
it, and a service of systemd with `LimitNICE=-10`. Without leave it stays as it was.
"""

from __future__ import annotations

import contextlib
import os
import threading

FIRST, LAST = -10, 5
"""Niceness. Chromium's threads of sound have the former."""


def before_others() -> None:
    """The calling thread goes before others, and those which it starts from now on."""
    _be(min(FIRST, _niceness()))


def after_others() -> None:
    """The calling thread goes after others."""
    _be(max(LAST, _niceness()))


def _niceness() -> int:
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


def _be(niceness: int) -> None:
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), niceness)
