"""What a network does to datagrams, found out over sockets alone, by the tests of RFC 5780 sections 4.3 and 4.4.

``python -m support.network_behaviour PID ADDRESS…`` runs in the internet, and puts sockets of its own into the host's
namespace too. Nothing is waited for in vain: the last datagram of each test is one that was asked for, and when it is
there, what has not come before it does not come.
"""

from __future__ import annotations

import argparse
import errno
import json
import socket
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass

from support.namespaces import within
from support.network_kinds import ADDRESS, ADDRESS_AND_PORT, INDEPENDENT

NOTHING_PASSES = 1.0
"""Seconds without an answer to four datagrams, after which a network that lets none through is taken for one."""
TCP_PORTS = (80, 443, 3478)


@dataclass(frozen=True)
class Found:
    """``seen``: the host's addresses as the internet saw them. ``tcp``: the ports that it could reach."""

    mapping: str | None
    filtering: str | None
    seen: list[str]
    kept_port: bool
    tcp: list[int]


def find_out(pid: int, first: str, second: str | None) -> Found:
    """All tests. ``second``: another address of the internet, without which only ports are told apart."""
    with ExitStack() as opened:

        def at(address: str) -> socket.socket:
            made = opened.enter_context(_socket(address))
            made.bind((address, 0))
            return made

        def inside() -> socket.socket:
            return opened.enter_context(within(pid, lambda: _socket(first)).result())

        near, other_port, far = at(first), at(first), at(second) if second else None
        host = inside()
        reachable = _tcp(pid, first)
        if _asked(host, near) is None:
            return Found(None, None, [], False, reachable)
        where = [seen for each in (near, other_port, far) if each and (seen := _asked(host, each))]
        kept = {port for _, port in where} == {host.getsockname()[1]}
        filtering = _filtering(inside(), near, other_port, far)
        return Found(_mapping(where), filtering, [address for address, _ in where], kept, reachable)


def _mapping(seen: list[tuple[str, int]]) -> str:
    if len(set(seen)) == 1:
        return INDEPENDENT
    return ADDRESS if seen[0] == seen[1] else ADDRESS_AND_PORT


def _filtering(host: socket.socket, near: socket.socket, port: socket.socket, far: socket.socket | None) -> str:
    """Who may send to an address that has spoken to ``near`` alone."""
    seen = _asked(host, near)
    assert seen is not None
    if far is not None:
        far.sendto(b"another address", seen)
    port.sendto(b"another port", seen)
    near.sendto(b"whom it spoke to", seen)
    came: list[bytes] = []
    while b"whom it spoke to" not in came:
        came.append(host.recv(100))
    if b"another address" in came or (far is None and b"another port" in came):
        return INDEPENDENT
    return ADDRESS if b"another port" in came else ADDRESS_AND_PORT


def _asked(host: socket.socket, server: socket.socket) -> tuple[str, int] | None:
    """The host's address as ``server`` sees it; ``None`` when nothing comes."""
    server.settimeout(NOTHING_PASSES / 4)
    for _ in range(4):
        try:
            host.sendto(b"who am I", server.getsockname())
            _, seen = server.recvfrom(100)
        except TimeoutError:
            continue
        except OSError as error:
            if error.errno == errno.ENETUNREACH:
                return None
            raise
        return str(seen[0]), int(seen[1])
    return None


def _tcp(pid: int, address: str) -> list[int]:
    with ExitStack() as opened:
        for port in TCP_PORTS:
            opened.enter_context(socket.create_server((address, port), family=_family(address)))
        return [port for port in TCP_PORTS if within(pid, _connects(address, port)).result()]


def _connects(address: str, port: int) -> Callable[[], bool]:
    def tried() -> bool:
        try:
            socket.create_connection((address, port), NOTHING_PASSES).close()
        except OSError:
            return False
        return True

    return tried


def _socket(address: str) -> socket.socket:
    made = socket.socket(_family(address), socket.SOCK_DGRAM)
    made.settimeout(5)
    return made


def _family(address: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def main() -> None:
    """Finds out, and says it."""
    parser = argparse.ArgumentParser(description="What a network does.")
    parser.add_argument("pid", type=int)
    parser.add_argument("first")
    parser.add_argument("second", nargs="?")
    given = parser.parse_args()
    print(json.dumps(asdict(find_out(given.pid, given.first, given.second))))


if __name__ == "__main__":
    main()
