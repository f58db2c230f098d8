"""What those who have not authenticated can do: nothing is kept of them, no answer is worth a forged source."""

from __future__ import annotations

import string

from hypothesis import example, given, settings
from hypothesis import strategies as st
from support.relay_client import credentials, on_paper
from support.relay_paper import SERVER, SERVER6, PaperRelay

from media_relay.core.answers import AMPLIFICATION
from media_relay.core.auth import Authenticator
from media_relay.core.budget import SourceBudget, UserBudget
from media_relay.core.effects import Answer, Transport
from media_relay.core.permission import PeerRules
from media_relay.core.request import Limits
from media_relay.core.server import RelayServer
from media_relay.stun import attributes as stun
from media_relay.stun.address import TransportAddress
from media_relay.stun.message import MessageClass, Method, build

STRANGERS = [TransportAddress("6.6.6.6", 40_000), TransportAddress("6.6.6.7", 1), TransportAddress("2a00::6", 9)]
WRONG = b"no key of anybody's"

texts = st.text(alphabet=string.printable, max_size=40)
wanted = st.lists(
    st.one_of(
        st.just(stun.REQUESTED_TRANSPORT(17)),
        st.builds(stun.LIFETIME, st.integers(0, 9999)),
        st.builds(stun.USERNAME, texts),
        st.builds(stun.REALM, texts),
        st.builds(stun.NONCE, texts),
        st.builds(stun.PRIORITY, st.integers(0, 9)),
        st.builds(stun.USERHASH, st.binary(min_size=32, max_size=32)),
        st.just(stun.EVEN_PORT(b"\x80")),
        st.builds(stun.RESERVATION_TOKEN, st.binary(min_size=8, max_size=8)),
        st.just(stun.ADDITIONAL_ADDRESS_FAMILY(2)),
        st.just(stun.PASSWORD_ALGORITHM(stun.SHA256)),
        st.just(stun.PASSWORD_ALGORITHMS((stun.SHA256,))),
        st.just(stun.XOR_PEER_ADDRESS(TransportAddress("10.20.0.7", 5))),
        st.just(stun.CHANNEL_NUMBER(0x4000)),
        st.integers(1, 99).map(lambda number: stun.Field(stun.Attribute(number, "any", stun.DATA.form, ""), b"")),
    ),
    max_size=8,
)
requests = st.builds(
    lambda method, transaction, fields, key, sha256, fingerprint: build(
        method, MessageClass.REQUEST, transaction, fields, key=key, sha256=sha256, fingerprint=fingerprint
    ),
    st.sampled_from([*Method, 0x0FF]),
    st.binary(min_size=12, max_size=12),
    wanted,
    st.sampled_from([None, WRONG]),
    st.booleans(),
    st.booleans(),
)
realms = st.text(alphabet=string.ascii_letters, min_size=1, max_size=64)


def memory_of(server: RelayServer) -> tuple[object, ...]:
    """Everything that a server could have kept of somebody, but for counts of events."""
    return (
        list(server.allocations),
        len(server.reservations),
        dict(server._allocating._opening),
        dict(server._upkeep._released),
        dict(server.allocations._held),
        list(server.allocations._due),
        server.deadline,
    )


@given(st.lists(st.tuples(requests, st.sampled_from(STRANGERS), st.sampled_from(Transport)), max_size=12))
@settings(max_examples=300)
def test_nothing_is_kept_of_them(asked):
    relay = PaperRelay()
    nothing = memory_of(relay.server)
    for datagram, source, transport in asked:
        relay.deliver(datagram, source, SERVER6 if source.family == 2 else SERVER, transport)

    assert memory_of(relay.server) == nothing
    assert not relay.tables
    assert not relay.reserved


@given(st.lists(st.text(alphabet=string.ascii_lowercase, min_size=1, max_size=9), max_size=9))
@settings(max_examples=100)
def test_nor_of_those_with_a_nonce_and_a_wrong_password(names):
    relay = PaperRelay()
    nothing = memory_of(relay.server)
    for port, name in enumerate(names, 1):
        client = on_paper(relay, STRANGERS[0]._replace(port=port), name, secret="another secret, as long")
        client.allocate()
        client.credentials = credentials(name, expires_at=relay.unix_now - 1)
        client.allocate(stun.EVEN_PORT(b"\x80"))

    assert memory_of(relay.server) == nothing


def bare_server(realm: str) -> RelayServer:
    """A server that answers for ``realm``."""
    return RelayServer(
        realm=realm,
        authenticator=Authenticator(realm, ["a secret that is long enough"], 3600),
        rules=PeerRules(listening=[SERVER.host]),
        budget=SourceBudget(1000, 10_000, bytes(16)),
        users=UserBudget(bytes(16)),
        relay_hosts=[SERVER.host],
        limits=Limits(),
        unix_offset=1_800_000_000,
    )


@given(requests, st.sampled_from(STRANGERS), realms)
@settings(max_examples=600)
@example(build(Method.REFRESH, MessageClass.REQUEST, bytes(12)), STRANGERS[0], "tawasul")
@example(build(Method.REFRESH, MessageClass.REQUEST, bytes(12)), STRANGERS[0], "r" * 64)
def test_an_answer_is_a_small_multiple_of_the_question(datagram, source, realm):
    for effect in bare_server(realm).handle(datagram, source, SERVER, 0.0):
        assert isinstance(effect, Answer)
        assert len(effect.data) <= AMPLIFICATION * len(datagram)


@given(st.sampled_from(STRANGERS), st.text(alphabet=string.ascii_letters, min_size=1, max_size=40), st.booleans())
@example(STRANGERS[0], "r" * 40, False)
def test_the_shortest_lawful_allocate_is_answered_whatever_the_realm(source, realm, fingerprint):
    """40 characters of realm are what the configuration allows."""
    question = build(
        Method.ALLOCATE, MessageClass.REQUEST, bytes(12), [stun.REQUESTED_TRANSPORT(17)], fingerprint=fingerprint
    )

    assert len(bare_server(realm).handle(question, source, SERVER, 0.0)) == 1


@given(st.lists(st.tuples(requests, st.sampled_from(STRANGERS)), min_size=30, max_size=60))
@settings(max_examples=30)
def test_a_source_is_answered_within_its_budget(asked):
    relay = PaperRelay(answers=3)
    answered = {source.host: 0 for source in STRANGERS}
    for datagram, source in asked:
        answered[source.host] += len(relay.deliver(datagram, source))

    assert all(count <= 3 for count in answered.values())
