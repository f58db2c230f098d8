"""Where and of what something was measured: the machine, how busy it was, and the versions."""

from __future__ import annotations

import os
import platform
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psutil
from support.house import PACKAGES, ROOT

CHROMIUM = "/usr/bin/chromium"


@dataclass(frozen=True)
class Conditions:
    """What stands beside each row. `load`: the machine's one-minute load average, before and after."""

    date: str
    commit: str
    machine: str
    load: str
    versions: str


def load() -> float:
    """Processes that want a core, averaged over the last minute: all of the machine's, and not only ours."""
    return os.getloadavg()[0]


def conditions(load_before: float) -> Conditions:
    """As they are now, at the end of a bench that began at `load_before`."""
    return Conditions(
        date=f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        commit=_commit(),
        machine=f"{psutil.cpu_count()} cores, {_model()}, {psutil.virtual_memory().total / 2**30:.0f} GiB, {_system()}",
        load=f"{load_before:.1f} before, {load():.1f} after",
        versions=f"Python {platform.python_version()}, aiortc {version('aiortc')}, aioice {version('aioice')}, "
        f"{_chromium()}",
    )


def _commit() -> str:
    """Ours, and whether the five packages held anything beyond it."""
    try:
        commit = _said("git", "-C", str(ROOT), "rev-parse", "--short=10", "HEAD")
        changed = _said("git", "-C", str(ROOT), "status", "--porcelain", "--", *PACKAGES)
    except (OSError, subprocess.CalledProcessError):
        return f"version {version('tawasul')}, outside Git"
    return f"{commit} with uncommitted changes" if changed else commit


def _model() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _system() -> str:
    return f"{platform.freedesktop_os_release().get('PRETTY_NAME', 'Linux')}, kernel {platform.release()}"


def _chromium() -> str:
    return " ".join(_said(CHROMIUM, "--version").split()[:2])


def _said(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
