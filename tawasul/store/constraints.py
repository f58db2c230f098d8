"""Which constraint refused, and what that means to the person who asked.

PostgreSQL names the constraint; SQLite names the columns (``UNIQUE constraint failed: table.column, …``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import IntegrityError

from tawasul.domain.errors import AlreadyBooked, AlreadyRegistered, AlreadyWaiting, Conflict, OfficeBusy, Stale


class ReferenceInUse(Exception):
    """The reference belongs to another audience. Never reaches a person: whoever books draws another one."""


_MEANING: dict[str, tuple[str, type[Conflict] | type[ReferenceInUse]]] = {
    # constraint: (as SQLite tells it, what it means)
    "uq_citizens_national_id_hash": ("citizens.national_id_hash", AlreadyRegistered),
    "uq_audiences_open_of_citizen": ("audiences.citizen_id, audiences.sitting_id", AlreadyBooked),
    "uq_audiences_with_the_office": ("audiences.sitting_id", OfficeBusy),
    "uq_audiences_reference": ("audiences.reference", ReferenceInUse),
    "uq_waitlist_entries_open_of_citizen": ("waitlist_entries.citizen_id", AlreadyWaiting),
    "uq_offers_open_of_entry": ("offers.entry_id", Stale),
    "uq_offers_hold_id": ("offers.hold_id", Stale),
    "uq_directives_proposed_of_case": ("directives.case_id", Stale),
    "uq_directives_audience_id": ("directives.audience_id", Stale),
}


@contextmanager
def meaningful_refusals() -> Iterator[None]:
    """Turns the violation of a constraint that has a meaning into its error; others pass as they are."""
    try:
        yield
    except IntegrityError as error:
        meaning = _meaning(error)
        if meaning is None:
            raise
        # Without its cause: the statement's parameters do not belong into a traceback.
        raise meaning() from None


def _meaning(error: IntegrityError) -> type[Conflict] | type[ReferenceInUse] | None:
    named = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
    told = str(error.orig).removeprefix("UNIQUE constraint failed: ")
    for constraint, (as_sqlite_tells_it, meaning) in _MEANING.items():
        if named == constraint or told == as_sqlite_tells_it:
            return meaning
    return None
