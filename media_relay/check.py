"""What gets through to a relay from where we are: by UDP, TCP and TLS, a question, and a packet from relay to relay.

It is asked from outside, as an endpoint would ask; words for what it finds are the command line's.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import ssl
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cryptography import x509
from cryptography.x509.oid import NameOID

from media_relay.core.effects import Transport
from media_relay.errors import AnswerNotStun, RequestRefused
from media_relay.stun.address import TransportAddress
from media_relay.turn_client import TIMEOUTS, TurnClient, Wire, stream_wire, udp_wire
from tawasul.access.relay_credentials import RelayCredentials

SMALL, LARGE = 100, 1200
"""Bytes of the two packets that are sent from relay to relay: sound, and picture. Both have to fit through."""
TRIES = 3
"""How often a packet is sent that does not come back: one may be lost on any network."""


class Trouble(StrEnum):
    """Why something does not get through, as far as it can be told from here."""

    UNKNOWN_NAME = "unknown-name"
    SILENT = "silent"
    CLOSED = "closed"
    UNREACHABLE = "unreachable"
    CUT = "cut"
    NOT_STUN = "not-stun"
    NOT_TLS = "not-tls"
    CERTIFICATE = "certificate"
    CREDENTIALS = "credentials"
    DRAINING = "draining"
    FULL = "full"
    QUOTA = "quota"
    FORBIDDEN = "forbidden"
    REFUSED = "refused"
    LOST = "lost"
    LARGE_LOST = "large-lost"


class Step(StrEnum):
    """What was tried."""

    REACH = "reach"
    """A Binding question was answered."""
    CARRY = "carry"
    """Two allocations were made, and packets went from one to the other and back."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a relay showed over TLS."""

    names: tuple[str, ...]
    issuer: str
    ends: datetime

    @classmethod
    def read(cls, encoded: bytes) -> Certificate:
        """Of a certificate in DER. Raises ValueError."""
        certificate = x509.load_der_x509_certificate(encoded)
        with contextlib.suppress(x509.ExtensionNotFound):
            alternative = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
            names = (*alternative.get_values_for_type(x509.DNSName),)
            addresses = (str(address) for address in alternative.get_values_for_type(x509.IPAddress))
            return cls((*names, *addresses), _named(certificate.issuer), certificate.not_valid_after_utc)
        return cls((_named(certificate.subject),), _named(certificate.issuer), certificate.not_valid_after_utc)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of one step by one transport. It passed if there is no ``trouble``."""

    transport: Transport
    address: TransportAddress
    """What was asked. Where no address is known for the name, that in its place."""
    step: Step
    trouble: Trouble | None = None
    detail: str = ""
    """What was said of the trouble, for those who know: an error's number, a certificate's fault."""
    seen_as: TransportAddress | None = None
    """Our address, as the relay sees it."""
    translated: bool = False
    """Whether that is not the one that we have: there is a NAT between."""
    round_trip: float | None = None
    """Seconds: there and back; in ``CARRY`` from the one client by both relayed addresses to the other, and back."""
    certificate: Certificate | None = None

    @property
    def passed(self) -> bool:
        """Whether it did."""
        return self.trouble is None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be looked at. A port of None leaves its transports out."""

    host: str
    port: int | None = 3478
    """By UDP and by TCP."""
    tls_port: int | None = 443
    credentials: RelayCredentials | None = None
    """Without them nothing is sent from relay to relay."""
    authority: str | None = None
    """PEM file of an authority to be trusted beside those of the system."""


async def check(wanted: Wanted) -> list[Outcome]:
    """Tries every transport at once, and tells of each step. Takes about 20 seconds at most. Raises OSError where the
    file of the authority cannot be read."""
    context = ssl.create_default_context()
    if wanted.authority is not None:
        context.load_verify_locations(wanted.authority)
    ways: list[tuple[Transport, int]] = []
    if wanted.port is not None:
        ways += [(Transport.UDP, wanted.port), (Transport.TCP, wanted.port)]
    if wanted.tls_port is not None:
        ways.append((Transport.TLS, wanted.tls_port))
    try:
        async with asyncio.timeout(sum(TIMEOUTS)):
            found = await asyncio.get_running_loop().getaddrinfo(wanted.host, None, type=socket.SOCK_DGRAM)
    except (socket.gaierror, TimeoutError, UnicodeError):
        nowhere = [(transport, TransportAddress(wanted.host, port)) for transport, port in ways]
        return [Outcome(transport, address, Step.REACH, Trouble.UNKNOWN_NAME) for transport, address in nowhere]
    host = str(found[0][4][0])
    looks = (_Look(transport, TransportAddress(host, port), wanted, context) for transport, port in ways)
    return [outcome for outcomes in await asyncio.gather(*(look.outcomes() for look in looks)) for outcome in outcomes]


class _Look:
    """At one transport."""

    def __init__(
        self, transport: Transport, address: TransportAddress, wanted: Wanted, context: ssl.SSLContext
    ) -> None:
        self._transport = transport
        self._address = address
        self._wanted = wanted
        self._context = context

    async def outcomes(self) -> Sequence[Outcome]:
        reached = await self._reach()
        if not reached.passed or self._wanted.credentials is None:
            return [reached]
        return [reached, await self._carry(self._wanted.credentials)]

    async def _reach(self) -> Outcome:
        try:
            async with self._wire() as wire:
                began = time.perf_counter()
                seen_as = await TurnClient(wire).binding()
                took = time.perf_counter() - began
                shown = Certificate.read(wire.certificate) if wire.certificate is not None else None
                return self._outcome(
                    Step.REACH, seen_as=seen_as, translated=seen_as != wire.local, round_trip=took, certificate=shown
                )
        except ssl.SSLCertVerificationError as error:
            shown = await self._shown()
            return self._outcome(
                Step.REACH, trouble=Trouble.CERTIFICATE, detail=error.verify_message, certificate=shown
            )
        except _TROUBLES as error:
            return self._outcome(Step.REACH, *_trouble(error))

    async def _carry(self, credentials: RelayCredentials) -> Outcome:
        try:
            async with self._client(credentials) as one, self._client(credentials) as other:
                ours, theirs = await one.allocate(), await other.allocate()
                await one.permit(theirs)
                await other.permit(ours)
                took = await _there_and_back(one, ours, other, theirs, SMALL)
                if took is None:
                    return self._outcome(Step.CARRY, trouble=Trouble.LOST)
                if await _there_and_back(one, ours, other, theirs, LARGE) is None:
                    return self._outcome(Step.CARRY, trouble=Trouble.LARGE_LOST, round_trip=took)
                return self._outcome(Step.CARRY, round_trip=took)
        except _TROUBLES as error:
            return self._outcome(Step.CARRY, *_trouble(error))

    async def _shown(self) -> Certificate | None:
        """What is shown over TLS by whoever is not trusted: it often tells who stands between."""
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        with contextlib.suppress(*_TROUBLES):
            wire = await stream_wire(self._address, context, self._wanted.host)
            with contextlib.closing(wire):
                return Certificate.read(wire.certificate) if wire.certificate is not None else None
        return None

    @contextlib.asynccontextmanager
    async def _wire(self) -> AsyncIterator[Wire]:
        if self._transport is Transport.UDP:
            wire = await udp_wire(self._address)
        else:
            context = self._context if self._transport is Transport.TLS else None
            wire = await stream_wire(self._address, context, self._wanted.host)
        with contextlib.closing(wire):
            yield wire

    @contextlib.asynccontextmanager
    async def _client(self, credentials: RelayCredentials) -> AsyncIterator[TurnClient]:
        async with self._wire() as wire:
            client = TurnClient(wire, credentials)
            try:
                yield client
            finally:
                # Nothing is to be left at the relay; where it stays, it ends by itself in ten minutes.
                if client.relayed is not None:
                    with contextlib.suppress(*_TROUBLES):
                        async with asyncio.timeout(TIMEOUTS[-1]):
                            await client.release()

    def _outcome(
        self,
        step: Step,
        trouble: Trouble | None = None,
        detail: str = "",
        *,
        seen_as: TransportAddress | None = None,
        translated: bool = False,
        round_trip: float | None = None,
        certificate: Certificate | None = None,
    ) -> Outcome:
        return Outcome(
            self._transport, self._address, step, trouble, detail, seen_as, translated, round_trip, certificate
        )


async def _there_and_back(
    one: TurnClient, ours: TransportAddress, other: TurnClient, theirs: TransportAddress, size: int
) -> float | None:
    """Seconds for ``size`` random bytes from the one to the other and back; None when they do not come."""
    data = os.urandom(size)
    for _ in range(TRIES):
        began = time.perf_counter()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(TIMEOUTS[-1]):
                one.send(data, theirs)
                await _until(other, ours, data)
                other.send(data, ours)
                await _until(one, theirs, data)
                return time.perf_counter() - began
    return None


async def _until(client: TurnClient, source: TransportAddress, data: bytes) -> None:
    # What comes from elsewhere, or late, is not what was sent.
    while await client.receive() != (source, data):
        continue


_TROUBLES = (OSError, AnswerNotStun, RequestRefused, ValueError)
_REFUSALS = {
    300: Trouble.DRAINING,
    401: Trouble.CREDENTIALS,
    403: Trouble.FORBIDDEN,
    441: Trouble.CREDENTIALS,
    486: Trouble.QUOTA,
    508: Trouble.FULL,
}


def _trouble(error: Exception) -> tuple[Trouble, str]:
    match error:
        case RequestRefused():
            return _REFUSALS.get(error.number, Trouble.REFUSED), str(error.number)
        case AnswerNotStun() | ValueError() if not isinstance(error, ssl.SSLError):
            return Trouble.NOT_STUN, ""
        case TimeoutError():
            return Trouble.SILENT, ""
        case ConnectionRefusedError():
            return Trouble.CLOSED, ""
        case ssl.SSLError():
            return Trouble.NOT_TLS, error.reason or ""
        case ConnectionError():
            return Trouble.CUT, ""
        case OSError():
            return Trouble.UNREACHABLE, error.strerror or ""
        case _:
            raise error


def _named(name: x509.Name) -> str:
    for kind in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        for attribute in name.get_attributes_for_oid(kind):
            return str(attribute.value)
    return name.rfc4514_string()
