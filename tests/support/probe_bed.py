"""Where the relays are probed: a host with all of them on it, and all the world outside, whose every address is ours.

The outside answers for every address that there is (a local default route), so that a packet that a relay should not
have sent is seen wherever it was sent to; a victim on the host sees what should not have reached the machine itself.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import trustme
from pydantic import SecretStr
from support.namespaces import CommandFailed, within
from support.probe_caller import Caller, Target
from support.relay_paper import REALM, SECRET

from media_relay.config import RelayConfig
from media_relay.coturn.configuration import Dialect, render
from media_relay.private_file import write_private
from media_relay.stun.address import TransportAddress
from media_relay.stun.message import MessageClass, Method, build
from tawasul.access.relay_credentials import RelayCredentials

HOST, HOST6 = "203.0.113.1", "2001:db8::1"
OUTSIDE, OUTSIDE6 = "203.0.113.50", "2001:db8::50"
HOST_TOO, HOST_ENROLLED = "192.168.7.7", "10.20.5.5"
"""Other addresses of the host; the second one lies in the enrolled network."""
ENROLLED = ("10.20.0.0/16", "fd20::/16")
PEER = TransportAddress("10.20.0.7", 0)
PEER6 = TransportAddress("fd20::7", 0)
VICTIM = 7_777
OURS, PLAIN, RENDERED = "Tawasul", "coturn", "coturn, ours"
"""As they are called in the table: the second is told what it must be and no more; the third, what we render for it."""
OUR_PORT, PLAIN_PORT, RENDERED_PORT = 3478, 3500, 3520
"""Far from each other: coturn takes the port after its own as well (RFC 5780)."""
NONCE_LIFETIME = 5
"""Seconds: short, so that a nonce goes stale within a run. Honest questions take a fresh one by themselves."""
QUOTA = 10
STREAMS = 20
"""Of one source, at our relay."""
STREAM_TIME = 1.5
"""Seconds that half a message may take at our relay, and a stream without an allocation may stand."""
STREAM_PATIENCE = 5.0
"""Seconds after which a stream that nobody has closed counts as open."""
HALF_A_HANDSHAKE = bytes.fromhex("160301010001 0000fc0303")
"""The record's header, and the first bytes of a ClientHello."""
STARTED_WITHIN = 30.0
LATE = 0.4
"""Seconds that coturn is given before it counts as silent."""


@dataclass(frozen=True)
class Idle:
    """Streams to one relay on which a client has fallen silent, all at ``since``."""

    since: float
    half: socket.socket
    """Half of a message was sent."""
    unused: socket.socket
    """Nothing was ever sent."""
    handshake: socket.socket | None
    """Half of a TLS handshake was sent; None where there is no TLS."""

    def close(self) -> None:
        """Closes them all."""
        for sock in (self.half, self.unused, self.handshake):
            if sock is not None:
                sock.close()


@dataclass
class Bed:
    """Use ``probe_bed``, in a namespace of its own that is the outside."""

    host: int
    strangers: int
    """How many sources ask where many are needed."""
    victims: list[socket.socket] = field(default_factory=list)
    idle: dict[str, Idle] = field(default_factory=dict)
    """The same: streams over which nothing more is said."""
    early: dict[str, tuple[Caller, float]] = field(default_factory=dict)
    """By the name of a relay: who has a nonce of it since the run began, and when that was."""
    _sources: int = 0

    def source(self) -> TransportAddress:
        """An address that nobody has asked from before."""
        self._sources += 1
        return TransportAddress(str(ipaddress.IPv4Address("100.64.0.0") + self._sources), 0)

    @contextlib.contextmanager
    def caller(
        self, target: Target, credentials: RelayCredentials | None = None, source: TransportAddress | None = None
    ) -> Iterator[Caller]:
        """A client of ``target`` from an address of its own, as a user of its own."""
        source = source or self.source()
        caller = Caller(target, source, credentials or target.credentials(f"probe-{source.host}"))
        try:
            yield caller
        finally:
            caller.close()

    def stream(self, target: Target, port: int | None = None, source: TransportAddress | None = None) -> socket.socket:
        """A TCP connection to ``target`` from an address of its own."""
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        sock.settimeout(STREAM_PATIENCE)
        sock.bind(source or self.source())
        sock.connect((target.address.host, port or target.address.port))
        return sock

    def fall_silent(self, target: Target) -> Idle:
        """Opens streams to ``target`` that say no more than half of something."""
        half, unused, handshake = self.stream(target), self.stream(target), None
        half.send(build(Method.BINDING, MessageClass.REQUEST, os.urandom(12))[:10])
        if target.tls_port is not None:
            handshake = self.stream(target, target.tls_port)
            handshake.send(HALF_A_HANDSHAKE)
        return Idle(time.monotonic(), half, unused, handshake)

    def hit(self, mark: bytes) -> bool:
        """Whether a packet with ``mark`` in it has come to a victim; what else has come is thrown away."""
        found = False
        for victim in self.victims:
            with contextlib.suppress(BlockingIOError):
                while True:
                    found |= mark in victim.recv(65_536)
        return found

    @contextlib.contextmanager
    def peer(self, host: str = PEER.host) -> Iterator[socket.socket]:
        """A socket outside, at ``host``, on a port of its own."""
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.bind((host, 0))
            sock.settimeout(5)
            yield sock


@contextlib.contextmanager
def probe_bed(
    host: int, folder: Path, strangers: int, names: Collection[str]
) -> Iterator[tuple[Bed, dict[str, Target]]]:
    """The bed and the relays of these names on it, as the table has them. ``host`` is the process that holds the host's
    namespace, and this is the outside.

    Raises CommandFailed.
    """
    _wire(host)
    bed = Bed(host, strangers, [_victim(), within(host, _victim).result()])
    with contextlib.ExitStack() as held:
        for victim in bed.victims:
            held.enter_context(victim)
        relays = {
            OURS: _relay(host, folder / "ours"),
            PLAIN: _coturn(host, PLAIN, PLAIN_PORT, folder / "plain", _plain),
            RENDERED: _coturn(host, RENDERED, RENDERED_PORT, folder / "rendered", _rendered),
        }
        targets = [held.enter_context(relay) for name, relay in relays.items() if name in names]
        for target in targets:
            early = held.enter_context(bed.caller(target))
            early.challenge()
            bed.early[target.name] = (early, time.monotonic())
            bed.idle[target.name] = bed.fall_silent(target)
            held.callback(bed.idle[target.name].close)
        yield bed, {target.name: target for target in targets}


def entering(host: int, *words: str) -> list[str]:
    """A command as it is run in the namespace that ``host`` holds."""
    return ["nsenter", "--net", f"--target={host}", "--", *words]


def _wire(host: int) -> None:
    lines = f"""
        ip link add eth0 type veth peer name eth0 netns {host}
        ip addr add {OUTSIDE}/24 dev eth0
        ip -6 addr add {OUTSIDE6}/64 dev eth0 nodad
        ip link set eth0 up
        ip route add local default dev lo table main
        ip -6 route add local default dev lo table main
    """
    there = f"""
        ip addr add {HOST}/24 dev eth0
        ip addr add {HOST_TOO}/32 dev eth0
        ip addr add {HOST_ENROLLED}/32 dev eth0
        ip -6 addr add {HOST6}/64 dev eth0 nodad
        ip link set eth0 up
        ip route add default via {OUTSIDE}
        ip -6 route add default via {OUTSIDE6}
    """
    for command in [line.split() for line in lines.strip().splitlines()]:
        _run(*command)
    for command in [line.split() for line in there.strip().splitlines()]:
        _run(*entering(host, *command))


def _run(*words: str) -> None:
    done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30, check=False)
    if done.returncode != 0:
        raise CommandFailed(f"{' '.join(words)}: {done.stderr}")


def _victim() -> socket.socket:
    victim = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    victim.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    victim.bind(("::", VICTIM))
    victim.setblocking(False)
    return victim


def _config(port: int, **more: Any) -> RelayConfig:
    return RelayConfig(
        addresses=(ipaddress.ip_address(HOST), ipaddress.ip_address(HOST6)),
        port=port,
        realm=REALM,
        secrets=(SecretStr(SECRET),),
        allow_peers=tuple(map(ipaddress.ip_network, ENROLLED)),
        nonce_lifetime=NONCE_LIFETIME,
        allocations_per_user=QUOTA,
        **more,
    )


@contextlib.contextmanager
def _relay(host: int, folder: Path) -> Iterator[Target]:
    folder.mkdir(mode=0o700)
    certificate, key = _certificate(folder)
    config = _config(
        OUR_PORT,
        tls_port=OUR_PORT + 1,
        certificate=certificate,
        certificate_key=key,
        streams_per_source=STREAMS,
        stream_half_frame=STREAM_TIME,
        stream_without_allocation=STREAM_TIME,
    )
    config.write(folder / "config.json")
    words = [sys.executable, "-P", "-m", "media_relay", "--config-file", str(folder / "config.json")]
    with _server(OURS, entering(host, *words), folder, OUR_PORT, OUR_PORT + 1) as target:
        yield target


@contextlib.contextmanager
def _coturn(host: int, name: str, port: int, folder: Path, configuration: Callable[[Path], str]) -> Iterator[Target]:
    tls_port = port + 10 if name == PLAIN else None
    folder.mkdir(mode=0o700)
    _certificate(folder)
    write_private(folder / "turnserver.conf", configuration(folder))
    words = entering(host, "turnserver", "-c", str(folder / "turnserver.conf"))
    with _server(name, words, folder, port, tls_port, LATE) as target:
        yield target


def _plain(folder: Path) -> str:
    """What it must be told, and nothing else."""
    return f"""\
listening-port={PLAIN_PORT}
listening-ip={HOST}
listening-ip={HOST6}
relay-ip={HOST}
relay-ip={HOST6}
use-auth-secret
static-auth-secret={SECRET}
realm={REALM}
stale-nonce={NONCE_LIFETIME}
user-quota={QUOTA}
no-dtls
tls-listening-port={PLAIN_PORT + 10}
cert={folder / "certificate.pem"}
pkey={folder / "key.pem"}
no-cli
fingerprint
userdb={folder / "turndb"}
pidfile={folder / "pid"}
log-file=stdout
"""


def _certificate(folder: Path) -> tuple[Path, Path]:
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    issued = trustme.CA().issue_cert(HOST)
    issued.cert_chain_pems[0].write_to_path(certificate)
    issued.private_key_pem.write_to_path(key)
    return certificate, key


def _rendered(folder: Path) -> str:
    machine = (HOST, HOST6, HOST_TOO, HOST_ENROLLED)
    return render(_config(RENDERED_PORT), Dialect.DEBIAN_12, machine=machine, folder=folder)


@contextlib.contextmanager
def _server(
    name: str, words: list[str], folder: Path, port: int, tls_port: int | None, patience: float = 0.0
) -> Iterator[Target]:
    with (folder / "said").open("w") as said:
        process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=said, stderr=said, env=_environment())
        try:
            target = Target(name, TransportAddress(HOST, port), process.pid, SECRET, REALM, tls_port, patience)
            _await(target, process, folder)
            yield target
            assert process.poll() is None, f"{name} ended with status {process.returncode}"
        finally:
            process.kill()
            process.wait()


def _await(target: Target, process: subprocess.Popen[bytes], folder: Path) -> None:
    deadline = time.monotonic() + STARTED_WITHIN
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind((OUTSIDE, 0))
        sock.connect(target.address)
        sock.settimeout(0.2)
        while time.monotonic() < deadline and process.poll() is None:
            with contextlib.suppress(TimeoutError):
                try:
                    sock.send(build(Method.BINDING, MessageClass.REQUEST, os.urandom(12)))
                    sock.recv(2048)
                except ConnectionRefusedError:
                    time.sleep(0.05)  # nobody listens yet, and nothing tells when somebody does
                    continue
                return
    raise CommandFailed(f"{target.name} did not start: {(folder / 'said').read_text()}")


def _environment() -> dict[str, str]:
    return {**os.environ, "PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin"}
