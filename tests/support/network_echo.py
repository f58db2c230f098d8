"""What a line does to datagrams and to a stream, seen from its two ends.

``python -m support.network_echo PID`` runs in the internet, with a socket in the host's namespace too: numbered
datagrams go out from the host and are sent back, each with a body that tells whether it was spoilt.
"""

from __future__ import annotations

import argparse
import json
import socket
import threading
import time

from support.namespaces import within
from support.network_bed import INTERNET

DATAGRAMS, EVERY, BYTES = 300, 0.02, 400
STREAM = 20_000
QUIET = 1.0
"""Seconds without an answer, after which the last has come."""


def body(number: int) -> bytes:
    """Of a numbered datagram."""
    return (number.to_bytes(4) * (BYTES // 4))[:BYTES]


def echoed(pid: int) -> dict[str, float]:
    """Counts, and the shortest way out and back in seconds."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind((INTERNET, 0))
        threading.Thread(target=_send_back, args=(server,), daemon=True).start()
        host = within(pid, lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM)).result()
        host.connect(server.getsockname())
        host.settimeout(QUIET)
        left: dict[int, float] = {}
        sending = threading.Thread(target=_send, args=(host, left))
        sending.start()
        ways, spoilt = [], 0
        while True:
            quiet_from_here = not sending.is_alive()
            try:
                came, now = host.recv(2000), time.monotonic()
            except TimeoutError:
                if quiet_from_here:
                    break
                continue
            number = int.from_bytes(came[:4])
            ways.append(now - left[number])
            spoilt += came != body(number)
    return {"sent": len(left), "answered": len(ways), "least": min(ways), "spoilt": spoilt, "tcp": _stream(pid)}


def _send(host: socket.socket, left: dict[int, float]) -> None:
    for number in range(DATAGRAMS):
        left[number] = time.monotonic()
        host.send(body(number))
        time.sleep(EVERY)


def _send_back(server: socket.socket) -> None:
    while True:
        try:
            server.sendto(*server.recvfrom(2000))
        except OSError:
            return


def _stream(pid: int) -> int:
    """Bytes that come whole and in order over TCP, whose own repair the wire must not hinder."""
    with socket.create_server((INTERNET, 0)) as listening:
        address = listening.getsockname()
        sending = within(pid, lambda: socket.create_connection(address, 20))
        taken, _ = listening.accept()
        with taken, sending.result() as host:
            meant = bytes(number % 251 for number in range(STREAM))
            threading.Thread(target=_say_all, args=(host, meant), daemon=True).start()
            taken.settimeout(20)
            came = b""
            while piece := taken.recv(65536):
                came += piece
            return len(came) if came == meant else -1


def _say_all(host: socket.socket, meant: bytes) -> None:
    host.sendall(meant)
    host.shutdown(socket.SHUT_WR)


def main() -> None:
    """Once, told as JSON."""
    parser = argparse.ArgumentParser(description="A line, seen from its two ends.")
    parser.add_argument("pid", type=int)
    print(json.dumps(echoed(parser.parse_args().pid)))


if __name__ == "__main__":
    main()
