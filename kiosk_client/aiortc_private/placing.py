"""Our own receiver or sender in the place of aiortc's, in one transceiver."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from aiortc import MediaStreamTrack, RTCRtpTransceiver
from aiortc.rtcdtlstransport import RTCDtlsTransport

from kiosk_client.aiortc_private.receiving import Receiver
from kiosk_client.aiortc_private.sending import Sender

RECEIVER = "_RTCRtpTransceiver__receiver"
SENDER = "_RTCRtpTransceiver__sender"

R = TypeVar("R", bound=Receiver)
S = TypeVar("S", bound=Sender)


def place_receiver(transceiver: RTCRtpTransceiver, make: Callable[[RTCDtlsTransport], R]) -> R:
    """From now on `transceiver` receives by what `make` gives for its transport. Before negotiation."""
    receiver = make(transceiver.receiver.transport)
    receiver._set_rtcp_ssrc(transceiver.sender._ssrc)
    setattr(transceiver, RECEIVER, receiver)
    return receiver


def place_sender(transceiver: RTCRtpTransceiver, make: Callable[[MediaStreamTrack, RTCDtlsTransport], S]) -> S:
    """From now on `transceiver` sends its track by what `make` gives for that and its transport. Before negotiation.

    Each track is in a stream (RFC 8830) of its own: of one stream a browser makes the voice wait for the pictures.
    """
    sender = make(transceiver.sender.track, transceiver.sender.transport)
    transceiver.receiver._set_rtcp_ssrc(sender._ssrc)
    setattr(transceiver, SENDER, sender)
    return sender
