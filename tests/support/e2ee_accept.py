"""Checks tests/vectors/e2ee.json against the product: each section must come out as it is written there."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from support.e2ee_world import OFFICE

from tawasul.e2ee import enrolment, rekey
from tawasul.e2ee.attestation import verify_file
from tawasul.e2ee.certificate import Anchor, verify_chain
from tawasul.e2ee.encoding import b64, json_bytes, unb64
from tawasul.e2ee.errors import PrivacyError
from tawasul.e2ee.frames import FrameOpener, Kind, clear_length, kid_of
from tawasul.e2ee.handshake import Answering, Effect, PinPeer, Received, Refuse
from tawasul.e2ee.handshake_office import OfficeEnd
from tawasul.e2ee.jws import read
from tawasul.e2ee.key_share import KeyShare
from tawasul.e2ee.keys import PublicKey, SigningKey
from tawasul.e2ee.names import DeviceRole
from tawasul.e2ee.phrase import PICTURES, phrase_of
from tawasul.e2ee.pinning import fingerprint_of, pin_sdp, without_audio_level
from tawasul.e2ee.revocation import Trust, verify_revocations
from tawasul.e2ee.session import EpochSecrets, Side
from tawasul.e2ee.sframe import TAG_SIZE, FrameKey, read_header

Document = dict[str, Any]


def code_of(act: Callable[[], object]) -> str | None:
    """The code by which something is refused; None when it is not."""
    try:
        act()
    except PrivacyError as error:
        return error.code
    return None


def anchor_of(document: Document) -> Anchor:
    """The anchor of the file."""
    return Anchor.from_json(json.dumps(document["anchor"]))


def check_anchor(document: Document) -> None:
    anchor = anchor_of(document)
    assert anchor.fingerprint == document["anchor_fingerprint"]
    assert json.loads(anchor.to_json()) == document["anchor"]
    assert document["pictures"] == list(PICTURES)


def check_thumbprints(document: Document) -> None:
    for each in document["thumbprints"]:
        assert PublicKey.from_jwk(each["jwk"]).thumbprint == each["jkt"]


def check_chains(document: Document) -> None:
    anchor = anchor_of(document)
    by = document["lists"][0]["chain"]
    for each in document["chains"]:
        listed = verify_revocations(each["list"], by, anchor, now=document["now"]) if each["list"] else None
        roles = frozenset({DeviceRole(each["role"])})
        verify = partial(verify_chain, now=each["now"], revocations=listed, roles=roles, place=each["place"])
        assert code_of(partial(verify, each["chain"], anchor)) == each["code"], each["name"]


def check_lists(document: Document) -> None:
    anchor = anchor_of(document)
    for each in document["lists"]:
        verify = partial(verify_revocations, now=each["now"], at_least=each["at_least"])
        assert code_of(partial(verify, each["text"], each["chain"], anchor)) == each["code"], each["name"]


def check_enrolment(document: Document) -> None:
    each, now = document["enrolment"], document["now"]
    request = enrolment.read_request(each["request"], now=now)
    assert (str(request.name), request.key.thumbprint) == (each["name"], each["jkt"])
    approval = enrolment.read_approval(each["approval"], now=now)
    assert (str(approval.name), approval.jkt, approval.key.thumbprint) == (each["name"], each["jkt"], each["steward"])
    renewal = enrolment.read_renewal(each["renewal"], now=now)
    assert (str(renewal.name), renewal.jti, renewal.key.thumbprint) == (each["name"], each["renewal_jti"], each["jkt"])
    revocation = enrolment.read_revocation(each["revocation"], now=now)
    assert (revocation.jkt, revocation.key.thumbprint) == (each["jkt"], each["steward"])
    read_request = partial(enrolment.read_request, now=now)
    assert code_of(partial(read_request, each["request_wrong"])) == "signature-wrong"
    assert code_of(partial(read_request, each["request_of_a_steward"])) == "enrolment-name-wrong"
    assert enrolment.code_of(each["jkt"]) == enrolment.read_code(each["typed"]) == each["code"]
    assert enrolment.qr_text(request.name, each["jkt"]) == each["qr"]
    assert enrolment.read_qr(each["qr"]) == (request.name, each["jkt"])


def check_handshakes(document: Document) -> None:
    for each in document["handshakes"]:
        _check_handshake(each)


def _check_handshake(each: Document) -> None:
    init, resp = (json.loads(each["messages"][part])["jws"] for part in ("init", "resp"))
    citizen_key, of_init = read(init, "tawasul-init+jwt")
    office_key, of_resp = read(resp, "tawasul-resp+jwt")
    citizen, office, first = each["citizen"], each["office"], each["epochs"][0]
    assert signing_key(citizen["key"]).thumbprint == citizen_key.thumbprint == of_resp["to"]
    assert signing_key(office["key"]).thumbprint == office_key.thumbprint
    share = KeyShare.from_seed(bytes.fromhex(citizen["share_seed"]))
    assert share.public.hex() == citizen["share_public"] == unb64(of_init["pk"]).hex()
    secret = share.open(unb64(of_resp["ct"]), unb64(of_resp["hi"]))
    assert secret.hex() == office["secret"]
    secrets = EpochSecrets.first(secret, init=init, resp=resp, nonce=bytes.fromhex(citizen["nonce"]))
    _check_epoch(secrets, first)
    assert phrase_of(secrets) == each["phrase"]
    reveal = {"t": "reveal", "n": b64(bytes.fromhex(citizen["nonce"])), "mac": b64(secrets.confirmation(Side.CITIZEN))}
    assert each["messages"]["reveal"].encode() == json_bytes(reveal)
    conf = {"t": "conf", "mac": b64(secrets.confirmation(Side.OFFICE))}
    assert each["messages"]["conf"].encode() == json_bytes(conf)
    for step in each["epochs"][1:]:
        secrets = _check_rekey(secrets, step)


def _check_rekey(secrets: EpochSecrets, step: Document) -> EpochSecrets:
    """Let the product's citizen's end go through it again; the office's part is in the messages."""
    citizen = rekey.RekeyCitizen(secrets, 0.0, share=lambda: KeyShare.from_seed(bytes.fromhex(step["share_seed"])))
    first, second, third = step["messages"]
    assert citizen.handle(rekey.Passed(), rekey.EVERY) == [rekey.Say(first)]
    effects = citizen.handle(rekey.Received(second), rekey.EVERY)
    assert effects[-1] == rekey.Say(third)
    _check_epoch(citizen.secrets, step)
    return citizen.secrets


def _check_epoch(secrets: EpochSecrets, written: Document) -> None:
    assert secrets.epoch == written["epoch"]
    assert b64(secrets.transcript) == written["th"]
    assert secrets.chain.hex() == written["chain"]
    assert len(written["base_keys"]) == 4
    for kid, base_key in written["base_keys"].items():
        assert secrets.base_key(int(kid)).hex() == base_key
    assert secrets.confirmation(Side.CITIZEN).hex() == written["confirm_citizen"]
    assert secrets.confirmation(Side.OFFICE).hex() == written["confirm_office"]
    assert secrets.rekey_key(Side.CITIZEN).hex() == written["rekey_citizen"]
    assert secrets.rekey_key(Side.OFFICE).hex() == written["rekey_office"]


def check_inits(document: Document) -> None:
    shaken = document["handshakes"][0]
    trust = Trust(anchor_of(document)).learn(shaken["list"], shaken["list_chain"], document["now"])
    for each in document["inits"]:
        payload = each["payload"]
        given = payload["text"].encode() if "text" in payload else bytes.fromhex(payload["hex"])
        nonce, secret = (bytes.fromhex(shaken["office"][part]) for part in ("nonce", "secret"))
        end = OfficeEnd(OFFICE, trust=trust, sid=shaken["sid"], kiosk=each["kiosk"], nonce=nonce, secret=secret)
        effects = end.handle(Received(given), each["now"])
        if each["code"] == "key-share-wrong":
            assert isinstance(effects[-1], PinPeer)
            effects = end.handle(Answering(shaken["office"]["fingerprint"]), each["now"])
        assert refusal(effects) == each["code"], each["name"]


def signing_key(jwk: Document) -> SigningKey:
    """The private key of the file."""
    return SigningKey(ec.derive_private_key(int.from_bytes(unb64(jwk["d"]), "big"), ec.SECP256R1()))


def refusal(effects: list[Effect]) -> str | None:
    """The code by which an end refuses."""
    return next((effect.error.code for effect in effects if isinstance(effect, Refuse)), None)


def check_frames(document: Document) -> None:
    for stream in document["frames"]["streams"]:
        side, kind = Side(stream["side"]), Kind(stream["kind"])
        assert stream["kid"] == kid_of(stream["epoch"], side, kind)
        key = FrameKey(stream["kid"], bytes.fromhex(stream["base_key"]))
        for counter, frame in enumerate(stream["frames"]):
            clear, sealed = bytes.fromhex(frame["clear"]), bytes.fromhex(frame["sealed"])
            length = clear_length(kind, clear)
            assert clear[:length] + key.seal(counter, clear[:length], clear[length:]) == sealed
            assert read_header(sealed[length:])[:2] == (stream["kid"], counter)
    assert {len(stream["frames"]) for stream in document["frames"]["streams"]} == {12}
    assert TAG_SIZE == 16
    _check_refused(document["frames"]["refused"])


class _OneKey(EpochSecrets):
    """An epoch of which only one base key is known."""

    def __init__(self, epoch: int, base_key: bytes) -> None:
        super().__init__(epoch, b"", b"")
        self._base_key = base_key

    def base_key(self, kid: int) -> bytes:
        return self._base_key


def _check_refused(written: Document) -> None:
    for each in written["frames"]:
        opener = FrameOpener(Side(written["side"]), Kind(written["kind"]))
        opener.install(_OneKey(0, bytes.fromhex(written["base_key"])))
        for frame in written["before"]:
            opener.open(bytes.fromhex(frame))
        assert code_of(partial(opener.open, bytes.fromhex(each["sealed"]))) == each["code"], each["name"]
        copies = each["code"] == "frame-replayed"
        assert (opener.copies, opener.refused) == ((1, {}) if copies else (0, {each["code"]: 1}))


def check_attestations(document: Document) -> None:
    anchor = anchor_of(document)
    for each in document["attestations"]:
        assert code_of(partial(verify_file, json_bytes(each["file"]), anchor)) == each["code"], each["name"]


def check_descriptions(document: Document) -> None:
    for each in document["descriptions"]:
        sdp = each["sdp"]
        own = None if code_of(partial(fingerprint_of, sdp)) else fingerprint_of(sdp)
        assert own == each["own"], each["name"]
        assert pin_sdp(sdp, each["fingerprint"]) == each["pinned"], each["name"]
        assert without_audio_level(sdp) == each["without_audio_level"], each["name"]


SECTIONS: dict[str, Callable[[Document], None]] = {
    "anchor": check_anchor,
    "thumbprints": check_thumbprints,
    "chains": check_chains,
    "lists": check_lists,
    "enrolment": check_enrolment,
    "handshakes": check_handshakes,
    "inits": check_inits,
    "frames": check_frames,
    "attestations": check_attestations,
    "descriptions": check_descriptions,
}
