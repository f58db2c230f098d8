"""Asks the relay of a call, twice a second, whether it is there: the shell of `media.core.relay_leg`.

STUN Binding requests (RFC 8489, section 2), which need no account and hold nothing, from a port of their own on the
same line. Only a relay that is spoken with by UDP is asked: over a stream what is lost comes later all the same.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress

from aioice.stun import Class, Message, Method, parse_message

from kiosk_client.media.core.relay_leg import RelayLeg
from kiosk_client.relays import FoundRelay

ASKED_EVERY = 0.5
"""Seconds. A hundred bytes there and back each time: 2 kbit/s."""

ANSWERED_WITHIN = 1.5
"""Seconds, after which a question counts as lost."""

log = logging.getLogger(__name__)


class RelayAsking(asyncio.DatagramProtocol):
    """Begins at once, in a running event loop. `leg`: what came of it."""

    def __init__(self, relay: FoundRelay) -> None:
        self.leg = RelayLeg()
        self._loop = asyncio.get_running_loop()
        self._waiting: dict[bytes, float] = {}
        self._transport: asyncio.DatagramTransport | None = None
        self._task = asyncio.create_task(self._run(relay), name="asking the relay")

    def datagram_received(self, data: bytes, addr: object) -> None:
        """An answer; anything else is passed over."""
        with suppress(ValueError):
            sent_at = self._waiting.pop(parse_message(data).transaction_id, None)
            if sent_at is not None:
                self.leg.take(sent_at, self._loop.time() - sent_at)

    def error_received(self, exc: Exception) -> None:
        """The socket's word that nobody is there: the question stays unanswered."""

    def close(self) -> None:
        """Ask no more. May be called again."""
        self._task.cancel()
        if self._transport is not None:
            self._transport.close()

    async def _run(self, relay: FoundRelay) -> None:
        try:
            self._transport, _ = await self._loop.create_datagram_endpoint(
                lambda: self, remote_addr=(relay.url.host, relay.url.port)
            )
        except OSError as fault:
            log.info("the way to the relay is not watched: %s", fault.strerror)
            return
        while True:
            self._ask()
            await asyncio.sleep(ASKED_EVERY)
            self._give_up()

    def _ask(self) -> None:
        assert self._transport is not None
        question = Message(message_method=Method.BINDING, message_class=Class.REQUEST)
        self._waiting[question.transaction_id] = self._loop.time()
        self._transport.sendto(bytes(question))

    def _give_up(self) -> None:
        late = self._loop.time() - ANSWERED_WITHIN
        for transaction, sent_at in [*self._waiting.items()]:
            if sent_at < late:
                del self._waiting[transaction]
                self.leg.take(sent_at, None)
