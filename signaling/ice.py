"""Which relays an endpoint is given, with credentials that hold for one call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal, Protocol, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr
from pydantic import field_validator as validator

from signaling.core.relay_order import ordered
from tawasul.access.relay_credentials import mint
from tawasul.protocol.ice import IceConfiguration, IceServer
from tawasul.protocol.relay_url import TRANSPORTS, RelayUrl, Transport

Port = Annotated[int, Field(ge=1, le=65535)]


class RelayPlace(BaseModel):
    """One relay of the fleet, as endpoints reach it. ``port`` is that of UDP and TCP."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = Field(pattern=r"^[A-Za-z0-9.:-]{1,253}$")
    port: Port = 3478
    transports: tuple[Transport, ...] = Field(default=("udp", "tcp"), min_length=1)
    tls_port: Port = 443

    @validator("transports")
    @classmethod
    def _the_best_first(cls, transports: tuple[Transport, ...]) -> tuple[Transport, ...]:
        return tuple(transport for transport in TRANSPORTS if transport in transports)

    def urls(self) -> tuple[RelayUrl, ...]:
        """One for each transport, the best first."""
        return tuple(
            RelayUrl(self.host, self.tls_port if transport == "tls" else self.port, transport)
            for transport in self.transports
        )


class IceConfig(BaseModel):
    """How endpoints reach the relays.

    ``host``: the embedded relay's name as endpoints know it; when absent, the one by which they reached this server.
    ``relays``: those of the fleet, and then no others; empty: the embedded one alone.
    ``credentials_margin``: seconds that credentials hold beyond the call's slot, or beyond now where that is over, so
    that a reconnection late in it still finds the relay. ``credentials_last``: seconds that they hold at most.
    ``remember_for``: seconds after which it is forgotten what worked at a site: its firewall may have been opened.
    ``policy``: ``relay`` hides each end's address from the other; ``all`` lets them find the shortest path.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str | None = None
    relays: tuple[RelayPlace, ...] = Field(default=(), max_length=16)
    credentials_margin: int = Field(default=30 * 60, ge=60, le=24 * 60 * 60)
    credentials_last: int = Field(default=2 * 60 * 60, ge=60, le=24 * 60 * 60)
    remember_for: int = Field(default=24 * 60 * 60, ge=60, le=30 * 24 * 60 * 60)
    kiosk_policy: Literal["all", "relay"] = "all"
    own_location_policy: Literal["all", "relay"] = "relay"

    @validator("relays")
    @classmethod
    def _each_once(cls, relays: tuple[RelayPlace, ...]) -> tuple[RelayPlace, ...]:
        if len({(relay.host, relay.port) for relay in relays}) != len(relays):
            raise ValueError("a relay is named twice")
        return relays

    def fleet_urls(self) -> list[RelayUrl]:
        """Every address of the fleet, to be watched over; none where there is the embedded relay alone."""
        return [url for relay in self.relays for url in relay.urls()]


class RelayHealth(Protocol):
    """Who knows which relays answer. The composition root lends it: rooms do not know each other."""

    def reachable(self, url: RelayUrl) -> bool:
        """Whether the relay has lately answered there, as far as this server can see."""


class EveryRelayAnswers:
    """Where nobody looks: the embedded relay, which its parent process watches over."""

    def reachable(self, url: RelayUrl) -> bool:
        """It is taken to."""
        return True


class EmbeddedRelay(BaseModel):
    """Where the relay beside this server listens. ``port``: UDP, and TCP if ``tcp``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    port: int
    tcp: bool = False
    tls_port: int | None = None

    @classmethod
    def listening(cls, port: int, streams: Sequence[tuple[str, str, int]] = ()) -> Self:
        """From what the relay says of itself. ``streams``: kind ("tcp", "tls"), host and port of each."""
        ports = {kind: number for kind, _, number in reversed(streams)}
        # By another port than UDP's there is no way to name it beside that: the system chose them apart.
        return cls(port=port, tcp=ports.get("tcp") == port, tls_port=ports.get("tls"))

    def urls(self, host: str) -> tuple[RelayUrl, ...]:
        """As an endpoint reaches it that knows it by ``host``."""
        found = [RelayUrl(host, self.port, "udp")]
        if self.tcp:
            found.append(RelayUrl(host, self.port, "tcp"))
        if self.tls_port is not None:
            found.append(RelayUrl(host, self.tls_port, "tls"))
        return tuple(found)


class IceIssuer:
    """Mints configurations. ``secret`` is shared with all relays: of two in rotation, the newer."""

    def __init__(
        self,
        config: IceConfig,
        *,
        secret: SecretStr,
        embedded: EmbeddedRelay,
        health: RelayHealth | None = None,
    ) -> None:
        self._config = config
        self._secret = secret
        self._embedded = embedded
        self._health = health or EveryRelayAnswers()

    @property
    def remember_for(self) -> int:
        """Seconds for which it is remembered what worked at a site."""
        return self._config.remember_for

    def issue(
        self,
        name: str,
        *,
        host: str,
        policy: Literal["all", "relay"],
        now: float,
        until: float | None = None,
        first: Transport | None = None,
    ) -> IceConfiguration:
        """For the end ``name`` (``<call>.<end>@<governorate>``), of an endpoint that reached us by ``host``.

        ``until``: when the call's slot ends, unix time, where it has one. ``first``: the transport that was last seen
        to work at the endpoint's site.
        """
        credentials = mint(self._secret.get_secret_value(), name, self._expiry(now, until))
        relays = ordered(self._fleet(host), reachable=self._health.reachable, first=first, call=name.partition(".")[0])
        servers = [
            IceServer(urls=tuple(map(str, urls)), username=credentials.username, credential=credentials.password)
            for urls in relays
        ]
        probes = [] if policy == "relay" else [_probe(url) for urls in relays[:1] for url in urls]
        return IceConfiguration(servers=(*filter(None, probes), *servers), policy=policy)

    def policy_of(self, *, own_location: bool, rehearsal: bool) -> Literal["all", "relay"]:
        """Both ends of one call get the same policy: a host candidate of one would tell its address to the other.

        A rehearsal goes over the relay: on any other path it would prove nothing.
        """
        if rehearsal:
            return "relay"
        return self._config.own_location_policy if own_location else self._config.kiosk_policy

    def _expiry(self, now: float, until: float | None) -> int:
        longest = now + self._config.credentials_last
        if until is None:
            return int(longest)
        return int(min(max(until, now) + self._config.credentials_margin, longest))

    def _fleet(self, host: str) -> list[tuple[RelayUrl, ...]]:
        if self._config.relays:
            return [relay.urls() for relay in self._config.relays]
        return [self._embedded.urls(self._config.host or _numeric(host))]


def _probe(url: RelayUrl) -> IceServer | None:
    """The same relay as a STUN server, which tells of UDP's way through a NAT and of no other."""
    return IceServer(urls=(url.stun,)) if url.transport == "udp" else None


def _numeric(host: str) -> str:
    """``localhost`` may mean ::1 first, where the embedded relay does not listen."""
    return "127.0.0.1" if host == "localhost" else host
