"""Attachments of a petition: taken in, shown, given out, removed.

The file is on the disk before its row is, and goes after it, so that a row never names a file that is not there
(``tawasul.store.attachment_files``). Whoever opens one is noted.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256

from scheduler.scope import audience_of
from tawasul.access.policy import Action, StaffPrincipal
from tawasul.documents.announced import require_what_it_says
from tawasul.documents.examiner import Examiner
from tawasul.documents.file_names import file_name
from tawasul.documents.verdict import Accepted
from tawasul.domain.audience import AudienceId
from tawasul.domain.audit import AuditAction, AuditActor, AuditEntry, AuditSubject
from tawasul.domain.errors import AttachmentsFull
from tawasul.domain.people import CitizenId
from tawasul.domain.petition import MOST_ATTACHMENTS, Attachment, AttachmentId
from tawasul.domain.private import Private
from tawasul.store.attachment_files import AttachmentFiles
from tawasul.store.unit_of_work import UnitOfWork, UnitOfWorkFactory


class Attachments:
    """The desk's use cases."""

    def __init__(
        self,
        unit_of_work: UnitOfWorkFactory,
        files: AttachmentFiles,
        examiner: Examiner,
        clock: Callable[[], datetime],
    ) -> None:
        self._unit_of_work = unit_of_work
        self._files = files
        self._examiner = examiner
        self._clock = clock

    async def attach(
        self, who: StaffPrincipal, audience_id: AudienceId, *, name: str, said: str, content: bytes
    ) -> Attachment:
        """Keeps a file. ``name``: as the person's machine calls it; ``said``: the media type that came with it.

        Raises:
            NotFound: no such audience of the desk's.
            AttachmentsFull: it has as many as it may.
            AttachmentRefused and those below it, AttachmentTooLarge: by what is wrong with the file.
            AttachmentNotKept: the disk does not take it.
        """
        await self.require_room(who, audience_id)
        examined = await self._examiner.examine(content)
        require_what_it_says(said, examined.media_type)
        attachment = self._described(audience_id, name, examined)
        await self._files.put(attachment.id, examined.content)
        try:
            await self._write(who, attachment)
        except BaseException:
            # Also when the request was given up meanwhile: without a row the file is nobody's.
            await self._files.remove(attachment.id)
            raise
        return attachment

    async def require_room(self, who: StaffPrincipal, audience_id: AudienceId) -> None:
        """Raises: NotFound, AttachmentsFull: before the whole of a file is waited for."""
        async with self._unit_of_work(reading=True) as uow:
            await audience_of(uow, who, Action.KEEP_PETITION, audience_id)
            await _require_room(uow, audience_id)

    async def of_audience(self, who: StaffPrincipal, audience_id: AudienceId) -> list[Attachment]:
        """What is kept with an audience. Raises: NotFound."""
        async with self._unit_of_work(reading=True) as uow:
            await audience_of(uow, who, Action.KEEP_PETITION, audience_id)
            return await uow.petitions.attachments(audience_id)

    async def open(
        self, who: StaffPrincipal, id: AttachmentId, action: Action = Action.KEEP_PETITION
    ) -> tuple[Attachment, bytes]:
        """A file and its content. ``action``: as what it is opened; the office does not keep it, it directs what is
        asked in it. Raises: NotFound.
        """
        async with self._unit_of_work() as uow:
            attachment, citizen_id = await self._own(uow, who, id, action)
            await _note(uow, who, AuditAction.OPENED_ATTACHMENT, attachment, citizen_id)
            await uow.commit()
        return attachment, await self._files.get(id)

    async def remove(self, who: StaffPrincipal, id: AttachmentId) -> None:
        """For good. Raises: NotFound."""
        async with self._unit_of_work() as uow:
            attachment, citizen_id = await self._own(uow, who, id)
            await uow.petitions.remove_attachment(id)
            await _note(uow, who, AuditAction.REMOVED_ATTACHMENT, attachment, citizen_id)
            await uow.commit()
        await self._files.remove(id)

    async def sweep(self) -> int:
        """At a start: removes what an earlier service left without a row; how many files."""
        async with self._unit_of_work(reading=True) as uow:
            known = await uow.petitions.attachment_ids()
        return await self._files.sweep(known)

    def _described(self, audience_id: AudienceId, name: str, examined: Accepted) -> Attachment:
        return Attachment(
            id=AttachmentId(uuid.uuid4().hex),
            audience_id=audience_id,
            file_name=Private(file_name(name, examined.media_type)),
            media_type=examined.media_type,
            size=len(examined.content),
            sha256=sha256(examined.content).digest(),
            attached_at=self._clock(),
        )

    async def _write(self, who: StaffPrincipal, attachment: Attachment) -> None:
        async with self._unit_of_work() as uow:
            audience = await audience_of(uow, who, Action.KEEP_PETITION, attachment.audience_id)
            await uow.petitions.hold(attachment.audience_id)
            await _require_room(uow, attachment.audience_id)
            await uow.petitions.add_attachment(attachment)
            await _note(uow, who, AuditAction.ATTACHED, attachment, audience.citizen_id)
            await uow.commit()

    async def _own(
        self, uow: UnitOfWork, who: StaffPrincipal, id: AttachmentId, action: Action = Action.KEEP_PETITION
    ) -> tuple[Attachment, CitizenId]:
        """Raises: NotFound: there is none, or it is not this desk's."""
        attachment = await uow.petitions.attachment(id)
        audience = await audience_of(uow, who, action, attachment.audience_id)
        return attachment, audience.citizen_id


async def _require_room(uow: UnitOfWork, audience_id: AudienceId) -> None:
    if len(await uow.petitions.attachments(audience_id)) >= MOST_ATTACHMENTS:
        raise AttachmentsFull(field="file")


async def _note(
    uow: UnitOfWork, who: StaffPrincipal, action: AuditAction, attachment: Attachment, citizen_id: CitizenId
) -> None:
    facts = {"citizen": citizen_id, "audience": attachment.audience_id, "kind": attachment.media_type.name.lower()}
    await uow.audit.note(AuditEntry(AuditActor.of(who), action, AuditSubject.ATTACHMENT, attachment.id, facts))
