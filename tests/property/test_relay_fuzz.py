"""Whatever bytes arrive, the parser raises nothing but its own error, and the core neither raises nor remembers."""

from __future__ import annotations

import random
import struct
from contextlib import suppress

from hypothesis import example, given, settings
from hypothesis import strategies as st
from support.relay_client import channel_data, on_paper, send_indication
from support.relay_paper import SERVER, PaperRelay

from media_relay.core.allocating import UDP
from media_relay.core.effects import FiveTuple
from media_relay.errors import MalformedAttribute, MalformedMessage
from media_relay.stun import attributes as stun
from media_relay.stun.address import MAGIC_COOKIE, TransportAddress
from media_relay.stun.integrity import add_fingerprint
from media_relay.stun.message import MessageClass, Method, build, parse

KIOSK = TransportAddress("5.5.5.5", 40_000)
STRANGER = TransportAddress("6.6.6.6", 40_000)
PEER = TransportAddress("10.20.0.7", 5_004)

BEHIND_THE_DOOR = [Method.ALLOCATE, Method.REFRESH, Method.CREATE_PERMISSION, Method.CHANNEL_BIND]

numbers = st.one_of(st.sampled_from(sorted(stun.TABLE)), st.integers(0, 0xFFFF))
raw_attributes = st.lists(st.tuples(numbers, st.binary(max_size=48)), max_size=12)


@st.composite
def nearly_stun(draw: st.DrawFn) -> bytes:
    """A STUN header before attributes of any kind, now and then cut, signed with nonsense, or fingerprinted."""
    body = b"".join(
        struct.pack("!HH", number, len(value)) + value + bytes(-len(value) % 4)
        for number, value in draw(raw_attributes)
    )
    kind = draw(st.one_of(st.sampled_from([m | c for m in Method for c in MessageClass]), st.integers(0, 0xFFFF)))
    length = draw(st.one_of(st.just(len(body)), st.integers(0, 0xFFFF)))
    datagram = struct.pack("!HHI", kind, length, MAGIC_COOKIE) + draw(st.binary(min_size=12, max_size=12)) + body
    if draw(st.booleans()):
        datagram = add_fingerprint(datagram)
    return datagram[: draw(st.one_of(st.just(len(datagram)), st.integers(0, len(datagram))))]


datagrams = st.one_of(st.binary(max_size=256), nearly_stun())


@given(datagrams)
@settings(max_examples=600)
@example(b"")
@example(bytes(20))
def test_the_parser_raises_nothing_but_its_own_errors(datagram):
    try:
        message = parse(datagram)
    except MalformedMessage:
        return
    assert not message.protection.verify(b"key")
    for attribute in stun.TABLE.values():
        with suppress(MalformedAttribute):
            message.get(attribute)
        with suppress(MalformedAttribute):
            message.all(attribute)


@given(st.lists(datagrams, max_size=8))
@settings(max_examples=200)
def test_strangers_leave_no_state(arriving):
    relay = PaperRelay()
    for datagram in arriving:
        for answer in relay.deliver(datagram, STRANGER):
            assert answer.five_tuple == FiveTuple(STRANGER, SERVER)
            assert parse(answer.data).transaction_id == datagram[8:20]
    assert not relay.tables
    assert not relay.sent
    assert relay.server.deadline is None


@given(st.lists(datagrams, max_size=8), st.randoms(use_true_random=False))
@settings(max_examples=200)
def test_a_client_that_goes_mad_harms_nobody(arriving, random_):
    relay = PaperRelay()
    kiosk, office = on_paper(relay, KIOSK), on_paper(relay, STRANGER, "office")
    kiosk.relayed()
    office.relayed()
    office.bind(0x4000, PEER)
    before = {five_tuple: tables for five_tuple, tables in relay.tables.items() if five_tuple.client == STRANGER}
    for datagram in arriving:
        relay.deliver(datagram, KIOSK)
        relay.deliver(_mutated(kiosk.last_request, random_), KIOSK)
    assert relay.agrees()
    assert {f: tables for f, tables in relay.tables.items() if f.client == STRANGER} == before
    assert not relay.sent


@given(raw_attributes, st.sampled_from(BEHIND_THE_DOOR))
@settings(max_examples=150)
def test_a_user_may_ask_for_anything(attributes, method):
    """The same behind the door: signed requests with any attributes."""
    relay = PaperRelay()
    client = on_paper(relay, KIOSK)
    client.relayed()
    shielded = {row.number for row in (stun.MESSAGE_INTEGRITY, stun.MESSAGE_INTEGRITY_SHA256, stun.FINGERPRINT)}
    fields = [
        stun.Field(stun.Attribute(number, "any", stun.DATA.form, ""), raw)
        for number, raw in attributes
        if number not in shielded
    ]
    client.ask(method, *fields)
    assert relay.agrees()
    assert all(client.permit(PEER).transaction_id for _ in relay.tables), "and may go on afterwards"


@given(st.integers(0, 2**32))
@settings(max_examples=15)
def test_lawful_datagrams_with_a_few_bits_flipped(seed):
    """A hundred mutations of each kind of datagram, in one life of a relay, from a stranger and from the client."""
    random_ = random.Random(seed)
    relay = PaperRelay(answers=100_000, datagrams=100_000)
    client = on_paper(relay, KIOSK)
    client.relayed()
    client.bind(0x4000, PEER)
    corpus = [
        client.last_request,
        send_indication(PEER, b"hello"),
        channel_data(0x4000, b"hello"),
        build(Method.BINDING, MessageClass.REQUEST, bytes(12), fingerprint=True),
        build(Method.ALLOCATE, MessageClass.REQUEST, bytes(12), [stun.REQUESTED_TRANSPORT(UDP)]),
    ]
    for _ in range(100):
        for datagram in corpus:
            relay.deliver(_mutated(datagram, random_), random_.choice([KIOSK, STRANGER]))
    assert relay.agrees()
    assert [five_tuple.client for five_tuple in relay.tables] == [KIOSK]
    assert all(sent.peer.host == PEER.host for sent in relay.sent)


def _mutated(datagram: bytes, random_: random.Random) -> bytes:
    changed = bytearray(datagram)
    for _ in range(random_.randint(1, 4)):
        match random_.randint(0, 3):
            case 0 if changed:
                changed[random_.randrange(len(changed))] ^= 1 << random_.randrange(8)
            case 1 if changed:
                del changed[random_.randrange(len(changed)) :]
            case 2:
                at = random_.randint(0, len(changed))
                changed[at:at] = random_.randbytes(random_.randint(1, 8))
            case _ if len(changed) >= 20:
                changed[2:4] = random_.randbytes(2)
    return bytes(changed)
