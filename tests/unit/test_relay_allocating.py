"""Allocations beyond the plain one: two families, kept ports, unfragmented sending, streams, shares, and draining."""

from __future__ import annotations

import pytest
from support.relay_client import TurnClient, error, on_paper, send_indication, value
from support.relay_paper import SERVER, SERVER6, PaperRelay

from media_relay.core.allocating import IDLE, UDP
from media_relay.core.effects import Abilities, FiveTuple, Transport
from media_relay.core.request import Limits
from media_relay.core.reservation import RESERVATION_LIFETIME
from media_relay.stun import attributes as stun
from media_relay.stun.address import IPV4, IPV6, TransportAddress
from media_relay.stun.message import Message, Method

KIOSK = TransportAddress("5.5.5.5", 40_000)
OFFICE = TransportAddress("6.6.6.6", 40_000)
KIOSK6 = TransportAddress("2a00::5", 40_000)
PEER = TransportAddress("10.20.0.7", 5_004)
PEER6 = TransportAddress("fd20::7", 5_004)
BOTH = stun.ADDITIONAL_ADDRESS_FAMILY(IPV6)
RESERVE = stun.EVEN_PORT(b"\x80")
NOTHING = Abilities()


@pytest.fixture
def relay() -> PaperRelay:
    return PaperRelay()


@pytest.fixture
def kiosk(relay: PaperRelay) -> TurnClient:
    return on_paper(relay, KIOSK)


def families(answer: Message) -> list[int]:
    """Of the relayed addresses in an answer."""
    return [address.family for address in answer.all(stun.XOR_RELAYED_ADDRESS)]


def lacking(answer: Message) -> tuple[int, int] | None:
    """The family that an answer says there is no address of, and why."""
    found = answer.get(stun.ADDRESS_ERROR_CODE)
    return None if found is None else (found.family, found.error.number)


class TestTwoFamilies:
    def test_one_allocation_has_both(self, relay, kiosk):
        answer = kiosk.allocate(BOTH)

        assert families(answer) == [IPV4, IPV6]
        assert lacking(answer) is None
        assert len(relay.tables) == 1
        assert error(kiosk.permit(PEER, PEER6)) is None
        assert error(kiosk.bind(0x4000, PEER)) is None
        assert error(kiosk.bind(0x4001, PEER6)) is None
        assert relay.agrees()

    def test_a_retransmission_is_answered_alike(self, relay, kiosk):
        first = kiosk.allocate(BOTH)

        assert kiosk.send(kiosk.last_request) == first
        assert relay.agrees()

    @pytest.mark.parametrize("gone", [SERVER.host, SERVER6.host])
    def test_with_one_exhausted_there_is_the_other_and_the_reason(self, relay, kiosk, gone):
        relay.exhausted_hosts = {gone}
        answer = kiosk.allocate(BOTH)
        missing = IPV6 if gone == SERVER6.host else IPV4

        assert families(answer) == [IPV4 if missing == IPV6 else IPV6]
        assert lacking(answer) == (missing, 508)
        assert relay.agrees()

    def test_with_both_exhausted_there_is_none(self, relay, kiosk):
        relay.ports_left = False

        assert error(kiosk.allocate(BOTH)) == 508
        assert not relay.tables

    @pytest.mark.parametrize(
        ("hosts", "abilities", "given", "missing"),
        [
            ((SERVER.host,), None, IPV4, IPV6),
            ((SERVER6.host,), None, IPV6, IPV4),
            ((SERVER.host, SERVER6.host), NOTHING, IPV4, IPV6),
        ],
    )
    def test_where_there_is_but_one(self, hosts, abilities, given, missing):
        relay = PaperRelay(hosts=hosts, **({} if abilities is None else {"abilities": abilities}))
        local = SERVER if SERVER.host in hosts else SERVER6
        answer = on_paper(relay, KIOSK if local is SERVER else KIOSK6, local=local).allocate(BOTH)

        assert families(answer) == [given]
        assert lacking(answer) == (missing, 440)

    @pytest.mark.parametrize(
        "fields",
        [
            [stun.ADDITIONAL_ADDRESS_FAMILY(IPV4)],
            [stun.ADDITIONAL_ADDRESS_FAMILY(3)],
            [BOTH, stun.REQUESTED_ADDRESS_FAMILY(IPV4)],
            [BOTH, RESERVE],
            [stun.RESERVATION_TOKEN(bytes(8)), BOTH],
            [stun.RESERVATION_TOKEN(bytes(8)), stun.REQUESTED_ADDRESS_FAMILY(IPV4)],
            [stun.RESERVATION_TOKEN(bytes(8)), stun.EVEN_PORT(b"\0")],
        ],
    )
    def test_what_contradicts_itself(self, relay, kiosk, fields):
        assert error(kiosk.allocate(*fields)) == 400
        assert not relay.tables

    def test_one_of_the_two_is_ended(self, relay, kiosk):
        kiosk.allocate(BOTH)
        kiosk.permit(PEER, PEER6)
        kiosk.bind(0x4000, PEER)
        kiosk.bind(0x4001, PEER6)
        ending = (stun.LIFETIME(0), stun.REQUESTED_ADDRESS_FAMILY(IPV6))
        first = kiosk.ask(Method.REFRESH, *ending)

        assert value(first, stun.LIFETIME) == 0
        assert kiosk.send(kiosk.last_request) == first, "a retransmission is answered alike"
        (tables,) = relay.tables.values()
        assert {address.family for address in tables.relayed} == {IPV4}
        assert (tables.permitted, tables.channels) == ({PEER.host: False}, {0x4000: PEER})
        assert relay.agrees()
        assert error(kiosk.permit(PEER6)) == 443
        assert error(kiosk.ask(Method.REFRESH, *ending)) == 443
        assert error(kiosk.refresh(0)) is None
        assert not relay.tables

    def test_each_has_an_end_of_its_own(self, relay, kiosk):
        kiosk.allocate(BOTH)
        kiosk.ask(Method.REFRESH, stun.LIFETIME(1200), stun.REQUESTED_ADDRESS_FAMILY(IPV6))
        relay.wait(600)
        (tables,) = relay.tables.values()
        assert {address.family for address in tables.relayed} == {IPV6}
        assert relay.agrees()
        relay.wait(600)
        assert not relay.tables
        assert [closed.cause for closed in relay.closed] == ["expired"]

    def test_what_is_ended_is_no_peer_any_more(self, relay, kiosk):
        office = on_paper(relay, OFFICE, "office")
        kiosk.allocate(BOTH)
        there = office.allocate(BOTH).all(stun.XOR_RELAYED_ADDRESS)[1]
        assert error(kiosk.bind(0x4000, there)) is None
        office.ask(Method.REFRESH, stun.LIFETIME(0), stun.REQUESTED_ADDRESS_FAMILY(IPV6))
        assert error(kiosk.bind(0x4000, there)) == 403


class TestKeptPorts:
    def test_the_port_after_an_even_one_is_kept_and_given(self, relay, kiosk):
        answer = kiosk.allocate(RESERVE)
        first = value(answer, stun.XOR_RELAYED_ADDRESS)
        token = stun.RESERVATION_TOKEN(value(answer, stun.RESERVATION_TOKEN))
        rtcp = on_paper(relay, KIOSK._replace(port=40_001))

        assert first.port % 2 == 0
        assert relay.reserved == {first._replace(port=first.port + 1)}
        assert rtcp.relayed(token) == first._replace(port=first.port + 1)
        assert not relay.reserved
        assert relay.agrees()
        assert error(on_paper(relay, KIOSK._replace(port=40_002)).allocate(token)) == 508, "once"

    def test_a_retransmission_keeps_no_second_one(self, relay, kiosk):
        first = kiosk.allocate(RESERVE)

        assert kiosk.send(kiosk.last_request) == first
        assert len(relay.reserved) == 1

    def test_a_late_copy_after_the_end_does_no_harm(self, relay, kiosk):
        kiosk.allocate(RESERVE)
        copy = kiosk.last_request
        kiosk.refresh(0)

        assert error(kiosk.send(copy)) is None
        assert len(relay.reserved) == 2
        assert relay.agrees()

    def test_it_is_kept_for_half_a_minute(self, relay, kiosk):
        token = stun.RESERVATION_TOKEN(value(kiosk.allocate(RESERVE), stun.RESERVATION_TOKEN))
        relay.wait(RESERVATION_LIFETIME)

        assert not relay.reserved
        assert error(on_paper(relay, OFFICE).allocate(token)) == 508
        assert relay.agrees()

    def test_it_is_nobody_elses(self, relay, kiosk):
        token = stun.RESERVATION_TOKEN(value(kiosk.allocate(RESERVE), stun.RESERVATION_TOKEN))

        assert error(on_paper(relay, OFFICE, "office").allocate(token)) == 508
        assert len(relay.reserved) == 1

    def test_it_counts_in_the_users_share(self):
        relay = PaperRelay(limits=Limits(allocations_per_user=3))
        clients = [on_paper(relay, KIOSK._replace(port=port), lasting=900) for port in (1, 2, 3)]
        answer = clients[0].allocate(RESERVE)

        assert error(clients[1].allocate(RESERVE)) == 486
        assert error(clients[1].allocate()) is None
        assert error(clients[2].allocate()) == 486
        token = stun.RESERVATION_TOKEN(value(answer, stun.RESERVATION_TOKEN))
        assert error(clients[2].allocate(token)) is None
        assert relay.agrees()

    def test_made_and_released_without_end_it_is_bounded(self):
        relay = PaperRelay(limits=Limits(allocations_per_user=4))
        client = on_paper(relay, KIOSK)
        codes = []
        for _ in range(20):
            codes.append(error(client.allocate(RESERVE)))
            client.refresh(0)

        assert codes.count(None) == 3
        assert len(relay.reserved) == 3

    def test_not_over_a_data_plane_that_cannot(self):
        relay = PaperRelay(abilities=NOTHING)
        client = on_paper(relay, KIOSK)

        assert error(client.allocate(RESERVE)) == 508
        assert not relay.tables
        assert client.relayed(stun.EVEN_PORT(b"\0")).port % 2 == 0

    def test_no_two_ports_left(self, relay, kiosk):
        relay.ports_left = False

        assert error(kiosk.allocate(RESERVE)) == 508
        assert relay.agrees()


class TestUnfragmented:
    def test_it_is_sent_so(self, relay, kiosk):
        kiosk.relayed(stun.DONT_FRAGMENT(b""))
        kiosk.permit(PEER)
        relay.deliver(send_indication(PEER, b"whole", stun.DONT_FRAGMENT(b"")), KIOSK)
        relay.deliver(send_indication(PEER, b"as it may be"), KIOSK)

        assert [sent.dont_fragment for sent in relay.sent] == [True, False]

    def test_where_it_cannot_be_it_is_not_understood(self):
        relay = PaperRelay(abilities=NOTHING)
        client = on_paper(relay, KIOSK)
        answer = client.allocate(stun.DONT_FRAGMENT(b""))
        assert error(answer) == 420
        assert value(answer, stun.UNKNOWN_ATTRIBUTES) == (stun.DONT_FRAGMENT.number,)
        client.relayed()
        client.permit(PEER)
        relay.deliver(send_indication(PEER, b"whole", stun.DONT_FRAGMENT(b"")), KIOSK)
        assert relay.sent == []


class TestStreams:
    def test_the_same_addresses_are_another_client_over_tcp(self, relay):
        clients = [on_paper(relay, KIOSK, transport=transport) for transport in Transport]

        assert len({client.relayed() for client in clients}) == 3
        assert relay.tables.keys() == {FiveTuple(KIOSK, SERVER, transport) for transport in Transport}
        assert error(clients[1].refresh(0)) is None
        assert relay.tables.keys() == {FiveTuple(KIOSK, SERVER), FiveTuple(KIOSK, SERVER, Transport.TLS)}

    def test_its_allocation_ends_with_it(self, relay):
        client = on_paper(relay, KIOSK, transport=Transport.TCP)
        client.relayed()
        relay.disconnect(FiveTuple(KIOSK, SERVER, Transport.TCP))

        assert [closed.cause for closed in relay.closed] == ["disconnected"]
        assert relay.agrees()
        relay.disconnect(FiveTuple(KIOSK, SERVER, Transport.TCP))
        assert error(client.refresh()) == 437

    def test_to_peers_it_is_udp_whatever_it_is_to_the_client(self, relay):
        client = on_paper(relay, KIOSK, transport=Transport.TCP)

        assert error(client.ask(Method.ALLOCATE, stun.REQUESTED_TRANSPORT(6))) == 442
        assert error(client.ask(Method.ALLOCATE, stun.REQUESTED_TRANSPORT(UDP))) is None


class TestShares:
    def test_a_governorate_has_one_that_others_do_not_feel(self):
        relay = PaperRelay(limits=Limits(allocations_per_governorate=2))
        clients = [
            on_paper(relay, KIOSK._replace(port=port), f"call{port}.citizen@{governorate}")
            for port, governorate in enumerate(["badr", "badr", "badr", "yanbu"], 1)
        ]

        assert [error(client.allocate()) for client in clients] == [None, None, 486, None]
        clients[0].refresh(0)
        assert error(clients[2].allocate()) is None

    def test_who_names_none_has_none(self):
        relay = PaperRelay(limits=Limits(allocations_per_governorate=1))

        assert [error(on_paper(relay, KIOSK._replace(port=p), f"u{p}").allocate()) for p in (1, 2)] == [None, None]

    @pytest.mark.parametrize(
        ("one", "other", "alike"),
        [("5.5.5.5", "5.5.5.5", True), ("5.5.5.5", "5.5.5.6", False), ("2a00::1", "2a00::2", True),
         ("2a00::1", "2a00:0:0:1::1", False)],
    )  # fmt: skip
    def test_a_source_has_one(self, one, other, alike):
        relay = PaperRelay(limits=Limits(allocations_per_source=1))
        on_paper(relay, TransportAddress(one, 1), "one").relayed()

        assert error(on_paper(relay, TransportAddress(other, 2), "other").allocate()) == (486 if alike else None)

    def test_who_is_refused_for_one_share_has_displaced_nobody_for_another(self):
        relay = PaperRelay(limits=Limits(allocations_per_user=1, allocations_per_source=1))
        on_paper(relay, KIOSK, "kiosk").relayed()
        on_paper(relay, OFFICE, "office").relayed()
        relay.wait(IDLE)

        assert error(on_paper(relay, OFFICE._replace(port=2), "kiosk").allocate()) == 486
        assert not relay.closed
        assert relay.agrees()
        assert error(on_paper(relay, OFFICE._replace(port=2), "office").allocate()) is None, "in place of its own"
        assert [closed.cause for closed in relay.closed] == ["displaced"]

    def test_a_full_relay_lets_a_user_replace_their_own(self):
        relay = PaperRelay(limits=Limits(allocations_per_user=1, allocations_in_all=1))
        on_paper(relay, KIOSK).relayed()
        relay.wait(IDLE)

        assert error(on_paper(relay, KIOSK._replace(port=2)).allocate()) is None
        assert error(on_paper(relay, OFFICE, "office").allocate()) == 508


class TestDraining:
    ALTERNATES = (TransportAddress("203.0.113.9", 3478), TransportAddress("2001:db8::9", 3478))

    @pytest.mark.parametrize(("source", "alternate"), [(KIOSK, 0), (KIOSK6, 1)])
    def test_new_clients_are_sent_to_another_relay_of_their_family(self, relay, source, alternate):
        relay.server.drain(self.ALTERNATES)
        client = on_paper(relay, source, local=SERVER if alternate == 0 else SERVER6)
        answer = client.allocate()

        assert error(answer) == 300
        assert value(answer, stun.ALTERNATE_SERVER) == self.ALTERNATES[alternate]
        assert answer.protection.verify(client.key), "nobody between can send a client elsewhere"
        assert not relay.tables

    def test_strangers_are_told_nothing(self, relay, kiosk):
        relay.server.drain(self.ALTERNATES)

        assert error(kiosk.ask_plainly(Method.ALLOCATE, stun.REQUESTED_TRANSPORT(UDP))) == 401

    def test_what_is_there_goes_on(self, relay, kiosk):
        first = kiosk.allocate()
        made = kiosk.last_request
        relay.server.drain(self.ALTERNATES)

        assert kiosk.send(made) == first, "a retransmission is answered alike"
        assert error(kiosk.permit(PEER)) is None
        assert error(kiosk.refresh()) is None
        assert error(kiosk.refresh(0)) is None
        assert error(kiosk.allocate()) == 300

    def test_with_none_of_the_family_there_is_no_capacity(self, relay, kiosk):
        relay.server.drain(self.ALTERNATES[1:])

        assert error(kiosk.allocate()) == 508

    def test_many_are_spread_and_each_is_always_sent_to_the_same(self):
        relay = PaperRelay()
        relay.server.drain(TransportAddress(f"203.0.113.{n}", 3478) for n in (9, 10, 11))
        clients = [on_paper(relay, TransportAddress(f"5.5.5.{n}", 1)) for n in range(1, 40)]
        sent = [value(client.allocate(), stun.ALTERNATE_SERVER) for client in clients]

        assert len(set(sent)) == 3
        assert [value(client.allocate(), stun.ALTERNATE_SERVER) for client in clients] == sent


def test_a_late_copy_of_the_end_does_not_end_what_came_after(relay, kiosk):
    kiosk.relayed()
    ended = kiosk.refresh(0)
    copy = kiosk.last_request
    kiosk.relayed()

    assert kiosk.send(copy) == ended
    assert len(relay.tables) == 1
    assert error(kiosk.refresh(0)) is None
    assert not relay.tables
