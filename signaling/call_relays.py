"""The relays of a call: which its ends are given, and what is remembered of the way that a kiosk's media took."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from signaling.calls import RunningCall
from signaling.core.peer import Endpoint
from signaling.ice import IceIssuer
from signaling.line import Line
from signaling.reading import Reading
from tawasul.access.policy import KioskPrincipal
from tawasul.domain.sitting import Purpose
from tawasul.protocol.from_endpoint import Media
from tawasul.protocol.ice import IceConfiguration
from tawasul.store.unit_of_work import UnitOfWorkFactory

log = logging.getLogger(__name__)


class CallRelays:
    """One a process, beside the switchboard, whose reading it is handed: what is remembered is read with the rest."""

    def __init__(self, issuer: IceIssuer, units: UnitOfWorkFactory, clock: Callable[[], datetime]) -> None:
        self.remember_for = timedelta(seconds=issuer.remember_for)
        self._issuer = issuer
        self._units = units
        self._clock = clock

    def issue(self, line: Line, call: RunningCall, reading: Reading) -> IceConfiguration:
        """For the end at this line, with credentials for this call, in the order that works at its site."""
        sitting = reading.sitting(call.sitting_id)
        rehearsal = sitting is not None and sitting.purpose is Purpose.REHEARSAL
        policy = self._issuer.policy_of(own_location=call.venue.startswith("citizen:"), rehearsal=rehearsal)
        end = "office" if line.endpoint is Endpoint.OFFICE else "citizen"
        audience = reading.audiences[call.audience_id]
        who = line.principal
        return self._issuer.issue(
            # What follows the @ is by whose share the relay counts: the citizen's governorate, for both ends.
            f"{call.call_id}.{end}@{audience.governorate_id}",
            host=line.host,
            policy=policy,
            now=self._clock().timestamp(),
            until=audience.slot_ends_at.timestamp() if audience.slot_ends_at else None,
            first=reading.transports.get(who.centre_id) if isinstance(who, KioskPrincipal) else None,
        )

    async def remember(self, line: Line, media: Media, reading: Reading) -> None:
        """How the media of a kiosk flow: by which transport its centre's next calls begin.

        What is remembered already is not renewed, so that all are tried again, the best first, once it is forgotten.
        Of browsers nothing is kept: they try every transport at once, whatever the order.
        """
        who, via = line.principal, media.via
        if not isinstance(who, KioskPrincipal) or via is None or media.state != "connected":
            return
        if reading.transports.get(who.centre_id) == via:
            return
        reading.transports[who.centre_id] = via
        try:
            async with self._units() as work:
                await work.centre_relays.put(who.centre_id, via, self._clock())
                await work.commit()
        except Exception:
            # The call does not depend on it.
            log.exception("how the kiosks of centre %s reach their relay could not be kept", who.centre_id)
