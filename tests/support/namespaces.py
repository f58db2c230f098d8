"""Network namespaces that a test makes for itself: small machines of their own, gone when the test is.

Root makes them as they are; anybody else gets a user namespace first, in which they are root. Each is held by a process
that ends when we do, so that nothing is left behind, not even by a test that was killed.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

CLONE_NEWNET = 0x40000000
TOOLS = {**os.environ, "PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin"}
"""The environment with the tools of an administrator, which Debian does not show to everybody."""
Given = TypeVar("Given")


class NamespacesRefused(AssertionError):
    """This machine lets us make no network namespaces. The message says what its keeper can do about it."""


class CommandFailed(AssertionError):
    """A command in a namespace failed; the message is what it said."""


@dataclass(frozen=True)
class Namespace:
    """One of them. ``pid`` is the process that holds it."""

    name: str
    pid: int
    entry: tuple[str, ...] = field(repr=False)

    def command(self, *words: str) -> list[str]:
        """A command as it is run in here."""
        return [*self.entry, *words]

    def run(self, *words: str, given: str | None = None, patience: float = 30) -> str:
        """Runs a command in here to its end: what it wrote. Raises CommandFailed."""
        done = subprocess.run(
            self.command(*words),
            input=given,
            stdin=subprocess.DEVNULL if given is None else None,
            env=TOOLS,
            capture_output=True,
            text=True,
            timeout=patience,
            check=False,
        )
        if done.returncode != 0:
            raise CommandFailed(f"{self.name}: {' '.join(words)}: {done.stdout}{done.stderr}\n{given or ''}")
        return done.stdout

    def allow(self, setting: str, value: str = "1") -> None:
        """Sets a setting of this namespace's network, as ``ipv4/ip_forward``."""
        self.run("sh", "-c", f"echo {value} > /proc/sys/net/{setting}")


@contextlib.contextmanager
def namespaces() -> Iterator[Callable[[str], Namespace]]:
    """Gives what makes a namespace of a name, its loopback up. Raises NamespacesRefused."""
    with contextlib.ExitStack() as held:
        rights = _rights(held)

        def make(name: str) -> Namespace:
            pid = held.enter_context(_held([*rights, "unshare", "--net"]))
            entry = rights or ()
            made = Namespace(name, pid, (*entry, "nsenter", "--net", f"--target={pid}", "--"))
            made.run("ip", "link", "set", "lo", "up")
            return made

        yield make


def _rights(held: contextlib.ExitStack) -> tuple[str, ...]:
    """What stands before a command that may make namespaces: nothing for root, a user namespace for others."""
    first = _tried("unshare", "--net", "true")
    if first is None:
        return ()
    second = _tried("unshare", "--user", "--map-root-user", "--net", "true")
    if second is not None:
        raise NamespacesRefused(
            f"The bed of networks needs network namespaces, and this machine refuses them ({first}; {second}). Run the"
            " tests as root, in a container with --cap-add SYS_ADMIN --cap-add NET_ADMIN and a seccomp profile that"
            " allows unshare, or as a user of a machine with user namespaces (sysctl user.max_user_namespaces)."
        )
    pid = held.enter_context(_held(["unshare", "--user", "--map-root-user"]))
    return ("nsenter", "--user", "--preserve-credentials", f"--target={pid}", "--")


def _tried(*words: str) -> str | None:
    """``None`` when a command succeeds; otherwise what it complained of."""
    done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    return None if done.returncode == 0 else done.stderr.strip()


@contextlib.contextmanager
def _held(words: list[str]) -> Iterator[int]:
    """The process that holds what these words make: ``cat``, which ends when our end of its input is closed."""
    with subprocess.Popen([*words, "cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdin is not None
        assert holder.stdout is not None
        try:
            holder.stdin.write(b"there\n")
            holder.stdin.flush()
            if holder.stdout.readline() != b"there\n":
                raise CommandFailed(f"{' '.join(words)} ended with status {holder.wait()}")
            yield holder.pid
        finally:
            holder.kill()


def within(pid: int, work: Callable[[], Given]) -> Future[Given]:
    """Does this in a thread of its own whose network is that of the namespace held by ``pid``.

    A namespace belongs to a thread: sockets that are made there stay there, whoever uses them later, and threads that
    are begun there too. For a process that runs in one of the bed's namespaces already, since it needs their rights.
    """
    done: Future[Given] = Future()

    def entered() -> None:
        try:
            enter(pid)
            done.set_result(work())
        except BaseException as error:
            done.set_exception(error)

    threading.Thread(target=entered, name=f"within {pid}", daemon=True).start()
    return done


def enter(pid: int) -> None:
    """Moves this thread into the network namespace held by ``pid``. Raises OSError."""
    libc: Any = ctypes.CDLL(None, use_errno=True)
    with Path(f"/proc/{pid}/ns/net").open("rb") as namespace:
        if libc.setns(namespace.fileno(), CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
