"""The clock: credentials of calls, links and sign-ins go by it, and slots are in Riyadh's time. No network is asked."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import tawasul
from tawasul.doctor.finding import Finding, Words, ok, warning, wrong

BEHIND = timedelta(minutes=5)
"""How far a row that was written may lie in the future: several servers on one database never agree to the second."""

INSTALLED_AHEAD = timedelta(days=1)
"""How far the program's own files may lie in the future: they may have been made on another machine."""

_SET = Words(
    "Set the clock and let it be kept by the network's time server.",
    "اضبط الساعة واجعل خادم الوقت في الشبكة يحافظ عليها.",
)
_SET_COMMAND = "timedatectl set-ntp true"


def time_zone(name: str = "Asia/Riyadh") -> Finding:
    """The data of the zone in which slots are shown are on this machine."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError, ValueError):
        return wrong(
            "time-zone",
            Words(f"The data of the time zone {name} are missing.", f"بيانات المنطقة الزمنية {name} مفقودة."),
            Words("Install the system's time zone data.", "ثبّت بيانات المناطق الزمنية في النظام."),
            "apt-get install tzdata",
        )
    return ok("time-zone", Words(f"The time zone {name} is known.", f"المنطقة الزمنية {name} معروفة."))


def system_clock(
    *, newest_row: datetime | None, now: datetime | None = None, installed: datetime | None = None
) -> Finding:
    """Not before what has certainly happened: the program's installation, and the newest row of the database."""
    now = now or datetime.now(UTC)
    installed = installed or datetime.fromtimestamp(Path(tawasul.__file__).stat().st_mtime, UTC)
    shown = f"{now:%Y-%m-%d %H:%M} UTC"
    if now < installed - INSTALLED_AHEAD:
        return wrong(
            "clock",
            Words(
                f"The clock shows {shown}, which is before this program was installed ({installed:%Y-%m-%d}).",
                f"تشير الساعة إلى {shown}، وهو قبل تثبيت هذا البرنامج ({installed:%Y-%m-%d}).",
            ),
            _SET,
            _SET_COMMAND,
        )
    if newest_row is not None and now < newest_row - BEHIND:
        return wrong(
            "clock",
            Words(
                f"The clock shows {shown}, but the database's newest row is of {newest_row:%Y-%m-%d %H:%M} UTC: "
                "it is behind now, or was ahead then.",
                f"تشير الساعة إلى {shown}، لكن أحدث سجل في قاعدة البيانات بتاريخ {newest_row:%Y-%m-%d %H:%M} UTC: "
                "إما أنها متأخرة الآن أو كانت متقدمة حينها.",
            ),
            _SET,
            _SET_COMMAND,
        )
    return ok(
        "clock",
        Words(
            f"The clock shows {shown}; nothing speaks against it.", f"تشير الساعة إلى {shown}، ولا يوجد ما يخالف ذلك."
        ),
    )


def synchronised(told: str | None) -> Finding:
    """Whether a time server keeps the clock. ``told``: what ``timedatectl show`` printed; None when it cannot say."""
    values = dict(line.partition("=")[::2] for line in (told or "").splitlines())
    match values.get("NTPSynchronized"):
        case "yes":
            return ok("clock-kept", Words("A time server keeps the clock.", "يحافظ خادم الوقت على الساعة."))
        case "no":
            return warning(
                "clock-kept",
                Words(
                    "No time server keeps the clock: it will drift.",
                    "لا يوجد خادم وقت يحافظ على الساعة، وستنحرف مع الوقت.",
                ),
                Words("Turn on time synchronisation.", "فعّل مزامنة الوقت."),
                _SET_COMMAND,
            )
        case _:
            # In a container the host keeps the clock: nothing that could be mended here.
            return ok(
                "clock-kept",
                Words(
                    "This system does not say whether a time server keeps its clock.",
                    "لا يذكر هذا النظام هل يحافظ خادم وقت على ساعته.",
                ),
            )


def ask_timedatectl(program: str = "timedatectl") -> str | None:
    """What it prints; None without the program, or without systemd."""
    found = shutil.which(program)
    if found is None:
        return None
    try:
        done = subprocess.run([found, "show"], capture_output=True, text=True, timeout=5, check=False)  # noqa: S603 - fixed
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
