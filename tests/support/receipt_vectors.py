"""Receipts for both languages: `python tests/support/receipt_vectors.py` writes tests/vectors/receipt.json."""

from __future__ import annotations

import json
import sys
import zlib
from base64 import urlsafe_b64encode
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jws
from joserfc.jwk import OctKey, OKPKey
from support.receipts import LONG_WORDING, ORDINARY, OTHER_SIGNER, SIGNER, WORDING, a_receipt

from tawasul.casework.receipts.receipt import Receipt, written
from tawasul.casework.receipts.signing import TYPE
from tawasul.casework.receipts.token import as_digits

FILE = Path(__file__).parents[1] / "vectors" / "receipt.json"
SECRET = OKPKey.import_key(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))


def b64(content: bytes) -> str:
    """base64url without padding."""
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def signed(payload: bytes, **header: Any) -> str:
    """By the region's own key, whatever it is."""
    named = {"alg": "Ed25519", "typ": TYPE, "kid": SECRET.thumbprint()} | header
    return jws.serialize_compact(named, payload, SECRET, ["Ed25519"])


def deflated(text: bytes) -> bytes:
    """As a receipt is."""
    packer = zlib.compressobj(level=9, wbits=-15)
    return packer.compress(text) + packer.flush()


def vectors() -> dict[str, Any]:
    """The keys; what is genuine, with what it says; what is refused, with the reason."""
    payload = written(a_receipt())
    facts = json.loads(zlib.decompress(payload, -15))
    token = signed(payload)
    header, body, signature = token.split(".")
    public = OctKey.import_key(SECRET.public_key.public_bytes_raw())
    none = b64(json.dumps({"alg": "none", "typ": TYPE, "kid": SECRET.thumbprint()}).encode())
    hs256 = {"alg": "HS256", "typ": TYPE, "kid": SECRET.thumbprint()}
    swelling = json.dumps(facts | {"says": "ا" * 2_000_000}, ensure_ascii=False).encode()
    refused = [
        ("", "unreadable"),
        ("12", "unreadable"),
        (f"{none}.{body}.", "unreadable"),
        (f"{none}.{body}.{signature}", "not-ours"),
        (jws.serialize_compact(hs256, payload, public, ["HS256"]), "not-ours"),
        (OTHER_SIGNER.sign(a_receipt()), "not-ours"),
        *((signed(payload, **more), "not-ours") for more in ({"typ": "JWT"}, {"cty": "x"}, {"kid": "x"})),
        (token[:-1] + ("B" if token[-1] == "A" else "A"), "changed"),
        (f"{header}.{body}.{b64(bytes(64))}", "changed"),
        (f"{header}.{body}.{signature[:-4]}", "changed"),
        (signed(deflated(swelling)), "unreadable"),
        (signed(payload[:-3]), "unreadable"),
        *((signed(deflated(content)), "unreadable") for content in (b"", b"x", b"{}", b"[]", b"null", b"\xff")),
        (signed(deflated(json.dumps(facts | {"v": 2}).encode())), "newer"),
        *(
            (signed(deflated(json.dumps(facts | wrong).encode())), "unreadable")
            for wrong in ({"urgency": "whenever"}, {"due": "soon"}, {"to": "x"}, {"ratified": "now"}, {"says": None},
                          {"more": 1}, {"more": {}}, {"name": "somebody"}, {"v": "1"})
        ),
    ]  # fmt: skip
    return {
        "keys": SIGNER.public.as_set(),
        "genuine": [_genuine(a_receipt(wording)) for wording in (WORDING, ORDINARY, LONG_WORDING)],
        "refused": [{"token": text, "refused": reason} for text, reason in refused],
    }


def _genuine(receipt: Receipt) -> dict[str, Any]:
    token = SIGNER.sign(receipt)
    return {"token": token, "digits": as_digits(token), "receipt": as_the_browser_says(receipt)}


def as_the_browser_says(receipt: Receipt) -> dict[str, Any]:
    """The members of ``Receipt`` in ``receipt-read.js``."""
    return {
        "number": receipt.case_number.text,
        "directive": receipt.directive_id,
        "agency": {"arabic": receipt.agency.arabic, "english": receipt.agency.english},
        "urgency": receipt.urgency.value,
        "dueOn": receipt.due_on.isoformat(),
        "ratifiedAt": receipt.ratified_at.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "region": {"arabic": receipt.region.arabic, "english": receipt.region.english},
        "wording": receipt.wording.text,
        "of": receipt.wording.of,
    }


if __name__ == "__main__":
    FILE.write_text(json.dumps(vectors(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
