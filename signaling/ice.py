"""Which relays an endpoint is given, with credentials that hold for one call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from tawasul.access.relay_credentials import mint
from tawasul.protocol.ice import IceConfiguration, IceServer


class IceConfig(BaseModel):
    """How endpoints reach the relay.

    ``host``: the relay's name as endpoints know it; when absent, the one by which they reached this server.
    ``credentials_last``: seconds; longer than any audience, so that a reconnection late in it still finds the relay.
    ``policy``: ``relay`` hides each end's address from the other; ``all`` lets them find the shortest path.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str | None = None
    credentials_last: int = Field(default=2 * 60 * 60, ge=60, le=24 * 60 * 60)
    kiosk_policy: Literal["all", "relay"] = "all"
    own_location_policy: Literal["all", "relay"] = "relay"


class IceIssuer:
    """Mints configurations. ``secret`` is shared with the relay; ``port`` is where it listens (UDP)."""

    def __init__(self, config: IceConfig, *, secret: SecretStr, port: int) -> None:
        self._config = config
        self._secret = secret
        self._port = port

    def issue(self, name: str, *, host: str, policy: Literal["all", "relay"], now: float) -> IceConfiguration:
        """For the end ``name`` of one call, of an endpoint that reached us by ``host``."""
        credentials = mint(self._secret.get_secret_value(), name, int(now) + self._config.credentials_last)
        at = f"{_bracketed(self._config.host or _numeric(host))}:{self._port}"
        relay = IceServer(
            urls=(f"turn:{at}?transport=udp",), username=credentials.username, credential=credentials.password
        )
        probes: Sequence[IceServer] = () if policy == "relay" else (IceServer(urls=(f"stun:{at}",)),)
        return IceConfiguration(servers=(*probes, relay), policy=policy)

    def policy_of(self, *, own_location: bool, rehearsal: bool) -> Literal["all", "relay"]:
        """Both ends of one call get the same policy: a host candidate of one would tell its address to the other.

        A rehearsal goes over the relay: on any other path it would prove nothing.
        """
        if rehearsal:
            return "relay"
        return self._config.own_location_policy if own_location else self._config.kiosk_policy


def _numeric(host: str) -> str:
    """``localhost`` may mean ::1 first, where the embedded relay does not listen."""
    return "127.0.0.1" if host == "localhost" else host


def _bracketed(host: str) -> str:
    """An IPv6 literal in an URI stands in brackets (RFC 7065, RFC 3986 §3.2.2)."""
    return f"[{host}]" if ":" in host else host
