"""What has changed, told to the desks' open pages at once (F71): a hint to look again, never what there is to see.

Of audiences and cases the bus tells (``listen``); of the waitlist, tasks and planning the audit log does, whose
entries come by here once they are chained, within a second (``noted``). A page that missed a hint looks when it
connects again.
"""

from __future__ import annotations

import asyncio
import enum
from collections import Counter
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Final, Self

from tawasul.bus.port import Events
from tawasul.domain.audience import AudienceId
from tawasul.domain.audit import AuditAction, AuditSubject
from tawasul.domain.errors import NotFound
from tawasul.domain.events import AudienceEvent, AudienceMoved, CaseChanged
from tawasul.domain.places import GovernorateId
from tawasul.store.audit_chain import Link
from tawasul.store.unit_of_work import UnitOfWorkFactory

MOST_OF_A_SESSION: Final = 6
"""Pages of one sign-in that may listen: as many connections as a browser opens to one host by HTTP/1.1."""


class What(enum.StrEnum):
    """What a page may have to look at again."""

    DAY = "day"
    TASKS = "tasks"
    WAITLIST = "waitlist"
    PLANNING = "planning"
    CASES = "cases"


_BY_SUBJECT: Final[Mapping[str, What]] = {
    AuditSubject.TASK.value: What.TASKS,
    AuditSubject.ENTRY.value: What.WAITLIST,
    AuditSubject.OFFER.value: What.WAITLIST,
    AuditSubject.SITTING.value: What.PLANNING,
    AuditSubject.BLACKOUT.value: What.PLANNING,
    AuditSubject.HOLIDAY.value: What.PLANNING,
    AuditSubject.RAMADAN.value: What.PLANNING,
    AuditSubject.CENTRE.value: What.PLANNING,
}

_ON_THE_DAY: Final = frozenset(
    action.value
    for action in (
        AuditAction.WROTE_PETITION, AuditAction.ATTACHED, AuditAction.REMOVED_ATTACHMENT, AuditAction.CORRECTED_CITIZEN
    )
)  # fmt: skip
"""What shows in the day's list and makes no event."""


class Live:
    """The hub. One a process."""

    def __init__(self, unit_of_work: UnitOfWorkFactory) -> None:
        self._unit_of_work = unit_of_work
        self._streams: set[Stream] = set()
        self._closed = False

    def changed(self, what: What, governorate_id: GovernorateId | None = None) -> None:
        """Tells the desks of a governorate, or (``None``) of all of them."""
        for stream in self._streams:
            if governorate_id is None or stream.governorate_id == governorate_id:
                stream.tell(what)

    def listen(self, events: Events) -> None:
        """From now on what happens to audiences and to cases is told."""
        events.subscribe(AudienceEvent, self._happened)
        events.subscribe(CaseChanged, self._followed_up)

    def noted(self, links: Iterable[Link]) -> None:
        """Entries of the audit log, as they are chained."""
        for what in {_what(link) for link in links}:
            if what is not None:
                self.changed(what)

    def open(self, session_id: str, governorate_id: GovernorateId) -> Stream:
        """A stream for one page; ``with`` it. Of a sign-in that has too many already the new one is over at once."""
        held = Counter(stream.session_id for stream in self._streams)[session_id]
        stream = Stream(self._streams, session_id, governorate_id)
        if self._closed or held >= MOST_OF_A_SESSION:
            stream.end()
        return stream

    def close(self) -> None:
        """The service ends: every stream does, and none begins."""
        self._closed = True
        for stream in tuple(self._streams):
            stream.end()

    async def _followed_up(self, event: CaseChanged) -> None:
        self.changed(What.CASES, GovernorateId(event.governorate_id))

    async def _happened(self, event: AudienceEvent) -> None:
        if not self._streams:
            return
        if isinstance(event, AudienceMoved):
            # From one governorate to another, perhaps; which it was, nobody knows any more.
            self.changed(What.DAY)
            return
        try:
            async with self._unit_of_work(reading=True) as uow:
                audience = await uow.audiences.get(AudienceId(event.audience_id))
        except NotFound:
            return
        self.changed(What.DAY, audience.governorate_id)
        if audience.booked_at not in (None, audience.governorate_id):
            self.changed(What.DAY, audience.booked_at)


class Stream:
    """What one page has to be told. Bounded: of each kind of change one is kept."""

    def __init__(self, streams: set[Stream], session_id: str, governorate_id: GovernorateId) -> None:
        self.session_id = session_id
        self.governorate_id = governorate_id
        self._over = False
        self._streams = streams
        self._pending: set[What] = set()
        self._told = asyncio.Event()

    def tell(self, what: What) -> None:
        """One more thing to look at."""
        self._pending.add(what)
        self._told.set()

    def end(self) -> None:
        """There will be nothing more."""
        self._over = True
        self._told.set()

    @property
    def is_over(self) -> bool:
        """Whether there will be nothing more."""
        return self._over

    async def next(self, within: float) -> list[What] | None:
        """What has changed since the last time, as soon as something has; nothing after ``within`` seconds; ``None`` at
        the end.
        """
        try:
            async with asyncio.timeout(within):
                await self._told.wait()
        except TimeoutError:
            return []
        self._told.clear()
        if self._over:
            return None
        changes, self._pending = sorted(self._pending), set()
        return changes

    def __enter__(self) -> Self:
        self._streams.add(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._streams.discard(self)


def _what(link: Link) -> What | None:
    return What.DAY if link.action in _ON_THE_DAY else _BY_SUBJECT.get(link.subject_kind)
