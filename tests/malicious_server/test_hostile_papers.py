"""Certificates and revocation lists that are not in order, and a server that shows whichever list it likes."""

from __future__ import annotations

import json
import time

import pytest
from support.hostile_native import cookie, service
from support.hostile_pair import TOLD, a_pair
from support.hostile_service import HostileService
from support.trust import MadeTrust, make_trust

from kiosk_client.config import KioskConfig
from kiosk_client.identity import GivenIdentity
from kiosk_client.run import own_identity
from tawasul.e2ee.certificate import DAY, Revocations
from tawasul.e2ee.handshake import Credentials
from tawasul.e2ee.names import DeviceRole
from tawasul.e2ee.revocation import Trust

__all__ = ["cookie", "service"]
pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.realtime]

KIOSK_ROLE, OFFICE_ROLE = DeviceRole.KIOSK, DeviceRole.OFFICE


@pytest.mark.parametrize(
    ("what", "codes"),
    [
        ("revoked", ("certificate-revoked", TOLD)),
        ("expired", ("certificate-expired", TOLD)),
        ("not-yet-valid", ("certificate-not-yet-valid", TOLD)),
        ("no-certificate", (TOLD, "certificate-missing")),
        ("no-list", ("revocations-missing", TOLD)),
        ("stale-list", ("revocations-stale", TOLD)),
    ],
)
async def test_a_kiosk_whose_papers_are_not_in_order_gets_no_call(
    service: HostileService, cookie: str, what: str, codes: tuple[str, str]
) -> None:
    trust, now = make_trust(), time.time()
    credentials: Credentials | None = trust.credentials(KIOSK_ROLE, "badr-1")
    office_trust = trust.trust()
    match what:
        case "revoked":
            assert credentials is not None
            trust.revoked.add(credentials.key.thumbprint)
            office_trust = trust.trust()
        case "expired":
            credentials = trust.credentials(KIOSK_ROLE, "badr-1", issued=now - 4 * DAY)
        case "not-yet-valid":
            credentials = trust.credentials(KIOSK_ROLE, "badr-1", issued=now + 3600)
        case "no-certificate":
            credentials = None
        case "no-list":
            office_trust = Trust(trust.anchor)
        case "stale-list":
            lapsed = Revocations(1, int(now - 2 * DAY), int(now - DAY), frozenset(), frozenset())
            office_trust = Trust(trust.anchor, lapsed, 1)
    service.plan("none")
    kiosk = GivenIdentity(credentials, trust.trust())
    async with a_pair(service, cookie, trust, kiosk=kiosk, office_trust=office_trust) as pair:
        await pair.call()
        assert await pair.ended() == codes
        assert pair.nothing_was_played()


async def test_a_revocation_cannot_be_taken_back_by_an_older_list_nor_hidden_by_an_old_one(
    service: HostileService, cookie: str
) -> None:
    """The server carries the list, and may carry any that was ever signed."""
    trust = make_trust()
    office = trust.credentials(OFFICE_ROLE, "emirate")
    folder = service.directory / "kiosk-of-this-test"
    folder.mkdir()
    config = KioskConfig(
        server=service.address,
        kiosk_id="badr-1",
        key_file=folder / "badr-1.key",
        anchor=trust.install(folder / "badr-1.key", "badr-1"),
    )
    before = listed(trust)
    trust.revoked.add(office.key.thumbprint)
    revoking = listed(trust)
    kept = folder / "badr-1.revocations.json"

    async def code(lie: dict[str, object]) -> str | None:
        """What a kiosk says that is switched on, hears this list, and is called by the office."""
        service.plan("none", trust={"/revocations": lie})
        async with a_pair(service, cookie, trust, kiosk=own_identity(config), office=office) as pair:
            await pair.call()
            _, kiosk = await pair.ended()
            assert pair.nothing_was_played()
        return kiosk

    assert await code(revoking) == "certificate-revoked"
    assert await code(before) == "certificate-revoked"
    # Its own list is of yesterday, and the server has none but of yesterday: it believes nobody.
    stale = listed(trust, issued=time.time() - 2 * DAY)
    kept.write_text(json.dumps(stale | {"seq": 2}))
    assert await code(stale) == "revocations-missing"
    assert await code({"list": "no list", "chain": []}) == "revocations-missing"
    assert json.loads(kept.read_text())["seq"] == 2


def listed(trust: MadeTrust, *, issued: float | None = None) -> dict[str, object]:
    """The next list of this region, as it travels."""
    return {"list": trust.list_text(issued=issued), "chain": [trust.issuer_certificate]}
