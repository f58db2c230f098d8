"""`tawasul relay credentials`: a short-lived file that a check takes instead of the secret, and what is refused."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tawasul.access.relay_credentials import RelayCredentials, verify
from tawasul.cli import app
from tawasul.cli_relay import relay
from tawasul.relay_minting import NoCheckCredentials, NoSecretToMintWith, parsed

FIRST, SECOND = "the first secret, of 32 characters", "the second secret of 32 characters"


@pytest.fixture(autouse=True)
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of a server with two secrets."""
    folder = tmp_path / "server"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("TAWASUL_DIRECTORY", str(folder))
    monkeypatch.setenv("TAWASUL_RELAY__SECRETS", f'["{FIRST}", "{SECOND}"]')
    return folder


def minted(file: Path, *more: str) -> RelayCredentials:
    answer = CliRunner().invoke(app, ["relay", "credentials", str(file), *more])
    assert answer.exit_code == 0, answer.output
    for secret in (FIRST, SECOND):
        assert secret not in answer.output + file.read_text()
    found = parsed(file.read_text(), file)
    assert found.password not in answer.output
    return found


def test_the_file_is_its_owners_alone_and_good_for_half_an_hour(tmp_path: Path) -> None:
    file = tmp_path / "check.json"
    before = int(time.time())
    found = minted(file)

    assert file.stat().st_mode & 0o777 == 0o600
    user = verify([FIRST], found, time.time())
    assert user is not None
    assert before + 1800 <= user.expires_at <= time.time() + 1800
    assert verify([SECOND], found, time.time()) is None, "the second secret is about to go"


def test_as_long_as_was_asked_for_and_each_of_another_user(tmp_path: Path) -> None:
    file = tmp_path / "check.json"
    found = [verify([FIRST], minted(file, "--minutes", "120"), time.time()) for _ in range(2)]

    assert {user.name.rpartition("-")[0] for user in found if user} == {"relay-check"}
    assert len({user.name for user in found if user}) == 2, "two checks at once do not take each other's allocations"
    assert all(user.expires_at > time.time() + 7000 for user in found if user)


def test_both_languages_tell_where_it_goes_and_how_it_is_used(tmp_path: Path) -> None:
    said = CliRunner().invoke(app, ["relay", "credentials", str(tmp_path / "check.json")]).output

    english, arabic = said.splitlines()
    for line in (english, arabic):
        assert line.endswith("tawasul relay check HOST --credentials-file check.json")
    assert "is good until" in english
    assert "صالح حتى" in arabic


def test_the_secret_that_a_server_made_for_itself_is_found(
    tmp_path: Path, server: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TAWASUL_RELAY__SECRETS")
    with pytest.raises(NoSecretToMintWith, match="no relay's secret here"):
        CliRunner().invoke(relay, ["credentials", str(tmp_path / "check.json")], catch_exceptions=False)
    assert not list(server.iterdir()), "none is made: no relay would know it"
    assert not (tmp_path / "check.json").exists()

    key = server / "relay.key"
    key.write_bytes(bytes(range(32)))
    key.chmod(0o600)
    assert verify([bytes(range(32)).hex()], minted(tmp_path / "check.json"), time.time()) is not None


@pytest.mark.parametrize("minutes", ["0", "1441", "soon"])
def test_it_holds_for_a_day_at_most(tmp_path: Path, minutes: str) -> None:
    answer = CliRunner().invoke(app, ["relay", "credentials", str(tmp_path / "check.json"), "--minutes", minutes])

    assert answer.exit_code == 2
    assert not (tmp_path / "check.json").exists()


def test_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "check.json").mkdir()
    answer = CliRunner().invoke(app, ["relay", "credentials", str(tmp_path / "check.json")])

    assert answer.exit_code == 2
    assert "cannot be written" in answer.output
    assert [path.name for path in tmp_path.iterdir() if path.name != "server"] == ["check.json"], "no draft is left"


@pytest.mark.parametrize(
    "text",
    ["", "a word", "[]", '{"username": "1:a"}', '{"username": "kept-secret", "password": "kept-secret"}'],
    ids=["nothing", "no JSON", "a list", "half", "no user name of ours"],
)
def test_a_check_takes_no_other_file_and_quotes_none(tmp_path: Path, text: str) -> None:
    file = tmp_path / "check.json"
    file.write_text(text)
    file.chmod(0o600)
    arguments = ["check", "127.0.0.1", "--credentials-file", str(file)]
    with pytest.raises(NoCheckCredentials, match="holds no credentials for a check") as refused:
        CliRunner().invoke(relay, arguments, catch_exceptions=False)
    assert "kept-secret" not in str(refused.value)

    file.chmod(0o640)
    answer = CliRunner().invoke(app, ["relay", *arguments])
    assert answer.exit_code == 2
    # In a frame as wide as a terminal, between whose lines a sentence may be broken.
    assert "can be read by others" in " ".join(answer.output.replace("│", " ").split())


def test_a_check_takes_one_kind_of_credentials() -> None:
    answer = CliRunner().invoke(
        app, ["relay", "check", "127.0.0.1", "--credentials-file", "a", "--secret-file", "b"], env={"COLUMNS": "200"}
    )

    assert answer.exit_code == 2
    assert "give one of" in answer.output
