"""The case (معاملة): what a citizen brought, from the day it is taken until they have an answer they accept.

::

    RECEIVED ──direct──► PROPOSED ──ratify──► REFERRED ──take on──► UNDER_WAY ──answer──► ANSWERED ──accept──► CLOSED
      │ ▲ │                │                  ▲  │  ▲                 │ │  ▲               │  │                  ▲ ▲
      │ │ └──────refer─────┼──────────────────┘  │  └───reassign──────┘ │  └─reply─ ASKED  │  └──lapse (unopposed)┘ │
      │ │                  │                     │                     ask──────►──┘       ▼                        │
      │ └──correct─────────┴──────return─────────┘                                     CONTESTED ──accept───────────┘
      └──settle──► ANSWERED                                                        └──direct──► PROPOSED
    RECEIVED, PROPOSED ──heard──► RECEIVED, CONTESTED ──heard──► CONTESTED: directed, and the office writes to whom
    RECEIVED ──give up──► CLOSED ──take up again──► RECEIVED        RECEIVED ──merge──► CLOSED
    every open state ──withdraw (the citizen's own word)──► CLOSED

Three promises, which ``tests/property/test_case_walk.py`` walks out to the end:

- nothing reaches an agency by a directive that the citizen has not ratified: only ``ratify`` leaves PROPOSED for it;
- no case closes against a contest: CONTESTED leads to CLOSED by the citizen's own word only;
- every open case has an owner and a clock: ``_step`` takes both, and nothing else changes the state.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, NewType

from tawasul.domain.agency import AgencyId
from tawasul.domain.case_entry import CaseEntry, EntryKind, Hand
from tawasul.domain.case_number import CaseNumber
from tawasul.domain.case_state import (
    OPEN_STATES,
    WITH_AN_AGENCY,
    AgendaReason,
    CaseKind,
    CaseState,
    ClosedBecause,
    OwnerKind,
)
from tawasul.domain.errors import AnsweredAlready, CaseClosed, NoticeNotGiven, UnlawfulTransition
from tawasul.domain.people import CitizenId
from tawasul.domain.places import GovernorateId
from tawasul.domain.private import Private
from tawasul.domain.text import bounded

CaseId = NewType("CaseId", str)

LONGEST_CASE_SUBJECT: Final = 300
MOST_ESCALATIONS: Final = 3
"""The third time that its clock runs out in one state, a case is on the agenda of the next sitting."""


@dataclass(slots=True)
class Case:
    """The aggregate. A step that the state does not allow raises ``UnlawfulTransition``, or ``CaseClosed``, and changes
    nothing; what else it may raise stands with it.

    ``due_at`` (aware, UTC) is when the owner's time is over, ``None`` only when it is closed. ``agency_id``: to which
    it was referred last; ``None`` again once it was returned, or settled without one. ``directed``: by a ratified
    directive, and not by a desk. ``agency_due_at``: its clock, which stands still while it is ASKED. ``remaining``:
    what a partial answer left open. ``escalations``: how often its clock has run out since the state began; while it is
    ANSWERED, how often the citizen was reminded. ``notified_at``: when the citizen was told of the answer.
    ``answered_by``: who answered last, wherever it went since; ``None``: a desk, the office or nobody.
    ``answer_contested``: an answer of theirs was contested, this or one before. ``entries`` holds what happened since
    it was loaded; ``version`` is the store's.
    """

    id: CaseId
    number: CaseNumber
    kind: CaseKind
    citizen_id: CitizenId
    governorate_id: GovernorateId
    subject: Private[str]
    opened_at: datetime
    owner: OwnerKind
    due_at: datetime | None
    state: CaseState = CaseState.RECEIVED
    since: datetime | None = None
    agency_id: AgencyId | None = None
    directed: bool = False
    agency_due_at: datetime | None = None
    remaining: int = 0
    escalations: int = 0
    agenda: AgendaReason | None = None
    contests: int = 0
    notified_at: datetime | None = None
    answered_at: datetime | None = None
    answered_by: AgencyId | None = None
    answer_contested: bool = False
    closed_at: datetime | None = None
    closed_because: ClosedBecause | None = None
    merged_into: CaseId | None = None
    rated: bool = False
    language: str = "ar"
    version: int = 0
    entries: list[CaseEntry] = field(default_factory=list, repr=False, compare=False)

    @classmethod
    def open(
        cls,
        id: CaseId,
        *,
        number: CaseNumber,
        kind: CaseKind,
        citizen_id: CitizenId,
        governorate_id: GovernorateId,
        subject: str,
        due_at: datetime,
        now: datetime,
        by: Hand,
        words: Private[str] | None = None,
        language: str = "ar",
    ) -> Case:
        """Taken by a desk, which has until ``due_at`` to bring it on its way. ``words``: what was written or said.

        Raises:
            InvalidText: the subject is empty or longer than 300 characters.
        """
        case = cls(
            id=id,
            number=number,
            kind=kind,
            citizen_id=citizen_id,
            governorate_id=governorate_id,
            subject=Private(bounded(subject, field="subject", longest=LONGEST_CASE_SUBJECT)),
            opened_at=now,
            owner=OwnerKind.DESK,
            due_at=due_at,
            since=now,
            language=language,
        )
        case._note(EntryKind.OPENED, by, now, words)
        return case

    # What the office does

    def direct(self, by: Hand, now: datetime, *, due_at: datetime, words: Private[str]) -> None:
        """A directive was written; the desk has until ``due_at`` to have the citizen hear it."""
        lawful = {CaseState.RECEIVED, CaseState.PROPOSED, CaseState.CONTESTED}
        self._step("direct", lawful, CaseState.PROPOSED, OwnerKind.DESK, due_at, now)
        self.agenda = None
        self._note(EntryKind.DIRECTED, by, now, words)

    def heard(self, by: Hand, now: datetime, *, due_at: datetime, words: Private[str]) -> None:
        """The citizen was heard and something was directed, without an agency that can take it: the office has until
        ``due_at`` to write to whom it goes."""
        lawful = {CaseState.RECEIVED, CaseState.PROPOSED, CaseState.CONTESTED}
        contested = self.state is CaseState.CONTESTED
        to = CaseState.CONTESTED if contested else CaseState.RECEIVED
        self._step("hear", lawful, to, OwnerKind.OFFICE, due_at, now, keeps_since=contested)
        self._note(EntryKind.HEARD, by, now, words)

    def settle(self, by: Hand, now: datetime, *, due_at: datetime, words: Private[str]) -> None:
        """The office or the desk answers by itself: nothing is referred. The citizen has until ``due_at`` to say no."""
        self._step("settle", {CaseState.RECEIVED}, CaseState.ANSWERED, OwnerKind.CITIZEN, due_at, now)
        self.agency_id, self.directed = None, False
        self._answer(by, now, words)

    def prolong(self, by: Hand, now: datetime, *, due_at: datetime, words: Private[str]) -> None:
        """The agency gets more time, with the reason."""
        lawful = {CaseState.REFERRED, CaseState.UNDER_WAY}
        self._step("prolong", lawful, self.state, OwnerKind.AGENCY, due_at, now, keeps_since=True)
        self.agenda = None
        self._note(EntryKind.PROLONGED, by, now, words)

    # What the citizen does

    def ratify(self, agency_id: AgencyId, by: Hand, now: datetime, *, due_at: datetime) -> None:
        """The citizen heard the directive and says that it is so: it goes to its agency."""
        self._step("ratify", {CaseState.PROPOSED}, CaseState.REFERRED, OwnerKind.AGENCY, due_at, now)
        self._refer(agency_id, directed=True)
        self._note(EntryKind.RATIFIED, by, now, agency_id=agency_id)

    def correct(self, by: Hand, now: datetime, *, due_at: datetime, words: Private[str]) -> None:
        """The citizen says that it was directed otherwise: the office writes it anew."""
        self._step("correct", {CaseState.PROPOSED}, CaseState.RECEIVED, OwnerKind.OFFICE, due_at, now)
        self._note(EntryKind.CORRECTED, by, now, words)

    def accept(self, by: Hand, now: datetime) -> None:
        """The citizen accepts the answer, also one that they had contested."""
        self._close("accept", {CaseState.ANSWERED, CaseState.CONTESTED}, ClosedBecause.ACCEPTED, now)
        self._note(EntryKind.ACCEPTED, by, now)

    def contest(self, by: Hand, now: datetime, *, due_at: datetime, words: Private[str]) -> None:
        """The citizen does not accept the answer: it comes before the next sitting (M13).

        Raises:
            CaseClosed: it is too late, which is no contest's fault: a new case can be opened.
            UnlawfulTransition: there is no answer to contest.
        """
        self._step("contest", {CaseState.ANSWERED}, CaseState.CONTESTED, OwnerKind.OFFICE, due_at, now)
        self.contests += 1
        self.answer_contested, self.agenda = True, AgendaReason.CONTESTED
        self._note(EntryKind.CONTESTED, by, now, words)

    def withdraw(self, by: Hand, now: datetime) -> None:
        """The citizen wants nothing more of it."""
        self._close("withdraw", OPEN_STATES, ClosedBecause.WITHDRAWN, now)
        self._note(EntryKind.WITHDRAWN, by, now)

    # What the desk does

    def refer(self, agency_id: AgencyId, by: Hand, now: datetime, *, due_at: datetime, words: Private[str]) -> None:
        """A desk sends it to an agency without a directive."""
        if self.owner is not OwnerKind.DESK and self.state is not CaseState.CLOSED:
            raise UnlawfulTransition(self.state, "refer")
        self._step("refer", {CaseState.RECEIVED}, CaseState.REFERRED, OwnerKind.AGENCY, due_at, now)
        self._refer(agency_id, directed=False)
        self._note(EntryKind.REFERRED, by, now, words, agency_id=agency_id)

    def merge(self, into: CaseId, by: Hand, now: datetime) -> None:
        """It is the same as another, which goes on."""
        if into == self.id:
            raise UnlawfulTransition(self.state, "merge")
        self._require_undecided("merge")
        self._close("merge", {CaseState.RECEIVED}, ClosedBecause.MERGED, now)
        self.merged_into = into
        self._note(EntryKind.MERGED, by, now)

    def give_up(self, by: Hand, now: datetime) -> None:
        """Its audience was cancelled, and nothing else was asked."""
        self._require_undecided("give up")
        self._close("give up", {CaseState.RECEIVED}, ClosedBecause.GIVEN_UP, now)
        self._note(EntryKind.GIVEN_UP, by, now)

    def take_up_again(self, by: Hand, now: datetime, *, due_at: datetime) -> None:
        """It was given up by a slip, or there is another audience."""
        if self.closed_because is not ClosedBecause.GIVEN_UP:
            raise UnlawfulTransition(self.state, "take up again")
        self.state, self.owner, self.due_at, self.since = CaseState.RECEIVED, OwnerKind.DESK, due_at, now
        self.closed_at, self.closed_because, self.escalations = None, None, 0
        self._note(EntryKind.TAKEN_UP_AGAIN, by, now)

    def wait_for_audience(self, due_at: datetime, governorate_id: GovernorateId | None = None) -> None:
        """It has an audience ahead, or another than before: until ``due_at`` nobody is late. ``governorate_id``: whose
        desk receives the citizen, if another's than before.

        Raises:
            CaseClosed.
            UnlawfulTransition: it is on its way already, or the office's turn.
        """
        self._require({CaseState.RECEIVED}, "wait for an audience")
        if self.owner is not OwnerKind.DESK:
            raise UnlawfulTransition(self.state, "wait for an audience")
        self.due_at, self.escalations, self.agenda = due_at, 0, None
        self.governorate_id = governorate_id or self.governorate_id

    def reply(self, by: Hand, now: datetime, *, due_at: datetime, words: Private[str]) -> None:
        """The agency's question is answered."""
        self._step("reply", {CaseState.ASKED}, CaseState.UNDER_WAY, OwnerKind.AGENCY, due_at, now)
        self._note(EntryKind.REPLIED, by, now, words, agency_id=self.agency_id)

    # What the agency does

    def take_on(self, by: Hand, now: datetime, *, due_at: datetime) -> None:
        """The agency says that it is its own."""
        self._step("take on", {CaseState.REFERRED}, CaseState.UNDER_WAY, OwnerKind.AGENCY, due_at, now)
        self._note(EntryKind.TAKEN_ON, by, now, agency_id=self.agency_id)

    def return_(self, by: Hand, now: datetime, *, due_at: datetime, words: Private[str]) -> None:
        """The agency says that it is not its own, and why: whoever sent it sends it elsewhere."""
        owner = OwnerKind.OFFICE if self.directed else OwnerKind.DESK
        lawful = {CaseState.REFERRED, CaseState.UNDER_WAY}
        self._step("return", lawful, CaseState.RECEIVED, owner, due_at, now)
        self._note(EntryKind.RETURNED, by, now, words, agency_id=self.agency_id)
        self.agency_id, self.remaining = None, 0

    def ask(self, by: Hand, now: datetime, *, due_at: datetime, words: Private[str]) -> None:
        """The agency needs to know something; its clock stands still until then."""
        stood_at = self.due_at
        self._step("ask", {CaseState.UNDER_WAY}, CaseState.ASKED, OwnerKind.DESK, due_at, now)
        self.agency_due_at = stood_at
        self._note(EntryKind.ASKED, by, now, words, agency_id=self.agency_id)

    def report(self, remaining: int, by: Hand, now: datetime, *, due_at: datetime, words: Private[str]) -> None:
        """A part is done; ``remaining`` (1 or more) items are listed, the first of them due at ``due_at`` (F81).

        Raises: AnsweredAlready.
        """
        if remaining < 1:
            raise UnlawfulTransition(self.state, "report")
        self._require_unanswered()
        lawful = {CaseState.UNDER_WAY}
        self._step("report", lawful, CaseState.UNDER_WAY, OwnerKind.AGENCY, due_at, now)
        self.remaining = remaining
        self._note(EntryKind.REPORTED, by, now, words, agency_id=self.agency_id)

    def answer(self, by: Hand, now: datetime, *, due_at: datetime, words: Private[str]) -> None:
        """All is done: closing is proposed to the citizen, who has until ``due_at``. Raises: AnsweredAlready."""
        self._require_unanswered()
        self._step("answer", {CaseState.UNDER_WAY}, CaseState.ANSWERED, OwnerKind.CITIZEN, due_at, now)
        self.remaining = 0
        self._answer(by, now, words)

    # What the office or the desk does with what is at an agency

    def reassign(self, agency_id: AgencyId, by: Hand, now: datetime, *, due_at: datetime, words: Private[str]) -> None:
        """Another agency gets it, with the reason."""
        if agency_id == self.agency_id:
            raise UnlawfulTransition(self.state, "reassign to where it is")
        self._step("reassign", set(WITH_AN_AGENCY), CaseState.REFERRED, OwnerKind.AGENCY, due_at, now)
        self._refer(agency_id, directed=self.directed)
        self._note(EntryKind.REASSIGNED, by, now, words, agency_id=agency_id)

    # What the clock does

    def notified(self, by: Hand, now: datetime, *, due_at: datetime | None = None) -> None:
        """The citizen was told of the answer; ``due_at``: until when they may say no, if not as it was."""
        self._require({CaseState.ANSWERED}, "notify")
        if self.notified_at is None:
            self.notified_at, self.due_at = now, due_at or self.due_at
        self._note(EntryKind.NOTIFIED, by, now)

    def reminded(self, by: Hand, now: datetime) -> None:
        """The citizen was told that the time to say no is soon over. Raises: NoticeNotGiven."""
        self._require({CaseState.ANSWERED}, "remind")
        if self.notified_at is None:
            raise NoticeNotGiven
        self.escalations += 1
        self._note(EntryKind.NOTIFIED, by, now)

    def lapse(self, by: Hand, now: datetime) -> None:
        """Nobody said no within the time. Raises: NoticeNotGiven."""
        self._require({CaseState.ANSWERED}, "lapse")
        if self.notified_at is None or self.due_at is None or now < self.due_at:
            raise NoticeNotGiven
        self._close("lapse", {CaseState.ANSWERED}, ClosedBecause.UNOPPOSED, now)
        self._note(EntryKind.LAPSED, by, now)

    def escalate(self, by: Hand, now: datetime, *, due_at: datetime) -> None:
        """Its clock ran out, and is set anew; the third time it comes before the next sitting (F79). While it is the
        citizen's turn nobody is late.
        """
        self._require(OPEN_STATES - {CaseState.ANSWERED}, "escalate")
        self.escalations += 1
        self.due_at = due_at
        if self.escalations >= MOST_ESCALATIONS and self.agenda is None:
            self.agenda = AgendaReason.OVERDUE
        self._note(EntryKind.ESCALATED, by, now, agency_id=self.agency_id if self.owner is OwnerKind.AGENCY else None)

    # Below

    def _answer(self, by: Hand, now: datetime, words: Private[str]) -> None:
        # What another's answer was contested for is not held against whoever answers now.
        self.answer_contested = self.answer_contested and self.answered_by == self.agency_id
        self.answered_at, self.answered_by, self.notified_at, self.agenda = now, self.agency_id, None, None
        self._note(EntryKind.ANSWERED, by, now, words, agency_id=by.agency_id)

    def _refer(self, agency_id: AgencyId, *, directed: bool) -> None:
        self.agency_id, self.directed, self.remaining = agency_id, directed, 0
        self.agenda = None

    def _require_undecided(self, name: str) -> None:
        """What was directed, answered or contested once ends by the citizen's word, whatever came back since."""
        if self.state is CaseState.RECEIVED and (self.owner is OwnerKind.OFFICE or self.directed or self.answered_at):
            raise UnlawfulTransition(self.state, name)

    def _require_unanswered(self) -> None:
        if self.state is CaseState.ANSWERED:
            raise AnsweredAlready

    def _require(self, lawful: frozenset[CaseState] | set[CaseState], name: str) -> None:
        if self.state is CaseState.CLOSED and CaseState.CLOSED not in lawful:
            raise CaseClosed
        if self.state not in lawful:
            raise UnlawfulTransition(self.state, name)

    def _step(
        self,
        name: str,
        lawful: set[CaseState],
        to: CaseState,
        owner: OwnerKind,
        due_at: datetime,
        now: datetime,
        *,
        keeps_since: bool = False,
    ) -> None:
        self._require(lawful, name)
        self.state, self.owner, self.due_at, self.escalations, self.agency_due_at = to, owner, due_at, 0, None
        if not keeps_since:
            self.since = now

    def _close(
        self, name: str, lawful: frozenset[CaseState] | set[CaseState], because: ClosedBecause, now: datetime
    ) -> None:
        self._require(lawful, name)
        self.state, self.owner, self.due_at, self.since = CaseState.CLOSED, OwnerKind.CITIZEN, None, now
        self.closed_at, self.closed_because, self.agenda, self.agency_due_at = now, because, None, None

    def _note(
        self,
        kind: EntryKind,
        by: Hand,
        now: datetime,
        words: Private[str] | None = None,
        *,
        agency_id: AgencyId | None = None,
    ) -> None:
        self.entries.append(CaseEntry(kind=kind, at=now, by=by, words=words, agency_id=agency_id))
