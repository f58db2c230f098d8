"""Checks of the path that are repeated soon: aioice waits half a second, in which a call could have begun.

The first check of a call is lost more often than not, also where no line loses anything: it comes to the other end's
firewall or relay before that has sent something itself. RFC 8445, section 14.3, wants 500 ms for fear of many checks at
once; here there are few pairs, and a pace for all of them together (`apart`), as browsers have it (48 ms a check for as
long as there is no path). A repeated check is the same STUN transaction, and answered as such.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from aioice.ice import CandidatePair, Connection, StunProtocol
from aioice.stun import Message

from kiosk_client.aiortc_private.repeating import Timer
from kiosk_client.core.repeats import Pace, Repeats

START_CHECK = "check_start"
CHECK_CAME = "check_incoming"
REQUEST = "request"
SEND = "send_stun"

PACE = Pace(first=0.05, growth=1.25, longest=0.5, times=20, apart=0.02)
"""`apart`: aioice's own between two first checks (Ta, RFC 8445, section 14.2)."""

Address = tuple[str, int]


@dataclass(frozen=True)
class _Asked:
    protocol: StunProtocol
    request: Message
    address: Address


class QuickChecks:
    """Of one ICE connection, before it has any check. `clock`: monotonic seconds."""

    def __init__(self, connection: Connection, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._asked: dict[bytes, _Asked] = {}
        self._protocols: set[StunProtocol] = set()
        self._repeats: Repeats[bytes] = Repeats(PACE)
        self._timer = Timer(lambda: self._repeats.deadline, self._rang, clock)
        setattr(connection, START_CHECK, partial(self._start, getattr(connection, START_CHECK)))
        setattr(connection, CHECK_CAME, partial(self._came, getattr(connection, CHECK_CAME)))

    async def _start(self, start: Callable[[CandidatePair], Awaitable[None]], pair: CandidatePair) -> None:
        # Not when candidates are gathered: what is asked of a STUN server then is no check.
        protocol = pair.protocol
        if protocol not in self._protocols:
            self._protocols.add(protocol)
            setattr(protocol, REQUEST, partial(self._request, protocol, getattr(protocol, REQUEST)))
        await start(pair)

    def _came(
        self, take: Callable[[Message, Address, StunProtocol], None],
        message: Message, address: Address, protocol: StunProtocol,
    ) -> None:  # fmt: skip
        """A check of the other end's, which has proven itself: so the way is open (RFC 8445, section 7.3.1.4)."""
        take(message, address, protocol)
        for number, asked in self._asked.items():
            if asked.protocol is protocol and asked.address == address:
                self._repeats.urge(number, self._clock())
        self._timer.look()

    async def _request(
        self, protocol: StunProtocol, ask: Callable[..., Awaitable[Any]], request: Message, address: Address,
        integrity_key: bytes | None = None, retransmissions: int | None = None,
    ) -> Any:  # fmt: skip
        if retransmissions is not None:  # whether the path still stands is asked at another pace (RFC 7675)
            return await ask(request, address, integrity_key=integrity_key, retransmissions=retransmissions)
        number = request.transaction_id
        self._asked[number] = _Asked(protocol, request, address)
        self._repeats.sent(number, self._clock())
        self._timer.look()
        try:
            return await ask(request, address, integrity_key=integrity_key)
        finally:
            del self._asked[number]
            self._repeats.answered(number)
            self._timer.look()

    def _rang(self) -> None:
        for number in self._repeats.due(self._clock()):
            asked = self._asked[number]
            getattr(asked.protocol, SEND)(asked.request, asked.address)
