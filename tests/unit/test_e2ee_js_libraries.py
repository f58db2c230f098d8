"""Whatever a served module imports by name stands in the import map, and is the file that it means."""

import posixpath
import re
from pathlib import Path

import pytest

from tawasul.web.pages import IMPORTS, SCOPES

STATIC = Path(__file__).resolve().parents[2] / "tawasul" / "web" / "static"
MODULES = sorted(path for folder in ("js", "vendor") for path in (STATIC / folder).rglob("*js"))
IMPORT = re.compile(
    r"^(?:import|export)\b[^;\"']*\bfrom\s*[\"']([^\"']+)[\"']|^import\s*[\"']([^\"']+)[\"']|\bimport\([\"']([^\"']+)[\"']\)",
    re.MULTILINE,
)


def resolved(name: str, module: str) -> str | None:
    """The path below the static files that a browser asks for (HTML §8.1.6.2), or None: it would ask for nothing."""
    if name.startswith("."):
        return posixpath.normpath(posixpath.join(posixpath.dirname(module), name))
    for folder, names in SCOPES.items():
        for prefix, path in names.items():
            if module.startswith(folder) and name.startswith(prefix):
                return path + name.removeprefix(prefix)
    return IMPORTS.get(name)


def imported(text: str) -> list[str]:
    """What a module imports, by relative path or by name."""
    code = re.sub(r"/\*.*?\*/|`[^`]*`", "", text, flags=re.DOTALL)
    return [next(filter(None, names)) for names in IMPORT.findall(code)]


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(STATIC).as_posix())
def test_every_import_leads_to_a_file(module: Path) -> None:
    name = module.relative_to(STATIC).as_posix()
    wanted = {each: resolved(each, name) for each in imported(module.read_text("utf-8"))}
    assert [each for each, path in wanted.items() if path is None or not (STATIC / path).is_file()] == []


def test_imports_are_seen() -> None:
    hpke = (STATIC / "js" / "e2ee" / "hpke.js").read_text("utf-8")
    assert {"./bytes.js", "hpke", "@panva/hpke-noble"} <= set(imported(hpke))
    assert len(MODULES) > 100


def test_a_worker_imports_nothing_by_name() -> None:
    """Import maps do not hold inside workers."""
    seen: set[str] = set()
    ahead = ["js/e2ee/sframe-worker.js"]
    while ahead:
        module = ahead.pop()
        seen.add(module)
        names = imported((STATIC / module).read_text("utf-8"))
        assert [name for name in names if not name.startswith(".")] == [], module
        ahead += {path for name in names if (path := resolved(name, module))} - seen
    assert len(seen) > 3
