"""What a person can mend is told in a sentence on standard error, with exit status 2 and no traceback."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from support.command import tawasul
from support.ports import free_port

HIDDEN = "s3cret"


async def test_each_wrong_variable_is_named_and_its_value_is_not_shown(tmp_path: Path) -> None:
    answer = await tawasul(
        tmp_path / "new",
        "serve",
        TAWASUL_SERVER__PORT=HIDDEN,
        TAWASUL_SERVER__PROT=HIDDEN,
        TAWASUL_RELAY__SECRETS=f'["{HIDDEN}"]',
    )
    assert (answer.status, answer.said) == (2, "")
    assert [line.partition(":")[0] for line in answer.complaints] == [
        "TAWASUL_SERVER__PORT",
        "TAWASUL_SERVER__PROT",
        "TAWASUL_RELAY__SECRETS",
    ]
    assert HIDDEN not in answer.complained
    assert os.listdir(tmp_path) == []


async def test_what_is_not_json_where_it_should_be(tmp_path: Path) -> None:
    answer = await tawasul(tmp_path, "db", "upgrade", TAWASUL_RELAY__ADDRESSES=HIDDEN)
    assert (answer.status, answer.complaints) == (
        2,
        ["TAWASUL_RELAY__ADDRESSES: not the JSON that belongs there"],
    )


@pytest.mark.parametrize("url", [f"mysql://u:{HIDDEN}@localhost/x", HIDDEN])
async def test_another_kind_of_database(tmp_path: Path, url: str) -> None:
    answer = await tawasul(tmp_path, "db", "upgrade", TAWASUL_DATABASE_URL=url)
    (line,) = answer.complaints
    assert answer.status == 2
    assert line.startswith("TAWASUL_DATABASE_URL: ")
    assert HIDDEN not in line


async def test_a_database_that_does_not_answer(tmp_path: Path) -> None:
    answer = await tawasul(
        tmp_path,
        "serve",
        TAWASUL_SERVER__PORT="0",
        TAWASUL_DATABASE_URL=f"postgresql+psycopg://u:{HIDDEN}@127.0.0.1:{free_port()}/x",
    )
    (line,) = answer.complaints
    assert answer.status == 2
    assert line.startswith("the database cannot be reached: ")
    assert HIDDEN not in line


async def test_a_region_without_places(tmp_path: Path) -> None:
    answer = await tawasul(tmp_path / "new", "db", "upgrade", TAWASUL_REGION="atlantis")
    assert (answer.status, answer.complaints) == (2, ["region: there are no places for the region atlantis"])
    assert os.listdir(tmp_path) == []


async def test_before_the_first_upgrade_it_is_asked_for(tmp_path: Path) -> None:
    answer = await tawasul(tmp_path / "new", "sittings", "add", "2026-11-22T09:00", "2026-11-22T10:00")
    (line,) = answer.complaints
    assert answer.status == 2
    assert line.endswith("tawasul db upgrade")


async def test_a_key_that_others_may_read(tmp_path: Path) -> None:
    assert (await tawasul(tmp_path, "db", "upgrade")).status == 0
    (tmp_path / "personal-data.key").chmod(0o644)
    answer = await tawasul(tmp_path, "staff", "add", "x", "--role", "office", TAWASUL_NEW_PASSWORD="0123456789")
    (line,) = answer.complaints
    assert answer.status == 2
    assert f"chmod 600 {tmp_path}" in line


async def test_the_upgrade_can_be_repeated(tmp_path: Path) -> None:
    for _ in range(2):
        answer = await tawasul(tmp_path / "new", "db", "upgrade")
        assert (answer.status, answer.said, answer.complained) == (0, "The database is up to date.\n", "")
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
