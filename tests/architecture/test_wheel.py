"""The wheel is whole: five packages and no more, the pages' files, the migrations; and it works far from here."""

import os
import sqlite3
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest
from support.house import PACKAGES, ROOT, files

UV = Path(sys.executable).parent / "uv"


def run(*command: str, cwd: Path) -> str:
    """Run a command without anything of this repository in its surroundings; its output, or a failed test."""
    surroundings = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "TAWASUL_"))}
    done = subprocess.run(command, cwd=cwd, env=surroundings, capture_output=True, text=True, check=False, timeout=100)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built as a release would be, by the locked backend."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT), cwd=folder)
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def fresh(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with the wheel in it. Its dependencies are ours, seen through a .pth: nothing is fetched."""
    folder = tmp_path_factory.mktemp("fresh") / "environment"
    run(sys.executable, "-m", "venv", "--without-pip", str(folder), cwd=folder.parent)
    run(
        *(str(UV), "pip", "install", "--offline", "--no-deps", "--python", str(folder / "bin" / "python"), str(wheel)),
        cwd=folder,
    )
    [site_packages] = folder.glob("lib/python*/site-packages")
    # Python does not follow the .pth files of a folder that was named in a .pth: our editable install stays unseen.
    (site_packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder


def contents(wheel: Path) -> set[str]:
    """The names of the files in a wheel, but its metadata."""
    with zipfile.ZipFile(wheel) as archive:
        return {file for file in archive.namelist() if ".dist-info/" not in file}


def test_it_has_exactly_five_top_levels(wheel: Path, fresh: Path) -> None:
    assert {file.split("/")[0] for file in contents(wheel)} == set(PACKAGES)

    [record] = fresh.glob("lib/python*/site-packages/tawasul-*.dist-info/RECORD")
    installed = {line.split(",")[0].split("/")[0] for line in record.read_text().splitlines()}
    beside = {top for top in installed if top != ".." and not top.endswith(".dist-info")}
    assert beside == set(PACKAGES)


def test_it_carries_every_module(wheel: Path) -> None:
    ours = {path.relative_to(ROOT).as_posix() for path in files(*PACKAGES, suffixes=(".py",))}
    assert ours - contents(wheel) == set()


def test_it_carries_what_the_pages_need(wheel: Path) -> None:
    inside = contents(wheel)
    ours = {path.relative_to(ROOT).as_posix() for path in files(*PACKAGES)}
    assert {Path(path).suffix for path in ours} >= {".html", ".ftl", ".css", ".js", ".svg", ".ogg"}
    assert ours - inside == set()
    vendor = ROOT / "tawasul" / "web" / "static" / "vendor"
    browser_libraries = {path.relative_to(ROOT).as_posix() for path in vendor.rglob("*") if path.is_file()}
    assert {Path(path).suffix for path in browser_libraries} >= {".js", ".woff2"}
    assert browser_libraries - inside == set()


def test_it_carries_the_migrations(wheel: Path) -> None:
    migrations = [path for path in (ROOT / "alembic").rglob("*.py") if "__pycache__" not in path.parts]
    assert len(migrations) >= 2, "env.py and at least one version"
    wanted = {f"tawasul/_migrations/{path.relative_to(ROOT / 'alembic').as_posix()}" for path in migrations}
    assert wanted | {"tawasul/_migrations/script.py.mako"} <= contents(wheel)


def test_it_carries_nothing_that_was_left_about(wheel: Path) -> None:
    left_about = (".pyc", ".pem", ".key", ".db", ".sqlite3", ".log", ".env")
    assert [file for file in contents(wheel) if file.endswith(left_about) or "__pycache__" in file] == []


def test_it_is_imported_from_the_fresh_environment(fresh: Path, tmp_path: Path) -> None:
    program = f"import {', '.join(PACKAGES)}; print(*(p.__file__ for p in ({', '.join(PACKAGES)})), sep='\\n')"
    where = run(str(fresh / "bin" / "python"), "-c", program, cwd=tmp_path).split()
    assert len(where) == 5
    assert [file for file in where if not Path(file).is_relative_to(fresh)] == []


def test_it_makes_its_database_from_an_empty_folder(fresh: Path, tmp_path: Path) -> None:
    run(str(fresh / "bin" / "tawasul"), "db", "upgrade", cwd=tmp_path)
    [database] = tmp_path.rglob("*.db")
    with sqlite3.connect(database) as connection:
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert {"alembic_version", "outbox"} <= tables


def test_a_wheel_without_browser_libraries_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "source"
    for file in ("pyproject.toml", "README.md", "LICENSE", "deploy/wheel_hook.py", "tawasul/__init__.py"):
        (source / file).parent.mkdir(parents=True, exist_ok=True)
        (source / file).write_text((ROOT / file).read_text())
    done = subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(source)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "Please run `make setup` first" in done.stdout + done.stderr
