"""Debian's and Ubuntu's packages: install some, as root or through a sudo that asks nothing; otherwise say what to run.

Standard library only: this runs before there is an environment.
"""

import os
import shutil
import subprocess
from collections.abc import Sequence


class CannotInstall(Exception):
    """Nobody here may install packages, or apt-get refused. The message is a sentence that says what to do."""


def install(packages: Sequence[str]) -> None:
    """Install Debian packages, or raise CannotInstall with the command for a person to run."""
    by_hand = f"apt-get install --no-install-recommends {' '.join(packages)}"
    if shutil.which("apt-get") is None:
        raise CannotInstall(f"This is not Debian or Ubuntu; please install what Debian calls: {' '.join(packages)}.")
    rights = _rights()
    if rights is None:
        raise CannotInstall(f"Installing them needs root. Please run: sudo {by_hand}")

    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    apt_get = [*rights, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-o", "DPkg::Lock::Timeout=300"]
    # The lists may be old or absent, and then only the second command can tell; so a failure here is not the end.
    subprocess.run([*apt_get, "update"], env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    done = subprocess.run(
        [*apt_get, "install", "--yes", "--no-install-recommends", *packages],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        tail = "\n".join(done.stdout.splitlines()[-15:])
        raise CannotInstall(f"apt-get could not install {' '.join(packages)}. Its last words:\n{tail}")


def _rights() -> list[str] | None:
    """What to put before a command so that it runs as root; None where that would need a password."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    asks_nothing = subprocess.run(["sudo", "-n", "true"], stdin=subprocess.DEVNULL, capture_output=True, check=False)
    return ["sudo", "-n"] if asks_nothing.returncode == 0 else None
