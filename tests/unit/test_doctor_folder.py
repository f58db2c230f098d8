"""The doctor on the data folder: real modes, real files, a real disk, a real certificate."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tawasul.doctor import folder
from tawasul.doctor.finding import State
from tawasul.local_authority import CERTIFICATE_LASTS, issue
from tawasul.store.key_file import load_or_create


def test_a_folder_that_is_not_there_yet(tmp_path: Path) -> None:
    assert folder.data_folder(tmp_path / "below" / "data").state is State.OK
    assert not (tmp_path / "below").exists()


@pytest.mark.parametrize(("mode", "state"), [(0o700, State.OK), (0o750, State.WRONG), (0o701, State.WRONG)])
def test_a_folder_for_its_owner_alone(tmp_path: Path, mode: int, state: State) -> None:
    data = tmp_path / "data of ours"
    data.mkdir()
    data.chmod(mode)
    finding = folder.data_folder(data)
    assert finding.state is state
    if finding.mend is not None:
        assert f"{mode:04o}" in finding.sentence.english
        assert finding.mend.command == f"chmod 700 '{data}'"


def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    assert folder.data_folder(tmp_path / "data").state is State.WRONG
    below = folder.data_folder(tmp_path / "data" / "below")
    assert below.state is State.WRONG
    assert below.mend is not None
    assert below.mend.command is None, "nothing above our own folder is given away"


def test_key_files_as_we_make_them(tmp_path: Path) -> None:
    for name in folder.SECRETS_OF_32_BYTES:
        load_or_create(tmp_path / name)
    certificate = issue(tmp_path / "authority")
    [finding] = folder.key_files(tmp_path, certificate.key)
    assert finding.state is State.OK
    assert "(6)" in finding.sentence.english


@pytest.mark.parametrize("name", ["access.key", "badr-1.key", "relay/relay-config.json", "authority/server-key.pem"])
def test_a_key_that_others_may_read(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    load_or_create(tmp_path / name)
    (tmp_path / name).chmod(0o640)
    [finding] = folder.key_files(tmp_path)
    assert finding.state is State.WRONG
    assert finding.mend is not None
    assert finding.mend.command == f"chmod 600 {tmp_path / name}"


def test_half_a_key(tmp_path: Path) -> None:
    load_or_create(tmp_path / "personal-data.key")
    (tmp_path / "personal-data.key").write_bytes(b"half of the secret")
    [finding] = folder.key_files(tmp_path)
    assert finding.state is State.WRONG
    assert "18 bytes instead of 32" in finding.sentence.english
    assert "half of the secret" not in repr(finding)


def test_a_key_of_the_certificate_that_is_not_there(tmp_path: Path) -> None:
    [finding] = folder.key_files(tmp_path, tmp_path / "elsewhere.pem")
    assert finding.state is State.WRONG


def test_room_on_the_disk(tmp_path: Path) -> None:
    not_there_yet = tmp_path / "data"
    assert folder.free_disk(not_there_yet, too_little=0, little=0).state is State.OK
    assert folder.free_disk(not_there_yet, too_little=0, little=1 << 70).state is State.WARNING
    assert folder.free_disk(not_there_yet, too_little=1 << 70, little=1 << 70).state is State.WRONG


@pytest.mark.parametrize(
    ("later", "state"),
    [
        (timedelta(0), State.OK),
        (CERTIFICATE_LASTS - timedelta(days=3), State.WARNING),
        (CERTIFICATE_LASTS + timedelta(days=1), State.WRONG),
    ],
)
def test_a_certificate_and_its_end(tmp_path: Path, later: timedelta, state: State) -> None:
    now = datetime.now(UTC)
    assert folder.certificate(issue(tmp_path, now).certificate, now + later).state is state


def test_a_certificate_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "server.pem").write_text("not PEM")
    assert folder.certificate(tmp_path / "server.pem").state is State.WRONG
