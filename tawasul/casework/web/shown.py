"""The case after a step, as whoever took the step sees it."""

from __future__ import annotations

from tawasul.casework.scope import Who
from tawasul.casework.seen import listed
from tawasul.casework.step import Casework
from tawasul.casework.web.given import CaseView
from tawasul.domain.case import Case
from tawasul.domain.case_number import CaseNumber
from tawasul.domain.errors import InvalidCaseNumber


class Shown:
    """Nothing is noted: the step itself was."""

    def __init__(self, casework: Casework) -> None:
        self._casework = casework

    async def after(self, who: Who, case: Case) -> CaseView:
        """The case as it is kept now, with its names."""
        async with self._casework.units(reading=True) as uow:
            (seen,) = await listed(uow, who, [case])
        return CaseView.of(seen, self._casework.clock())


def number_of(before: str | None) -> CaseNumber | None:
    """From where a list goes on; what is no number of ours begins at the latest."""
    if before is None:
        return None
    try:
        return CaseNumber.parse(before)
    except InvalidCaseNumber:
        return None
