"""What the composition root puts on the application for signaling's endpoints."""

from __future__ import annotations

from starlette.requests import HTTPConnection

from signaling.ice import IceIssuer
from signaling.switchboard import Switchboard


def switchboard_of(connection: HTTPConnection) -> Switchboard:
    """The switchboard of this process."""
    switchboard: Switchboard = connection.app.state.switchboard
    return switchboard


def ice_of(connection: HTTPConnection) -> IceIssuer:
    """Who mints relay credentials."""
    issuer: IceIssuer = connection.app.state.ice
    return issuer
