"""The port by which messages leave. Here: a file, a console. An SMS gateway fits the same port later.

A carrier may be given the same message twice, under the same id: after a crash nobody knows whether it took it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from tawasul.domain.errors import TawasulError
from tawasul.domain.message import MessageId
from tawasul.domain.people import Mobile


@dataclass(frozen=True, slots=True)
class Receipt:
    """The carrier took it. ``number``: under which the carrier knows it, if it gave one."""

    number: str | None = None


class CarrierError(TawasulError):
    """A message did not leave. Holds neither its text nor its number."""

    code = "carrier"


class CarrierAway(CarrierError):
    """Not now: worth another attempt."""

    code = "carrier-away"


class CarrierRefused(CarrierError):
    """Not this one, whenever it is tried: no such number, a text that is not taken."""

    code = "carrier-refused"


class Carrier(Protocol):
    """Brings a text to a telephone."""

    async def send(self, to: Mobile, text: str, id: MessageId) -> Receipt:
        """Returns when the carrier has taken it.

        Raises:
            CarrierAway: not now.
            CarrierRefused: not this one.
        """
        ...
