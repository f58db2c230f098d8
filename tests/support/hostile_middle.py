"""DTLS that ends in the middle: a false office towards the kiosk, a false kiosk towards the office, real media engines.

Each false end decodes what reaches it, with the same `Witness` that proves a call's sound and picture elsewhere: that
nothing was understood is measured. Towards its victim it sends a picture and a tone of its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from aiortc import RTCConfiguration, RTCPeerConnection, RTCRtpSender, RTCSessionDescription
from support.hostile_scene import Attack, Scene

from kiosk_client.descriptions import read_candidate
from kiosk_client.media.analysis import SoundMeasure
from kiosk_client.media.evidence import Witness
from kiosk_client.media.sources import CodedSource
from signaling.core.call import End
from tawasul.protocol.from_endpoint import Answer, Candidate, Offer, Relayed
from tawasul.protocol.ice import IceCandidate

OURS = {
    End.CITIZEN: CodedSource(hertz=1100, identity=0xBAD1),
    End.OFFICE: CodedSource(hertz=1500, identity=0xBAD2),
}
"""What we send to each victim."""

PURE = 0.9
CODECS = ("audio/opus", "video/vp8")


class Thief(Witness):
    """A witness that counts every fifth of a second of a clear tone, and remembers every identity it could read."""

    def __init__(self, news: Callable[[], None] = lambda: None) -> None:
        super().__init__()
        self.tone: dict[int, float] = {}

    async def _tell_sound(self, measure: SoundMeasure) -> None:
        if measure.purity > PURE and not measure.silent:
            pitch = round(measure.frequency / 20) * 20
            self.tone[pitch] = self.tone.get(pitch, 0.0) + 0.2
        await super()._tell_sound(measure)

    def found(self) -> dict[str, Any]:
        """For the loot: pictures decoded, the identity read in them, and seconds of tone by pitch (Hz)."""
        pattern = self.picture.pattern
        return {
            "pictures": self.picture.frames,
            "patterns": self.picture.patterns,
            "identity": pattern.identity if pattern else None,
            "sound": round(self.sound.seconds, 1),
            "tone": self.tone,
        }


class BareEnd:
    """One false end as the media library makes it, with nothing of ours between encoder and packets."""

    def __init__(self, towards: End, source: CodedSource | None = None) -> None:
        self.towards = towards
        self._source = source or OURS[towards]
        self.thief = Thief()
        self.connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.connection.on("track", self.thief.watch)

    async def offer(self) -> str:
        """As the citizen's end."""
        await self._send()
        self.connection.createDataChannel("tawasul")
        await self.connection.setLocalDescription(await self.connection.createOffer())
        return str(self.connection.localDescription.sdp)

    async def answer(self, offer: str) -> str:
        """As the office's end."""
        await self._send()
        await self.connection.setRemoteDescription(RTCSessionDescription(offer, "offer"))
        await self.connection.setLocalDescription(await self.connection.createAnswer())
        return str(self.connection.localDescription.sdp)

    async def take_answer(self, answer: str) -> None:
        """The office's."""
        await self.connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))

    async def take_candidate(self, candidate: IceCandidate) -> None:
        """One that a browser trickles."""
        if candidate.candidate and (read := read_candidate(candidate, "0")) is not None:
            await self.connection.addIceCandidate(read)

    async def close(self) -> dict[str, Any]:
        """What there was to get."""
        state = self.connection.connectionState
        await self.connection.close()
        await self.thief.close()
        return {"from": str(self.towards), "state": state, **self.thief.found()}

    async def _send(self) -> None:
        media = await self._source.open()
        for track in (media.sound, media.picture):
            transceiver = self.connection.addTransceiver(track, direction="sendrecv")
            known = RTCRtpSender.getCapabilities(track.kind).codecs
            transceiver.setCodecPreferences([codec for codec in known if codec.mimeType.lower() in CODECS])


class Middle(Attack):
    """Terminates DTLS towards both ends, and passes their seals on untouched."""

    def __init__(self, scene: Scene, **options: Any) -> None:
        super().__init__(scene, **options)
        self._steps: asyncio.Queue[tuple[End, Relayed]] = asyncio.Queue()
        self._ends = {End.CITIZEN: BareEnd(End.CITIZEN), End.OFFICE: BareEnd(End.OFFICE)}
        self.spawn(self._work())

    def passes(self, to: End, message: Relayed) -> None:
        """Descriptions stop here; the rest is passed on in its order."""
        self._steps.put_nowait((to, message))

    async def close(self) -> None:
        """Hand over the loot."""
        await super().close()
        for end in self._ends.values():
            self.scene.loot.note("media", attempt=self.scene.attempt, **await end.close())

    async def _work(self) -> None:
        while True:
            to, message = await self._steps.get()
            match message:
                case Offer(sdp=sdp):
                    self._pending = await self._ends[End.CITIZEN].answer(sdp)
                    ours = await self._ends[End.OFFICE].offer()
                    self.scene.say(End.OFFICE, message.model_copy(update={"sdp": ours}))
                case Answer(sdp=sdp):
                    await self._ends[End.OFFICE].take_answer(sdp)
                    self.scene.say(End.CITIZEN, message.model_copy(update={"sdp": self._pending}))
                case Candidate(candidate=candidate):
                    await self._ends[to.other].take_candidate(candidate)
                case _:
                    self.scene.say(to, message)
