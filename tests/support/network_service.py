"""The service and the relay of a call over the bed, in the internet: by HTTPS, and by UDP, TCP and TLS.

Documentation's addresses are the public ones here.
"""

from __future__ import annotations

import contextlib
import json
import secrets
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from support.coturn_engine import running_coturn
from support.network_bed import INTERNET, INTERNET_IPV6, INTERNET_TOO, PUBLIC
from support.network_reports import Engine
from support.service import Service, a_service

from media_relay.config import RelayConfig
from tawasul.local_authority import issue

EVERYBODY = (INTERNET, INTERNET_TOO, INTERNET_IPV6, "127.0.0.1", "::1")
"""All addresses of the internet's host."""


@contextlib.asynccontextmanager
async def service_and_relay(folder: Path, engine: Engine, *, ipv6: bool) -> AsyncIterator[Service]:
    """Both, at work. ``ipv6``: they are reached by it as well.

    By IPv4 alone, service and relay have an address each, so that both can have TCP port 443, and endpoints are told
    the relay's. By both, they share their addresses, and an endpoint finds the relay where it found the service.

    Where coturn is in our relay's place, it is the one relay of the fleet, and ours is where nobody can reach it.
    """
    certificate = issue(folder / "authority")
    relay = RelayConfig(
        addresses=(INTERNET, INTERNET_IPV6) if ipv6 else (INTERNET_TOO,),
        secrets=(SecretStr(secrets.token_hex(16)),),
        tls_port=None if ipv6 else 443,
        certificate=certificate.certificate,
        certificate_key=certificate.key,
        allow_peers=(PUBLIC,),
    )
    told = {"TAWASUL_SERVER__HOST": "::" if ipv6 else INTERNET, "TAWASUL_SERVER__AUTHORITY": str(certificate.authority)}
    async with contextlib.AsyncExitStack() as running:
        if engine is Engine.COTURN:
            assert not ipv6
            await running.enter_async_context(running_coturn(folder, relay, machine=EVERYBODY))
            told |= _as_settings(relay, "secrets") | {
                "TAWASUL_RELAY__ADDRESSES": json.dumps(["127.0.0.1"]),
                "TAWASUL_ICE__RELAYS": json.dumps([{"host": INTERNET_TOO, "transports": ["udp", "tcp", "tls"]}]),
            }
        else:
            told |= _as_settings(relay, "secrets", "addresses", "port", "allow_peers")
            told |= {} if ipv6 else {"TAWASUL_ICE__HOST": INTERNET_TOO}
            told |= {} if ipv6 else _as_settings(relay, "tls_port", "certificate", "certificate_key")
        service = a_service(folder, host=INTERNET, port=443, certificate=certificate, **told)
        yield await running.enter_async_context(service)


def _as_settings(relay: RelayConfig, *names: str) -> dict[str, str]:
    values: dict[str, Any] = relay.revealed()
    return {
        f"TAWASUL_RELAY__{name.upper()}": value if isinstance(value := values[name], str) else json.dumps(value)
        for name in names
    }
