"""Two relays side by side for `make bench-relay`: ours and coturn, in a network of their own, and the load on them.

Both run on one core, the load on another; the one that is not being measured sleeps. Every client and every peer has
an address of its own in a namespace that has no other network, where those are local (`ip route add local`), so that
neither relay has to be told to serve loopback.
"""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import SecretStr
from support.bench import Row, spread
from support.house import ROOT
from support.namespaces import TOOLS, Namespace, namespaces
from support.relay_paper import SECRET

from media_relay.config import RelayConfig
from media_relay.directory import RelayDirectory, RelayState

OURS, PEER = "ours", "peer"
TURNSERVER = shlex.split(os.environ.get("TURNSERVER", "turnserver"))
"""coturn's program; another one than Debian's can be named, with options."""
ROUNDS = int(os.environ.get("TAWASUL_BENCH_ROUNDS", "7"))
SECONDS = float(os.environ.get("TAWASUL_BENCH_SECONDS", "0.8"))
"""Of one measurement of throughput; the others are so many times as long."""
MOST_LOST = 0.001
"""Of all packets of a measurement; with more than that it does not count."""
ATTEMPTS = 2

ADDRESS = {OURS: "10.77.0.1", PEER: "10.77.0.2"}
PORT, TLS_PORT = 3478, 5349
NETWORKS = ("10.77.0.0/16", "10.78.0.0/16", "10.79.0.0/16")
PEERS = "10.79.0.0/16"
MANY = 3000
"""Quotas that are counted and never reached."""
BYTES = 1_000_000_000
"""Bytes a second of one allocation, counted and never reached."""
PATIENCE = 30.0

SWITCHED_ON = (
    "Both with time-limited credentials of the same secret (HMAC over expiry and name), nonces that expire, a quota a "
    "user and in all, a bound of bytes a second for each allocation, an allow-list of peers, a log of allocations and "
    "counters of packets and bytes; bounds so high that none is reached. Each relay is one process with one worker on "
    "one core, the load on the other; which of the two is measured alternates."
)

Sample = TypeVar("Sample")
Say = Callable[[str], None]


class NotMeasured(AssertionError):
    """Why a relay could not be measured, in a sentence without its full stop."""


class PacketsLost(NotMeasured):
    """Too many of them."""


@dataclass(frozen=True)
class Running:
    """A relay that runs. ``pid`` is its process."""

    host: str
    pid: int


@dataclass(frozen=True)
class Certificates:
    """PEM files of one certificate for both relays, its key, and the authority to trust."""

    authority: Path
    certificate: Path
    key: Path


class Load:
    """The other end of ``support.relay_load``."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, do: str, **words: Any) -> Any:
        """Has something done, and waits for what comes of it. Raises NotMeasured."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"do": do, **words}) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline() or '{"wrong": "the load has ended"}')
        if isinstance(answer, dict) and "wrong" in answer:
            raise NotMeasured(answer["wrong"])
        return answer


@dataclass
class Turns(Generic[Sample]):
    """Samples of each side in the order of the rounds, and why there are none."""

    samples: dict[str, list[Sample]]
    why: dict[str, str]


@dataclass
class Pair:
    """Both relays; those that could not be started or used are in ``why`` instead of ``running``."""

    load: Load
    tls: Certificates | None = None
    running: dict[str, Running] = field(default_factory=dict)
    why: dict[str, str] = field(default_factory=dict)

    def ask(self, side: str, do: str, **words: Any) -> Any:
        """Has the load do something to one of them. Raises NotMeasured."""
        return self.load.ask(do, relay=side, **words)

    def allocate(self, side: str, count: int) -> Any:
        """Makes so many allocations, each with a channel to its peer. Raises NotMeasured."""
        of = self._running(side)
        return self.ask(side, "allocate", host=of.host, port=PORT, pid=of.pid, secret=SECRET, count=count)

    def over_tls(self, side: str, count: int) -> Any:
        """So many clients over TLS, each with a channel to its peer; what they agreed on. Raises NotMeasured."""
        assert self.tls is not None
        of, authority = self._running(side), str(self.tls.authority)
        words = {"host": of.host, "port": TLS_PORT, "pid": of.pid, "secret": SECRET}
        return self.ask(side, "tls_open", count=count, certificate=authority, **words)

    def attempt(self, side: str, work: Callable[[], Any]) -> Any:
        """Does it for a side that is still there; what goes wrong is kept as the reason why it is not measured."""
        if side in self.why:
            return None
        try:
            return work()
        except (NotMeasured, OSError) as error:
            self.why[side] = str(error)
            return None

    def in_turns(self, measure: Callable[[str], Sample], say: Say) -> Turns[Sample]:
        """Measures ours, coturn, ours, coturn …, after one uncounted turn of each, and goes on when one fails."""
        turns: Turns[Sample] = Turns({OURS: [], PEER: []}, dict(self.why))
        for number in range(ROUNDS + 1):
            for side in (OURS, PEER):
                if side in turns.why:
                    continue
                try:
                    sample = measure(side)
                except (NotMeasured, OSError) as error:
                    turns.why[side], turns.samples[side] = str(error), []
                    say(f"    {side}: not measured: {error}")
                    continue
                if number:
                    turns.samples[side].append(sample)
        return turns

    def _running(self, side: str) -> Running:
        if side not in self.running:
            raise NotMeasured(self.why[side])
        return self.running[side]


class RelayBench:
    """A place for both relays and the load. ``folder`` is where they write."""

    def __init__(self, space: Namespace, folder: Path, library: Path) -> None:
        self.space, self.folder, self._library = space, folder, library
        cores = sorted(os.sched_getaffinity(0))
        if len(cores) < 2:
            raise NotMeasured("a relay and the load on it take a core each, and there is one")
        self._relay_core, self._load_core = cores[:2]
        self._started = 0

    @contextlib.contextmanager
    def both(self, *, tls: Certificates | None = None, only: str | None = None) -> Iterator[Pair]:
        """Both relays, or ``only`` one or none, started anew, and a load. ``tls``: to listen for TLS as well."""
        with contextlib.ExitStack() as held:
            pair = Pair(held.enter_context(self._loading()), tls)
            for side, started in ((OURS, self._ours), (PEER, self._coturn)):
                if only not in (None, side):
                    continue
                relay = pair.attempt(side, lambda started=started: held.enter_context(started(tls)))  # type: ignore[misc]
                if relay is not None:
                    pair.running[side] = relay
            yield pair

    @contextlib.contextmanager
    def _loading(self) -> Iterator[Load]:
        words = ("env", f"PYTHONPATH={ROOT / 'tests'}", sys.executable, "-m", "support.relay_load", str(self._library))
        command = self.space.command("taskset", "-c", str(self._load_core), *words)
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
            try:
                yield Load(process)
            finally:
                process.kill()

    @contextlib.contextmanager
    def _ours(self, tls: Certificates | None) -> Iterator[Running]:
        directory = RelayDirectory(self._fresh(OURS))
        settings: dict[str, Any] = {}
        if tls is not None:
            settings = {"tls_port": TLS_PORT, "certificate": tls.certificate, "certificate_key": tls.key}
        config = RelayConfig(
            addresses=(ADDRESS[OURS],),  # type: ignore[arg-type]
            port=PORT,
            secrets=(SecretStr(SECRET),),
            allow_peers=(PEERS,),  # type: ignore[arg-type]
            allocations_per_governorate=MANY,
            allocations_in_all=MANY,
            unauthenticated_datagrams=1_000_000,
            bandwidth=BYTES,
            **settings,
        )
        config.write(directory.config)
        words = (sys.executable, "-P", "-m", "media_relay", "--config-file", str(directory.config))
        with self._running(OURS, words, directory.log, lambda _: RelayState.read(directory.state) is not None) as relay:
            yield relay

    @contextlib.contextmanager
    def _coturn(self, tls: Certificates | None) -> Iterator[Running]:
        folder = self._fresh(PEER)
        options = {
            "--listening-ip": ADDRESS[PEER],
            "--relay-ip": ADDRESS[PEER],
            "--listening-port": str(PORT),
            "--tls-listening-port": str(TLS_PORT),
            "--realm": "tawasul",
            "--static-auth-secret": SECRET,
            "--relay-threads": "1",
            "--user-quota": "10",
            "--total-quota": str(MANY),
            "--max-bps": str(BYTES),
            "--stale-nonce": "3600",
            "--allowed-peer-ip": "10.79.0.0-10.79.255.255",
            "--denied-peer-ip": "0.0.0.0-255.255.255.255",
            "--pidfile": str(folder / "pid"),
            "--userdb": str(folder / "turndb"),
            "--log-file": str(folder / "log"),
        }
        flags = ["--use-auth-secret", "--fingerprint", "--no-cli", "--cli-password=unused", "--simple-log", "--no-dtls"]
        flags += ["--no-tls"] if tls is None else [f"--cert={tls.certificate}", f"--pkey={tls.key}"]
        words = (*TURNSERVER, "-c", "/dev/null", *flags, *(f"{name}={value}" for name, value in options.items()))
        with self._running(PEER, words, folder / "said", self._listens) as relay:
            yield relay

    @contextlib.contextmanager
    def _running(self, side: str, words: tuple[str, ...], log: Path, ready: Callable[[str], bool]) -> Iterator[Running]:
        command = self.space.command("taskset", "-c", str(self._relay_core), *words)
        environment = {name: text for name, text in TOOLS.items() if not name.startswith("TAWASUL_")}
        with log.open("w") as said:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, env=environment)
        try:
            until = time.monotonic() + PATIENCE
            while not ready(ADDRESS[side]):
                if process.poll() is not None or time.monotonic() > until:
                    said_last = (log.read_text().splitlines() or ["nothing"])[-1]
                    raise NotMeasured(f"it is not ready, and said last: {said_last}")
                time.sleep(0.02)
            yield Running(ADDRESS[side], process.pid)
        finally:
            process.terminate()
            process.wait()

    def _listens(self, address: str) -> bool:
        return f"{address}:{PORT} " in self.space.run("ss", "-Huln")

    def _fresh(self, side: str) -> Path:
        self._started += 1
        folder = self.folder / f"{side}-{self._started}"
        folder.mkdir(mode=0o700)
        return folder


@contextlib.contextmanager
def relay_bench(folder: Path) -> Iterator[RelayBench]:
    """The network, and the load compiled for this machine. Raises NotMeasured, NamespacesRefused."""
    library = folder / "relay_load.so"
    source = ROOT / "tests" / "bench" / "load" / "relay_load.c"
    subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", str(library), str(source)], check=True)
    with namespaces() as make:
        space = make("bench")
        for network in NETWORKS:
            space.run("ip", "route", "add", "local", network, "dev", "lo")
        yield RelayBench(space, folder, library)


def coturn_version() -> str:
    """As its program says it, with the options that it was named with."""
    program, *options = TURNSERVER
    try:
        done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return "coturn"
    said = (done.stdout + done.stderr).split()
    return " ".join(["coturn", *said[-1:], *options])


def without_loss(measure: Callable[[], dict[str, float]]) -> dict[str, float]:
    """What is measured, with ``loss`` in it; tried again when too much was lost. Raises NotMeasured."""
    lost = 0.0
    for _ in range(ATTEMPTS):
        sample = measure()
        lost = 1 - sample["received"] / sample["sent"] if sample["sent"] else 1.0
        if lost < MOST_LOST:
            return {**sample, "loss": lost}
    raise PacketsLost(f"{lost:.1%} of its packets were lost")


def row(
    turns: Turns[Sample],
    pick: Callable[[Sample], float],
    *,
    name: str,
    work: str,
    unit: str,
    part: str = "",
    higher: bool = False,
    reading: str = "",
) -> Row:
    """One figure of what was measured in turns; where a side was not, why."""
    peer_name = coturn_version()
    names = {OURS: "Tawasul", PEER: peer_name}
    why = "; ".join(f"{names[side]}: {reason}" for side, reason in turns.why.items())
    ours, peer = (tuple(pick(sample) for sample in turns.samples[side]) for side in (OURS, PEER))
    return Row(
        name, work, unit, ours, peer, peer_name, part, "higher" if higher else "lower", reading, not_measured=why
    )


def summed_up(made: Row) -> str:
    """A row in one line, for whoever waits."""
    if made.ratio is None:
        return f"{made.part}: {made.verdict}"
    return f"{made.part}: {spread(made.ours)} {made.unit}, coturn {spread(made.peer)}, ratio {made.ratio:.2f}."
