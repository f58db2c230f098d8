"""The gateway: the three WebSocket doors, for the office, for kiosks and for citizens at their own location.

Each line has a task that reads and one that writes; its core says what is lawful; the switchboard does the rest.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, WebSocket
from starlette.websockets import WebSocketDisconnect, WebSocketState

from signaling.core.peer import Close, Deliver, Effect, Endpoint, Greet, Passed, Peer, Received, Refuse
from signaling.line import Line
from signaling.requests import Requests
from signaling.strangers import TooManyStrangers
from signaling.switchboard import Switchboard
from tawasul.access.door import source_of
from tawasul.access.endpoint import Allow, Public
from tawasul.access.policy import Action, CitizenPrincipal, Principal, StaffPrincipal
from tawasul.access.throttle import network_of
from tawasul.domain.errors import Refused
from tawasul.domain.places import KioskId
from tawasul.protocol.from_endpoint import Hello
from tawasul.protocol.from_server import Challenge

READY_WITHIN = 10.0
"""Seconds that a line waits for a server that is only just starting."""


def gateway_router(switchboard: Switchboard, requests: Requests) -> APIRouter:
    """The router, over what the composition root made."""
    router = APIRouter(prefix="/signaling")
    numbers = itertools.count(1)

    @router.websocket("/office")
    async def office(socket: WebSocket, who: Annotated[StaffPrincipal, Allow(Action.SEE_BOARD)]) -> None:
        """A console of the office, by its sign-in."""
        await _serve(
            socket, Line(Endpoint.OFFICE, f"office:{next(numbers)}", who, _host(socket)), switchboard, requests
        )

    @router.websocket("/citizen")
    async def citizen(socket: WebSocket, who: Annotated[CitizenPrincipal, Allow(Action.WAIT)]) -> None:
        """A citizen's page at their own location, by the device their link belongs to."""
        await _serve(
            socket, Line(Endpoint.CITIZEN, f"citizen:{who.audience_id}", who, _host(socket)), switchboard, requests
        )

    @router.websocket("/kiosk")
    async def kiosk(socket: WebSocket, who: Annotated[Principal, Public()]) -> None:
        """A kiosk: anybody may knock, and has to prove the device key before anything else is heard."""
        await _serve(socket, Line(Endpoint.KIOSK, "kiosk:?", who, _host(socket)), switchboard, requests)

    return router


async def _serve(socket: WebSocket, line: Line, switchboard: Switchboard, requests: Requests) -> None:
    """One line, from the opening to its end."""
    await socket.accept()
    writing = asyncio.create_task(line.write(socket.send_text, socket.close), name=f"write {line.endpoint}")
    nonce = secrets.token_urlsafe(32)
    try:
        with contextlib.ExitStack() as unknown:
            unknown.enter_context(switchboard.strangers.one_more(network_of(source_of(socket))))
            async with asyncio.timeout(READY_WITHIN):
                await switchboard.ready.wait()
            if line.endpoint is Endpoint.KIOSK:
                line.say(Challenge(nonce=nonce))
            await _listen(socket, line, _Desk(switchboard, requests, nonce, greeted=unknown.close))
    except (TimeoutError, TooManyStrangers):
        line.close("unavailable")
    finally:
        switchboard.left(line)
        line.hang_up(1000)
        # The other side may be gone without a word: what is still to be said gets a moment, not for ever.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(2):
                await writing


@dataclass(frozen=True, slots=True)
class _Desk:
    """Where effects are performed. ``nonce`` is what a kiosk has to sign; ``greeted``: it is a stranger no more."""

    switchboard: Switchboard
    requests: Requests
    nonce: str
    greeted: Callable[[], None]


async def _listen(socket: WebSocket, line: Line, desk: _Desk) -> None:
    clock = asyncio.get_running_loop().time
    peer = Peer(line.endpoint, clock())
    while socket.application_state is WebSocketState.CONNECTED:
        try:
            async with asyncio.timeout_at(peer.deadline):
                event = await socket.receive()
        except TimeoutError:
            effects = peer.handle(Passed(), clock())
        except (WebSocketDisconnect, RuntimeError):
            return
        else:
            # Who was shown out may not read it, so that the socket is not closed yet; heard they are no more.
            if event["type"] != "websocket.receive" or line.closing:
                return
            frame = event.get("text")
            effects = peer.handle(Received(frame if frame is not None else event.get("bytes") or b""), clock())
        for effect in effects:
            if not await _perform(effect, line, desk):
                return


async def _perform(effect: Effect, line: Line, desk: _Desk) -> bool:
    """Whether the line goes on."""
    match effect:
        case Greet(hello):
            return await _greet(hello, line, desk)
        case Deliver(message):
            await desk.requests.deliver(line, message)
        case Refuse(code, about):
            line.refuse(code, about=about)
        case Close(code):
            line.close(code)
            return False
    return True


async def _greet(hello: Hello, line: Line, desk: _Desk) -> bool:
    if hello.proof is not None:
        try:
            principal = await desk.switchboard.door.recognise_kiosk(
                desk.nonce, KioskId(hello.proof.kiosk_id), hello.proof.signature
            )
        except Refused as refusal:
            line.close(refusal.code)
            return False
        line.principal = principal
        line.key = f"kiosk:{principal.kiosk_id}"
    desk.greeted()
    await desk.switchboard.greet(line, hello)
    return True


def _host(socket: WebSocket) -> str:
    """The name by which the endpoint reached us: the relay is reached by the same."""
    return socket.url.hostname or "127.0.0.1"
