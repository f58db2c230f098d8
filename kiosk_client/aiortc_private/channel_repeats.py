"""The data channel says again soon what was lost: aiortc's SCTP waits three seconds at first, and then a whole one.

The channel is ordered and reliable, and the heartbeats of a call are on it: one that is lost holds up all after it, and
after four seconds the path is taken for gone. Where a fifth is lost that was every minute or two, though voice and
picture went on.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from aiortc import RTCPeerConnection, RTCSctpTransport

UPDATE = "_update_rto"

AT_FIRST = 0.5
"""Seconds until what was sent is sent again, before a round trip was measured; as in browsers."""

LEAST, MOST = 0.3, 1.0
"""Seconds, afterwards. A browser may keep its word of what arrived back for 0.2 (RFC 9260, section 6.2), and what was
lost several times must still be there before the path is given up. A copy too many costs a hundred bytes."""


def repeat_soon(connection: RTCPeerConnection) -> None:
    """From now on the connection's data channel does, if there is one. A second time does nothing."""
    sctp = connection.sctp
    if sctp is not None and UPDATE not in vars(sctp):
        sctp._rto = AT_FIRST
        setattr(sctp, UPDATE, partial(_measured, sctp, getattr(sctp, UPDATE)))


def _measured(sctp: RTCSctpTransport, update: Callable[[float], None], round_trip: float) -> None:
    update(round_trip)
    sctp._rto = min(max((sctp._srtt or 0.0) + 4 * (sctp._rttvar or 0.0), LEAST), MOST)
