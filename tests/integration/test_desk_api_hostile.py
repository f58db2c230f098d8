"""Whatever is put into the fields of the API, the answer is a problem with a code, never a fault."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from support.factories import BADR, BADR_1, national_id, slot
from support.store_app import Browser, Service, running_app

from tawasul.domain.people import Role
from tawasul.web.bounds import LARGEST_BODY

HOSTILE = {
    "NUL": "\x00",
    "lone surrogate": "\ud800",
    "direction override": "\u202e\u2066",
    "not a character": "\uffff",
    "combining": "a" + "\u0301" * 200,
    "expands in NFKC": "\ufdfa" * 60,
    "long": "س" * 5000,
    "markup": "<script>alert(1)</script>",
    "SQL": "'; DROP TABLE citizens; --",
    "path": "../../etc/passwd",
    "template": "{{7*7}}${7*7}",
    "number": 7,
    "null": None,
    "list": ["a"],
    "object": {"a": "b"},
    "true": True,
}


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    async with running_app(tmp_path) as service:
        yield service


async def test_every_field_with_every_hostile_value(service: Service) -> None:
    desk = await service.signed_in("badr", Role.DESK, BADR)
    registered = await desk.post(
        "/api/desk/citizens", name="عينة: سالم", national_id=national_id(1), mobile="0500000001"
    )
    bodies: dict[str, dict[str, object]] = {
        "/api/session": {"user_name": "nobody", "password": "x"},
        "/api/join/begin": {"token": "x"},
        "/api/desk/citizens/find": {"query": "0500000001"},
        "/api/desk/citizens": {"name": "عينة", "national_id": national_id(2), "mobile": "0500000002"},
        "/api/desk/audiences": {
            "citizen_id": registered.json()["id"],
            "sitting_id": service.sitting.id,
            "slot_starts_at": slot(service.sitting, 0).isoformat(),
            "venue": "kiosk",
            "kiosk_id": BADR_1.id,
            "subject": "طلب",
        },
        "/api/desk/audiences/none/check-in": {"assurance": "declared"},
    }
    tried = 0
    for path, body in bodies.items():
        for name in body:
            for hostile, value in HOSTILE.items():
                answer = await _send(desk, path, body | {name: value})
                assert answer.status_code < 500, (path, name, hostile)
                if answer.is_error:
                    assert answer.json()["code"] != "internal", (path, name, hostile)
                tried += 1
    assert tried == 14 * len(HOSTILE)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b"[" * 5000, b'{"query": NaN}', b'{"query": 1e999}']
)
async def test_bodies_that_are_none(service: Service, content: bytes) -> None:
    desk = await service.signed_in("badr", Role.DESK, BADR)
    answer = await desk.http.post(
        "/api/desk/citizens/find", content=content, headers={"content-type": "application/json"}
    )
    # 400: too deep to be read at all.
    assert answer.status_code == (400 if content.startswith(b"[[") else 422)
    assert answer.json()["code"] == "invalid-input"


async def test_a_body_that_grows_as_it_comes_is_bounded(service: Service) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(LARGEST_BODY // 1024 + 1):
            yield b" " * 1024

    answer = await service.browser().http.post(
        "/api/session", content=endless(), headers={"content-type": "application/json"}
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


async def test_the_api_describes_itself(service: Service) -> None:
    described = service.app.openapi()
    find = described["paths"]["/api/desk/citizens/find"]["post"]
    assert find["requestBody"]["content"]["application/json"]["schema"]["$ref"].endswith("/FindCitizens")
    assert described["components"]["schemas"]["BookAudience"]["additionalProperties"] is False


async def _send(desk: Browser, path: str, body: dict[str, object]) -> httpx.Response:
    # By hand: httpx would refuse to write a lone surrogate, an attacker would not.
    content = json.dumps(body, ensure_ascii=True).encode()
    return await desk.http.post(path, content=content, headers={"content-type": "application/json"})
