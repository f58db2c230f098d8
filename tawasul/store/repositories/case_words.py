"""Cases found by the words of their subjects, which are sealed: by keyed hashes of whole words (docs/adr/0023).

A token is HMAC-SHA-256 cut to 16 bytes, of a word (``tawasul.domain.subject_words``) under the label ``cases.subject``:
the tokens of names are others, for the same word.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import and_, exists, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from tawasul.domain.case import CaseId
from tawasul.domain.case_number import CaseNumber
from tawasul.domain.places import GovernorateId
from tawasul.domain.subject_words import subject_words
from tawasul.store.repositories.base import Repository
from tawasul.store.sealed import Sealer
from tawasul.store.tables import CaseRow, CaseTokenRow

MOST_WORDS: Final = 8

_COUNTED: Final = 1_000
"""Tokens: how far they are counted to tell a rare word from a common one."""

_TOKEN_BYTES: Final = 16
_LABEL: Final = "cases.subject"


class CaseWords(Repository):
    """The tokens of subjects. They stay: a subject does not change."""

    def __init__(self, session: AsyncSession, sealer: Sealer) -> None:
        super().__init__(session)
        self._sealer = sealer

    async def put(self, number: CaseNumber, subject: str) -> None:
        """Those of a new case."""
        number_of_it = {"hijri_year": number.hijri_year, "serial": number.serial}
        if tokens := self.tokens(subject):
            await self._session.execute(
                insert(CaseTokenRow), [{"token": token, **number_of_it} for token in sorted(tokens)]
            )

    async def find(self, typed: str, governorate_id: GovernorateId | None, limit: int) -> list[CaseId]:
        """Those whose subject has every word typed, latest first. No word finds nobody.

        Along the tokens of the rarest word, in their own order: nothing is sorted, and it ends at the limit.
        """
        tokens = await self._rarest_first(self.tokens(typed))
        if not tokens:
            return []
        found = aliased(CaseTokenRow)
        case = and_(CaseRow.hijri_year == found.hijri_year, CaseRow.serial == found.serial)
        statement = select(CaseRow.id).select_from(found).join(CaseRow, case).where(found.token == tokens[0])
        for token in tokens[1:]:
            other = aliased(CaseTokenRow)
            same = (other.hijri_year == found.hijri_year, other.serial == found.serial)
            statement = statement.where(exists().where(other.token == token, *same))
        if governorate_id is not None:
            # Asked of each that is found: joined, SQLite would read all of the governorate's instead.
            here = aliased(CaseRow)
            statement = statement.where(exists().where(here.id == CaseRow.id, here.governorate_id == governorate_id))
        latest = statement.order_by(found.hijri_year.desc(), found.serial.desc()).limit(limit)
        return [CaseId(id) for id in await self._session.scalars(latest)]

    def tokens(self, text: str) -> set[bytes]:
        """Of the first words of a text: for a search, and for whoever writes many cases at once."""
        return {self._sealer.fingerprint(word, column=_LABEL)[:_TOKEN_BYTES] for word in subject_words(text)}

    async def _rarest_first(self, tokens: set[bytes]) -> list[bytes]:
        counts = {}
        for token in sorted(tokens)[:MOST_WORDS]:
            some = select(CaseTokenRow.serial).where(CaseTokenRow.token == token).limit(_COUNTED).subquery()
            counts[token] = await self._session.scalar(select(func.count()).select_from(some)) or 0
        return sorted(counts, key=lambda token: counts[token])
