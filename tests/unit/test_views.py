"""What the office's board and a citizen's place show, and what they never show."""

from __future__ import annotations

from datetime import timedelta

from support.factories import (
    BADR,
    BADR_1,
    BADR_CENTRE,
    CALL,
    NOW,
    YANBU,
    YANBU_1,
    YANBU_CENTRE,
    a_citizen,
    a_sitting,
    an_audience,
    arrived,
    slot,
)

from signaling import views
from signaling.core.waiting_room import LineUp, Refreshed, WaitingRoom
from signaling.reading import Reading
from tawasul.domain.audience import Audience
from tawasul.domain.outcome import HeardOnly
from tawasul.domain.people import Citizen
from tawasul.domain.sitting import Sitting
from tawasul.domain.venue import AtKiosk, InPerson, OwnLocation
from tawasul.protocol.from_server import Board

SITTING = a_sitting()


class Day:
    """A sitting, whoever is in it, and the room that holds a reading of it."""

    def __init__(self, *audiences: tuple[Citizen, Audience], sittings: tuple[Sitting, ...] = (SITTING,)) -> None:
        self.reading = Reading(
            sittings=sittings,
            audiences={audience.id: audience for _, audience in audiences},
            citizens={citizen.id: citizen for citizen, _ in audiences},
            kiosks={kiosk.id: kiosk for kiosk in (BADR_1, YANBU_1)},
            centres={centre.id: centre for centre in (BADR_CENTRE, YANBU_CENTRE)},
            governorates={governorate.id: governorate for governorate in (BADR, YANBU)},
        )
        self.room = WaitingRoom()
        self.room.handle(Refreshed(self.reading.entries()), 0)

    def board(self) -> Board:
        """Of the sitting, now."""
        return views.board(self.reading, self.room, SITTING.id, NOW)


def booked(number: int, **where: object) -> tuple[Citizen, Audience]:
    """Somebody with the slot of that number."""
    citizen = a_citizen()
    return citizen, an_audience(citizen, SITTING, number=number, **where)  # type: ignore[arg-type]


def test_those_who_wait_come_first_by_their_turn_and_then_the_others_by_their_time() -> None:
    early, present, late, before, called = (booked(number) for number in (4, 2, 7, 1, 3))
    for _, audience in (early, present, called):
        arrived(audience)
    called[1].call_in(CALL, NOW)
    board = Day(late, early, called, present, before).board()
    expected = [(present, 1), (early, 2), (before, None), (called, None), (late, None)]
    assert [(row.audience_id, row.position) for row in board.rows] == [(a.id, place) for (_, a), place in expected]


def test_of_their_own_location_nothing_finer_is_shown_than_that() -> None:
    # Registered at Badr's desk, with Badr's coordinates at hand.
    citizen, audience = booked(0, venue=OwnLocation(), governorate=BADR)
    arrived(audience)
    day = Day((citizen, audience))
    (row,) = day.board().rows
    assert (row.venue, row.place.english, row.place.arabic) == ("own-location", "Own location", "من موقعه")
    assert views.citizen_as_party(audience, day.reading).place == row.place
    said = day.board().model_dump_json() + views.citizen_as_party(audience, day.reading).model_dump_json()
    for finer in (BADR.name.arabic, BADR.name.english, str(BADR.coordinates.latitude), BADR.id, BADR_CENTRE.id):
        assert finer not in said


def test_of_a_kiosk_the_governorate_is_shown_and_of_those_who_came_that_they_did() -> None:
    day = Day(booked(0, venue=AtKiosk(YANBU_1.id)), booked(1, venue=InPerson()))
    assert [(row.venue, row.place.english) for row in day.board().rows] == [
        ("kiosk", YANBU.name.english),
        ("in-person", "In person"),
    ]


def test_of_the_national_id_the_board_has_four_digits_and_of_the_mobile_none() -> None:
    citizen, audience = booked(0)
    said = Day((citizen, audience)).board()
    national_id = citizen.national_id.reveal().digits
    assert said.rows[0].id_last_four == national_id[-4:]
    assert national_id not in said.model_dump_json()
    assert "500000001" not in said.model_dump_json()


def test_whom_the_office_has_heard_are_counted_and_who_cancelled_is_gone() -> None:
    done, gone, missed, waiting = (booked(number) for number in range(4))
    for _, audience in (done, waiting):
        arrived(audience)
    done[1].call_in(CALL, NOW)
    done[1].join(NOW)
    done[1].conclude(HeardOnly(), NOW)
    gone[1].cancel()
    missed[1].miss()
    day = Day(done, gone, waiting)
    assert (len(day.board().rows), day.board().concluded) == (2, 1)
    assert gone[1].id not in {row.audience_id for row in day.board().rows}


def test_whoever_is_not_open_has_no_name_in_a_reading_and_no_row() -> None:
    citizen, audience = booked(0)
    audience.miss()
    day = Day((citizen, audience))
    day.reading.citizens.clear()
    assert day.board().rows == ()


def test_a_sitting_that_is_not_there_is_an_empty_board() -> None:
    day = Day(booked(0), sittings=())
    for board in (day.board(), views.board(day.reading, day.room, None, NOW)):
        assert (board.sitting_id, board.rows, board.opens_at, board.server_time) == (None, (), None, NOW)


def test_a_line_shows_as_online_where_the_citizen_is() -> None:
    at_kiosk, own = booked(0), booked(1, venue=OwnLocation())
    day = Day(at_kiosk, own)
    assert [row.online for row in day.board().rows] == [False, False]
    day.room.handle(LineUp(f"citizen:{own[1].id}"), 0)
    assert [row.online for row in day.board().rows] == [False, True]


def test_a_venue_is_told_of_its_own_citizens_and_of_nobody_else() -> None:
    here, there = booked(1), booked(0, venue=AtKiosk(YANBU_1.id))
    for _, audience in (here, there):
        arrived(audience)
    day = Day(here, there)
    told = views.waiting(day.reading, day.room, f"kiosk:{BADR_1.id}", office_present=True, now=NOW)
    (entry,) = told.entries
    assert (entry.audience_id, entry.position, entry.slot_starts_at) == (here[1].id, 2, slot(SITTING, 1))
    # One before them, for the length of a slot.
    assert entry.expected_wait == 600
    for private in ("سالم", "طريق", there[1].reference, here[0].id):
        assert private not in told.model_dump_json()


def test_whoever_is_with_the_office_shortens_the_wait_by_the_time_that_has_passed() -> None:
    within, next_one = booked(0), booked(1)
    for _, audience in (within, next_one):
        arrived(audience)
    within[1].call_in(CALL, NOW - timedelta(minutes=4))
    day = Day(within, next_one)
    told = views.waiting(day.reading, day.room, f"kiosk:{BADR_1.id}", office_present=True, now=NOW)
    assert [(e.audience_id, e.position, e.expected_wait) for e in told.entries] == [
        (within[1].id, None, None),
        (next_one[1].id, 1, 360),
    ]


def test_a_room_that_still_holds_an_earlier_reading_shows_what_is_in_both() -> None:
    gone, stays = booked(0), booked(1)
    for _, audience in (gone, stays):
        arrived(audience)
    before, after = Day(gone, stays), Day(stays)
    told = views.waiting(after.reading, before.room, f"kiosk:{BADR_1.id}", office_present=False, now=NOW)
    assert [entry.audience_id for entry in told.entries] == [stays[1].id]
