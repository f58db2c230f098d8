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


def relays_router(issuer: IceIssuer, clock: Callable[[], datetime]) -> APIRouter:
    """The router, over what the composition root made."""
    router = APIRouter(tags=["join"])

    @router.get("/api/join/ice")
    async def ice(request: Request, who: Annotated[CitizenPrincipal, Allow(Action.GET_ICE)]) -> IceConfiguration:
        """The relay that the call will use, and nothing but the relay: a test by another path would prove nothing."""
        host = request.url.hostname or "127.0.0.1"
        return issuer.issue(f"test.{who.audience_id}", host=host, policy="relay", now=clock().timestamp())

    return router
