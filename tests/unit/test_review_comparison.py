"""Review: what a person said of one pair of keys is signed of no other pair."""

from support.e2ee_world import OFFICE

from kiosk_client.core.call_record import CallRecord
from tawasul.e2ee.attestation import Statement
from tawasul.e2ee.session import EpochSecrets, Peer, Session, Side

BEGAN = 1_763_800_000


def office_with(other: str, attempt: int) -> Session:
    """The office's confirmed handshake with a citizen's own device of this key."""
    return Session(
        sid=f"call-1/{attempt}",
        side=Side.OFFICE,
        thumbprint=OFFICE.key.thumbprint,
        name=OFFICE.name,
        peer=Peer(other * 43, None),
        phrase="012345",
        secrets=EpochSecrets(0, bytes(32), bytes([attempt]) * 32),
        confirmed_at=float(BEGAN + attempt),
    )


def signed(record: CallRecord) -> Statement:
    statement = record.statement(BEGAN + 100)
    assert statement is not None
    return statement


def test_same_said_of_one_device_is_not_signed_of_another() -> None:
    record = CallRecord("call-1")
    record.confirm(1, office_with("k", 1), OFFICE.chain)
    record.compared = True
    record.other = "what the first device signed"
    record.confirm(2, office_with("m", 2), OFFICE.chain)
    assert signed(record).parties.citizen.jkt == "m" * 43
    assert signed(record).phrase == "not-compared"
    assert record.other is None
    record.compared = True
    record.confirm(3, office_with("m", 3), OFFICE.chain)
    assert signed(record).phrase == "same", "the same two keys again"
