"""Handshakes of DTLS by OpenSSL itself over a seeded line that loses, repeated by `core.flights` and nothing else.

In a time of the line's own: OpenSSL's timer, which goes by the machine's clock, is never asked.
"""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from aiortc.rtcdtlstransport import SRTP_PROFILES, RTCCertificate
from OpenSSL import SSL
from support.link_emulator import Line, Link, Loss, RandomLoss

from kiosk_client.core.flights import MOST_ANSWERS, MOST_REPEATS, Flights

DELAY = 0.040
SEEDS = range(60)
CERTIFICATES = RTCCertificate.generateCertificate(), RTCCertificate.generateCertificate()


class End:
    """One end, which sends by `link` to whoever `other` will be."""

    def __init__(self, line: Line, link: Link, *, client: bool) -> None:
        self.ssl = SSL.Connection(CERTIFICATES[client]._create_ssl_context(SRTP_PROFILES))
        (self.ssl.set_connect_state if client else self.ssl.set_accept_state)()
        self.flights = Flights()
        self.stands_at: float | None = None
        self.other: End | None = None
        self.sent: list[bytes] = []
        self._line, self._link = line, link

    def begin(self) -> None:
        """Go on with the handshake, as far as that goes."""
        try:
            self.ssl.do_handshake()
        except SSL.WantReadError:
            self._write()
        else:
            self._write()
            self.stands_at = self._line.now
            self.flights.complete()

    def take(self, datagram: bytes) -> None:
        """This has come in."""
        for each in self.flights.came(datagram, self._line.now):
            self.put(each)
        self.ssl.bio_write(datagram)
        if self.stands_at is None:
            self.begin()
            return
        try:
            self.ssl.recv(1500)
        except SSL.Error:
            self._write()

    def put(self, datagram: bytes) -> None:
        """Onto the line."""
        self.sent.append(datagram)
        assert self.other is not None
        self._link.send(len(datagram), lambda other=self.other: other.take(datagram))  # type: ignore[misc]

    def ring(self) -> None:
        """Send again what is due, and come back when more is."""
        for each in self.flights.due(self._line.now):
            self.put(each)
        self._wait()

    def _write(self) -> None:
        try:
            datagram = self.ssl.bio_read(1500)
        except SSL.Error:
            return
        self.flights.sent(datagram, self._line.now)
        self.put(datagram)
        self._wait()

    def _wait(self) -> None:
        if self.flights.deadline is not None:
            self._line.at(self.flights.deadline, self.ring)


def pair(seed: int, loss: Callable[[], Loss]) -> tuple[Line, End, End]:
    """A client and a server, not begun."""
    line = Line()
    ends = [End(line, Link(line, 2 * seed + number, delay=DELAY, loss=loss()), client=number == 0) for number in (0, 1)]
    ends[0].other, ends[1].other = ends[1], ends[0]
    return line, ends[0], ends[1]


class First:
    """The first `count` packets are lost, and then none."""

    def __init__(self, count: int) -> None:
        self.left = count

    def strikes(self, chance: random.Random) -> bool:
        self.left -= 1
        return self.left >= 0


@pytest.mark.parametrize(("loss", "median", "most"), [(0.0, 0.161, 0.161), (0.1, 0.2, 0.6), (0.2, 0.3, 0.8)])
def test_a_handshake_stands_soon_whatever_the_line_loses(loss: float, median: float, most: float) -> None:
    took = []
    for seed in SEEDS:
        line, client, server = pair(seed, lambda: RandomLoss(loss))
        client.begin()
        line.run(20.0)
        assert client.stands_at is not None, f"seed {seed}"
        assert server.stands_at is not None, f"seed {seed}"
        took.append(max(client.stands_at, server.stands_at))
    assert sorted(took)[len(took) // 2] <= median
    assert max(took) <= most


@pytest.mark.parametrize("lost", range(6))
@pytest.mark.parametrize("which", [0, 1])
def test_any_flight_may_be_lost_several_times(which: int, lost: int) -> None:
    """The first of one end's datagrams are all lost: later ones of a flight are those that were sent again."""
    line, client, server = pair(1, lambda: RandomLoss(0.0))
    (client, server)[which]._link.loss = First(lost)
    client.begin()
    line.run(20.0)
    assert client.stands_at is not None
    assert server.stands_at is not None


def test_where_nobody_answers_it_ends() -> None:
    line, client, _ = pair(1, lambda: RandomLoss(1.0))
    client.begin()
    line.run(600.0)
    assert len(client.sent) == 8
    assert len(set(client.sent)) == 1
    assert line.now == 600.0
    assert client.flights.deadline is None


@pytest.mark.parametrize("every", [0.001, 0.030])
def test_a_flood_of_duplicates_and_of_forged_records_makes_no_storm(every: float) -> None:
    """Everything either end ever sent comes again and again, and noise that looks like a handshake's with it."""
    line, client, server = pair(1, lambda: RandomLoss(0.1))
    chance = random.Random(7)

    def flood() -> None:
        for end in (client, server):
            assert end.other is not None
            end.take(bytes([22, 254, 253]) + chance.randbytes(chance.randrange(40)))
            for datagram in end.other.sent[:6]:
                end.take(datagram)
        if line.now < 5:
            line.after(every, flood)

    client.begin()
    line.after(0.01, flood)
    line.run(20.0)
    assert client.stands_at is not None
    assert server.stands_at is not None
    for end in (client, server):
        assert len(end.sent) <= 4 + MOST_REPEATS + MOST_ANSWERS
        assert end.flights.repeated <= MOST_REPEATS
    # Who has the last word answers; who heard it does not, or the two would never come to an end.
    assert len(client.sent) < len(server.sent)
