"""What the join page asks by HTTP: to make the link this device's, who it is, and the relays for its path test."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from signaling.views import place_of
from signaling.web.state import ice_of, switchboard_of
from tawasul.access.door import Doorkeeper
from tawasul.access.endpoint import Allow, Public
from tawasul.access.policy import Action, CitizenPrincipal, Principal
from tawasul.protocol.base import BothNames
from tawasul.protocol.from_server import AudienceState
from tawasul.protocol.ice import IceConfiguration

router = APIRouter(prefix="/api/join", tags=["join"])


class Begin(BaseModel):
    """The token that stood in the link's fragment."""

    model_config = ConfigDict(extra="forbid")

    token: Annotated[str, Field(min_length=1, max_length=300)]


class OwnAudience(BaseModel):
    """The audience this device is for. ``csrf``: the token that its further requests carry."""

    audience_id: str
    reference: str
    state: AudienceState
    slot_starts_at: datetime
    opens_at: datetime | None
    place: BothNames
    csrf: str


@router.post("/begin")
async def begin(asked: Begin, request: Request, response: Response, who: Annotated[Principal, Public()]) -> OwnAudience:
    """The citizen pressed "begin": the link belongs to this device from now on."""
    doorkeeper: Doorkeeper = request.app.state.doorkeeper
    bound = await doorkeeper.links.begin(asked.token, doorkeeper.cookies.device(request.cookies))
    doorkeeper.cookies.set_device(response, bound.cookie)
    request.state.csrf = doorkeeper.csrf.of(bound.principal)
    return await _own(request, bound.principal)


@router.get("/me")
async def me(request: Request, who: Annotated[CitizenPrincipal, Allow(Action.SEE_OWN_AUDIENCE)]) -> OwnAudience:
    """Which audience this device is for: after a reload, when the fragment is gone."""
    return await _own(request, who)


@router.get("/ice")
async def ice(request: Request, who: Annotated[CitizenPrincipal, Allow(Action.GET_ICE)]) -> IceConfiguration:
    """The relays for the path test before the call: the same relay and the same policy as the call will have."""
    issuer = ice_of(request)
    host = request.url.hostname or "127.0.0.1"
    now = switchboard_of(request).now().timestamp()
    return issuer.issue(f"test.{who.audience_id}", host=host, policy="relay", now=now)


async def _own(request: Request, who: CitizenPrincipal) -> OwnAudience:
    switchboard = switchboard_of(request)
    audience, reading = await switchboard.look_up(who.audience_id)
    sitting = reading.sitting(audience.sitting_id)
    return OwnAudience(
        audience_id=audience.id,
        reference=audience.reference,
        state=audience.state.value,
        slot_starts_at=audience.slot_starts_at,
        opens_at=sitting.opens_at if sitting else None,
        place=BothNames.of(place_of(audience, reading)),
        csrf=request.state.csrf,
    )
