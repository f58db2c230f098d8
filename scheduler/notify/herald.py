"""The herald: plans what a citizen is told, in the transaction of what it tells of. Nothing is sent here.

A message's ``facts`` are what fills its words (``scheduler.notify.wording``): moments, the reference, the place and a
link. They are sealed at rest, and the words are made only when it leaves.
"""

from __future__ import annotations

import json
import uuid
from datetime import datetime
from typing import Final

from scheduler.core import reminders
from tawasul.domain.audience import Audience, AudienceId
from tawasul.domain.case import CaseId
from tawasul.domain.message import Message, MessageId, MessageKind
from tawasul.domain.people import CitizenId
from tawasul.domain.places import Name
from tawasul.domain.private import Private
from tawasul.domain.venue import AtKiosk
from tawasul.store.unit_of_work import UnitOfWork

_WITH_A_TIME: Final = frozenset({MessageKind.BOOKED, MessageKind.MOVED, MessageKind.REBOOKED})
"""After these there is a time to be reminded of; what was planned for an earlier one is withdrawn."""

_WITHOUT: Final = frozenset({MessageKind.CANCELLED, MessageKind.TIME_LOST})

_OF_AN_OFFER: Final = frozenset({MessageKind.OFFER, MessageKind.OFFER_LAPSED, MessageKind.OFFER_WITHDRAWN})


class Herald:
    """``address``: how citizens reach the service, such as ``https://majlis.example.sa``."""

    def __init__(self, address: str) -> None:
        self._address = address.rstrip("/")

    async def tell(
        self,
        uow: UnitOfWork,
        kind: MessageKind,
        audience: Audience | None,
        citizen_id: CitizenId,
        *,
        now: datetime,
        link_token: str | None = None,
        expires_at: datetime | None = None,
    ) -> None:
        """Plans the message, and with a new time its reminders. Does not commit.

        ``audience``: as it is after the change; ``None`` for an offer. ``link_token``: of the citizen's booking page,
        or of the offer. ``expires_at``: until when the offer is open.
        """
        if audience is not None and kind in _WITH_A_TIME | _WITHOUT:
            await self.forget(uow, audience.id)
        facts = await self._facts(uow, kind, audience, link_token, expires_at)
        starts_at = None if audience is None else audience.slot_starts_at
        due_at = reminders.due(kind, now, starts_at=starts_at, expires_at=expires_at)
        planned = [(kind, due_at)]
        if starts_at is not None and kind in _WITH_A_TIME:
            planned += reminders.reminders(starts_at, due_at)
        for what, when in planned:
            await uow.messages.add(
                Message(
                    id=MessageId(uuid.uuid4().hex),
                    kind=what,
                    citizen_id=citizen_id,
                    audience_id=None if audience is None else audience.id,
                    language="ar" if audience is None else audience.language,
                    facts=facts,
                    due_at=when,
                    made_at=now,
                )
            )

    async def tell_about_case(
        self,
        uow: UnitOfWork,
        kind: MessageKind,
        citizen_id: CitizenId,
        *,
        case_id: CaseId,
        language: str,
        link_token: str,
        now: datetime,
        closes_at: datetime | None = None,
    ) -> None:
        """Plans a message about a citizen's case. Does not commit.

        ``link_token``: of its page. ``closes_at``: until when its answer may be contested.
        """
        facts = {"link": f"{self._address}/case#{link_token}", "case": case_id}
        if closes_at is not None:
            facts["expires_at"] = closes_at.isoformat()
        await uow.messages.add(
            Message(
                id=MessageId(uuid.uuid4().hex),
                kind=kind,
                citizen_id=citizen_id,
                audience_id=None,
                language=language,
                facts=Private(json.dumps(facts)),
                due_at=reminders.due(kind, now, expires_at=closes_at),
                made_at=now,
            )
        )

    async def forget(self, uow: UnitOfWork, audience_id: AudienceId) -> None:
        """Withdraws what is planned for an audience and has not left. Does not commit."""
        await uow.messages.withdraw(audience_id)

    async def _facts(
        self,
        uow: UnitOfWork,
        kind: MessageKind,
        audience: Audience | None,
        link_token: str | None,
        expires_at: datetime | None,
    ) -> Private[str]:
        facts: dict[str, str] = {}
        if audience is not None:
            facts |= {"starts_at": audience.slot_starts_at.isoformat(), "reference": audience.reference}
            if (place := await _place(uow, audience)) is not None:
                facts |= {"place_arabic": place.arabic, "place_english": place.english}
        if link_token is not None:
            page = "offer" if kind in _OF_AN_OFFER else "booking"
            facts["link"] = f"{self._address}/{page}#{link_token}"
        if expires_at is not None:
            facts["expires_at"] = expires_at.isoformat()
        return Private(json.dumps(facts, ensure_ascii=False))


async def _place(uow: UnitOfWork, audience: Audience) -> Name | None:
    """The centre of a kiosk; the other venues have no name that the citizen would need."""
    if not isinstance(audience.venue, AtKiosk):
        return None
    kiosk = await uow.kiosks.get(audience.venue.kiosk_id)
    return (await uow.centres.get(kiosk.centre_id)).name
