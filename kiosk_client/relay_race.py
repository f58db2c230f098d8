"""Which of several relays gives us an address now: each is asked for an allocation, the next a while after the last.

aiortc takes one TURN server a connection, and waits five seconds for it in vain. So the relay is found before: with a
head start for what is better (as RFC 8305 does for addresses), and by a real allocation, which is then released. It
shows what a mere answer does not: a relay that drains (300, 508), a quota that is full, a certificate of a stranger's.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from aioice.stun import TransactionFailed
from aioice.turn import create_turn_endpoint

from tawasul.protocol.relay_url import RelayUrl

HEAD_START = 2.0
"""Seconds for the first alone. An allocation takes two round trips, and a lost datagram is sent again after half a
second: UDP that is merely bad still wins."""

NEXT_AFTER = 1.0
"""Seconds from the second to the third, and so on."""

WITHIN = 8.0
"""Seconds for all. The server gives an attempt fifteen, and after this there is still a path to be found."""

WITHIN_AGAIN = 3.0
"""Seconds for all where all were silent a moment ago, and all are asked at once: enough for one lost datagram."""

Answer = Literal["address", "refusal", "silence"]
"""What a relay says: an address; an error, when it drains or a quota is full; or nothing, nor does a stranger in its
place."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Account:
    """Credentials at a relay. The password does not print."""

    username: str
    password: str

    def __repr__(self) -> str:
        return "Account()"


@dataclass(frozen=True)
class Finish:
    """`first`: the relay to use; None where none gave an address. `silent`: which had their time, and did not answer.
    One that refuses has answered.
    """

    first: RelayUrl | None
    silent: tuple[RelayUrl, ...]


async def race(
    tries: Sequence[tuple[RelayUrl, Account]], security: ssl.SSLContext, doubtful: Collection[RelayUrl] = ()
) -> Finish:
    """From the left. Of two that answer in the same moment the earlier one is taken. Those that are `doubtful` are
    asked as well, and have no head start. Never raises.
    """
    waiting = list(tries)
    running: dict[asyncio.Task[Answer], tuple[RelayUrl, float]] = {}
    silent: list[RelayUrl] = []
    clock = asyncio.get_running_loop().time
    again = all(url in doubtful for url, _ in tries)
    ends, start_next = clock() + (WITHIN_AGAIN if again else WITHIN), clock()
    pause = HEAD_START
    try:
        while waiting or running:
            if waiting and (not running or clock() >= start_next):
                url, account = waiting.pop(0)
                if len(waiting) + 1 < len(tries):
                    log.info("no answer from the relay so far; %s is tried", url)
                running[asyncio.create_task(_answer(url, account, security))] = (url, clock())
                if url not in doubtful:
                    start_next, pause = clock() + pause, NEXT_AFTER
            until = min(ends, start_next) if waiting else ends
            done, _ = await asyncio.wait(
                running, timeout=max(0.0, until - clock()), return_when=asyncio.FIRST_COMPLETED
            )
            # A dictionary keeps the order in which they were begun.
            won = [url for task, (url, _) in running.items() if task in done and task.result() == "address"]
            if won:
                late = [url for url, begun in running.values() if url not in won and clock() - begun >= NEXT_AFTER]
                return Finish(won[0], (*silent, *late))
            for task in done:
                url, _ = running.pop(task)
                if task.result() == "silence":
                    silent.append(url)
            if clock() >= ends:
                break
        return Finish(None, (*silent, *(url for url, _ in running.values())))
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def _answer(url: RelayUrl, account: Account, security: ssl.SSLContext) -> Answer:
    try:
        transport, _ = await create_turn_endpoint(
            asyncio.DatagramProtocol,
            (url.host, url.port),
            account.username,
            account.password,
            ssl=security if url.transport == "tls" else None,
            transport="udp" if url.transport == "udp" else "tcp",
        )
    except Exception as fault:  # OSError, ssl.SSLError, aioice's TransactionFailed and TransactionTimeout …
        log.info("the relay cannot be used at %s: %s", url, fault)
        return "refusal" if isinstance(fault, TransactionFailed) else "silence"
    transport.close()
    return "address"
