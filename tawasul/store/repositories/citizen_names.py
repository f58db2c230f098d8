"""Citizens found by their names, which are sealed: by keyed hashes of the words of a name, and of their beginnings.

A token is HMAC-SHA-256 cut to 16 bytes, of a folded word (``tawasul.domain.arabic_text.words``) under the label
``citizens.name``, or of its first three, four … letters under ``citizens.name.beginning``. What this tells somebody who
has the database without its key, and why that is accepted: docs/adr/0023.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import ColumnElement, case, delete, exists, func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from tawasul.domain.arabic_text import words
from tawasul.domain.people import CitizenId
from tawasul.domain.places import GovernorateId
from tawasul.store.repositories.base import Repository
from tawasul.store.sealed import Sealer
from tawasul.store.tables import AudienceRow, CaseRow, CitizenNameTokenRow, CitizenRow, WaitlistEntryRow

SHORTEST_BEGINNING: Final = 3
"""Letters. Two would find half the region, and there are few enough of them to be told apart by how often they come."""

LONGEST_BEGINNING: Final = 8
"""Letters of a word that are told apart; those that go on differently are for the caller to leave out."""

MOST_WORDS: Final = 8

_TOKEN_BYTES: Final = 16
_WORD: Final = "citizens.name"
_BEGINNING: Final = "citizens.name.beginning"


class CitizenNames(Repository):
    """The tokens of names."""

    def __init__(self, session: AsyncSession, sealer: Sealer) -> None:
        super().__init__(session)
        self._sealer = sealer

    async def put(self, id: CitizenId, name: str, *, new: bool = False) -> None:
        """Those of ``name`` in the place of those before; ``new``: there were none."""
        if not new:
            await self._change(delete(CitizenNameTokenRow).where(CitizenNameTokenRow.citizen_id == id))
        if tokens := self._tokens(name):
            await self._session.execute(
                insert(CitizenNameTokenRow), [{"token": token, "citizen_id": id} for token in sorted(tokens)]
            )

    async def find(self, typed: str, governorate_id: GovernorateId, limit: int) -> list[CitizenId]:
        """Those whose name has every word typed, or one that begins so, and whom this governorate has to do with: who
        has or had an audience, a wish or a case there. First those with the most words whole; at most ``limit``.

        A word of one or two letters is found whole only; of a long one its first letters count. No word finds nobody.
        """
        sought = list(dict.fromkeys(words(typed)))[:MOST_WORDS]
        if not sought:
            return []
        whole = {self._token(word, _WORD) for word in sought}
        needed = {self._needed(word) for word in sought}
        token, citizen = CitizenNameTokenRow.token, CitizenNameTokenRow.citizen_id
        # First whom the words fit, then who of them belongs here: with frequent words that asks for far fewer people.
        fitting = (
            select(citizen, func.sum(case((token.in_(sorted(whole)), 1), else_=0)).label("whole_words"))
            .where(token.in_(sorted(whole | needed)))
            .group_by(citizen)
            .having(func.sum(case((token.in_(sorted(needed)), 1), else_=0)) == len(needed))
            .subquery()
        )
        statement = (
            select(fitting.c.citizen_id)
            .where(or_(*_concerns(fitting.c.citizen_id, governorate_id)))
            .order_by(fitting.c.whole_words.desc(), fitting.c.citizen_id)
            .limit(limit)
        )
        return [CitizenId(id) for id in (await self._session.scalars(statement)).all()]

    async def without(self, after: CitizenId, limit: int) -> list[CitizenId]:
        """Citizens without a token, in the order of their ids, from the one behind ``after``."""
        statement = (
            select(CitizenRow.id)
            .where(CitizenRow.id > after, ~exists().where(CitizenNameTokenRow.citizen_id == CitizenRow.id))
            .order_by(CitizenRow.id)
            .limit(limit)
        )
        return [CitizenId(id) for id in (await self._session.scalars(statement)).all()]

    def _tokens(self, name: str) -> set[bytes]:
        found: set[bytes] = set()
        for word in words(name):
            found.add(self._token(word, _WORD))
            for length in range(SHORTEST_BEGINNING, min(len(word), LONGEST_BEGINNING) + 1):
                found.add(self._token(word[:length], _BEGINNING))
        return found

    def _needed(self, word: str) -> bytes:
        if len(word) < SHORTEST_BEGINNING:
            return self._token(word, _WORD)
        return self._token(word[:LONGEST_BEGINNING], _BEGINNING)

    def _token(self, text: str, label: str) -> bytes:
        return self._sealer.fingerprint(text, column=label)[:_TOKEN_BYTES]


def _concerns(citizen: ColumnElement[str], id: GovernorateId) -> Sequence[ColumnElement[bool]]:
    own = or_(AudienceRow.governorate_id == id, AudienceRow.booked_governorate_id == id)
    return (
        exists().where(AudienceRow.citizen_id == citizen, own),
        exists().where(WaitlistEntryRow.citizen_id == citizen, WaitlistEntryRow.governorate_id == id),
        exists().where(CaseRow.citizen_id == citizen, CaseRow.governorate_id == id),
    )
