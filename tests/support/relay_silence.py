"""What a kiosk meets behind a firewall: ports at which nothing is ever answered."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator

from tawasul.protocol.relay_url import RelayUrl

HOST = "127.0.0.1"


@contextlib.contextmanager
def silence() -> Iterator[tuple[RelayUrl, RelayUrl]]:
    """Somebody listens there, and says nothing: by UDP, and by TCP."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mute, socket.socket() as deaf:
        mute.bind((HOST, 0))
        deaf.bind((HOST, 0))
        deaf.listen()
        yield RelayUrl(HOST, mute.getsockname()[1], "udp"), RelayUrl(HOST, deaf.getsockname()[1], "tcp")
