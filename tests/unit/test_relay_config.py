"""The relay's configuration: what is refused, and that secrets stay where they belong."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from media_relay.config import RelayConfig
from media_relay.errors import RelayConfigError
from media_relay.stun.address import TransportAddress
from media_relay.udp import prefix_of

SECRET = SecretStr("a secret that is long enough")


def test_the_default_serves_this_machine_alone():
    config = RelayConfig()

    assert [str(address) for address in config.addresses] == ["127.0.0.1"]
    assert not config.allow_loopback
    assert config.allow_peers == ()


@pytest.mark.parametrize(
    "changed",
    [
        {"addresses": ()},
        {"addresses": ("0.0.0.0",)},
        {"addresses": ("::",)},
        {"addresses": ("224.0.0.1",)},
        {"addresses": ("fe80::1",)},
        {"addresses": ("127.0.0.1", "127.0.0.1")},
        {"addresses": ("localhost",)},
        {"port": -1},
        {"port": 65536},
        {"realm": ""},
        {"realm": "two words"},
        {"realm": "ت"},
        {"realm": "x" * 41},
        {"alternates": ("10.1.2.4",)},
        {"alternates": ("10.1.2.4:0",)},
        {"alternates": ("10.1.2.4:65536",)},
        {"alternates": ("10.1.2.4:٣",)},
        {"alternates": ("relay.example.org:3478",)},
        {"alternates": ("2001:db8::9:3478",)},
        {"alternates": ("[10.1.2.4]:3478",)},
        {"secrets": ("short",)},
        {"secrets": ("x" * 16, "y" * 16, "z" * 16)},
        {"relay_ports": (50_000, 49_999)},
        {"relay_ports": (80, 1024)},
        {"relay_ports": (0, 65_535)},
        {"allow_peers": ("127.0.0.0/8",)},
        {"allow_peers": ("127.0.0.1/32",)},
        {"allow_peers": ("::1/128",)},
        {"allow_peers": ("169.254.169.254/32",)},
        {"allow_peers": ("2002::/16",)},
        {"allow_peers": ("10.0.0.1/8",)},
        {"lifetime": 0},
        {"maximum_lifetime": 0},
        {"allocations_per_user": 0},
        {"tls_port": 3478},
        {"port": 443, "tls_port": 443},
        {"unknown": 1},
    ],
    ids=str,
)
def test_what_cannot_be_served_is_refused(changed):
    with pytest.raises(ValidationError):
        RelayConfig(**changed)


@pytest.mark.parametrize(
    "ports", [{"port": 0, "tls_port": 0}, {"port": 443, "tls_port": 443, "tcp": False}, {"tls_port": 443}], ids=str
)
def test_tls_may_have_what_tcp_has_not(ports):
    assert RelayConfig(**ports).tls_port == ports["tls_port"]


@pytest.mark.parametrize(("in_all", "workers", "each"), [(1000, 1, 1000), (1000, 3, 333), (64, 64, 1), (1, 2, 1)])
def test_the_workers_together_take_no_more_streams_than_in_all_and_each_can_take_one(in_all, workers, each):
    assert RelayConfig(streams_in_all=in_all, workers=workers).stream_limits.in_all == each


def test_alternates_are_read():
    config = RelayConfig(alternates=("10.1.2.4:3478", "[2001:db8::9]:443"))

    assert config.alternate_addresses == (TransportAddress("10.1.2.4", 3478), TransportAddress("2001:db8::9", 443))


def test_secrets_do_not_print():
    assert "long enough" not in repr(RelayConfig(secrets=(SECRET,)))
    assert "long enough" not in RelayConfig(secrets=(SECRET,)).model_dump_json()


def test_it_is_written_for_its_owner_and_read_again(tmp_path):
    config = RelayConfig(
        addresses=("127.0.0.1", "::1"), secrets=(SECRET,), allow_peers=("10.20.0.0/16", "fd20::/16"), port=0
    )
    config.write(tmp_path / "relay.conf")

    assert (tmp_path / "relay.conf").stat().st_mode & 0o777 == 0o600
    assert RelayConfig.read(tmp_path / "relay.conf") == config
    assert [file.name for file in tmp_path.iterdir()] == ["relay.conf"]


def test_a_complaint_quotes_no_secret(tmp_path):
    (tmp_path / "relay.conf").touch(mode=0o600)
    (tmp_path / "relay.conf").write_text('{"secrets": ["hunter2"], "port": "hunter2"}')

    with pytest.raises(RelayConfigError) as refused:
        RelayConfig.read(tmp_path / "relay.conf")
    assert "hunter2" not in str(refused.value)
    assert "secrets" in str(refused.value)


def test_the_digest_is_of_all_but_the_port():
    config = RelayConfig(secrets=(SECRET,))

    assert config.digest() == RelayConfig(secrets=(SECRET,)).digest()
    assert config.digest() == config.model_copy(update={"port": 1}).digest()
    for changed in [
        {"secrets": (SecretStr("another that is long enough"),)},
        {"lifetime": 601},
        {"allow_loopback": True},
        {"realm": "other"},
    ]:
        assert config.digest() != config.model_copy(update=changed).digest()


@pytest.mark.parametrize(
    ("host", "prefix"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:0db8:0001::/48"),
        ("::1", "0000:0000:0000::/48"),
    ],
)
def test_a_log_tells_a_prefix(host, prefix):
    assert prefix_of(TransportAddress(host, 1)) == prefix


def test_the_digest_knows_whether_there_is_tls_and_not_where():
    config = RelayConfig(secrets=(SECRET,))
    chosen, fixed = (config.model_copy(update={"tls_port": port}) for port in (0, 443))
    assert chosen.digest() == fixed.digest() != config.digest()


def test_a_certificate_is_found_from_any_directory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    config = RelayConfig(certificate="relay.crt", certificate_key="/etc/relay.key")
    assert (config.certificate, config.certificate_key) == (tmp_path / "relay.crt", Path("/etc/relay.key"))
    assert config.identity is None, "nothing is read that is not served"


@pytest.mark.parametrize("files", [{}, {"certificate": "/nowhere.crt"}, {"certificate_key": "/nowhere.key"}])
def test_tls_needs_a_certificate_and_its_key(files):
    with pytest.raises(RelayConfigError, match="needs a certificate and its key"):
        assert RelayConfig(tls_port=443, **files).identity
