"""Codecs and header extensions of one connection: aiortc negotiates from tables of its process, which stay as they are.

So what it wrote into an offer is exchanged, and what it took from the other end's description is chosen once more.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass

from aiortc import RTCPeerConnection
from aiortc.rtcrtpparameters import RTCRtpCodecParameters, RTCRtpHeaderExtensionParameters
from aiortc.sdp import MediaDescription, SessionDescription

from kiosk_client.errors import DescriptionRefused

LAWFUL = frozenset([*range(35, 64), *range(96, 128)])
"""Payload types that are free, and that are not taken for RTCP where both share a port (RFC 5761, section 4)."""


@dataclass(frozen=True)
class Formats:
    """Of one kind of media. `codecs`: the ones to use, the one to use first at the beginning."""

    codecs: tuple[RTCRtpCodecParameters, ...]
    extensions: tuple[RTCRtpHeaderExtensionParameters, ...]


def redundant_of(payload_type: int) -> dict[str, int | str | None]:
    """The parameters of RED that carries this one codec, once more (RFC 2198, section 5; browsers want both)."""
    return {f"{payload_type}/{payload_type}": None}


def offer_formats(connection: RTCPeerConnection, offer: str, formats: Mapping[str, Formats]) -> str:
    """The offer that `connection` has just made, with these formats by kind of media; it will send and take these."""
    described = SessionDescription.parse(offer)
    for transceiver in connection.getTransceivers():
        ours = formats[transceiver.kind]
        transceiver._codecs = deepcopy([*ours.codecs])
        transceiver._headerExtensions = deepcopy([*ours.extensions])
        for media in described.media:
            if media.kind == transceiver.kind:
                media.fmt = [codec.payloadType for codec in ours.codecs]
                media.rtp.codecs = transceiver._codecs
                media.rtp.headerExtensions = transceiver._headerExtensions
    return str(described)


def agree_formats(connection: RTCPeerConnection, description: str, formats: Mapping[str, Formats]) -> None:
    """What both have, chosen from the description that `connection` has just taken. Before anything is awaited.

    In our order, with the other end's payload types and identifiers. Raises DescriptionRefused where nothing is left.
    """
    media = {each.rtp.muxId: each for each in SessionDescription.parse(description).media}
    for transceiver in connection.getTransceivers():
        theirs = media.get(transceiver.mid or "")
        if theirs is None:
            continue
        ours = formats[transceiver.kind]
        transceiver._codecs = _common(ours, theirs)
        identifiers = {each.uri: each for each in theirs.rtp.headerExtensions}
        transceiver._headerExtensions = [identifiers[each.uri] for each in ours.extensions if each.uri in identifiers]


def _common(ours: Formats, theirs: MediaDescription) -> list[RTCRtpCodecParameters]:
    main: dict[int, RTCRtpCodecParameters] = {}
    for codec in ours.codecs:
        if codec.name.lower() not in ("red", "rtx"):
            found = next((each for each in theirs.rtp.codecs if _same(codec, each)), None)
            if found is not None and found.payloadType is not None and found.payloadType in LAWFUL:
                main[found.payloadType] = _taken(codec, found)
    if not main:
        raise DescriptionRefused(f"of our codecs of {theirs.kind} the other end has none")
    common: list[RTCRtpCodecParameters] = []
    for codec in ours.codecs:
        match codec.name.lower():
            case "red" | "rtx" as name:
                key = "apt" if name == "rtx" else None
                for each in theirs.rtp.codecs:
                    of = next((number for number in main if _is_of(each, number, key)), None)
                    if of is not None and _same(codec, each) and each.payloadType in LAWFUL:
                        taken = _taken(codec, each)
                        taken.parameters = {key: of} if key else redundant_of(of)
                        common.append(taken)
                        break
            case name:
                common += [each for each in main.values() if each.name.lower() == name]
    return common


def _same(ours: RTCRtpCodecParameters, theirs: RTCRtpCodecParameters) -> bool:
    return (
        ours.mimeType.lower() == theirs.mimeType.lower()
        and ours.clockRate == theirs.clockRate
        and (ours.channels or 1) == (theirs.channels or 1)
    )


def _is_of(codec: RTCRtpCodecParameters, payload_type: int, key: str | None) -> bool:
    """Whether a codec carries another: RTX names it, RED names it once for each frame of a packet."""
    if key is not None:
        return codec.parameters.get(key) == payload_type
    listed = next(iter(codec.parameters), "").split("/")
    return len(listed) > 1 and set(listed) == {str(payload_type)}


def _taken(ours: RTCRtpCodecParameters, theirs: RTCRtpCodecParameters) -> RTCRtpCodecParameters:
    taken = deepcopy(ours)
    taken.payloadType = theirs.payloadType
    taken.rtcpFeedback = [each for each in ours.rtcpFeedback if each in theirs.rtcpFeedback]
    return taken
