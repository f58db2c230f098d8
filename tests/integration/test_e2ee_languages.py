"""The two languages against each other, live: Python's end and the browser's code in node, keys made for each run."""

import asyncio
import json
import os
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from support.e2ee_world import MADINAH, NOW, SID, fingerprint, name, session_of

from tawasul.e2ee import rekey
from tawasul.e2ee.attestation import Frames, Handshake, Statement, make, parties_of, verify_file, write_file
from tawasul.e2ee.encoding import b64, unb64
from tawasul.e2ee.errors import FrameForged, FrameReplayed
from tawasul.e2ee.frames import FrameOpener, FrameSealer, Kind
from tawasul.e2ee.handshake import Answering, Begin, Credentials, Effect, HandshakeEnd, PinPeer, Received, Refuse, Send
from tawasul.e2ee.handshake_citizen import CitizenEnd
from tawasul.e2ee.handshake_office import OfficeEnd
from tawasul.e2ee.keys import PublicKey, SigningKey
from tawasul.e2ee.revocation import Trust
from tawasul.e2ee.session import Session, Side

ROOT = Path(__file__).resolve().parents[2]
PICTURE = bytes.fromhex("b0fa009d012a8002e001") + bytes(range(200))
SOUND = b"\x78" + bytes(range(60))
KINDS = {Kind.SOUND: ("audio", SOUND), Kind.PICTURE: ("video", PICTURE)}


class NodeEnd:
    """The browser's code, in a process of its own: one line asked, one answered."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def ask(self, what: str, **given: Any) -> Any:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"ask": what, **given}).encode() + b"\n")
        async with asyncio.timeout(10):
            line = await self._process.stdout.readline()
        assert line, "node ended"
        return json.loads(line)

    async def give(self, given: dict[str, Any]) -> list[dict[str, Any]]:
        effects: list[dict[str, Any]] = await self.ask("give", given=given, now=NOW)
        return effects


@asynccontextmanager
async def node_end() -> AsyncIterator[NodeEnd]:
    node = shutil.which("node") or shutil.which("node", path=str(Path(sys.executable).parent))
    assert node, "node is missing: run `make setup`"
    process = await asyncio.create_subprocess_exec(
        node,
        str(ROOT / "tests" / "support" / "e2ee_end.js"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=1 << 20,
    )
    try:
        yield NodeEnd(process)
    finally:
        process.kill()
        await process.wait()


def made(effects: list[Effect]) -> dict[str, str]:
    """What the other end is given of these effects."""
    assert not [each for each in effects if isinstance(each, Refuse)], effects
    (payload,) = (each.payload for each in effects if isinstance(each, Send))
    return {"type": "received", "payload": b64(payload)}


def taken(effects: list[dict[str, Any]]) -> Received:
    """The same, from node."""
    assert not [each for each in effects if each["do"] == "refuse"], effects
    (payload,) = (each["payload"] for each in effects if each["do"] == "send")
    return Received(unb64(payload))


async def confirmed(node: NodeEnd, side: Side, own_device: bool) -> tuple[Session, Credentials, tuple[str, ...]]:
    """A whole handshake; `side` is Python's. Gives Python's session and credentials, and the chain of node's end."""
    key = SigningKey.generate()
    node_key = PublicKey.from_jwk(await node.ask("key"))
    holders = {Side.CITIZEN: name("kiosk", "badr-1"), Side.OFFICE: name("office", "emirate")}

    def chain(holder: Side, public: PublicKey) -> tuple[str, ...]:
        if own_device and holder is Side.CITIZEN:
            return ()
        holding = SigningKey.generate()
        holding.public = public  # a certificate is for a public key; the private one stays where it was made
        return MADINAH.chain(holders[holder], holding)

    own_chain, node_chain = chain(side, key.public), chain(side.other, node_key)
    credentials = Credentials(key, own_chain, holders[side] if own_chain else None)
    list_text, list_chain = MADINAH.list_text(), [MADINAH.issuer_certificate]
    trust = Trust(MADINAH.anchor).learn(list_text, list_chain, NOW)
    kiosk = None if own_device else "badr-1"
    await node.ask(
        "start",
        sid=SID,
        chain=list(node_chain) or None,
        urn=str(holders[side.other]) if node_chain else None,
        office=str(holders[Side.OFFICE]),
        kiosk=kiosk,
        anchor=json.loads(MADINAH.anchor.to_json()),
        list={"list": list_text, "chain": list_chain},
        now=NOW,
        **{"as": str(side.other)},
    )
    marks = {each: fingerprint(str(each)) for each in Side}
    end: HandshakeEnd
    if side is Side.CITIZEN:
        end = CitizenEnd(
            credentials,
            trust=trust,
            sid=SID,
            office=holders[Side.OFFICE],
            fingerprint=marks[side],
            nonce=os.urandom(32),
        )
        pinned = await node.give(made(end.handle(Begin(), NOW)))
        assert pinned[0]["thumbprint"] == key.thumbprint
        answer = await node.give({"type": "answering", "fingerprint": marks[side.other]})
        revealing = end.handle(taken(answer), NOW)
        session = session_of(end.handle(taken(await node.give(made(revealing))), NOW))
    else:
        end = OfficeEnd(credentials, trust=trust, sid=SID, kiosk=kiosk, nonce=os.urandom(32), secret=os.urandom(32))
        begun = await node.give({"type": "begin", "fingerprint": marks[side.other]})
        (pin,) = end.handle(taken(begun), NOW)
        assert isinstance(pin, PinPeer)
        assert pin.fingerprint == marks[side.other]
        pinned = await node.give(made(end.handle(Answering(marks[side]), NOW)))
        confirming = end.handle(taken(pinned), NOW)
        session = session_of(confirming)
        last = await node.give(made(confirming))
        assert [each["do"] for each in last] == ["confirmed"]
    (node_pin,) = (each for each in pinned if each["do"] == "pin-peer")
    assert node_pin["fingerprint"] == marks[side]
    assert session.peer.thumbprint == node_key.thumbprint
    return session, credentials, node_chain


class Media:
    """Python's sealers and openers, and node's on the other side."""

    def __init__(self, node: NodeEnd, session: Session) -> None:
        self._node = node
        self._sealers = {kind: FrameSealer(session.side, kind) for kind in Kind}
        self._openers = {kind: FrameOpener(session.side, kind) for kind in Kind}
        self.perform([rekey.InstallReceiving(session.secrets), rekey.SwitchSending(session.secrets)])

    def perform(self, effects: list[rekey.Effect]) -> list[dict[str, Any]]:
        """Does what a rekey asks for; gives what it says."""
        said = []
        for effect in effects:
            match effect:
                case rekey.InstallReceiving(secrets):
                    for opener in self._openers.values():
                        opener.install(secrets)
                case rekey.SwitchSending(secrets):
                    for sealer in self._sealers.values():
                        sealer.switch(secrets)
                case rekey.DropReceiving(epoch):
                    for opener in self._openers.values():
                        opener.drop(epoch)
                case rekey.Say(message):
                    said.append(message)
                case rekey.Refuse(error):
                    raise error
        return said

    async def flow(self) -> None:
        """Sound and picture both ways; what was changed or comes twice is refused by both."""
        for kind, (theirs, frame) in KINDS.items():
            sealed = b64(self._sealers[kind].seal(frame))
            assert unb64(await self._node.ask("open", kind=theirs, frame=sealed)) == frame
            assert await self._node.ask("open", kind=theirs, frame=sealed) == {"code": "frame-replayed"}
            forged = self._sealers[kind].seal(frame)
            forged = forged[:-1] + bytes([forged[-1] ^ 1])
            assert await self._node.ask("open", kind=theirs, frame=b64(forged)) == {"code": "frame-forged"}

            came = unb64(await self._node.ask("seal", kind=theirs, frame=b64(frame)))
            assert self._openers[kind].open(came) == frame
            with pytest.raises(FrameReplayed):
                self._openers[kind].open(came)
            forged = unb64(await self._node.ask("seal", kind=theirs, frame=b64(frame)))
            with pytest.raises(FrameForged):
                self._openers[kind].open(forged[:-1] + bytes([forged[-1] ^ 1]))


async def rekeyed(node: NodeEnd, media: Media, ours: rekey.RekeyCitizen | rekey.RekeyOffice, now: float) -> None:
    """One rekey, with frames after each of its steps."""

    async def theirs(message: dict[str, Any] | None) -> list[dict[str, Any]]:
        effects = await node.ask("rekey", message=message, now=now)
        assert [each for each in effects if each["do"] == "refuse"] == []
        return [each["message"] for each in effects if each["do"] == "send"]

    def own(message: dict[str, Any] | None) -> list[dict[str, Any]]:
        return media.perform(ours.handle(rekey.Received(message) if message else rekey.Passed(), now))

    message: dict[str, Any] | None = None
    for step in range(3):
        if (step % 2 == 0) == isinstance(ours, rekey.RekeyCitizen):
            (message,) = own(message)
        else:
            (message,) = await theirs(message)
        await media.flow()
    assert (await theirs(message) if isinstance(ours, rekey.RekeyCitizen) else own(message)) == []
    await media.flow()


@pytest.mark.parametrize("own_device", [False, True], ids=["kiosk", "own device"])
@pytest.mark.parametrize("side", list(Side), ids=["python calls", "python answers"])
async def test_both_languages_are_one(side: Side, own_device: bool) -> None:
    async with node_end() as node:
        session, credentials, node_chain = await confirmed(node, side, own_device)
        theirs = await node.ask("session", now=NOW)
        assert theirs == {"phrase": session.phrase, "th": session.transcript, "peer": credentials.key.thumbprint}

        media = Media(node, session)
        await media.flow()
        ours: rekey.RekeyCitizen | rekey.RekeyOffice
        if side is Side.CITIZEN:
            ours = rekey.RekeyCitizen(session.secrets, NOW)
        else:
            ours = rekey.RekeyOffice(session.secrets, draw=lambda: os.urandom(32))
        for count in (1, 2, 3):
            await rekeyed(node, media, ours, NOW + 300.0 * count)
        assert ours.secrets.epoch == 3

        statement = Statement(
            call=SID.partition("/")[0],
            role="citizen" if side is Side.CITIZEN else "office",
            parties=parties_of(session),
            handshakes=[Handshake(attempt=1, th=session.transcript, begins=NOW, ends=NOW + 900, epochs=[[0, NOW]])],
            phrase="same",
            frames=Frames(sealed=20, opened=10, refused=10),
            chain=list(credentials.chain) or None,
        )
        other = statement.model_copy(update={"role": str(side.other), "chain": list(node_chain) or None})
        signed = {
            side: make(credentials.key, statement),
            side.other: await node.ask("attest", statement=other.claims()),
        }
        verified = verify_file(write_file(signed[Side.CITIZEN], signed[Side.OFFICE]), MADINAH.anchor)
        assert len(verified.statements) == 2
        assert len(verified.certificates) == (1 if own_device else 2)


@pytest.mark.parametrize("side", list(Side), ids=["python calls", "python answers"])
async def test_a_changed_message_is_refused_by_the_other_language(side: Side) -> None:
    """The first message, its signature changed by one bit: both see it, and tell the other why."""
    async with node_end() as node:
        key, node_key = SigningKey.generate(), PublicKey.from_jwk(await node.ask("key"))
        list_text, list_chain = MADINAH.list_text(), [MADINAH.issuer_certificate]
        trust = Trust(MADINAH.anchor).learn(list_text, list_chain, NOW)
        office_key = key if side is Side.OFFICE else SigningKey.generate()
        if side is Side.CITIZEN:
            office_key.public = node_key
        office = MADINAH.chain(name("office", "emirate"), office_key)
        await node.ask(
            "start",
            sid=SID,
            chain=list(office) if side is Side.CITIZEN else None,
            urn=str(name("office", "emirate")) if side is Side.CITIZEN else None,
            office=str(name("office", "emirate")),
            kiosk=None,
            anchor=json.loads(MADINAH.anchor.to_json()),
            list={"list": list_text, "chain": list_chain},
            now=NOW,
            **{"as": str(side.other)},
        )
        mark = fingerprint("any")
        if side is Side.CITIZEN:
            end: HandshakeEnd = CitizenEnd(
                Credentials(key),
                trust=trust,
                sid=SID,
                office=name("office", "emirate"),
                fingerprint=mark,
                nonce=os.urandom(32),
            )
            init = unb64(made(end.handle(Begin(), NOW))["payload"])
            refusing = await node.give({"type": "received", "payload": b64(spoiled(init))})
            assert [each["code"] for each in refusing if each["do"] == "refuse"] == ["signature-wrong"]
            told = end.handle(Received(unb64(refusing[0]["payload"])), NOW)
            assert [each.error.code for each in told if isinstance(each, Refuse)] == ["refused-by-other"]
        else:
            credentials = Credentials(key, office, name("office", "emirate"))
            end = OfficeEnd(credentials, trust=trust, sid=SID, kiosk=None, nonce=os.urandom(32), secret=os.urandom(32))
            begun = taken(await node.give({"type": "begin", "fingerprint": mark}))
            effects = end.handle(Received(spoiled(begun.payload)), NOW)
            assert [each.error.code for each in effects if isinstance(each, Refuse)] == ["signature-wrong"]
            (payload,) = (each.payload for each in effects if isinstance(each, Send))
            told_node = await node.give({"type": "received", "payload": b64(payload)})
            assert [each["code"] for each in told_node] == ["refused-by-other"]


def spoiled(payload: bytes) -> bytes:
    """The same message with another signature."""
    seal = json.loads(payload)
    signed, _, signature = seal["jws"].rpartition(".")
    changed = bytearray(unb64(signature))
    changed[7] ^= 1
    return json.dumps(seal | {"jws": f"{signed}.{b64(bytes(changed))}"}).encode()
