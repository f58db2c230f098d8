"""The relay's core: each method's lawful use and each of its errors, quotas, time, and what it does for strangers."""

from __future__ import annotations

import os

import pytest
from support.relay_client import NoAnswer, TurnClient, channel_data, error, on_paper, value
from support.relay_paper import REALM, SECRET, SERVER, SERVER6, PaperRelay

from media_relay.core.allocating import IDLE, UDP
from media_relay.core.request import Limits
from media_relay.stun import attributes as stun
from media_relay.stun.address import IPV4, IPV6, TransportAddress
from media_relay.stun.integrity import userhash
from media_relay.stun.message import MessageClass, Method, build, parse

KIOSK = TransportAddress("5.5.5.5", 40_000)
OFFICE = TransportAddress("6.6.6.6", 40_000)
KIOSK6 = TransportAddress("2a00::5", 40_000)
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


def request(method: int, *fields: stun.Field) -> bytes:
    return build(method, MessageClass.REQUEST, os.urandom(12), fields)


class TestBinding:
    def test_it_tells_the_address_it_sees(self, relay, kiosk):
        answer = kiosk.ask_plainly(Method.BINDING)

        assert value(answer, stun.XOR_MAPPED_ADDRESS) == KIOSK
        assert not relay.tables

    def test_an_ipv6_client_too(self, relay):
        client = on_paper(relay, KIOSK6, local=SERVER6)

        assert value(client.ask_plainly(Method.BINDING), stun.XOR_MAPPED_ADDRESS) == KIOSK6

    def test_a_fingerprint_is_answered_by_one(self, kiosk):
        with_one = build(Method.BINDING, MessageClass.REQUEST, bytes(12), fingerprint=True)

        assert kiosk.send(with_one).has_fingerprint
        assert not kiosk.ask_plainly(Method.BINDING).has_fingerprint

    def test_what_must_be_understood_and_is_not_is_named(self, kiosk):
        answer = kiosk.ask_plainly(Method.BINDING, stun.PRIORITY(1), stun.USE_CANDIDATE(b""), stun.PRIORITY(2))

        assert error(answer) == 420
        assert value(answer, stun.UNKNOWN_ATTRIBUTES) == (0x0024, 0x0025)

    def test_what_need_not_be_understood_is_passed_over(self, kiosk):
        assert error(kiosk.ask_plainly(Method.BINDING, stun.ICE_CONTROLLED(1), stun.SOFTWARE("x"))) is None


class TestWhoIsAsking:
    @pytest.mark.parametrize("method", [Method.ALLOCATE, Method.REFRESH, Method.CREATE_PERMISSION, Method.CHANNEL_BIND])
    def test_everybody_is_asked_for_credentials(self, relay, kiosk, method):
        answer = kiosk.ask_plainly(method)

        assert error(answer) == 401
        assert value(answer, stun.REALM) == REALM
        assert value(answer, stun.NONCE)
        assert not answer.protection.signed
        assert not relay.tables

    def test_a_wrong_password(self, relay):
        intruder = on_paper(relay, KIOSK, secret="another secret, as long")

        assert error(intruder.allocate()) == 401
        assert not relay.tables

    def test_a_username_that_is_none(self, relay, kiosk):
        kiosk.allocate()
        kiosk.credentials = type(kiosk.credentials)("root", kiosk.credentials.password)

        assert error(kiosk.refresh()) == 401

    def test_another_realm(self, kiosk):
        kiosk.ask_plainly(Method.ALLOCATE)
        kiosk.realm, kiosk.nonce = "elsewhere", value(kiosk.ask_plainly(Method.ALLOCATE), stun.NONCE)

        assert error(kiosk.ask_once(Method.ALLOCATE, stun.REQUESTED_TRANSPORT(UDP))) == 401

    @pytest.mark.parametrize("missing", [stun.USERNAME, stun.REALM, stun.NONCE])
    def test_credentials_in_part(self, kiosk, missing):
        kiosk.relayed()
        fields = [stun.USERNAME(kiosk.credentials.username), stun.REALM(REALM), stun.NONCE(kiosk.nonce)]
        given = [field for field in fields if field.attribute is not missing]
        datagram = build(Method.REFRESH, MessageClass.REQUEST, bytes(12), given, key=kiosk.key)

        assert error(kiosk.send(datagram)) == 400

    def test_a_hashed_username_is_of_nobody(self, kiosk):
        kiosk.relayed()
        hashed = stun.USERHASH(userhash(kiosk.credentials.username, REALM))
        fields = [hashed, stun.REALM(REALM), stun.NONCE(kiosk.nonce)]
        datagram = build(Method.REFRESH, MessageClass.REQUEST, bytes(12), fields, key=kiosk.key)

        assert error(kiosk.send(datagram)) == 401

    def test_a_password_algorithm_that_was_never_offered(self, kiosk):
        kiosk.relayed()

        assert error(kiosk.ask_once(Method.REFRESH, stun.PASSWORD_ALGORITHM(stun.SHA256))) == 400

    def test_the_stronger_integrity_is_answered_by_it(self, relay):
        client = on_paper(relay, KIOSK, sha256=True)
        answer = client.allocate()

        assert error(answer) is None
        assert answer.protection.sha256_at is not None
        assert answer.protection.verify(client.key)

    def test_a_nonce_is_for_one_address(self, relay, kiosk):
        kiosk.relayed()
        thief = on_paper(relay, OFFICE)
        thief.realm, thief.nonce = kiosk.realm, kiosk.nonce
        answer = thief.ask_once(Method.ALLOCATE, stun.REQUESTED_TRANSPORT(UDP))

        assert error(answer) == 438
        assert value(answer, stun.NONCE) != kiosk.nonce

    def test_a_nonce_grows_stale(self, relay, kiosk):
        kiosk.relayed()
        relay.wait(500)
        kiosk.refresh(3600)
        before = kiosk.nonce
        relay.wait(3100)
        assert error(kiosk.ask_once(Method.REFRESH)) == 438
        kiosk.credentials = on_paper(relay, KIOSK).credentials
        assert error(kiosk.refresh()) == 441
        assert kiosk.nonce != before

    @pytest.mark.parametrize("nonce", ["", "x", "é", "AAAA", "A" * 22, "!" * 22, "A" * 700])
    def test_a_nonce_that_is_none_of_ours(self, kiosk, nonce):
        kiosk.relayed()
        kiosk.nonce = nonce

        assert error(kiosk.ask_once(Method.REFRESH)) == 438

    def test_a_nonce_of_another_relay_of_the_fleet(self, relay, kiosk):
        other = PaperRelay()
        kiosk.relayed()
        there = on_paper(other, KIOSK)
        there.realm, there.nonce = kiosk.realm, kiosk.nonce

        assert error(there.ask_once(Method.ALLOCATE, stun.REQUESTED_TRANSPORT(UDP))) is None

    def test_two_secrets_while_they_are_changed(self):
        relay = PaperRelay(secrets=("the secret of this month", SECRET))

        assert error(on_paper(relay, KIOSK).allocate()) is None
        assert error(on_paper(relay, OFFICE, secret="the secret of this month").allocate()) is None

    def test_expired_credentials_let_nobody_in(self, relay):
        late = on_paper(relay, KIOSK, lasting=10)
        relay.wait(10)

        assert error(late.allocate()) == 401

    def test_a_call_that_overruns_its_slot_is_not_cut_for_an_hour(self, relay):
        client = on_paper(relay, KIOSK, lasting=900)
        client.relayed(stun.LIFETIME(3600))
        relay.wait(3000)
        assert error(client.permit(PEER)) is None
        assert error(client.refresh(3600)) is None
        relay.wait(900 + 3600 - 3000)
        assert error(client.refresh(3600)) == 401

    def test_before_that_nothing_is_kept(self, relay):
        for port in range(1_000):
            relay.deliver(request(Method.ALLOCATE), TransportAddress("9.9.9.9", port + 1))

        assert relay.agrees()
        assert not relay.tables
        assert relay.server.deadline is None

    @pytest.mark.parametrize("method", [Method.BINDING, Method.ALLOCATE, Method.REFRESH])
    def test_an_answer_to_a_forged_source_is_hardly_larger_than_the_question(self, kiosk, method):
        fields = [stun.REQUESTED_TRANSPORT(UDP)] if method is Method.ALLOCATE else []
        question = request(method, *fields)

        assert len(kiosk.exchange(question)) <= 4 * len(question)

    def test_a_source_has_a_budget_and_others_have_theirs(self):
        relay = PaperRelay(answers=5)
        client = on_paper(relay, KIOSK)
        answered = sum(bool(relay.deliver(request(Method.BINDING), KIOSK)) for _ in range(50))
        assert answered == 5
        with pytest.raises(NoAnswer):
            client.ask_plainly(Method.ALLOCATE)
        assert error(on_paper(relay, OFFICE).ask_plainly(Method.BINDING)) is None
        relay.wait(1)
        assert error(client.allocate()) is None

    def test_an_ipv6_subscriber_has_one_budget(self):
        relay = PaperRelay(answers=5)
        sources = [TransportAddress(f"2a00:1:2:3::{host:x}", 1) for host in range(1, 50)]

        assert sum(bool(relay.deliver(request(Method.BINDING), s, SERVER6)) for s in sources) == 5

    def test_a_flood_leaves_those_who_have_an_allocation_alone(self):
        relay = PaperRelay(datagrams=100)
        client = on_paper(relay, KIOSK)
        client.relayed()
        for number in range(1_000):
            relay.deliver(request(Method.BINDING), TransportAddress(f"7.7.{number // 250}.{number % 250}", 1))

        assert error(client.refresh()) is None
        assert relay.server.counters["dropped.over-budget"] > 800
        with pytest.raises(NoAnswer):
            on_paper(relay, OFFICE).ask_plainly(Method.BINDING)


class TestAllocate:
    def test_it_gives_a_relayed_address(self, relay, kiosk):
        answer = kiosk.allocate()

        assert value(answer, stun.XOR_RELAYED_ADDRESS).host == SERVER.host
        assert value(answer, stun.XOR_MAPPED_ADDRESS) == KIOSK
        assert value(answer, stun.LIFETIME) == 600
        assert relay.agrees()
        assert len(relay.tables) == 1

    @pytest.mark.parametrize(("asked", "given"), [(None, 600), (0, 600), (1, 600), (900, 900), (999_999, 3600)])
    def test_the_lifetime_has_bounds(self, kiosk, asked, given):
        fields = [] if asked is None else [stun.LIFETIME(asked)]

        assert value(kiosk.allocate(*fields), stun.LIFETIME) == given

    def test_a_retransmission_is_answered_alike(self, relay, kiosk):
        first = kiosk.allocate()
        relay.wait(3)
        again = kiosk.send(kiosk.last_request)

        assert again == first
        assert len(relay.tables) == 1

    def test_a_second_one_from_the_same_address(self, kiosk):
        kiosk.relayed()

        assert error(kiosk.allocate()) == 437

    def test_a_retransmission_signed_by_another_is_not(self, relay, kiosk):
        kiosk.relayed()
        transaction = parse(kiosk.last_request).transaction_id
        other = on_paper(relay, KIOSK, "other")
        other.realm, other.nonce = kiosk.realm, kiosk.nonce
        fields = [stun.REQUESTED_TRANSPORT(UDP), stun.USERNAME(other.credentials.username), stun.REALM(other.realm)]
        forged = build(
            Method.ALLOCATE, MessageClass.REQUEST, transaction, [*fields, stun.NONCE(other.nonce)], key=other.key
        )

        assert error(other.send(forged)) == 437

    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ([], 400),
            ([stun.REQUESTED_TRANSPORT(6)], 442),
            ([stun.REQUESTED_TRANSPORT(UDP), stun.REQUESTED_ADDRESS_FAMILY(3)], 440),
            ([stun.REQUESTED_TRANSPORT(UDP), stun.RESERVATION_TOKEN(bytes(8))], 508),
            ([stun.Field(stun.DATA, b""), stun.REQUESTED_TRANSPORT(UDP), stun.PRIORITY(1)], 420),
        ],
    )
    def test_what_it_cannot_give(self, relay, kiosk, fields, code):
        assert error(kiosk.ask(Method.ALLOCATE, *fields)) == code
        assert not relay.tables

    def test_a_malformed_lifetime(self, relay, kiosk):
        odd = stun.Attribute(stun.LIFETIME.number, "odd", stun.DATA.form, "")

        assert error(kiosk.allocate(odd(b"123"))) == 400
        assert not relay.tables

    def test_an_even_port(self, relay, kiosk):
        on_paper(relay, OFFICE).relayed()

        assert kiosk.relayed(stun.EVEN_PORT(b"\0")).port % 2 == 0

    @pytest.mark.parametrize(
        ("source", "local", "family", "host"),
        [
            (KIOSK, SERVER, None, SERVER.host),
            (KIOSK, SERVER, IPV4, SERVER.host),
            (KIOSK, SERVER, IPV6, SERVER6.host),
            (KIOSK6, SERVER6, None, SERVER.host),
            (KIOSK6, SERVER6, IPV4, SERVER.host),
            (KIOSK6, SERVER6, IPV6, SERVER6.host),
        ],
    )
    def test_the_family_asked_for(self, relay, source, local, family, host):
        client = on_paper(relay, source, local=local)
        fields = [] if family is None else [stun.REQUESTED_ADDRESS_FAMILY(family)]

        assert client.relayed(*fields).host == host

    def test_a_relay_of_one_family(self):
        four, six = PaperRelay(hosts=(SERVER.host,)), PaperRelay(hosts=(SERVER6.host,))

        assert error(on_paper(four, KIOSK).allocate(stun.REQUESTED_ADDRESS_FAMILY(IPV6))) == 440
        client = on_paper(six, KIOSK6, local=SERVER6)
        assert error(client.allocate(stun.REQUESTED_ADDRESS_FAMILY(IPV4))) == 440
        assert client.relayed().host == SERVER6.host

    def test_no_port_left(self, relay, kiosk):
        relay.ports_left = False

        assert error(kiosk.allocate()) == 508
        assert not relay.tables
        relay.ports_left = True
        assert error(kiosk.allocate()) is None

    def test_a_user_has_a_quota_that_others_do_not_feel(self):
        relay = PaperRelay(limits=Limits(allocations_per_user=3))
        clients = [on_paper(relay, KIOSK._replace(port=port), lasting=900 + port) for port in range(1, 5)]

        assert [error(client.allocate()) for client in clients] == [None, None, None, 486]
        assert error(on_paper(relay, OFFICE, "office").allocate()) is None
        assert error(clients[0].refresh(0)) is None
        assert error(clients[3].allocate()) is None

    def test_what_a_vanished_connection_left_behind_makes_way(self):
        relay = PaperRelay(limits=Limits(allocations_per_user=2))
        old, live, new = (on_paper(relay, KIOSK._replace(port=port)) for port in (1, 2, 3))
        old.relayed()
        live.relayed()
        relay.wait(IDLE)
        relay.server.note_used([five_tuple for five_tuple in relay.tables if five_tuple.client.port == 2], relay.now)
        assert error(new.allocate()) is None
        assert [(closed.five_tuple.client.port, closed.cause) for closed in relay.closed] == [(1, "displaced")]
        assert error(old.refresh()) == 437
        assert error(live.refresh()) is None
        assert relay.agrees()

    def test_the_relay_has_a_quota(self):
        relay = PaperRelay(limits=Limits(allocations_in_all=2))
        clients = [on_paper(relay, KIOSK._replace(port=port), f"user{port}") for port in (1, 2, 3)]

        assert [error(client.allocate()) for client in clients] == [None, None, 508]

    def test_a_draining_relay_takes_no_more_and_keeps_what_it_has(self, relay, kiosk):
        kiosk.relayed()
        relay.server.drain()

        assert error(on_paper(relay, OFFICE).allocate()) == 508
        assert error(kiosk.refresh()) is None
        assert error(kiosk.permit(PEER)) is None


@pytest.mark.parametrize(
    "datagram",
    [
        b"",
        b"\0",
        b"GET / HTTP/1.1\r\n\r\n",
        channel_data(CHANNEL, b"x" * 100),
        build(Method.BINDING, MessageClass.INDICATION, bytes(12)),
        build(Method.BINDING, MessageClass.SUCCESS, bytes(12)),
        build(Method.ALLOCATE, MessageClass.ERROR, bytes(12)),
        build(Method.DATA, MessageClass.INDICATION, bytes(12), [stun.DATA(b"x")]),
        build(Method.DATA, MessageClass.REQUEST, bytes(12)),
        build(0x0123, MessageClass.REQUEST, bytes(12)),
        build(Method.SEND, MessageClass.INDICATION, bytes(12)),
    ],
    ids=range(11),
)
def test_silence_where_the_rfc_says_so(relay, kiosk, datagram):
    kiosk.relayed()
    for source in (KIOSK, OFFICE):
        assert relay.deliver(datagram, source) == []
    assert relay.agrees()
