"""Who comes: the citizen alone, one who speaks for them, or a group with a spokesman; and who goes first."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Final

from tawasul.domain.errors import InvalidInput
from tawasul.domain.people import LONGEST_NAME, NationalId
from tawasul.domain.text import bounded

LARGEST_GROUP: Final = 50
LONGEST_PROOF_NUMBER: Final = 40


class Relation(enum.StrEnum):
    """By what right a representative speaks."""

    AGENT = "agent"
    GUARDIAN = "guardian"
    PARENT = "parent"
    SPOUSE = "spouse"
    CHILD = "child"
    LAWYER = "lawyer"


class Proof(enum.StrEnum):
    """What shows it."""

    POWER_OF_ATTORNEY = "power-of-attorney"
    GUARDIANSHIP_DEED = "guardianship-deed"
    FAMILY_RECORD = "family-record"
    LAWYERS_LICENCE = "lawyers-licence"


@dataclass(frozen=True, slots=True)
class Alone:
    """The citizen speaks for themselves."""


@dataclass(frozen=True, slots=True)
class Representative:
    """وكيل / ولي أمر: speaks for the citizen. ``proof_seen``: a member of staff has looked at it."""

    name: str
    national_id: NationalId
    relation: Relation
    proof: Proof
    proof_number: str
    proof_seen: bool = False

    @classmethod
    def named(
        cls, *, name: str, national_id: str, relation: str, proof: str, proof_number: str, proof_seen: bool
    ) -> Representative:
        """From what was typed.

        Raises:
            InvalidText, InvalidNationalId, InvalidInput: by the field that is wrong.
        """
        try:
            relation, proof = Relation(relation), Proof(proof)
        except ValueError:
            raise InvalidInput("no such relation or proof", field="relation") from None
        return cls(
            name=bounded(name, field="representative_name", longest=LONGEST_NAME),
            national_id=NationalId.parse(national_id),
            relation=relation,
            proof=proof,
            proof_number=bounded(proof_number, field="proof_number", longest=LONGEST_PROOF_NUMBER),
            proof_seen=proof_seen,
        )


@dataclass(frozen=True, slots=True)
class Group:
    """Several who come for one thing; the citizen of the audience is their spokesman. ``size`` counts all."""

    name: str
    size: int

    @classmethod
    def named(cls, *, name: str, size: int) -> Group:
        """Raises: InvalidText: the name. InvalidInput: not 2 to 50."""
        if not 2 <= size <= LARGEST_GROUP:
            raise InvalidInput(f"a group has 2 to {LARGEST_GROUP} people", field="group_size")
        return cls(bounded(name, field="group_name", longest=LONGEST_NAME), size)


Party = Alone | Representative | Group


class Priority(enum.StrEnum):
    """A reason to go before others who came at the same time; always shown, in this order, beside the person."""

    REBOOKED = "rebooked"
    """Lost an earlier time through no fault of their own."""
    DISABLED = "disabled"
    ELDERLY = "elderly"
    TRAVELLED_FAR = "travelled-far"


def ordered(priorities: frozenset[Priority]) -> tuple[Priority, ...]:
    """In the order of ``Priority``."""
    return tuple(each for each in Priority if each in priorities)
