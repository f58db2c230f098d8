"""The fuzzer of the whole core: packets of every kind from users and from strangers, and what must hold after each.

``python -m support.fuzz_core --packets 1000000`` is `make fuzz`. Whoever reaches something new in the core is kept and
changed further, so that a run finds its way deeper by itself.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from ipaddress import ip_address, ip_network

from support.fuzz_messages import Draft, Mutator, Signature, corpus, drafted, written
from support.probe_report import update
from support.relay_paper import ENROLLED, REALM, SECRET, SERVER, SERVER6, UNIX_START, PaperRelay

from media_relay.core.allocation import SLACK
from media_relay.core.answers import AMPLIFICATION
from media_relay.core.auth import Authenticator
from media_relay.core.effects import Answer, FiveTuple, SendToPeer, Transport
from media_relay.core.request import Limits
from media_relay.errors import MalformedAttribute, MalformedMessage
from media_relay.stun import attributes as stun
from media_relay.stun.address import TransportAddress, encode_xor_address
from media_relay.stun.framing import LONGEST_OF_A_STRANGER, StreamDecoder, padded
from media_relay.stun.integrity import long_term_key, long_term_key_sha256
from media_relay.stun.message import Message, MessageClass, Method, parse
from tawasul.access.relay_credentials import mint

USERS = tuple(
    FiveTuple(TransportAddress(host, port), SERVER6 if ":" in host else SERVER, transport)
    for host, port, transport in (
        ("5.5.5.5", 1, Transport.UDP),
        ("5.5.5.5", 2, Transport.UDP),
        ("5.5.5.6", 1, Transport.TCP),
        ("2a00::5", 1, Transport.UDP),
        ("2a00::5", 1, Transport.TLS),
    )
)
STRANGERS = tuple(
    FiveTuple(TransportAddress(host, 9), SERVER6 if ":" in host else SERVER, transport)
    for host, transport in (("6.6.6.6", Transport.UDP), ("6.6.6.7", Transport.TCP), ("2a00:6::6", Transport.UDP))
)
NAMES = ("kiosk@badr", "desk@badr", "office")
LIMITS = Limits(allocations_per_user=3, permissions_per_allocation=6, channels_per_allocation=4, allocations_in_all=9)
NETWORKS = tuple(map(ip_network, ENROLLED))
UNTIL = UNIX_START + 10**9
"""When credentials expire: a user keeps the same ones, or the allocation would be another user's."""
WAITS = (0.0, 0.1, 0.1, 1.0, 1.0, 1.0, 5.0, 29.0, 31.0, 299.0, 301.0, 599.0, 3601.0)
A_MILLION = 1_000_000
ABOUT = """\
## The fuzzer: {packets:,} packets

Seed {seed}, {seconds:.0f} seconds. Messages of a corpus are changed, signed again by users of the relay, broken, sent
by strangers, overheard and sent from elsewhere, cut into pieces of a stream, while the clock runs and ports run out.
After each it was held that the core raised nothing, that answers to strangers were small and that strangers left
nothing, that nothing went to a peer who is not enrolled, and that core, tables, clock and quotas agree.

Allocations made: {allocations:,}. Packets to peers: {sent:,}. Different ways through the core: {ways}.
Answers: {answers}.
"""
LOOK = 64
"""Packets between two looks at everything; at what one packet may do, all are looked at."""
DEPTH = 2_000
"""Drafts that the pool may grow to."""
NAMES_OF_COUNTERS = 80
"""More names of counters than there are causes; a name that came from a packet would soon be beyond it."""


@dataclass
class Tally:
    """What a run came to."""

    packets: int = 0
    answered: Counter[str] = field(default_factory=Counter)
    reached: set[tuple[object, ...]] = field(default_factory=set)
    sent: int = 0
    allocations: int = 0


class CoreFuzz:
    """One life of a relay under fire. Every packet is of ``seed`` and its place in the run."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.mutator = Mutator(self.random, corpus())
        self.tally = Tally()
        self.authenticator = Authenticator(REALM, [SECRET], 3600)
        self.overheard: list[bytes] = [b""]
        self.relay = self._relay()

    def run_parser(self, packets: int) -> Tally:
        """So many packets for the parser alone, and the stream's decoder."""
        while self.tally.packets < packets:
            if self.random.random() < 0.05:
                self._by_a_stream()
            datagram = self._unsigned() if self.random.random() < 0.5 else self.random.choice(self.overheard)
            for _ in range(8):
                self._parse(self.mutator.broken(datagram))
            self.overheard = [datagram, *self.overheard[:63]]
        return self.tally

    def run(self, packets: int) -> Tally:
        """So many packets. Raises AssertionError, or whatever the core raised, when something does not hold."""
        while self.tally.packets < packets:
            self._step()
            if self.tally.packets % LOOK == 0:
                self._look()
            if self.tally.packets % 20_000 == 0:
                self.relay = self._relay()  # a life does not last for ever, and its clock runs on
        self._look()
        return self.tally

    def _relay(self) -> PaperRelay:
        return PaperRelay(limits=LIMITS, answers=10**9, datagrams=10**9)

    def _step(self) -> None:
        match self.random.random():
            case chance if chance < 0.65:
                self._from_a_user()
            case chance if chance < 0.82:
                self._from_a_stranger()
            case chance if chance < 0.87:
                self._by_a_stream()
            case chance if chance < 0.91:
                self._deliver(self.random.randbytes(self.random.randrange(80)), self.random.choice(USERS + STRANGERS))
            case chance if chance < 0.97:
                self._parse(self.mutator.broken(self.random.choice(self.overheard)))
            case _:
                self._meanwhile()

    def _from_a_user(self) -> None:
        five_tuple = self.random.choice(USERS)
        tables = self.relay.tables.get(five_tuple)
        if tables is not None and tables.permitted and self.random.random() < 0.3:
            datagram = self._to_a_peer(tables.permitted)
        else:
            datagram = self._signed(five_tuple) if self.random.random() < 0.85 else self._unsigned()
        if self.random.random() < 0.1:
            datagram = self.mutator.broken(datagram)
        self._deliver(datagram, five_tuple)

    def _from_a_stranger(self) -> None:
        # What users sent was overheard, and is sent again from here: that, too, must lead to nothing.
        chance = self.random.random()
        datagram = self._unsigned() if chance < 0.6 else self.random.choice(self.overheard)
        if chance > 0.3:
            datagram = self.mutator.broken(datagram)
        self._deliver(datagram, self.random.choice(STRANGERS))

    def _to_a_peer(self, permitted: Mapping[str, bool]) -> bytes:
        """A Send indication that could go out, or nearly."""
        transaction = self.random.randbytes(12)
        host, port = self.random.choice([*permitted]), self.random.choice((1, 5004, *range(50_000, 50_008)))
        peer = encode_xor_address(TransportAddress(host, port), transaction)
        fields = ((stun.XOR_PEER_ADDRESS.number, peer), (stun.DATA.number, self.random.randbytes(20)))
        draft = Draft(Method.SEND, MessageClass.INDICATION, transaction, fields)
        return written(self.mutator.changed(draft) if self.random.random() < 0.5 else draft, None)

    def _signed(self, five_tuple: FiveTuple) -> bytes:
        random_ = self.random
        # Mostly each address is one user's, and now and then another's who sits behind the same one.
        at = USERS.index(five_tuple) if random_.random() < 0.9 else random_.randrange(len(USERS))
        expires_at = UNTIL if random_.random() < 0.97 else self.relay.unix_now - 5
        given = mint(SECRET, NAMES[at % len(NAMES)], int(expires_at))
        draft, sha256 = self.mutator.draft(), random_.random() < 0.15
        key_of = long_term_key
        if sha256 and random_.random() < 0.5:
            choice = ((stun.PASSWORD_ALGORITHM.number, b"\0\2\0\0"), (stun.PASSWORD_ALGORITHMS.number, b"\0\2\0\0"))
            draft, key_of = replace(draft, attributes=(*draft.attributes, *choice)), long_term_key_sha256
        nonce = self.authenticator.nonce(five_tuple.client, self.relay.unix_now)
        signature = Signature(given.username, REALM, nonce, key_of(given.username, REALM, given.password))
        datagram = written(draft, signature, sha256=sha256, fingerprint=random_.random() < 0.3)
        self.overheard.append(datagram)
        if len(self.overheard) > 256:
            del self.overheard[random_.randrange(256)]
        return datagram

    def _unsigned(self) -> bytes:
        draft, chance = self.mutator.draft(), self.random.random()
        nobody = Signature("1900000000:nobody", REALM, "obMatJos2gAAA" + "A" * 15, bytes(16)) if chance < 0.3 else None
        return written(draft, nobody, sha256=chance < 0.1, fingerprint=self.random.random() < 0.3)

    def _deliver(self, datagram: bytes, five_tuple: FiveTuple) -> None:
        relay, before = self.relay, dict(self.relay.server.counters)
        held, sent = len(relay.tables), len(relay.sent)
        message = self._parse(datagram, deeply=self.tally.packets % 4 == 0)
        owned, state = relay.server.allocations.get(five_tuple), self._state(five_tuple)
        answers = relay.deliver(datagram, *five_tuple)
        if owned is not None and self._asker(message) != owned.username:
            assert self._state(five_tuple) == state, "an allocation is its owner's"
        assert len(answers) <= 1, "one question, one answer"
        for answer in answers:
            self._judge(answer, datagram, message, five_tuple)
        for done in relay.sent[sent:]:
            self._judge_sent(done)
        del relay.sent[:]
        self.tally.allocations += len(relay.tables) > held
        moved = tuple(name for name, count in relay.server.counters.items() if before.get(name) != count)
        self._remember(datagram, (moved, message is not None and message.method, len(relay.tables) - held))

    def _state(self, five_tuple: FiveTuple) -> object:
        """All that a user may ask to have changed of an allocation."""
        held = self.relay.server.allocations.get(five_tuple)
        if held is None:
            return None
        ends = [relayed.expires_at for relayed in held.relayed.values()]
        permitted = [(host, permission.expires_at) for host, permission in held.permissions.items()]
        return ends, permitted, [(number, bound.expires_at) for number, bound in held.channels.items()]

    def _asker(self, message: Message | None) -> str | None:
        if message is None:
            return None
        with suppress(MalformedAttribute):
            return message.get(stun.USERNAME)
        return None

    def _judge(self, answer: Answer, datagram: bytes, message: Message | None, five_tuple: FiveTuple) -> None:
        assert answer.five_tuple == five_tuple, "to whom it came from"
        assert message is not None
        assert message.message_class is MessageClass.REQUEST, "what is no question has no answer"
        read = parse(answer.data)
        assert read.transaction_id == message.transaction_id
        assert read.message_class in (MessageClass.SUCCESS, MessageClass.ERROR)
        code = read.get(stun.ERROR_CODE)
        self.tally.answered["success" if code is None else str(code.number)] += 1
        if not read.protection.signed:
            assert len(answer.data) <= AMPLIFICATION * len(datagram), "worth a forged source"
            assert read.get(stun.XOR_RELAYED_ADDRESS) is None
        assert not (five_tuple in STRANGERS and read.protection.signed), "a stranger has no key"

    def _judge_sent(self, done: SendToPeer) -> None:
        self.tally.sent += 1
        live = any(done.peer in tables.relayed for tables in self.relay.tables.values())
        assert live or _enrolled(done.peer.host), "nobody's open door"
        assert done.five_tuple not in STRANGERS

    def _parse(self, datagram: bytes, *, deeply: bool = True) -> Message | None:
        self.tally.packets += 1
        try:
            message = parse(datagram)
        except MalformedMessage:
            return None
        for number, _ in message.attributes if deeply else ():
            if number in stun.TABLE:
                with suppress(MalformedAttribute):
                    message.get(stun.TABLE[number])
                with suppress(MalformedAttribute):
                    message.all(stun.TABLE[number])
        return message

    def _by_a_stream(self) -> None:
        """Frames cut anywhere: they come out as they went in, whatever else the stream holds."""
        random_ = self.random
        frames = [self._unsigned() if random_.random() < 0.7 else random_.choice(self.overheard) for _ in range(4)]
        frames = [self.mutator.broken(frame) if random_.random() < 0.3 else frame for frame in frames]
        stream = b"".join(map(padded, frames))
        whole, pieces = StreamDecoder(), StreamDecoder()
        expected, found = whole.feed(stream), []
        for piece in self._cut(stream):
            found += pieces.feed(piece)
            assert len(pieces._pending) <= LONGEST_OF_A_STRANGER + 3
        assert (found, pieces.broken, pieces.half) == (expected, whole.broken, whole.half)
        for frame in found:
            assert len(frame) <= LONGEST_OF_A_STRANGER
            if frame[0] < 0x40:
                self._deliver(frame, STRANGERS[1])

    def _cut(self, stream: bytes) -> Iterator[bytes]:
        at = 0
        while at < len(stream):
            size = self.random.choice((1, 2, 3, 4, 19, 20, 21, 1500))
            yield stream[at : at + size]
            at += size

    def _meanwhile(self) -> None:
        relay, random_ = self.relay, self.random
        match random_.randrange(6):
            case 0 | 1:
                relay.wait(random_.choice(WAITS))
            case 2:
                relay.disconnect(random_.choice([five for five in USERS if five.transport is not Transport.UDP]))
            case 3:
                relay.ports_left = random_.random() < 0.8
            case 4:
                relay.exhausted_hosts = set(random_.choice(([], [], [], [], [SERVER6.host], [SERVER.host])))
            case _:
                relay.server.note_used(random_.sample(USERS, 2), relay.now)

    def _look(self) -> None:
        relay, server = self.relay, self.relay.server
        assert relay.agrees()
        assert not [five_tuple for five_tuple in relay.tables if five_tuple in STRANGERS], "a stranger has left state"
        ends = [allocation.next_end() for allocation in server.allocations]
        assert server.deadline is None or server.deadline > relay.now
        assert not ends or (server.deadline is not None and server.deadline <= min(ends))
        assert len(server.allocations._due) <= 2 * LIMITS.allocations_in_all + SLACK
        assert len(server.allocations) <= LIMITS.allocations_in_all
        assert server.allocations._relayed == {
            address for tables in relay.tables.values() for address in tables.relayed
        }
        for tables in relay.tables.values():
            for host, relayed_only in tables.permitted.items():
                assert _enrolled(host) or (relayed_only and host in (SERVER.host, SERVER6.host)), "nobody's open door"
        for allocation in server.allocations:
            assert len(allocation.permissions) <= LIMITS.permissions_per_allocation
            assert len(allocation.channels) <= LIMITS.channels_per_allocation
            assert {bound.peer: number for number, bound in allocation.channels.items()} == allocation.channel_of
        assert not server._allocating._opening
        assert len(server.counters) < NAMES_OF_COUNTERS

    def _remember(self, datagram: bytes, reached: tuple[object, ...]) -> None:
        if reached in self.tally.reached:
            return
        self.tally.reached.add(reached)
        if len(self.mutator.pool) < DEPTH:
            self.mutator.pool.append(drafted(datagram))


def _enrolled(host: str) -> bool:
    return any(ip_address(host) in network for network in NETWORKS)


def main() -> int:
    """Runs, and tells. What does not hold is raised, with the seed by which it comes again."""
    parser = argparse.ArgumentParser(description="Fuzz the relay's core.")
    parser.add_argument("--packets", type=int, default=A_MILLION)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32))
    given = parser.parse_args()
    print(f"seed {given.seed}", flush=True)
    began, fuzz = time.monotonic(), CoreFuzz(given.seed)
    try:
        CoreFuzz(given.seed).run_parser(given.packets // 10)
        tally = fuzz.run(given.packets)
    except BaseException:
        print(f"broken at packet {fuzz.tally.packets} of seed {given.seed}", file=sys.stderr)
        raise
    text = rendered(tally, given.seed, time.monotonic() - began)
    print(text)
    if given.packets >= A_MILLION:
        update("fuzz", text)
    return 0


def rendered(tally: Tally, seed: int, seconds: float) -> str:
    """The part of docs/relay-probe.md."""
    answers = ", ".join(f"{name} {count:,}" for name, count in sorted(tally.answered.items()))
    return ABOUT.format(
        packets=tally.packets,
        seed=seed,
        seconds=seconds,
        allocations=tally.allocations,
        sent=tally.sent,
        ways=len(tally.reached),
        answers=answers,
    )


if __name__ == "__main__":
    sys.exit(main())
