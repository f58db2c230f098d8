"""Makes the environment the product runs in. Standard library only; called by scripts/setup with a Python ≥ 3.11.

Four things, each left alone when nothing it depends on has changed:

1. ``.venv``, also on a Debian without python3-venv (there ``ensurepip`` is missing);
2. the Python packages exactly as locked in requirements/ (hashes checked), and the project itself, editable;
3. npm: the machine's if it is ≥ 10, else the one that PyPI carries; then the locked browser libraries by ``npm ci``;
4. ``scripts/vendor.py``, which copies what the pages use to tawasul/web/static/vendor.

Exit status: 0 done, 2 something is missing and the last lines say what to do, 130 interrupted.
"""

import argparse
import fcntl
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import debian

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "tawasul-setup.json"
LOG = VENV / "tawasul-setup.log"
VENDOR = ROOT / "tawasul" / "web" / "static" / "vendor"
OLDEST_NPM = 10


class SetupProblem(Exception):
    """Setup cannot go on. The message is for a person: what is missing, and what to do about it."""


def main() -> int:
    """Make the environment, or say in a sentence why not."""
    arguments = argparse.ArgumentParser(description="Makes the environment Tawasul runs in.")
    arguments.add_argument("--tests", action="store_true", help="also install what the tests need")
    arguments.add_argument("--benches", action="store_true", help="also what judges speech; takes a C compiler")
    wanted = arguments.parse_args()
    started = time.monotonic()
    try:
        with Path(__file__).open() as only_one_at_a_time:
            fcntl.flock(only_one_at_a_time, fcntl.LOCK_EX)
            worked = set_up(wanted.tests, wanted.benches)
    except (SetupProblem, debian.CannotInstall) as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nStopped before the end. The next time goes on from here.", file=sys.stderr)
        return 130
    if worked:
        say(f"The environment is ready ({time.monotonic() - started:.0f} s).")
    return 0


def set_up(for_tests: bool, for_benches: bool = False) -> bool:
    """Do what has changed since the last time. Returns whether there was anything to do."""
    done = read_stamp()
    # Whoever has once set up for tests keeps that: `make run` after `make test` must not start over.
    for_tests = for_tests or bool(done.get("for_tests"))
    for_benches = for_benches or bool(done.get("for_benches"))
    python_inputs = digest(
        [ROOT / "pyproject.toml", *sorted((ROOT / "requirements").glob("*.txt"))],
        extra=[str(ROOT), str(for_tests), *(["benches"] if for_benches else [])],
    )
    page_inputs = digest(
        [ROOT / "package.json", ROOT / "package-lock.json", ROOT / "scripts" / "vendor.py"], extra=[str(for_tests)]
    )
    python_is_current = done.get("python") == python_inputs and venv_works()
    pages_are_current = done.get("pages") == page_inputs and VENDOR.is_dir() and (ROOT / "node_modules").is_dir()
    if python_is_current and pages_are_current:
        return False

    if not python_is_current:
        make_venv()
        install_python_packages(for_tests)
        if for_benches:
            install_measures()
        write_stamp({**read_stamp(), "python": python_inputs, "for_tests": for_tests, "for_benches": for_benches})
    if not pages_are_current:
        install_browser_libraries(for_tests)
        write_stamp({**read_stamp(), "pages": page_inputs})
    return True


# --- 1. the virtual environment ---------------------------------------------------------------------------------------


def make_venv() -> None:
    """Make .venv unless a working one is there. One that was moved, or whose Python is gone, is made anew."""
    if venv_works():
        return
    if VENV.exists():
        say("The environment in .venv no longer works (was it moved, or Python upgraded?): making it anew.")
        shutil.rmtree(VENV)
    say(f"Making the environment in .venv (Python {sys.version.split()[0]}).")
    if importlib.util.find_spec("ensurepip") is None and not installer_without_ensurepip():
        say("Debian's python3-venv is missing here: installing it.")
        try:
            debian.install([f"python{minor_version()}-venv"])
        except debian.CannotInstall as why:
            raise SetupProblem(f"Python here cannot make environments (ensurepip is missing). {why}") from None
    # Not this very interpreter, should it be the one of the .venv that was just removed.
    python = getattr(sys, "_base_executable", sys.executable)
    # Asked in a new process: this one has already looked, and remembers that ensurepip was not there.
    has_ensurepip = succeeds([python, "-c", "import ensurepip"])
    run(
        [python, "-m", "venv", *([] if has_ensurepip else ["--without-pip"]), str(VENV)],
        "The environment could not be made",
    )


def venv_works() -> bool:
    """True when .venv has a Python ≥ 3.11 that starts and believes that it lives here."""
    question = (
        "import os, sys, sysconfig;"
        f"here = sys.prefix == {str(VENV)!r} and os.path.isdir(sysconfig.get_path('purelib'));"
        "sys.exit(sys.version_info < (3, 11) or not here)"
    )
    if not PYTHON.exists() or not succeeds([str(PYTHON), "-c", question]):
        return False
    # Scripts carry the absolute path of their environment in the first line; a moved folder breaks them all.
    scripts = [script for script in (VENV / "bin" / "pip", VENV / "bin" / "tawasul") if script.exists()]
    return all(str(VENV).encode() in script.read_bytes()[:4096] for script in scripts)


def minor_version() -> str:
    """``3.11`` for Python 3.11.x, as Debian's packages are named."""
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def installer_without_ensurepip() -> bool:
    """True when something else than ensurepip can fill the environment: uv, or a pip of the Python that runs this."""
    return shutil.which("uv") is not None or importlib.util.find_spec("pip") is not None


# --- 2. Python packages -----------------------------------------------------------------------------------------------


def install_python_packages(for_tests: bool) -> None:
    """Install the locked packages and the project itself, by uv where it can be had and by pip otherwise."""
    install = installer()
    locks = ["build.txt", "test.txt" if for_tests else "run.txt"]
    files = [argument for lock in locks for argument in ("-r", str(ROOT / "requirements" / lock))]
    say(f"Installing the locked Python packages{' and those of the tests' if for_tests else ''}: a minute or two.")
    run(
        [*install, "--require-hashes", *files],
        "The Python packages could not be installed; is the package index within reach?",
    )
    # Without build isolation, since that would fetch a build backend that is in no lock.
    run(
        [*install, "--no-deps", "--no-build-isolation", "--editable", str(ROOT)],
        "The project itself could not be installed",
    )


def install_measures() -> None:
    """Install what judges speech (PESQ, STOI). One of them is built here, with the locked tools and no others."""
    say("Installing what judges speech.")
    for lock in ("bench-build", "bench"):
        file = str(ROOT / "requirements" / f"{lock}.txt")
        run(
            [*installer(), "--require-hashes", "--no-build-isolation", "-r", file],
            "What judges speech could not be installed; are a C compiler and Python's headers there?",
        )


def installer() -> list[str]:
    """The command that installs into .venv: uv from the lock, else the machine's uv, else pip (the same, slower)."""
    pip = pip_command()
    lock = str(ROOT / "requirements" / "uv.txt")
    if pip is not None:
        succeeds([*pip, "install", "--quiet", "--require-hashes", "--only-binary", ":all:", "-r", lock])
    uv = shutil.which("uv", path=surroundings()["PATH"])
    if uv is not None:
        return [uv, "pip", "install", "--quiet", "--python", str(PYTHON)]
    if pip is None:
        raise SetupProblem(
            "There is neither pip nor uv to install packages with. "
            f"On Debian or Ubuntu, please run: sudo apt-get install python{minor_version()}-venv"
        )
    return [*pip, "install", "--quiet"]


def pip_command() -> list[str] | None:
    """A pip that installs into .venv: its own, else that of the Python which runs this."""
    if succeeds([str(PYTHON), "-c", "import pip"]):
        return [str(PYTHON), "-m", "pip"]
    if importlib.util.find_spec("pip") is not None:
        return [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    return None


# --- 3 and 4. browser libraries ---------------------------------------------------------------------------------------


def install_browser_libraries(for_tests: bool) -> None:
    """Install the locked npm packages, and copy what the pages use into the package."""
    npm = npm_command()
    say("Installing the browser libraries.")
    run(
        # No package of ours needs its install scripts, and what does not run cannot harm.
        [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", *([] if for_tests else ["--omit=dev"])],
        "The browser libraries could not be installed; is the npm registry within reach?",
    )
    run([str(PYTHON), str(ROOT / "scripts" / "vendor.py")], "The browser libraries could not be copied")


def npm_command() -> str:
    """The machine's npm if it is new enough; otherwise the one from PyPI, inside .venv."""
    machines = shutil.which("npm")
    if machines is not None:
        version = subprocess.run([machines, "--version"], capture_output=True, text=True, check=False).stdout
        if version.split(".")[0].isdigit() and int(version.split(".")[0]) >= OLDEST_NPM:
            return machines
    npm = VENV / "bin" / "npm"
    say("This machine has no npm of its own: taking the one that PyPI carries.")
    run(
        [*installer(), "--require-hashes", "-r", str(ROOT / "requirements" / "node.txt")],
        "Node could not be installed from PyPI",
    )
    return str(npm)


# --- helpers ----------------------------------------------------------------------------------------------------------


def run(command: Sequence[str], trouble: str) -> None:
    """Run a command quietly; should it fail, raise SetupProblem with `trouble` and the command's last words."""
    with LOG.open("a") if VENV.is_dir() else open(os.devnull, "w") as log:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=surroundings(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
        log.write(f"$ {' '.join(command)}\n{done.stdout}\n")
    if done.returncode != 0:
        tail = "\n".join(f"    {line}" for line in done.stdout.splitlines()[-25:])
        raise SetupProblem(f"{trouble}. What was said:\n{tail}\n    (command: {' '.join(command)})")


def succeeds(command: Sequence[str]) -> bool:
    """Whether a command ends well; what it says is of no interest."""
    done = subprocess.run(
        command, cwd=ROOT, env=surroundings(), stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    return done.returncode == 0


def surroundings() -> Mapping[str, str]:
    """The environment variables of what we run: .venv's own programs first, and pip's mirror handed on to uv."""
    found = dict(os.environ)
    found["PATH"] = f"{VENV / 'bin'}{os.pathsep}{found.get('PATH', os.defpath)}"
    found["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    found.pop("PYTHONPATH", None)
    found.pop("PYTHONHOME", None)
    # uv does not read pip's settings; a site with a mirror of its own has named it there.
    if "PIP_INDEX_URL" in found:
        found.setdefault("UV_DEFAULT_INDEX", found["PIP_INDEX_URL"])
    return found


def digest(files: Iterable[Path], extra: Iterable[str]) -> str:
    """SHA-256 over the contents of files and over further words, in hexadecimal."""
    total = hashlib.sha256()
    for file in files:
        total.update(file.name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    for word in extra:
        total.update(word.encode() + b"\0")
    return total.hexdigest()


def read_stamp() -> dict[str, object]:
    """What the last setup noted, or nothing."""
    try:
        found = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write_stamp(stamp: Mapping[str, object]) -> None:
    """Note what was done, in one step, so that an interrupted setup is never taken for a finished one."""
    new = STAMP.with_suffix(".new")
    new.write_text(json.dumps(stamp, indent=1))
    new.replace(STAMP)


def say(words: str) -> None:
    """Tell the person at the terminal what is going on."""
    print(words, flush=True)


if __name__ == "__main__":
    sys.exit(main())
