"""What an allocation can be asked for: Refresh, CreatePermission, ChannelBind and Send, lawful and not."""

from __future__ import annotations

import contextlib

import pytest
from support.relay_client import NoAnswer, TurnClient, error, on_paper, send_indication, value
from support.relay_paper import SERVER, PaperRelay

from media_relay.core.allocation import CHANNEL_LIFETIME, PERMISSION_LIFETIME, SLACK
from media_relay.core.budget import REQUESTS_A_SECOND, UNSIGNED_A_SECOND
from media_relay.core.request import Limits
from media_relay.core.server import LITTLE
from media_relay.stun import attributes as stun
from media_relay.stun.address import IPV4, IPV6, TransportAddress
from media_relay.stun.message import MessageClass, Method, build

KIOSK = TransportAddress("5.5.5.5", 40_000)
OFFICE = TransportAddress("6.6.6.6", 40_000)
PEER = TransportAddress("10.20.0.7", 5_004)
PEER6 = TransportAddress("fd20::7", 5_004)
FORBIDDEN = TransportAddress("127.0.0.1", 22)
CHANNEL = 0x4000


@pytest.fixture
def relay() -> PaperRelay:
    return PaperRelay()


@pytest.fixture
def kiosk(relay: PaperRelay) -> TurnClient:
    return on_paper(relay, KIOSK)


class TestRefresh:
    def test_it_prolongs(self, relay, kiosk):
        kiosk.relayed()
        relay.wait(599)
        assert value(kiosk.refresh(), stun.LIFETIME) == 600
        relay.wait(599)
        assert relay.tables
        relay.wait(1)
        assert not relay.tables
        assert relay.closed[0].cause == "expired"

    def test_without_one(self, kiosk):
        assert error(kiosk.refresh()) == 437

    def test_nothing_ends_it(self, relay, kiosk):
        kiosk.relayed()
        assert value(kiosk.refresh(0), stun.LIFETIME) == 0
        assert relay.closed[0].cause == "released"
        assert relay.agrees()
        assert error(kiosk.send(kiosk.last_request)) is None, "a retransmission is answered alike"
        assert error(kiosk.refresh(0)) == 437
        assert error(kiosk.allocate()) is None, "the address is free again"
        assert error(kiosk.refresh()) is None

    def test_by_another_user(self, relay, kiosk):
        kiosk.relayed()

        assert error(on_paper(relay, KIOSK, "office").refresh(0)) == 441
        assert relay.tables

    def test_of_another_family(self, kiosk):
        kiosk.relayed()

        assert error(kiosk.ask(Method.REFRESH, stun.REQUESTED_ADDRESS_FAMILY(IPV6))) == 443
        assert error(kiosk.ask(Method.REFRESH, stun.REQUESTED_ADDRESS_FAMILY(IPV4))) is None

    def test_the_memory_of_releases_is_bounded(self, relay):
        for number in range(1_200):
            client = on_paper(relay, TransportAddress(f"5.5.{number // 200}.{number % 200 + 1}", 9))
            client.relayed()
            client.refresh(0)
            relay.wait(0.1)

        assert len(relay.server._upkeep._released) <= 1024

    def test_the_clock_forgets_what_was_released(self, relay, kiosk):
        for _ in range(SLACK + 9):
            kiosk.relayed()
            kiosk.refresh(0)
            relay.wait(0.1)

        assert len(relay.server.allocations._due) <= SLACK + 2
        kiosk.relayed()
        relay.wait(600)
        assert not relay.tables, "and still ends what is over"

    def test_who_has_an_allocation_asks_no_faster_than_others_can_bear(self, relay, kiosk):
        kiosk.relayed()
        kiosk.permit(PEER)
        office = on_paper(relay, OFFICE, "office")
        office.relayed()
        asked = 2  # the allocation and the permission
        while asked < REQUESTS_A_SECOND:
            assert error(kiosk.refresh()) is None
            asked += 1
        for _ in range(3):
            with pytest.raises(NoAnswer):
                kiosk.refresh()
        assert relay.server.counters["dropped.too-many-requests"] == 3
        relay.deliver(send_indication(PEER, b"hello"), KIOSK)
        assert len(relay.sent) == 1, "what it has goes on"
        assert error(office.refresh()) is None, "and so does what others have"
        relay.wait(1)
        assert error(kiosk.refresh()) is None

    def test_a_user_asks_no_faster_by_several_allocations_or_one_after_the_other(self, relay, kiosk):
        others = [on_paper(relay, KIOSK._replace(port=port)) for port in (1, 2, 3)]
        for number in range(REQUESTS_A_SECOND // 2):
            client = (kiosk, *others)[number % 4]
            assert error(client.allocate()) is None
            assert error(client.refresh(0)) is None
        for client in (kiosk, *others):
            with pytest.raises(NoAnswer):
                client.allocate()
        assert not relay.tables
        assert error(on_paper(relay, KIOSK, "office").allocate()) is None
        relay.wait(1)
        assert error(others[0].allocate()) is None

    def test_nor_by_what_nobody_need_sign(self, relay, kiosk):
        kiosk.relayed()
        kiosk.permit(PEER)
        judged = 0
        junk = [
            send_indication(TransportAddress("10.20.0.8", 1), b"not permitted" * 99),
            send_indication(PEER, b""),
            build(Method.DATA, MessageClass.INDICATION, bytes(12)),
            build(Method.BINDING, MessageClass.REQUEST, bytes(12)),
            build(0x0FF, MessageClass.REQUEST, bytes(12)),
            b"\0\1",
        ]
        while "dropped.too-many-unsigned" not in relay.server.counters and judged <= UNSIGNED_A_SECOND:
            relay.deliver(junk[judged % len(junk)], KIOSK)
            judged += 1
        assert judged == UNSIGNED_A_SECOND + 1
        assert relay.server.counters["dropped.too-many-unsigned"] == 1
        assert error(kiosk.refresh()) is None, "what it signs goes on"
        relay.wait(1)
        relay.sent.clear()
        for _ in range(2 * UNSIGNED_A_SECOND):
            relay.deliver(send_indication(PEER, bytes(LITTLE)), KIOSK)
        assert len(relay.sent) == 2 * UNSIGNED_A_SECOND, "what carries something is bounded by its bandwidth"

    @pytest.mark.parametrize("signed", [False, True])
    def test_who_forges_a_clients_address_takes_none_of_its_requests(self, relay, kiosk, signed):
        kiosk.relayed()
        forger = on_paper(relay, KIOSK, "forger", secret="another secret, as long")
        forger.realm, forger.nonce = kiosk.realm, "obMatJos2" + "A" * 19
        for _ in range(2 * UNSIGNED_A_SECOND):
            with contextlib.suppress(NoAnswer):
                forger.ask_once(Method.REFRESH) if signed else forger.ask_plainly(Method.REFRESH)

        assert relay.server.counters["dropped.too-many-unsigned"] == UNSIGNED_A_SECOND
        assert error(kiosk.refresh()) is None

    def test_who_has_the_nonce_and_no_password_has_no_more_requests(self, relay, kiosk):
        """It must be the client itself."""
        kiosk.relayed()
        kiosk.credentials = type(kiosk.credentials)(kiosk.credentials.username, "wrong")
        for _ in range(REQUESTS_A_SECOND - 1):
            assert error(kiosk.ask_once(Method.REFRESH)) == 401
        with pytest.raises(NoAnswer):
            kiosk.ask_once(Method.REFRESH)


class TestCreatePermission:
    def test_it_lets_packets_pass_for_five_minutes(self, relay, kiosk):
        kiosk.relayed()
        assert error(kiosk.permit(PEER)) is None
        assert next(iter(relay.tables.values())).permitted == {PEER.host: False}
        relay.wait(PERMISSION_LIFETIME - 1)
        kiosk.permit(PEER)
        relay.wait(PERMISSION_LIFETIME - 1)
        assert next(iter(relay.tables.values())).permitted
        relay.wait(1)
        assert next(iter(relay.tables.values())).permitted == {}
        assert relay.agrees()

    def test_several_at_once_or_none(self, relay, kiosk):
        kiosk.relayed()
        assert error(kiosk.permit(PEER, FORBIDDEN, PEER._replace(host="10.20.0.8"))) == 403
        assert next(iter(relay.tables.values())).permitted == {}
        assert error(kiosk.permit(PEER, PEER._replace(host="10.20.0.8"))) is None
        assert len(next(iter(relay.tables.values())).permitted) == 2

    def test_for_nobody(self, kiosk):
        kiosk.relayed()

        assert error(kiosk.permit()) == 400

    def test_without_an_allocation(self, kiosk):
        assert error(kiosk.permit(PEER)) == 437

    def test_by_another_user(self, relay, kiosk):
        kiosk.relayed()

        assert error(on_paper(relay, KIOSK, "office").permit(PEER)) == 441

    @pytest.mark.parametrize(
        "host", ["127.0.0.1", "::ffff:127.0.0.1", "::1", "64:ff9b::1", "2002:7f00:1::", "0.0.0.0", "192.168.1.1"]
    )
    def test_a_forbidden_peer_does_not_harm_the_allocation(self, relay, kiosk, host):
        kiosk.relayed()

        assert error(kiosk.permit(TransportAddress(host, 1))) == 403
        assert error(kiosk.bind(CHANNEL, TransportAddress(host, 1))) == 403
        assert error(kiosk.permit(PEER)) is None
        assert error(kiosk.refresh()) is None

    def test_another_family(self, relay, kiosk):
        kiosk.relayed()

        assert error(kiosk.permit(PEER6)) == 443
        assert error(kiosk.bind(CHANNEL, PEER6)) == 443

    def test_their_number_is_bounded(self):
        relay = PaperRelay(limits=Limits(permissions_per_allocation=3))
        client = on_paper(relay, KIOSK)
        client.relayed()
        codes = [error(client.permit(TransportAddress(f"10.20.0.{host}", 1))) for host in (1, 2, 3, 3, 4)]

        assert codes == [None, None, None, None, 508]
        assert error(client.bind(CHANNEL, TransportAddress("10.20.0.4", 1))) == 508
        assert error(client.bind(CHANNEL, TransportAddress("10.20.0.3", 1))) is None


class TestChannelBind:
    def test_it_lasts_ten_minutes_and_its_permission_five(self, relay, kiosk):
        kiosk.relayed(stun.LIFETIME(3600))
        assert error(kiosk.bind(CHANNEL, PEER)) is None
        tables = next(iter(relay.tables.values()))
        relay.wait(PERMISSION_LIFETIME)
        assert (tables.permitted, tables.channels) == ({}, {CHANNEL: PEER})
        kiosk.bind(CHANNEL, PEER)
        assert tables.permitted == {PEER.host: False}
        relay.wait(CHANNEL_LIFETIME)
        assert tables.channels == {}
        assert relay.agrees()

    @pytest.mark.parametrize("channel", [0x0000, 0x3FFF, 0x5000, 0x7FFF, 0xFFFF])
    def test_a_number_out_of_range(self, kiosk, channel):
        kiosk.relayed()

        assert error(kiosk.bind(channel, PEER)) == 400

    def test_the_last_number(self, kiosk):
        kiosk.relayed()

        assert error(kiosk.bind(0x4FFF, PEER)) is None

    def test_number_and_peer_belong_together(self, relay, kiosk):
        kiosk.relayed(stun.LIFETIME(3600))
        other = PEER._replace(port=5_006)
        assert error(kiosk.bind(CHANNEL, PEER)) is None
        assert error(kiosk.bind(CHANNEL, PEER)) is None
        assert error(kiosk.bind(CHANNEL, other)) == 400
        assert error(kiosk.bind(CHANNEL + 1, PEER)) == 400
        assert error(kiosk.bind(CHANNEL + 1, other)) is None
        relay.wait(CHANNEL_LIFETIME)
        assert error(kiosk.bind(CHANNEL + 1, PEER)) is None

    @pytest.mark.parametrize(
        "fields", [[], [stun.CHANNEL_NUMBER(CHANNEL)], [stun.XOR_PEER_ADDRESS(PEER)]], ids=["none", "number", "peer"]
    )
    def test_in_part(self, kiosk, fields):
        kiosk.relayed()

        assert error(kiosk.ask(Method.CHANNEL_BIND, *fields)) == 400

    def test_without_an_allocation(self, kiosk):
        assert error(kiosk.bind(CHANNEL, PEER)) == 437

    def test_their_number_is_bounded(self):
        relay = PaperRelay(limits=Limits(channels_per_allocation=2))
        client = on_paper(relay, KIOSK)
        client.relayed()
        codes = [error(client.bind(CHANNEL + n, PEER._replace(port=n + 1))) for n in range(3)]

        assert codes == [None, None, 508]


class TestBothEndsRelayed:
    def test_the_relay_itself_is_a_peer_where_it_relays(self, relay, kiosk):
        office = on_paper(relay, OFFICE, "office")
        kiosk.relayed()
        there = office.relayed()

        assert error(kiosk.permit(there)) is None
        assert next(iter(relay.tables.values())).permitted == {SERVER.host: True}
        assert error(kiosk.bind(CHANNEL, there)) is None

    def test_and_nowhere_else(self, relay, kiosk):
        kiosk.relayed()

        assert error(kiosk.bind(CHANNEL, SERVER)) == 403
        assert error(kiosk.bind(CHANNEL, TransportAddress(SERVER.host, 22))) == 403
        kiosk.permit(TransportAddress(SERVER.host, 22))
        relay.deliver(send_indication(TransportAddress(SERVER.host, 22), b"ssh?"), KIOSK)
        relay.deliver(send_indication(SERVER, b"stun?"), KIOSK)
        assert relay.sent == []

    def test_only_as_long_as_it_is_in_use(self, relay, kiosk):
        office = on_paper(relay, OFFICE, "office")
        kiosk.relayed()
        there = office.relayed()
        kiosk.permit(there)
        relay.deliver(send_indication(there, b"one"), KIOSK)
        office.refresh(0)
        relay.deliver(send_indication(there, b"two"), KIOSK)

        assert [sent.data for sent in relay.sent] == [b"one"]
        assert error(kiosk.bind(CHANNEL, there)) == 403

    @pytest.mark.parametrize(("allow_loopback", "code"), [(True, None), (False, 403)])
    def test_on_loopback_in_the_demonstration_alone(self, allow_loopback, code):
        local = TransportAddress("127.0.0.1", 3478)
        relay = PaperRelay(hosts=("127.0.0.1",), allow_loopback=allow_loopback)
        kiosk = on_paper(relay, TransportAddress("127.0.0.1", 40_000), local=local)
        office = on_paper(relay, TransportAddress("127.0.0.1", 40_001), "office", local=local)
        kiosk.relayed()
        there = office.relayed()

        assert error(kiosk.permit(there)) == code
        assert error(kiosk.bind(CHANNEL, there)) == code
        assert error(kiosk.bind(CHANNEL + 1, TransportAddress("127.0.0.1", 22))) == 403


class TestSend:
    def test_it_goes_to_a_permitted_peer(self, relay, kiosk):
        kiosk.relayed()
        kiosk.permit(PEER)
        relay.deliver(send_indication(PEER._replace(port=9), b"hello"), KIOSK)

        assert [(sent.peer.port, sent.data) for sent in relay.sent] == [(9, b"hello")]

    @pytest.mark.parametrize("peer", [PEER._replace(host="10.20.0.8"), FORBIDDEN, PEER6])
    def test_to_nobody_else(self, relay, kiosk, peer):
        kiosk.relayed()
        kiosk.permit(PEER)
        relay.deliver(send_indication(peer, b"hello"), KIOSK)

        assert relay.sent == []
        assert relay.server.counters["dropped.send-no-permission"] == 1

    def test_not_without_an_allocation(self, relay):
        relay.deliver(send_indication(PEER, b"hello"), KIOSK)

        assert relay.server.counters["dropped.send-no-allocation"] == 1

    def test_not_with_what_is_not_understood(self, relay, kiosk):
        kiosk.relayed()
        kiosk.permit(PEER)
        relay.deliver(send_indication(PEER, b"hello", stun.PRIORITY(1)), KIOSK)

        assert relay.sent == []

    def test_not_after_the_permission(self, relay, kiosk):
        kiosk.relayed()
        kiosk.permit(PEER)
        relay.wait(PERMISSION_LIFETIME)
        relay.deliver(send_indication(PEER, b"hello"), KIOSK)

        assert relay.sent == []


def test_counters_have_bounded_names(relay, kiosk):
    kiosk.relayed()
    kiosk.permit(FORBIDDEN)
    for _ in range(3):
        relay.deliver(b"rubbish, and no STUN message", OFFICE)

    assert dict(relay.server.counters) == {
        "answered.allocate": 1,
        "refused.401": 1,
        "refused.403": 1,
        "dropped.malformed": 3,
    }
