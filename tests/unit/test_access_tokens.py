"""Links, page tokens and cookies: what they hold, and what is refused."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import Response
from support.factories import NOW

from tawasul.access.cookies import Cookies
from tawasul.access.csrf import CsrfTokens
from tawasul.access.keys import AccessKeys
from tawasul.access.links import Link, LinkSigner
from tawasul.access.policy import Anonymous, CitizenPrincipal, StaffPrincipal
from tawasul.access.tokens import hash_of, new_token
from tawasul.domain.audience import AudienceId
from tawasul.domain.errors import LinkExpired, LinkNotValid
from tawasul.domain.people import Role, StaffId
from tawasul.domain.sign_in import SignInId

KEYS = AccessKeys.from_secret(b"s" * 32)
SIGNER = LinkSigner(KEYS.links)
LINK = Link(AudienceId("a1b2"), 3, NOW + timedelta(hours=1))
TOKEN = SIGNER.sign(LINK)
ALIKE = str.maketrans("+/", "-_")


def test_a_link_says_what_was_signed_until_its_time_is_over() -> None:
    assert SIGNER.read(TOKEN, NOW) == LINK
    assert SIGNER.read(TOKEN, LINK.expires_at - timedelta(seconds=1)) == LINK
    with pytest.raises(LinkExpired):
        SIGNER.read(TOKEN, LINK.expires_at)


@given(st.integers(0, len(TOKEN) - 1), st.characters(min_codepoint=33, max_codepoint=126))
def test_an_altered_link_is_not_valid_or_the_same(place: int, other: str) -> None:
    altered = TOKEN[:place] + other + TOKEN[place + 1 :]
    try:
        read: Link | None = SIGNER.read(altered, NOW)
    except LinkNotValid:
        read = None
    # Base64 can be written in more ways than one, and then it is the same signature: never another link.
    assert read in (None, LINK)
    assert read is None or altered.translate(ALIKE)[:-1] == TOKEN.translate(ALIKE)[:-1]


@given(st.text(max_size=400))
def test_anything_else_is_not_valid(token: str) -> None:
    with pytest.raises(LinkNotValid):
        SIGNER.read(token, NOW)


def test_a_link_of_another_key_is_not_valid() -> None:
    with pytest.raises(LinkNotValid):
        LinkSigner(AccessKeys.from_secret(b"t" * 32).links).read(TOKEN, NOW)


def test_a_link_fits_into_a_message() -> None:
    token = SIGNER.sign(Link(AudienceId("0" * 32), 9, LINK.expires_at))
    assert len(token) < 160
    assert token.isascii()


def test_the_keys_differ_and_do_not_print_themselves() -> None:
    assert KEYS.links != KEYS.csrf
    assert KEYS.links.hex() not in repr(KEYS)
    assert repr(KEYS.csrf) not in repr(KEYS)


def test_a_page_token_is_of_one_sign_in() -> None:
    csrf = CsrfTokens(KEYS.csrf)
    mine = StaffPrincipal(StaffId("s"), Role.DESK, None, SignInId("one"))
    other = StaffPrincipal(StaffId("s"), Role.DESK, None, SignInId("two"))
    citizen = CitizenPrincipal(AudienceId("one"))
    assert csrf.verify(mine, csrf.of(mine))
    for wrong in (csrf.of(other), csrf.of(citizen), "", "é", csrf.of(mine)[:-1]):
        assert not csrf.verify(mine, wrong)
    assert csrf.verify(citizen, csrf.of(citizen))
    assert csrf.of(Anonymous()) == ""
    assert not csrf.verify(Anonymous(), "")


def test_tokens_are_random_and_kept_as_hashes() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(len(token) == 43 for token in tokens)
    assert {len(hash_of(token)) for token in tokens} == {32}


@pytest.mark.parametrize("https", [True, False])
def test_cookies_have_their_flags(https: bool) -> None:
    cookies, response = Cookies(https=https), Response()
    cookies.set_session(response, Role.DESK, "token")
    cookies.set_device(response, "secret.a1")
    cookies.clear_session(response, Role.OFFICE)
    prefix = "__Host-" if https else ""
    lines = [value for name, value in response.headers.items() if name == "set-cookie"]
    assert [line.split("=")[0] for line in lines] == [
        f"{prefix}tawasul-session-desk",
        f"{prefix}tawasul-device",
        f"{prefix}tawasul-session-office",
    ]
    for line in lines:
        flags = {flag.strip().lower() for flag in line.split(";")[1:]}
        assert {"httponly", "samesite=strict", "path=/"} <= flags
        assert ("secure" in flags) is https
        assert not any(flag.startswith("domain") for flag in flags)


def test_sessions_are_found_by_role() -> None:
    cookies = Cookies(https=False)
    came = {"tawasul-session-desk": "d", "tawasul-session-office": "", "tawasul-device": "x.y", "other": "z"}
    assert cookies.session_tokens(came) == {Role.DESK: "d"}
    assert cookies.device(came) == "x.y"
