"""The table of the probe: a row each for one hostile thing, with what it is about and what is right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from support.probe_bed import Bed
from support.probe_caller import SILENCE, Target

Act = Callable[[Bed, Target], str]
NOTHING = "nothing"
"""No packet has come to anybody."""
A_PACKET = "a packet at the victim"


@dataclass(frozen=True)
class Row:
    """``act`` does it, and gives in words what came of it. ``right`` is what must come, of us."""

    subject: str
    name: str
    about: str
    right: str
    act: Act
    judge: Callable[[str], bool]


class Subject:
    """Rows of one subject, gathered by the decorator ``row``."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.rows: list[Row] = []

    def row(
        self, name: str, about: str, right: str, judge: Callable[[str], bool] | None = None
    ) -> Callable[[Act], Act]:
        """Takes up what it decorates. ``right``: the words that must come, ``or`` between several; or else ``judge``
        decides on the words."""

        def taken(act: Act) -> Act:
            self.add(name, about, right, act, judge)
            return act

        return taken

    def add(self, name: str, about: str, right: str, act: Act, judge: Callable[[str], bool] | None = None) -> None:
        """The same, for an act that is made by a loop."""
        lawful = right.split(" or ")
        self.rows.append(Row(self.name, name, about, right, act, judge or (lambda words: words in lawful)))


def at_most(bound: float) -> Callable[[str], bool]:
    """A judge of words that begin with a number; ``silence`` is always little enough."""
    return lambda words: words == SILENCE or float(words.split()[0].replace(",", "")) <= bound
