"""New keys every five minutes while a call runs: three messages on the data channel, and never a frame lost. Pure.

::

    citizen's end                              office's end
    300 s passed → rk1 ─────────────────────►  installs receiving keys, rk2
    installs receiving keys  ◄───────────────
    sends under the new epoch, rk3 ─────────►  sends under the new epoch
    5 s later drops the old receiving keys     5 s later drops the old receiving keys

Contract: begin it with a confirmed session and its time; give every rekey message and `Passed` at `deadline`; perform
the effects in order. After `Refuse` the attempt ends. Times in seconds, all from one clock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tawasul.e2ee.encoding import b64, length_prefixed, u32, unb64
from tawasul.e2ee.errors import KeyShareWrong, PrivacyError, RekeyLate, RekeyWrong
from tawasul.e2ee.key_share import PUBLIC_SIZE, SEALED_SIZE, KeyShare, seal_to
from tawasul.e2ee.session import EpochSecrets, Side, mac, same, sha256

EVERY = 300.0
"""Seconds from one epoch to the next: what a stolen key opens is at most so much of a call."""
WITHIN = 30.0
"""Seconds for a rekey. Longer than any gap after which the path counts as lost."""
KEPT_FOR = 5.0
"""Seconds for which frames of the old epoch may still arrive: longer than any jitter buffer."""

_MAC_SIZE = 32
_MEMBERS = {1: {"type", "step", "epoch", "pk", "mac"}, 2: {"type", "step", "epoch", "ct", "mac"}}
_LAST = {"type", "step", "epoch", "mac"}


@dataclass(frozen=True, slots=True)
class Received:
    """A message ``{"type":"rekey",…}`` came on the data channel."""

    message: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Passed:
    """The deadline has come."""


Given = Received | Passed


@dataclass(frozen=True, slots=True)
class Say:
    """Send this on the data channel."""

    message: dict[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class InstallReceiving:
    """Open frames of this epoch too."""

    secrets: EpochSecrets


@dataclass(frozen=True, slots=True)
class SwitchSending:
    """From the next frame on, seal under this epoch."""

    secrets: EpochSecrets


@dataclass(frozen=True, slots=True)
class DropReceiving:
    """Open no more frames of this epoch."""

    epoch: int


@dataclass(frozen=True, slots=True)
class Refuse:
    """The attempt ends: no media any more."""

    error: PrivacyError


Effect = Say | InstallReceiving | SwitchSending | DropReceiving | Refuse


class _Rekey:
    """What both ends do alike: the present epoch, dropping the one before, time, and refusing once."""

    def __init__(self, secrets: EpochSecrets) -> None:
        self.secrets = secrets
        """The epoch under which this end sends."""
        self._drops: list[tuple[float, int]] = []
        self._late_at: float | None = None
        self._over = False

    @property
    def deadline(self) -> float | None:
        """When `Passed` is due; None when it is over."""
        if self._over:
            return None
        times = (self._late_at, self._begin_at(), *(at for at, _ in self._drops))
        return min((at for at in times if at is not None), default=None)

    def handle(self, given: Given, now: float) -> list[Effect]:
        """What to do about `given`."""
        if self._over:
            return []
        effects: list[Effect] = [DropReceiving(epoch) for at, epoch in self._drops if now >= at]
        self._drops = [each for each in self._drops if now < each[0]]
        try:
            if self._late_at is not None and now >= self._late_at:
                raise RekeyLate
            match given:
                case Received(message):
                    effects += self._take(_Message(message), now)
                case Passed():
                    effects += self._pass(now)
        except PrivacyError as error:
            self._over = True
            effects.append(Refuse(RekeyWrong() if isinstance(error, KeyShareWrong) else error))
        return effects

    def _begin_at(self) -> float | None:
        return None

    def _pass(self, now: float) -> list[Effect]:
        return []

    def _take(self, message: _Message, now: float) -> list[Effect]:
        raise RekeyWrong

    def _switch(self, secrets: EpochSecrets, now: float) -> SwitchSending:
        self._drops.append((now + KEPT_FOR, self.secrets.epoch))
        self.secrets = secrets
        self._late_at = None
        return SwitchSending(secrets)


class RekeyCitizen(_Rekey):
    """The citizen's end, which begins each rekey, `every` so many seconds. `share` makes the key share of one rekey
    (the library's own unless given, for vectors)."""

    def __init__(
        self,
        secrets: EpochSecrets,
        now: float,
        *,
        every: float = EVERY,
        share: Callable[[], KeyShare] = KeyShare.generate,
    ) -> None:
        super().__init__(secrets)
        self._make_share = share
        self._share: KeyShare | None = None
        self._every = every
        self._next_at = now + every

    def _begin_at(self) -> float | None:
        return self._next_at if self._share is None else None

    def _pass(self, now: float) -> list[Effect]:
        if self._share is not None or now < self._next_at:
            return []
        self._share = self._make_share()
        self._late_at = now + WITHIN
        epoch, public = self.secrets.epoch + 1, self._share.public
        code = mac(self.secrets.rekey_key(Side.CITIZEN), first_part(epoch, public))
        return [Say({"type": "rekey", "step": 1, "epoch": epoch, "pk": b64(public), "mac": b64(code)})]

    def _take(self, message: _Message, now: float) -> list[Effect]:
        if self._share is None or message.step != 2 or message.epoch != self.secrets.epoch + 1:
            raise RekeyWrong
        public, sealed = self._share.public, message.octets("ct", SEALED_SIZE)
        message.check(mac(self.secrets.rekey_key(Side.OFFICE), second_part(message.epoch, public, sealed)))
        secret = self._share.open(sealed, sha256(first_part(message.epoch, public)))
        fresh = self.secrets.next(secret, public=public, sealed=sealed)
        self._share, self._next_at = None, now + self._every
        code = b64(fresh.confirmation(Side.CITIZEN))
        last = Say({"type": "rekey", "step": 3, "epoch": fresh.epoch, "mac": code})
        return [InstallReceiving(fresh), self._switch(fresh, now), last]


class RekeyOffice(_Rekey):
    """The office's end, which answers. `draw` gives 32 random bytes, fresh ones each time."""

    def __init__(self, secrets: EpochSecrets, *, draw: Callable[[], bytes]) -> None:
        super().__init__(secrets)
        self._draw = draw
        self._fresh: EpochSecrets | None = None

    def _take(self, message: _Message, now: float) -> list[Effect]:
        if message.epoch != self.secrets.epoch + 1:
            raise RekeyWrong
        if message.step == 1 and self._fresh is None:
            return self._take_first(message, now)
        if message.step == 3 and self._fresh is not None:
            message.check(self._fresh.confirmation(Side.CITIZEN))
            fresh, self._fresh = self._fresh, None
            return [self._switch(fresh, now)]
        raise RekeyWrong

    def _take_first(self, message: _Message, now: float) -> list[Effect]:
        public = message.octets("pk", PUBLIC_SIZE)
        message.check(mac(self.secrets.rekey_key(Side.CITIZEN), first_part(message.epoch, public)))
        secret = self._draw()
        sealed = seal_to(public, secret, sha256(first_part(message.epoch, public)))
        self._fresh = self.secrets.next(secret, public=public, sealed=sealed)
        self._late_at = now + WITHIN
        code = mac(self.secrets.rekey_key(Side.OFFICE), second_part(message.epoch, public, sealed))
        answer = {"type": "rekey", "step": 2, "epoch": message.epoch, "ct": b64(sealed), "mac": b64(code)}
        return [InstallReceiving(self._fresh), Say(answer)]


class _Message:
    """A message of which the members are there and no others. Raises RekeyWrong."""

    def __init__(self, message: Mapping[str, Any]) -> None:
        step, epoch = message.get("step"), message.get("epoch")
        if type(step) is not int or type(epoch) is not int or message.get("type") != "rekey":
            raise RekeyWrong
        if set(message) != _MEMBERS.get(step, _LAST):
            raise RekeyWrong
        self.step: int = step
        self.epoch: int = epoch
        self._message = message

    def octets(self, member: str, size: int) -> bytes:
        """The bytes of a member, of exactly `size`."""
        value = self._message[member]
        try:
            data = unb64(value) if isinstance(value, str) else b""
        except ValueError as error:
            raise RekeyWrong from error
        if len(data) != size:
            raise RekeyWrong
        return data

    def check(self, expected: bytes) -> None:
        """Compare its mac."""
        if not same(self.octets("mac", _MAC_SIZE), expected):
            raise RekeyWrong


def first_part(epoch: int, public: bytes) -> bytes:
    """What rk1 authenticates, and by its hash what binds the sealed secret."""
    return length_prefixed(b"rk1") + u32(epoch) + length_prefixed(public)


def second_part(epoch: int, public: bytes, sealed: bytes) -> bytes:
    """What rk2 authenticates."""
    return length_prefixed(b"rk2") + u32(epoch) + length_prefixed(public) + length_prefixed(sealed)
