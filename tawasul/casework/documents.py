"""The documents of a case, taken in, shown, given out, removed: what a desk adds, and what an agency answers with.

A file is looked through first (``tawasul.documents``), is on the disk before its row is, and goes after it. Whoever
opens one is noted, and so is who brought one that was refused. What went with an answer or a reply stays.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from tawasul.access.policy import Action, StaffPrincipal
from tawasul.casework.scope import Who, actor_of
from tawasul.casework.seen import is_agency, may_see_document
from tawasul.casework.step import Casework, Step
from tawasul.documents.announced import require_what_it_says
from tawasul.documents.examiner import Examiner
from tawasul.documents.file_names import file_name
from tawasul.documents.verdict import Accepted
from tawasul.domain.agency import AgencyId
from tawasul.domain.audit import AuditAction, AuditEntry, AuditSubject
from tawasul.domain.case import Case, CaseId
from tawasul.domain.case_paper import CaseDocument, CaseDocumentId, DocumentOf
from tawasul.domain.case_state import CaseState
from tawasul.domain.errors import AttachmentsFull, CaseClosed, NotFound, UnlawfulTransition
from tawasul.domain.people import Role
from tawasul.domain.petition import MOST_ATTACHMENTS, AttachmentId
from tawasul.domain.private import Private
from tawasul.store.attachment_files import AttachmentFiles
from tawasul.store.unit_of_work import UnitOfWork

MOST_OF_A_CASE: Final = 5 * MOST_ATTACHMENTS
"""From each side. Of what is added at a time, before an answer or a reply, there are ``MOST_ATTACHMENTS``."""


@dataclass(frozen=True, slots=True)
class Given:
    """A document, and its content."""

    document: CaseDocument
    content: bytes


class CaseDocuments:
    """``files``: a folder of their own, not that of the petitions' attachments."""

    def __init__(self, casework: Casework, files: AttachmentFiles, examiner: Examiner) -> None:
        self._casework = casework
        self._files = files
        self._examiner = examiner

    async def attach(self, who: StaffPrincipal, id: CaseId, *, name: str, said: str, content: bytes) -> CaseDocument:
        """Keeps a file, by a desk with the request or its reply, by an agency with the answer it will give.

        ``name``: as the person's machine calls it; ``said``: the media type that came with it.

        Raises:
            NotFound: no such case of theirs.
            CaseClosed, UnlawfulTransition: nothing is added to it by them now.
            AttachmentsFull: it has as many as it may.
            AttachmentRefused and those below it, AttachmentTooLarge: by what is wrong with the file.
            AttachmentNotKept: the disk does not take it.
        """
        async with self._casework.noting_refusals(who, AuditAction.ATTACHED, id):
            await self._require_room(who, id)
            examined = await self._examiner.examine(content)
            require_what_it_says(said, examined.media_type)
            document_name = file_name(name, examined.media_type)
        new = CaseDocumentId(uuid.uuid4().hex)
        await self._files.put(AttachmentId(new), examined.content)
        try:
            return await self._write(who, id, new, document_name, examined)
        except BaseException:
            # Also when the request was given up meanwhile: without a row the file is nobody's.
            await self._files.remove(AttachmentId(new))
            raise

    async def require_room(self, who: StaffPrincipal, id: CaseId) -> None:
        """Before the whole of a file is waited for. Raises: NotFound, CaseClosed, UnlawfulTransition,
        AttachmentsFull.
        """
        async with self._casework.noting_refusals(who, AuditAction.ATTACHED, id):
            await self._require_room(who, id)

    async def open(self, who: Who, id: CaseDocumentId) -> Given:
        """Raises: NotFound: there is none, or it is not theirs to see."""
        async with self._casework.step(who, AuditAction.OPENED_ATTACHMENT, id) as step:
            document, case = await _visible(step, id)
            await _note(step, document, case)
        return Given(document, await self._files.get(AttachmentId(id)))

    async def remove(self, who: StaffPrincipal, id: CaseDocumentId) -> None:
        """For good, by the side that attached it, while it has gone nowhere yet.

        Raises:
            NotFound: there is none, or it is not their side's.
            CaseClosed, UnlawfulTransition: it went with an answer or a reply.
        """
        async with self._casework.step(who, AuditAction.REMOVED_ATTACHMENT, id) as step:
            document, case = await _visible(step, id)
            if document.agency_id != who.agency_id or who.role is Role.OFFICE:
                raise NotFound("document")
            _came_with(who, case)
            if document.attached_at < (case.since or case.opened_at):
                raise UnlawfulTransition(case.state, "remove from")
            await step.uow.case_documents.remove(id)
            await _note(step, document, case)
        await self._files.remove(AttachmentId(id))

    async def sweep(self) -> int:
        """At a start: removes what an earlier service left without a row; how many files."""
        async with self._casework.units(reading=True) as uow:
            known = {AttachmentId(id) for id in await uow.case_documents.ids()}
        return await self._files.sweep(known)

    async def _require_room(self, who: StaffPrincipal, id: CaseId) -> None:
        async with self._casework.units(reading=True) as uow:
            step = Step(uow, who, AuditAction.ATTACHED, self._casework.clock(), self._casework.telling)
            case = await step.case(_action(who), id)
            _came_with(who, case)
            await _count(uow, case, who.agency_id)

    async def _write(
        self, who: StaffPrincipal, id: CaseId, new: CaseDocumentId, name: str, examined: Accepted
    ) -> CaseDocument:
        async with self._casework.step(who, AuditAction.ATTACHED, id) as step:
            await step.uow.case_documents.hold(id)
            case = await step.case(_action(who), id)
            await _count(step.uow, case, who.agency_id)
            document = CaseDocument(
                id=new,
                case_id=case.id,
                came_with=_came_with(who, case),
                agency_id=who.agency_id,
                file_name=Private(name),
                media_type=examined.media_type,
                size=len(examined.content),
                sha256=sha256(examined.content).digest(),
                attached_at=step.now,
                by_staff=who.staff_id,
            )
            await step.uow.case_documents.add(document)
            await _note(step, document, case)
        return document


def _action(who: StaffPrincipal) -> Action:
    return Action.ANSWER_CASE if is_agency(who) else Action.REPLY_CASE


def _came_with(who: StaffPrincipal, case: Case) -> DocumentOf:
    """With what somebody adds to it now. Raises: CaseClosed, UnlawfulTransition."""
    if case.state is CaseState.CLOSED:
        raise CaseClosed
    if is_agency(who):
        if case.state is not CaseState.UNDER_WAY:
            raise UnlawfulTransition(case.state, "attach to")
        return DocumentOf.ANSWER
    return DocumentOf.REPLY if case.state is CaseState.ASKED else DocumentOf.PETITION


async def _count(uow: UnitOfWork, case: Case, agency_id: AgencyId | None) -> None:
    """Raises: AttachmentsFull."""
    own = [each for each in await uow.case_documents.of_case(case.id) if each.agency_id == agency_id]
    now = [each for each in own if each.attached_at >= (case.since or case.opened_at)]
    if len(own) >= MOST_OF_A_CASE or len(now) >= MOST_ATTACHMENTS:
        raise AttachmentsFull(field="file")


async def _visible(step: Step, id: CaseDocumentId) -> tuple[CaseDocument, Case]:
    """Raises: NotFound."""
    assert step.who is not None, "a document is opened and removed by somebody"
    document = await step.uow.case_documents.get(id)
    action = Action.SEE_CASES if isinstance(step.who, StaffPrincipal) else Action.SEE_OWN_AUDIENCE
    case = await step.case(action, document.case_id)
    if not may_see_document(step.who, document, await step.uow.cases.entries(case.id)):
        raise NotFound("document")
    return document, case


async def _note(step: Step, document: CaseDocument, case: Case) -> None:
    assert step.who is not None, "a document is attached, opened and removed by somebody"
    facts = {"citizen": case.citizen_id, "case": case.id, "kind": document.media_type.name.lower()}
    actor = actor_of(step.who)
    await step.uow.audit.note(AuditEntry(actor, step.action, AuditSubject.ATTACHMENT, document.id, facts))
