"""Which packets of a transport have arrived, and when: the feedback of transport-wide congestion control.

draft-holmer-rmcat-transport-wide-cc-extensions-01, section 3.1: an RTCP transport layer feedback (RTPFB, 205) of
`FORMAT` 15. Here is its FCI, what follows the two SSRCs:

     0-1  base sequence number      the first packet it speaks of
     2-3  packet status count       how many packets it speaks of
     4-6  reference time            64 ms each, on the receiver's clock, modulo 2^24
     7    feedback packet count     a number of its own, modulo 256
     8-   packet chunks             16 bits each: 0 SS length (13 bits)      a run of one symbol
                                                  10 14 symbols of one bit    not received, small delta
                                                  11 7 symbols of two bits
          receive deltas            250 µs each: one byte, or two signed ones, for each packet that has one
          zeros                     up to a multiple of four
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile

FORMAT = 15
"""FMT of the RTCP packet (section 3.1)."""

TICK = 0.00025
"""Seconds of a receive delta's unit."""

PERIOD = 2**24 * 0.064
"""Seconds after which the receiver's clock begins anew: some twelve days."""

MOST_STATUSES = 8192
"""Packets that one feedback may speak of, where the field has room for 65535. Honest feedback comes many times a
second; even after ten seconds of silence this is far above what a call has sent, and a lie of 26 bytes should not
cost the work of 65535 packets."""

MOST_ARRIVALS = 400
"""Packets with a delta in a feedback that we build: with all deltas large still below 1,200 bytes."""

_REFERENCE_TICKS = 256
# The symbol of a delta is also how many bytes it has. Symbol 3, received without a delta, is read and never written.
_NOT_RECEIVED, _SMALL, _LARGE = range(3)
_LONGEST_RUN = 2**13 - 1


class FeedbackMalformed(ValueError):
    """The bytes are no transport-wide feedback, or say of themselves what is not true. `reason` is a stable word."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class PacketStatus:
    """One packet. `sequence`: transport-wide number, 16 bits. `at`: seconds of the receiver's clock, modulo `PERIOD`.

    A packet may have been received without a time that is known (symbol 3).
    """

    sequence: int
    received: bool
    at: float | None


@dataclass(frozen=True, slots=True)
class TransportFeedback:
    """One feedback. `number`: its own, modulo 256. `statuses`: of consecutive packets."""

    number: int
    statuses: tuple[PacketStatus, ...]


def build(first: int, arrivals: Mapping[int, float], number: int) -> list[bytes]:
    """The FCIs that tell of the packets from `first` to the last that arrived; mostly one, none where none arrived.

    `arrivals`: sequence number (unwrapped: it goes on after 65535) to seconds of our clock. What is missing in between
    is told as lost. `number`: of the first FCI; the following ones count on. Several are made where one has no
    room: for more than `MOST_ARRIVALS`, or where a packet came more than eight seconds before or after the one
    before it. Of a gap that is longer than `MOST_STATUSES` nothing is told.
    """
    return [
        _encoded(base, ticks, (number + place) % 256) for place, (base, ticks) in enumerate(_portions(first, arrivals))
    ]


def parse(fci: bytes) -> TransportFeedback:
    """What an FCI says; raises `FeedbackMalformed` where counts, runs and deltas do not fit together or the bytes."""
    if len(fci) < 10:
        raise FeedbackMalformed("too-short")
    base, count = struct.unpack_from("!HH", fci)
    if not 0 < count <= MOST_STATUSES:
        raise FeedbackMalformed("status-count")
    symbols, offset = _symbols(fci, count)
    ticks = int.from_bytes(fci[4:7], "big") * _REFERENCE_TICKS
    statuses = []
    for place, symbol in enumerate(symbols):
        size = symbol if symbol in (_SMALL, _LARGE) else 0
        if offset + size > len(fci):
            raise FeedbackMalformed("deltas-missing")
        ticks += int.from_bytes(fci[offset : offset + size], "big", signed=symbol == _LARGE)
        offset += size
        at = ticks * TICK % PERIOD if size else None
        statuses.append(PacketStatus((base + place) % 2**16, symbol != _NOT_RECEIVED, at))
    if len(fci) - offset >= 4:
        raise FeedbackMalformed("bytes-left")
    return TransportFeedback(fci[7], tuple(statuses))


def _portions(first: int, arrivals: Mapping[int, float]) -> Iterator[tuple[int, dict[int, int]]]:
    """What goes into one FCI each: its base, and the arrivals in ticks."""
    base, last, portion = first, 0, dict[int, int]()
    for sequence in sorted(each for each in arrivals if each >= first):
        ticks = round(arrivals[sequence] / TICK)
        full = len(portion) == MOST_ARRIVALS or sequence - base >= MOST_STATUSES
        if portion and (full or not -(2**15) <= ticks - last < 2**15):
            yield base, portion
            base, portion = max(portion) + 1, {}
        if sequence - base >= MOST_STATUSES:
            base = sequence
        portion[sequence] = last = ticks
    if portion:
        yield base, portion


def _encoded(base: int, arrivals: dict[int, int], number: int) -> bytes:
    reference = next(iter(arrivals.values())) // _REFERENCE_TICKS
    last = reference * _REFERENCE_TICKS
    symbols, deltas = [], bytearray()
    for sequence in range(base, max(arrivals) + 1):
        ticks = arrivals.get(sequence)
        if ticks is None:
            symbols.append(_NOT_RECEIVED)
            continue
        symbol = _SMALL if 0 <= ticks - last < 2**8 else _LARGE
        symbols.append(symbol)
        deltas += (ticks - last).to_bytes(symbol, "big", signed=symbol == _LARGE)
        last = ticks
    head = struct.pack("!HH", base % 2**16, len(symbols)) + (reference % 2**24).to_bytes(3, "big") + bytes([number])
    body = head + b"".join(_chunks(symbols)) + deltas
    return body + bytes(-len(body) % 4)


def _chunks(symbols: list[int]) -> Iterator[bytes]:
    """Whichever chunk covers most of what is left, and then the next."""
    place = 0
    while place < len(symbols):
        symbol = symbols[place]
        run = sum(1 for _ in takewhile(symbol.__eq__, symbols[place : place + _LONGEST_RUN]))
        next_14, next_7 = symbols[place : place + 14], symbols[place : place + 7]
        if run >= len(next_14) or (run >= len(next_7) and _LARGE in next_14):
            chunk, covered = symbol << 13 | run, run
        elif _LARGE not in next_14:
            chunk, covered = 0b10 << 14 | _packed(next_14, 1, 14), len(next_14)
        else:
            chunk, covered = 0b11 << 14 | _packed(next_7, 2, 7), len(next_7)
        yield struct.pack("!H", chunk)
        place += covered


def _packed(symbols: list[int], width: int, room: int) -> int:
    padded = symbols + [_NOT_RECEIVED] * (room - len(symbols))
    packed = 0
    for symbol in padded:
        packed = packed << width | symbol
    return packed


def _symbols(fci: bytes, count: int) -> tuple[list[int], int]:
    """The `count` symbols of the chunks, and the offset at which the deltas begin."""
    symbols: list[int] = []
    offset = 8
    while len(symbols) < count:
        if offset + 2 > len(fci):
            raise FeedbackMalformed("chunks-missing")
        (chunk,) = struct.unpack_from("!H", fci, offset)
        offset += 2
        if not chunk >> 15:
            run = chunk & _LONGEST_RUN
            if not 0 < run <= count - len(symbols):
                raise FeedbackMalformed("run-length")
            symbols += [chunk >> 13] * run
        elif not chunk >> 14 & 1:
            symbols += [chunk >> shift & 1 for shift in range(13, -1, -1)]
        else:
            symbols += [chunk >> shift & 3 for shift in range(12, -1, -2)]
    return symbols[:count], offset
