"""Time-limited relay credentials: made by one, checked by another that shares the secret."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tawasul.access.relay_credentials import (
    MalformedRelayUsername,
    RelayCredentials,
    RelayCredentialsExpired,
    RelayUsername,
    mint,
    password_for,
    read_username,
    verify,
)

OLD, NEW = "the secret of last month", "the secret of this month"


def test_they_are_those_of_the_turn_rest_shape():
    made = mint("north", "call-7:office", 1_800_000_000)

    assert made.username == "1800000000:call-7:office"
    digest = hmac.new(b"north", made.username.encode(), hashlib.sha1).digest()
    assert made.password == base64.b64encode(digest).decode()


def test_they_match_what_openssl_computes():
    # printf '1433895918:ninefingers' | openssl dgst -sha1 -hmac logen -binary | base64
    assert mint("logen", "ninefingers", 1_433_895_918).password == OPENSSL


OPENSSL = "HY+Vd729N0UZ/xCzjg1F0GsoMK8="


def test_the_password_does_not_print():
    made = mint(NEW, "kiosk", 1_800_000_000)

    assert made.password not in repr(made)


def test_either_secret_is_accepted_while_it_is_changed():
    for secret in (OLD, NEW):
        made = mint(secret, "kiosk", 2_000)
        assert verify((NEW, OLD), made, now=1_999) == RelayUsername(2_000, "kiosk")
    assert verify((NEW,), mint(OLD, "kiosk", 2_000), now=1_999) is None


def test_there_is_a_password_for_each_secret():
    assert password_for((NEW, OLD), "2000:kiosk", now=0) == tuple(
        mint(secret, "kiosk", 2_000).password for secret in (NEW, OLD)
    )


@pytest.mark.parametrize("now", [2_000, 2_000.5, 9_999_999_999])
def test_expired_ones_are_refused(now):
    with pytest.raises(RelayCredentialsExpired) as refused:
        verify((NEW,), mint(NEW, "kiosk", 2_000), now=now)

    assert refused.value.expires_at == 2_000
    assert refused.value.code == "relay-credentials-expired"


def test_the_expiry_cannot_be_changed():
    made = mint(NEW, "kiosk", 2_000)

    assert verify((NEW,), RelayCredentials("3000:kiosk", made.password), now=1_999) is None


@pytest.mark.parametrize(
    "username", ["", ":", "kiosk", "1:", ":kiosk", "0:kiosk", "-1:kiosk", "1e9:kiosk", "١٢:kiosk", "12:a b", "12:é",
                 "12:a\n", " 12:a", "123456789012:a", "12:" + "x" * 129]
)  # fmt: skip
def test_a_malformed_username_is_refused(username):
    with pytest.raises(MalformedRelayUsername):
        read_username(username)


@pytest.mark.parametrize(("name", "expires_at"), [("", 5), ("a b", 5), ("x" * 129, 5), ("a", 0), ("a", -5)])
def test_none_are_made_that_would_not_be_read(name, expires_at):
    with pytest.raises(MalformedRelayUsername):
        mint(NEW, name, expires_at)


@given(st.text())
def test_any_text_is_a_username_or_is_refused(text):
    try:
        read = read_username(text)
    except MalformedRelayUsername:
        return
    assert f"{read.expires_at}:{read.name}" == text
