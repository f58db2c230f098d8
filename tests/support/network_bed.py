"""A bed of networks: an internet in a namespace, and sites behind networks of a chosen kind, routed like real ones.

::

    with network_bed() as bed:
        kiosk = bed.site("kiosk", Kind.SYMMETRIC, wire=BAD_LINE)
        kiosk.host.run("ip", "route")

The internet has two IPv4 addresses, as a STUN server that tells NATs apart needs, and one IPv6 address. All are of the
ranges for documentation (RFC 5737, RFC 3849): whatever went astray would lead nowhere.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field

from support.house import ROOT
from support.impairment import Wire
from support.namespaces import CommandFailed, Namespace, namespaces
from support.network_kinds import Kind, rules

INTERNET, INTERNET_TOO = "203.0.113.1", "203.0.113.2"
INTERNET_IPV6 = "2001:db8::1"
PUBLIC = "203.0.113.0/24"
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "tests")}
"""Of a program of the tests that runs in a namespace."""


@dataclass
class BadWire:
    """A wire at work. ``counts`` is what it did, once it has ended."""

    process: subprocess.Popen[str] = field(repr=False)
    counts: dict[str, dict[str, int]] = field(default_factory=dict)

    def end(self) -> None:
        """Ends it, and learns its counts."""
        if self.process.poll() is None:
            said, _ = self.process.communicate(timeout=10)
            self.counts = json.loads(said)


@dataclass(frozen=True)
class Site:
    """A host and the network before it. ``outer``: the address by which the internet sees it; ``None`` behind none."""

    kind: Kind
    host: Namespace
    inner: str
    outer: str
    wire: BadWire | None = None

    @property
    def internet(self) -> str:
        """The internet's address as this host reaches it."""
        return INTERNET_IPV6 if self.kind is Kind.ONLY_IPV6 else INTERNET


class Bed:
    """Use ``network_bed``. ``internet`` is where servers stand; everybody's packets pass through it."""

    def __init__(self, make: Callable[[str], Namespace], held: contextlib.ExitStack) -> None:
        self._make = make
        self._held = held
        self._sites = 0
        self.internet = make("internet")
        _ip(self.internet, f"addr add {INTERNET}/32 dev lo", f"addr add {INTERNET_TOO}/32 dev lo")
        _ip(self.internet, f"-6 addr add {INTERNET_IPV6}/128 dev lo nodad")
        self.internet.allow("ipv4/ip_forward")
        self.internet.allow("ipv6/conf/all/forwarding")

    def site(self, name: str, kind: Kind, wire: Wire | None = None, seed: int = 1) -> Site:
        """One more site. With ``wire`` the line between the host and its network is as bad as that."""
        self._sites += 1
        number, host = self._sites, self._make(name)
        outer = f"203.0.113.{20 + number}"
        match kind:
            case Kind.OPEN:
                bad = self._cable(self.internet, f"to-{number}", host, "eth0", wire, seed)
                self._public(f"to-{number}", host, "eth0", outer)
                return Site(kind, host, outer, outer, bad)
            case Kind.ONLY_IPV6:
                bad = self._cable(self.internet, f"to-{number}", host, "eth0", wire, seed)
                inner = self._only_ipv6(f"to-{number}", host, number)
                return Site(kind, host, inner, inner, bad)
        inner = f"10.0.{number}.2"
        router = self._router(f"{name}-router", kind, inner)
        bad = self._cable(router, "lan", host, "eth0", wire, seed)
        _behind(router, f"10.0.{number}.1", host, inner)
        if kind is Kind.DOUBLE_NAT:
            carrier = self._router(f"{name}-carrier", kind, f"100.64.{number}.2")
            self._cable(carrier, "lan", router, "wan", None, seed)
            _behind(carrier, f"100.64.{number}.1", router, f"100.64.{number}.2", "wan")
            router = carrier
        self._cable(self.internet, f"to-{number}", router, "wan", None, seed)
        self._public(f"to-{number}", router, "wan", outer)
        return Site(kind, host, inner, outer, bad)

    def program(self, module: str, *arguments: str, patience: float = 30) -> str:
        """Runs a program of the tests in the internet to its end: what it wrote. Raises CommandFailed."""
        words = (f"PYTHONPATH={ROOT / 'tests'}", sys.executable, "-m", module, *arguments)
        return self.internet.run("env", *words, patience=patience)

    def _router(self, name: str, kind: Kind, inner: str) -> Namespace:
        router = self._make(name)
        router.allow("ipv4/ip_forward")
        router.run("nft", "-f", "-", given=rules(kind, inner))
        return router

    def _cable(
        self, one: Namespace, end: str, other: Namespace, far: str, wire: Wire | None, seed: int
    ) -> BadWire | None:
        if wire is None:
            _ip(one, f"link add {end} type veth peer name {far} netns {other.pid}")
            _ip(one, f"link set {end} up")
            _ip(other, f"link set {far} up")
            return None
        between = self._make(f"{other.name}-wire")
        between.allow("ipv6/conf/default/disable_ipv6")
        self._cable(one, end, between, "left", None, seed)
        self._cable(other, far, between, "right", None, seed)
        # Else TCP hands over many frames as one, and to lose that one would be to lose them all.
        for space, interface in ((one, end), (other, far)):
            _ip(space, f"link set {interface} gso_max_segs 1")
        bad = _carrying(between, wire, seed)
        self._held.callback(bad.end)
        return bad

    def _public(self, interface: str, far: Namespace, name: str, address: str) -> None:
        _ip(self.internet, f"route add {address}/32 dev {interface} src {INTERNET}")
        routes = (f"route add {INTERNET}/32 dev {name}", f"route add default via {INTERNET} dev {name}")
        _ip(far, f"addr add {address}/32 dev {name}", *routes)

    def _only_ipv6(self, interface: str, host: Namespace, number: int) -> str:
        net = f"2001:db8:{number}"
        _ip(self.internet, f"-6 addr add {net}::1/64 dev {interface} nodad")
        _ip(host, f"-6 addr add {net}::2/64 dev eth0 nodad", f"-6 route add default via {net}::1 dev eth0")
        return f"{net}::2"


@contextlib.contextmanager
def network_bed() -> Iterator[Bed]:
    """A bed of its own; everything of it is gone afterwards. Raises NamespacesRefused, CommandFailed."""
    with namespaces() as make, contextlib.ExitStack() as held:
        yield Bed(make, held)


def _behind(router: Namespace, gateway: str, host: Namespace, address: str, name: str = "eth0") -> None:
    _ip(router, f"addr add {gateway}/24 dev lan")
    _ip(host, f"addr add {address}/24 dev {name}", f"route add default via {gateway} dev {name}")


def _ip(space: Namespace, *lines: str) -> None:
    for line in lines:
        space.run("ip", *line.split())


def _carrying(between: Namespace, wire: Wire, seed: int) -> BadWire:
    words = ("-m", "support.impairment", "left", "right", "--seed", str(seed), "--wire", json.dumps(asdict(wire)))
    process = subprocess.Popen(
        between.command(sys.executable, *words),
        env=ENVIRONMENT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    ready, _, _ = select.select([process.stdout], [], [], 30)
    if not ready or process.stdout.readline() != "ready\n":
        process.kill()
        raise CommandFailed(f"the bad wire ended with status {process.wait()}")
    return BadWire(process)
