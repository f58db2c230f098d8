"""The two ports of the bus. The embedded one is ``tawasul.bus.memory``; one contract suite holds for all.

``Events`` tells every subscriber what happened, at least once, from the outbox: handlers are idempotent. ``Mailbox``
brings a message to whichever node holds an endpoint's line now; what nobody holds is gone, for the state is in the
database.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Protocol, Self, TypeVar

from tawasul.domain.events import Event

EventT = TypeVar("EventT", bound=Event)
Handler = Callable[[EventT], Awaitable[None]]
Receive = Callable[[str], None]
"""Takes one message; must return at once (put it into a bounded queue) and not raise."""

Unsubscribe = Callable[[], None]


class Events(Protocol):
    """What happened, to whom it concerns."""

    def subscribe(self, kind: type[EventT], handler: Handler[EventT]) -> Unsubscribe:
        """Tells ``handler`` of every event of ``kind`` and of the kinds below it, in the order of publishing."""
        ...

    async def publish(self, event: Event) -> None:
        """Returns when the event has been taken. A handler that raises does not keep the others from hearing.

        Raises:
            ExceptionGroup: at least one handler did not take it: publish it again.
        """
        ...


class Held(Protocol):
    """That this node holds an endpoint's line, until it is released (or left, as a context)."""

    @property
    def current(self) -> bool:
        """``False`` once somebody else holds it: a newer line of the same endpoint."""
        ...

    async def release(self) -> None:
        """Holds it no more; does nothing to a newer holder."""
        ...

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None: ...


class Mailbox(Protocol):
    """Messages for one endpoint, wherever its line is. Nothing is kept."""

    async def hold(self, endpoint: str, receive: Receive) -> Held:
        """From now on messages for ``endpoint`` come to ``receive``, and no longer to whoever held it before."""
        ...

    async def send(self, endpoint: str, message: str) -> bool:
        """Whether somebody holds the endpoint's line and was given the message; in the order of sending."""
        ...
