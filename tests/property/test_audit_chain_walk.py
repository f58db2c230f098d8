"""Whatever is done to a chain of the audit log is found, and a chain to which nothing was done holds."""

import dataclasses
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tawasul.store.audit_chain import GENESIS, Found, Head, Link, Trouble, Walk

MONDAY = datetime(2026, 11, 23, 6, tzinfo=UTC)
FIELDS = ("actor_kind", "actor_id", "action", "subject_kind", "subject_id", "facts")


def an_entry(place: int) -> Link:
    return Link(
        place, place + 100, MONDAY + timedelta(seconds=place), "staff", f"staff-{place}", "booked", "audience",
        f"audience-{place}", '{"to":"kiosk"}', b"", b"",
    )  # fmt: skip


def chained(entries: Sequence[Link], after: bytes = GENESIS) -> list[Link]:
    """The entries linked in their order: what the chainer does, and what somebody with the same program can do."""
    links: list[Link] = []
    for entry in entries:
        link = dataclasses.replace(entry, previous=after, digest=b"")
        links.append(dataclasses.replace(link, digest=link.expected()))
        after = links[-1].digest
    return links


def a_chain(length: int) -> list[Link]:
    return chained([an_entry(place) for place in range(1, length + 1)])


def walked(links: Sequence[Link], heads: Sequence[Head] = ()) -> list[Found]:
    walk = Walk(heads)
    for link in links:
        walk.take(link)
    return walk.end()


def troubles(links: Sequence[Link], heads: Sequence[Head] = ()) -> list[tuple[Trouble, int, int]]:
    return [(found.trouble, found.first, found.last) for found in walked(links, heads)]


def head_of(links: Sequence[Link]) -> Head:
    return Head(MONDAY + timedelta(hours=1), links[-1].chain, links[-1].digest)


lengths = st.integers(3, 40)


@given(lengths)
def test_a_chain_that_nobody_touched_holds(length: int) -> None:
    chain = a_chain(length)
    assert walked(chain, [head_of(chain[:2]), head_of(chain)]) == []


@given(lengths, st.data())
def test_an_entry_that_was_edited_is_named(length: int, data: st.DataObject) -> None:
    chain, place = a_chain(length), data.draw(st.integers(0, length - 1))
    field = data.draw(st.sampled_from(FIELDS))
    chain[place] = dataclasses.replace(chain[place], **{field: getattr(chain[place], field) + "x"})
    assert troubles(chain) == [(Trouble.CHANGED, place + 1, place + 1)]


@given(lengths, st.data())
def test_an_edited_entry_with_a_digest_made_anew_breaks_the_one_behind_it(length: int, data: st.DataObject) -> None:
    chain, place = a_chain(length), data.draw(st.integers(0, length - 2))
    edited = dataclasses.replace(chain[place], actor_id="somebody-else")
    chain[place] = dataclasses.replace(edited, digest=edited.expected())
    assert troubles(chain) == [(Trouble.NOT_FOLLOWING, place + 2, place + 2)]


@given(lengths, st.data())
def test_all_of_it_made_anew_does_not_fit_the_heads(length: int, data: st.DataObject) -> None:
    chain, place = a_chain(length), data.draw(st.integers(0, length - 1))
    noted = head_of(chain)
    edited = dataclasses.replace(chain[place], actor_id="somebody-else")
    anew = [*chain[:place], *chained([edited, *chain[place + 1 :]], chain[place].previous)]
    assert walked(anew) == []
    assert troubles(anew, [noted]) == [(Trouble.REWRITTEN, length, length)]


@given(lengths, st.data())
def test_entries_taken_away_are_named(length: int, data: st.DataObject) -> None:
    first = data.draw(st.integers(1, length - 1))
    last = data.draw(st.integers(first, length - 1))
    chain = [link for link in a_chain(length) if not first <= link.chain <= last]
    assert troubles(chain) == [(Trouble.MISSING, first, last)]


@given(lengths, st.data())
def test_entries_taken_away_and_the_rest_moved_up_are_found(length: int, data: st.DataObject) -> None:
    chain, place = a_chain(length), data.draw(st.integers(1, length - 1))
    moved = [dataclasses.replace(link, chain=link.chain - 1) for link in chain[place:]]
    shortened = [*chain[: place - 1], *moved]
    assert {found.trouble for found in walked(shortened)} <= {Trouble.CHANGED, Trouble.NOT_FOLLOWING}
    assert len(walked(shortened)) >= len(moved)


@given(lengths, st.data())
def test_an_entry_put_between_is_found(length: int, data: st.DataObject) -> None:
    chain, place = a_chain(length), data.draw(st.integers(1, length - 1))
    forged = chained([an_entry(place + 1)], chain[place - 1].digest)
    moved = [dataclasses.replace(link, chain=link.chain + 1) for link in chain[place:]]
    assert walked([*chain[:place], *forged, *moved])
    # In the place of another, as a second one: the chain forks there.
    forked = [*chain[: place + 1], dataclasses.replace(forged[0], chain=place + 1), *chain[place + 1 :]]
    assert (Trouble.REPEATED, place + 1, place + 1) in troubles(forked)


@given(lengths, st.data())
def test_entries_in_another_order_are_found(length: int, data: st.DataObject) -> None:
    chain = a_chain(length)
    one = data.draw(st.integers(0, length - 2))
    other = data.draw(st.integers(one + 1, length - 1))
    chain[one], chain[other] = (
        dataclasses.replace(chain[other], chain=one + 1),
        dataclasses.replace(chain[one], chain=other + 1),
    )
    assert {(Trouble.CHANGED, one + 1, one + 1), (Trouble.CHANGED, other + 1, other + 1)} <= set(troubles(chain))


@given(lengths, st.data())
def test_a_tail_cut_off_is_found_by_a_head(length: int, data: st.DataObject) -> None:
    chain, left = a_chain(length), data.draw(st.integers(0, length - 1))
    assert walked(chain[:left]) == []
    assert troubles(chain[:left], [head_of(chain)]) == [(Trouble.CUT, left + 1, length)]


@given(lengths, st.data())
def test_an_entry_that_says_an_earlier_time_is_found(length: int, data: st.DataObject) -> None:
    entries, place = [an_entry(place) for place in range(1, length + 1)], data.draw(st.integers(1, length - 1))
    entries[place] = dataclasses.replace(entries[place], at=MONDAY - timedelta(days=1))
    assert troubles(chained(entries)) == [(Trouble.BACKDATED, place + 1, place + 1)]


@given(lengths)
def test_an_exported_line_says_the_same(length: int) -> None:
    chain = a_chain(length)
    assert [Link.from_json(link.to_json()) for link in chain] == chain


@pytest.mark.parametrize(
    "line",
    ["", "{}", "[]", "null", "7", "{" * 5000, a_chain(1)[0].to_json() + " ",
     a_chain(1)[0].to_json().replace('"chain":1', '"chain":"1"'),
     a_chain(1)[0].to_json().replace('"chain":1', '"chain":true'),
     a_chain(1)[0].to_json().replace('"actor_id":"staff-1"', '"actor_id":7'),
     a_chain(1)[0].to_json().replace('"action":"booked"', '"action":"booked","action":"booked"')],
)  # fmt: skip
def test_what_is_no_line_of_an_export_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r"entry|Expecting"):
        Link.from_json(line)
