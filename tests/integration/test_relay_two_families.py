"""One allocation with an IPv4 and an IPv6 address, and kept ports, of a real relay process."""

from __future__ import annotations

import pytest
from support.relay_client import SocketClient, channel_data, error, send_indication, value
from support.relay_process import eventually, is_bound, running_relay, socket_client

from media_relay.stun import attributes as stun
from media_relay.stun.address import IPV4, IPV6, TransportAddress
from media_relay.stun.message import Method, parse

BOTH = stun.ADDITIONAL_ADDRESS_FAMILY(IPV6)
RESERVE = stun.EVEN_PORT(b"\x80")


def both(client: SocketClient) -> list[TransportAddress]:
    """Its relayed addresses, IPv4 first."""
    addresses = client.allocate(BOTH).all(stun.XOR_RELAYED_ADDRESS)
    assert [address.family for address in addresses] == [IPV4, IPV6]
    return addresses


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
async def test_ends_of_either_family_reach_each_other(tmp_path, host):
    """A kiosk with both, who came by either; and one office each that has IPv4 alone, and IPv6 alone."""
    async with running_relay(tmp_path) as relay:
        with socket_client(relay, host=host) as kiosk, socket_client(relay, "office") as office:
            kiosks = both(kiosk)
            for family, here in zip((IPV4, IPV6), kiosks, strict=True):
                there = office.relayed(stun.REQUESTED_ADDRESS_FAMILY(family))
                channel = 0x4000 + family
                assert error(kiosk.bind(channel, there)) is None
                assert error(office.permit(here)) is None
                kiosk.socket.send(channel_data(channel, b"by channel"))
                said = parse(office.receive())
                assert (value(said, stun.XOR_PEER_ADDRESS), value(said, stun.DATA)) == (here, b"by channel")
                office.socket.send(send_indication(here, b"and back"))
                assert kiosk.receive() == channel_data(channel, b"and back")
                assert error(office.refresh(0)) is None


async def test_one_of_two_is_given_back_and_the_other_stays(tmp_path):
    async with running_relay(tmp_path) as relay:
        with socket_client(relay) as kiosk, socket_client(relay, "office") as office:
            here, here6 = both(kiosk)
            there6 = office.relayed(stun.REQUESTED_ADDRESS_FAMILY(IPV6))
            kiosk.bind(0x4000, there6)
            office.permit(here6)
            ended = kiosk.ask(Method.REFRESH, stun.LIFETIME(0), stun.REQUESTED_ADDRESS_FAMILY(IPV4))
            assert error(ended) is None
            await eventually(lambda: not is_bound(here))
            kiosk.socket.send(channel_data(0x4000, b"still here"))
            assert value(parse(office.receive()), stun.DATA) == b"still here"
            assert error(kiosk.refresh(0)) is None
            await eventually(lambda: not is_bound(here6))


async def test_a_kept_port_goes_to_who_has_the_token(tmp_path):
    async with running_relay(tmp_path) as relay:
        with socket_client(relay) as sound, socket_client(relay) as control, socket_client(relay, "other") as thief:
            first = sound.allocate(RESERVE)
            address, token = value(first, stun.XOR_RELAYED_ADDRESS), value(first, stun.RESERVATION_TOKEN)
            kept = address._replace(port=address.port + 1)
            assert address.port % 2 == 0
            assert is_bound(kept)
            assert error(thief.allocate(stun.RESERVATION_TOKEN(token))) == 508
            assert control.relayed(stun.RESERVATION_TOKEN(token)) == kept
            control.refresh(0)
            await eventually(lambda: not is_bound(kept))


async def test_what_must_not_be_fragmented_is_sent(tmp_path):
    async with running_relay(tmp_path) as relay:
        with socket_client(relay) as kiosk, socket_client(relay, "office") as office:
            here, there = kiosk.relayed(stun.DONT_FRAGMENT(b"")), office.relayed()
            kiosk.permit(there)
            office.permit(here)
            kiosk.socket.send(send_indication(there, b"whole", stun.DONT_FRAGMENT(b"")))
            assert value(parse(office.receive()), stun.DATA) == b"whole"
