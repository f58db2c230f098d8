"""What a kiosk asks of the region's issuer, through its server, which passes it on and can only withhold it."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from kiosk_client.errors import IssuerAway, IssuerRefused
from kiosk_client.nearness import is_here
from tawasul.e2ee.encoding import json_object

WITHIN = 8.0
"""Seconds for one request: the server itself waits five for the issuer."""

LARGEST_ANSWER = 128 * 1024
"""Bytes. A full revocation list and its chain are 70 KiB."""


class TrustClient:
    """`server`: `http://host:port` or https; `authority`: certificates (PEM) to trust instead of the machine's.

    Every method raises `IssuerAway` when no answer comes that can be read, and `IssuerRefused` with the problem's code.
    Nothing that is returned has been verified.
    """

    def __init__(self, server: str, *, authority: Path | None = None) -> None:
        security = ssl.create_default_context(cafile=authority) if server.startswith("https:") else False
        self._client = httpx.AsyncClient(
            base_url=f"{server}/api/trust",
            verify=security,
            timeout=WITHIN,
            trust_env=not is_here(server),
            # The server takes what is said only from those who say where it was meant to go.
            headers={"origin": server, "accept-encoding": "identity"},
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

    async def ask(self, request: str) -> None:
        """Give the issuer our signed request."""
        await self._call("POST", "/requests", {"request": request})

    async def standing(self, thumbprint: str) -> dict[str, Any]:
        """How the request of this key stands: `state`, `approvals`, and `chain` once it is enrolled."""
        return await self._call("GET", f"/requests/{thumbprint}")

    async def renew(self, renewal: str) -> Any:
        """The next certificate's chain."""
        return (await self._call("POST", "/renewals", {"renewal": renewal})).get("chain")

    async def revocations(self) -> tuple[Any, Any]:
        """The list, and its issuer's chain."""
        answer = await self._call("GET", "/revocations")
        return answer.get("list"), answer.get("chain")

    async def _call(self, method: str, path: str, body: dict[str, str] | None = None) -> dict[str, Any]:
        try:
            # In all: a byte now and then would else hold it for days.
            async with asyncio.timeout(WITHIN), self._client.stream(method, path, json=body) as response:
                content = b""
                # As it came: a few kilobytes may unfold to gigabytes, and what is compressed nevertheless is no JSON.
                async for piece in response.aiter_raw():
                    content += piece
                    if len(content) > LARGEST_ANSWER:
                        raise IssuerAway("the answer is larger than any of the issuer's")
            answer = json_object(content)
        except (httpx.HTTPError, ValueError, TimeoutError) as cause:
            raise IssuerAway(f"no answer that can be read ({type(cause).__name__})") from cause
        if response.status_code >= 500 or response.status_code == 429:
            raise IssuerAway(f"status {response.status_code}")
        if response.status_code >= 400:
            raise IssuerRefused(str(answer.get("code"))[:64])
        return answer
