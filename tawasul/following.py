"""Puts together what follows cases up, and lends it what other rooms have: herald, codes of tickets, open pages."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from fastapi import APIRouter

from scheduler.live import What
from scheduler.notify.herald import Herald
from tawasul.access.keys import AccessKeys
from tawasul.access.throttle import SourceThrottle, Throttle
from tawasul.casework.afterwards import Afterwards
from tawasul.casework.agenda import Agenda
from tawasul.casework.case_links import CaseLinks
from tawasul.casework.clockwork import CaseClockwork
from tawasul.casework.closing import Closing
from tawasul.casework.directing import Directing
from tawasul.casework.documents import CaseDocuments
from tawasul.casework.finding import Finding
from tawasul.casework.follow_through import FollowingThrough
from tawasul.casework.forwarding import Forwarding
from tawasul.casework.opening import Opening
from tawasul.casework.ports import CaseNews, ReadsCode
from tawasul.casework.ratified import Ratified
from tawasul.casework.ratifying import Ratifying
from tawasul.casework.referring import Referring
from tawasul.casework.step import Casework
from tawasul.casework.tracking import Tracking
from tawasul.casework.triage import Triage
from tawasul.casework.views import Views
from tawasul.casework.web.agency import AgencyCases, agency_cases_router
from tawasul.casework.web.agency_page import agency_page_router
from tawasul.casework.web.agenda_page import router as agenda_page
from tawasul.casework.web.citizen import GUESSES, LIMIT, CitizensCases, citizens_cases_router
from tawasul.casework.web.citizen_pages import router as citizen_pages
from tawasul.casework.web.desk import DeskCases, desk_cases_router
from tawasul.casework.web.desk_page import router as desk_page
from tawasul.casework.web.documents import case_documents_router
from tawasul.casework.web.follow_through import follow_through_router
from tawasul.casework.web.office import OfficeCases, office_cases_router
from tawasul.casework.web.shown import Shown
from tawasul.documents.examiner import Examiner
from tawasul.domain.case import Case
from tawasul.domain.message import MessageKind
from tawasul.recording import Recording
from tawasul.store.attachment_files import AttachmentFiles
from tawasul.store.seed import wordings_of
from tawasul.store.unit_of_work import UnitOfWork, UnitOfWorkFactory


class _Telling:
    """What a citizen is told of their case, with the link to it."""

    def __init__(self, herald: Herald, links: CaseLinks) -> None:
        self._herald = herald
        self._links = links

    async def tell_of_case(
        self, uow: UnitOfWork, news: CaseNews, case: Case, *, now: datetime, closes_at: datetime | None = None
    ) -> None:
        """Does not commit."""
        await self._herald.tell_about_case(
            uow,
            MessageKind(news.value),
            case.citizen_id,
            case_id=case.id,
            language=case.language,
            link_token=self._links.token(case.number),
            now=now,
            closes_at=closes_at,
        )


@dataclass(frozen=True, slots=True)
class Following:
    """The parts. ``opening`` is to listen to events, and ``clockwork`` to be run beside the pages."""

    casework: Casework
    links: CaseLinks
    views: Views
    finding: Finding
    triage: Triage
    forwarding: Forwarding
    referring: Referring
    ratifying: Ratifying
    directing: Directing
    closing: Closing
    agenda: Agenda
    tracking: Tracking
    documents: CaseDocuments
    ratified: Ratified
    opening: Opening
    clockwork: CaseClockwork

    @classmethod
    def assemble(
        cls,
        units: UnitOfWorkFactory,
        keys: AccessKeys,
        recording: Recording,
        reads_code: ReadsCode,
        files: AttachmentFiles,
        examiner: Examiner,
        clock: Callable[[], datetime],
    ) -> Self:
        """Makes every part. ``files``: a folder of the cases' own."""
        links = CaseLinks(keys.cases)
        told = functools.partial(recording.live.changed, What.TASKS)
        casework = Casework(units, clock, _Telling(recording.herald, links), told)
        return cls(
            casework=casework,
            links=links,
            views=Views(casework),
            finding=Finding(casework),
            triage=Triage(casework),
            forwarding=Forwarding(casework),
            referring=Referring(casework),
            ratifying=Ratifying(casework, reads_code),
            directing=Directing(casework),
            closing=Closing(casework),
            agenda=Agenda(casework),
            tracking=Tracking(casework),
            documents=CaseDocuments(casework, files, examiner),
            ratified=Ratified(casework),
            opening=Opening(casework),
            clockwork=CaseClockwork(casework),
        )

    def routers(self) -> Sequence[APIRouter]:
        """Their endpoints."""
        shown, clock = Shown(self.casework), self.casework.clock
        desk = DeskCases(
            self.views, self.finding, self.triage, self.forwarding, self.ratifying, self.closing, shown, clock
        )
        citizen = CitizensCases(
            self.casework.units,
            self.views,
            self.tracking,
            self.closing,
            self.ratifying,
            Afterwards(self.casework),
            self.documents,
            self.links,
            SourceThrottle(LIMIT),
            Throttle(GUESSES),
        )
        return (
            case_documents_router(self.documents),
            citizen_pages,
            desk_cases_router(desk),
            desk_page,
            agency_cases_router(AgencyCases(self.views, self.referring, shown, clock)),
            agency_page_router(self.views, clock),
            office_cases_router(
                OfficeCases(self.views, self.finding, self.directing, self.agenda, shown, wordings_of(), clock)
            ),
            follow_through_router(FollowingThrough(self.casework), clock),
            citizens_cases_router(citizen),
            agenda_page,
        )
