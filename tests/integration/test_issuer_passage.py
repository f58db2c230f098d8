"""The server's way to the issuer: the same answers, bounded on both sides, asked for once, passed on as they are."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import httpx
import pytest
from support.issuer import RunningIssuer, an_issuer
from support.ports import free_port
from support.service import a_service

from tawasul.domain.errors import TooManyAttempts
from tawasul.e2ee.certificate import DEVICES
from tawasul.e2ee.enrolment import make_request
from tawasul.e2ee.keys import SigningKey
from tawasul.e2ee.names import DeviceName
from tawasul.issuer.demonstration import approve_all
from tawasul.issuer.steward import TrustClient
from tawasul.web import trust
from tawasul.web.trust import IssuerAway, TrustNotSetUp, TrustPassage

BADR = DeviceName.parse("urn:tawasul:madinah:kiosk:badr-1")
HERE = "192.0.2.1"


@contextlib.asynccontextmanager
async def passing_on(issuer: str | None) -> AsyncIterator[TrustPassage]:
    passage = TrustPassage(issuer)
    try:
        yield passage
    finally:
        await passage.close()


@contextlib.asynccontextmanager
async def answering(
    answer: Callable[[asyncio.StreamWriter], Awaitable[None]],
) -> AsyncIterator[tuple[str, list[bytes]]]:
    """Something on a port that answers each request in its own way: its address, and the heads that came."""
    heads: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            heads.append(await reader.readuntil(b"\r\n\r\n"))
            await answer(writer)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", heads
    finally:
        server.close()


def saying(body: bytes, media_type: str = "application/json", status: str = "200 OK") -> bytes:
    head = (
        f"HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body


async def test_a_device_is_enrolled_and_revoked_by_way_of_the_service(tmp_path: Path) -> None:
    key = SigningKey.generate()
    async with (
        an_issuer() as issuer,
        a_service(tmp_path, TAWASUL_TRUST__ISSUER=issuer.address) as service,
        TrustClient(service.address) as client,
    ):
        assert await client.anchor() == issuer.anchor
        code = await client.request(make_request(key, BADR, now=int(time.time())))
        (waiting,) = await client.waiting()
        assert (waiting.name, waiting.thumbprint, waiting.code) == (BADR, key.thumbprint, code)
        assert await approve_all(issuer.trust, client) == 1
        standing = await client.standing(key.thumbprint)
        assert (await issuer.trust_of_an_endpoint()).verify(standing["chain"], time.time(), DEVICES).key == key.public
        text, _ = await client.revocations()
        # A revocation that went by is seen at once, though lists are kept for a while.
        await client.revoke(issuer.stewards[0], key.thumbprint, "stolen", time.time())
        assert (await client.revocations())[0] != text
        await _the_edges(service.address)


async def _the_edges(address: str) -> None:
    async with httpx.AsyncClient(base_url=f"{address}/api/trust", headers={"origin": address}) as browser:
        for method, path, body, status, code in (
            ("POST", "/requests", b"x" * (trust.LARGEST_BODY + 1), 413, "too-large"),
            ("POST", "/requests", b"not json", 422, "invalid-input"),
            ("POST", "/approvals", b'{"approval":"x","chain":[]}', 422, "enrolment-malformed"),
            ("GET", "/requests/short", None, 404, "not-found"),
            ("GET", f"/requests/{'A' * 42}%2E", None, 404, "not-found"),
            ("GET", "/health", None, 404, "not-found"),
            ("POST", "/anchor", b"{}", 405, "method-not-allowed"),
            ("POST", "/elsewhere", b"{}", 404, "not-found"),
            ("DELETE", "/requests", None, 405, "method-not-allowed"),
        ):
            answer = await browser.request(method, path, content=body)
            assert (answer.status_code, answer.json()["code"]) == (status, code), (method, path)
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.headers["x-content-type-options"] == "nosniff"
        foreign = await browser.post("/requests", json={}, headers={"origin": "https://elsewhere.example"})
        assert foreign.json()["code"] == "cross-site"


async def test_without_an_issuer_it_says_so() -> None:
    async with passing_on(None) as passage:
        with pytest.raises(TrustNotSetUp):
            await passage.read("/anchor", HERE)
        with pytest.raises(TrustNotSetUp):
            await passage.pass_on("POST", "/requests", HERE, b"{}")


async def test_an_issuer_that_is_not_there_is_away() -> None:
    async with passing_on(f"http://127.0.0.1:{free_port()}") as passage:
        with pytest.raises(IssuerAway):
            await passage.read("/revocations", HERE)


@pytest.mark.parametrize(
    "answer",
    [
        saying(b"<html>", "text/html"),
        saying(b"{}", ""),
        saying(b"x" * (trust.LARGEST_ANSWER + 1)),
        saying(b"{}", status="302 Found"),
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{",
        b"nonsense\r\n\r\n",
    ],
    ids=["a page", "no type", "too large", "elsewhere", "half", "nonsense"],
)
async def test_what_is_no_answer_of_an_issuer_is_not_passed_on(answer: bytes) -> None:
    async def say(writer: asyncio.StreamWriter) -> None:
        writer.write(answer)

    async with answering(say) as (address, _), passing_on(address) as passage:
        with pytest.raises(IssuerAway):
            await passage.read("/anchor", HERE)
        with pytest.raises(IssuerAway):
            await passage.pass_on("GET", "/requests", HERE)


async def test_an_answer_that_comes_in_drops_has_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trust, "WITHIN", 0.3)

    async def drip(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
        while True:
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.01)

    async with answering(drip) as (address, _), passing_on(address) as passage, asyncio.timeout(10):
        with pytest.raises(IssuerAway):
            await passage.read("/anchor", HERE)


async def test_a_thousand_telephones_are_one_question() -> None:
    came, asked = asyncio.Event(), asyncio.Event()

    async def say(writer: asyncio.StreamWriter) -> None:
        came.set()
        await asked.wait()
        writer.write(saying(b'{"list":"x","chain":[]}'))

    async with answering(say) as (address, heads), passing_on(address) as passage:
        telephones = [asyncio.create_task(passage.read("/revocations", f"192.0.2.{n % 250}")) for n in range(1000)]
        impatient = telephones[0]
        await came.wait()
        # The one who asked first goes away: the others have their answer all the same.
        impatient.cancel()
        asked.set()
        answers = await asyncio.gather(*telephones[1:])
        assert {answer.body for answer in answers} == {b'{"list":"x","chain":[]}'}
        assert (await passage.read("/revocations", HERE)).status_code == 200
        assert len(heads) == 1


async def test_a_refusal_is_passed_on_and_not_kept() -> None:
    async def say(writer: asyncio.StreamWriter) -> None:
        body = saying(b'{"code":"too-many-attempts"}', "application/problem+json", "429 Too Many")
        writer.write(body.replace(b"Connection", b"Retry-After: 60\r\nConnection"))

    async with answering(say) as (address, heads), passing_on(address) as passage:
        for _ in range(2):
            answer = await passage.read("/anchor", HERE)
            assert (answer.status_code, answer.headers["retry-after"]) == (429, "60")
        assert len(heads) == 2


async def test_one_address_cannot_ask_without_end() -> None:
    async def say(writer: asyncio.StreamWriter) -> None:
        writer.write(saying(b"{}"))

    async with answering(say) as (address, heads), passing_on(address) as passage:
        for _ in range(120):
            await passage.pass_on("POST", "/requests", HERE, b"{}")
        with pytest.raises(TooManyAttempts) as refusal:
            await passage.pass_on("POST", "/requests", HERE, b"{}")
        assert 0 < refusal.value.retry_after <= 60
        assert len(heads) == 120
        assert (await passage.pass_on("POST", "/requests", "192.0.2.2", b"{}")).status_code == 200


async def test_an_issuer_on_ipv6_is_reached() -> None:
    async with an_issuer(host="::1") as issuer, passing_on(issuer.address) as passage:
        assert isinstance(issuer, RunningIssuer)
        assert (await passage.read("/anchor", HERE)).body == issuer.anchor.to_json()
