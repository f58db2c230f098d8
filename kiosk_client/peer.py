"""One connection to the other end of a call: aiortc's, made safe to use.

A `Peer` serves one attempt of one call: made, used once, closed; the next attempt gets a new one. The citizen's end
offers, the office's answers. It takes no other certificate than the one that the handshake pinned, and sends and
decodes only what its `FrameGuard` seals and opens: before that has keys, nothing. Its own candidates are all in its
description (aiortc does not trickle); the other end's may come one by one, also before the description to which they
belong. VP8 and Opus, nothing else; one transport.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection
from functools import partial
from typing import Literal

from aiortc import (
    RTCBundlePolicy,
    RTCConfiguration,
    RTCIceCandidate,
    RTCIceServer,
    RTCPeerConnection,
    RTCSessionDescription,
)
from aiortc.rtcconfiguration import RTCIceTransportPolicy
from aiortc.rtcdtlstransport import RTCDtlsTransport

from kiosk_client.aiortc_private import (
    Wire,
    agree_formats,
    certificate_in_use,
    offer_formats,
    place_receiver,
    place_sender,
    repeat_soon,
    require_known_names,
    selected_pair,
    use_relay,
)
from kiosk_client.channel import Channel
from kiosk_client.descriptions import MOST_CANDIDATES, read_candidate, read_description
from kiosk_client.errors import CandidateRefused, DescriptionRefused, NoWayOut, RelayMissing
from kiosk_client.frame_guard import FrameGuard
from kiosk_client.media import counters
from kiosk_client.media.core.statistics import Statistics
from kiosk_client.media.formats import picture_formats, sound_formats
from kiosk_client.media.gates import PictureGate, SoundGate
from kiosk_client.media.picture_receiving import PictureReceiver
from kiosk_client.media.picture_sending import PictureSender
from kiosk_client.media.sources import LocalMedia
from kiosk_client.media.speech_receiving import SpeechReceiver
from kiosk_client.media.speech_sending import SpeechSender
from kiosk_client.media.telling_arrivals import ArrivalTeller
from kiosk_client.peer_events import CertificateInUseDiffers, Connected, PeerEvent, TrackArrived
from kiosk_client.relays import FoundRelay, probes
from tawasul.e2ee.frames import Kind
from tawasul.e2ee.pinning import pin_sdp, without_audio_level
from tawasul.e2ee.session import Side
from tawasul.protocol.ice import IceCandidate, IceConfiguration, IceServer
from tawasul.protocol.peer import CHANNEL_LABEL, Attestation, Quality, Rekey
from tawasul.protocol.relay_url import RelayUrl

log = logging.getLogger(__name__)

Path = Literal["host", "reflexive", "relay"]

FORMATS = {
    "audio": sound_formats(redundant=True, transport_wide=True),
    "video": picture_formats(transport_wide=True),
}
"""What a call is made of: each of these only where this end has something of its own that takes and gives it."""


class Peer:
    """Make it in a running event loop; `tell` is called there with each event, and must not block.

    `media` belongs to the peer from then on and is stopped with it. `relay`: the one to use, of those in `ice` (by
    `Relays.find`); `silent`: those that do not answer. Raises `RelayMissing`, `LibraryChanged`.
    """

    def __init__(
        self,
        ice: IceConfiguration,
        media: LocalMedia,
        tell: Callable[[PeerEvent], None],
        *,
        offers: bool,
        relay: FoundRelay | None = None,
        silent: Collection[RelayUrl] = (),
    ) -> None:
        require_known_names()
        self.guard = FrameGuard(Side.CITIZEN if offers else Side.OFFICE)
        self._tell = tell
        self._loop = asyncio.get_running_loop()
        self._sound = SoundGate(media.sound, self._on_source_lost)
        self._picture = PictureGate(media.picture, self._on_source_lost)
        if ice.policy == "relay" and relay is None:
            raise RelayMissing("only relayed paths are allowed, but no TURN server was given")
        self._relay = relay
        self._wire = Wire()
        self._connection = RTCPeerConnection(_configuration(ice, probes(ice, relay, silent), offers=offers))
        sound = self._connection.addTransceiver(self._sound, direction="sendrecv")
        self.sound_out = place_sender(sound, partial(SpeechSender, wire=self._wire))
        self.sound_in = place_receiver(sound, partial(SpeechReceiver, wire=self._wire))
        picture = self._connection.addTransceiver(self._picture, direction="sendrecv")
        self.picture_out = place_sender(picture, partial(PictureSender, wire=self._wire))
        self.picture_in = place_receiver(picture, self._picture_receiver)
        self.sound_out.seal = partial(self.guard.seal, Kind.SOUND)
        self.sound_in.open_frame = partial(self.guard.open, Kind.SOUND)
        self.picture_out.seal = partial(self.guard.seal, Kind.PICTURE)
        self.picture_in.open_frame = partial(self.guard.open, Kind.PICTURE)
        self._arrivals = ArrivalTeller(self._wire, self.picture_in)
        self.sound_out.allowed = lambda: self.picture_out.paced.target.rate
        self.sound_out.is_full = lambda: self.picture_out.paced.is_full
        self._pinned: str | None = None
        self._transport: str | None = None
        self._early: list[IceCandidate] = []
        self._candidates = 0
        self._closed = False
        self._resolving: set[asyncio.Task[None]] = set()
        self._channel = Channel(tell)
        self._connection.on("track", lambda track: self._tell(TrackArrived(track)))
        self._connection.on("connectionstatechange", self._on_connection_state)
        self._connection.on("datachannel", self._channel.use)

    async def offer(self) -> str:
        """Gather candidates and return the offer's SDP. The citizen's end, once. Raises `NoWayOut`."""
        self._channel.use(self._connection.createDataChannel(CHANNEL_LABEL))
        repeat_soon(self._connection)
        offer = await self._connection.createOffer()
        offered = offer_formats(self._connection, offer.sdp, FORMATS)
        return await self._described(RTCSessionDescription(sdp=offered, type=offer.type))

    async def take_answer(self, sdp: str, pinned: str) -> None:
        """Take the other end's answer. `pinned`: the certificate that it signed, as `sha-256 AB:CD:…`.

        Raises `DescriptionRefused`, `CandidateRefused`: this peer is then of no use.
        """
        await self._take("answer", sdp, pinned)

    async def answer(self, offer: str, pinned: str) -> str:
        """Take the other end's offer, gather candidates and return the answer's SDP. The office's end, once.

        `pinned` as in `take_answer`. Raises `DescriptionRefused`, `CandidateRefused`, `NoWayOut`.
        """
        await self._take("offer", offer, pinned)
        return await self._described(await self._connection.createAnswer())

    async def add_candidate(self, candidate: IceCandidate) -> None:
        """Take one of the other end's candidates, or by an empty one that there are no more.

        Kept until the description is there. Raises `CandidateRefused` for a malformed one, or one too many.
        """
        self._candidates += 1
        if self._candidates > MOST_CANDIDATES:
            raise CandidateRefused(f"more than {MOST_CANDIDATES} candidates")
        if self._transport is None:
            if candidate.candidate:
                read_candidate(candidate, transport="")
            self._early.append(candidate)
        elif not candidate.candidate:
            await self._connection.addIceCandidate(None)
        else:
            await self._add(read_candidate(candidate, self._transport))

    def mute(self, *, sound: bool, picture: bool) -> None:
        """Withhold sound, picture, both or none: silence and black are sent instead, and the other end is told."""
        self._sound.shut, self._picture.shut = sound, picture
        self._say_what_is_withheld()

    def path(self) -> Path | None:
        """How media travel, by the selected pair: over a relay, through a NAT's mapping, or straight. None before."""
        pair = selected_pair(self._connection)
        if pair is None:
            return None
        types = {candidate.type for candidate in pair}
        if "relay" in types:
            return "relay"
        return "reflexive" if types & {"srflx", "prflx"} else "host"

    def leaves_by_relay(self) -> bool:
        """Whether this end's media leave by its relay, and not straight or by the other end's alone."""
        pair = selected_pair(self._connection)
        return pair is not None and pair[0].type == "relay"

    def legs_meet(self) -> bool:
        """Whether both ends use one relay, or only one of them uses any: then nothing is between their ways to it."""
        pair = selected_pair(self._connection)
        if pair is None:
            return False
        relayed = [candidate for candidate in pair if candidate.type == "relay"]
        return bool(relayed) and len({candidate.host for candidate in relayed}) == 1

    @property
    def withholds_picture(self) -> bool:
        """Whether black is sent instead of our picture."""
        return self._picture.withholds

    def statistics(self) -> Statistics:
        """What was counted so far, as the W3C names it. What is not known is absent."""
        pair = selected_pair(self._connection)
        return {
            "timestamp": 1000 * self._wire.clock(),
            "inbound": {"audio": counters.sound_in(self.sound_in), "video": counters.picture_in(self.picture_in)},
            "outbound": {"audio": counters.sent(self.sound_out), "video": counters.picture_out(self.picture_out)},
            "remoteInbound": {
                "audio": counters.reported(self.sound_out, counters.SOUND_CLOCK),
                "video": counters.reported(self.picture_out, counters.PICTURE_CLOCK),
            },
            "candidatePair": counters.path(pair and (pair[0].type, pair[1].type), self.picture_out),
        }

    def say(self, message: Rekey | Attestation | Quality) -> None:
        """Send a message to the other end on the data channel, if a path is left to say it on."""
        self._channel.say(message)

    async def hang_up(self) -> None:
        """Say goodbye to the other end, where a path is left to say it on, and close."""
        self._channel.goodbye()
        # One turn of the loop, in which SCTP puts the goodbye on the wire before DTLS says its own.
        await asyncio.sleep(0)
        await self.close()

    async def close(self) -> None:
        """Close everything and stop the local media. No event comes after this. May be called again."""
        if self._closed:
            return
        self._closed = True
        self.guard.shut()
        self._channel.finish()
        self._arrivals.close()
        for task in self._resolving:
            task.cancel()
        await self._connection.close()
        # aiortc stops the tracks of senders that were started; these may not have been.
        self._sound.stop()
        self._picture.stop()

    async def _described(self, description: RTCSessionDescription) -> str:
        # Where it is not negotiated it is not written: it would tell the relay who speaks (RFC 6464, section 7).
        quiet = without_audio_level(description.sdp)
        if self._relay is not None:
            use_relay(self._connection, self._relay)
        await self._connection.setLocalDescription(RTCSessionDescription(sdp=quiet, type=description.type))
        sdp: str = self._connection.localDescription.sdp
        if "a=candidate:" not in sdp:
            raise NoWayOut("no network address was found, and no relay answered, within five seconds")
        return sdp

    async def _take(self, kind: Literal["offer", "answer"], sdp: str, pinned: str) -> None:
        description = read_description(sdp)
        self._pinned = pinned
        # Not checked but rewritten: of several fingerprints, each library takes those it likes.
        believed = without_audio_level(pin_sdp(description.sdp, pinned))
        try:
            await self._connection.setRemoteDescription(RTCSessionDescription(sdp=believed, type=kind))
            agree_formats(self._connection, believed, FORMATS)
            repeat_soon(self._connection)
        except Exception as cause:  # aiortc: InvalidStateError, OperationError, ValueError, AssertionError …
            raise DescriptionRefused(f"the {kind} does not fit ({type(cause).__name__}: {cause})") from cause
        self._transport = description.transport
        for candidate in description.candidates:
            await self._add(candidate)
        early, self._early = self._early, []
        for waiting in early:
            if waiting.candidate:
                await self._add(read_candidate(waiting, self._transport))
        if description.complete or any(not waiting.candidate for waiting in early):
            await self._connection.addIceCandidate(None)

    async def _add(self, candidate: RTCIceCandidate | None) -> None:
        if candidate is None:
            return
        adding = self._connection.addIceCandidate(candidate)
        if candidate.ip.endswith(".local"):
            # An mDNS name takes seconds to resolve or to be given up: the others must not wait for it.
            task = self._loop.create_task(adding)
            self._resolving.add(task)
            task.add_done_callback(self._resolving.discard)
        else:
            await adding

    def _picture_receiver(self, transport: RTCDtlsTransport) -> PictureReceiver:
        return PictureReceiver(
            transport,
            self._wire,
            has_keys=lambda: self.guard.has_keys,
            other_way=lambda: self.picture_out,
            sound_waits=lambda: self.sound_in.speech_counts.target_delay,
        )

    def _on_source_lost(self) -> None:
        lost = [name for name, gate in (("sound", self._sound), ("picture", self._picture)) if gate.lost]
        log.warning("the source of our %s has ended; the other end is told", " and ".join(lost))
        self._say_what_is_withheld()

    def _say_what_is_withheld(self) -> None:
        self._channel.mute(sound=self._sound.withholds, picture=self._picture.withholds)

    def _on_connection_state(self) -> None:
        if self._closed:
            return
        # Looked at here and not only by aiortc, which compares with the description: others have written in that.
        in_use = certificate_in_use(self._connection)
        match self._connection.connectionState:
            case "connected" if in_use == self._pinned:
                self._tell(Connected())
            case "connected":
                self._somebody_else()
            case "failed" if in_use is not None and in_use != self._pinned:
                self._somebody_else()
            case "failed" | "closed":
                self._channel.transport_failed()

    def _somebody_else(self) -> None:
        self.guard.shut()
        self._channel.finish()
        self._tell(CertificateInUseDiffers())


def _configuration(ice: IceConfiguration, asks: list[IceServer], *, offers: bool) -> RTCConfiguration:
    """aiortc's configuration. `iceServers` is always a list: for None aiortc would ask a public STUN server.

    The relay is not in it: aiortc can name none by an IPv6 address, and none whose certificate is of an authority of
    one's own (`use_relay`).
    """
    return RTCConfiguration(
        iceServers=[RTCIceServer(urls=list(server.urls)) for server in asks],
        iceTransportPolicy=RTCIceTransportPolicy(ice.policy),
        # The offerer gathers for one transport instead of three. The answerer must not foresee it: aiortc would stop
        # the shared transport as superfluous when the offer's first section is not its own first.
        bundlePolicy=RTCBundlePolicy.MAX_BUNDLE if offers else RTCBundlePolicy.BALANCED,
    )
