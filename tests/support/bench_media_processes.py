"""The processes of a measured end, and how much of a processor they use, though some of them end meanwhile."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import psutil

KIND = "--type="
"""Chromium starts its helpers with a kind each; the browser itself, which starts them, has none."""


class BrowserNotFound(LookupError):
    """No process was started with that mark; the message names it."""


def browser_among(processes: Iterable[psutil.Process], mark: str) -> psutil.Process:
    """The browser whose command line has `mark` as one of its words. Raises BrowserNotFound.

    One that has ended says no words, and its entry stands until its parent asks for it: neither is what is looked for.
    """
    for each in processes:
        words = _words(each)
        if mark in words and not any(word.startswith(KIND) for word in words):
            return each
    raise BrowserNotFound(f"no browser was started with {mark}")


@dataclass
class Processor:
    """What `root` and all below it use. A process that has ended counts with what was last seen of it.

    Ask at the beginning and at the end of what is measured: a process that comes and goes in between is not seen.
    """

    root: psutil.Process
    _used: dict[psutil.Process, float] = field(default_factory=dict)

    def seconds(self) -> float:
        """Of CPU so far, in user and kernel mode together; never less than before."""
        for process in (self.root, *_below(self.root)):
            self._used[process] = max(self._used.get(process, 0.0), _used_by(process))
        return sum(self._used.values())


def _words(process: psutil.Process) -> list[str]:
    try:
        return list(process.cmdline())
    except psutil.NoSuchProcess:  # ZombieProcess is one of these
        return []


def _below(process: psutil.Process) -> list[psutil.Process]:
    try:
        return list(process.children(recursive=True))
    except psutil.NoSuchProcess:
        return []


def _used_by(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)
