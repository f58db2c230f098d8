"""Two native ends of one call, which go through the whole handshake, with nothing between them but this process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from support.trust import KIOSK, OFFICE, make_trust

from kiosk_client.conversation import CallEnd, Conversation, Told
from kiosk_client.core.call_record import CallRecord
from kiosk_client.core.kiosk_events import Attempt, Decoding, Described, MediaLost, Refused, Sealed
from kiosk_client.media.sources import Source
from kiosk_client.relays import Relays
from tawasul.protocol.ice import IceConfiguration

FIRST = Attempt("call-1", 1)


@dataclass
class SecuredEnd:
    """One end. What it says is given to `other` at once."""

    conversation: Conversation = field(init=False)
    other: SecuredEnd = field(init=False)
    record: CallRecord = field(default_factory=lambda: CallRecord("call-1"))
    went_wrong: list[Told] = field(default_factory=list)
    decoding: Decoding | None = None

    def tell(self, told: Told) -> None:
        """As the server would, but without one."""
        match told:
            case Described(sdp=sdp):
                self.other.conversation.take_description(sdp)
            case Sealed(payload=payload):
                self.other.conversation.take_seal(payload)
            case Decoding():
                self.decoding = told
            case Refused() | MediaLost():
                self.went_wrong.append(told)


@asynccontextmanager
async def secured_pair(
    citizen_source: Source,
    office_source: Source,
    *,
    ice: tuple[IceConfiguration, IceConfiguration] = (IceConfiguration(servers=()), IceConfiguration(servers=())),
    rekey_every: float = 300.0,
    relays: tuple[Relays, Relays] | None = None,
) -> AsyncIterator[tuple[SecuredEnd, SecuredEnd]]:
    """The citizen's end and the office's, from the moment at which both begin. `ice`, `relays`: of each."""
    trust = make_trust()
    of_citizen, of_office = relays or (Relays(), Relays())
    citizen, office = SecuredEnd(), SecuredEnd()
    citizen.other, office.other = office, citizen
    at_office = CallEnd(False, "badr-1", trust.identity(OFFICE, "emirate"), rekey_every, of_office)
    at_kiosk = CallEnd(True, "emirate", trust.identity(KIOSK, "badr-1"), rekey_every, of_citizen)
    for end, source, given, call_end in (
        (office, office_source, ice[1], at_office),
        (citizen, citizen_source, ice[0], at_kiosk),
    ):
        end.conversation = Conversation(FIRST, given, source, end.tell, call_end, end.record)
    try:
        yield citizen, office
    finally:
        await asyncio.gather(*(end.conversation.close(goodbye=False) for end in (citizen, office)))
