"""The private names of aiortc and aioice that the kiosk relies on, all of them, in one place (ADR 0010).

The selected pair of candidates has no public name. `require_known_names` is called before a connection is made and
says in one sentence when a version has come that no longer has what is used here; a canary test runs it in CI.
What is public and used elsewhere needs no guard: in aiortc 1.16 `RTCConfiguration.iceTransportPolicy` is.
"""

from __future__ import annotations

import inspect
from functools import cache
from importlib.metadata import version

from aioice import Candidate
from aioice.ice import CandidatePair, Connection
from aiortc import RTCPeerConnection
from aiortc.rtcicetransport import RTCIceGatherer, RTCIceTransport

from kiosk_client.errors import LibraryChanged


@cache
def require_known_names() -> None:
    """Raises `LibraryChanged`, naming what is gone, unless everything used below is there. Opens no socket."""
    gatherer = RTCIceGatherer(iceServers=[])
    transport = RTCIceTransport(gatherer)
    wanted = {
        "aiortc: RTCIceTransport._connection": isinstance(getattr(transport, "_connection", None), Connection),
        "aioice: Connection._nominated": isinstance(getattr(gatherer._connection, "_nominated", None), dict),
        "aioice: CandidatePair.local_candidate": hasattr(CandidatePair, "local_candidate"),
        "aioice: CandidatePair.remote_candidate": "remote_candidate"
        in inspect.signature(CandidatePair.__init__).parameters,
    }
    gone = [name for name, there in wanted.items() if not there]
    if gone:
        raise LibraryChanged(
            f"this kiosk was written for aiortc 1.16.0 and aioice 0.13.0, but finds aiortc {version('aiortc')} and "
            f"aioice {version('aioice')}, without {', '.join(gone)}; install the versions that the lock file names"
        )


def selected_pair(connection: RTCPeerConnection) -> tuple[Candidate, Candidate] | None:
    """The local and the remote candidate in use, or None before there is a path. All media share one (BUNDLE)."""
    for transceiver in connection.getTransceivers():
        pair = transceiver.receiver.transport.transport._connection._nominated.get(1)
        if pair is not None:
            return pair.local_candidate, pair.remote_candidate
    return None
