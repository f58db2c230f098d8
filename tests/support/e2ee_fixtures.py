"""Writes tests/vectors/e2ee.json: what both languages must make of the same bytes (tests/vectors/README.md).

Run it from the repository's root: ``PYTHONPATH=tests python -m support.e2ee_fixtures``. All but the signatures and the
sealed secrets is the same each time. Bytes are in hex, unless docs/end-to-end.md says b64.
"""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from support.e2ee_descriptions import DESCRIPTIONS
from support.e2ee_world import (
    KIOSK,
    MADINAH,
    NOW,
    OFFICE,
    PHONE,
    SID,
    Talk,
    citizen_end,
    fingerprint,
    key,
    name,
    octets,
    office_end,
    shake_hands,
)
from support.e2ee_wrongs import THIEF, cases, flipped, init_cases, late_key_share_case, list_cases

from tawasul.e2ee import enrolment, rekey
from tawasul.e2ee.attestation import Frames, Handshake, Statement, make, parties_of, write_file
from tawasul.e2ee.encoding import b64, json_object
from tawasul.e2ee.errors import FrameProblem, PrivacyError
from tawasul.e2ee.frames import FrameOpener, FrameSealer, Kind, kid_of
from tawasul.e2ee.handshake import Credentials
from tawasul.e2ee.key_share import KeyShare
from tawasul.e2ee.keys import SigningKey
from tawasul.e2ee.phrase import PICTURES
from tawasul.e2ee.pinning import fingerprint_of, pin_sdp, without_audio_level
from tawasul.e2ee.session import EpochSecrets, Side

LONG = 20_000
"""Characters over which a list is left out that is refused for its size: the unit tests have it."""
FILE = Path(__file__).parent.parent / "vectors" / "e2ee.json"
KEY_FRAME = bytes.fromhex("b0fa00" + "9d012a" + "8002" + "e001") + bytes(range(200))
DELTA_FRAME = bytes.fromhex("d1") + bytes(range(100))
SOUND = bytes.fromhex("78") + bytes(range(60))


def document() -> dict[str, Any]:
    """The whole file."""
    return {
        "version": 1,
        "now": NOW,
        "anchor": json.loads(MADINAH.anchor.to_json()),
        "anchor_fingerprint": MADINAH.anchor.fingerprint,
        "pictures": list(PICTURES),
        "thumbprints": _thumbprints(),
        "chains": _chains(),
        "lists": [asdict(case) for case in list_cases() if len(case.text) < LONG or case.code is None],
        "enrolment": _enrolment(),
        "handshakes": [_handshake("kiosk", KIOSK, "badr-1"), _handshake("own device", PHONE, None)],
        "inits": _inits(),
        "frames": _frames(),
        "attestations": _attestations(),
        "descriptions": _descriptions(),
    }


def private_jwk(signing_key: SigningKey) -> dict[str, str]:
    """A private key as both languages import it (RFC 7518 §6.2.2). Only tests have such a thing."""
    private = signing_key.jose.private_key
    assert private is not None
    return signing_key.public.jwk() | {"d": b64(private.private_numbers().private_value.to_bytes(32, "big"))}


def _thumbprints() -> list[dict[str, Any]]:
    # The second is the example of RFC 9449 §6.1.
    example = {
        "kty": "EC",
        "crv": "P-256",
        "x": "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs",
        "y": "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA",
    }
    return [
        {"jwk": KIOSK.key.public.jwk(), "jkt": KIOSK.key.thumbprint},
        {"jwk": example, "jkt": "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"},
    ]


def _chains() -> list[dict[str, Any]]:
    return [
        asdict(case)
        | {"list": MADINAH.list_text(serials=case.list_serials, keys=case.list_keys) if case.listed else None}
        for case in cases()
    ]


def _enrolment() -> dict[str, Any]:
    device, steward = KIOSK.key, key("steward a")
    badr = name("kiosk", "badr-1")
    jkt, serial = device.thumbprint, b64(octets("serial", 16))
    request = enrolment.make_request(device, badr, now=NOW)
    return {
        "name": str(badr),
        "jkt": jkt,
        "steward": steward.thumbprint,
        "code": enrolment.code_of(jkt),
        "typed": f" {enrolment.code_of(jkt).lower().replace('-', ' ')} ",
        "qr": enrolment.qr_text(badr, jkt),
        "request": request,
        "request_wrong": flipped(request),
        "request_of_a_steward": enrolment.make_request(steward, name("steward", "a"), now=NOW),
        "approval": enrolment.make_approval(steward, badr, jkt, now=NOW),
        "renewal": enrolment.make_renewal(device, badr, serial, now=NOW),
        "renewal_jti": serial,
        "revocation": enrolment.make_revocation(steward, jkt, "stolen", now=NOW),
    }


def _handshake(label: str, citizen: Credentials, kiosk: str | None) -> dict[str, Any]:
    talk = shake_hands(citizen_end(citizen, label=label), office_end(kiosk=kiosk, label=label), label=label)
    return {
        "name": label,
        "sid": SID,
        "list": MADINAH.list_text(),
        "list_chain": [MADINAH.issuer_certificate],
        "office_name": str(OFFICE.name),
        "kiosk": kiosk,
        "citizen": {
            "key": private_jwk(citizen.key),
            "chain": list(citizen.chain),
            "name": str(citizen.name) if citizen.name else None,
            "fingerprint": fingerprint(f"citizen {label}"),
            "share_seed": octets(f"share {label}").hex(),
            "share_public": KeyShare.from_seed(octets(f"share {label}")).public.hex(),
            "nonce": octets(f"n_A {label}").hex(),
        },
        "office": {
            "key": private_jwk(OFFICE.key),
            "chain": list(OFFICE.chain),
            "fingerprint": fingerprint(f"office {label}"),
            "nonce": octets(f"n_B {label}").hex(),
            "secret": octets(f"ss {label}").hex(),
        },
        "messages": {part: getattr(talk, part).decode() for part in ("init", "resp", "reveal", "conf")},
        "phrase": talk.citizen.phrase,
        "epochs": [_epoch(talk.citizen.secrets), *_rekeys(label, talk)],
    }


def _epoch(secrets: EpochSecrets) -> dict[str, Any]:
    kids = [kid_of(secrets.epoch, side, kind) for side in Side for kind in Kind]
    return {
        "epoch": secrets.epoch,
        "th": b64(secrets.transcript),
        "chain": secrets.chain.hex(),
        "base_keys": {str(kid): secrets.base_key(kid).hex() for kid in kids},
        "confirm_citizen": secrets.confirmation(Side.CITIZEN).hex(),
        "confirm_office": secrets.confirmation(Side.OFFICE).hex(),
        "rekey_citizen": secrets.rekey_key(Side.CITIZEN).hex(),
        "rekey_office": secrets.rekey_key(Side.OFFICE).hex(),
    }


def _rekeys(label: str, talk: Talk) -> list[dict[str, Any]]:
    """Two rekeys after a handshake, with their messages and random parts."""
    made = []
    now = float(NOW)
    seeds = {epoch: octets(f"share {label} {epoch}") for epoch in (1, 2)}
    drawn = {epoch: octets(f"ss {label} {epoch}") for epoch in (1, 2)}
    shares, secrets = iter(seeds.values()), iter(drawn.values())
    citizen = rekey.RekeyCitizen(talk.citizen.secrets, now, share=lambda: KeyShare.from_seed(next(shares)))
    office = rekey.RekeyOffice(talk.office.secrets, draw=lambda: next(secrets))
    for epoch in (1, 2):
        now += rekey.EVERY
        first = _said(citizen.handle(rekey.Passed(), now))
        second = _said(office.handle(rekey.Received(first), now))
        third = _said(citizen.handle(rekey.Received(second), now))
        office.handle(rekey.Received(third), now)
        assert office.secrets.chain == citizen.secrets.chain
        steps = {"share_seed": seeds[epoch].hex(), "secret": drawn[epoch].hex(), "messages": [first, second, third]}
        made.append(_epoch(office.secrets) | steps)
    return made


def _said(effects: list[rekey.Effect]) -> dict[str, Any]:
    (message,) = (effect.message for effect in effects if isinstance(effect, rekey.Say))
    return message


def _inits() -> list[dict[str, Any]]:
    return [asdict(case) | {"payload": _text_or_hex(case.payload)} for case in [*init_cases(), late_key_share_case()]]


def _text_or_hex(payload: bytes) -> dict[str, str]:
    try:
        return {"text": payload.decode()}
    except UnicodeDecodeError:
        return {"hex": payload.hex()}


def _frames() -> dict[str, Any]:
    first = EpochSecrets(0, octets("frames"), octets("frames' transcript"))
    second = first.next(octets("frames, epoch 1"), public=b"", sealed=b"")
    streams = []
    for side in Side:
        for kind in Kind:
            frames = [SOUND, b"\x78"] if kind is Kind.SOUND else [KEY_FRAME, DELTA_FRAME]
            sealer = FrameSealer(side, kind)
            for secrets in (first, second):
                sealer.switch(secrets)
                kid = kid_of(secrets.epoch, side, kind)
                # Twelve: the counters 8 and over take a byte of their own.
                sealed = [{"clear": f.hex(), "sealed": sealer.seal(f).hex()} for f in frames * 6]
                base_key = secrets.base_key(kid).hex()
                stream = {"side": str(side), "kind": int(kind), "epoch": secrets.epoch, "kid": kid}
                streams.append(stream | {"base_key": base_key, "frames": sealed})
    return {"streams": streams, "refused": _refused(first, second)}


def _refused(first: EpochSecrets, second: EpochSecrets) -> dict[str, Any]:
    """Frames that the citizen's opener of pictures does not open. Each is given to a fresh opener, after `before`."""
    before = FrameSealer(Side.OFFICE, Kind.PICTURE)
    before.switch(first)
    good = [before.seal(KEY_FRAME), before.seal(DELTA_FRAME)]
    mirrored, sound, unknown = (
        FrameSealer(side, kind)
        for side, kind in ((Side.CITIZEN, Kind.PICTURE), (Side.OFFICE, Kind.SOUND), (Side.OFFICE, Kind.PICTURE))
    )
    mirrored.switch(first)
    sound.switch(first)
    unknown.switch(second)
    tail = bytearray(good[1])
    tail[-1] ^= 1
    clear = bytearray(before.seal(KEY_FRAME))
    clear[4] ^= 1
    wrong = {
        "seen before": good[0],
        "last bit": bytes(tail[:1]) + before.seal(DELTA_FRAME)[1:-1] + bytes([tail[-1]]),
        "clear bytes changed": bytes(clear),
        "this end's own": mirrored.seal(DELTA_FRAME),
        "sound": b"\x01" + sound.seal(SOUND),
        "epoch not installed": unknown.seal(DELTA_FRAME),
        "not sealed": KEY_FRAME,
        "empty": b"",
        "a key frame's beginning": KEY_FRAME[:9],
        "no header": DELTA_FRAME[:1],
        "header cut short": DELTA_FRAME[:1] + b"\x9f\x01",
        "no tag": good[1][:10],
    }
    opener_key = first.base_key(kid_of(0, Side.OFFICE, Kind.PICTURE)).hex()
    listed = [
        {"name": each, "sealed": sealed.hex(), "code": _code(first, good, sealed)} for each, sealed in wrong.items()
    ]
    return {"side": "citizen", "kind": 1, "base_key": opener_key, "before": [f.hex() for f in good], "frames": listed}


def _code(secrets: EpochSecrets, before: list[bytes], sealed: bytes) -> str:
    opener = FrameOpener(Side.CITIZEN, Kind.PICTURE)
    opener.install(secrets)
    for frame in before:
        opener.open(frame)
    try:
        opener.open(sealed)
    except FrameProblem as problem:
        return problem.code
    raise AssertionError("a frame that should be refused was opened")


def statement(talk: Talk, side: Side, credentials: Credentials, **changes: Any) -> Statement:
    """What one end of a talk would sign."""
    session = talk.citizen if side is Side.CITIZEN else talk.office
    made = Statement(
        call=SID.partition("/")[0],
        role="citizen" if side is Side.CITIZEN else "office",
        parties=parties_of(session),
        handshakes=[
            Handshake(attempt=1, th=session.transcript, begins=NOW, ends=NOW + 700, epochs=[[0, NOW], [1, NOW + 300]])
        ],
        phrase="same",
        frames=Frames(sealed=41_000, opened=40_980, refused=0),
        chain=list(credentials.chain) or None,
    )
    return made.model_copy(update=changes)


def _attestations() -> list[dict[str, Any]]:
    talk = shake_hands(citizen_end(), office_end())
    other = shake_hands(citizen_end(label="other"), office_end(label="other"))
    phone = shake_hands(citizen_end(PHONE), office_end(kiosk=None))
    citizen = make(KIOSK.key, statement(talk, Side.CITIZEN, KIOSK))
    office = make(OFFICE.key, statement(talk, Side.OFFICE, OFFICE))
    office_of_other = make(OFFICE.key, statement(other, Side.OFFICE, OFFICE))
    own_root = replace(KIOSK, chain=THIEF.chain(name("kiosk", "badr-1"), KIOSK.key))
    of_own_root = make(KIOSK.key, statement(talk, Side.CITIZEN, own_root))
    by_another = make(PHONE.key, statement(talk, Side.CITIZEN, KIOSK))
    without_chain = make(KIOSK.key, statement(talk, Side.CITIZEN, KIOSK, chain=None))
    recorded = make(KIOSK.key, statement(talk, Side.CITIZEN, KIOSK, recorder=True))
    by_phone = make(PHONE.key, statement(phone, Side.CITIZEN, PHONE))
    to_phone = make(OFFICE.key, statement(phone, Side.OFFICE, OFFICE))
    files: list[tuple[str, bytes, str | None]] = [
        ("both", write_file(citizen, office), None),
        ("citizen only", write_file(citizen, None), None),
        ("office only", write_file(None, office), None),
        ("own device", write_file(by_phone, to_phone), None),
        ("nobody", write_file(None, None), "attestation-malformed"),
        ("sides exchanged", write_file(office, citizen), "attestation-disagrees"),
        ("of two attempts", write_file(citizen, office_of_other), "attestation-disagrees"),
        ("signature wrong", write_file(flipped(citizen), office), "signature-wrong"),
        ("own root", write_file(of_own_root, office), "chain-wrong"),
        ("signed by another", write_file(by_another, None), "attestation-disagrees"),
        ("no chain", write_file(without_chain, None), "certificate-missing"),
        ("a recorder", write_file(recorded, None), "attestation-malformed"),
    ]
    return [{"name": each, "file": json_object(file), "code": code} for each, file, code in files]


def _descriptions() -> list[dict[str, Any]]:
    pinned = fingerprint("pinned")
    return [
        {
            "name": each,
            "sdp": sdp,
            "own": _own(sdp),
            "fingerprint": pinned,
            "pinned": pin_sdp(sdp, pinned),
            "without_audio_level": without_audio_level(sdp),
        }
        for each, sdp in DESCRIPTIONS.items()
    ]


def _own(sdp: str) -> str | None:
    try:
        return fingerprint_of(sdp)
    except PrivacyError:
        return None


if __name__ == "__main__":
    FILE.write_text(json.dumps(document(), ensure_ascii=False, indent=1) + "\n")
