"""The private names of aiortc and aioice that the kiosk relies on, all of them, in one place (ADR 0010).

aiortc has no public hook for encoded frames, nor a name for the pair of candidates and the certificate in use. Frames
are sealed where the encoder hands them to the packetizer and opened where the decoder's thread takes them, on the
objects of one connection, never globally: a connection that was forgotten would send in clear.
`require_known_names` is called before a connection is made; a canary test runs it, and a real call, in CI.
"""

from __future__ import annotations

import inspect
import queue
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from typing import Any

from aioice import Candidate
from aioice.ice import CandidatePair, Connection
from aiortc import RTCPeerConnection, RTCRtpReceiver, RTCRtpSender
from aiortc.codecs.opus import OpusEncoder
from aiortc.codecs.vpx import Vp8Encoder
from aiortc.jitterbuffer import JitterFrame
from aiortc.rtcdtlstransport import RTCDtlsTransport, certificate_digest
from aiortc.rtcicetransport import RTCIceGatherer, RTCIceTransport
from aiortc.rtcrtpparameters import RTCRtpCodecParameters
from aiortc.rtcrtpreceiver import decoder_worker
from av.frame import Frame
from av.packet import Packet

from kiosk_client.errors import LibraryChanged
from kiosk_client.relays import FoundRelay

WRITTEN_FOR = {"aiortc": "1.16.0", "aioice": "0.13.0"}
"""The versions whose insides were read. Another one may behave otherwise with the same names."""

_ENCODER = "_RTCRtpSender__encoder"
_DECODER_QUEUE = "_RTCRtpReceiver__decoder_queue"
_DECODER_ERROR = "_RTCRtpReceiver__decoder_error"

Change = Callable[[bytes], bytes | None]
"""From an encoded frame to what takes its place; None drops it."""


@cache
def require_known_names() -> None:
    """Raises `LibraryChanged`, saying what is gone, unless everything used below is there. Opens no socket."""
    found = {library: version(library) for library in WRITTEN_FOR}
    gone = [name for name, there in _wanted().items() if not there]
    if gone or found != WRITTEN_FOR:
        written_for, finds = (
            " and ".join(f"{name} {number}" for name, number in each.items()) for each in (WRITTEN_FOR, found)
        )
        without = f", without {', '.join(gone)}" if gone else ""
        raise LibraryChanged(
            f"this kiosk was written for {written_for}, but finds {finds}{without}; install the versions that the lock "
            f"file names"
        )


def _wanted() -> dict[str, bool]:
    gatherer = RTCIceGatherer(iceServers=[])
    transport = RTCIceTransport(gatherer)
    return {
        "aiortc: RTCIceTransport._connection": isinstance(getattr(transport, "_connection", None), Connection),
        "aiortc: RTCDtlsTransport._ssl": _uses(RTCDtlsTransport.start, "_ssl"),
        "aiortc: RTCRtpSender.__encoder": _uses(getattr(RTCRtpSender, "_next_encoded_frame", None), _ENCODER),
        "aiortc: RTCRtpReceiver.__decoder_queue": _uses(RTCRtpReceiver.receive, _DECODER_QUEUE),
        "aiortc: RTCRtpReceiver.__decoder_error": _uses(
            getattr(RTCRtpReceiver, "_handle_rtp_packet", None), _DECODER_ERROR
        ),
        "aiortc: decoder_worker": _takes(decoder_worker, "loop", "input_q", "output_q", "decode_error"),
        "aiortc: Vp8Encoder._packetize": _takes(getattr(Vp8Encoder, "_packetize", None), "buffer", "picture_id"),
        "aioice: Connection.turn_server": all(
            hasattr(gatherer._connection, f"turn_{name}")
            for name in ("server", "username", "password", "ssl", "transport")
        ),
        "aioice: Connection._nominated": isinstance(getattr(gatherer._connection, "_nominated", None), dict),
        "aioice: CandidatePair.local_candidate": hasattr(CandidatePair, "local_candidate"),
        "aioice: CandidatePair.remote_candidate": "remote_candidate"
        in inspect.signature(CandidatePair.__init__).parameters,
    }


def _takes(function: Callable[..., object] | None, *names: str) -> bool:
    return function is not None and tuple(inspect.signature(function).parameters) == names


def _uses(function: object, attribute: str) -> bool:
    code = getattr(function, "__code__", None)
    return code is not None and attribute in code.co_names


def selected_pair(connection: RTCPeerConnection) -> tuple[Candidate, Candidate] | None:
    """The local and the remote candidate in use, or None before there is a path. All media share one (BUNDLE)."""
    for transceiver in connection.getTransceivers():
        pair = transceiver.receiver.transport.transport._connection._nominated.get(1)
        if pair is not None:
            return pair.local_candidate, pair.remote_candidate
    return None


def use_relay(connection: RTCPeerConnection, relay: FoundRelay) -> None:
    """Candidates that are gathered from now on include one at this relay. aioice takes one relay a connection."""
    carried: list[Any] = [each.receiver for each in connection.getTransceivers()]
    if connection.sctp is not None:
        carried.append(connection.sctp)
    for ice in {each.transport.transport._connection for each in carried}:
        ice.turn_server = (relay.url.host, relay.url.port)
        ice.turn_username, ice.turn_password = relay.account.username, relay.account.password
        ice.turn_transport = "udp" if relay.url.transport == "udp" else "tcp"
        # asyncio takes a context as well as a truth value, by which it would trust as the machine does.
        ice.turn_ssl = relay.security if relay.url.transport == "tls" else False


def certificate_in_use(connection: RTCPeerConnection) -> str | None:
    """`sha-256 AB:CD:…` of the certificate that the other end really used in DTLS; None before it has shown one."""
    for transceiver in connection.getTransceivers():
        ssl = getattr(transceiver.receiver.transport, "_ssl", None)
        certificate = ssl.get_peer_certificate(as_cryptography=True) if ssl is not None else None
        if certificate is not None:
            return f"sha-256 {certificate_digest(certificate, 'sha-256')}"
    return None


def seal_frames(sender: RTCRtpSender, seal: Change) -> None:
    """From its first frame on, `sender` sends only what `seal` gives. Before negotiation; VP8 and Opus.

    `seal` is called in worker threads and must not raise: aiortc would end the sender without a word.
    """
    setattr(sender, _ENCODER, _SealedOpus(seal) if sender.kind == "audio" else _SealedVp8(seal))


def open_frames(receiver: RTCRtpReceiver, open_frame: Change) -> None:
    """`receiver` decodes only what `open_frame` gives. Before negotiation; it is called in the decoder's thread."""
    setattr(receiver, _DECODER_QUEUE, _OpenedFrames(open_frame))


def ask_for_key_frame(receiver: RTCRtpReceiver) -> None:
    """With the next packet that comes in, a picture loss indication goes out (RFC 4585, section 6.3.1). Any thread."""
    getattr(receiver, _DECODER_ERROR).set()


class _SealedVp8(Vp8Encoder):
    """Seals each whole encoded picture before it is cut into packets (RFC 7741 goes around the sealed frame)."""

    def __init__(self, seal: Change) -> None:
        super().__init__()
        self._seal = seal

    def _packetize(self, buffer: bytes, picture_id: int) -> list[bytes]:  # type: ignore[override]  # was a classmethod
        # The encoder gives nothing where it skips a picture to keep to its rate.
        sealed = self._seal(buffer) if buffer else None
        if sealed is None:
            # What comes next would build on a picture that the other end never gets: begin anew with a whole one.
            self.codec = None if buffer else self.codec
            return []
        return super()._packetize(sealed, picture_id)


class _SealedOpus(OpusEncoder):
    """Seals each packet, all of one size: with a variable rate the relay could tell who speaks, and some words."""

    def __init__(self, seal: Change) -> None:
        super().__init__()
        self._seal = seal
        self.codec.options = {"application": "voip", "vbr": "off", "dtx": "0"}

    def encode(self, frame: Frame, force_keyframe: bool = False) -> tuple[list[bytes], int]:
        packets, timestamp = super().encode(frame, force_keyframe)
        return self._sealed(packets), timestamp

    def pack(self, packet: Packet[Any]) -> tuple[list[bytes], int]:
        packets, timestamp = super().pack(packet)
        return self._sealed(packets), timestamp

    def _sealed(self, packets: list[bytes]) -> list[bytes]:
        return [sealed for sealed in map(self._seal, packets) if sealed is not None]


class _OpenedFrames(queue.Queue[tuple[RTCRtpCodecParameters, JitterFrame] | None]):
    """What the decoder's thread takes from: whole frames, each opened or not given at all."""

    def __init__(self, open_frame: Change) -> None:
        super().__init__()
        self._open_frame = open_frame

    def get(self, block: bool = True, timeout: float | None = None) -> tuple[RTCRtpCodecParameters, JitterFrame] | None:
        while (task := super().get(block, timeout)) is not None:
            opened = self._open_frame(task[1].data)
            if opened is not None:
                task[1].data = opened
                return task
        return None
