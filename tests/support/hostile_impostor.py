"""False ends that go through the whole handshake with stolen, forged or foreign keys, and then a whole call.

They are made of our own client's parts, which an attacker has as well: what they lack is keys, and nothing else.
"""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from support.hostile_middle import OURS, Thief
from support.hostile_scene import Attack, Scene, b64, kind_of, unb64

from kiosk_client.conversation import CallEnd, Conversation, Told
from kiosk_client.core.call_record import CallRecord
from kiosk_client.core.kiosk_events import Attempt, Decoding, Described, MediaLost, Refused, Sealed, Secured
from kiosk_client.identity import GivenIdentity
from signaling.core.call import End
from tawasul.e2ee.anchor import Anchor
from tawasul.e2ee.certificate import Revocations
from tawasul.e2ee.handshake import Credentials
from tawasul.e2ee.keys import SigningKey
from tawasul.e2ee.names import DeviceName
from tawasul.e2ee.revocation import Trust
from tawasul.protocol.from_endpoint import Answer, Candidate, Offer, Relayed, Seal
from tawasul.protocol.from_server import Negotiate
from tawasul.protocol.ice import IceConfiguration

NO_SERVERS = IceConfiguration(servers=())


def told_of(credentials: Credentials) -> dict[str, Any]:
    """Credentials as a plan carries them."""
    return {
        "key": credentials.key.to_pem(None).decode(),
        "chain": list(credentials.chain),
        "name": str(credentials.name) if credentials.name else None,
    }


def own_device() -> Credentials:
    """What a citizen's own device has: a key made for one call, and nobody's word for it."""
    return Credentials(SigningKey.generate())


def _credentials(told: dict[str, Any]) -> Credentials:
    name = DeviceName.parse(told["name"]) if told["name"] else None
    return Credentials(SigningKey.from_pem(told["key"].encode(), None), tuple(told["chain"]), name)


class FalseEnd:
    """One conversation with a victim."""

    def __init__(self, scene: Scene, towards: End, anchor: Anchor, told: dict[str, Any], other: str | None) -> None:
        self.scene = scene
        self.towards = towards
        trust = Trust(anchor, Revocations(1, 0, 2**40, frozenset(), frozenset()), 1)
        self.conversation = Conversation(
            Attempt(scene.call_id, scene.attempt),
            NO_SERVERS,
            OURS[towards],
            self._tell,
            CallEnd(offers=towards is End.OFFICE, other=other, identity=GivenIdentity(_credentials(told), trust)),
            CallRecord(scene.call_id),
        )
        self.thief = self.conversation.witness = Thief()

    def take(self, message: Relayed) -> None:
        """What the victim says."""
        match message:
            case Offer(sdp=sdp) | Answer(sdp=sdp):
                self.conversation.take_description(sdp)
            case Candidate(candidate=candidate):
                self.conversation.take_candidate(candidate)
            case Seal(payload=payload):
                self.conversation.take_seal(unb64(payload))

    async def close(self) -> None:
        """Hand over the loot."""
        await self.conversation.close(goodbye=False)
        self.scene.loot.note("media", attempt=self.scene.attempt, **{"from": str(self.towards)}, **self.thief.found())

    def _tell(self, told: Told) -> None:
        note = partial(self.scene.loot.note, towards=str(self.towards))
        ours = {"call_id": self.scene.call_id, "attempt": self.scene.attempt}
        match told:
            case Described(sdp=sdp):
                description = Offer(**ours, sdp=sdp) if self.towards is End.OFFICE else Answer(**ours, sdp=sdp)
                self.scene.say(self.towards, description)
            case Sealed(payload=payload):
                self.scene.say(self.towards, Seal(**ours, payload=b64(payload)))
            case Secured(phrase=phrase):
                note("handshake", phrase=phrase)
            case Refused(code=code):
                note("gave-up", code=code)
            case Decoding():
                note("decodes")
            case MediaLost(reason=reason):
                note("lost", reason=reason)


class Impostor(Attack):
    """Two false ends. `office`: the keys shown to the citizen's end; `citizen`: those shown to the office's; None: that
    victim is left alone. `anchor`: by which the victims' own chains are read; `kiosk`: the victim's place, None for a
    citizen's own device. `own_location`: the office is told that the citizen is not at a kiosk."""

    def __init__(
        self,
        scene: Scene,
        *,
        anchor: dict[str, Any],
        office: dict[str, Any] | None,
        citizen: dict[str, Any] | None,
        kiosk: str | None,
        own_location: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(scene, **options)
        self._own_location = own_location
        root = Anchor.from_json(json.dumps(anchor))
        self._ends: dict[End, FalseEnd] = {}
        self._told = {End.CITIZEN: (office, kiosk), End.OFFICE: (citizen, "emirate")}
        self._root = root

    def negotiates(self, to: End, told: Negotiate) -> Negotiate:
        """The office may hear a lie."""
        if to is End.CITIZEN or not self._own_location:
            return told
        return told.model_copy(update={"other": told.other.model_copy(update={"device": None})})

    def passes(self, to: End, message: Relayed) -> None:
        """Nothing reaches the other victim: it is for us."""
        if to is End.OFFICE and not self._ends:
            # The citizen's end begins, and the office is ready: it heard of the attempt when the citizen's end did.
            for towards, (told, other) in self._told.items():
                if told is not None:
                    self._ends[towards] = FalseEnd(self.scene, towards, self._root, told, other)
        if (end := self._ends.get(to.other)) is not None:
            end.take(message)

    async def close(self) -> None:
        """Both."""
        for end in self._ends.values():
            await end.close()
        await super().close()


class SecondOffer(Attack):
    """A third endpoint: an end of ours begins with the office beside the honest one, in the same attempt.

    `first`: it is quicker than the honest one, which comes after it.
    """

    def __init__(
        self, scene: Scene, *, anchor: dict[str, Any], citizen: dict[str, Any], first: bool, **options: Any
    ) -> None:
        super().__init__(scene, **options)
        self._first = first
        self._held: list[Relayed] = []
        self._begun = False
        self._ours = FalseEnd(scene, End.OFFICE, Anchor.from_json(json.dumps(anchor)), citizen, "emirate")
        tell = self._ours._tell

        def begins(told: Told) -> None:
            if isinstance(told, Described | Sealed) and not self._begun:
                self._held_back(told)
            else:
                tell(told)

        self._early: list[Told] = []
        self._ours.conversation._tell = begins

    def passes(self, to: End, message: Relayed) -> None:
        """The office's words go to both; the honest end's are passed on, before ours or after."""
        if to is End.CITIZEN:
            self._ours.take(message)
            super().passes(to, message)
            return
        self._held.append(message)
        self._both_begin()

    async def close(self) -> None:
        """Ours too."""
        await self._ours.close()
        await super().close()

    def _held_back(self, told: Told) -> None:
        self._early.append(told)
        self._both_begin()

    def _both_begin(self) -> None:
        ready = len(self._early) >= 2 and any(kind_of(each) == "init" for each in self._held)
        if not (ready or self._begun):
            return
        honest, self._held = self._held, []
        ours, self._early = self._early, []
        self._begun = True
        for told in ours if self._first else []:
            self._ours._tell(told)
        for message in honest:
            super().passes(End.OFFICE, message)
        for told in ours if not self._first else []:
            self._ours._tell(told)
