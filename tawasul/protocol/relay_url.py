"""The address of a relay by one transport, as endpoints are given it: a TURN URI (RFC 7065)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv6Address
from typing import Literal, get_args

Transport = Literal["udp", "tcp", "tls"]
"""How an endpoint speaks with its relay. What the relay sends on to peers is UDP in every case."""

TRANSPORTS: tuple[Transport, ...] = get_args(Transport)
"""The best first: TCP holds everything back for one lost packet, TLS costs more besides; but 443 is open nearly
everywhere."""

_URI = re.compile(r"(turns?):(\[[0-9A-Fa-f:.]+\]|[^\[\]:?@/\s]+):([0-9]{1,5})\?transport=(udp|tcp)", re.ASCII)


@dataclass(frozen=True, slots=True)
class RelayUrl:
    """``host``: a name or an address, without brackets."""

    host: str
    port: int
    transport: Transport

    def __str__(self) -> str:
        # An IPv6 literal in a URI stands in brackets (RFC 3986 section 3.2.2).
        host = f"[{self.host}]" if ":" in self.host else self.host
        scheme, carried = ("turns", "tcp") if self.transport == "tls" else ("turn", self.transport)
        return f"{scheme}:{host}:{self.port}?transport={carried}"

    @property
    def stun(self) -> str:
        """The same relay as a STUN server (RFC 7064); of use where ``transport`` is UDP."""
        return f"stun:{str(self).partition(':')[2].partition('?')[0]}"

    @classmethod
    def parse(cls, text: str) -> RelayUrl | None:
        """What ``str()`` wrote; None for anything else, ``turns`` over UDP (DTLS) among it, which is not offered."""
        match = _URI.fullmatch(text)
        if match is None:
            return None
        scheme, host, port, carried = match.groups()
        if not 0 < int(port) < 65536 or (scheme == "turns" and carried == "udp"):
            return None
        if host.startswith("["):
            host = host[1:-1]
            try:
                IPv6Address(host)
            except ValueError:
                return None
        transport: Transport = "tls" if scheme == "turns" else "udp" if carried == "udp" else "tcp"
        return cls(host, int(port), transport)
