"""The doctor on the program itself: our names taken by real distributions, shadowed folders, missing libraries."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tawasul.doctor import installation
from tawasul.doctor.finding import State


def a_distribution(site: Path, name: str, version: str = "0.9") -> None:
    """A distribution as pip would have put it into ``site``, with a package of its own name."""
    (site / name).mkdir(parents=True)
    (site / name / "__init__.py").write_text('"""Somebody else\'s."""\n')
    metadata = site / f"{name}-{version}.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    (metadata / "top_level.txt").write_text(f"{name}\n")
    (metadata / "RECORD").write_text(f"{name}/__init__.py,,\n{metadata.name}/METADATA,,\n{metadata.name}/RECORD,,\n")


def doctor(site: Path, folder: Path) -> tuple[int, dict[str, list[dict[str, Any]]]]:
    """The command as people run it, with ``site`` before everything else; exit status, and findings by name."""
    surroundings = {key: value for key, value in os.environ.items() if not key.startswith("TAWASUL_")}
    done = subprocess.run(
        [sys.executable, "-P", "-m", "tawasul.cli", "doctor", "--json"],
        cwd=folder,
        env=surroundings | {"PYTHONPATH": str(site), "TAWASUL_SERVER__PORT": "0", "TAWASUL_RELAY__PORT": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    report = json.loads(done.stdout)
    assert report["ok"] == (done.returncode == 0), done.stderr
    found: dict[str, list[dict[str, Any]]] = {}
    for finding in report["findings"]:
        found.setdefault(finding["name"], []).append(finding)
    return done.returncode, found


def test_a_machine_with_nothing_on_it_yet_is_well_and_stays_untouched(tmp_path: Path) -> None:
    status, found = doctor(tmp_path / "empty", tmp_path)
    mistakes = [each for findings in found.values() for each in findings if each["state"] == "wrong"]
    assert (status, mistakes) == (0, [])
    assert {"python", "data-folder", "database", "clock", "pages-port", "relay-port", "camera", "service"} <= set(found)
    assert list(tmp_path.iterdir()) == []


def test_a_distribution_that_took_a_name_of_ours_is_named(tmp_path: Path) -> None:
    a_distribution(tmp_path / "site", "scheduler")
    status, found = doctor(tmp_path / "site", tmp_path)
    [finding] = found["top-level-names"]
    assert (status, finding["state"]) == (1, "wrong")
    assert "the distribution scheduler" in finding["sentence"]["en"]
    assert finding["mend"]["command"] == f"{sys.executable} -m pip uninstall scheduler"
    assert "scheduler" in finding["sentence"]["ar"]


def test_it_speaks_even_where_the_settings_cannot_be_imported(tmp_path: Path) -> None:
    # The settings stand on signaling.ice, which a stranger's `signaling` does not have.
    a_distribution(tmp_path / "site", "signaling")
    status, found = doctor(tmp_path / "site", tmp_path)
    assert status == 1
    assert "pip uninstall signaling" in found["top-level-names"][0]["mend"]["command"]
    assert "signaling.ice" in found["settings"][0]["sentence"]["en"]
    assert "camera" in found, "what needs no settings is still looked at"


def test_a_folder_that_hides_ours_is_named(tmp_path: Path) -> None:
    (tmp_path / "site" / "scheduler").mkdir(parents=True)
    (tmp_path / "site" / "scheduler" / "__init__.py").touch()
    status, found = doctor(tmp_path / "site", tmp_path)
    assert status == 1
    assert str(tmp_path / "site" / "scheduler") in found["top-level-names"][0]["sentence"]["en"]


def test_settings_that_cannot_be_right_are_named_without_their_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tawasul.doctor import examine

    monkeypatch.setenv("TAWASUL_DIRECTORY", str(tmp_path))
    monkeypatch.setenv("TAWASUL_SERVER__PORT", "fourscore-and-secret")
    [finding] = [each for each in examine() if each.name == "settings"]
    assert finding.state is State.WRONG
    assert "TAWASUL_SERVER__PORT" in finding.sentence.english
    assert "fourscore" not in repr(finding)


def test_two_owners_of_one_name() -> None:
    [finding] = installation.top_levels({"kiosk_client": ["tawasul", "other-kiosk"]})
    assert finding.state is State.WRONG
    assert "other-kiosk" in finding.sentence.english


def test_our_own_wheel_is_no_stranger() -> None:
    [finding] = installation.top_levels({name: ["tawasul"] for name in installation.TOP_LEVELS})
    assert finding.state is State.OK


@pytest.mark.parametrize(("version", "state"), [((3, 10, 14), State.WRONG), ((3, 11, 0), State.OK)])
def test_python(version: tuple[int, ...], state: State) -> None:
    assert installation.python_version(version).state is state


def test_browser_libraries_that_are_missing_or_empty_are_named(tmp_path: Path) -> None:
    (tmp_path / "vendor" / "partysocket").mkdir(parents=True)
    (tmp_path / "vendor" / "partysocket" / "index.js").touch()
    (tmp_path / "vendor" / "partysocket" / "ws.js").write_text("export {};")
    finding = installation.browser_libraries(tmp_path)
    assert finding.state is State.WRONG
    assert "blank: @fluent/bundle, partysocket, hpke, jose, lean-qr, " in finding.sentence.english
    assert finding.sentence.english.endswith(", fonts.")
    assert finding.mend is not None
    assert finding.mend.command == "make setup"


def test_the_call_library_is_the_one_that_the_kiosk_knows() -> None:
    assert installation.call_library().state is State.OK
