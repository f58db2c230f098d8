"""Is the program itself whole: Python, our five names, the browser libraries, what the native kiosk reaches into."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import packages_distributions
from importlib.util import find_spec
from pathlib import Path

import tawasul
from tawasul.doctor.finding import Finding, Words, ok, wrong

OLDEST_PYTHON = (3, 11)

TOP_LEVELS = ("tawasul", "scheduler", "signaling", "media_relay", "kiosk_client")
"""What the wheel puts in place. On the package index ``scheduler`` and ``signaling`` are other people's."""

OURS = "tawasul"
"""The distribution that may own them."""


def python_version(found: tuple[int, ...] = sys.version_info[:3]) -> Finding:
    """New enough."""
    version = ".".join(map(str, found))
    if found >= OLDEST_PYTHON:
        return ok("python", Words(f"Python {version} will do.", f"إصدار بايثون {version} مناسب."))
    return wrong(
        "python",
        Words(
            f"Python {version} is too old: 3.11 or newer is needed.",
            f"إصدار بايثون {version} قديم: المطلوب 3.11 أو أحدث.",
        ),
        Words(
            "Install a newer Python and set the project up again.", "ثبّت إصدارًا أحدث من بايثون ثم أعد إعداد المشروع."
        ),
        "apt-get install python3 python3-venv && make setup",
    )


def top_levels(owners: Mapping[str, Sequence[str]] | None = None) -> Iterator[Finding]:
    """Each of our five names is ours: no other distribution claims it, and what is imported lies beside ``tawasul``.

    ``owners``: distributions by top-level name, as ``importlib.metadata.packages_distributions`` tells (the default).
    """
    owners = packages_distributions() if owners is None else owners
    mistakes = [finding for name in TOP_LEVELS for finding in _name_of_ours(name, owners.get(name, ()))]
    yield from mistakes
    if not mistakes:
        yield ok(
            "top-level-names",
            Words(f"{', '.join(TOP_LEVELS)} are ours.", f"الحزم {' و'.join(TOP_LEVELS)} هي حزم هذا البرنامج."),
        )


def _name_of_ours(name: str, owners: Sequence[str]) -> Iterator[Finding]:
    strangers = sorted(set(owners) - {OURS})
    home, found = Path(tawasul.__file__).parent.parent, _where(name)
    if strangers:
        listed = ", ".join(strangers)
        yield wrong(
            "top-level-names",
            Words(
                f"The package name {name} is ours, but the distribution {listed} has put its own there.",
                f"اسم الحزمة {name} من أسماء هذا البرنامج، لكن التوزيعة {listed} وضعت حزمتها مكانه.",
            ),
            Words(
                "Remove that distribution, then install Tawasul again: each may have overwritten files of the other.",
                "أزل تلك التوزيعة ثم أعد تثبيت البرنامج، فقد تكون ملفات إحداهما كُتبت فوق الأخرى.",
            ),
            f"{sys.executable} -m pip uninstall {' '.join(strangers)}",
        )
    elif found is None:
        yield wrong(
            "top-level-names",
            Words(f"The package {name} is missing.", f"الحزمة {name} مفقودة."),
            Words("Install Tawasul again.", "أعد تثبيت البرنامج."),
            "make setup",
        )
    elif found.parent != home:
        yield wrong(
            "top-level-names",
            Words(
                f"{name} would be imported from {found}, which is not ours: ours lies in {home}.",
                f"ستُستورد الحزمة {name} من {found} وليست لنا: حزمتنا في {home}.",
            ),
            Words(
                "Start from another folder, or move that one away and clear PYTHONPATH.",
                "شغّل البرنامج من مجلد آخر، أو انقل ذلك المجلد وأفرغ المتغيّر PYTHONPATH.",
            ),
        )


def _where(name: str) -> Path | None:
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        return Path(spec.origin) if spec is not None and spec.origin else None
    return Path(next(iter(spec.submodule_search_locations)))


def browser_libraries(static: Path | None = None) -> Finding:
    """The libraries that pages import by name are there. ``static``: the folder of static files (the default: ours)."""
    from tawasul.web.pages import IMPORTS
    from tawasul.web.static_files import STATIC_FOLDER

    static = static or STATIC_FOLDER
    gone = [name for name, path in IMPORTS.items() if not _holds_something(static / path)]
    missing = list(dict.fromkeys(_package(name) for name in gone))
    if not any((static / "vendor" / "fonts").glob("*.woff2")):
        missing.append("fonts")
    if not missing:
        return ok("browser-libraries", Words("The pages' browser libraries are there.", "مكتبات المتصفح موجودة."))
    return wrong(
        "browser-libraries",
        Words(
            f"Browser libraries are missing, so that pages stay blank: {', '.join(missing)}.",
            f"مكتبات متصفح مفقودة، ولذلك تبقى الصفحات فارغة: {', '.join(missing)}.",
        ),
        Words(
            "Fetch them; an installed wheel is installed again.",
            "اجلبها، أو أعد التثبيت إن كان البرنامج مثبّتًا من حزمة جاهزة.",
        ),
        "make setup",
    )


def _package(name: str) -> str:
    """The npm package of a name that modules import."""
    return "/".join(name.split("/")[: 2 if name.startswith("@") else 1])


def _holds_something(path: Path) -> bool:
    return path.is_file() and path.stat().st_size > 0


def call_library() -> Finding:
    """aiortc and aioice still have the private names that the native kiosk relies on (ADR 0010)."""
    from kiosk_client.aiortc_private import require_known_names
    from kiosk_client.errors import LibraryChanged

    try:
        require_known_names()
    except LibraryChanged as error:
        return wrong(
            "call-library",
            Words(f"The native kiosk cannot call: {error}.", f"لا يستطيع الكشك إجراء مكالمة: {error}."),
            Words("Install the versions that the lock file names.", "ثبّت الإصدارات المذكورة في ملف الأقفال."),
            "make setup",
        )
    return ok(
        "call-library", Words("The native kiosk's call library is as expected.", "مكتبة المكالمات في الكشك كما ينبغي.")
    )
