"""The lock files say what pyproject.toml and package.json say, exactly, and name no registry."""

import json
import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from support.house import ROOT

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
DEPENDENCIES: list[str] = PYPROJECT["project"]["dependencies"]
GROUPS: dict[str, list[str]] = PYPROJECT["dependency-groups"]
LOCKS = {
    "run": DEPENDENCIES,
    "test": [*DEPENDENCIES, *GROUPS["dev"]],
    "build": GROUPS["build"],
    "bench-build": GROUPS["bench-build"],
    "bench": GROUPS["bench"],
    "uv": GROUPS["uv"],
    "node": GROUPS["node"],
}
PINNED = re.compile(r"^(?P<name>[\w.-]+)(?:\[[\w,.-]+\])?==(?P<version>[^\s;\\]+)", re.MULTILINE)


def locked(lock: str) -> dict[str, set[str]]:
    """Canonical name to the locked versions (more than one where platforms differ)."""
    found: dict[str, set[str]] = {}
    for match in PINNED.finditer(text(lock)):
        found.setdefault(canonicalize_name(match["name"]), set()).add(match["version"])
    return found


def text(lock: str) -> str:
    """A lock file's text."""
    return (ROOT / "requirements" / f"{lock}.txt").read_text()


@pytest.mark.parametrize("lock", LOCKS)
def test_every_direct_dependency_is_locked_within_its_range(lock: str) -> None:
    versions = locked(lock)
    for wanted in map(Requirement, LOCKS[lock]):
        assert canonicalize_name(wanted.name) in versions, f"{wanted} is not locked: run `make lock`"
        for version in versions[canonicalize_name(wanted.name)]:
            assert wanted.specifier.contains(version, prereleases=True), f"{wanted}, but locked at {version}"


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_has_its_hashes_and_no_registry_is_named(lock: str) -> None:
    blocks = re.split(r"\n(?=\S)", text(lock))
    for block in (block for block in blocks if PINNED.match(block)):
        assert "--hash=sha256:" in block, block.splitlines()[0]
    assert re.search(r"https?://|--index|--find-links|--extra-index", text(lock)) is None


def test_tests_run_on_the_versions_that_run() -> None:
    of_tests = locked("test")
    assert {name: versions for name, versions in locked("run").items() if of_tests.get(name) != versions} == {}
    both = locked("build").keys() & of_tests.keys()
    assert both
    assert {name for name in both if locked("build")[name] != of_tests[name]} == set()
    of_benches = locked("bench")
    assert {name for name in of_benches.keys() & of_tests.keys() if of_benches[name] != of_tests[name]} == set()


def test_the_build_backend_is_the_locked_one() -> None:
    assert PYPROJECT["build-system"]["requires"] == GROUPS["build"]
    assert GROUPS["build"][0] in GROUPS["dev"]


def test_browser_libraries_are_exact_and_locked_without_a_registry() -> None:
    package = json.loads((ROOT / "package.json").read_text())
    lock = json.loads((ROOT / "package-lock.json").read_text())
    wanted = package["dependencies"] | package["devDependencies"]
    for name, version in wanted.items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version), f"{name} is not pinned: {version}"
        assert lock["packages"][f"node_modules/{name}"]["version"] == version
    fetched = {path: entry for path, entry in lock["packages"].items() if path}
    assert [path for path, entry in fetched.items() if "integrity" not in entry] == []
    assert [path for path, entry in fetched.items() if "resolved" in entry] == []
