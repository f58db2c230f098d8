"""What an endpoint is given: addresses in their order, credentials that end with the slot and name the governorate."""

from __future__ import annotations

import pytest
from pydantic import SecretStr, ValidationError

from signaling.ice import EmbeddedRelay, IceConfig, IceIssuer, RelayPlace
from tawasul.access.relay_credentials import RelayCredentials, read_username, verify
from tawasul.protocol.ice import IceConfiguration
from tawasul.protocol.relay_url import RelayUrl
from tawasul.settings import Settings

NOW = 1_800_000_000.0
OLD, NEW = "the secret of last month", "the secret of this month"
FLEET = (
    RelayPlace(host="north.example", transports=("tls", "udp", "tcp")),
    RelayPlace(host="10.1.2.4", port=3479, transports=("udp",)),
)


class Health:
    """Some addresses are silent."""

    def __init__(self, *silent: str) -> None:
        self.silent = set(silent)

    def reachable(self, url: RelayUrl) -> bool:
        return url.host not in self.silent


def issuer(health: Health | None = None, embedded: EmbeddedRelay | None = None, **config: object) -> IceIssuer:
    return IceIssuer(
        IceConfig(**config),  # type: ignore[arg-type]
        secret=SecretStr(NEW),
        embedded=embedded or EmbeddedRelay(port=3478),
        health=health,
    )


def issued(of: IceIssuer, **given: object) -> IceConfiguration:
    wanted: dict[str, object] = {"host": "majlis.example", "policy": "relay", "now": NOW, **given}
    return of.issue("call-7.citizen@badr", **wanted)  # type: ignore[arg-type]


def urls(of: IceConfiguration) -> list[str]:
    return [url for server in of.servers for url in server.urls]


def test_the_embedded_relay_is_where_the_pages_are():
    assert urls(issued(issuer())) == ["turn:majlis.example:3478?transport=udp"]
    assert urls(issued(issuer(), host="localhost")) == ["turn:127.0.0.1:3478?transport=udp"]
    assert urls(issued(issuer(), host="::1")) == ["turn:[::1]:3478?transport=udp"]
    assert urls(issued(issuer(host="relay.example"))) == ["turn:relay.example:3478?transport=udp"]


def test_the_embedded_relays_streams_are_offered_after_udp():
    streams = (("tcp", "10.0.0.1", 3478), ("tls", "10.0.0.1", 443), ("tls", "10.0.0.2", 443))
    embedded = EmbeddedRelay.listening(3478, streams)

    assert urls(issued(issuer(embedded=embedded), host="r")) == [
        "turn:r:3478?transport=udp",
        "turn:r:3478?transport=tcp",
        "turns:r:443?transport=tcp",
    ]


def test_where_paths_may_be_straight_udp_is_asked_what_the_nat_makes_of_an_address():
    assert urls(issued(issuer(), policy="all"))[0] == "stun:majlis.example:3478"
    tls_only = issuer(relays=(RelayPlace(host="r", transports=("tls",)),))
    assert urls(issued(tls_only, policy="all")) == ["turns:r:443?transport=tcp"]


def test_a_fleet_takes_the_embedded_relays_place():
    given = issued(issuer(relays=FLEET))

    assert sorted(urls(given)) == [
        "turn:10.1.2.4:3479?transport=udp",
        "turn:north.example:3478?transport=tcp",
        "turn:north.example:3478?transport=udp",
        "turns:north.example:443?transport=tcp",
    ]
    assert len({(server.username, server.credential) for server in given.servers}) == 1


def test_a_silent_relay_is_given_to_nobody_unless_all_are():
    assert urls(issued(issuer(Health("north.example"), relays=FLEET))) == ["turn:10.1.2.4:3479?transport=udp"]
    assert len(urls(issued(issuer(Health("north.example", "10.1.2.4"), relays=FLEET)))) == 4


def test_what_works_at_the_site_is_first():
    given = urls(issued(issuer(Health("10.1.2.4"), relays=FLEET), first="tls"))

    assert [url.partition(":")[0] + url[-4:] for url in given] == ["turns=tcp", "turn=udp", "turn=tcp"]


def test_the_name_tells_the_governorate_and_the_newer_secret_signs():
    server = issued(issuer()).servers[0]
    assert server.username is not None
    assert server.credential is not None
    read = read_username(server.username)

    assert read.name == "call-7.citizen@badr"
    assert read.governorate == "badr"
    account = RelayCredentials(server.username, server.credential)
    assert verify([NEW, OLD], account, NOW) == read
    assert verify([OLD], account, NOW) is None


@pytest.mark.parametrize(
    ("until", "lasts"),
    [
        (NOW + 600, 600 + 1800),  # to the slot's end, and the margin
        (NOW - 600, 1800),  # received late: from now
        (NOW + 90_000, 7200),  # received a day early: no longer than anything holds
        (None, 7200),
    ],
)
def test_credentials_end_with_the_slot(until: float | None, lasts: int):
    server = issued(issuer(), until=until).servers[0]

    assert server.username is not None
    assert read_username(server.username).expires_at == NOW + lasts


def test_a_relay_is_named_once():
    with pytest.raises(ValidationError, match="named twice"):
        IceConfig(relays=(RelayPlace(host="r"), RelayPlace(host="r", transports=("tls",))))


def test_a_fleet_is_named_in_the_environment(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TAWASUL_ICE__RELAYS", '[{"host": "r", "transports": ["tls", "udp"]}, {"host": "2001:db8::7"}]')

    assert [str(url) for url in Settings.from_environment().ice.fleet_urls()] == [
        "turn:r:3478?transport=udp",
        "turns:r:443?transport=tcp",
        "turn:[2001:db8::7]:3478?transport=udp",
        "turn:[2001:db8::7]:3478?transport=tcp",
    ]
