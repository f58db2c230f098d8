"""Which way a connection's media go, and which certificate the other end used."""

from __future__ import annotations

from typing import Any

from aioice import Candidate
from aiortc import RTCPeerConnection
from aiortc.rtcdtlstransport import certificate_digest

from kiosk_client.relays import FoundRelay


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
