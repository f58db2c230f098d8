"""What a server says to a kiosk, in the fewest words, for tests of the kiosk's core and line."""

from datetime import UTC, datetime

from tawasul.protocol.base import BothNames
from tawasul.protocol.from_server import Ended, EndedBecause, Negotiate, Party, Waiting, WaitingEntry, Welcome
from tawasul.protocol.ice import IceConfiguration

NOW = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
KIOSK = BothNames(arabic="كشك بدر", english="Badr kiosk")
OFFICE = BothNames(arabic="مكتب سمو الأمير", english="The Amir's office")


def welcome() -> Welcome:
    """The line stands."""
    return Welcome(protocol=1, endpoint="kiosk", name=KIOSK, server_time=NOW)


def waiting(*references: str) -> Waiting:
    """Those who wait here."""
    entries = tuple(
        WaitingEntry(
            audience_id=f"audience-{reference}",
            reference=reference,
            state="arrived",
            slot_starts_at=NOW,
            position=place,
        )
        for place, reference in enumerate(references, 1)
    )
    return Waiting(entries=entries, office_present=True, server_time=NOW)


def negotiate(call_id: str = "call-1", attempt: int = 1, ice: IceConfiguration | None = None) -> Negotiate:
    """Make the connection."""
    return Negotiate(
        call_id=call_id,
        attempt=attempt,
        audience_id="audience-1",
        reference="AB12-CD34",
        offers=True,
        ice=ice or IceConfiguration(servers=()),
        other=Party(name=OFFICE),
    )


def ended(call_id: str = "call-1", because: EndedBecause = "concluded") -> Ended:
    """The call is over."""
    return Ended(call_id=call_id, audience_id="audience-1", because=because, waits_again=False)
