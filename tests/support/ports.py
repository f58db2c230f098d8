"""Free ports on loopback, for the servers that tests start. Where a server can choose its port itself (0), let it.

They lie below those that the system gives to connections and to whoever binds to 0 (`net.ipv4.ip_local_port_range`,
32768 and more): nobody comes between our looking at a port and the server's taking it, and no connection of the last
minute still has it. Each worker of a test run has numbers of its own, and each number is given once in a long while.
"""

import errno
import itertools
import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack

FIRST, WORKERS, OF_EACH = 10_000, 16, 1_400
"""Ports 10,000 to 32,399."""



def free_port() -> int:
    """A port that nobody has, by TCP or UDP, on either loopback."""
    return free_ports(1)


def free_ports(number: int) -> int:
    """The first of so many such ports in a row; it is a multiple of `number`."""
    for low in _numbers:
        if low % number == 0 and all(_is_free(low + each) for each in range(number)):
            return low
    raise AssertionError("unreachable: the numbers have no end")


def _is_free(port: int) -> bool:
    with ExitStack() as taken:
        for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
            for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
                try:
                    taken.enter_context(socket.socket(family, kind)).bind((host, port))
                except OSError as error:
                    if error.errno not in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):  # a machine without IPv6
                        return False
    return True


def _numbers_of_this_worker() -> Iterator[int]:
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % WORKERS
    # Two runs beside each other on one machine begin apart.
    begins = os.getpid() % OF_EACH
    return (FIRST + worker * OF_EACH + (begins + each) % OF_EACH for each in itertools.count())


_numbers = _numbers_of_this_worker()
