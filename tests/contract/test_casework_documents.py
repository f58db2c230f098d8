"""Documents of cases, in both databases: who may add, see and remove them, and what is refused, and noted."""

import os
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from support.cases import ROADS
from support.casework import (
    DESK,
    OFFICE,
    OTHER_DESK,
    ROADS_OFFICE,
    WATER_OFFICE,
    CaseworkScene,
    casework_on,
    outcomes,
    own,
)
from support.papers import a_locked_pdf, a_pdf, an_acting_pdf
from support.store import SEALER

from tawasul.access.policy import StaffPrincipal
from tawasul.casework.documents import CaseDocuments
from tawasul.documents.examiner import Examiner
from tawasul.domain.case import Case
from tawasul.domain.case_paper import CaseDocument, DocumentOf
from tawasul.domain.errors import (
    AttachmentActive,
    AttachmentBroken,
    AttachmentLocked,
    AttachmentMistaken,
    AttachmentRefused,
    AttachmentsFull,
    CaseClosed,
    NotFound,
    UnlawfulTransition,
)
from tawasul.domain.petition import MOST_ATTACHMENTS
from tawasul.store.attachment_files import AttachmentFiles

A_MINUTE = timedelta(minutes=1)


class Papers:
    """The documents of one scene, and their folder."""

    def __init__(self, scene: CaseworkScene, folder: Path) -> None:
        self.scene = scene
        self.folder = folder
        self.documents = CaseDocuments(scene.casework, AttachmentFiles(folder, SEALER), Examiner())

    async def attached(self, who: StaffPrincipal, case: Case, content: bytes | None = None) -> CaseDocument:
        self.scene.clock.now += A_MINUTE
        document = await self.documents.attach(
            who, case.id, name="ورقة.pdf", said="application/pdf", content=content or a_pdf()
        )
        self.scene.clock.now += A_MINUTE
        return document

    def on_disk(self) -> set[str]:
        return {file.name for file in self.folder.glob("*")}


@pytest.fixture
async def scene(database_url: str) -> AsyncIterator[CaseworkScene]:
    async with casework_on(database_url) as scene:
        yield scene


@pytest.fixture
def papers(scene: CaseworkScene, tmp_path: Path) -> Papers:
    return Papers(scene, tmp_path / "case-documents")


async def test_each_sees_what_is_theirs(scene: CaseworkScene, papers: Papers) -> None:
    case = await scene.taken()
    petition = await papers.attached(DESK, case)
    await scene.under_way(case)
    await scene.referring.ask(WATER_OFFICE, case.id, "أين؟")
    reply = await papers.attached(DESK, case)
    await scene.forwarding.reply(DESK, case.id, "هنا")
    answer = await papers.attached(WATER_OFFICE, case)
    assert [each.came_with for each in (petition, reply, answer)] == [
        DocumentOf.PETITION, DocumentOf.REPLY, DocumentOf.ANSWER,
    ]  # fmt: skip

    async def seen_by(who: object) -> list[str]:
        detail = await scene.views.open(who, case.id)  # type: ignore[arg-type]
        return [each.id for each in detail.documents]

    assert await seen_by(DESK) == await seen_by(OFFICE) == [petition.id, reply.id, answer.id]
    assert await seen_by(WATER_OFFICE) == [reply.id, answer.id], "nothing from before its referral"
    assert await seen_by(own(case)) == [petition.id], "the answer is not given yet"
    for who, hidden in ((WATER_OFFICE, petition), (own(case), reply), (own(case), answer), (OTHER_DESK, reply)):
        with pytest.raises(NotFound):
            await papers.documents.open(who, hidden.id)  # type: ignore[arg-type]
    await scene.referring.answer(WATER_OFFICE, case.id, "تم")
    assert (await papers.documents.open(own(case), answer.id)).content == a_pdf()
    scene.clock.now += A_MINUTE
    await scene.closing.contest(own(case), case.id, "لا")
    directive = await scene.directed(case, ROADS)
    await scene.ratifying.own(own(case), directive.id)
    assert await seen_by(ROADS_OFFICE) == []
    with pytest.raises(NotFound):
        await papers.documents.open(ROADS_OFFICE, answer.id)
    opened = [link for link in await scene.audited() if link.action == "opened-attachment"]
    assert [(link.actor_id, link.subject_id) for link in opened] == [(case.id, answer.id)]


async def test_a_malicious_file_is_refused_by_its_word_leaves_nothing_and_is_noted(
    scene: CaseworkScene, papers: Papers
) -> None:
    case = await scene.under_way()
    files = {
        an_acting_pdf("hidden"): AttachmentActive,
        a_locked_pdf(): AttachmentLocked,
        a_pdf()[:-40]: AttachmentBroken,
        b"MZ\x90\x00" + bytes(400): AttachmentRefused,
    }
    for content, error in files.items():
        with pytest.raises(error):
            await papers.attached(WATER_OFFICE, case, content)
    for name, said in (("صورة.png", "application/pdf"), ("ورقة.pdf", "image/png")):
        with pytest.raises(AttachmentMistaken):
            await papers.documents.attach(WATER_OFFICE, case.id, name=name, said=said, content=a_pdf())
    assert papers.on_disk() == set()
    assert [step for step, _ in await scene.refused()] == ["attached"] * 6
    assert {because for _, because in await scene.refused()} == {
        "attachment-active", "attachment-locked", "attachment-broken", "attachment-refused", "attachment-mistaken",
    }  # fmt: skip


async def test_what_went_with_an_answer_stays(scene: CaseworkScene, papers: Papers) -> None:
    case = await scene.under_way()
    slip, kept = await papers.attached(WATER_OFFICE, case), await papers.attached(WATER_OFFICE, case)
    with pytest.raises(NotFound):
        await papers.documents.remove(DESK, slip.id)
    await papers.documents.remove(WATER_OFFICE, slip.id)
    assert papers.on_disk() == {kept.id}
    await scene.referring.answer(WATER_OFFICE, case.id, "تم")
    with pytest.raises(UnlawfulTransition):
        await papers.documents.remove(WATER_OFFICE, kept.id)
    with pytest.raises(UnlawfulTransition):
        await papers.attached(WATER_OFFICE, case)
    await scene.closing.accept(own(case), case.id)
    with pytest.raises(CaseClosed):
        await papers.attached(DESK, case)
    assert papers.on_disk() == {kept.id}


async def test_nothing_is_added_to_what_is_not_theirs(scene: CaseworkScene, papers: Papers) -> None:
    case = await scene.under_way()
    for who in (ROADS_OFFICE, OTHER_DESK, OFFICE):
        with pytest.raises(NotFound):
            await papers.attached(who, case)
    assert papers.on_disk() == set()


async def test_of_many_at_once_no_more_are_kept_than_may_be(scene: CaseworkScene, papers: Papers) -> None:
    case = await scene.under_way()
    many = MOST_ATTACHMENTS + 2
    done = await outcomes(*(
        papers.documents.attach(WATER_OFFICE, case.id, name="ورقة.pdf", said="", content=a_pdf()) for _ in range(many)
    ))  # fmt: skip
    assert done.count(AttachmentsFull) == many - MOST_ATTACHMENTS
    assert len(papers.on_disk()) == MOST_ATTACHMENTS


async def test_what_has_no_row_is_swept_away_and_nothing_else(scene: CaseworkScene, papers: Papers) -> None:
    kept = await papers.attached(WATER_OFFICE, await scene.under_way())
    stray = papers.folder / ("0" * 32)
    stray.write_bytes(b"left over")
    for file in papers.folder.iterdir():
        os.utime(file, (0, 0))
    assert await papers.documents.sweep() == 1
    assert papers.on_disk() == {kept.id}
