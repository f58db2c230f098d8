"""Arrivals that no desk tells: at the kiosk by reference, and from the citizen's own page; and kiosks' proofs."""

import base64
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from support.factories import (
    BADR,
    BADR_1,
    BADR_2,
    BADR_CENTRE,
    YANBU,
    YANBU_1,
    YANBU_CENTRE,
    a_citizen,
    an_audience,
)
from support.store_app import Service, running_app

from scheduler.core import reference
from tawasul.access.device_proof import hello_message
from tawasul.access.errors import KioskNotRecognised
from tawasul.access.policy import CitizenPrincipal, KioskPrincipal
from tawasul.domain.audience import Audience, State
from tawasul.domain.errors import InvalidInput, NotFound, TooEarly, UnlawfulTransition
from tawasul.domain.people import IdentityAssurance
from tawasul.domain.places import Kiosk, KioskId
from tawasul.domain.venue import AtKiosk, OwnLocation, Venue

AT_BADR_1 = KioskPrincipal(BADR_1.id, BADR_CENTRE.id, BADR.id)
AT_BADR_2 = KioskPrincipal(BADR_2.id, BADR_CENTRE.id, BADR.id)
AT_YANBU = KioskPrincipal(YANBU_1.id, YANBU_CENTRE.id, YANBU.id)
REFERENCE = reference.draw(b"8 bytes!")


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    async with running_app(tmp_path) as service:
        yield service


async def booked(service: Service, venue: Venue) -> Audience:
    citizen = a_citizen()
    audience = an_audience(citizen, service.sitting, venue=venue, reference=REFERENCE)
    async with service.parts.database.unit_of_work() as uow:
        await uow.citizens.add(citizen)
        await uow.audiences.add(audience)
        await uow.commit()
    return audience


async def test_at_the_kiosk_a_citizen_is_there_by_reference_and_only_declared(service: Service) -> None:
    audience = await booked(service, AtKiosk(BADR_1.id))
    for typed in (REFERENCE, REFERENCE.lower().replace("-", "")):
        arrived = await service.parts.arrivals.check_in_by_reference(AT_BADR_1, typed)
        assert (arrived.id, arrived.state, arrived.version) == (audience.id, State.ARRIVED, 1)
        assert arrived.assurance is IdentityAssurance.DECLARED
        assert arrived.arrived_at == service.clock.now


@pytest.mark.parametrize("kiosk", [AT_BADR_2, AT_YANBU], ids=lambda kiosk: kiosk.kiosk_id)
async def test_at_another_kiosk_the_reference_is_not_known(service: Service, kiosk: KioskPrincipal) -> None:
    await booked(service, AtKiosk(BADR_1.id))
    with pytest.raises(NotFound):
        await service.parts.arrivals.check_in_by_reference(kiosk, REFERENCE)


async def test_at_the_kiosk_no_own_location_and_no_nonsense(service: Service) -> None:
    await booked(service, OwnLocation())
    with pytest.raises(NotFound):
        await service.parts.arrivals.check_in_by_reference(AT_BADR_1, REFERENCE)
    with pytest.raises(InvalidInput):
        await service.parts.arrivals.check_in_by_reference(AT_BADR_1, "nonsense")


async def test_from_the_own_page_the_citizen_is_there_once_and_again(service: Service) -> None:
    audience = await booked(service, OwnLocation())
    for _ in range(2):
        arrived = await service.parts.arrivals.check_in_own(CitizenPrincipal(audience.id))
        assert (arrived.state, arrived.version) == (State.ARRIVED, 1)


async def test_from_the_own_page_nobody_comes_to_a_kiosk(service: Service) -> None:
    audience = await booked(service, AtKiosk(BADR_1.id))
    with pytest.raises(NotFound):
        await service.parts.arrivals.check_in_own(CitizenPrincipal(audience.id))


async def test_nobody_comes_to_an_audience_that_is_over(service: Service) -> None:
    audience = await booked(service, AtKiosk(BADR_1.id))
    async with service.parts.database.unit_of_work() as uow:
        cancelled = await uow.audiences.get(audience.id)
        cancelled.cancel()
        await uow.audiences.save(cancelled)
        await uow.commit()
    with pytest.raises(UnlawfulTransition):
        await service.parts.arrivals.check_in_by_reference(AT_BADR_1, REFERENCE)


async def test_a_kiosk_is_recognised_by_its_registered_key(service: Service) -> None:
    key, stranger = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    async with service.parts.database.unit_of_work() as uow:
        await uow.kiosks.register_key(BADR_1.id, key.public_key().public_bytes_raw())
        await uow.commit()
    door = service.parts.doorkeeper
    assert await door.recognise_kiosk("nonce", BADR_1.id, _signature(key, BADR_1)) == AT_BADR_1
    for kiosk_id, signature in (
        (BADR_1.id, _signature(stranger, BADR_1)),
        (BADR_1.id, _signature(key, BADR_2)),
        (BADR_2.id, _signature(key, BADR_2)),
        (KioskId("none"), _signature(key, BADR_1)),
    ):
        with pytest.raises(KioskNotRecognised):
            await door.recognise_kiosk("nonce", kiosk_id, signature)


def _signature(key: Ed25519PrivateKey, kiosk: Kiosk) -> str:
    return base64.urlsafe_b64encode(key.sign(hello_message("nonce", kiosk.id))).decode().rstrip("=")


@pytest.mark.parametrize("days", [1, 20])
async def test_nobody_is_there_by_themselves_days_before(service: Service, days: int) -> None:
    at_the_kiosk = await booked(service, AtKiosk(BADR_1.id))
    now = service.clock.now
    service.clock.now = at_the_kiosk.slot_starts_at - timedelta(days=days)
    with pytest.raises(TooEarly):
        await service.parts.arrivals.check_in_by_reference(AT_BADR_1, REFERENCE)
    service.clock.now = now
    assert (await service.parts.arrivals.check_in_by_reference(AT_BADR_1, REFERENCE)).state is State.ARRIVED


async def test_from_the_own_page_neither_and_an_evening_s_sitting_goes_on_past_midnight(service: Service) -> None:
    at_home = await booked(service, OwnLocation())
    citizen = CitizenPrincipal(at_home.id)
    service.clock.now = at_home.slot_starts_at - timedelta(days=2)
    with pytest.raises(TooEarly):
        await service.parts.arrivals.check_in_own(citizen)
    # Half past eleven in the evening, for a time that is on the next day.
    async with service.parts.database.unit_of_work() as uow:
        await uow.audiences.save(replace(at_home, slot_starts_at=at_home.slot_starts_at.replace(hour=21, minute=10)))
        await uow.commit()
    service.clock.now = at_home.slot_starts_at.replace(hour=20, minute=30)
    assert (await service.parts.arrivals.check_in_own(citizen)).state is State.ARRIVED
