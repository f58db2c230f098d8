"""Behind a reverse proxy that speaks HTTPS: its headers are believed when they come from this machine only."""

from __future__ import annotations

from pathlib import Path

import httpx
from support.service import Service, a_service

PUBLIC = "https://majlis.example"
PASSED_ON = {"Host": "majlis.example", "X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.7"}


async def sign_in(service: Service, *, source: str) -> httpx.Response:
    """The office's, from a page of the public address, as a proxy at ``source`` passes it on."""
    transport = httpx.AsyncHTTPTransport(local_address=source)
    async with httpx.AsyncClient(transport=transport, base_url=service.address) as client:
        return await client.post(
            "/api/session",
            headers={"Origin": PUBLIC, **PASSED_ON},
            json={"user_name": "office", "password": service.password("office")},
        )


async def test_only_a_proxy_on_this_machine_is_believed(tmp_path: Path) -> None:
    # The variable is uvicorn's own; images of containers set it.
    async with a_service(tmp_path, TAWASUL_SERVER__BEHIND_HTTPS="true", FORWARDED_ALLOW_IPS="*") as service:
        answer = await sign_in(service, source="127.0.0.1")
        assert answer.status_code == 200, answer.text
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-tawasul-session-office=")
        for flag in ("HttpOnly", "Path=/", "SameSite=strict", "Secure"):
            assert flag in cookie.split("; ")
        assert "strict-transport-security" in answer.headers

        strangers = await sign_in(service, source="127.0.0.2")
        assert (strangers.status_code, strangers.json()["code"]) == (403, "cross-site")
        assert "strict-transport-security" not in strangers.headers


async def test_without_a_proxy_nobody_is_believed(tmp_path: Path) -> None:
    async with a_service(tmp_path, FORWARDED_ALLOW_IPS="*") as service:
        answer = await sign_in(service, source="127.0.0.1")
        assert (answer.status_code, answer.json()["code"]) == (403, "cross-site")
