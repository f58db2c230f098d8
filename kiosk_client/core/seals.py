"""The handshake's messages on their way through the server, which cannot read them. Pure."""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode

from kiosk_client.core.kiosk_events import Attempt
from tawasul.protocol.from_endpoint import Seal


def seal(attempt: Attempt, payload: bytes) -> Seal:
    """What our end of the handshake says, as a message to the server."""
    text = urlsafe_b64encode(payload).rstrip(b"=").decode()
    return Seal(call_id=attempt.call_id, attempt=attempt.number, payload=text)


def unsealed(payload: str) -> bytes:
    """What the other end's handshake says. Of a text that is no base64url nothing is left: that is refused there."""
    try:
        return urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
    except binascii.Error:
        return b""
