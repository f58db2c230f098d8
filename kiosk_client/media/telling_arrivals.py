"""Tells the other end when its packets arrived, so that it can find out what the path bears (`core.arrivals`).

Without that a browser has only reports of loss, or an estimate of ours (REMB), with which it sends a fraction of what a
clean line carries.
"""

from __future__ import annotations

from typing import Protocol

from kiosk_client.aiortc_private import Wire
from kiosk_client.media.alarm import Alarm
from kiosk_client.media.core.arrivals import Arrivals
from kiosk_client.media.core.transport_feedback import FORMAT


class SendsFeedback(Protocol):
    """What feedback goes out by (a `Receiver`)."""

    def send_feedback(self, form: int, information: bytes) -> None:
        """Send generic feedback of this format."""


class ArrivalTeller:
    """Of one connection: from now on it is told of every packet that `wire` gets. `ways`: any of its receivers."""

    def __init__(self, wire: Wire, way: SendsFeedback) -> None:
        self._way = way
        self._clock = wire.clock
        self._arrivals = Arrivals()
        self._alarm = Alarm(self._tell, wire.clock)
        wire.arrived = self._arrived

    def close(self) -> None:
        """Tell nothing any more."""
        self._arrivals = Arrivals()
        self._alarm.set(None)

    def _arrived(self, number: int, at: float, size: int) -> None:
        self._arrivals.arrived(number, at)
        self._alarm.set(self._arrivals.deadline)

    def _tell(self) -> None:
        for information in self._arrivals.due(self._clock()):
            self._way.send_feedback(FORMAT, information)
        self._alarm.set(self._arrivals.deadline)
