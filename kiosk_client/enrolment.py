"""A kiosk's own proofs, as they are kept: the thin shell of the enrolling core, over the server and the disk."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress

from kiosk_client.core import enrolment as core
from kiosk_client.core.kiosk_events import Enrolment
from kiosk_client.errors import IssuerAway, IssuerRefused
from kiosk_client.identity import Proofs
from kiosk_client.papers import Owned, Papers
from kiosk_client.trust_client import TrustClient
from tawasul.e2ee.enrolment import code_of, make_renewal, make_request, qr_text
from tawasul.e2ee.errors import PrivacyError
from tawasul.e2ee.handshake import Credentials

LIST_WITHIN = 3.0
"""Seconds for which a call that begins waits for a fresh revocation list. The one that is kept may do."""

LONGEST_SLEEP = 60.0
"""Seconds."""

log = logging.getLogger(__name__)


class DeviceIdentity:
    """The proofs of a device that enrols, renews and fetches by itself.

    `client` makes a connection to its server. `clock`: seconds since 1970 UTC.
    """

    def __init__(
        self, papers: Papers, client: Callable[[], TrustClient], clock: Callable[[], float] = time.time
    ) -> None:
        self._clock = clock
        self._papers = papers
        self._client = client
        self._owned = papers.read_chain()
        self._trust = papers.read_trust(self._clock())
        self._learned_at = float(self._trust.revocations.issued) if self._trust.revocations else float("-inf")
        thumbprint = papers.key.thumbprint
        unproven = Enrolment(code_of(thumbprint), qr_text(papers.name, thumbprint))
        self._core = core.Enroller(unproven, _holding(self._owned))
        self._tell: Callable[[Enrolment | None], None] = lambda enrolment: None
        self._timer: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._learning = asyncio.Lock()

    async def run(self, tell: Callable[[Enrolment | None], None]) -> None:
        """Ask, renew and fetch, until cancelled."""
        self._tell = tell
        try:
            self._give(core.Begin())
            await asyncio.Event().wait()
        finally:
            if self._timer is not None:
                self._timer.cancel()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def proofs(self) -> Proofs:
        """Those for a call that begins now. The list is fetched if it is older than an hour, as far as it can be."""
        # One from the future was fetched by a clock that was ahead.
        if not 0 <= self._clock() - self._learned_at <= core.LIST_EVERY:
            with suppress(TimeoutError):
                async with asyncio.timeout(LIST_WITHIN):
                    await self._learn()
        owned = self._owned
        credentials = None
        if owned is not None and self._clock() < owned.certificate.expires:
            credentials = Credentials(self._papers.key, owned.chain, self._papers.name)
        return Proofs(credentials, self._trust)

    def _give(self, given: core.Given) -> None:
        for effect in self._core.handle(given, self._clock()):
            match effect:
                case core.Tell(enrolment):
                    self._tell(enrolment)
                case core.Ask():
                    self._start(self._ask(), core.Failed())
                case core.LookUp():
                    self._start(self._look_up(), core.Failed())
                case core.Renew(serial):
                    self._start(self._renew(serial), core.Failed())
                case core.FetchList():
                    self._start(self._fetch_list(), core.ListFailed())
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        deadline = self._core.deadline
        if deadline is not None:
            # By the time of day, which may be set while we sleep: never for long.
            pause = min(max(0.0, deadline - self._clock()), LONGEST_SLEEP)
            self._timer = asyncio.get_running_loop().call_later(pause, self._give, core.Passed())

    def _start(self, step: Coroutine[None, None, core.Given], otherwise: core.Given) -> None:
        task = asyncio.get_running_loop().create_task(self._outcome(step, otherwise))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _outcome(self, step: Coroutine[None, None, core.Given], otherwise: core.Given) -> None:
        try:
            outcome = await step
        except Exception:
            # A fault of ours: it is tried again, and the kiosk goes on with what it has.
            log.exception("enrolling failed")
            outcome = otherwise
        self._give(outcome)

    async def _ask(self) -> core.Given:
        request = make_request(self._papers.key, self._papers.name, now=int(self._clock()))
        try:
            async with self._client() as client:
                await client.ask(request)
        except (IssuerAway, IssuerRefused) as error:
            log.warning("the issuer did not take the request for a certificate: %s", error)
            return core.Failed()
        return core.Asked()

    async def _look_up(self) -> core.Given:
        try:
            async with self._client() as client:
                standing = await client.standing(self._papers.key.thumbprint)
            if standing.get("state") == "enrolled":
                return self._certified(standing.get("chain"))
        except (IssuerAway, IssuerRefused, PrivacyError) as error:
            log.warning("the issuer's word on the request cannot be used: %s", error)
            return core.Failed()
        approvals = standing.get("approvals")
        return core.Looked(standing.get("state") == "waiting", approvals if approvals in (0, 1, 2) else 0)

    async def _renew(self, serial: str) -> core.Given:
        renewal = make_renewal(self._papers.key, self._papers.name, serial, now=int(self._clock()))
        try:
            async with self._client() as client:
                return self._certified(await client.renew(renewal))
        except IssuerRefused as error:
            log.warning("the issuer does not renew the certificate: %s", error)
            return core.Refused()
        except (IssuerAway, PrivacyError) as error:
            log.warning("the certificate could not be renewed: %s", error)
            return core.Failed()

    def _certified(self, chain: object) -> core.Given:
        owned = self._papers.own(chain)
        self._papers.keep_chain(owned.chain)
        self._owned = owned
        holding = _holding(owned)
        assert holding is not None
        log.info("this kiosk has a certificate as %s", owned.certificate.name)
        return core.Certified(holding)

    async def _fetch_list(self) -> core.Given:
        return core.ListLearned() if await self._learn() else core.ListFailed()

    async def _learn(self) -> bool:
        """Fetch the list and keep it, if it is the region's, in time, and no older than one seen before."""
        async with self._learning:
            try:
                async with self._client() as client:
                    text, chain = await client.revocations()
                self._trust = self._trust.learn(text, chain, self._clock())
            except (IssuerAway, IssuerRefused, PrivacyError) as error:
                log.warning("no revocation list that can be used: %s", error)
                return False
            self._papers.keep_list(text, chain, self._trust.at_least)
            self._learned_at = self._clock()
            return True


def _holding(owned: Owned | None) -> core.Holding | None:
    if owned is None:
        return None
    certificate = owned.certificate
    return core.Holding(certificate.serial, certificate.not_before, certificate.expires)
