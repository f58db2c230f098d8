"""What the office's board and a citizen's place look like, made from a reading and the room. Pure."""

from __future__ import annotations

from datetime import datetime

from signaling.core.waiting_room import WaitingRoom, expected_wait
from signaling.reading import Reading, venue_key
from tawasul.domain.audience import Audience, State
from tawasul.domain.places import Name
from tawasul.domain.sitting import SittingId
from tawasul.domain.venue import AtKiosk, InPerson, OwnLocation
from tawasul.protocol.base import BothNames
from tawasul.protocol.from_server import Board, BoardRow, Party, VenueKind, Waiting, WaitingEntry

OWN_LOCATION = Name("من موقعه", "Own location")
IN_PERSON = Name("حضوريًا", "In person")
OFFICE = Name("مكتب سمو الأمير", "The Amir's office")

_NOT_ON_THE_BOARD = frozenset({State.CANCELLED})


def board(reading: Reading, room: WaitingRoom, sitting_id: SittingId | None, now: datetime) -> Board:
    """The board of a sitting; an empty one where there is none."""
    sitting = reading.sitting(sitting_id) if sitting_id else None
    if sitting is None:
        return Board(sitting_id=None, opens_at=None, closes_at=None, rows=(), concluded=0, server_time=now)
    audiences = [a for a in reading.of_sitting(sitting.id) if a.state not in _NOT_ON_THE_BOARD]
    rows = [_row(a, reading, room) for a in audiences if a.citizen_id in reading.citizens]
    rows.sort(key=lambda row: (row.position is None, row.position or 0, row.slot_starts_at))
    return Board(
        sitting_id=sitting.id,
        opens_at=sitting.opens_at,
        closes_at=sitting.closes_at,
        rows=tuple(rows),
        concluded=sum(a.state is State.CONCLUDED for a in audiences),
        server_time=now,
    )


def waiting(reading: Reading, room: WaitingRoom, venue: str, *, office_present: bool, now: datetime) -> Waiting:
    """Who waits at this venue."""
    return Waiting(
        entries=tuple(
            _waiting_entry(reading.audiences[entry.audience_id], reading, room, now)
            for entry in room.at(venue)
            # A moment after a new reading the room still holds the one before.
            if entry.audience_id in reading.audiences
        ),
        office_present=office_present,
        server_time=now,
    )


def citizen_as_party(audience: Audience, reading: Reading) -> Party:
    """The citizen, as the office sees them across."""
    citizen = reading.citizens[audience.citizen_id]
    name = citizen.name.reveal()
    return Party(
        name=BothNames(arabic=name, english=name),
        place=BothNames.of(place_of(audience, reading)),
        assurance=audience.assurance.value,
        device=audience.venue.kiosk_id if isinstance(audience.venue, AtKiosk) else None,
    )


def office_as_party() -> Party:
    """The office, as the citizen sees it across."""
    return Party(name=BothNames.of(OFFICE))


def place_of(audience: Audience, reading: Reading) -> Name:
    """Where the citizen is: the governorate, and nothing finer for their own location."""
    if isinstance(audience.venue, AtKiosk):
        kiosk = reading.kiosks[audience.venue.kiosk_id]
        return reading.governorates[reading.centres[kiosk.centre_id].governorate_id].name
    return OWN_LOCATION if isinstance(audience.venue, OwnLocation) else IN_PERSON


def is_in_the_room(audience: Audience) -> bool:
    """Whether the citizen is received in person now: there is no connection, and nobody else's line to ask."""
    return isinstance(audience.venue, InPerson) and audience.state is State.IN_CALL


def _row(audience: Audience, reading: Reading, room: WaitingRoom) -> BoardRow:
    citizen = reading.citizens[audience.citizen_id]
    return BoardRow(
        audience_id=audience.id,
        reference=audience.reference,
        citizen_name=citizen.name.reveal(),
        citizen_kind=citizen.kind.value,
        id_last_four=citizen.national_id.reveal().last_four,
        assurance=audience.assurance.value,
        subject=audience.subject.reveal(),
        venue=_venue_kind(audience),
        place=BothNames.of(place_of(audience, reading)),
        slot_starts_at=audience.slot_starts_at,
        state=audience.state.value,
        arrived_at=audience.arrived_at,
        position=room.position(audience.id),
        online=isinstance(audience.venue, InPerson) or room.online(venue_key(audience)),
        interruptions=audience.interruptions,
        priorities=tuple(priority.value for priority in audience.priorities),
        walk_in=audience.walk_in,
        call_id=audience.call_id if is_in_the_room(audience) else None,
    )


def _waiting_entry(audience: Audience, reading: Reading, room: WaitingRoom, now: datetime) -> WaitingEntry:
    position = room.position(audience.id)
    sitting = reading.sitting(audience.sitting_id)
    estimate = None
    if position is not None and sitting is not None:
        busy = reading.with_the_office(sitting.id)
        since = busy.called_in_at if busy else None
        estimate = expected_wait(
            position,
            reading.lengths(sitting.id),
            sitting.slot_length.total_seconds(),
            (now - since).total_seconds() if since else None,
        )
    return WaitingEntry(
        audience_id=audience.id,
        reference=audience.reference,
        state=audience.state.value,
        slot_starts_at=audience.slot_starts_at,
        position=position,
        expected_wait=estimate,
        interruptions=audience.interruptions,
    )


def _venue_kind(audience: Audience) -> VenueKind:
    match audience.venue:
        case AtKiosk():
            return "kiosk"
        case OwnLocation():
            return "own-location"
        case _:
            return "in-person"
