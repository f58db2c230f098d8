"""The floors of the house hold: the import contracts of pyproject.toml are kept, and each of them can be broken."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from support.house import PACKAGES, ROOT, files

LINT_IMPORTS = Path(sys.executable).parent / "lint-imports"
CONFIGURATION = tomllib.loads((ROOT / "pyproject.toml").read_text())
CONTRACTS: list[dict[str, Any]] = CONFIGURATION["tool"]["importlinter"]["contracts"]

# A contract, and what somebody might write (file, import) that it must not let pass.
BREAKS: list[tuple[str, dict[str, str]]] = [
    ("floors", {"tawasul/settings.py": "import tawasul.app"}),
    ("floors", {"tawasul/app.py": "import tawasul.cli"}),
    ("floors", {"tawasul/web/__init__.py": "import tawasul.settings"}),
    ("floors", {"scheduler/__init__.py": "import signaling"}),
    ("floors", {"media_relay/__init__.py": "import tawasul.casework"}),
    ("floors", {"tawasul/web/__init__.py": "import scheduler"}),
    ("floors", {"tawasul/store/__init__.py": "import tawasul.bus"}),
    ("floors", {"tawasul/store/__init__.py": "import tawasul.web"}),
    ("floors", {"tawasul/office_client/__init__.py": "import scheduler"}),
    ("floors", {"tawasul/web/__init__.py": "import tawasul.office_client"}),
    ("floors", {"kiosk_client/__init__.py": "import tawasul.office_client"}),
    ("floors", {"tawasul/protocol/__init__.py": "import tawasul.access"}),
    ("floors", {"tawasul/protocol/__init__.py": "import tawasul.e2ee"}),
    ("floors", {"tawasul/domain/__init__.py": "import tawasul.protocol"}),
    ("pure-ground", {"tawasul/domain/__init__.py": "import random"}),
    ("pure-ground", {"tawasul/protocol/__init__.py": "from asyncio import sleep"}),
    ("pure-ground", {"tawasul/e2ee/__init__.py": "import secrets"}),
    ("pure-cores", {"signaling/core/__init__.py": "import time"}),
    ("pure-cores", {"media_relay/core/__init__.py": "import socket"}),
    ("pure-cores", {"kiosk_client/core/__init__.py": "import websockets"}),
    ("pure-cores", {"kiosk_client/media/core/__init__.py": "import aiortc"}),
    ("servers-hold-no-keys", {"signaling/__init__.py": "import tawasul.e2ee"}),
    ("servers-hold-no-keys", {"tawasul/app.py": "import tawasul.e2ee"}),
    # By a chain: neither file breaks the contract alone.
    (
        "servers-hold-no-keys",
        {"scheduler/__init__.py": "import tawasul.protocol", "tawasul/protocol/__init__.py": "import tawasul.e2ee"},
    ),
    ("no-media-in-a-server", {"signaling/__init__.py": "import aiortc"}),
    ("no-media-in-a-server", {"media_relay/__init__.py": "from av import open"}),
    ("no-media-in-a-server", {"tawasul/app.py": "import av.audio"}),
    ("kiosk-is-a-client", {"kiosk_client/__init__.py": "import tawasul.store"}),
    ("kiosk-is-a-client", {"kiosk_client/__init__.py": "import sqlalchemy"}),
    ("office-is-a-client", {"tawasul/office_client/console/__init__.py": "import tawasul.store"}),
    # By a chain: the module of the service's own sign-in needs the database.
    ("office-is-a-client", {"tawasul/office_client/console/__init__.py": "import tawasul.web.sign_in_routes"}),
    ("clients-compose-themselves", {"tawasul/app.py": "import kiosk_client"}),
    ("clients-compose-themselves", {"signaling/__init__.py": "import tawasul.office_client"}),
    ("clients-compose-themselves", {"tawasul/settings.py": "import tawasul.issuer"}),
    ("issuer-stands-alone", {"tawasul/issuer/__init__.py": "import kiosk_client"}),
    ("no-circles", {"signaling/chicken.py": "import signaling.egg", "signaling/egg.py": "import signaling.chicken"}),
    ("no-circles", {"tawasul/web/up.py": "import tawasul.web.down", "tawasul/web/down.py": "import tawasul.web.up"}),
]


def lint(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run import-linter on the packages in a folder, which come before the installed ones."""
    return subprocess.run(
        [str(LINT_IMPORTS), "--no-logo", "--no-cache", *options],
        cwd=folder,
        # Wide enough that no contract's name is broken over two lines.
        env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_contract_is_kept() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(CONTRACTS)} kept, 0 broken" in done.stdout


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the house in which anything may be broken."""
    folder = tmp_path_factory.mktemp("house")
    shutil.copy(ROOT / "pyproject.toml", folder)
    for source in files(*PACKAGES, suffixes=(".py",)):
        copy = folder / source.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, copy)
    return folder


@pytest.mark.parametrize(("contract", "changes"), BREAKS, ids=lambda value: value if isinstance(value, str) else "")
def test_a_broken_contract_is_noticed(scratch: Path, contract: str, changes: dict[str, str]) -> None:
    before = {file: (scratch / file).read_text() if (scratch / file).exists() else None for file in changes}
    title = next(each["name"] for each in CONTRACTS if each["id"] == contract)
    try:
        for file, line in changes.items():
            (scratch / file).write_text(f"{before[file] or ''}\n{line}\n")
        done = lint(scratch, "--contract", contract)
    finally:
        for file, text in before.items():
            if text is None:
                (scratch / file).unlink()
            else:
                (scratch / file).write_text(text)
    assert done.returncode == 1, f"nobody noticed {changes}:\n{done.stdout}{done.stderr}"
    assert f"{title} BROKEN" in done.stdout


def test_every_contract_has_a_break() -> None:
    assert {contract for contract, _ in BREAKS} == {each["id"] for each in CONTRACTS}


def test_every_part_of_the_house_has_its_floor() -> None:
    floors = next(each for each in CONTRACTS if each["id"] == "floors")["layers"]
    placed = {part.strip().strip("()") for floor in floors for part in floor.replace(":", "|").split("|")}
    parts = {package for package in PACKAGES if package != "tawasul"} | {
        f"tawasul.{path.stem}"
        for path in (ROOT / "tawasul").iterdir()
        if (path.suffix == ".py" or (path / "__init__.py").exists()) and not path.name.startswith("__")
    }
    assert parts <= placed, f"on no floor: {sorted(parts - placed)}"


# What a program loads before anyone asked for it. The command line imports a part only inside the part's own command.
HEAVY = ("av", "aiortc", "sqlalchemy", "fastapi", "numpy")
# What a server needs for a paper, a workbook, a migration or a terminal, and not before.
FOR_PAPERS = ("fpdf", "fontTools", "uharfbuzz", "PIL", "pypdf", "numpy", "xlsxwriter")
FOR_LATER = (*FOR_PAPERS, "alembic", "mako", "rich", "pygments", "typer", "httpx")


@pytest.mark.parametrize(
    ("module", "never"),
    [
        ("tawasul.cli", HEAVY),
        ("tawasul.app", ("av", "aiortc", "aioice", "kiosk_client", "tawasul.e2ee", "tawasul.office_client")),
        ("tawasul.serving", FOR_LATER),
        ("tawasul.administration", (*FOR_LATER, "fastapi", "jinja2", "signaling.gateway", "scheduler.web")),
        ("kiosk_client.run", ("sqlalchemy", "alembic", "fastapi", "uvicorn", "tawasul.store", "tawasul.web")),
        ("tawasul.office_client.console.run", ("av", "aiortc", "sqlalchemy", "tawasul.store", "tawasul.access")),
        ("media_relay.__main__", ("av", "aiortc", "sqlalchemy", "fastapi", "tawasul.store", "tawasul.web")),
    ],
)
def test_a_part_loads_only_what_it_needs(module: str, never: tuple[str, ...]) -> None:
    program = f"import sys, {module}; print(*sys.modules, sep='\\n')"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert set(never) & set(done.stdout.split()) == set()
