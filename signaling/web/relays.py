"""What the join page asks of signaling by HTTP: the relays for its path test before the call."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Request

from signaling.ice import IceIssuer
from tawasul.access.endpoint import Allow
from tawasul.access.policy import Action, CitizenPrincipal
from tawasul.protocol.ice import IceConfiguration
from tawasul.store.unit_of_work import UnitOfWorkFactory


def relays_router(issuer: IceIssuer, units: UnitOfWorkFactory, clock: Callable[[], datetime]) -> APIRouter:
    """The router, over what the composition root made."""
    router = APIRouter(tags=["join"])

    @router.get("/api/join/ice")
    async def ice(request: Request, who: Annotated[CitizenPrincipal, Allow(Action.GET_ICE)]) -> IceConfiguration:
        """The relays that the call will use, and nothing but relays: a test by another path would prove nothing."""
        async with units(reading=True) as work:
            audience = await work.audiences.get(who.audience_id)
        host = request.url.hostname or "127.0.0.1"
        now = clock().timestamp()
        # A test is over in seconds, whenever the slot is.
        name = f"{audience.id}.test@{audience.governorate_id}"
        return issuer.issue(name, host=host, policy="relay", now=now, until=now)

    return router
