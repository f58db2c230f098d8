"""What the doors need to have kept. ``tawasul.store.unit_of_work.UnitOfWork`` fits; neither knows the other."""

from __future__ import annotations

from datetime import datetime
from types import TracebackType
from typing import Protocol, Self

from tawasul.domain.audience import Audience, AudienceId
from tawasul.domain.people import Staff, StaffId
from tawasul.domain.places import CentreId, Kiosk, KioskId, ReceptionCentre
from tawasul.domain.sign_in import LinkDevice, SignIn, SignInId


class StaffMembers(Protocol):
    """The staff."""

    async def get(self, id: StaffId) -> Staff: ...
    async def by_user_name(self, user_name: str) -> Staff | None: ...
    async def save_password_hash(self, id: StaffId, password_hash: str) -> None: ...


class SignIns(Protocol):
    """Who is signed in."""

    async def add(self, sign_in: SignIn) -> None: ...
    async def by_token_hash(self, token_hash: bytes) -> SignIn | None: ...
    async def get(self, id: SignInId) -> SignIn | None: ...
    async def touch(self, id: SignInId, now: datetime) -> None: ...
    async def remove(self, id: SignInId) -> None: ...
    async def remove_expired(self, now: datetime) -> int: ...


class LinkDevices(Protocol):
    """Citizens' links."""

    async def of(self, audience_id: AudienceId) -> LinkDevice | None: ...
    async def knows(self, device_hash: bytes) -> bool: ...
    async def put(self, link: LinkDevice) -> None: ...
    async def bind(self, audience_id: AudienceId, generation: int, device_hash: bytes, now: datetime) -> bool: ...


class Audiences(Protocol):
    """The audiences."""

    async def get(self, id: AudienceId) -> Audience: ...


class Kiosks(Protocol):
    """The kiosks."""

    async def get(self, id: KioskId) -> Kiosk: ...


class Centres(Protocol):
    """The reception centres."""

    async def get(self, id: CentreId) -> ReceptionCentre: ...


class Work(Protocol):
    """One transaction."""

    @property
    def staff(self) -> StaffMembers: ...
    @property
    def sign_ins(self) -> SignIns: ...
    @property
    def link_devices(self) -> LinkDevices: ...
    @property
    def audiences(self) -> Audiences: ...
    @property
    def kiosks(self) -> Kiosks: ...
    @property
    def centres(self) -> Centres: ...

    async def __aenter__(self) -> Self: ...
    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None: ...
    async def commit(self) -> None: ...


class WorkFactory(Protocol):
    """How a door gets a transaction."""

    def __call__(self, *, reading: bool = False) -> Work: ...
