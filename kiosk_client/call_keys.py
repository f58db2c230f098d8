"""The keys of one attempt once they are confirmed: the thin shell of the rekeying core, over the data channel."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable

from kiosk_client.frame_guard import FrameGuard
from tawasul.e2ee import rekey
from tawasul.e2ee.errors import PrivacyError
from tawasul.e2ee.key_share import SECRET_SIZE
from tawasul.e2ee.session import Session, Side
from tawasul.protocol.peer import Rekey


class CallKeys:
    """Made in a running event loop, which unlocks `guard`: sound and picture flow from then on.

    `say` sends a message on the data channel. `switched` is called with each epoch (from 1) under which this end now
    sends, `refuse` when the keys could not be renewed. `every`: seconds from one epoch to the next.
    """

    def __init__(
        self,
        session: Session,
        guard: FrameGuard,
        *,
        say: Callable[[Rekey], None],
        switched: Callable[[int], None],
        refuse: Callable[[PrivacyError], None],
        every: float = rekey.EVERY,
    ) -> None:
        self._guard = guard
        self._say = say
        self._switched = switched
        self._refuse = refuse
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._core: rekey.RekeyCitizen | rekey.RekeyOffice = (
            rekey.RekeyCitizen(session.secrets, self._loop.time(), every=every)
            if session.side is Side.CITIZEN
            else rekey.RekeyOffice(session.secrets, draw=lambda: secrets.token_bytes(SECRET_SIZE))
        )
        guard.unlock(session.secrets)
        self._arm()

    def hear(self, message: Rekey) -> None:
        """A step came on the data channel."""
        self._give(rekey.Received(message.model_dump(exclude_none=True)))

    def close(self) -> None:
        """Renew nothing any more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _give(self, given: rekey.Given) -> None:
        for effect in self._core.handle(given, self._loop.time()):
            self._perform(effect)
        self._arm()

    def _perform(self, effect: rekey.Effect) -> None:
        match effect:
            case rekey.Say(message):
                self._say(Rekey.model_validate(message))
            case rekey.InstallReceiving(epoch_secrets):
                self._guard.install(epoch_secrets)
            case rekey.SwitchSending(epoch_secrets):
                self._guard.switch(epoch_secrets)
                self._switched(epoch_secrets.epoch)
            case rekey.DropReceiving(epoch):
                self._guard.drop(epoch)
            case rekey.Refuse(error):
                self._refuse(error)

    def _arm(self) -> None:
        self.close()
        if self._core.deadline is not None:
            self._timer = self._loop.call_at(self._core.deadline, self._give, rekey.Passed())
