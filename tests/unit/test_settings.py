"""What the environment says wrong is named by its variable, in one sentence, and never shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from tawasul.domain.errors import InvalidInput
from tawasul.local_authority import issue
from tawasul.settings import InvalidSettings, Settings

HIDDEN = "s3cret-value"


@pytest.fixture(autouse=True)
def _nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    for name in [name for name in os.environ if name.upper().startswith("TAWASUL_")]:
        monkeypatch.delenv(name)


def complaints(monkeypatch: pytest.MonkeyPatch, **told: str) -> list[str]:
    """What is said of an environment that holds this."""
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(InvalidSettings) as refusal:
        Settings.from_environment()
    return refusal.value.lines


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("TAWASUL_SERVER__PORT", HIDDEN),
        ("TAWASUL_SERVER__PORT", "66666"),
        ("TAWASUL_SERVER__PORT", "-1"),
        ("TAWASUL_SERVER__BEHIND_HTTPS", HIDDEN),
        ("TAWASUL_SERVER__PROT", HIDDEN),
        ("TAWASUL_SERVER__PORT__DEEPER", HIDDEN),
        ("TAWASUL_SERVER", HIDDEN),
        ("TAWASUL_SERVER", "[7777]"),
        ("TAWASUL_REGION", "../s3cret-value"),
        ("TAWASUL_RELAY__SECRETS", '["s3cret-value"]'),
        ("TAWASUL_RELAY__SECRETS", HIDDEN),
        ("TAWASUL_RELAY__SECRETS", '"s3cret-value-of-a-sufficient-length"'),
        ("TAWASUL_RELAY__ADDRESSES", HIDDEN),
        ("TAWASUL_RELAY__ADDRESSES", '["s3cret-value"]'),
        ("TAWASUL_RELAY__ADDRESSES", "[]"),
        ("TAWASUL_RELAY__RELAY_PORTS", "[7777, 77777]"),
        ("TAWASUL_RELAY__SECRET", HIDDEN),
        ("TAWASUL_ICE__OWN_LOCATION_POLICY", HIDDEN),
        ("TAWASUL_ICE__CREDENTIALS_LAST", "7"),
    ],
)
def test_one_sentence_names_the_variable_and_never_its_value(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    (line,) = complaints(monkeypatch, **{variable: value})
    named, _, reason = line.partition(": ")
    # Of something deeper than there is anything, the place where it went wrong is named.
    assert variable.startswith(named)
    assert named.startswith("TAWASUL_")
    assert reason
    assert not any(part in line for part in ("s3cret", "66666", "7777", "Value error")), line


def test_each_wrong_variable_has_its_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = complaints(monkeypatch, TAWASUL_SERVER__PORT="x", TAWASUL_REGION="X!", TAWASUL_ICE__FOO="x")
    assert sorted(line.partition(":")[0] for line in lines) == [
        "TAWASUL_ICE__FOO",
        "TAWASUL_REGION",
        "TAWASUL_SERVER__PORT",
    ]


def test_two_mistakes_in_one_variable_are_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    (line,) = complaints(monkeypatch, TAWASUL_RELAY__ADDRESSES='["one", "two"]')
    assert line.startswith("TAWASUL_RELAY__ADDRESSES: ")


def test_it_is_bad_input_with_a_code_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAWASUL_SERVER__PORT", HIDDEN)
    with pytest.raises(InvalidInput) as refusal:
        Settings.from_environment()
    assert refusal.value.code == "invalid-settings"
    assert refusal.value.__cause__ is None
    assert refusal.value.__suppress_context__, "the library's own error shows the values"


def test_with_nothing_set_it_serves_this_machine_alone() -> None:
    settings = Settings.from_environment()
    assert (settings.server.host, settings.server.port, settings.server.https) == ("127.0.0.1", 8000, False)
    assert settings.database == f"sqlite+aiosqlite:///{Path('.tawasul').absolute()}/tawasul.db"


def test_what_is_set_arrives(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in {
        "TAWASUL_DIRECTORY": str(tmp_path),
        "TAWASUL_DATABASE_URL": f"postgresql+psycopg://tawasul:{HIDDEN}@db/tawasul",
        "TAWASUL_SERVER__PORT": "8443",
        "TAWASUL_SERVER__BEHIND_HTTPS": "true",
        "TAWASUL_RELAY__SECRETS": '["a secret that is long enough"]',
        "TAWASUL_ICE__HOST": "relay.example",
        # For `tawasul staff add`, and no setting of the service.
        "TAWASUL_NEW_PASSWORD": HIDDEN,
    }.items():
        monkeypatch.setenv(name, value)
    settings = Settings.from_environment()
    assert (settings.server.port, settings.server.https, settings.ice.host) == (8443, True, "relay.example")
    assert settings.database.endswith("@db/tawasul")
    assert settings.relay_with_secret.secrets[0].get_secret_value() == "a secret that is long enough"
    assert not list(tmp_path.iterdir()), "no secret is made where one is given"
    assert HIDDEN not in repr(settings)
    assert "long enough" not in repr(settings)


def test_a_relay_without_a_secret_gets_one_that_stays(tmp_path: Path) -> None:
    settings = Settings(directory=tmp_path)
    first = settings.relay_with_secret.secrets
    assert first == settings.relay_with_secret.secrets
    assert len(first[0].get_secret_value()) == 64
    assert (tmp_path / "relay.key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("addresses", "implied"), [(("127.0.0.1", "::1"), True), (("127.0.0.1", "198.51.100.7"), False)]
)
def test_a_relay_on_loopback_alone_may_send_to_its_own_addresses(
    tmp_path: Path, addresses: tuple[str, ...], implied: bool
) -> None:
    settings = Settings.model_validate({"directory": tmp_path, "relay": {"addresses": addresses}})
    assert settings.relay_with_secret.allow_loopback is implied


def test_a_relay_serves_the_pages_certificate_unless_it_has_its_own(tmp_path: Path) -> None:
    pages, own = issue(tmp_path / "pages"), issue(tmp_path / "own")
    server = {"certificate": pages.certificate, "certificate_key": pages.key}

    def served(**relay: object) -> tuple[Path | None, Path | None]:
        settings = Settings.model_validate({"directory": tmp_path, "server": server, "relay": relay})
        return settings.relay_with_secret.certificate, settings.relay_with_secret.certificate_key

    assert served(tls_port=443) == (pages.certificate, pages.key)
    assert served(tls_port=443, certificate=own.certificate, certificate_key=own.key) == (own.certificate, own.key)
    assert served() == (None, None), "what it does not use does not end it when it changes"


def test_https_needs_a_certificate_and_the_key_that_belongs_to_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ours, others = issue(tmp_path / "ours"), issue(tmp_path / "others")
    certificate, key = "TAWASUL_SERVER__CERTIFICATE", "TAWASUL_SERVER__CERTIFICATE_KEY"
    good = {certificate: str(ours.certificate), key: str(ours.key)}
    for wrong in (
        {key: str(others.key)},
        {key: str(tmp_path / "nowhere.pem")},
        {key: str(ours.certificate)},
        {certificate: str(tmp_path)},
    ):
        (line,) = complaints(monkeypatch, **(good | wrong))
        assert line.startswith(f"{key}: the certificate and its key cannot be used")
        assert str(tmp_path) not in line
    for name, value in good.items():
        monkeypatch.setenv(name, value)
    assert Settings.from_environment().server.https
    for alone in good:
        with monkeypatch.context() as less:
            less.delenv(alone)
            assert complaints(less) == [f"{key}: HTTPS needs both a certificate and its key"]
