"""Who comes, as it is kept: sealed JSON for a representative or a group, nothing for a citizen alone."""

from __future__ import annotations

import dataclasses
import json

from tawasul.domain.party import Alone, Group, Party, Priority, Proof, Relation, Representative
from tawasul.domain.people import NationalId
from tawasul.domain.private import Private
from tawasul.store.sealed import Sealer


def seal_party(sealer: Sealer, party: Private[Party], *, column: str, row_id: str) -> bytes | None:
    """``None`` for a citizen alone."""
    match party.reveal():
        case Alone():
            return None
        case Group() as group:
            told = {"kind": "group", **dataclasses.asdict(group)}
        case Representative() as representative:
            told = {
                "kind": "representative",
                **dataclasses.asdict(representative),
                "national_id": representative.national_id.digits,
            }
    return sealer.seal(json.dumps(told, ensure_ascii=False), column=column, row_id=row_id)


def open_party(sealer: Sealer, sealed: bytes | None, *, column: str, row_id: str) -> Private[Party]:
    """The party again."""
    if sealed is None:
        return Private(Alone())
    told = json.loads(sealer.open(sealed, column=column, row_id=row_id))
    if told.pop("kind") == "group":
        return Private(Group(**told))
    return Private(
        Representative(
            name=told["name"],
            national_id=NationalId(told["national_id"]),
            relation=Relation(told["relation"]),
            proof=Proof(told["proof"]),
            proof_number=told["proof_number"],
            proof_seen=told["proof_seen"],
        )
    )


def priorities_to_text(priorities: tuple[Priority, ...]) -> str:
    """With a comma between them."""
    return ",".join(priority.value for priority in priorities)


def priorities_from_text(text: str) -> tuple[Priority, ...]:
    """As ``priorities_to_text`` wrote them."""
    return tuple(Priority(word) for word in text.split(",") if word)
