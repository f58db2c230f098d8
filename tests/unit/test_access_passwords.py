"""Passwords: right, wrong, unknown, and hashed again when the cost has grown. Throttled by name and by source."""

import asyncio
import time

import pytest
from limits import RateLimitItemPerMinute

from tawasul.access.passwords import Cost, Passwords, Verdict
from tawasul.access.sign_in import canonical
from tawasul.access.throttle import SignInLimits, Throttle, network_of
from tawasul.domain.errors import TooManyAttempts

CHEAP = Cost(time=1, memory=8, parallelism=1)
DEARER = Cost(time=2, memory=16, parallelism=1)


async def test_right_and_wrong() -> None:
    passwords = Passwords(CHEAP)
    kept = await passwords.hash("كلمة مرور طويلة")
    assert kept.startswith("$argon2id$")
    assert await passwords.verify("كلمة مرور طويلة", kept) == Verdict(True)
    assert await passwords.verify("كلمة مرور", kept) == Verdict(False)


async def test_the_same_password_is_never_hashed_the_same() -> None:
    passwords = Passwords(CHEAP)
    assert await passwords.hash("one") != await passwords.hash("one")


async def test_an_older_cost_is_hashed_again_when_the_password_is_right() -> None:
    kept = await Passwords(CHEAP).hash("secret")
    verdict = await Passwords(DEARER).verify("secret", kept)
    assert verdict.right
    assert verdict.new_hash is not None
    assert "m=16,t=2" in verdict.new_hash
    assert await Passwords(DEARER).verify("wrong", kept) == Verdict(False)


async def test_an_unknown_user_is_never_right_and_takes_as_long() -> None:
    passwords = Passwords(Cost(time=4, memory=32768, parallelism=1))
    kept = await passwords.hash("secret")

    async def quickest(password_hash: str | None) -> float:
        took = []
        for _ in range(5):
            began = time.process_time()  # what others do on this machine meanwhile is not ours
            assert await passwords.verify("wrong", password_hash) == Verdict(False)
            took.append(time.process_time() - began)
        return min(took)

    known, unknown = await quickest(kept), await quickest(None)
    # Without the verification it would be a thousandth.
    assert 0.4 < unknown / known < 2.5


async def test_the_default_cost_is_that_of_rfc_9106() -> None:
    kept = await Passwords().hash("x")
    assert "m=65536,t=3,p=4" in kept


async def test_a_name_is_tried_so_often_and_no_more_even_at_once() -> None:
    throttle = Throttle(SignInLimits(RateLimitItemPerMinute(3), RateLimitItemPerMinute(100)))
    outcomes = await asyncio.gather(
        *(throttle.count("salem", f"192.0.2.{n}") for n in range(10)), return_exceptions=True
    )
    refused = [outcome for outcome in outcomes if isinstance(outcome, TooManyAttempts)]
    assert len(refused) == 7
    assert all(1 <= outcome.retry_after <= 60 for outcome in refused)
    await throttle.count("another", "192.0.2.1")


async def test_a_source_tries_so_many_names_and_no_more() -> None:
    throttle = Throttle(SignInLimits(RateLimitItemPerMinute(3), RateLimitItemPerMinute(5)))
    for n in range(5):
        await throttle.count(f"name {n}", "2001:db8:1:2::1")
    with pytest.raises(TooManyAttempts):
        await throttle.count("name 6", "2001:db8:1:2:ffff::9")
    await throttle.count("name 6", "2001:db8:1:3::1")


async def test_a_right_password_forgives_the_name() -> None:
    throttle = Throttle(SignInLimits(RateLimitItemPerMinute(2), RateLimitItemPerMinute(100)))
    for _ in range(3):
        await throttle.count("salem", "192.0.2.1")
        await throttle.forgive("salem")


@pytest.mark.parametrize(
    ("source", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::1", "::/64"),
        ("a unix socket", "a unix socket"),
    ],
)
def test_a_source_is_an_address_or_a_network(source: str, network: str) -> None:
    assert network_of(source) == network


def test_a_user_name_is_one_however_it_is_typed() -> None:
    assert canonical("  Badr ") == canonical("ＢＡＤＲ") == "badr"
