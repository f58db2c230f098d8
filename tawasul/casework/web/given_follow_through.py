"""What the office's follow-through gives. ``null`` where it would be of fewer than ``least_shown``."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from tawasul.casework.core.figures import LEAST_SHOWN, Satisfied
from tawasul.casework.core.journeys import KILOMETRES_AN_HOUR
from tawasul.casework.follow_through import FollowedThrough, Line
from tawasul.casework.web.given_parts import BothNames, Given
from tawasul.domain.agency import AgencyId


class SatisfiedView(Given):
    """How many tapped what, after an answer."""

    no: int
    partly: int
    yes: int

    @classmethod
    def of(cls, satisfied: Satisfied | None) -> Self | None:
        """From the use case; ``None``: too few in every month."""
        if satisfied is None or not satisfied.all:
            return None
        return cls(no=satisfied.no, partly=satisfied.partly, yes=satisfied.yes)


class LineView(Given):
    """``open`` and ``overdue`` now, the others from the first day to the last. ``median_days`` from a case's opening
    to its last answer; ``contested_share`` from 0 to 1, of what was answered.
    """

    open: int
    overdue: int
    opened: int
    answered: int
    closed: int
    median_days: float | None
    contested_share: float | None

    @classmethod
    def of(cls, line: Line) -> Self:
        """From the use case."""
        return cls(**_figures(line))


class GovernorateLine(LineView):
    """Of a governorate."""

    id: str
    name: BothNames


class AgencyLine(LineView):
    """Of an agency. ``id`` and ``name`` are ``null`` of what was referred to none."""

    id: str | None
    name: BothNames | None
    satisfaction: SatisfiedView | None


class WeekView(Given):
    """Seven days of Riyadh from a Sunday; the first and the last are cut off where the days asked for are."""

    begins: date
    opened: int
    closed: int


class SparedView(Given):
    """What citizens did not travel: kilometres as the crow flies, hours at ``kilometres_an_hour``."""

    audiences: int
    kilometres: int
    hours: int
    kilometres_an_hour: int


class FollowThroughView(Given):
    """``satisfaction``: of the whole months that the days touch, without those in which an agency has too few."""

    first: date
    last: date
    least_shown: int
    total: LineView
    governorates: list[GovernorateLine]
    agencies: list[AgencyLine]
    weeks: list[WeekView]
    satisfaction: SatisfiedView | None
    spared: SparedView

    @classmethod
    def of(cls, found: FollowedThrough) -> Self:
        """From the use case. What has most that is overdue, then most that is open, comes first."""
        return cls(
            first=found.first,
            last=found.last,
            least_shown=LEAST_SHOWN,
            total=LineView.of(found.total),
            governorates=sorted(
                [
                    GovernorateLine(id=id, name=BothNames.of(found.governorates[id].name), **_figures(line))
                    for id, line in found.by_governorate.items()
                ],
                key=_behind,
            ),
            agencies=sorted([_agency(found, id, line) for id, line in found.by_agency.items()], key=_behind),
            weeks=[WeekView(begins=each.begins, opened=each.opened, closed=each.closed) for each in found.weeks],
            satisfaction=SatisfiedView.of(found.satisfied_in_all),
            spared=SparedView(
                audiences=found.spared.audiences,
                kilometres=found.spared.kilometres,
                hours=found.spared.hours,
                kilometres_an_hour=KILOMETRES_AN_HOUR,
            ),
        )


def _agency(found: FollowedThrough, id: AgencyId | None, line: Line) -> AgencyLine:
    return AgencyLine(
        id=id,
        name=None if id is None else BothNames.of(found.agencies[id].name),
        satisfaction=SatisfiedView.of(found.satisfaction.get(id)),
        **_figures(line),
    )


def _figures(line: Line) -> dict[str, Any]:
    return {
        "open": line.open,
        "overdue": line.overdue,
        "opened": line.opened,
        "answered": line.answered,
        "closed": line.closed,
        "median_days": None if line.median_days is None else round(line.median_days, 1),
        "contested_share": None if line.contested_share is None else round(line.contested_share, 3),
    }


def _behind(line: LineView) -> tuple[int, int, int]:
    return -line.overdue, -line.open, -line.opened
