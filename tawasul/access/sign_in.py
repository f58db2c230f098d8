"""Signing in and out, and who a session cookie is. Staff only; citizens come by link, kiosks by device key."""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from tawasul.access.passwords import Passwords
from tawasul.access.policy import StaffPrincipal
from tawasul.access.ports import WorkFactory
from tawasul.access.throttle import Throttle
from tawasul.access.tokens import LONGEST_TOKEN, hash_of, new_token
from tawasul.domain.errors import NotSignedIn, WrongPassword
from tawasul.domain.people import Staff
from tawasul.domain.sign_in import SignIn, SignInId

LASTS: Final = timedelta(hours=12)
IDLE: Final = timedelta(hours=2)
_NOTE_USE_EVERY: Final = timedelta(minutes=1)
"""Noting each request would make a write of every read; a minute is near enough to two hours."""


@dataclass(frozen=True, slots=True, repr=False)
class SignedIn:
    """What a right password gives: the token for the cookie (shown once, kept as a hash) and who it is."""

    token: str
    principal: StaffPrincipal


class SignInDesk:
    """The use cases of signing in. One transaction each."""

    def __init__(
        self, work: WorkFactory, passwords: Passwords, throttle: Throttle, clock: Callable[[], datetime]
    ) -> None:
        self._work = work
        self._passwords = passwords
        self._throttle = throttle
        self._clock = clock

    async def sign_in(self, user_name: str, password: str, *, source: str) -> SignedIn:
        """A new session.

        Raises:
            TooManyAttempts: for this name or from this source.
            WrongPassword: which of the two is wrong is not said, nor whether the person is no longer with us.
        """
        name = canonical(user_name)
        await self._throttle.count(name, source)
        async with self._work(reading=True) as work:
            staff = await work.staff.by_user_name(name)
        # Outside any transaction: hashing takes long, and nobody shall wait for it.
        verdict = await self._passwords.verify(password, staff.password_hash if staff else None)
        if staff is None or not verdict.right or not staff.active:
            raise WrongPassword
        await self._throttle.forgive(name)
        return await self._open(staff, verdict.new_hash)

    async def sign_out(self, principal: StaffPrincipal) -> None:
        """The session is over; its cookie opens nothing any more."""
        async with self._work() as work:
            await work.sign_ins.remove(principal.session_id)
            await work.commit()

    async def who(self, token: str) -> StaffPrincipal | None:
        """Who the token of a cookie is, or ``None``: unknown, run out, idle for two hours, or no longer with us."""
        if len(token) > LONGEST_TOKEN:
            return None
        now = self._clock()
        async with self._work(reading=True) as work:
            sign_in = await work.sign_ins.by_token_hash(hash_of(token))
            if sign_in is None or now >= min(sign_in.expires_at, sign_in.last_seen_at + IDLE):
                return None
            staff = await work.staff.get(sign_in.staff_id)
        if not staff.active:
            return None
        if now - sign_in.last_seen_at >= _NOTE_USE_EVERY:
            async with self._work() as work:
                await work.sign_ins.touch(sign_in.id, now)
                await work.commit()
        return _principal(staff, sign_in.id)

    async def look_again(self, principal: StaffPrincipal) -> None:
        """Notes the use. Raises: NotSignedIn: signed out, run out, or no longer with us."""
        now = self._clock()
        async with self._work() as work:
            sign_in = await work.sign_ins.get(principal.session_id)
            if sign_in is None or now >= sign_in.expires_at or not (await work.staff.get(sign_in.staff_id)).active:
                raise NotSignedIn
            await work.sign_ins.touch(sign_in.id, now)
            await work.commit()

    async def holds(self, principal: StaffPrincipal) -> bool:
        """Whether the sign-in still holds. Looking is no use of it: an idle page that listens may run out."""
        now = self._clock()
        async with self._work(reading=True) as work:
            sign_in = await work.sign_ins.get(principal.session_id)
            if sign_in is None or now >= min(sign_in.expires_at, sign_in.last_seen_at + IDLE):
                return False
            return (await work.staff.get(sign_in.staff_id)).active

    async def _open(self, staff: Staff, new_hash: str | None) -> SignedIn:
        token, now = new_token(), self._clock()
        sign_in = SignIn(
            id=SignInId(uuid.uuid4().hex),
            token_hash=hash_of(token),
            staff_id=staff.id,
            signed_in_at=now,
            last_seen_at=now,
            expires_at=now + LASTS,
        )
        async with self._work() as work:
            await work.sign_ins.remove_expired(now)
            if new_hash is not None:
                await work.staff.save_password_hash(staff.id, new_hash)
            await work.sign_ins.add(sign_in)
            await work.commit()
        return SignedIn(token, _principal(staff, sign_in.id))


def canonical(user_name: str) -> str:
    """The one way in which a user name is kept and looked up: NFKC, case folded, trimmed."""
    return unicodedata.normalize("NFKC", user_name).casefold().strip()


def _principal(staff: Staff, session_id: SignInId) -> StaffPrincipal:
    return StaffPrincipal(
        staff_id=staff.id,
        role=staff.role,
        governorate_id=staff.governorate_id,
        session_id=session_id,
        display_name=staff.display_name,
        agency_id=staff.agency_id,
    )
