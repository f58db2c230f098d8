"""Citizens' links: ours are read, others are not, each opens one kind of thing, and all grow old."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.factories import NOW, a_citizen, a_sitting, an_audience

from scheduler.citizen_links import BOOKING_LASTS, UNDO_LASTS, BookingLinks, OfferLinks
from scheduler.core import reference
from tawasul.domain.errors import LinkExpired, LinkNotValid
from tawasul.domain.hold import HoldId
from tawasul.domain.waitlist import EntryId, Offer, OfferId

KEY = b"a key of the tests, 32 bytes lon"
BOOKINGS, OFFERS = BookingLinks(KEY), OfferLinks(KEY)
REFERENCE = reference.draw(b"8 bytes!")
AUDIENCE = an_audience(a_citizen(), a_sitting(), reference=REFERENCE)
OFFER = Offer(OfferId("0123456789abcdef"), EntryId("e"), HoldId("h"), NOW, NOW, NOW + timedelta(hours=2))
TOKENS = [BOOKINGS.token(AUDIENCE), BOOKINGS.undo_token(AUDIENCE, NOW), OFFERS.token(OFFER)]


def test_each_link_is_read_as_what_it_was_made_for_and_as_nothing_else() -> None:
    readers = [BOOKINGS.read, BOOKINGS.read_undo, OFFERS.read]
    for made, token in enumerate(TOKENS):
        for reading, read in enumerate(readers):
            if made == reading:
                assert read(token, NOW) == (OFFER.id if made == 2 else REFERENCE)
            else:
                with pytest.raises(LinkNotValid):
                    read(token, NOW)


def test_a_link_fits_a_message_and_names_nobody() -> None:
    assert max(len(token) for token in TOKENS) <= 48
    assert AUDIENCE.citizen_id not in TOKENS[0]


def test_links_grow_old() -> None:
    old = AUDIENCE.slot_starts_at + BOOKING_LASTS
    assert BOOKINGS.read(TOKENS[0], old) == REFERENCE
    with pytest.raises(LinkExpired):
        BOOKINGS.read(TOKENS[0], old + timedelta(days=1))
    with pytest.raises(LinkExpired):
        BOOKINGS.read_undo(TOKENS[1], NOW + UNDO_LASTS + timedelta(seconds=1))
    with pytest.raises(LinkExpired):
        OFFERS.read(TOKENS[2], OFFER.expires_at + BOOKING_LASTS + timedelta(days=1))


@pytest.mark.parametrize("token", TOKENS)
@given(place=st.integers(0, 40), other=st.sampled_from("AZaz09-_.~é\x00"))
def test_a_changed_link_is_none(token: str, place: int, other: str) -> None:
    place %= len(token)
    changed = token[:place] + other + token[place + 1 :]
    if changed == token:
        return
    for read in (BOOKINGS.read, BOOKINGS.read_undo, OFFERS.read):
        # The last character of base64 holds bits that mean nothing: the same link, spelled otherwise.
        if place == len(token) - 1 and other in "AZaz09-_":
            continue
        with pytest.raises(LinkNotValid):
            read(changed, NOW)


@given(st.text(max_size=120))
def test_anything_else_is_none(text: str) -> None:
    for read in (BOOKINGS.read, BOOKINGS.read_undo, OFFERS.read):
        with pytest.raises(LinkNotValid):
            read(text, NOW)


def test_another_key_makes_other_links() -> None:
    with pytest.raises(LinkNotValid):
        BookingLinks(b"another key of the tests, 32 byt").read(TOKENS[0], NOW)
