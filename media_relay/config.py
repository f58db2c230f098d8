"""What the relay is told: addresses, ports, secrets, whom it may send to, and how much.

A file of it holds secrets, so it is written for its owner alone; the command line never carries one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    IPvAnyAddress,
    IPvAnyNetwork,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic import field_validator as validator

from media_relay.core.connections import StreamLimits
from media_relay.core.permission import NEVER
from media_relay.directory import MOST_WORKERS
from media_relay.errors import RelayConfigError
from media_relay.logs import LogFormat
from media_relay.private_file import write_private
from media_relay.stun.address import TransportAddress
from media_relay.tls import Certificate

Port = Annotated[int, Field(ge=0, le=65535)]
Count = Annotated[int, Field(ge=1, le=1_000_000)]
Seconds = Annotated[float, Field(gt=0, le=86_400)]

MINIMUM_SECRET = 16
"""Characters. The password of every call is an HMAC with it: a guessed secret opens the relay to all."""


class RelayConfig(BaseModel):
    """Everything a relay process needs. The default serves one machine, 127.0.0.1, once it is given a secret."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    addresses: tuple[IPvAnyAddress, ...] = Field(
        default=("127.0.0.1",), validate_default=True, min_length=1, max_length=16
    )
    """Addresses to listen on, each an address of this machine. Relayed addresses are opened on the address on which the
    client came; a client that came by IPv6 and asks for IPv4, on the first IPv4 address."""
    port: Port = 3478
    """UDP port of every listening address, and TCP port as well if ``tcp``; 0 lets the system choose."""
    tcp: bool = True
    """Whether clients whose network lets no UDP through may come by TCP."""
    tls_port: Port | None = None
    """TCP port of every listening address for clients by TLS: 443, say, which hardly any network closes. 0 lets the
    system choose; None: there are none. It needs ``certificate`` and ``certificate_key``."""
    certificate: Path | None = None
    """The certificate (PEM, with its chain) for TLS, and its key without a passphrase. When they change on disk, new
    connections are served the new ones within seconds."""
    certificate_key: Path | None = None
    realm: str = Field(default="tawasul", pattern=r"^[!-~]{1,40}$")
    """Short, for it stands in every answer to a stranger, and those are hardly larger than the question."""
    secrets: tuple[SecretStr, ...] = Field(default=(), max_length=2)
    """Shared with signaling. Two while they are being changed: minted with the first, accepted with either."""
    relay_ports: tuple[Port, Port] = (49152, 65535)
    """Lowest and highest port of relayed addresses; (0, 0) lets the system choose."""
    allow_peers: tuple[IPvAnyNetwork, ...] = ()
    """Networks that are enrolled: peers there may be reached. Nothing else ever is, but the relay's own relayed
    addresses and, if ``allow_public``, the public network."""
    allow_public: bool = False
    """Whether peers on the public network may be reached. Calls do not need it while citizens at their own location are
    relayed at both ends."""
    allow_loopback: bool = False
    """For demonstration and tests: loopback, and there only live relayed addresses of this relay."""
    allocations_per_user: Count = 10
    """An endpoint gathers several (one an interface, address family and server). When a user has this many, an idle one
    of the same user's makes way, so that reconnecting is never refused for what a vanished connection left behind."""
    allocations_per_governorate: Count = 500
    """Of all users whose credentials name the same governorate."""
    allocations_per_source: Count = 500
    """Of one client address (IPv6: one /64); a whole centre may be behind one."""
    allocations_in_all: Count = 1000
    permissions_per_allocation: Count = 128
    channels_per_allocation: Count = 128
    bandwidth: Annotated[int, Field(ge=10_000, le=100_000_000_000)] = 1_500_000
    """Bytes of payload a second that one allocation may carry, each way: 12 Mbit/s, three times what a call in 1080p
    takes. It bounds what a stolen password is good for."""
    streams_per_source: Count = 100
    """TCP and TLS connections of one client address (IPv6: one /64), with or without an allocation."""
    streams_in_all: Count = 2000
    stream_half_frame: Seconds = 10
    """How long a message that has begun on a stream, or a TLS handshake, may take to end."""
    stream_without_allocation: Seconds = 30
    """How long a stream may stand without an allocation."""
    lifetime: Annotated[int, Field(ge=1, le=3600)] = 600
    """Seconds an allocation lives without being refreshed (RFC 8656 section 3.2)."""
    maximum_lifetime: Annotated[int, Field(ge=1, le=86_400)] = 3600
    nonce_lifetime: Annotated[int, Field(ge=1, le=86_400)] = 3600
    """Seconds; RFC 8656 section 5 recommends at least hourly change."""
    overrun: Annotated[int, Field(ge=0, le=86_400)] = 3600
    """Seconds after the credentials' expiry for which an allocation that is already there may be kept: a call that
    overruns its slot is not cut, and nobody new comes in."""
    unauthenticated_answers: Count = 100
    """Answers a second that one source address (IPv6: one /64) gets before it has authenticated."""
    unauthenticated_datagrams: Count = 5000
    """Datagrams a second, of all sources without an allocation together, that are looked at: the rest are dropped, so
    that a flood leaves running calls their share of the processor. One source has no more of them than four times its
    answers; what comes by streams is counted for its source alone."""
    workers: Annotated[int, Field(ge=1, le=MOST_WORKERS)] = 1
    """Processes that serve the one port, each its own clients: one a core, where one core does not carry all calls.
    What users, governorates and sources hold is counted over all of them, and so is ``allocations_in_all``;
    ``streams_in_all`` is divided. What is counted by the second, each counts for itself (ADR 28)."""
    drain: Annotated[float, Field(ge=0, le=86_400)] = 0
    """Seconds that a terminated relay waits for its allocations to end, taking no new ones."""
    alternates: tuple[str, ...] = Field(default=(), max_length=16)
    """Other relays with the same secret, as ``address:port`` or ``[address]:port``: a relay that drains sends those who
    ask for an allocation to one of their own address family."""
    metrics_port: Port | None = None
    """TCP port on 127.0.0.1 where whoever started the relay serves its metrics to a monitoring system."""
    log: LogFormat = "text"
    """``json``: one JSON object a line, for a collector."""
    orphan_after: Seconds = 600
    """Seconds without a sign of life from the server that started it, after which a relay without allocations ends."""

    @validator("addresses")
    @classmethod
    def _addresses_are_of_a_machine(cls, addresses: tuple[IPvAnyAddress, ...]) -> tuple[IPvAnyAddress, ...]:
        for address in addresses:
            if address.is_unspecified or address.is_multicast or (address.version == 6 and address.is_link_local):
                # An answer leaves from the address that was asked, and peers must be able to reach the relayed one.
                raise ValueError(f"{address} is not an address that a peer can reach; name this machine's addresses")
        if len(set(addresses)) != len(addresses):
            raise ValueError("an address is named twice")
        return addresses

    @validator("secrets")
    @classmethod
    def _secrets_are_long(cls, secrets: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        if any(len(secret.get_secret_value()) < MINIMUM_SECRET for secret in secrets):
            raise ValueError(f"a relay secret has at least {MINIMUM_SECRET} characters")
        return secrets

    @validator("relay_ports")
    @classmethod
    def _ports_are_a_range(cls, ports: tuple[int, int]) -> tuple[int, int]:
        low, high = ports
        if ports != (0, 0) and not 1024 <= low <= high:
            raise ValueError("relay_ports is (lowest, highest), from 1024 up, or (0, 0)")
        return ports

    @validator("allow_peers")
    @classmethod
    def _peers_can_be_allowed(cls, networks: tuple[IPvAnyNetwork, ...]) -> tuple[IPvAnyNetwork, ...]:
        for network, name in ((network, name) for network in networks for name, _ in NEVER):
            if _within(network, ip_network(name)):
                raise ValueError(f"{network} lies in {name}, to which the relay never sends")
        return networks

    @validator("certificate", "certificate_key")
    @classmethod
    def _files_are_found_from_anywhere(cls, file: Path | None) -> Path | None:
        return None if file is None else file.absolute()  # the relay's process has a working directory of its own

    @validator("alternates")
    @classmethod
    def _alternates_are_addresses(cls, alternates: tuple[str, ...]) -> tuple[str, ...]:
        for alternate in alternates:
            _transport_address(alternate)
        return alternates

    @model_validator(mode="after")
    def _no_port_is_taken_twice(self) -> Self:
        if self.tcp and self.tls_port and self.tls_port == self.port:
            raise ValueError(f"tls_port and the port for clients by TCP are both {self.port}; choose another for one")
        return self

    @property
    def alternate_addresses(self) -> tuple[TransportAddress, ...]:
        """``alternates``, read."""
        return tuple(_transport_address(alternate) for alternate in self.alternates)

    @property
    def stream_limits(self) -> StreamLimits:
        """What streams may stand: of a source at all workers, in all at one, where those that make way are its own."""
        return StreamLimits(
            per_source=self.streams_per_source,
            in_all=max(1, self.streams_in_all // self.workers),
            half_frame=self.stream_half_frame,
            without_allocation=self.stream_without_allocation,
        )

    @property
    def identity(self) -> Certificate | None:
        """The certificate that is served by TLS, read; None without ``tls_port``. Raises RelayConfigError."""
        if self.tls_port is None:
            return None
        if self.certificate is None or self.certificate_key is None:
            raise RelayConfigError("the relay's tls_port needs a certificate and its key")
        return Certificate(self.certificate, self.certificate_key)

    def revealed(self) -> dict[str, Any]:
        """This configuration as JSON values, secrets in the clear: for a file that its owner alone may read."""
        return {**self.model_dump(mode="json"), "secrets": [secret.get_secret_value() for secret in self.secrets]}

    def digest(self) -> str:
        """64 hexadecimal digits of everything but the ports, which may have been left to the system."""
        # The metrics are no part of the process: for them nobody's call is ended.
        content = {**self.revealed(), "port": None, "tls_port": self.tls_port is not None, "metrics_port": None}
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    def write(self, path: Path) -> None:
        """Writes this configuration to ``path``, whole or not at all, readable by its owner alone."""
        write_private(path, json.dumps(self.revealed(), indent=2, sort_keys=True))

    @classmethod
    def read(cls, path: Path) -> Self:
        """The configuration in ``path``. Raises RelayConfigError, which never quotes a secret."""
        try:
            if path.stat().st_mode & 0o077:
                raise RelayConfigError(f"{path} can be read by others: chmod 600 it, for it holds the relay's secret")
            return cls.model_validate_json(path.read_bytes())
        except OSError as error:
            raise RelayConfigError(f"{path} cannot be read: {error.strerror}") from None
        except ValidationError as error:
            raise RelayConfigError(f"{path} is not a relay configuration: {'; '.join(_complaints(error))}") from None


def _transport_address(text: str) -> TransportAddress:
    host, _, port = text.rpartition(":")
    bracketed = host.startswith("[") and host.endswith("]")
    address = ip_address(host[1:-1] if bracketed else host)
    if not (port.isascii() and port.isdecimal() and 0 < int(port) < 65536) or bracketed != (address.version == 6):
        raise ValueError(f"{text} is not an address and a port")
    return TransportAddress(str(address), int(port))


def _within(network: IPv4Network | IPv6Network, other: IPv4Network | IPv6Network) -> bool:
    if isinstance(network, IPv4Network):
        return isinstance(other, IPv4Network) and network.subnet_of(other)
    return isinstance(other, IPv6Network) and network.subnet_of(other)


def _complaints(error: ValidationError) -> Iterator[str]:
    for problem in error.errors(include_input=False, include_url=False, include_context=False):
        yield f"{'.'.join(str(part) for part in problem['loc']) or 'it'}: {problem['msg']}"
