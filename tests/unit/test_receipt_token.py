"""A receipt is genuine to the bit: every other text is refused, and says why."""

from __future__ import annotations

import json
import zlib
from base64 import urlsafe_b64decode
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.errors import SecurityWarning
from joserfc.jwk import OctKey, OKPKey
from support.receipt_vectors import FILE, SECRET, as_the_browser_says, b64, deflated, signed
from support.receipts import (
    AGENCY,
    LONG_WORDING,
    NOW,
    NUMBER,
    ORDINARY,
    OTHER_SIGNER,
    REGION,
    SIGNER,
    WORDING,
    a_directive,
    a_receipt,
    flipped,
)

from tawasul.casework.receipts.receipt import (
    LARGEST_INFLATED,
    LARGEST_PAYLOAD,
    LONGEST_EXCERPT,
    Receipt,
    receipt_of,
    written,
)
from tawasul.casework.receipts.refusal import ReceiptRefused, RefusedBecause
from tawasul.casework.receipts.signing import KEY_FILE, TYPE, PublicKeys, ReceiptSigner
from tawasul.casework.receipts.token import as_digits
from tawasul.domain.directive import RatifiedBy
from tawasul.domain.errors import NotFound

KEYS = SIGNER.public
TOKEN = SIGNER.sign(a_receipt())
KID = SECRET.thumbprint()


def refusal(text: str, keys: PublicKeys = KEYS) -> RefusedBecause | None:
    """Why a text is refused; ``None`` if it is not."""
    try:
        keys.read(text)
    except ReceiptRefused as refused:
        return refused.reason
    return None


def unb64(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_what_was_signed_is_read() -> None:
    receipt = KEYS.read(TOKEN)
    assert receipt == a_receipt()
    assert receipt.wording.whole
    assert (receipt.wording.text, receipt.ratified_at, receipt.case_number) == (WORDING, NOW, NUMBER)


def test_the_same_directive_has_one_receipt() -> None:
    assert SIGNER.sign(a_receipt()) == TOKEN


def test_only_what_the_citizen_ratified_has_a_receipt() -> None:
    for directive in (
        a_directive(ratified=False),
        a_directive(ratified=False).corrected("ليس كذلك", NOW),
        a_directive(ratified=False).replaced(NOW),
    ):
        with pytest.raises(NotFound):
            receipt_of(directive, NUMBER, AGENCY, REGION)
    assert receipt_of(a_directive(ratified=False).ratified(RatifiedBy.CODE_AT_DESK, NOW), NUMBER, AGENCY, REGION)


def test_both_languages_are_held_to_the_same_texts() -> None:
    vectors = json.loads(FILE.read_text(encoding="utf-8"))
    assert vectors["keys"] == KEYS.as_set()
    assert [as_the_browser_says(KEYS.read(each["token"])) for each in vectors["genuine"]] == [
        each["receipt"] for each in vectors["genuine"]
    ]
    assert [(each["token"], refusal(each["token"])) for each in vectors["refused"]] == [
        (each["token"], each["refused"]) for each in vectors["refused"]
    ]


def test_every_bit_flipped_is_refused() -> None:
    assert [text for text in flipped(TOKEN) if refusal(text) is None] == []


def test_every_bit_of_its_digits_flipped_is_refused() -> None:
    digits = as_digits(TOKEN)
    assert KEYS.read(digits) == a_receipt()
    assert [text for text in flipped(digits) if refusal(text) is None] == []


def test_every_bit_of_what_is_signed_flipped_is_refused() -> None:
    parts = [unb64(part) for part in TOKEN.split(".")]
    for number, part in enumerate(parts):
        for at in range(len(part) * 8):
            changed = bytearray(part)
            changed[at // 8] ^= 1 << at % 8
            text = ".".join(b64(bytes(changed)) if each == number else b64(parts[each]) for each in range(3))
            assert refusal(text) is not None


def test_every_beginning_and_every_end_of_it_is_refused() -> None:
    for at in range(1, len(TOKEN)):
        assert refusal(TOKEN[:-at]) is not None
        assert refusal(TOKEN[at:]) is not None
    assert refusal(TOKEN + "A") is RefusedBecause.CHANGED
    assert refusal(f"{TOKEN}.{TOKEN}") is RefusedBecause.UNREADABLE


@pytest.mark.parametrize(
    "given_as",
    [
        lambda token: token,
        lambda token: f"  {token[:70]}\r\n{token[70:]}\n",
        lambda token: f"https://majlis.example/receipt#{token}",
        lambda token: f"https://majlis.example:8443/receipt#{as_digits(token)}",
        lambda token: as_digits(token).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
        # A scanner types by keys, and the layout is Arabic: of the address only its digits and signs are left.
        lambda token: f"اففحس:ظظ}} شتمهس.ثءشائحمث:8443ظقثؤثهحف#{as_digits(token)}",
    ],
    ids=["itself", "broken lines", "address", "address with digits", "Arabic digits", "Arabic keyboard"],
)
def test_it_may_be_given_in_several_ways(given_as: Callable[[str], str]) -> None:
    assert KEYS.read(given_as(TOKEN)) == a_receipt()


@given(st.text(max_size=200) | st.from_regex(r"[\w-]{0,40}\.[\w-]{0,40}\.[\w-]{0,90}") | st.from_regex("[0-9]{0,80}"))
def test_any_other_text_is_refused_and_nothing_else_happens(text: str) -> None:
    assert refusal(text) is not None


def test_a_text_without_end_is_not_looked_at() -> None:
    assert refusal(TOKEN + " " * 9000) is RefusedBecause.UNREADABLE


def test_another_key_is_not_ours() -> None:
    assert refusal(OTHER_SIGNER.sign(a_receipt())) is RefusedBecause.NOT_OURS
    # Under our key's name it is a forgery.
    forged = jws.serialize_compact(
        {"alg": "Ed25519", "typ": TYPE, "kid": KID}, written(a_receipt()), OKPKey.generate_key("Ed25519"), ["Ed25519"]
    )
    assert refusal(forged) is RefusedBecause.CHANGED


def test_no_other_algorithm_counts() -> None:
    _, payload, signature = TOKEN.split(".")

    def under(**header: Any) -> str:
        return b64(json.dumps({"typ": TYPE, "kid": KID} | header).encode())

    assert refusal(f"{under(alg='none')}.{payload}.{signature}") is RefusedBecause.NOT_OURS
    assert refusal(f"{under(alg='none')}.{payload}.") is RefusedBecause.UNREADABLE
    public = OctKey.import_key(unb64(str(SECRET.as_dict(private=False)["x"])))
    by_public_key = jws.serialize_compact(
        {"alg": "HS256", "typ": TYPE, "kid": KID}, unb64(payload), public, algorithms=["HS256"]
    )
    assert refusal(by_public_key) is RefusedBecause.NOT_OURS
    with pytest.warns(SecurityWarning, match="RFC 9864"):
        eddsa = jws.serialize_compact({"alg": "EdDSA", "typ": TYPE, "kid": KID}, unb64(payload), SECRET, ["EdDSA"])
    assert refusal(eddsa) is RefusedBecause.NOT_OURS


@pytest.mark.parametrize(
    "header",
    [
        {"typ": "JWT"},
        {"typ": "tawasul-receipt"},
        {"kid": KID.lower()},
        {"cty": "text"},
        {"jwk": SECRET.as_dict(private=False)},
        {"x5c": ["MA=="]},
    ],
)
def test_what_our_key_signed_as_something_else_is_no_receipt(header: dict[str, Any]) -> None:
    assert refusal(signed(written(a_receipt()), **header)) is RefusedBecause.NOT_OURS


def test_what_is_signed_and_is_no_receipt_is_refused() -> None:
    facts = json.loads(zlib.decompress(written(a_receipt()), -15))
    assert refusal(signed(deflated(json.dumps(facts).encode()))) is None
    for wrong in (
        {"urgency": "whenever"},
        {"due": "soon"},
        {"case": "1448-00471-4"},
        {"to": "agency"},
        {"to": [1, 2]},
        {"ratified": "now"},
        {"ratified": True},
        {"ratified": 10**20},
        {"says": None},
        {"more": 1},
        {"more": {}},
        {"name": "somebody"},
        {"v": "1"},
    ):
        assert refusal(signed(deflated(json.dumps(facts | wrong).encode()))) is RefusedBecause.UNREADABLE, wrong
    assert refusal(signed(deflated(json.dumps(facts | {"v": 2}).encode()))) is RefusedBecause.NEWER
    for nothing in (b"", b"x", b"{}", b"[]", b"null", b"\xff"):
        assert refusal(signed(deflated(nothing))) is RefusedBecause.UNREADABLE
        assert refusal(signed(nothing or b"\x00")) is RefusedBecause.UNREADABLE


def test_what_would_swell_is_not_let_swell() -> None:
    facts = json.loads(zlib.decompress(written(a_receipt()), -15))
    content = json.dumps(facts | {"says": "ا" * 2_000_000}, ensure_ascii=False).encode()
    bomb = signed(deflated(content))
    assert len(bomb) < 8192 < LARGEST_INFLATED < len(content)
    assert refusal(bomb) is RefusedBecause.UNREADABLE
    assert refusal(signed(written(a_receipt()) + b"more")) is RefusedBecause.UNREADABLE
    assert refusal(signed(written(a_receipt())[:-3])) is RefusedBecause.UNREADABLE


def test_a_long_wording_is_signed_by_its_beginning_and_its_digest() -> None:
    receipt = KEYS.read(SIGNER.sign(a_receipt(LONG_WORDING)))
    assert not receipt.wording.whole
    assert LONG_WORDING.startswith(receipt.wording.text)
    assert LONGEST_EXCERPT - 2 < len(receipt.wording.text) <= LONGEST_EXCERPT
    assert receipt.wording.of == len(LONG_WORDING)
    assert receipt.wording.digest == b64(sha256(LONG_WORDING.encode()).digest())


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=2000).filter(str.strip))
def test_any_wording_fits_and_comes_back(wording: str) -> None:
    kept = a_directive(wording).wording.reveal()
    receipt: Receipt = a_receipt(wording)
    assert len(written(receipt)) <= LARGEST_PAYLOAD
    assert KEYS.read(SIGNER.sign(receipt)) == receipt
    assert kept.startswith(receipt.wording.text)
    assert receipt.wording.whole == (receipt.wording.text == kept)


def test_the_wording_of_an_ordinary_directive_fits_whole() -> None:
    assert a_receipt(ORDINARY).wording.whole


def test_nothing_but_what_it_lists_is_in_it() -> None:
    facts = json.loads(zlib.decompress(written(a_receipt()), -15))
    assert facts.keys() == {"v", "case", "id", "to", "urgency", "due", "ratified", "region", "says"}


def test_the_public_key_is_a_set_and_a_set_or_a_key_is_read() -> None:
    told = KEYS.as_set()
    (key,) = told["keys"]
    assert key.keys() == {"kty", "crv", "x", "kid", "use"}
    assert key["kid"] == KID
    for written_as in (told, key, key | {"d": b64(bytes(32))}):
        assert PublicKeys.from_json(json.dumps(written_as)).read(TOKEN) == a_receipt()
    both = {"keys": OTHER_SIGNER.public.as_set()["keys"] + told["keys"]}
    assert PublicKeys.from_json(json.dumps(both)).read(TOKEN) == a_receipt()
    for wrong in ("", "[]", "{}", "5", '{"keys": []}', '{"keys": [7]}', '{"kty": "oct", "k": "AAAA"}', "[" * 5000):
        with pytest.raises(ValueError, match=r"."):
            PublicKeys.from_json(wrong)


def test_the_key_is_made_once(tmp_path: Any) -> None:
    first, again = ReceiptSigner.load_or_create(tmp_path), ReceiptSigner.load_or_create(tmp_path)
    assert (tmp_path / KEY_FILE).stat().st_mode & 0o777 == 0o600
    assert first.sign(a_receipt()) == again.sign(a_receipt())
    assert again.public.read(first.sign(a_receipt())) == a_receipt()
