"""What those who run the service add by the command line works beside the running server; the rest is refused."""

from __future__ import annotations

import asyncio
import base64
import os
import shutil
import stat
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from support.command import Answer, tawasul
from support.endpoints import kiosk_line, office_line
from support.service import Service, a_service
from support.store import open_database as open_store
from support.tries import of_this_try

from kiosk_client.vault import DeviceKey
from tawasul import administration
from tawasul.domain.errors import InvalidInput, NotFound
from tawasul.domain.riyadh import RIYADH
from tawasul.domain.sitting import Purpose
from tawasul.own_database import open_database
from tawasul.settings import Settings

PASSWORD = "كلمة مرور 4471"
TYPED = datetime(2026, 11, 22, 10, 0)  # noqa: DTZ001 - as people type it: local


with_the_service = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Service]:
    """One for all tests: each adds somebody, a key or a sitting of its own."""
    async with a_service(tmp_path_factory.mktemp("service")) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def service(request: pytest.FixtureRequest, shared: Service, tmp_path: Path) -> AsyncIterator[Service]:
    async with of_this_try(request, shared, tmp_path) as service:
        yield service


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def upgraded_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("upgraded")
    async with open_store(Settings(directory=folder).database):
        await administration.upgrade(Settings(directory=folder))
    return folder


@pytest.fixture
def upgraded(upgraded_once: Path, tmp_path: Path) -> Settings:
    """A service's folder whose database has places and nobody."""
    shutil.copytree(upgraded_once, tmp_path, dirs_exist_ok=True)
    return Settings(directory=tmp_path)


async def add_staff(folder: Path, *arguments: str, password: str = PASSWORD) -> Answer:
    return await tawasul(folder, "staff", "add", *arguments, TAWASUL_NEW_PASSWORD=password)


async def sign_in(service: Service, user_name: str, password: str) -> httpx.Response:
    async with httpx.AsyncClient(base_url=service.address, headers={"origin": service.address}) as client:
        return await client.post("/api/session", json={"user_name": user_name, "password": password})


@with_the_service
async def test_who_is_added_can_sign_in_and_sees_what_is_theirs(service: Service) -> None:
    added = await add_staff(service.directory, "Amal", "--role", "desk", "--governorate", "badr", "--name", "أمل")
    assert (added.status, added.said) == (0, "Amal can sign in.\n")
    answer = await sign_in(service, "amal", PASSWORD)
    assert answer.status_code == 200
    assert answer.json()["display_name"] == "أمل"
    assert (await sign_in(service, "amal", PASSWORD + "x")).status_code == 401
    # Capital letters do not make another name.
    again = await add_staff(service.directory, "AMAL", "--role", "office")
    assert (again.status, again.complaints) == (2, ["that user name is taken"])
    assert PASSWORD not in added.said + again.complained


@with_the_service
async def test_an_agencys_account_is_its_agencys_and_begins_on_its_page(service: Service) -> None:
    added = await add_staff(service.directory, "saad", "--role", "agency", "--agency", "water", "--name", "سعد")
    assert (added.status, added.said) == (0, "saad can sign in.\n")
    told = (await sign_in(service, "saad", PASSWORD)).json()
    assert (told["role"], told["agency_id"], told["governorate_id"]) == ("agency", "water", None)
    assert told["first_page"] == "/agency"


@pytest.mark.parametrize(
    ("role", "governorate", "agency", "sentence"),
    [
        ("agency", None, None, "an agency's account, and no other"),
        ("office", None, "water", "an agency's account, and no other"),
        ("desk", "badr", "water", "an agency's account, and no other"),
        ("agency", None, "nowhere", "agency not found"),
    ],
)
async def test_an_agency_that_cannot_be(
    upgraded: Settings, role: str, governorate: str | None, agency: str | None, sentence: str
) -> None:
    with pytest.raises((InvalidInput, NotFound), match=sentence):
        await administration.add_staff(upgraded, "x", role, "X", governorate, PASSWORD, agency)
    assert await rows(upgraded) == (0, 0)


@with_the_service
async def test_a_key_that_begins_with_a_hyphen_is_no_option(service: Service) -> None:
    key = base64.urlsafe_b64encode(b"\xf8" + bytes(31)).decode().rstrip("=")
    assert key.startswith("-")
    registered = await tawasul(service.directory, "kiosks", "register", "yanbu-2", key)
    assert (registered.status, registered.said) == (0, "yanbu-2 is let in.\n")


@with_the_service
async def test_a_kiosk_is_let_in_by_its_key_and_by_no_other(service: Service, tmp_path: Path) -> None:
    key = service.kiosk_key("yanbu-2")
    shown = await tawasul(tmp_path, "kiosk", "--key", str(key), "--show-key")
    assert shown.status == 0
    registered = await tawasul(service.directory, "kiosks", "register", "yanbu-2", shown.said.strip())
    assert (registered.status, registered.said) == (0, "yanbu-2 is let in.\n")
    audience = service.audience_at("yanbu-2")
    async with kiosk_line(service, "yanbu-2") as kiosk:
        await kiosk.say("check-in", reference=audience.reference)
        entries = (await kiosk.hear("waiting", lambda said: bool(said["entries"])))["entries"]
        assert [entry["reference"] for entry in entries] == [audience.reference]
    # Another device takes its place: the old key is worth nothing now.
    other = DeviceKey.load_or_create(tmp_path / "other.key")
    assert (await tawasul(service.directory, "kiosks", "register", "yanbu-2", other.public_text)).status == 0
    with pytest.raises(Exception, match="4403"):
        async with kiosk_line(service, "yanbu-2"):
            pass


@with_the_service
async def test_a_sitting_that_is_added_shows(service: Service) -> None:
    opens = datetime.now(RIYADH).replace(second=0, microsecond=0) + timedelta(hours=6)
    closes = opens + timedelta(minutes=95)
    added = await tawasul(
        service.directory,
        *("sittings", "add", f"{opens:%Y-%m-%dT%H:%M}", f"{closes:%Y-%m-%dT%H:%M}", "--slot-minutes", "15"),
    )
    assert added.status == 0
    _, id, rest = added.said.split(maxsplit=2)
    assert rest == "6 slots.\n"
    # Otherwise the board has it within a quarter of a minute.
    service.kill()
    await service.start()
    async with office_line(service, sitting_id=id.rstrip(":")) as office:
        board = await office.hear("board")
    assert board["sitting_id"] == id.rstrip(":")
    assert datetime.fromisoformat(board["opens_at"]) == opens
    assert datetime.fromisoformat(board["closes_at"]) == closes


@pytest.mark.parametrize(
    ("arguments", "password", "sentence"),
    [
        (("x", "king", "X", None), PASSWORD, "the role is one of desk, office, admin"),
        (("x", "desk", "X", None), PASSWORD, "a desk, and nobody else, belongs to a governorate"),
        (("x", "office", "X", "badr"), PASSWORD, "a desk, and nobody else, belongs to a governorate"),
        (("x", "desk", "X", "atlantis"), PASSWORD, "governorate not found"),
        (("x", "office", "X", None), "123456789", "a password has at least 10 characters"),
        (("x", "office", "X", None), "x" * 2000, "a password has at least 10 characters, and at most"),
        ((" ", "office", "X", None), PASSWORD, "empty"),
        (("x" * 65, "office", "X", None), PASSWORD, "longer than 64 characters"),
        (("x", "office", "X\nY", None), PASSWORD, "control characters"),
    ],
)
async def test_staff_that_cannot_be(
    upgraded: Settings, arguments: tuple[str, str, str, str | None], password: str, sentence: str
) -> None:
    with pytest.raises((InvalidInput, NotFound), match=sentence) as refusal:
        await administration.add_staff(upgraded, *arguments, password)
    assert password not in str(refusal.value)
    assert await rows(upgraded) == (0, 0)


@pytest.mark.parametrize(
    ("kiosk", "key", "sentence"),
    [
        ("badr-1", "short", "that is not a kiosk's public key"),
        ("badr-1", base64.urlsafe_b64encode(bytes(31)).decode(), "that is not a kiosk's public key"),
        ("badr-1", base64.urlsafe_b64encode(bytes(33)).decode(), "that is not a kiosk's public key"),
        ("badr-1", "مفتاح", "that is not a kiosk's public key"),
        ("badr-1", "*" * 43, "that is not a kiosk's public key"),
        ("nowhere-1", base64.urlsafe_b64encode(bytes(range(32))).decode(), "kiosk not found"),
    ],
)
async def test_keys_that_let_nobody_in(upgraded: Settings, kiosk: str, key: str, sentence: str) -> None:
    with pytest.raises((InvalidInput, NotFound), match=sentence):
        await administration.register_kiosk(upgraded, kiosk, key)


@pytest.mark.parametrize("minutes", [-60, 0, 9])
async def test_a_sitting_that_ends_before_its_first_slot_does(upgraded: Settings, minutes: int) -> None:
    with pytest.raises(InvalidInput, match="before its first slot"):
        await administration.add_sitting(upgraded, TYPED, TYPED + timedelta(minutes=minutes), 10)
    assert await rows(upgraded) == (0, 0)


async def test_what_is_typed_without_a_zone_is_local_time(upgraded: Settings) -> None:
    sitting = await administration.add_sitting(upgraded, TYPED, TYPED + timedelta(minutes=10), 10)
    assert sitting.opens_at == datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
    assert await rows(upgraded) == (0, 1)


async def test_the_command_line_refuses_in_a_sentence(upgraded: Settings) -> None:
    refused = {
        ("staff", "add", "x", "--role", "king"): "role: the role is one of desk, office, admin, agency",
        ("staff", "add", "x" * 65, "--role", "office"): "user_name: longer than 64 characters",
        ("kiosks", "register", "nowhere-1", "A" * 43): "kiosk not found",
        ("sittings", "add", "2026-11-22T10:00", "2026-11-22T09:00"): (
            "closes_at: the sitting ends before its first slot does"
        ),
    }
    for command, sentence in refused.items():
        answer = await tawasul(upgraded.directory, *command, TAWASUL_NEW_PASSWORD=PASSWORD)
        assert (answer.status, answer.said, answer.complaints) == (2, "", [sentence])


async def rows(settings: Settings) -> tuple[int, int]:
    """Staff, and sittings of that day."""
    database = open_database(settings)
    noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    try:
        async with database.unit_of_work(reading=True) as work:
            sittings = await work.sittings.between(noon - timedelta(days=1), noon + timedelta(days=1), Purpose.MAJLIS)
            return await work.staff.count(), len(sittings)
    finally:
        await database.close()


def test_the_database_is_its_owners_even_where_others_may_look(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    before = os.umask(0o022)
    try:
        asyncio.run(administration.upgrade(Settings(directory=tmp_path)))
    finally:
        os.umask(before)
    files = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.glob("tawasul.db*")}
    assert "tawasul.db" in files
    assert set(files.values()) == {0o600}
