"""The issuer as devices and stewards reach it: by HTTP, from the first request to the revocation."""

from __future__ import annotations

import time

from support.issuer import an_issuer

from tawasul.e2ee.certificate import DEVICES
from tawasul.e2ee.keys import SigningKey

BADR = "urn:tawasul:madinah:kiosk:badr-1"


async def test_a_device_is_enrolled() -> None:
    key = SigningKey.generate()
    async with an_issuer() as issuer:
        chain = await issuer.enrol(BADR, key)
        trust = await issuer.trust_of_an_endpoint()
        certificate = trust.verify(chain, time.time(), DEVICES, "badr-1")
        assert certificate.key == key.public
        assert (certificate.title.ar, certificate.title.en) == ("كشك بدر 1", "Badr kiosk 1")
