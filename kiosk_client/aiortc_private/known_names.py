"""Whether aiortc and aioice are those whose insides were read."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import cache
from importlib.metadata import version

from aioice.ice import CandidatePair, Connection, StunProtocol
from aioice.stun import Message
from aioice.turn import TurnClientMixin, TurnTransport
from aiortc import RTCPeerConnection, RTCRtpReceiver, RTCRtpSender, RTCRtpTransceiver, RTCSctpTransport
from aiortc.rtcdtlstransport import RTCDtlsTransport, RtpRouter
from aiortc.rtcicetransport import RTCIceGatherer, RTCIceTransport
from aiortc.rtcrtpreceiver import RemoteStreamTrack
from aiortc.rtp import HeaderExtensions

from kiosk_client.aiortc_private import (
    arrival_times,
    channel_repeats,
    checks,
    handshake,
    placing,
    receiving,
    sending,
    wire,
)
from kiosk_client.errors import LibraryChanged

WRITTEN_FOR = {"aiortc": "1.16.0", "aioice": "0.13.0"}
"""The versions whose insides were read. Another one may behave otherwise with the same names."""


@cache
def require_known_names() -> None:
    """Raises `LibraryChanged`, saying what is gone, unless all that this package uses is there. Opens no socket."""
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
        **_receiving_wanted(),
        **_sending_wanted(),
        **_wire_wanted(transport),
        **_checks_wanted(),
        **_handshake_wanted(transport),
        **_channel_wanted(),
        "aiortc: RTCRtpTransceiver._codecs": _uses(RTCPeerConnection.createOffer, "_codecs"),
        "aiortc: RTCRtpTransceiver._headerExtensions": _uses(RTCPeerConnection.createOffer, "_headerExtensions"),
        "aioice: Connection.data_received": _takes(
            getattr(Connection, arrival_times.TAKE_DATA, None), "self", "data", "component"
        )
        and _uses(StunProtocol.datagram_received, arrival_times.TAKE_DATA),
        "aioice: datagram_received": all(
            _takes(getattr(each, arrival_times.TAKE_DATAGRAM, None), "self", "data", "addr")
            for each in (StunProtocol, TurnClientMixin)
        ),
        "aioice: Connection._protocols": isinstance(getattr(gatherer._connection, arrival_times.PROTOCOLS, None), list),
        "aioice: TurnTransport.__inner_protocol": _uses(TurnTransport.sendto, arrival_times.RELAYED),
        "aioice: Connection.turn_server": all(
            hasattr(gatherer._connection, f"turn_{name}")
            for name in ("server", "username", "password", "ssl", "transport")
        ),
        "aioice: Connection._nominated": isinstance(getattr(gatherer._connection, "_nominated", None), dict),
        "aioice: CandidatePair.local_candidate": hasattr(CandidatePair, "local_candidate"),
        "aioice: CandidatePair.remote_candidate": "remote_candidate"
        in inspect.signature(CandidatePair.__init__).parameters,
    }


def _receiving_wanted() -> dict[str, bool]:
    take = getattr(RTCRtpReceiver, "_handle_rtp_packet", None)
    return {
        "aiortc: RTCRtpTransceiver.__receiver": _reads(RTCRtpTransceiver, "receiver", placing.RECEIVER),
        "aiortc: RTCRtpReceiver._handle_rtp_packet": _takes(take, "self", "packet", "arrival_time_ms"),
        "aiortc: RTCRtpReceiver.__codecs": _uses(take, receiving.CODECS),
        "aiortc: RTCRtpReceiver.__active_ssrc": _uses(take, receiving.ACTIVE_SOURCES),
        "aiortc: RTCRtpReceiver.__remote_streams": _uses(take, receiving.STATISTICS)
        and _uses(getattr(RTCRtpReceiver, "_run_rtcp", None), receiving.STATISTICS),
        "aiortc: RTCRtpReceiver.__rtx_ssrc": _uses(take, receiving.RETRANSMITTED),
        "aiortc: RTCRtpReceiver._handle_rtcp_packet": hasattr(RTCRtpReceiver, "_handle_rtcp_packet"),
        "aiortc: RTCRtpReceiver._handle_disconnect": hasattr(RTCRtpReceiver, "_handle_disconnect"),
        "aiortc: RTCRtpReceiver._set_rtcp_ssrc": _takes(
            getattr(RTCRtpReceiver, "_set_rtcp_ssrc", None), "self", "ssrc"
        ),
        "aiortc: RemoteStreamTrack._queue": _uses(RemoteStreamTrack.recv, "_queue"),
    }


def _sending_wanted() -> dict[str, bool]:
    report = getattr(RTCRtpSender, "_run_rtcp", None)
    heard = getattr(RTCRtpSender, "_handle_rtcp_packet", None)
    reported = (sending.REPORTED_AT, sending.REPORTED_TIMESTAMP, sending.PACKETS, sending.OCTETS)
    return {
        "aiortc: RTCRtpTransceiver.__sender": _reads(RTCRtpTransceiver, "sender", placing.SENDER),
        "aiortc: RTCRtpSender._run_rtp": _takes(getattr(RTCRtpSender, "_run_rtp", None), "self", "codec"),
        "aiortc: RTCRtpSender.__rtp_started": _uses(RTCRtpSender.stop, sending.STARTED),
        "aiortc: RTCRtpSender.__rtp_exited": _uses(RTCRtpSender.stop, sending.EXITED),
        "aiortc: RTCRtpSender._run_rtcp": all(_uses(report, name) for name in reported),
        "aiortc: RTCRtpSender.__rtt": _uses(heard, sending.ROUND_TRIP),
        "aiortc: RTCRtpSender._ssrc": _uses(heard, "_ssrc"),
        "aiortc: RTCRtpSender._rtx_ssrc": _uses(getattr(RTCRtpSender, "_retransmit", None), "_rtx_ssrc"),
        "aiortc: RTCRtpSender._enabled": _uses(getattr(RTCRtpSender, "_next_encoded_frame", None), "_enabled"),
    }


def _wire_wanted(ice: RTCIceTransport) -> dict[str, bool]:
    receive = getattr(RTCDtlsTransport, "_recv_next", None)
    media = getattr(RTCDtlsTransport, wire.TAKE_MEDIA, None)
    control = getattr(RTCDtlsTransport, wire.TAKE_CONTROL, None)
    router = RtpRouter()
    return {
        "aiortc: RTCDtlsTransport._handle_rtp_data": _takes(media, "self", "data", "arrival_time_ms")
        and _uses(receive, wire.TAKE_MEDIA),
        "aiortc: RTCDtlsTransport._handle_rtcp_data": _takes(control, "self", "data")
        and _uses(receive, wire.TAKE_CONTROL),
        "aiortc: RTCIceTransport._recv": callable(getattr(ice, wire.NEXT_DATAGRAM, None))
        and _uses(receive, wire.NEXT_DATAGRAM),
        "aiortc: RTCDtlsTransport._send_rtp": _takes(getattr(RTCDtlsTransport, "_send_rtp", None), "self", "data"),
        "aiortc: RTCDtlsTransport._rtp_router": _uses(media, "_rtp_router"),
        "aiortc: RTCDtlsTransport._rtp_header_extensions_map": _uses(media, "_rtp_header_extensions_map"),
        "aiortc: RtpRouter.ssrc_table": isinstance(getattr(router, "ssrc_table", None), dict),
        "aiortc: HeaderExtensions.transport_sequence_number": hasattr(HeaderExtensions(), "transport_sequence_number"),
    }


def _channel_wanted() -> dict[str, bool]:
    update = getattr(RTCSctpTransport, channel_repeats.UPDATE, None)
    return {
        "aiortc: RTCSctpTransport._update_rto": _takes(update, "self", "R")
        and all(_uses(update, name) for name in ("_srtt", "_rttvar", "_rto")),
    }


def _checks_wanted() -> dict[str, bool]:
    start = getattr(Connection, checks.START_CHECK, None)
    ask = getattr(StunProtocol, checks.REQUEST, None)
    return {
        "aioice: Connection.check_start": _takes(start, "self", "pair")
        and _uses(start, checks.REQUEST)
        and _uses(getattr(Connection, "check_start_task", None), checks.START_CHECK),
        "aioice: Connection.check_incoming": _takes(
            getattr(Connection, checks.CHECK_CAME, None), "self", "message", "addr", "protocol"
        )
        and _uses(Connection.request_received, checks.CHECK_CAME),
        "aioice: StunProtocol.request": _takes(ask, "self", "request", "addr", "integrity_key", "retransmissions"),
        "aioice: StunProtocol.send_stun": _takes(getattr(StunProtocol, checks.SEND, None), "self", "message", "addr"),
        "aioice: CandidatePair.protocol": "protocol" in inspect.signature(CandidatePair.__init__).parameters,
        "aioice: Message.transaction_id": "transaction_id" in inspect.signature(Message.__init__).parameters,
    }


def _handshake_wanted(ice: RTCIceTransport) -> dict[str, bool]:
    written = getattr(RTCDtlsTransport, "_write_ssl", None)
    return {
        "aiortc: RTCDtlsTransport._ssl.bio_read": _uses(written, handshake.SSL) and _uses(written, handshake.OUT),
        "aiortc: RTCDtlsTransport._ssl.bio_write": _uses(getattr(RTCDtlsTransport, "_recv_next", None), handshake.IN),
        "aiortc: RTCIceTransport._send": callable(getattr(ice, handshake.SEND, None)),
        "aiortc: RTCDtlsTransport.statechange": _uses(getattr(RTCDtlsTransport, "_set_state", None), "emit"),
    }


def _takes(function: Callable[..., object] | None, *names: str) -> bool:
    return function is not None and tuple(inspect.signature(function).parameters) == names


def _uses(function: object, attribute: str) -> bool:
    code = getattr(function, "__code__", None)
    return code is not None and attribute in code.co_names


def _reads(owner: type, name: str, attribute: str) -> bool:
    return _uses(getattr(vars(owner).get(name), "fget", None), attribute)
