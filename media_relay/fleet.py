"""The health of a fleet: each address of each relay is asked for a Binding every few seconds, as a client would ask."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections import Counter
from collections.abc import Iterable

from media_relay.probe import binding
from tawasul.protocol.relay_url import RelayUrl

EVERY = 5.0
"""Seconds between two probes of one address. A relay that dies is given to nobody a quarter of a minute later."""

FAILURES = 2
"""Probes in a row without an answer, each of which repeats itself for two seconds: one alone may be the network's."""

ATTEMPTS = 3

log = logging.getLogger(__name__)


class Fleet:
    """Watches over ``urls`` for as long as it runs. Until an address has failed, it is taken to answer.

    ``context``: whom to trust over TLS; by default, as the system does. A relay whose certificate its clients could not
    verify does not answer. A relay that drains does: it sends those who ask elsewhere itself.
    """

    def __init__(
        self, urls: Iterable[RelayUrl], *, context: ssl.SSLContext | None = None, every: float = EVERY
    ) -> None:
        self.urls = tuple(dict.fromkeys(urls))
        self._context = context
        self._every = every
        self._failures: Counter[RelayUrl] = Counter()

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for url in self.urls:
                tasks.create_task(self._watch(url), name=f"relay {url}")
            # With no address to watch over there is still something that runs.
            await asyncio.Event().wait()

    def reachable(self, url: RelayUrl) -> bool:
        """Whether it has lately answered there. An address that nobody watches over is taken to answer."""
        return self._failures[url] < FAILURES

    def unreachable(self) -> tuple[RelayUrl, ...]:
        """What does not answer now."""
        return tuple(url for url in self.urls if not self.reachable(url))

    async def _watch(self, url: RelayUrl) -> None:
        while True:
            answers = await answers_at(url, self._context)
            was = self.reachable(url)
            self._failures[url] = 0 if answers else self._failures[url] + 1
            if was and not self.reachable(url):
                log.warning("the relay does not answer at %s: it is given to nobody while others do", url)
            elif not was and answers:
                log.info("the relay answers at %s again", url)
            await asyncio.sleep(self._every)


async def answers_at(url: RelayUrl, context: ssl.SSLContext | None = None) -> bool:
    """Whether a relay answers there now. Never raises; within two seconds."""
    seen = await binding(url.host, url.port, attempts=ATTEMPTS, transport=url.transport, context=context)
    return seen is not None
