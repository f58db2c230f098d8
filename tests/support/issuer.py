"""A whole issuer for a test: root, issuer and two stewards in a folder, served on a free port of loopback.

Nothing is simulated: it is the application that `tawasul issuer serve` runs, and everything goes the way of HTTP.

::

    async with an_issuer() as issuer:
        chain = await issuer.enrol("urn:tawasul:madinah:kiosk:badr-1", key)
        async with issuer.auto_approving():  # devices that ask by themselves
            ...
"""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

from tawasul.e2ee.certificate import Anchor
from tawasul.e2ee.enrolment import make_request
from tawasul.e2ee.keys import SigningKey
from tawasul.e2ee.names import DeviceName
from tawasul.e2ee.revocation import Trust
from tawasul.issuer.application import issuer_app
from tawasul.issuer.demonstration import DemonstrationTrust, approve_all, approve_forever, prepare
from tawasul.issuer.folder import read_password
from tawasul.issuer.opening import open_issuer
from tawasul.issuer.service import Issuer
from tawasul.issuer.serving import address_of, listen, serve_issuer
from tawasul.issuer.steward import Steward, TrustClient
from tawasul.web.connections import BoundedConnection


@dataclass
class RunningIssuer:
    """One issuer that is being served. `address` also answers at `/api/trust`, as a server before it would."""

    address: str
    trust: DemonstrationTrust
    issuer: Issuer
    client: TrustClient = field(repr=False)

    @property
    def anchor(self) -> Anchor:
        """What devices are given by hand."""
        return self.trust.anchor

    @property
    def anchor_file(self) -> Path:
        """The same, as a file."""
        return self.trust.anchor_file

    @property
    def stewards(self) -> tuple[Steward, ...]:
        """The two."""
        return self.trust.stewards

    async def enrol(self, name: DeviceName | str, key: SigningKey) -> list[str]:
        """The chain of a device that asks and is approved by both stewards."""
        name = DeviceName.parse(name) if isinstance(name, str) else name
        await self.client.request(make_request(key, name, now=int(time.time())))
        for steward in self.stewards:
            await self.client.approve(steward, name, key.thumbprint, time.time())
        standing = await self.client.standing(key.thumbprint)
        assert standing["state"] == "enrolled", standing
        chain: list[str] = standing["chain"]
        return chain

    async def approve_all(self) -> int:
        """Both stewards approve whatever waits now. How many devices that were."""
        return await approve_all(self.trust, self.client)

    @contextlib.asynccontextmanager
    async def auto_approving(self) -> AsyncIterator[None]:
        """Meanwhile whatever comes is approved at once."""
        task = asyncio.create_task(approve_forever(self.trust, self.address, look_every=0.1))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def revoke(self, thumbprint: str, reason: str = "stolen") -> int:
        """One steward revokes a key. The number of the list in which it stands."""
        return await self.client.revoke(self.stewards[0], thumbprint, reason, time.time())

    async def trust_of_an_endpoint(self) -> Trust:
        """What an endpoint holds that has the anchor and the newest list."""
        text, chain = await self.client.revocations()
        return Trust(self.anchor).learn(text, chain, time.time())


@contextlib.asynccontextmanager
async def an_issuer(
    region: str = "madinah", folder: Path | None = None, clock: Callable[[], float] = time.time, host: str = "127.0.0.1"
) -> AsyncIterator[RunningIssuer]:
    """A running issuer; ended afterwards. With `folder` what it knows stays there for the next one."""
    with contextlib.ExitStack() as stack:
        folder = folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tawasul-issuer-")))
        trust = await asyncio.to_thread(prepare, folder, region)
        issuer = open_issuer(trust.issuer_folder, read_password(trust.password_file).encode(), clock)
        stack.callback(issuer.close)
        listener = stack.enter_context(contextlib.closing(listen(host, 0)))
        stop = asyncio.Event()
        # Connections wait in the listener's queue until the application takes them: nobody comes too early.
        serving = asyncio.create_task(serve_issuer(issuer_app(issuer), listener, stop, BoundedConnection))
        try:
            async with TrustClient(address_of(listener)) as client:
                yield RunningIssuer(address_of(listener), trust, issuer, client)
        finally:
            stop.set()
            await serving
