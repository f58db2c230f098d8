"""What is rendered for coturn, and what is refused because coturn could not be told it."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from media_relay.config import RelayConfig
from media_relay.coturn.configuration import render
from media_relay.coturn.dialect import Dialect
from media_relay.errors import RelayConfigError
from media_relay.private_file import write_private
from tawasul.cli import app

SECRET = "a secret that is long enough"


def lines_of(dialect: Dialect = Dialect.CURRENT, *, folder: Path | None = None, **changed: Any) -> list[str]:
    told: dict[str, Any] = {"addresses": ("203.0.113.7", "2001:db8::7"), "secrets": (SecretStr(SECRET),)}
    text = render(RelayConfig(**{**told, **changed}), dialect, folder=folder)
    assert text.endswith("\n")
    return [line for line in text.splitlines() if not line.startswith("#")]


def test_our_settings_in_coturns_words() -> None:
    lines = lines_of(
        port=3479,
        realm="madinah",
        secrets=(SecretStr(SECRET), SecretStr("the one before it, as long")),
        relay_ports=(50_000, 50_999),
        allocations_per_user=7,
        allocations_in_all=70,
        bandwidth=123_456,
        maximum_lifetime=1800,
        nonce_lifetime=600,
    )
    assert {
        *("listening-port=3479", "listening-ip=203.0.113.7", "relay-ip=203.0.113.7"),
        *("listening-ip=2001:db8::7", "relay-ip=2001:db8::7", "min-port=50000", "max-port=50999"),
        *("realm=madinah", "use-auth-secret", f'static-auth-secret="{SECRET}"'),
        *('static-auth-secret="the one before it, as long"', "stale-nonce=600"),
        *(
            "user-quota=7",
            "total-quota=70",
            "max-bps=123456",
            "max-allocate-lifetime=1800",
            "fingerprint",
            "no-tcp-relay",
        ),
    } <= set(lines)


@pytest.mark.parametrize("dialect", Dialect)
def test_nothing_that_opens_a_door_is_ever_said(dialect: Dialect) -> None:
    lines = lines_of(dialect, allow_public=True)
    names = {line.partition("=")[0] for line in lines}
    doors = {
        "allow-loopback-peers",
        "no-auth",
        "cli",
        "web-admin",
        "server-relay",
        "user",
        "oauth",
        "verbose",
        "mobility",
    }
    assert not names & doors
    assert {"no-multicast-peers", "no-dynamic-ip-list", "no-dynamic-realms", "use-auth-secret"} <= names


def test_each_is_told_only_what_it_knows() -> None:
    older, later = lines_of(Dialect.DEBIAN_12), lines_of(Dialect.CURRENT)
    assert {"no-cli", "no-dtls", "no-tlsv1", "no-tlsv1_1", "no-rfc5780"} <= set(older) - set(later)
    assert not [line for line in older if line.startswith("stateless-nonce-secret")]
    # Of one key in the whole fleet, which is not the secret itself.
    key = next(line for line in later if line.startswith("stateless-nonce-secret"))
    assert key in lines_of(addresses=("203.0.113.8",))
    assert SECRET not in key


def test_loopback_is_opened_in_the_test_profile_alone() -> None:
    assert "allow-loopback-peers" in lines_of(addresses=("127.0.0.1",), allow_loopback=True)
    assert "allow-loopback-peers" not in lines_of(addresses=("127.0.0.1",))


def test_streams_are_served_as_we_serve_them() -> None:
    lines = lines_of(tls_port=443, certificate=Path("/etc/relay/chain.pem"), certificate_key=Path("/etc/relay/key.pem"))
    assert {"tls-listening-port=443", 'cert="/etc/relay/chain.pem"', 'pkey="/etc/relay/key.pem"'} <= set(lines)
    assert not {"no-tls", "no-tcp"} & set(lines)
    assert "no-tls" in lines_of()
    assert "no-tcp" in lines_of(tcp=False)


def test_its_own_folder_holds_all_that_it_keeps(tmp_path: Path) -> None:
    lines = lines_of(folder=tmp_path)
    assert {f'pidfile="{tmp_path}/turnserver.pid"', f'userdb="{tmp_path}/turndb"'} <= set(lines)


def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "turnserver.conf"
    path.write_text("an older one")
    path.chmod(0o644)
    write_private(path, "a new one")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text() == "a new one"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    "wrong",
    [
        {"secrets": ()},
        {"port": 0},
        {"realm": 'a"realm'},
        {"tls_port": 443},
        {"secrets": (SecretStr("a secret with a line's end\nallow-loopback-peers"),)},
        {"secrets": (SecretStr("s" * 1000),)},
    ],
    ids=["no secret", "no port", "realm", "no certificate", "line's end", "too long"],
)
def test_what_coturn_cannot_be_told_is_refused_in_words(wrong: dict[str, Any]) -> None:
    with pytest.raises(RelayConfigError) as refused:
        lines_of(**wrong)
    assert "allow-loopback" not in str(refused.value)


def test_the_command_writes_it_and_says_what_it_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAWASUL_DIRECTORY", str(tmp_path))
    monkeypatch.setenv("TAWASUL_RELAY__SECRETS", json.dumps([SECRET]))
    output = tmp_path / "turnserver.conf"
    done = CliRunner().invoke(app, ["relay", "coturn", str(output), "--version", "4.6", "--folder", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert "holds the secret" in done.output
    assert SECRET not in done.output
    text = output.read_text()
    assert f'static-auth-secret="{SECRET}"' in text
    assert "no-cli" in text.splitlines()
    assert stat.S_IMODE(output.stat().st_mode) == 0o600
