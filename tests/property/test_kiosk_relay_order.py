"""In which order a kiosk tries relays: whatever it was offered, remembers, and has seen fail."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kiosk_client.core.relay_order import LATELY, REMEMBERED_FOR, RelayOrder, Remembered
from tawasul.protocol.relay_url import TRANSPORTS, RelayUrl

URLS = st.builds(
    RelayUrl, st.sampled_from(["north", "south"]), st.sampled_from([3478, 443]), st.sampled_from(TRANSPORTS)
)
OFFERED = st.lists(URLS, min_size=1, max_size=6, unique=True)
NOW = 1_800_000_000.0
UDP, TCP, TLS = (RelayUrl("north", 3478, transport) for transport in TRANSPORTS)


@given(OFFERED, st.none() | st.sampled_from(TRANSPORTS), st.lists(URLS), st.floats(0, 2 * REMEMBERED_FOR))
def test_all_that_was_offered_is_tried_once_the_likeliest_first(offered, known, failed, age):
    order = RelayOrder(Remembered(known, NOW - age) if known else None)
    order.of(offered, "call-1", NOW)
    for url in failed:
        order.failed(url, "call-1")
    counted = set() if set(failed) >= set(offered) else set(failed)

    tried = order.of(offered, "call-1", NOW)

    assert sorted(tried, key=str) == sorted(offered, key=str)
    first = known if known and age < REMEMBERED_FOR else None
    ranks = [(url in counted, url.transport != first, offered.index(url)) for url in tried]
    assert ranks == sorted(ranks)


@given(OFFERED, URLS)
def test_what_failed_in_one_call_says_nothing_of_another(offered, url):
    order = RelayOrder()
    order.of(offered, "call-1", NOW)
    order.failed(url, "call-1")

    assert order.of(offered, "call-2", NOW) == offered
    order.failed(url, "call-1")
    assert order.of(offered, "call-2", NOW) == offered


@given(OFFERED, st.lists(URLS), st.floats(0, 2 * LATELY))
def test_who_was_silent_a_moment_ago_is_known_in_that_call_alone(offered, silent, age):
    order = RelayOrder()
    order.of(offered, "call-1", NOW)
    order.fell_silent(silent, "call-1", NOW)

    assert order.silent("call-1", NOW + age) == (set(silent) if age < LATELY else set())
    order.fell_silent(silent[1:], "call-1", NOW)
    assert order.silent("call-1", NOW) == set(silent[1:]), "of another race"
    order.of(offered, "call-2", NOW)
    order.fell_silent(silent, "call-1", NOW)
    assert not order.silent("call-2", NOW)


@given(OFFERED.flatmap(lambda offered: st.tuples(st.just(offered), st.sampled_from(offered), st.sets(URLS))))
def test_only_what_was_found_beside_silence_is_remembered(drawn):
    offered, url, silent = drawn
    order = RelayOrder()

    news = order.flowed(url, offered, silent, NOW)

    better = {each for each in offered if TRANSPORTS.index(each.transport) < TRANSPORTS.index(url.transport)}
    of_its_own = {each for each in better if each.host == url.host}
    assert news == (not better or (bool(of_its_own) and of_its_own <= silent))
    assert order.remembered == (Remembered(url.transport, NOW) if news else None)


@given(OFFERED, st.sampled_from(TRANSPORTS), st.floats(0, 2 * REMEMBERED_FOR))
def test_what_is_used_as_it_was_remembered_is_no_news_for_a_day(offered, known, age):
    order = RelayOrder(Remembered(known, NOW - age))
    url = RelayUrl("east", 3478, known)

    news = order.flowed(url, (url, *offered), offered, NOW)

    assert not (news and age < REMEMBERED_FOR)
    assert order.remembered == Remembered(known, NOW if news else NOW - age)
    if known == "udp":
        assert news == (age >= REMEMBERED_FOR)


def test_a_relay_that_is_dead_or_drains_says_nothing_of_udp():
    """Where TCP comes first by the server's memory, nobody has asked the other relay by UDP yet."""
    south_udp, south_tcp = (RelayUrl("south", 3478, transport) for transport in TRANSPORTS[:2])
    offered = (TCP, UDP, TLS, south_tcp, south_udp)

    for silent in ((TCP, UDP, TLS), (TCP, TLS), ()):
        assert not RelayOrder().flowed(south_tcp, offered, silent, NOW)
    assert RelayOrder().flowed(south_tcp, offered, (TCP, UDP, TLS, south_udp), NOW)
    assert RelayOrder().flowed(TCP, (UDP, TCP, TLS, south_udp, south_tcp), (UDP,), NOW), "its own UDP is blocked"
    assert not RelayOrder().flowed(south_tcp, (UDP, TCP, south_tcp), (UDP, TCP), NOW), "it has no UDP of its own"


def test_two_who_remember_do_not_remind_each_other_for_ever():
    offered = (TCP, UDP, TLS)  # by the server, which remembers
    order = RelayOrder(Remembered("tcp", NOW - REMEMBERED_FOR + 1))

    assert order.of(offered, "call-1", NOW)[0] == TCP
    assert not order.flowed(TCP, offered, (), NOW)
    assert order.of((UDP, TCP, TLS), "call-2", NOW + 2)[0] == UDP


def test_udp_that_works_again_is_remembered_at_once():
    order = RelayOrder(Remembered("tls", NOW - REMEMBERED_FOR))

    assert order.flowed(UDP, (UDP, TCP, TLS), (), NOW)
    assert order.of((TLS, TCP, UDP), "call-1", NOW)[0] == UDP
