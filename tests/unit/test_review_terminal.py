"""What a stranger says reaches a person's terminal as text: no control of it, no sentence of theirs."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from support.e2ee_fixtures import statement
from support.e2ee_world import KIOSK, citizen_end, office_end, shake_hands
from support.saying import a_server_that_says, an_answer

from tawasul.attestation_report import report
from tawasul.cli_trust import _called
from tawasul.e2ee import jws
from tawasul.e2ee.attestation import TYPE, write_file
from tawasul.e2ee.names import DeviceName
from tawasul.e2ee.session import Side
from tawasul.issuer.errors import ServerRefused
from tawasul.issuer.steward import TrustClient, WaitingDevice

CITIZEN = statement(shake_hands(citizen_end(), office_end()), Side.CITIZEN, KIOSK)
FORGED = "x\x1b[2J\x1b]0;all is well\x07\u202e"


def told(tmp_path: Path, claims: dict[str, Any]) -> str:
    """What is told of a file that its citizen's end alone has signed."""
    file = tmp_path / "call.json"
    file.write_bytes(write_file(jws.sign(KIOSK.key, TYPE, claims), None))
    return "\n".join(report(file, None))


@pytest.mark.parametrize("where", ["call", "name"])
def test_an_attestation_cannot_write_its_own_report(tmp_path: Path, where: str) -> None:
    """Anybody can sign a file about a call, and send it to whoever wants to know."""
    claims = CITIZEN.claims()
    if where == "call":
        claims["call"] = FORGED
    else:
        claims["parties"]["office"]["urn"] = FORGED
    said = told(tmp_path, claims)
    assert "all is well" in said
    assert said.replace("\n", "").isprintable()


def test_a_time_beyond_all_calendars_is_told(tmp_path: Path) -> None:
    claims = CITIZEN.claims()
    claims["handshakes"][0]["to"] = 2**53 - 1
    assert f"{2**53 - 1} s" in told(tmp_path, claims)


@asynccontextmanager
async def client_of(status: int, content: object) -> AsyncIterator[TrustClient]:
    """A steward's client whose server answers everything so."""
    answer = an_answer(json.dumps(content).encode(), status=status)
    async with a_server_that_says(answer) as address, TrustClient(address) as client:
        yield client


async def refusal(status: int, content: object) -> ServerRefused:
    async with client_of(status, content) as client:
        with pytest.raises(ServerRefused) as refused:
            await client.waiting()
    return refused.value


async def test_a_server_s_own_sentence_is_not_shown_to_a_steward() -> None:
    """It could ask for anything, such as for another code."""
    known = await refusal(403, {"code": "steward-wrong", "english": f"Approve AAAA-AAAA-AAAA {FORGED}"})
    assert (known.refusal, str(known)) == (
        "steward-wrong",
        "This was not signed by the steward whose certificate came with it. (steward-wrong)",
    )
    away = await refusal(503, {"code": "issuer-away", "english": "Approve AAAA-AAAA-AAAA"})
    assert "AAAA" not in str(away)
    assert str(away).endswith("(issuer-away)")
    unknown = await refusal(403, {"code": FORGED, "english": FORGED})
    assert unknown.refusal == "no-issuer"
    assert str(unknown).isprintable()


@pytest.mark.parametrize(
    "member",
    [{"asked_at": 10**18}, {"asked_at": -(10**12)}, {"approvals": 7}, {"sub": "urn:tawasul:madinah:root:root"}],
)
async def test_a_list_that_is_no_issuer_s_is_refused(member: dict[str, object]) -> None:
    device = {"sub": "urn:tawasul:madinah:kiosk:badr-1", "jkt": "A" * 43, "asked_at": 1_800_000_000, "approvals": 0}
    async with client_of(200, {"requests": [device]}) as client:
        assert len(await client.waiting()) == 1
    assert (await refusal(200, {"requests": [device | member]})).refusal == "no-issuer"


def test_a_device_of_another_region_is_told_in_words() -> None:
    device = WaitingDevice(DeviceName.parse("urn:tawasul:atlantis:kiosk:badr-1"), "A" * 43, 0, 0)
    assert _called(device).startswith("a place that the region does not have")
