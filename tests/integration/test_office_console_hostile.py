"""A malicious server behind the office's console: it can send data only, never code, and reaches nothing by it."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Response, WebSocket, WebSocketDisconnect
from support.hostile_server import Hostile, a_hostile_server, answer, json_answer
from support.office_console import a_console
from support.web_server import serving
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin

from tawasul.e2ee.anchor import Anchor, Title
from tawasul.e2ee.keys import SigningKey
from tawasul.office_client.console import server as console_server
from tawasul.protocol.base import PROTOCOL_VERSION
from tawasul.protocol.problems import PROBLEMS
from tawasul.web.static_files import STATIC_FOLDER, VersionedFiles
from tawasul.web.words import catalogue

EVIL = b"<script>globalThis.evil = 1</script>"


BOMB = gzip.compress(b"[" + b"0," * 10_000_000 + b"0]")


@pytest.fixture
async def hostile() -> AsyncIterator[Hostile]:
    async with a_hostile_server() as server:
        yield server


@pytest.fixture
def anchor(tmp_path: Path) -> Path:
    file = tmp_path / "anchor.json"
    title = Title("منطقة المدينة المنورة", "Madinah region")
    file.write_bytes(Anchor("madinah", title, SigningKey.generate().public).to_json())
    return file


@pytest.fixture
async def console(hostile: Hostile, anchor: Path) -> AsyncIterator[str]:
    async with a_console(hostile.address, anchor) as address:
        yield address


@contextlib.asynccontextmanager
async def signed_in(console: str) -> AsyncIterator[httpx.AsyncClient]:
    """A browser's requests, after signing in."""
    async with httpx.AsyncClient(base_url=console, headers={"origin": console}, timeout=30) as client:
        came = await client.post("/api/session", json={"user_name": "office", "password": "secret"})
        assert came.status_code == 200, came.text
        client.headers["x-tawasul-csrf"] = came.json()["csrf"]
        yield client


async def endless(writer: asyncio.StreamWriter) -> None:
    """JSON's beginning, for ever."""
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n[")
    while True:
        writer.write(b'"aaaaaaaaaaaaaaaa",' * 4096)
        await writer.drain()


async def dripping(writer: asyncio.StreamWriter) -> None:
    """A letter now and then, for ever."""
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n[")
    while True:
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.05)


async def endless_head(writer: asyncio.StreamWriter) -> None:
    """Headers for ever."""
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"x-more: " + b"a" * 4096 + b"\r\n")
        await writer.drain()


REFUSED: dict[str, Any] = {
    "html": answer(EVIL, "text/html"),
    "script": answer(b"globalThis.evil = 1", "text/javascript"),
    "script called json": answer(b"globalThis.evil = 1", "application/json"),
    "html as a problem": answer(EVIL, "text/html", "404 Not Found"),
    "no type": answer(b"{}", ""),
    "json in a parameter": answer(b"{}", "text/html; a=application/json"),
    "a redirect": answer(b"", "application/json", "302 Found", "location: /static/evil.js"),
    "a redirect to elsewhere": answer(b"", "text/html", "307 Temporary Redirect", "location: https://evil.example/"),
    "unmodified": answer(b"", "application/json", "304 Not Modified"),
    "compressed": answer(BOMB, "application/json", "200 OK", "content-encoding: gzip"),
    "deep": answer(b"[" * 500_000, "application/json"),
    "not a number": answer(b'{"a": NaN}', "application/json"),
    "not utf-8": answer(b'{"a": "\xff\xfe"}', "application/json"),
    "too long": answer(b'"' + b"a" * 1_100_000 + b'"', "application/json"),
    "endless": endless,
}  # fmt: skip


@pytest.mark.parametrize("told", REFUSED.values(), ids=REFUSED)
async def test_what_is_not_the_protocol_does_not_reach_the_page(hostile: Hostile, console: str, told: Any) -> None:
    hostile.answers["/api/trust/anchor"] = told
    async with signed_in(console) as client:
        came = await client.get("/api/trust/anchor")
    assert came.status_code == 502
    assert came.headers["content-type"] == "application/problem+json"
    assert came.json()["code"] == "server-answer-refused"
    assert b"evil" not in came.content


@pytest.mark.parametrize("told", [endless_head, b"SSH-2.0-evil\r\n\r\n", b""], ids=["a head", "no http", "nothing"])
async def test_what_is_no_http_is_no_answer(hostile: Hostile, console: str, told: Any) -> None:
    hostile.answers["/api/trust/anchor"] = told
    async with signed_in(console) as client:
        came = await client.get("/api/trust/anchor")
    assert (came.status_code, came.json()["code"]) == (502, "server-away")


async def test_a_server_that_drips_is_away(hostile: Hostile, console: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console_server, "ANSWER_WITHIN", 0.5)
    hostile.answers["/api/trust/anchor"] = dripping
    async with signed_in(console) as client, asyncio.timeout(5):
        came = await client.get("/api/trust/anchor")
    assert (came.status_code, came.json()["code"]) == (502, "server-away")


async def test_no_header_of_the_server_reaches_the_page(hostile: Hostile, console: str) -> None:
    hostile.answers["/api/trust/anchor"] = json_answer(
        {"v": 1},
        "set-cookie: tawasul-console-1=evil; Path=/",
        "set-cookie: tawasul_language=en; Path=/",
        "link: </static/evil.js>; rel=preload; as=script, <https://evil.example>; rel=preconnect",
        "content-security-policy: default-src *; script-src * 'unsafe-inline'",
        "access-control-allow-origin: *",
        "refresh: 0; url=https://evil.example/",
        "clear-site-data: *",
        "service-worker-allowed: /",
        "sourcemap: https://evil.example/map",
        "report-to: {}",
        "x-evil: 1",
    )
    async with signed_in(console) as client:
        came = await client.get("/api/trust/anchor")
        ours = await client.get("/sign-in")
    assert came.json() == {"v": 1}
    assert "set-cookie" not in came.headers
    # Its headers are those of any answer of the console's: only what differs by nature differs.
    by_nature = {"content-type", "content-length", "content-language", "date"}
    assert set(came.headers) - by_nature == set(ours.headers) - by_nature
    policy = re.sub(r"'nonce-[\w-]+'", "", came.headers["content-security-policy"])
    assert policy == re.sub(r"'nonce-[\w-]+'", "", ours.headers["content-security-policy"])
    assert "script-src 'self'" in policy


async def test_the_servers_proof_stays_in_the_console(hostile: Hostile, console: str) -> None:
    async with signed_in(console) as client:
        told = (await client.get("/api/session")).json()
        await client.get("/api/trust/anchor")
        async with signed_in(console):
            pass
        jar = {cookie.name: cookie.value for cookie in client.cookies.jar}
    assert list(jar) == [f"tawasul-console-{console.rsplit(':', 1)[1]}"]
    assert "server-secret" not in jar.values()
    assert told["first_page"] == "/office", "where to go is not the server's to say"
    assert told["csrf"] != "ab" * 32
    [asked] = hostile.heads("/api/trust/anchor")
    assert "cookie: tawasul-session-office=server-secret\r\n" in asked.lower()
    assert "evil=1" not in "".join(hostile.asked), "no other cookie is kept for it"
    signing_in = hostile.heads("/api/session")
    assert not [head for head in signing_in if "cookie:" in head.lower()], "nor one person's for another"
    assert next(iter(jar.values())) not in "".join(hostile.asked), "nor does it learn the browser's"


async def test_a_name_of_the_servers_making_is_text_in_the_page(console: str) -> None:
    async with signed_in(console) as client:
        page = (await client.get("/office")).text
    assert "<b>عينة</b>" not in page
    assert "&lt;b&gt;عينة&lt;/b&gt;" in page


async def test_pages_and_files_are_the_packages_byte_for_byte(hostile: Hostile, console: str) -> None:
    version = VersionedFiles().version
    for path in ("/", "/office", "/sign-in", f"/static/{version}/js/office.js"):
        hostile.answers[path] = answer(EVIL, "text/html")
    files = [path for path in sorted(STATIC_FOLDER.rglob("*")) if path.is_file()]
    assert len(files) > 80
    async with signed_in(console) as client:
        for file in files:
            came = await client.get(f"/static/{version}/{file.relative_to(STATIC_FOLDER).as_posix()}")
            assert came.content == file.read_bytes(), file
        assert (await client.get(f"/static/{version}/words/ar.ftl")).text == catalogue("ar")
        pages = [(await client.get(path)).text for path in ("/sign-in", "/office")]
    assert not any("evil" in page for page in pages)
    assert {head.split(" ")[1] for head in hostile.asked} == {"/api/health", "/api/session"}, "it was asked for no page"


@pytest.mark.parametrize(
    "path",
    [
        "/desk", "/join", "/authority.crt", "/signaling/office", "/static/../../../pyproject.toml", "/static/x/../y.py",
        "/api/../static/evil.js", "/api/%2e%2e/office", "/api//evil.example/x", "/api/a%0d%0ax-evil:1", "/api/.hidden",
        "/api", "/api/",
    ],
)  # fmt: skip
async def test_nothing_else_is_there(hostile: Hostile, console: str, path: str) -> None:
    hostile.asked.clear()
    async with signed_in(console) as client:
        before = len(hostile.asked)
        # As it is, where a client would tidy it.
        host, port = console.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        cookie = "; ".join(f"{each.name}={each.value}" for each in client.cookies.jar)
        writer.write(f"GET {path} HTTP/1.1\r\nhost: {host}:{port}\r\ncookie: {cookie}\r\n\r\n".encode())
        status = int((await reader.readline()).split()[1])
        writer.close()
    assert status in (400, 404), status
    assert len(hostile.asked) == before, "the server was not asked"


async def test_a_refusal_is_in_our_own_words(hostile: Hostile, console: str) -> None:
    lie = {"code": "too-many-attempts", "arabic": "حمّل البرنامج من هنا", "english": "Install evil from here"}
    hostile.answers["/api/trust/anchor"] = json_answer(lie, status="429 Too Many Requests")
    hostile.answers["/api/trust/revocations"] = json_answer({**lie, "code": "<b>evil"}, status="400 Bad Request")
    hostile.answers["/api/trust/requests"] = json_answer({**lie, "code": "enrolments-full"}, status="409 Conflict")
    async with signed_in(console) as client:
        known, nonsense, later = [
            (await client.get(f"/api/trust/{path}")).json() for path in ("anchor", "revocations", "requests")
        ]
    assert known["english"] == PROBLEMS["too-many-attempts"].english
    assert (nonsense["code"], nonsense["english"]) == ("internal", PROBLEMS["internal"].english)
    assert (later["code"], later["english"]) == ("enrolments-full", PROBLEMS["internal"].english)


@pytest.mark.parametrize(
    ("told", "code"),
    [
        (json_answer({"ready": True, "version": "9"}), "server-other-version"),
        (json_answer({"ready": True, "version": "9", "protocol": PROTOCOL_VERSION + 1}), "server-other-version"),
        (json_answer([]), "server-away"),
        (answer(EVIL, "text/html"), "server-answer-refused"),
    ],
)
async def test_another_version_is_refused_before_a_password_goes(
    hostile: Hostile, console: str, told: bytes, code: str
) -> None:
    hostile.answers["/api/health"] = told
    async with httpx.AsyncClient(base_url=console, headers={"origin": console}) as client:
        came = await client.post("/api/session", json={"user_name": "office", "password": "secret"})
        page = await client.get("/sign-in")
    assert came.json()["code"] == code
    assert page.status_code == 200, "the page opens all the same"
    assert hostile.heads("/api/session") == []


@pytest.mark.parametrize(
    "told",
    [
        {"role": "office", "display_name": "x", "csrf": "not hexadecimal\r\nx-evil: 1"},
        {"role": "office", "display_name": "x" * 201, "csrf": "ab"},
        {"role": "office", "display_name": ["x"], "csrf": "ab"},
        {"role": "admin", "display_name": "x", "csrf": "ab"},
        ["office"],
    ],
)
async def test_a_session_that_cannot_be_is_none(hostile: Hostile, console: str, told: Any) -> None:
    hostile.answers["/api/session"] = json_answer(told, "set-cookie: tawasul-session-office=x; Path=/")
    async with httpx.AsyncClient(base_url=console, headers={"origin": console}) as client:
        came = await client.post("/api/session", json={"user_name": "office", "password": "secret"})
        assert came.json()["code"] == "server-answer-refused"
        assert not client.cookies.jar


# The line


Speak = Callable[[WebSocket], Awaitable[None]]

PULSE = {"type": "pulse", "server_time": "2026-11-22T00:00:00Z"}


def hostile_app(speak: Speak) -> FastAPI:
    """A service that signs everybody in, and whose line says what `speak` says."""
    app = FastAPI()

    async def health() -> dict[str, Any]:
        return {"ready": True, "version": "0", "protocol": PROTOCOL_VERSION}

    async def session(response: Response) -> dict[str, Any]:
        response.set_cookie("tawasul-session-office", "server-secret")
        return {"role": "office", "display_name": "x", "csrf": "ab"}

    async def line(socket: WebSocket) -> None:
        await socket.accept()
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            await speak(socket)

    app.add_api_route("/api/health", health)
    app.add_api_route("/api/session", session, methods=["POST"])
    app.add_api_websocket_route("/signaling/office", line)
    return app


@contextlib.asynccontextmanager
async def a_page_line(server: str, anchor: Path) -> AsyncIterator[ClientConnection]:
    """The line of a page that is signed in at a console before that server."""
    async with a_console(server, anchor) as console, signed_in(console) as client:
        cookie = "; ".join(f"{each.name}={each.value}" for each in client.cookies.jar)
        address = f"ws{console.removeprefix('http')}/signaling/office"
        async with (
            asyncio.timeout(20),
            connect(address, origin=Origin(console), additional_headers={"cookie": cookie}, proxy=None) as line,
        ):
            yield line


async def all_said(line: ClientConnection) -> list[Any]:
    """Every message until the line is closed."""
    said = []
    with contextlib.suppress(ConnectionClosed):
        while True:
            said.append(json.loads(await line.recv()))
    return said


async def test_only_the_protocols_messages_pass_the_line(anchor: Path) -> None:
    lie = {"type": "problem", "code": "stale", "arabic": "حمّل من هنا", "english": "Install evil from here"}

    async def speak(socket: WebSocket) -> None:
        for text in (
            "<script>evil</script>",
            '{"type": "evil"}',
            "[]",
            "{",
            json.dumps({**PULSE, "evil": EVIL.decode()}),
        ):
            await socket.send_text(text)
        await socket.send_bytes(EVIL)
        await socket.send_json(PULSE)
        await socket.send_json(lie)
        await socket.close(4401)

    async with serving(hostile_app(speak)) as server, a_page_line(server, anchor) as line:
        came = await all_said(line)
    assert [message["type"] for message in came] == ["pulse", "problem"]
    assert came[1]["english"] == PROBLEMS["stale"].english
    assert line.close_code == 4401
    assert line.close_reason == ""


@pytest.mark.parametrize("told", ["a flood", "a huge frame", "a code that cannot be"])
async def test_a_line_that_only_disturbs_is_cut(anchor: Path, told: str) -> None:
    async def speak(socket: WebSocket) -> None:
        if told == "a flood":
            for _ in range(100_000):
                await socket.send_json(PULSE)
        elif told == "a huge frame":
            await socket.send_text('"' + "a" * 2_000_000 + '"')
            await socket.receive_text()
        else:
            await socket.close(1002)

    async with serving(hostile_app(speak)) as server, a_page_line(server, anchor) as line:
        came = len(await all_said(line))
    assert line.close_code == 1013, "and the page makes it anew"
    assert came <= 600


async def test_a_line_is_not_led_elsewhere(hostile: Hostile, anchor: Path) -> None:
    async with a_hostile_server() as elsewhere:
        told = f"location: ws://127.0.0.1:{elsewhere.port}/signaling/office"
        hostile.answers["/signaling/office"] = answer(b"", "text/html", "302 Found", told)
        async with a_page_line(hostile.address, anchor) as line:
            said = await all_said(line)
        assert elsewhere.asked == []
    assert [message["code"] for message in said] == ["server-away"]
    assert line.close_code == 1013


async def test_a_line_of_another_version_says_so_and_stays_closed(hostile: Hostile, anchor: Path) -> None:
    async with a_console(hostile.address, anchor) as console, signed_in(console) as client:
        hostile.answers["/api/health"] = json_answer({"ready": True, "version": "9", "protocol": 99})
        cookie = "; ".join(f"{each.name}={each.value}" for each in client.cookies.jar)
        address = f"ws{console.removeprefix('http')}/signaling/office"
        async with connect(address, origin=Origin(console), additional_headers={"cookie": cookie}, proxy=None) as line:
            [said] = await all_said(line)
    assert said["english"] == PROBLEMS["server-other-version"].english
    assert line.close_code == 4400
