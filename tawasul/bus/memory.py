"""The embedded bus: one process, no queue in between."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from tawasul.bus.port import EventT, Handler, Receive, Unsubscribe
from tawasul.domain.events import Event


class MemoryEvents:
    """``tawasul.bus.port.Events`` in one process."""

    def __init__(self) -> None:
        self._subscriptions: list[tuple[type[Event], Callable[[Any], Awaitable[None]]]] = []

    def subscribe(self, kind: type[EventT], handler: Handler[EventT]) -> Unsubscribe:
        """See the port."""
        subscription = (kind, handler)
        self._subscriptions.append(subscription)
        return lambda: self._subscriptions.remove(subscription)

    async def publish(self, event: Event) -> None:
        """See the port."""
        failures: list[Exception] = []
        for kind, handler in tuple(self._subscriptions):
            if not isinstance(event, kind):
                continue
            try:
                await handler(event)
            except Exception as failure:
                failures.append(failure)
        if failures:
            raise ExceptionGroup(f"{len(failures)} did not take {type(event).__name__}", failures)


class MemoryMailbox:
    """``tawasul.bus.port.Mailbox`` in one process."""

    def __init__(self) -> None:
        self._holders: dict[str, MemoryHeld] = {}

    async def hold(self, endpoint: str, receive: Receive) -> MemoryHeld:
        """See the port."""
        held = MemoryHeld(self._holders, endpoint, receive)
        self._holders[endpoint] = held
        return held

    async def send(self, endpoint: str, message: str) -> bool:
        """See the port."""
        held = self._holders.get(endpoint)
        if held is None:
            return False
        held.receive(message)
        return True


@dataclass(frozen=True, slots=True, eq=False)
class MemoryHeld:
    """``tawasul.bus.port.Held`` in one process."""

    _holders: dict[str, MemoryHeld]
    _endpoint: str
    receive: Receive

    @property
    def current(self) -> bool:
        """See the port."""
        return self._holders.get(self._endpoint) is self

    async def release(self) -> None:
        """See the port."""
        if self.current:
            del self._holders[self._endpoint]

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.release()
