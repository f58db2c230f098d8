"""What a connection counts, by the names and in the units of the W3C's "Identifiers for WebRTC's Statistics API".

JSON as it stands, and nothing about anybody in it: no address, no name, no source's number. What is not known is
absent, never 0.
"""

from __future__ import annotations

from typing import Literal, TypedDict

MediaKind = Literal["audio", "video"]


class InboundRtp(TypedDict, total=False):
    """Of one stream that comes in (`RTCInboundRtpStreamStats`). Durations are seconds; `concealedSamples` contain the
    silent ones; `jitterBufferDelay` is the sum over `jitterBufferEmittedCount` samples, or frames."""

    packetsReceived: int
    packetsLost: int
    packetsDiscarded: int
    jitter: float
    totalSamplesReceived: int
    concealedSamples: int
    silentConcealedSamples: int
    insertedSamplesForDeceleration: int
    removedSamplesForAcceleration: int
    jitterBufferDelay: float
    jitterBufferTargetDelay: float
    jitterBufferEmittedCount: int
    nackCount: int
    pliCount: int
    framesReceived: int
    framesDecoded: int
    keyFramesDecoded: int
    framesDropped: int
    freezeCount: int
    totalFreezesDuration: float
    frameWidth: int
    frameHeight: int


class OutboundRtp(TypedDict, total=False):
    """Of one stream that goes out (`RTCOutboundRtpStreamStats`). `targetBitrate`: bits a second."""

    packetsSent: int
    bytesSent: int
    retransmittedPacketsSent: int
    nackCount: int
    pliCount: int
    framesEncoded: int
    keyFramesEncoded: int
    frameWidth: int
    frameHeight: int
    targetBitrate: float
    qualityLimitationReason: Literal["none", "bandwidth"]


class RemoteInboundRtp(TypedDict, total=False):
    """What the other end reports of a stream that goes out (`RTCRemoteInboundRtpStreamStats`). `fractionLost`: 0 … 1
    since the report before; `packetsLost`: in all, which copies may make negative; `jitter`, `roundTripTime`: seconds.
    """

    fractionLost: float
    packetsLost: int
    jitter: float
    roundTripTime: float


class CandidatePair(TypedDict, total=False):
    """Of the path in use (`RTCIceCandidatePairStats`, with the types of its two `RTCIceCandidateStats`).

    `currentRoundTripTime`: seconds, by transport-wide feedback. `availableOutgoingBitrate`: bits a second.
    """

    localCandidateType: str
    remoteCandidateType: str
    currentRoundTripTime: float
    availableOutgoingBitrate: float


class Statistics(TypedDict):
    """All of one connection. `timestamp`: milliseconds of the connection's clock, which begins anywhere."""

    timestamp: float
    inbound: dict[MediaKind, InboundRtp]
    outbound: dict[MediaKind, OutboundRtp]
    remoteInbound: dict[MediaKind, RemoteInboundRtp]
    candidatePair: CandidatePair
