"""Gathers what the ends of sound and picture count into one structure, by the names of the W3C's statistics."""

from __future__ import annotations

from kiosk_client.aiortc_private import Receiver, Sender
from kiosk_client.media.core.speech import RATE
from kiosk_client.media.core.statistics import CandidatePair, InboundRtp, OutboundRtp, RemoteInboundRtp
from kiosk_client.media.picture_receiving import PictureReceiver
from kiosk_client.media.picture_sending import PictureSender
from kiosk_client.media.speech_receiving import SpeechReceiver

SOUND_CLOCK = RATE
"""Ticks of Opus's timestamps in a second (RFC 7587, section 4.1)."""

PICTURE_CLOCK = 90_000
"""Ticks of VP8's timestamps in a second (RFC 7741, section 4.1)."""


def sound_in(receiver: SpeechReceiver) -> InboundRtp:
    """Of the voice that comes; empty before anything has."""
    found = _received(receiver)
    if not found:
        return found
    counts = receiver.speech_counts
    found["totalSamplesReceived"] = counts.total_samples_received + counts.comfort_samples
    found["concealedSamples"] = counts.concealed_samples + counts.comfort_samples
    found["silentConcealedSamples"] = counts.comfort_samples
    found["insertedSamplesForDeceleration"] = counts.inserted_samples_for_deceleration
    found["removedSamplesForAcceleration"] = counts.removed_samples_for_acceleration
    found["jitterBufferDelay"] = counts.jitter_buffer_delay
    found["jitterBufferTargetDelay"] = counts.target_delay * counts.jitter_buffer_emitted_count
    found["jitterBufferEmittedCount"] = counts.jitter_buffer_emitted_count
    return found


def picture_in(receiver: PictureReceiver) -> InboundRtp:
    """Of the picture that comes; empty before anything has."""
    found = _received(receiver)
    if not found:
        return found
    counts = receiver.picture_counts
    found["packetsDiscarded"] = counts.reception.packets_discarded
    found["nackCount"] = counts.reception.nack_count
    found["pliCount"] = counts.reception.pli_count
    found["framesReceived"] = counts.reception.frames_received
    found["framesDecoded"] = counts.frames_decoded
    found["keyFramesDecoded"] = counts.key_frames_decoded
    found["framesDropped"] = counts.frames_dropped
    found["freezeCount"] = counts.freeze_count
    found["totalFreezesDuration"] = counts.total_freezes_duration
    found["jitterBufferDelay"] = counts.reception.jitter_buffer_delay
    found["jitterBufferEmittedCount"] = counts.reception.jitter_buffer_emitted_count
    if receiver.size is not None:
        found["frameWidth"], found["frameHeight"] = receiver.size
    return found


def sent(sender: Sender) -> OutboundRtp:
    """Of any stream that goes out."""
    packets, octets = sender.sent
    return {"packetsSent": packets, "bytesSent": octets}


def picture_out(sender: PictureSender) -> OutboundRtp:
    """Of the picture that goes out."""
    found = sent(sender)
    counts = sender.counts
    found["retransmittedPacketsSent"] = counts["retransmittedPacketsSent"]
    found["nackCount"] = counts["nackCount"]
    found["pliCount"] = counts["pliCount"]
    found["framesEncoded"] = counts["framesEncoded"]
    found["keyFramesEncoded"] = counts["keyFramesEncoded"]
    if counts["framesEncoded"]:
        found["frameWidth"], found["frameHeight"] = sender.size
        found["targetBitrate"] = sender.step.rate
        found["qualityLimitationReason"] = "bandwidth" if sender.is_limited else "none"
    return found


def reported(sender: Sender, clock: int) -> RemoteInboundRtp:
    """What the other end says of a stream; empty before it has. `clock`: ticks of its timestamps in a second."""
    report = sender.reported
    if report is None:
        return {}
    found: RemoteInboundRtp = {
        "fractionLost": report.fraction_lost,
        "packetsLost": report.lost,
        "jitter": report.jitter / clock,
    }
    if report.round_trip is not None:
        found["roundTripTime"] = report.round_trip
    return found


def path(types: tuple[str, str] | None, sender: PictureSender) -> CandidatePair:
    """Of the path. `types`: of our candidate and theirs; None while there is no path."""
    if types is None:
        return {}
    found: CandidatePair = {"localCandidateType": types[0], "remoteCandidateType": types[1]}
    if sender.paced.is_measured:
        found["availableOutgoingBitrate"] = sender.paced.target.rate
        found["currentRoundTripTime"] = sender.paced.round_trip
    return found


def _received(receiver: Receiver) -> InboundRtp:
    received = receiver.received
    if received is None:
        return {}
    return {"packetsReceived": received.packets, "packetsLost": received.lost, "jitter": received.jitter}
