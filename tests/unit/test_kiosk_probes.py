"""Which STUN servers a kiosk asks: for one that does not answer, five seconds of an attempt would be lost."""

from __future__ import annotations

import ssl

import pytest

from kiosk_client.relay_race import Account
from kiosk_client.relays import FoundRelay, probes
from tawasul.protocol.ice import IceConfiguration, IceServer
from tawasul.protocol.relay_url import RelayUrl

FIRST, SECOND = RelayUrl("north", 3478, "udp"), RelayUrl("10.1.2.4", 3479, "udp")
SIXTH = RelayUrl("2001:db8::7", 3478, "udp")
BY_TCP = RelayUrl("10.1.2.4", 3479, "tcp")


def asked(relay: RelayUrl | None, *silent: RelayUrl, named: str | None = "stun:north:3478") -> list[str]:
    """What is asked where the server names that STUN server."""
    ice = IceConfiguration(servers=(IceServer(urls=(named,)),) if named else ())
    found = None if relay is None else FoundRelay(relay, Account("", ""), ssl.create_default_context())
    return [url for server in probes(ice, found, silent) for url in server.urls]


@pytest.mark.parametrize(
    ("relay", "silent", "expected"),
    [
        (FIRST, (), ["stun:north:3478"]),
        (SECOND, (FIRST,), ["stun:10.1.2.4:3479"]),  # the first is dead; the one that was found is not
        (BY_TCP, (), []),  # UDP does not get through
        (SIXTH, (), []),  # aioice asks by IPv4 alone
        (None, (), ["stun:north:3478"]),  # nobody has looked
        (None, (FIRST, BY_TCP), []),
        (None, (BY_TCP,), ["stun:north:3478"]),  # it refused, and so it answers
    ],
)
def test_it_asks_who_answers(relay: RelayUrl | None, silent: tuple[RelayUrl, ...], expected: list[str]):
    assert asked(relay, *silent) == expected


def test_it_asks_nobody_where_the_server_names_nobody():
    assert asked(FIRST, named=None) == []
    assert asked(None, named=None) == []
    assert asked(None, named="stun:[2001:db8::7]:3478") == []
