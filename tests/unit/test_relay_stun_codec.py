"""The STUN codec against the vectors of RFC 5769 and RFC 8489, and against what is not STUN."""

from __future__ import annotations

import hmac
import struct

import pytest

from media_relay.errors import MalformedAttribute, MalformedMessage
from media_relay.stun import attributes as stun
from media_relay.stun.address import TransportAddress
from media_relay.stun.channel import INDICATION_PREFIX_LIMIT, data_indication_prefix
from media_relay.stun.integrity import long_term_key, long_term_key_sha256, userhash
from media_relay.stun.message import MAXIMUM_ATTRIBUTES, MessageClass, Method, build, parse

SHORT_TERM = b"VOkJxbRl1RmTxUk/WvJxBt"
MATRIX = "\u30de\u30c8\u30ea\u30c3\u30af\u30b9"
TRANSACTION = bytes.fromhex("b7e7a701bc34d686fa87dfae")

REQUEST = bytes.fromhex(
    "000100582112a442b7e7a701bc34d686fa87dfae"
    "802200105354554e207465737420636c69656e74"
    "002400046e0001ff80290008932ff9b151263b36"
    "000600096576746a3a68367659202020"
    "000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a280280004e57a3bcf"
)
"""RFC 5769 section 2.1."""
RESPONSE = bytes.fromhex(
    "0101003c2112a442b7e7a701bc34d686fa87dfae"
    "8022000b7465737420766563746f7220"
    "002000080001a147e112a643"
    "000800142b91f599fd9e90c38c7489f92af9ba53f06be7d780280004c07d4c96"
)
"""RFC 5769 section 2.2."""
RESPONSE6 = bytes.fromhex(
    "010100482112a442b7e7a701bc34d686fa87dfae"
    "8022000b7465737420766563746f7220"
    "002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9"
    "00080014a382954e4be67bf11784c97c8292c275bfe3ed4180280004c8fb0b4c"
)
"""RFC 5769 section 2.3."""
LONG_TERM = bytes.fromhex(
    "000100602112a44278ad3433c6ad72c029da412e"
    "00060012e3839ee38388e383aae38383e382afe382b90000"
    "0015001c662f2f3439396b39353464364f4c33346f4c39465354767936347341"
    "0014000b6578616d706c652e6f726700"
    "00080014f67024656dd64a3e02b8e0712e85c9a28ca89666"
)
"""RFC 5769 section 2.4."""
SHA256 = bytes.fromhex(
    "000100902112a44278ad3433c6ad72c029da412e"
    "001e00204a3cf38fef6992bda952c6780417da0f24819415569e60b205c46e41407f1704"
    "001500296f624d61744a6f733241414143662f2f3439396b39353464364f4c33346f4c39"
    "4653547679363473410000000014000b6578616d706c652e6f726700"
    "001d000400020000001c0020"
    "b5c7bf005b6c52a21c51c5e892f81924136296cb927c43149309278cc6518e65"
)
"""RFC 8489 appendix B.1, as corrected by its erratum 6268."""


class TestVectors:
    def test_request(self):
        message = parse(REQUEST)

        assert (message.method, message.message_class) == (Method.BINDING, MessageClass.REQUEST)
        assert message.transaction_id == TRANSACTION
        assert message.get(stun.SOFTWARE) == "STUN test client"
        assert message.get(stun.PRIORITY) == 0x6E0001FF
        assert message.get(stun.ICE_CONTROLLED) == 0x932FF9B151263B36
        assert message.get(stun.USERNAME) == "evtj:h6vY"
        assert message.has_fingerprint
        assert message.protection.verify(SHORT_TERM)
        assert not message.protection.verify(SHORT_TERM + b"!")

    @pytest.mark.parametrize(
        ("datagram", "mapped"),
        [(RESPONSE, ("192.0.2.1", 32853)), (RESPONSE6, ("2001:db8:1234:5678:11:2233:4455:6677", 32853))],
        ids=["ipv4", "ipv6"],
    )
    def test_responses(self, datagram, mapped):
        message = parse(datagram)

        assert (message.method, message.message_class) == (Method.BINDING, MessageClass.SUCCESS)
        assert message.get(stun.SOFTWARE) == "test vector"
        assert message.get(stun.XOR_MAPPED_ADDRESS) == mapped
        assert message.protection.verify(SHORT_TERM)

    def test_long_term_request(self):
        message = parse(LONG_TERM)

        assert message.get(stun.USERNAME) == MATRIX
        assert message.get(stun.NONCE) == "f//499k954d6OL34oL9FSTvy64sA"
        assert message.get(stun.REALM) == "example.org"
        assert message.protection.verify(long_term_key(MATRIX, "example.org", "TheMatrIX"))

    def test_sha256_request(self):
        message = parse(SHA256)

        assert message.get(stun.USERHASH) == userhash(MATRIX, "example.org")
        assert message.get(stun.NONCE) == "obMatJos2AAACf//499k954d6OL34oL9FSTvy64sA"
        assert message.get(stun.PASSWORD_ALGORITHM) == stun.SHA256
        assert message.protection.verify(long_term_key_sha256(MATRIX, "example.org", "TheMatrIX"))

    def test_our_own_bytes_are_those_of_the_vectors(self):
        nonce = stun.NONCE("f//499k954d6OL34oL9FSTvy64sA")
        fields = [stun.USERNAME(MATRIX), nonce, stun.REALM("example.org")]
        key = long_term_key(MATRIX, "example.org", "TheMatrIX")
        transaction = bytes.fromhex("78ad3433c6ad72c029da412e")
        assert build(Method.BINDING, MessageClass.REQUEST, transaction, fields, key=key) == LONG_TERM

        fields = [
            stun.USERHASH(userhash(MATRIX, "example.org")),
            stun.NONCE("obMatJos2AAACf//499k954d6OL34oL9FSTvy64sA"),
            stun.REALM("example.org"),
            stun.PASSWORD_ALGORITHM(stun.SHA256),
        ]
        key = long_term_key_sha256(MATRIX, "example.org", "TheMatrIX")
        assert build(Method.BINDING, MessageClass.REQUEST, transaction, fields, key=key, sha256=True) == SHA256

    @pytest.mark.parametrize("datagram", [REQUEST, RESPONSE, RESPONSE6, LONG_TERM, SHA256], ids=len)
    def test_no_byte_can_be_changed_unseen(self, datagram):
        key = long_term_key(MATRIX, "example.org", "TheMatrIX") if datagram is LONG_TERM else SHORT_TERM
        key = long_term_key_sha256(MATRIX, "example.org", "TheMatrIX") if datagram is SHA256 else key
        fingerprint = range(len(datagram) - 8, len(datagram)) if parse(datagram).has_fingerprint else range(0)
        for at in range(len(datagram)):
            changed = bytearray(datagram)
            changed[at] ^= 0x01
            try:
                message = parse(bytes(changed))
            except MalformedMessage:
                continue
            # A fingerprint that is called something else stands behind the integrity, and is not read.
            assert not message.protection.verify(key) or (at in fingerprint and not message.has_fingerprint), at


def header(length: int, kind: int = 0x0001, cookie: int = 0x2112A442) -> bytes:
    return struct.pack("!HHI12s", kind, length, cookie, bytes(12))


@pytest.mark.parametrize(
    "datagram",
    {
        "nothing": b"",
        "one byte": b"\0",
        "a header cut": header(0)[:19],
        "an older protocol": header(0, cookie=0),
        "channel data": header(0, kind=0x4001),
        "the first two bits": header(0, kind=0x8001),
        "shorter than it says": header(4),
        "longer than it says": header(0) + b"\0\0\0\0",
        "not in steps of four": header(3) + b"\0\0\0",
        "an attribute past the end": header(4) + struct.pack("!HH", 0x0006, 4),
        "an attribute of 65535 bytes": header(8) + struct.pack("!HH4x", 0x0006, 0xFFFF),
        "padding past the end": header(8) + struct.pack("!HH4x", 0x0006, 5),
        "a wrong fingerprint": header(8) + struct.pack("!HHI", 0x8028, 4, 1),
        "a fingerprint that is not the last": REQUEST[:2] + b"\0\x60" + REQUEST[4:] + struct.pack("!HHI", 0x8022, 4, 0),
        "too many attributes": header(4 * (MAXIMUM_ATTRIBUTES + 1))
        + struct.pack("!HH", 0x8022, 0) * (MAXIMUM_ATTRIBUTES + 1),
    }.items(),
    ids=lambda case: case[0],
)
def test_broken_framing_is_malformed(datagram):
    with pytest.raises(MalformedMessage):
        parse(datagram[1])


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        (stun.XOR_PEER_ADDRESS, b""),
        (stun.XOR_PEER_ADDRESS, bytes(7)),
        (stun.XOR_PEER_ADDRESS, b"\0\1" + bytes(18)),
        (stun.XOR_PEER_ADDRESS, b"\0\2" + bytes(6)),
        (stun.XOR_PEER_ADDRESS, b"\0\3" + bytes(6)),
        (stun.CHANNEL_NUMBER, b"\x40\0"),
        (stun.LIFETIME, bytes(8)),
        (stun.REQUESTED_TRANSPORT, b"\x11"),
        (stun.USERNAME, b"\xff\xfe"),
        (stun.USERNAME, b"x" * 509),
        (stun.NONCE, b"\xc3"),
        (stun.EVEN_PORT, b""),
        (stun.ERROR_CODE, b"\0\0\4"),
        (stun.ERROR_CODE, b"\0\0\7\0"),
        (stun.UNKNOWN_ATTRIBUTES, b"\0\1\2"),
        (stun.MAPPED_ADDRESS, b"\0\1\0\0\1"),
        (stun.ADDRESS_ERROR_CODE, b""),
        (stun.ADDRESS_ERROR_CODE, b"\2\0\2\0"),
        (stun.PASSWORD_ALGORITHM, b""),
        (stun.PASSWORD_ALGORITHM, b"\0\2\0\4abcd"),
        (stun.PASSWORD_ALGORITHM, b"\0\2\0\0\0\1\0\0"),
        (stun.PASSWORD_ALGORITHMS, b"\0\2\0"),
        (stun.PASSWORD_ALGORITHMS, b"\0\2\0\0\0\1\0\1"),
    ],
)
def test_a_value_that_makes_no_sense_is_malformed(attribute, value):
    body = struct.pack("!HH", attribute.number, len(value)) + value + bytes(-len(value) % 4)
    message = parse(header(len(body)) + body)

    with pytest.raises(MalformedAttribute) as malformed:
        message.get(attribute)
    assert malformed.value.attribute == attribute.name


def test_every_attribute_of_the_table_is_written_and_read():
    values = {
        stun.MAPPED_ADDRESS: TransportAddress("192.0.2.1", 1),
        stun.USERNAME: "تواصل",
        stun.MESSAGE_INTEGRITY: bytes(20),
        stun.ERROR_CODE: stun.ErrorCode(438, "Stale Nonce"),
        stun.UNKNOWN_ATTRIBUTES: (0x0024, 0x0025, 0x7FFF),
        stun.CHANNEL_NUMBER: 0x4FFF,
        stun.LIFETIME: 600,
        stun.XOR_PEER_ADDRESS: TransportAddress("2001:db8::7", 65535),
        stun.DATA: b"\0\1\2",
        stun.REALM: "tawasul",
        stun.NONCE: "n",
        stun.XOR_RELAYED_ADDRESS: TransportAddress("192.0.2.1", 0),
        stun.REQUESTED_ADDRESS_FAMILY: 2,
        stun.EVEN_PORT: b"\x80",
        stun.REQUESTED_TRANSPORT: 17,
        stun.DONT_FRAGMENT: b"",
        stun.MESSAGE_INTEGRITY_SHA256: bytes(32),
        stun.PASSWORD_ALGORITHM: stun.MD5,
        stun.USERHASH: bytes(32),
        stun.XOR_MAPPED_ADDRESS: TransportAddress("::1", 9),
        stun.RESERVATION_TOKEN: bytes(8),
        stun.PRIORITY: 1,
        stun.USE_CANDIDATE: b"",
        stun.ADDITIONAL_ADDRESS_FAMILY: 2,
        stun.ADDRESS_ERROR_CODE: stun.AddressError(2, stun.ErrorCode(440, "Address Family not Supported")),
        stun.PASSWORD_ALGORITHMS: (stun.SHA256, stun.MD5),
        stun.ALTERNATE_DOMAIN: "relay.example.org",
        stun.ICMP: bytes(8),
        stun.SOFTWARE: "tawasul",
        stun.ALTERNATE_SERVER: TransportAddress("192.0.2.9", 3478),
        stun.FINGERPRINT: 7,
        stun.ICE_CONTROLLED: 1 << 63,
        stun.ICE_CONTROLLING: 3,
    }
    assert {attribute.number for attribute in values} == set(stun.TABLE)
    for attribute, value in values.items():
        raw = attribute.form.encode(value, TRANSACTION)
        assert attribute.decode(raw, TRANSACTION) == value, attribute.name
        assert attribute.section.startswith("RFC "), attribute.name


@pytest.mark.parametrize("method", [*Method, 0x0FFF, 0x0555])
@pytest.mark.parametrize("message_class", list(MessageClass))
def test_the_type_keeps_method_and_class_apart(method, message_class):
    message = parse(build(method, message_class, TRANSACTION))

    assert (message.method, message.message_class) == (method, message_class)


def test_what_follows_the_integrity_is_not_read():
    signed = build(Method.ALLOCATE, MessageClass.REQUEST, TRANSACTION, [stun.LIFETIME(600)], key=b"k")
    body = signed[20:] + struct.pack("!HHI", stun.LIFETIME.number, 4, 9) + struct.pack("!HH4s", 0x0006, 4, b"evil")
    message = parse(signed[:2] + struct.pack("!H", len(body)) + signed[4:20] + body)

    assert message.get(stun.LIFETIME) == 600
    assert message.get(stun.USERNAME) is None
    assert message.protection.verify(b"k")


def test_the_stronger_integrity_decides():
    weak = build(Method.ALLOCATE, MessageClass.REQUEST, TRANSACTION, key=b"k")
    body = weak[20:] + struct.pack("!HH32x", stun.MESSAGE_INTEGRITY_SHA256.number, 32)

    assert parse(weak).protection.verify(b"k")
    assert not parse(weak[:2] + struct.pack("!H", len(body)) + weak[4:20] + body).protection.verify(b"k")


def test_an_integrity_that_is_cut_is_none():
    # RFC 8489 section 14.6: only where the usage says so, and RFC 8656 does not.
    whole = build(Method.ALLOCATE, MessageClass.REQUEST, TRANSACTION, key=b"k", sha256=True)
    assert parse(whole).protection.verify(b"k")
    for size in (16, 20, 24, 28):
        head = whole[:2] + struct.pack("!H", 4 + size) + whole[4:20]
        mac = hmac.digest(b"k", head, "sha256")[:size]
        cut = head + struct.pack("!HH", stun.MESSAGE_INTEGRITY_SHA256.number, size) + mac
        assert not parse(cut).protection.verify(b"k"), size


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1"])
@pytest.mark.parametrize("size", [0, 1, 2, 3, 4, 1200])
def test_a_data_indication_is_prefix_payload_and_padding(host, size):
    payload = bytes(range(256)) * 5
    peer = TransportAddress(host, 4444)
    prefix = data_indication_prefix(peer, size, TRANSACTION)
    message = parse(prefix + payload[:size] + bytes(-size % 4))

    assert len(prefix) <= INDICATION_PREFIX_LIMIT
    assert (message.method, message.message_class) == (Method.DATA, MessageClass.INDICATION)
    assert message.get(stun.XOR_PEER_ADDRESS) == peer
    assert message.get(stun.DATA) == payload[:size]
