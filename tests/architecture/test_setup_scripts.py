"""What makes the environment: says in a sentence what is missing, notices what changed, and asks no outside host."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
import yaml  # type: ignore[import-untyped]  # its stubs are a package for one test
from support.house import ROOT

SCRIPTS = ("scripts/setup", "scripts/lint", "scripts/test", "scripts/lock", ".ci/run", "scripts/install-test-packages")


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """scripts/environment.py, working in an empty folder."""
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    source = ROOT / "scripts" / "environment.py"
    specification = importlib.util.spec_from_file_location("environment_under_test", source)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    monkeypatch.setattr(module, "LOG", tmp_path / ".venv" / "tawasul-setup.log")
    monkeypatch.setattr(module, "STAMP", tmp_path / ".venv" / "tawasul-setup.json")
    return module


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_can_be_run_and_read(script: str) -> None:
    path = ROOT / script
    assert os.access(path, os.X_OK)
    first, second = path.read_text().splitlines()[:2]
    assert first in {"#!/bin/sh", "#!/usr/bin/env bash", "#!/usr/bin/env python3"}
    assert second.startswith(("# ", '"""')), "says what it is"
    if not first.endswith("python3"):
        shell = first.rpartition("/")[2].removeprefix("env ")
        assert subprocess.run([shell, "-n", str(path)], capture_output=True, check=False).returncode == 0


def path_with(tmp_path: Path, *commands: str) -> str:
    """A PATH on which there are these commands and no others."""
    folder = tmp_path / "commands"
    folder.mkdir()
    for command in commands:
        found = shutil.which(command)
        assert found is not None
        (folder / command).symlink_to(found)
    return str(folder)


def test_a_machine_without_python_is_told_what_to_install(tmp_path: Path) -> None:
    done = subprocess.run(
        [shutil.which("sh") or "sh", str(ROOT / "scripts" / "setup")],
        env={"PATH": path_with(tmp_path, "dirname")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "apt-get install python3 python3-venv" in done.stderr


def test_missing_test_packages_are_named(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "install-test-packages")],
        env={"PATH": path_with(tmp_path, "sh")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "The tests need chromium" in done.stdout
    assert "chromium" in done.stderr
    assert "coturn" in done.stderr


def test_a_moved_environment_is_noticed(environment: ModuleType, tmp_path: Path) -> None:
    assert not environment.venv_works()
    elsewhere = tmp_path / "elsewhere"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(elsewhere)], check=True)
    (elsewhere / "bin" / "tawasul").write_text(f"#!{elsewhere}/bin/python\n")
    elsewhere.rename(environment.VENV)
    assert not environment.venv_works()

    (environment.VENV / "bin" / "tawasul").write_text(f"#!{environment.PYTHON}\n")
    assert environment.venv_works()


def test_an_environment_of_another_python_is_noticed(environment: ModuleType) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(environment.VENV)], check=True)
    assert environment.venv_works()
    [library] = environment.VENV.glob("lib/python*")
    library.rename(library.with_name("python3.2"))
    assert not environment.venv_works()


def test_a_changed_lock_is_noticed(environment: ModuleType, tmp_path: Path) -> None:
    lock = tmp_path / "run.txt"
    lock.write_text("fastapi==1")
    before = environment.digest([lock], extra=["here"])
    assert environment.digest([lock], extra=["here"]) == before
    assert environment.digest([lock], extra=["there"]) != before
    lock.write_text("fastapi==2")
    assert environment.digest([lock], extra=["here"]) != before


def test_an_unfinished_setup_is_done_again(environment: ModuleType) -> None:
    assert environment.read_stamp() == {}
    environment.VENV.mkdir()
    environment.STAMP.write_text('{"python": "abc')
    assert environment.read_stamp() == {}
    environment.write_stamp({"python": "abc"})
    assert environment.read_stamp() == {"python": "abc"}


def test_a_command_that_fails_is_quoted(environment: ModuleType) -> None:
    with pytest.raises(environment.SetupProblem, match=r"could not be installed(.|\n)*no such package"):
        environment.run(["sh", "-c", "echo no such package; exit 1"], "It could not be installed")


def test_hooks_ask_no_outside_host() -> None:
    configuration = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
    assert {repository["repo"] for repository in configuration["repos"]} == {"local"}
    hooks = [hook for repository in configuration["repos"] for hook in repository["hooks"]]
    assert {hook["language"] for hook in hooks} == {"system"}
    assert [hook["entry"] for hook in hooks if not (ROOT / hook["entry"].split()[0]).exists()] == []
