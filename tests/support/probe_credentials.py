"""The probe, credentials: who asks without a right to, and what a nonce is worth to another."""

from __future__ import annotations

import os
import time

from support.probe_bed import Bed
from support.probe_caller import SILENCE, SUCCESS, Caller, Target, raw, said, udp
from support.probe_rows import Subject

from media_relay.stun import attributes as stun
from media_relay.stun.attributes import Field
from media_relay.stun.integrity import add_fingerprint, long_term_key, sign_sha1
from media_relay.stun.message import MessageClass, Method, build
from tawasul.access.relay_credentials import RelayCredentials, mint

SUBJECT = Subject("Credentials and nonces: Allocate, unless another method is named")
GUESSES = 500


def _signed_otherwise(bed: Bed, target: Target, **otherwise: object) -> str:
    """An Allocate that differs from a lawful one in this alone."""
    with bed.caller(target) as caller:
        caller.challenge()
        return said(caller.send(caller.signed(Method.ALLOCATE, udp(), **otherwise)))  # type: ignore[arg-type]


@SUBJECT.row("the control: a lawful one", "RFC 8656 7", SUCCESS)
def _control(bed: Bed, target: Target) -> str:
    return _signed_otherwise(bed, target)


@SUBJECT.row("unsigned", "RFC 8489 9.2.4", "401")
def _unsigned(bed: Bed, target: Target) -> str:
    with bed.caller(target) as caller:
        return said(caller.challenge())


@SUBJECT.row("wrong password", "RFC 8489 9.2.4", "401")
def _wrong_password(bed: Bed, target: Target) -> str:
    return _signed_otherwise(bed, target, key=os.urandom(16))


@SUBJECT.row("minted with another secret", "RFC 8489 9.2.4", "401")
def _wrong_secret(bed: Bed, target: Target) -> str:
    return _signed_otherwise(
        bed, target, credentials=mint("not the secret of anybody", "probe", int(time.time()) + 600)
    )


@SUBJECT.row("a user of no such form", "RFC 8489 9.2.4", "401")
def _no_such_user(bed: Bed, target: Target) -> str:
    return _signed_otherwise(bed, target, credentials=RelayCredentials("admin", "admin"))


@SUBJECT.row("expired credentials", "draft-uberti-behave-turn-rest 2.2", "401")
def _expired(bed: Bed, target: Target) -> str:
    return _signed_otherwise(bed, target, credentials=target.credentials("probe", -5))


@SUBJECT.row("expired credentials with a later time written into the name", "draft-uberti-behave-turn-rest 2.2", "401")
def _prolonged(bed: Bed, target: Target) -> str:
    old = target.credentials("probe", -5)
    return _signed_otherwise(bed, target, credentials=RelayCredentials(f"{int(time.time()) + 600}:probe", old.password))


@SUBJECT.row("another's realm, signed for it", "RFC 8489 9.2.4", "401 or 400")
def _foreign_realm(bed: Bed, target: Target) -> str:
    return _signed_otherwise(bed, target, realm="another.example")


@SUBJECT.row("a nonce of nobody's", "RFC 8489 9.2.4", "438")
def _foreign_nonce(bed: Bed, target: Target) -> str:
    return _signed_otherwise(bed, target, nonce="0123456789abcdef")


@SUBJECT.row("a nonce with one letter changed", "RFC 8489 9.2.4", "438")
def _forged_nonce(bed: Bed, target: Target) -> str:
    with bed.caller(target) as caller:
        caller.challenge()
        forged = caller.nonce[:-1] + chr(ord(caller.nonce[-1]) ^ 1)
        return said(caller.send(caller.signed(Method.ALLOCATE, udp(), nonce=forged)))


@SUBJECT.row(f"{GUESSES} guessed nonces with right credentials", "RFC 8489 16.1.1", "no allocation")
def _guessed_nonces(bed: Bed, target: Target) -> str:
    with bed.caller(target) as caller:
        caller.challenge()
        for _ in range(GUESSES):
            guess = caller.nonce[:-6] + os.urandom(3).hex()
            caller.socket.send(caller.signed(Method.ALLOCATE, udp(), nonce=guess))
        caller.nonce = ""  # it may have gone stale meanwhile
        # Whoever has none is told 437.
        return "no allocation" if said(_patiently(caller, Method.REFRESH)) == "437" else "an allocation"


def _patiently(caller: Caller, method: int, *fields: Field) -> object:
    """Asks until the source has its share of answers again."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        answer = caller.ask(method, *fields)
        if answer is not None and said(answer) not in ("401", "438"):
            return answer
        time.sleep(0.3)  # a share is of a second, and nothing tells when the next one begins
        caller.nonce = ""
    return None


@SUBJECT.row("the nonce of another address", "RFC 8489 9.2.4, 16.1.1", "438")
def _nonce_of_another(bed: Bed, target: Target) -> str:
    with bed.caller(target) as honest, bed.caller(target) as other:
        honest.challenge()
        other.challenge()
        return said(other.send(other.signed(Method.ALLOCATE, udp(), nonce=honest.nonce)))


@SUBJECT.row("the nonce of another port of the same address", "RFC 8489 9.2.4, 16.1.1", "438")
def _nonce_of_a_neighbour(bed: Bed, target: Target) -> str:
    with bed.caller(target) as honest, bed.caller(target, source=honest.source._replace(port=0)) as other:
        honest.challenge()
        other.challenge()
        return said(other.send(other.signed(Method.ALLOCATE, udp(), nonce=honest.nonce)))


@SUBJECT.row("a signed request that was overheard, sent again from another address", "RFC 8489 16.1.1", "438")
def _replayed(bed: Bed, target: Target) -> str:
    with bed.caller(target) as honest, bed.caller(target) as other:
        honest.challenge()
        overheard = honest.signed(Method.ALLOCATE, udp())
        assert said(honest.send(overheard)) == SUCCESS
        return said(other.send(overheard))


for _lacking in (stun.USERNAME, stun.REALM, stun.NONCE):
    SUBJECT.add(
        f"signed, without {_lacking.name}",
        "RFC 8489 9.2.4",
        "400",
        lambda bed, target, lacking=_lacking: _signed_otherwise(bed, target, lacking=(lacking,)),  # type: ignore[misc]
    )


@SUBJECT.row("an empty username", "RFC 8489 14.3", "401 or 400")
def _empty_username(bed: Bed, target: Target) -> str:
    return _signed_otherwise(bed, target, credentials=RelayCredentials("", ""))


@SUBJECT.row("a username of 600 bytes", "RFC 8489 14.3", "400 or 401")
def _long_username(bed: Bed, target: Target) -> str:
    return _signed_otherwise(bed, target, credentials=RelayCredentials(f"{int(time.time()) + 600}:{'u' * 589}", "x"))


@SUBJECT.row("a username that says it goes on behind the end", "RFC 8489 14", SILENCE)
def _cut_username(bed: Bed, target: Target) -> str:
    with bed.caller(target) as caller:
        caller.challenge()
        request = bytearray(caller.signed(Method.ALLOCATE, udp()))
        at = request.index(caller.credentials.username.encode())
        request[at - 2 : at] = (2000).to_bytes(2, "big")
        return said(caller.send(bytes(request)))


@SUBJECT.row("a username that is no UTF-8", "RFC 8489 14.3", "400 or 401")
def _broken_username(bed: Bed, target: Target) -> str:
    with bed.caller(target) as caller:
        caller.challenge()
        fields = [udp(), raw(stun.USERNAME.number, b"\xff\xfe\xfd"), stun.REALM(caller.realm), stun.NONCE(caller.nonce)]
        return said(caller.send(build(Method.ALLOCATE, MessageClass.REQUEST, os.urandom(12), fields, key=bytes(16))))


@SUBJECT.row("two usernames: the first counts", "RFC 8489 14", "401")
def _two_usernames(bed: Bed, target: Target) -> str:
    with bed.caller(target) as caller:
        caller.challenge()
        nobody = stun.USERNAME(f"{int(time.time()) + 600}:somebody-else")
        return said(caller.send(caller.signed(Method.ALLOCATE, nobody, udp())))


@SUBJECT.row("a signature of zeros", "RFC 8489 14.5", "401")
def _zeros(bed: Bed, target: Target) -> str:
    return _with_signature(bed, target, bytes(20))


@SUBJECT.row("a signature of 10 bytes", "RFC 8489 14.5", "401 or 400 or silence")
def _short_signature(bed: Bed, target: Target) -> str:
    return _with_signature(bed, target, bytes(10))


@SUBJECT.row("a signature of no bytes", "RFC 8489 14.5", "401 or 400 or silence")
def _no_signature(bed: Bed, target: Target) -> str:
    return _with_signature(bed, target, b"")


def _with_signature(bed: Bed, target: Target, value: bytes) -> str:
    with bed.caller(target) as caller:
        caller.challenge()
        proof = [stun.USERNAME(caller.credentials.username), stun.REALM(caller.realm), stun.NONCE(caller.nonce)]
        fields = [udp(), *proof, raw(stun.MESSAGE_INTEGRITY.number, value)]
        return said(caller.send(build(Method.ALLOCATE, MessageClass.REQUEST, os.urandom(12), fields)))


@SUBJECT.row("one bit changed in a signed request", "RFC 8489 14.5", "401")
def _one_bit(bed: Bed, target: Target) -> str:
    with bed.caller(target) as caller:
        caller.challenge()
        request = bytearray(caller.signed(Method.ALLOCATE, stun.LIFETIME(600), udp()))
        request[27] ^= 1  # in LIFETIME, which comes first
        return said(caller.send(bytes(request)))


@SUBJECT.row("a signature by SHA-256 that was cut to 16 bytes", "RFC 8489 14.6", "401 or 400")
def _cut_sha256(bed: Bed, target: Target) -> str:
    with bed.caller(target) as caller:
        caller.challenge()
        proof = [stun.USERNAME(caller.credentials.username), stun.REALM(caller.realm), stun.NONCE(caller.nonce)]
        fields = [udp(), *proof, raw(stun.MESSAGE_INTEGRITY_SHA256.number, bytes(16))]
        return said(caller.send(build(Method.ALLOCATE, MessageClass.REQUEST, os.urandom(12), fields)))


@SUBJECT.row("MD5 chosen of an offer that somebody made poorer", "RFC 8489 9.2.4, 16.1.3", "400 or 401")
def _bid_down(bed: Bed, target: Target) -> str:
    with bed.caller(target) as caller:
        caller.challenge()
        poorer = [stun.PASSWORD_ALGORITHMS((stun.MD5,)), stun.PASSWORD_ALGORITHM(stun.MD5)]
        return said(caller.send(caller.signed(Method.ALLOCATE, udp(), *poorer)))


@SUBJECT.row("a USERHASH of nobody in place of the name", "RFC 8489 14.4", "401 or 400 or 420")
def _userhash(bed: Bed, target: Target) -> str:
    with bed.caller(target) as caller:
        caller.challenge()
        hashed = stun.USERHASH(os.urandom(32))
        return said(caller.send(caller.signed(Method.ALLOCATE, udp(), hashed, lacking=(stun.USERNAME,))))


@SUBJECT.row("what must be signed stands behind the signature", "RFC 8489 14.5", "400")
def _behind_the_signature(bed: Bed, target: Target) -> str:
    """REQUESTED-TRANSPORT, without which there is no Allocate."""
    with bed.caller(target) as caller:
        caller.challenge()
        request = caller.signed(Method.ALLOCATE)
        behind = request[:2] + (len(request) - 12).to_bytes(2, "big") + request[4:] + bytes.fromhex("0019000411000000")
        return said(caller.send(behind))


@SUBJECT.row("a signature behind the fingerprint", "RFC 8489 14.7", f"{SILENCE} or 401")
def _behind_the_fingerprint(bed: Bed, target: Target) -> str:
    with bed.caller(target) as caller:
        caller.challenge()
        given = caller.credentials
        proof = [stun.USERNAME(given.username), stun.REALM(caller.realm), stun.NONCE(caller.nonce)]
        key = long_term_key(given.username, caller.realm, given.password)
        request = build(Method.ALLOCATE, MessageClass.REQUEST, os.urandom(12), [udp(), *proof])
        return said(caller.send(sign_sha1(add_fingerprint(request), key)))
