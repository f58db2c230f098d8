"""The running service of this data folder, found by the note that it leaves (``server.json``), and how it does."""

from __future__ import annotations

import json
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import psutil

from tawasul import __version__
from tawasul.doctor.finding import Finding, Words, ok, warning, wrong
from tawasul.serving import address_file

ANSWERS_WITHIN = 5.0
"""Seconds."""


@dataclass(frozen=True, slots=True)
class Health:
    """What a service said of itself."""

    ready: bool
    version: str


@dataclass(frozen=True, slots=True)
class Noted:
    """A service that was started from this folder. ``health``: None when it did not answer; ``alive``: its process."""

    address: str
    pid: int
    alive: bool
    health: Health | None

    @property
    def port(self) -> int | None:
        """Of its pages; None in a note that is not ours."""
        try:
            return urlsplit(self.address).port
        except ValueError:
            return None

    @property
    def running(self) -> bool:
        """Whether it is there, well or not."""
        return self.alive or self.health is not None


def noted(directory: Path) -> Noted | None:
    """The service that was last started from ``directory``; None when none was, or its note cannot be read."""
    try:
        note = json.loads(address_file(directory).read_text())
        address, pid = str(note["address"]), int(note["pid"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return Noted(address, pid, _is_ours(pid), health(address))


def health(address: str) -> Health | None:
    """What the service at ``address`` says of itself; None when nobody answers as one of ours would.

    Only numbers and ``localhost`` are asked: a name would have to be looked up elsewhere.
    """
    try:
        if (host := urlsplit(address).hostname) != "localhost":
            ip_address(host or "")
        # Nothing secret is sent, and a certificate of this machine's own authority is trusted by nobody here.
        with httpx.Client(verify=False, trust_env=False, timeout=ANSWERS_WITHIN) as client:  # noqa: S501
            answer: Any = client.get(f"{address}/api/health").json()
        return Health(ready=bool(answer["ready"]), version=str(answer["version"])[:40])
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, TypeError):
        return None


def running_service(found: Noted | None) -> Finding:
    """Well; not running, which is well too; or running and not well."""
    if found is None or not found.running:
        return ok(
            "service",
            Words("No service runs from this data folder.", "لا توجد خدمة تعمل من مجلد البيانات هذا."),
        )
    if found.health is None or not found.health.ready:
        return wrong(
            "service",
            Words(
                f"The service at {found.address} (process {found.pid}) runs but takes no lines.",
                f"الخدمة في {found.address} (العملية {found.pid}) تعمل لكنها لا تستقبل الاتصالات.",
            ),
            Words(
                "If it has just been started, wait a moment. Otherwise read its log, and restart it.",
                "إن كانت قد بدأت للتو فانتظر لحظة، وإلا فاقرأ سجلها وأعد تشغيلها.",
            ),
        )
    if found.health.version != __version__:
        return warning(
            "service",
            Words(
                f"The service at {found.address} is of version {found.health.version}; installed is {__version__}.",
                f"الخدمة في {found.address} من الإصدار {found.health.version} والمثبّت هو {__version__}.",
            ),
            Words("Restart it. Calls in progress go on.", "أعد تشغيلها، والمكالمات الجارية تستمر."),
        )
    return ok(
        "service",
        Words(f"The service at {found.address} is well.", f"الخدمة في {found.address} تعمل جيدًا."),
    )


def _is_ours(pid: int) -> bool:
    """Whether the process still is one of ours: its number may have been given to another since."""
    try:
        process = psutil.Process(pid)
        return process.status() != psutil.STATUS_ZOMBIE and any("tawasul" in part for part in process.cmdline())
    except (psutil.Error, ValueError):
        return False
