"""A kiosk enrols by itself, through the real server at the real issuer, to a call; it renews, and is not fooled."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from support.issuer import an_issuer
from support.ports import free_port
from support.proven_call import proven_call
from support.service import Service, a_service
from support.trust import make_trust

from kiosk_client.config import KioskConfig
from kiosk_client.core.kiosk_events import Enrolment, KioskState
from kiosk_client.enrolment import DeviceIdentity
from kiosk_client.errors import AnchorMissing, AnchorUnreadable, KeyNotPrivate
from kiosk_client.papers import Papers
from kiosk_client.run import own_identity, station
from kiosk_client.trust_client import TrustClient
from kiosk_client.vault import signing_key
from tawasul.e2ee.enrolment import code_of
from tawasul.e2ee.handshake import Credentials
from tawasul.e2ee.keys import SigningKey
from tawasul.e2ee.names import DeviceName, DeviceRole

OFFICE = "urn:tawasul:madinah:office:emirate"
HOUR = 3600


class Told:
    """What an identity tells."""

    def __init__(self) -> None:
        self.all: list[Enrolment | None] = []
        self._news = asyncio.Event()

    def tell(self, enrolment: Enrolment | None) -> None:
        self.all.append(enrolment)
        self._news.set()

    async def until(self, holds: Callable[[Enrolment | None], bool], seconds: float = 15) -> None:
        async with asyncio.timeout(seconds):
            while not self.all or not holds(self.all[-1]):
                self._news.clear()
                await self._news.wait()


@asynccontextmanager
async def running(identity: DeviceIdentity) -> AsyncIterator[Told]:
    told = Told()
    task = asyncio.create_task(identity.run(told.tell))
    try:
        yield told
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def config_of(folder: Path, server: str, anchor: Path | None) -> KioskConfig:
    return KioskConfig(server=server, kiosk_id="badr-1", key_file=folder / "badr-1.key", anchor=anchor)


async def office_of(service: Service) -> Credentials:
    key = SigningKey.generate()
    return Credentials(key, tuple(await service.issuer.enrol(OFFICE, key)), DeviceName.parse(OFFICE))


@pytest.mark.realtime
@pytest.mark.timeout(120)
async def test_from_an_empty_folder_to_a_verified_call_and_to_its_revocation(tmp_path: Path) -> None:
    async with a_service(tmp_path / "service") as service:
        config = config_of(tmp_path, service.address, service.issuer.anchor_file)
        own = own_identity(config)
        office = await office_of(service)
        trust = await service.issuer.trust_of_an_endpoint()
        async with proven_call(service, make_trust(), tmp_path, kiosk=own, office=office, office_trust=trust) as call:
            await call.seen.until(lambda view: view.enrolment is None and view.line)
            await call.in_call()
            assert call.robot.identity is not None
            assert str(call.robot.identity.name) == "urn:tawasul:madinah:kiosk:badr-1"
            assert call.station.view.privacy == "verified"
            await call.robot.hang_up()
            await call.until_shown(KioskState.WAITING, 15)
            key = signing_key(tmp_path / "badr-1.signing.pem")
            await service.issuer.revoke(key.thumbprint)
        fresh = await service.issuer.trust_of_an_endpoint()
        async with proven_call(
            service, make_trust(), tmp_path, kiosk=own_identity(config), office=office, office_trust=fresh
        ) as call:
            audience = service.audience_at("badr-1")
            await call.seen.until(lambda view: view.line)
            await call.robot.until(lambda them: (row := them.row(audience.reference)) and row.online, 15, "online")
            call.robot.call_in(audience.audience_id)
            await call.robot.until(lambda them: them.refused is not None, 15, "refused")
            assert call.robot.refused == "certificate-revoked"
    for name in ("badr-1.signing.pem", "badr-1.certificate.json", "badr-1.revocations.json"):
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600


async def test_it_waits_for_two_stewards_and_shows_the_code_that_they_compare(tmp_path: Path) -> None:
    anchor = tmp_path / "anchor.json"
    async with an_issuer() as issuer:
        anchor.write_bytes(issuer.anchor_file.read_bytes())
        identity = own_identity(config_of(tmp_path, issuer.address, anchor))
        key = signing_key(tmp_path / "badr-1.signing.pem")
        async with running(identity) as told:
            await told.until(lambda shown: shown is not None and shown.reached)
            assert told.all[0] is not None
            assert told.all[0].code == code_of(key.thumbprint)
            assert told.all[0].qr == f"tawasul-enrol:1:urn:tawasul:madinah:kiosk:badr-1:{key.thumbprint}"
            assert (await identity.proofs()).credentials is None
            name = DeviceName("madinah", DeviceRole.KIOSK, "badr-1")
            await issuer.client.approve(issuer.stewards[0], name, key.thumbprint, time.time())
            await told.until(lambda shown: shown is not None and shown.approvals == 1)
            assert (await identity.proofs()).credentials is None
            await issuer.client.approve(issuer.stewards[1], name, key.thumbprint, time.time())
            await told.until(lambda shown: shown is None)
        credentials = (await identity.proofs()).credentials
        assert credentials is not None
        assert credentials.key.thumbprint == key.thumbprint
    # What it has it keeps: at the next start nobody is asked, and the issuer may be away.
    again = own_identity(config_of(tmp_path, f"http://127.0.0.1:{free_port()}", anchor))
    proofs = await again.proofs()
    assert proofs.credentials is not None
    assert proofs.credentials.chain == credentials.chain
    assert proofs.trust.revocations is not None


async def test_it_renews_by_itself_at_half_of_its_life(tmp_path: Path) -> None:
    ahead = 0.0

    def clock() -> float:
        return time.time() + ahead

    async with an_issuer(clock=clock) as issuer:
        name = DeviceName("madinah", DeviceRole.KIOSK, "badr-1")
        key = signing_key(tmp_path / "badr-1.signing.pem")
        papers = Papers(tmp_path / "badr-1.key", issuer.anchor, name, key)
        papers.keep_chain(await issuer.enrol(name, key))
        first = papers.read_chain()
        assert first is not None
        for hours, renewed in ((35, False), (37, True), (37 + 40 * 24, False)):  # a device's certificate lasts 72
            ahead = hours * HOUR
            before = papers.read_chain()
            identity = DeviceIdentity(papers, lambda: TrustClient(issuer.address), clock)
            async with running(identity) as told:
                await told.until(lambda shown: True)
                async with asyncio.timeout(10):
                    while identity._tasks:  # nothing is under way any more
                        await asyncio.wait(set(identity._tasks))
            after = papers.read_chain()
            assert before is not None
            assert after is not None
            assert (after.certificate.serial != before.certificate.serial) == renewed
        # Forty days after its end the issuer renews no more: it is shown again that people must come.
        assert told.all[-1] is not None


async def test_a_list_that_is_older_than_one_seen_before_is_never_believed_not_even_after_a_restart(
    tmp_path: Path,
) -> None:
    region = make_trust()
    anchor = region.install(tmp_path / "badr-1.key", "badr-1")
    kept = json.loads((tmp_path / "badr-1.revocations.json").read_text())
    away = f"http://127.0.0.1:{free_port()}"
    proofs = await own_identity(config_of(tmp_path, away, anchor)).proofs()
    assert proofs.trust.at_least == kept["seq"] == 1
    newer = region.list_text()
    key = signing_key(tmp_path / "badr-1.signing.pem")
    papers = Papers(tmp_path / "badr-1.key", region.anchor, DeviceName("madinah", DeviceRole.KIOSK, "badr-1"), key)
    papers.keep_list(newer, [region.issuer_certificate], 2)
    # Somebody puts the old list back, but not its number: it is not taken, and there is none.
    (tmp_path / "badr-1.revocations.json").write_text(json.dumps(kept | {"seq": 2}))
    trust = (await own_identity(config_of(tmp_path, away, anchor)).proofs()).trust
    assert (trust.at_least, trust.revocations) == (2, None)


async def test_a_chain_of_another_region_or_of_another_key_is_not_used(tmp_path: Path) -> None:
    region, elsewhere = make_trust(), make_trust()
    anchor = region.install(tmp_path / "badr-1.key", "badr-1")
    away = f"http://127.0.0.1:{free_port()}"
    key = signing_key(tmp_path / "badr-1.signing.pem")
    for chain in (
        elsewhere.chain(DeviceRole.KIOSK, "badr-1", key),
        region.chain(DeviceRole.KIOSK, "badr-1", SigningKey.generate()),
        region.chain(DeviceRole.KIOSK, "badr-2", key),
        ("nonsense",),
        [1, 2],
    ):
        (tmp_path / "badr-1.certificate.json").write_text(json.dumps({"chain": chain}))
        assert (await own_identity(config_of(tmp_path, away, anchor)).proofs()).credentials is None
    (tmp_path / "badr-1.certificate.json").write_text("{")
    assert (await own_identity(config_of(tmp_path, away, anchor)).proofs()).credentials is None


def test_without_the_region_s_anchor_a_kiosk_does_not_start(tmp_path: Path) -> None:
    with pytest.raises(AnchorMissing, match="--anchor"):
        station(config_of(tmp_path, "http://127.0.0.1:1", None))
    with pytest.raises(AnchorUnreadable, match="cannot be read"):
        station(config_of(tmp_path, "http://127.0.0.1:1", tmp_path / "nowhere.json"))
    wrong = tmp_path / "anchor.json"
    for content in (b"", b"{}", b"\xff", b'{"v":1,"region":"madinah"}'):
        wrong.write_bytes(content)
        with pytest.raises(AnchorUnreadable, match="not a region's anchor"):
            station(config_of(tmp_path, "http://127.0.0.1:1", wrong))
    wrong.write_bytes(make_trust().anchor.to_json())
    odd = KioskConfig(kiosk_id="Badr.1", key_file=tmp_path / "odd.key", anchor=wrong)
    with pytest.raises(AnchorUnreadable, match=r"'Badr\.1'"):
        station(odd)


def test_a_signing_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "badr-1.signing.pem"
    made = signing_key(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert signing_key(path).thumbprint == made.thumbprint
    path.chmod(0o640)
    with pytest.raises(KeyNotPrivate):
        signing_key(path)
