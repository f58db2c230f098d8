"""Who fills one door of the issuer does not close the others: above all not that by which a stolen key is revoked."""

from __future__ import annotations

from pathlib import Path

import httpx

from tawasul.issuer.application import issuer_app
from tawasul.issuer.demonstration import prepare
from tawasul.issuer.folder import read_password
from tawasul.issuer.opening import open_issuer


async def test_a_flood_of_requests_leaves_revocations_and_renewals_alone(tmp_path: Path) -> None:
    trust = prepare(tmp_path)
    issuer = open_issuer(trust.issuer_folder, read_password(trust.password_file).encode())
    transport = httpx.ASGITransport(issuer_app(issuer, says=3))
    async with httpx.AsyncClient(transport=transport, base_url="http://issuer") as client:
        flood = [(await client.post("/requests", json={"request": "x"})).status_code for _ in range(5)]
        assert flood == [422, 422, 422, 429, 429]
        for path in ("/approvals", "/renewals", "/revocations"):
            assert (await client.post(path, json={})).status_code == 422, path
    issuer.close()
