"""The compiler checks the pages' scripts, and `scripts/vendor.py` copies what is named and nothing else."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
VENDOR_SCRIPT = ROOT / "scripts" / "vendor.py"


def compiler() -> list[str]:
    """The compiler that `npm ci` installed, started by the machine's Node or by that of the environment."""
    node = shutil.which("node") or shutil.which("node", path=str(Path(sys.executable).parent))
    script = ROOT / "node_modules" / "typescript" / "bin" / "tsc"
    assert node, "Node is missing: run `make setup`"
    assert script.is_file(), "the compiler is missing: run `make setup`"
    return [node, str(script)]


def test_scripts_are_well_typed() -> None:
    done = subprocess.run([*compiler(), "-p", "tsconfig.json"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_compiler_looks_at_scripts(tmp_path: Path) -> None:
    settings = json.loads((ROOT / "tsconfig.json").read_text())
    settings["include"] = ["wrong.js"]
    (tmp_path / "tsconfig.json").write_text(json.dumps(settings))
    (tmp_path / "wrong.js").write_text("/** @param {number} n */\nexport const half = (n) => n / 2;\nhalf('one');\n")
    done = subprocess.run([*compiler(), "-p", str(tmp_path)], capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "wrong.js" in done.stdout


def copy_of_the_sources(folder: Path) -> Path:
    """A scratch project: the script, the names of the packages, and the packages."""
    (folder / "scripts").mkdir()
    shutil.copy(VENDOR_SCRIPT, folder / "scripts")
    shutil.copy(ROOT / "package.json", folder)
    shutil.copytree(
        ROOT / "node_modules", folder / "node_modules", ignore=shutil.ignore_patterns("typescript", "axe-core")
    )
    return folder / "tawasul/web/static/vendor"


def vendor(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(folder / "scripts/vendor.py")], capture_output=True, text=True, check=False
    )


def test_vendoring_is_idempotent_and_removes_what_is_not_named(tmp_path: Path) -> None:
    target = copy_of_the_sources(tmp_path)
    assert vendor(tmp_path).returncode == 0
    files = sorted(path for path in target.rglob("*") if path.is_file())
    assert len(files) > 15
    assert not any(b"sourceMappingURL" in path.read_bytes() for path in files if path.suffix == ".js")
    stray = target / "old-library" / "index.js"
    stray.parent.mkdir()
    stray.write_text("old")
    again = vendor(tmp_path)
    assert again.stdout.rstrip().endswith("1 changed")
    assert not stray.parent.exists()
    assert vendor(tmp_path).stdout.rstrip().endswith("0 changed")


def test_vendoring_refuses_another_version(tmp_path: Path) -> None:
    copy_of_the_sources(tmp_path)
    manifest = tmp_path / "node_modules/partysocket/package.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"version": "0.0.1"}))
    done = vendor(tmp_path)
    assert done.returncode == 1
    assert "partysocket is 0.0.1" in done.stderr


def test_vendoring_without_packages_says_what_to_do(tmp_path: Path) -> None:
    copy_of_the_sources(tmp_path)
    shutil.rmtree(tmp_path / "node_modules")
    done = vendor(tmp_path)
    assert done.returncode == 1
    assert "npm ci" in done.stderr


def test_the_lock_names_no_registry() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text())
    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []
    assert "omit-lockfile-registry-resolved=true" in (ROOT / ".npmrc").read_text().split(os.linesep)
