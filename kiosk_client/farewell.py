"""The end of a call: each end signs what the call was and gives it to the other, before they part."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress

from kiosk_client.core.call_record import CallRecord
from tawasul.e2ee.attestation import make, read_statement
from tawasul.e2ee.errors import PrivacyError
from tawasul.e2ee.keys import SigningKey
from tawasul.e2ee.session import Session
from tawasul.protocol.peer import Attestation

ATTESTED_WITHIN = 1.0
"""Seconds for the other end to sign too. It takes a round trip; whoever hangs up should not notice it."""

log = logging.getLogger(__name__)


class Farewell:
    """Of one attempt; what is signed goes into the call's `record`. Made in a running event loop."""

    def __init__(self, record: CallRecord) -> None:
        self._record = record
        self._session: Session | None = None
        self._key: SigningKey | None = None
        self._say: Callable[[Attestation], None] = lambda message: None
        self._said = False
        self._done = asyncio.Event()

    def begin(self, session: Session, key: SigningKey, say: Callable[[Attestation], None]) -> None:
        """The attempt has keys: from now on there is something to sign. `say` sends on the data channel."""
        self._session, self._key, self._say = session, key, say

    def hear(self, jws: str) -> None:
        """The other end has signed: so do we, if we have not. Its part is kept if it is of this call and by it."""
        if self._session is None:
            return
        try:
            signer, statement = read_statement(jws)
        except PrivacyError as error:
            log.warning("the other end's attestation cannot be kept: %s", error.code)
            return
        ours = signer.thumbprint == self._session.peer.thumbprint and statement.call == self._record.call_id
        if not ours or statement.side is self._session.side:
            log.warning("the other end's attestation is not of this call, and is not kept")
            return
        self._record.other = jws
        if not self._said:
            self._sign()
        self._done.set()

    def left(self) -> None:
        """Nothing more will come from the other end."""
        self._done.set()

    async def exchange(self) -> None:
        """Sign, say so, and wait at most `ATTESTED_WITHIN` for what the other end signs."""
        if self._session is None:
            return
        self._sign()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._done.wait(), ATTESTED_WITHIN)

    def _sign(self) -> None:
        statement = self._record.statement(time.time())
        if statement is None or self._key is None:
            return
        try:
            self._record.own = make(self._key, statement)
            self._say(Attestation(jws=self._record.own))
        except (PrivacyError, ValueError):
            # More attempts than one statement can name: a call of hundreds of breaks.
            log.exception("the call's attestation could not be made")
        self._said = True
