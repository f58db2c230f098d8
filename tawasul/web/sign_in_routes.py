"""Signing in and out, and beginning with a citizen's link: JSON under ``/api/session`` and ``/api/join``."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from tawasul.access.cookies import Cookies
from tawasul.access.csrf import CsrfTokens
from tawasul.access.door import source_of
from tawasul.access.endpoint import Allow, Public
from tawasul.access.links import LONGEST_LINK, LinkDesk
from tawasul.access.passwords import LONGEST_PASSWORD
from tawasul.access.policy import Action, CitizenPrincipal, Principal, StaffPrincipal
from tawasul.access.sign_in import SignInDesk
from tawasul.domain.audience import AudienceId
from tawasul.domain.people import Role
from tawasul.store.unit_of_work import UnitOfWorkFactory

FIRST_PAGE = {Role.DESK: "/desk", Role.OFFICE: "/office", Role.ADMIN: "/", Role.AGENCY: "/agency"}


PRINTABLE = r"^[^\x00-\x1f\x7f]*$"
"""No control characters: PostgreSQL takes no NUL in a text."""


class Credentials(BaseModel):
    """What was typed. Never logged: a password has been typed into the field of the name before."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    user_name: Annotated[str, Field(min_length=1, max_length=64, pattern=PRINTABLE)] = Field(repr=False)
    password: Annotated[str, Field(min_length=1, max_length=LONGEST_PASSWORD)] = Field(repr=False)


class Session(BaseModel):
    """Who is signed in; ``csrf`` goes into the header X-Tawasul-CSRF, ``first_page`` is where to go. A desk has a
    governorate, an agency's account an agency.
    """

    role: Role
    display_name: str
    governorate_id: str | None
    agency_id: str | None = None
    csrf: str
    first_page: str


class Token(BaseModel):
    """What follows the ``#`` of the link."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    token: Annotated[str, Field(min_length=1, max_length=LONGEST_LINK)] = Field(repr=False)


class OwnAudience(BaseModel):
    """What a citizen's page may know: their own audience, by its reference; no name, for who holds the telephone?"""

    audience_id: str
    reference: str
    state: str
    slot_starts_at: datetime
    governorate_arabic: str
    governorate_english: str
    csrf: str


def sign_in_router(
    desk: SignInDesk, links: LinkDesk, cookies: Cookies, csrf: CsrfTokens, unit_of_work: UnitOfWorkFactory
) -> APIRouter:
    """The router, over what the composition root made."""
    router = APIRouter(tags=["session"])

    @router.post("/api/session")
    async def sign_in(
        who: Annotated[Principal, Public()], body: Credentials, request: Request, response: Response
    ) -> Session:
        """Sets the session's cookie."""
        signed_in = await desk.sign_in(body.user_name, body.password, source=source_of(request))
        cookies.set_session(response, signed_in.principal.role, signed_in.token)
        return session_of(signed_in.principal)

    @router.get("/api/session")
    async def session(who: Annotated[StaffPrincipal, Allow(Action.SEE_SELF)]) -> Session:
        """Who is signed in."""
        return session_of(who)

    @router.delete("/api/session", status_code=204)
    async def sign_out(who: Annotated[StaffPrincipal, Allow(Action.SIGN_OUT)], response: Response) -> None:
        """Ends the session whose page asks."""
        await desk.sign_out(who)
        cookies.clear_session(response, who.role)

    @router.post("/api/join/begin")
    async def begin(
        who: Annotated[Principal, Public()], body: Token, request: Request, response: Response
    ) -> OwnAudience:
        """The first use gives the link to this device, and sets its cookie."""
        bound = await links.begin(body.token, cookies.device(request.cookies))
        cookies.set_device(response, bound.cookie)
        return await own_audience(bound.principal)

    @router.get("/api/join/me")
    async def me(who: Annotated[CitizenPrincipal, Allow(Action.SEE_OWN_AUDIENCE)]) -> OwnAudience:
        """The audience of this device."""
        return await own_audience(who)

    def session_of(principal: StaffPrincipal) -> Session:
        return Session(
            role=principal.role,
            display_name=principal.display_name,
            governorate_id=principal.governorate_id,
            agency_id=principal.agency_id,
            csrf=csrf.of(principal),
            first_page=FIRST_PAGE[principal.role],
        )

    async def own_audience(principal: CitizenPrincipal) -> OwnAudience:
        async with unit_of_work(reading=True) as uow:
            audience = await uow.audiences.get(AudienceId(principal.audience_id))
            governorate = await uow.governorates.get(audience.governorate_id)
        return OwnAudience(
            audience_id=audience.id,
            reference=audience.reference,
            state=audience.state.value,
            slot_starts_at=audience.slot_starts_at,
            governorate_arabic=governorate.name.arabic,
            governorate_english=governorate.name.english,
            csrf=csrf.of(principal),
        )

    return router
