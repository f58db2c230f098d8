"""The issuer as devices and stewards reach it: by HTTP, with every refusal, and with a memory that outlives it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from support.issuer import RunningIssuer, an_issuer

from tawasul.e2ee.certificate import DEVICES
from tawasul.e2ee.encoding import json_object, unb64
from tawasul.e2ee.enrolment import code_of, make_renewal, make_request
from tawasul.e2ee.errors import CertificateRevoked
from tawasul.e2ee.keys import SigningKey
from tawasul.e2ee.names import DeviceName
from tawasul.issuer import application
from tawasul.issuer.application import issuer_app
from tawasul.issuer.errors import ServerRefused

BADR = DeviceName.parse("urn:tawasul:madinah:kiosk:badr-1")
EMIRATE = DeviceName.parse("urn:tawasul:madinah:office:emirate")


@pytest.fixture
async def issuer() -> AsyncIterator[RunningIssuer]:
    async with an_issuer() as running:
        yield running


@pytest.fixture
async def http(issuer: RunningIssuer) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=issuer.address) as client:
        yield client


def request_of(key: SigningKey, name: DeviceName = BADR) -> str:
    return make_request(key, name, now=int(time.time()))


async def test_a_device_is_enrolled_and_known_as_people_call_it(issuer: RunningIssuer) -> None:
    for name, arabic, english in (
        (BADR, "كشك بدر 1", "Badr kiosk 1"),
        (EMIRATE, "مكتب سمو الأمير", "Office of HH the Amir"),
    ):
        key = SigningKey.generate()
        chain = await issuer.enrol(name, key)
        trust = await issuer.trust_of_an_endpoint()
        certificate = trust.verify(chain, time.time(), DEVICES, name.place)
        assert (certificate.key, certificate.name) == (key.public, name)
        assert (certificate.title.ar, certificate.title.en) == (arabic, english)


async def test_the_contract_s_answers_to_the_letter(issuer: RunningIssuer, http: httpx.AsyncClient) -> None:
    key = SigningKey.generate()
    asked = await http.post("/requests", json={"request": request_of(key)})
    assert (asked.status_code, asked.json()) == (202, {"code": code_of(key.thumbprint)})
    for prefix in ("", "/api/trust"):
        (waiting,) = (await http.get(f"{prefix}/requests")).json()["requests"]
        assert {**waiting, "asked_at": 0} == {
            "sub": str(BADR),
            "jkt": key.thumbprint,
            "code": code_of(key.thumbprint),
            "asked_at": 0,
            "approvals": 0,
        }
        one = await http.get(f"{prefix}/requests/{key.thumbprint}")
        assert one.json() == {"state": "waiting", "approvals": 0}
        other = await http.get(f"{prefix}/requests/{SigningKey.generate().thumbprint}")
        assert other.json() == {"state": "unknown", "approvals": 0}
    assert (await http.get("/anchor")).content == issuer.anchor_file.read_bytes()
    assert set((await http.get("/revocations")).json()) == {"list", "chain"}
    steward = issuer.stewards[0]
    told = await issuer.client.approve(steward, BADR, key.thumbprint, time.time())
    assert told == {"state": "waiting", "approvals": 1}
    told = await issuer.client.approve(issuer.stewards[1], BADR, key.thumbprint, time.time())
    assert told == {"state": "enrolled", "approvals": 2}
    standing = (await http.get(f"/requests/{key.thumbprint}")).json()
    assert (standing["state"], standing["approvals"], len(standing["chain"])) == ("enrolled", 2, 2)
    health = (await http.get("/health")).json()
    assert (health["ready"], health["seq"]) == (True, 1)


async def test_what_is_wrong_is_answered_by_its_code_and_in_both_languages(
    issuer: RunningIssuer, http: httpx.AsyncClient
) -> None:
    renewal = make_renewal(SigningKey.generate(), BADR, "A" * 22, now=int(time.time()))
    for method, path, content, status, code in (
        ("POST", "/requests", b"", 422, "invalid-input"),
        ("POST", "/requests", b"\xff", 422, "invalid-input"),
        ("POST", "/requests", b'{"request":1}', 422, "invalid-input"),
        ("POST", "/requests", b'{"request":"a.b.c","more":1}', 422, "invalid-input"),
        ("POST", "/requests", b'{"request":"a.b.c"}', 422, "enrolment-malformed"),
        ("POST", "/requests", b"[" * 30_000, 422, "invalid-input"),
        ("POST", "/requests", b" " * (application.LARGEST_BODY + 1), 413, "too-large"),
        ("POST", "/renewals", f'{{"renewal":"{renewal}"}}'.encode(), 404, "enrolment-unknown"),
        ("GET", "/requests/x", None, 422, "enrolment-malformed"),
        ("GET", "/nowhere", None, 404, "not-found"),
        ("PUT", "/requests", b"{}", 405, "method-not-allowed"),
        ("GET", "/openapi.json", None, 404, "not-found"),
    ):
        answer = await http.request(method, path, content=content)
        told = answer.json()
        assert (answer.status_code, told["code"], told["status"]) == (status, code, status), (method, path)
        assert answer.headers["content-type"] == "application/problem+json"
        assert told["arabic"]
        assert told["english"]


async def test_a_certificate_is_renewed_and_a_revoked_device_s_is_not(issuer: RunningIssuer) -> None:
    key = SigningKey.generate()
    chain = await issuer.enrol(BADR, key)
    serial = json_object(unb64(chain[0].split(".")[1]))["jti"]
    renewal = make_renewal(key, BADR, serial, now=int(time.time()))
    assert await issuer.client.renew(renewal) == chain, "one that is some seconds old is good enough"
    before = await issuer.trust_of_an_endpoint()
    await issuer.revoke(key.thumbprint)
    after = await issuer.trust_of_an_endpoint()
    assert after.at_least == before.at_least + 1
    with pytest.raises(CertificateRevoked):
        after.verify(chain, time.time(), DEVICES)
    with pytest.raises(ServerRefused) as refusal:
        await issuer.client.renew(renewal)
    assert refusal.value.refusal == "enrolment-revoked"
    with pytest.raises(ServerRefused) as refusal:
        await issuer.client.request(request_of(key))
    assert refusal.value.refusal == "enrolment-revoked"


async def test_what_was_answered_is_there_after_a_restart(tmp_path: Path) -> None:
    waiting, enrolled, revoked = (SigningKey.generate() for _ in range(3))
    async with an_issuer(folder=tmp_path) as issuer:
        chain = await issuer.enrol(BADR, enrolled)
        await issuer.enrol(BADR, revoked)
        await issuer.revoke(revoked.thumbprint)
        await issuer.client.request(request_of(waiting, EMIRATE))
        await issuer.client.approve(issuer.stewards[0], EMIRATE, waiting.thumbprint, time.time())
        before, anchor = await issuer.trust_of_an_endpoint(), issuer.anchor
    async with an_issuer(folder=tmp_path) as issuer:
        assert issuer.anchor == anchor
        assert (await issuer.client.standing(enrolled.thumbprint))["chain"][0] == chain[0]
        assert (await issuer.client.standing(waiting.thumbprint))["approvals"] == 1
        assert (await issuer.client.standing(revoked.thumbprint))["state"] == "unknown"
        # The very same list: its certificate is a newer one of the same key.
        assert (await issuer.trust_of_an_endpoint()).revocations == before.revocations
        told = await issuer.client.approve(issuer.stewards[1], EMIRATE, waiting.thumbprint, time.time())
        assert told["state"] == "enrolled"


async def test_many_at_once_have_each_their_own(issuer: RunningIssuer) -> None:
    keys = [SigningKey.generate() for _ in range(30)]
    chains = await asyncio.gather(*(issuer.enrol(BADR, key) for key in keys))
    trust = await issuer.trust_of_an_endpoint()
    held = {trust.verify(chain, time.time(), DEVICES).key.thumbprint for chain in chains}
    assert held == {key.thumbprint for key in keys}
    serials = {json_object(unb64(chain[0].split(".")[1]))["jti"] for chain in chains}
    assert len(serials) == len(keys)


async def test_one_address_cannot_ask_without_end(issuer: RunningIssuer) -> None:
    transport = httpx.ASGITransport(issuer_app(issuer.issuer, reads=3, says=2))
    async with httpx.AsyncClient(transport=transport, base_url="http://issuer") as http:
        said = [(await http.post("/requests", content=b"{}")).status_code for _ in range(3)]
        read = [(await http.get(path)).status_code for path in ("/anchor", "/health", "/requests")]
        refused = await http.get("/api/trust/revocations")
    assert (said, read) == ([422, 422, 429], [200, 200, 200])
    assert (refused.status_code, refused.json()["code"]) == (429, "too-many-attempts")
    assert refused.headers["retry-after"] == "60"


async def test_a_trial_approves_what_comes_and_says_so_loudly(
    issuer: RunningIssuer, caplog: pytest.LogCaptureFixture
) -> None:
    key = SigningKey.generate()
    await issuer.client.request(request_of(key))
    async with issuer.auto_approving(), asyncio.timeout(20):
        await enrolled(issuer, key)
    assert "FOR TRIAL ONLY" in caplog.text
    assert key.thumbprint not in caplog.text


async def enrolled(issuer: RunningIssuer, key: SigningKey) -> None:
    """Asks as a device does that waits."""
    state = ""
    while state != "enrolled":
        await asyncio.sleep(0.05)
        state = (await issuer.client.standing(key.thumbprint))["state"]
