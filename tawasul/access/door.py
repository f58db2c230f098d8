"""The doorkeeper: from the proofs on a connection to the principal who may do what the endpoint does."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import HTTPConnection

from tawasul.access import device_proof, origin
from tawasul.access.cookies import Cookies
from tawasul.access.csrf import HEADER, CsrfTokens
from tawasul.access.errors import CrossSite, KioskNotRecognised, WrongCsrfToken
from tawasul.access.links import LinkDesk
from tawasul.access.policy import (
    Action,
    Anonymous,
    CitizenPrincipal,
    KioskPrincipal,
    Principal,
    StaffPrincipal,
    allowed,
)
from tawasul.access.ports import WorkFactory
from tawasul.access.sign_in import SignInDesk
from tawasul.domain.errors import NotFound, NotSignedIn, Refused
from tawasul.domain.places import KioskId


@dataclass(frozen=True, slots=True)
class Doorkeeper:
    """Made once by the composition root, at ``app.state.doorkeeper``; the gates of all endpoints ask it."""

    work: WorkFactory
    sign_ins: SignInDesk
    links: LinkDesk
    csrf: CsrfTokens
    cookies: Cookies

    async def admit(self, connection: HTTPConnection, action: Action | None) -> Principal:
        """The first of the connection's principals who may do the action; with ``None``, the first of all.

        Leaves ``state.principal`` and ``state.csrf`` (the token for the page) on the connection.

        Raises:
            CrossSite: an unsafe request, or a WebSocket with a proof, that none of our pages sent.
            NotSignedIn: there is no proof at all.
            Refused: who is there may not do this.
            WrongCsrfToken: an unsafe request without the token of a principal who may.
        """
        unsafe = connection.scope["type"] == "websocket" or connection.scope["method"] not in origin.SAFE_METHODS
        principals = await self.principals(connection)
        # A kiosk's line has neither cookie nor origin: what is not sent cannot be abused from another site.
        bare_line = connection.scope["type"] == "websocket" and not principals and "origin" not in connection.headers
        if unsafe and not bare_line and not _from_our_page(connection):
            raise CrossSite
        principal = self._choose(connection, principals, action)
        connection.state.principal = principal
        connection.state.csrf = self.csrf.of(principal)
        return principal

    async def principals(self, connection: HTTPConnection) -> list[StaffPrincipal | CitizenPrincipal]:
        """All whom the connection's cookies prove, staff first."""
        found: list[StaffPrincipal | CitizenPrincipal] = []
        for role, token in self.cookies.session_tokens(connection.cookies).items():
            staff = await self.sign_ins.who(token)
            # A token counts only in the cookie of its own role.
            if staff is not None and staff.role is role:
                found.append(staff)
        device = self.cookies.device(connection.cookies)
        citizen = await self.links.who(device) if device else None
        return found + ([citizen] if citizen else [])

    async def recognise_kiosk(self, nonce: str, kiosk_id: KioskId, signature: str) -> KioskPrincipal:
        """The kiosk whose registered key signed our nonce; ``signature`` is base64url.

        Raises:
            KioskNotRecognised: unknown, without a key, or signed by another one.
        """
        async with self.work(reading=True) as work:
            try:
                kiosk = await work.kiosks.get(kiosk_id)
                centre = await work.centres.get(kiosk.centre_id)
            except NotFound:
                raise KioskNotRecognised from None
        if kiosk.public_key is None:
            raise KioskNotRecognised
        device_proof.verify(kiosk.public_key, nonce, kiosk.id, signature)
        return KioskPrincipal(kiosk.id, centre.id, centre.governorate_id)

    async def look_again(self, principal: Principal) -> None:
        """For a line that has been open for a while: nothing, while what the principal came in by still holds.

        An open line is use: a sign-in does not run idle while its console is open.

        Raises:
            NotSignedIn: signed out, or the sign-in's time is over.
            KioskNotRecognised: the kiosk's key was withdrawn.
            LinkNotValid: the link was issued again, or the audience was given up.
        """
        match principal:
            case StaffPrincipal():
                await self.sign_ins.look_again(principal)
            case CitizenPrincipal():
                await self.links.look_again(principal)
            case KioskPrincipal():
                async with self.work(reading=True) as work:
                    if (await work.kiosks.get(principal.kiosk_id)).public_key is None:
                        raise KioskNotRecognised
            case Anonymous():
                raise NotSignedIn

    def _choose(
        self, connection: HTTPConnection, principals: list[StaffPrincipal | CitizenPrincipal], action: Action | None
    ) -> Principal:
        if action is None:
            return principals[0] if principals else Anonymous()
        may = [principal for principal in principals if allowed(principal, action)]
        if not may:
            raise Refused if principals else NotSignedIn
        if connection.scope["type"] == "websocket" or connection.scope["method"] in origin.SAFE_METHODS:
            return may[0]
        token = connection.headers.get(HEADER, "")
        for principal in may:
            if self.csrf.verify(principal, token):
                return principal
        raise WrongCsrfToken


def _from_our_page(connection: HTTPConnection) -> bool:
    return origin.from_our_page(
        connection.headers, scheme=connection.url.scheme, host=connection.headers.get("host", "")
    )


def source_of(connection: HTTPConnection) -> str:
    """The address the connection comes from, for the throttle; never logged."""
    return connection.client.host if connection.client else "unknown"
