"""Password algorithms, and the nonce that guards their offer (RFC 8489 sections 9.2.1 and 9.2.4)."""

from __future__ import annotations

from base64 import b64decode
from string import ascii_letters, digits

import pytest
from support.relay_client import TurnClient, error, on_paper, value
from support.relay_paper import REALM, SECRET, PaperRelay

from media_relay.core.allocating import UDP
from media_relay.core.auth import OFFERED, Authenticator
from media_relay.core.nonce import COOKIE, NONCE_SIZE, Nonces
from media_relay.stun import attributes as stun
from media_relay.stun.address import TransportAddress
from media_relay.stun.integrity import long_term_key_sha256, userhash
from media_relay.stun.message import MessageClass, Method, build
from tawasul.access.relay_credentials import mint, read_username

KIOSK = TransportAddress("5.5.5.5", 40_000)
NEW = "the secret of this month"


@pytest.fixture
def relay() -> PaperRelay:
    return PaperRelay()


def choosing(relay: PaperRelay, algorithm: int | None = stun.SHA256) -> TurnClient:
    """A client that chooses a password algorithm."""
    client = on_paper(relay, KIOSK, sha256=True)
    client.chooses = algorithm
    return client


def test_the_offer_stands_in_the_challenge_and_the_nonce_says_so(relay):
    answer = on_paper(relay, KIOSK).ask_plainly(Method.ALLOCATE, stun.REQUESTED_TRANSPORT(UDP))
    nonce = value(answer, stun.NONCE)

    assert value(answer, stun.PASSWORD_ALGORITHMS) == OFFERED == (stun.SHA256,)
    assert nonce.startswith("obMatJos2")
    # RFC 8489 section 18.1: bit 0, the leftmost of 24, is password algorithms; bit 1, username anonymity, is not set.
    assert b64decode(nonce[9:13]) == bytes((0x80, 0, 0))
    assert len(nonce) == NONCE_SIZE


def test_who_chooses_gets_the_stronger_key(relay):
    client = choosing(relay)
    answer = client.allocate()

    assert error(answer) is None
    expected = long_term_key_sha256(client.credentials.username, REALM, client.credentials.password)
    assert client.key == expected
    assert answer.protection.sha256_at is not None
    assert answer.protection.verify(expected)


def test_who_knows_of_no_choice_means_md5(relay):
    assert error(choosing(relay, None).allocate()) is None
    assert error(on_paper(relay, KIOSK._replace(port=2)).allocate()) is None


@pytest.mark.parametrize("offered", [(), (stun.MD5,), (stun.MD5, stun.SHA256), (stun.SHA256, stun.MD5)])
def test_an_offer_that_was_changed_on_its_way_is_noticed(relay, offered):
    client = choosing(relay)
    client.ask_plainly(Method.ALLOCATE)
    client.allocate()
    client.offered = offered

    assert error(client.ask_once(Method.REFRESH)) == 400


@pytest.mark.parametrize(
    "fields",
    [
        [stun.PASSWORD_ALGORITHM(stun.SHA256)],
        [stun.PASSWORD_ALGORITHMS(OFFERED)],
        [stun.PASSWORD_ALGORITHM(stun.MD5), stun.PASSWORD_ALGORITHMS(OFFERED)],
        [stun.PASSWORD_ALGORITHM(3), stun.PASSWORD_ALGORITHMS(OFFERED)],
    ],
)
def test_a_choice_in_part_or_of_what_was_not_offered(relay, fields):
    client = on_paper(relay, KIOSK)
    client.relayed()

    assert error(client.ask_once(Method.REFRESH, *fields)) == 400


def test_the_key_must_be_of_the_algorithm_that_is_named(relay):
    client = choosing(relay)
    client.relayed()
    named = [stun.PASSWORD_ALGORITHM(stun.SHA256), stun.PASSWORD_ALGORITHMS(OFFERED)]
    client.chooses = None

    assert error(client.ask_once(Method.REFRESH, *named)) == 401


def test_a_hashed_username_is_of_nobody(relay):
    # The nonce does not say that it is understood, so no client may send one (RFC 8489 section 9.2.3.2).
    client = choosing(relay)
    client.relayed()
    fields = [
        stun.USERHASH(userhash(client.credentials.username, REALM)),
        stun.REALM(REALM),
        stun.NONCE(client.nonce),
        stun.PASSWORD_ALGORITHM(stun.SHA256),
        stun.PASSWORD_ALGORITHMS(OFFERED),
    ]
    datagram = build(Method.REFRESH, MessageClass.REQUEST, bytes(12), fields, key=client.key, sha256=True)

    assert error(client.send(datagram)) == 401


class TestNonces:
    SOURCES = (KIOSK, KIOSK._replace(port=40_001), KIOSK._replace(host="5.5.5.6"), TransportAddress("2a00::5", 40_000))

    @pytest.mark.parametrize("made", range(4))
    @pytest.mark.parametrize("used", range(4))
    def test_it_is_for_one_source(self, made, used):
        nonces = Nonces([SECRET], 3600)
        nonce = nonces.make(self.SOURCES[made], 1_000_000)

        assert nonces.is_fresh(nonce, self.SOURCES[used], 1_000_001) is (made == used)

    @pytest.mark.parametrize(("age", "fresh"), [(-61, False), (-60, True), (0, True), (3599, True), (3600, False)])
    def test_it_has_its_time(self, age, fresh):
        nonces = Nonces([SECRET], 3600)

        assert nonces.is_fresh(nonces.make(KIOSK, 1_000_000), KIOSK, 1_000_000 + age) is fresh

    def test_the_fleet_shares_it_while_secrets_are_changed(self):
        before, during, after = Nonces([SECRET], 9), Nonces([NEW, SECRET], 9), Nonces([NEW], 9)

        assert during.is_fresh(before.make(KIOSK, 5), KIOSK, 6)
        assert after.is_fresh(during.make(KIOSK, 5), KIOSK, 6)
        assert not after.is_fresh(before.make(KIOSK, 5), KIOSK, 6)

    def test_no_character_can_be_changed(self):
        nonces = Nonces([SECRET], 3600)
        nonce = nonces.make(KIOSK, 1_000_000)
        for at in range(NONCE_SIZE):  # of the last one, two bits are of no byte, and may be changed no more
            for other in set(ascii_letters + digits + "-_!") - {nonce[at]}:
                assert not nonces.is_fresh(nonce[:at] + other + nonce[at + 1 :], KIOSK, 1_000_000), at

    def test_without_its_cookie_it_is_none(self):
        nonces = Nonces([SECRET], 3600)
        nonce = nonces.make(KIOSK, 1_000_000)

        assert not nonces.is_fresh(nonce[len(COOKIE) :], KIOSK, 1_000_000)
        assert not nonces.is_fresh("obMatJos2AAAA" + nonce[len(COOKIE) :], KIOSK, 1_000_000)


def test_a_token_is_the_relays_secret():
    token = Authenticator(REALM, [SECRET], 1).token(b"request")

    assert len(token) == 8
    assert token != Authenticator(REALM, [NEW], 1).token(b"request")
    assert token != Authenticator(REALM, [SECRET], 1).token(b"another")


@pytest.mark.parametrize(
    ("name", "governorate"),
    [("call.office", ""), ("call.citizen@badr", "badr"), ("a@b@khaybar", "khaybar"), ("call@", "")],
)
def test_the_governorate_is_in_the_name(name, governorate):
    assert read_username(mint(SECRET, name, 2_000).username).governorate == governorate
