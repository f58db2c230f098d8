"""A citizen's link: a signed token for one audience, which belongs to the first device that uses it.

The token is itsdangerous' URL-safe form of ``[audience id, generation, expiry (Unix seconds)]``, signed with
HMAC-SHA-256. It travels in the fragment of ``/join#…``, so it reaches no log and no referrer, and looking at the link
(as previews of messages do) uses nothing. Using it is a POST, which gives the device a secret of its own; the database
keeps the secret's hash, beside the generation that is valid. The desk issues a link again by raising the generation:
the earlier link and its device are shut out.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from itsdangerous import BadData, URLSafeSerializer

from tawasul.access.policy import CitizenPrincipal
from tawasul.access.ports import Work, WorkFactory
from tawasul.access.tokens import LONGEST_TOKEN, hash_of, new_token
from tawasul.domain.audience import AudienceId, State
from tawasul.domain.errors import LinkExpired, LinkNotValid, LinkUsedElsewhere, NotFound
from tawasul.domain.sign_in import LinkDevice

LASTS_AFTER_SITTING: Final = timedelta(hours=2)
"""A sitting may run over; after that the link opens nothing."""

LONGEST_LINK: Final = 300
_COOKIE: Final = re.compile(rf"([A-Za-z0-9_-]{{1,{LONGEST_TOKEN}}})\.([A-Za-z0-9_-]{{1,64}})")
"""A quoted cookie may hold anything, even a NUL, which PostgreSQL takes in no text."""

_GIVEN_UP: Final = frozenset({State.CANCELLED, State.MISSED})


@dataclass(frozen=True, slots=True)
class Link:
    """What a token says."""

    audience_id: AudienceId
    generation: int
    expires_at: datetime


@dataclass(frozen=True, slots=True, repr=False)
class Bound:
    """The device's proof for its cookie, and who it is."""

    cookie: str
    principal: CitizenPrincipal


class LinkSigner:
    """Makes and reads tokens. Pure but for the key."""

    def __init__(self, key: bytes) -> None:
        self._serializer = URLSafeSerializer(
            key,
            salt="tawasul citizen link v1",
            signer_kwargs={"digest_method": hashlib.sha256, "key_derivation": "hmac"},
        )

    def sign(self, link: Link) -> str:
        """The token of a link."""
        return self._serializer.dumps([link.audience_id, link.generation, int(link.expires_at.timestamp())])

    def read(self, token: str, now: datetime) -> Link:
        """What the token says.

        Raises:
            LinkNotValid: we did not sign it.
            LinkExpired: its time is over.
        """
        if len(token) > LONGEST_LINK:
            raise LinkNotValid
        try:
            audience_id, generation, expires = self._serializer.loads(token)
        except BadData:
            raise LinkNotValid from None
        link = Link(AudienceId(audience_id), generation, datetime.fromtimestamp(expires, tz=now.tzinfo))
        if now >= link.expires_at:
            raise LinkExpired
        return link


class LinkDesk:
    """The use cases of links."""

    def __init__(self, work: WorkFactory, signer: LinkSigner, clock: Callable[[], datetime]) -> None:
        self._work = work
        self._signer = signer
        self._clock = clock

    async def issue(self, work: Work, audience_id: AudienceId, sitting_closes_at: datetime) -> str:
        """A token for a new link, within the caller's transaction. One that was there before opens nothing now."""
        earlier = await work.link_devices.of(audience_id)
        generation = earlier.generation + 1 if earlier else 1
        # Never after its own present: a link that is asked for late in a sitting that runs over still opens.
        expires_at = max(sitting_closes_at, self._clock()) + LASTS_AFTER_SITTING
        await work.link_devices.put(LinkDevice(audience_id, generation, expires_at))
        return self._signer.sign(Link(audience_id, generation, expires_at))

    async def present(self, work: Work, audience_id: AudienceId) -> str | None:
        """The token of the link as it stands, once more: for an answer that was lost on its way. ``None``: no link."""
        device = await work.link_devices.of(audience_id)
        return None if device is None else self._signer.sign(Link(audience_id, device.generation, device.expires_at))

    async def opens_at(self, work: Work, audience_id: AudienceId, sitting_closes_at: datetime) -> bool:
        """Whether there is a link that still opens as long as one issued for that sitting would."""
        device = await work.link_devices.of(audience_id)
        return device is not None and device.expires_at >= sitting_closes_at + LASTS_AFTER_SITTING

    async def begin(self, token: str, cookie: str | None) -> Bound:
        """The first use gives the link to this device; the same device may use it again.

        ``cookie`` is what the device has from an earlier link: a family may join from one telephone.

        Raises:
            LinkNotValid: not ours, of an earlier generation, or of an audience that was given up.
            LinkExpired: its time is over.
            LinkUsedElsewhere: it belongs to another device.
        """
        now = self._clock()
        link = self._signer.read(token, now)
        brought = _parse(cookie)[0] if cookie else None
        async with self._work() as work:
            # Only a secret that we have given: one that was planted in the browser is known to whoever planted it.
            known = brought is not None and await work.link_devices.knows(hash_of(brought))
            secret = brought if brought is not None and known else new_token()
            device = await self._valid(work, link.audience_id)
            if device.generation != link.generation:
                raise LinkNotValid
            if device.device_hash is None:
                if not await work.link_devices.bind(link.audience_id, link.generation, hash_of(secret), now):
                    raise LinkUsedElsewhere
                await work.commit()
            elif not hmac.compare_digest(device.device_hash, hash_of(secret)):
                raise LinkUsedElsewhere
        return Bound(f"{secret}.{link.audience_id}", CitizenPrincipal(link.audience_id, link.generation))

    async def who(self, cookie: str) -> CitizenPrincipal | None:
        """Which audience the cookie of a device is for, or ``None``: unknown, run out, given up or issued again."""
        secret, audience_id = _parse(cookie)
        if secret is None:
            return None
        async with self._work(reading=True) as work:
            try:
                device = await self._valid(work, audience_id)
            except LinkNotValid:
                return None
        if device.device_hash is None or not hmac.compare_digest(device.device_hash, hash_of(secret)):
            return None
        return CitizenPrincipal(audience_id, device.generation) if self._clock() < device.expires_at else None

    async def look_again(self, principal: CitizenPrincipal) -> None:
        """Raises: LinkNotValid: issued again, or its audience was given up."""
        async with self._work(reading=True) as work:
            device = await self._valid(work, principal.audience_id)
        if device.generation != principal.generation:
            raise LinkNotValid

    async def _valid(self, work: Work, audience_id: AudienceId) -> LinkDevice:
        """Raises: LinkNotValid: no link, or its audience was given up."""
        device = await work.link_devices.of(audience_id)
        if device is None:
            raise LinkNotValid
        try:
            audience = await work.audiences.get(audience_id)
        except NotFound:
            raise LinkNotValid from None
        if audience.state in _GIVEN_UP:
            raise LinkNotValid
        return device


def _parse(cookie: str) -> tuple[str | None, AudienceId]:
    """The device's secret and its present audience; no secret if the cookie is none of ours."""
    read = _COOKIE.fullmatch(cookie)
    return (read[1], AudienceId(read[2])) if read else (None, AudienceId(""))
