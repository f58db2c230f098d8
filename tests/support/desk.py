"""What a clerk does, over the API: for tests of the desk."""

from __future__ import annotations

from typing import Any

import httpx
from support.factories import BADR_CENTRE, national_id, slot
from support.store_app import Browser, Service

from tawasul.domain.sitting import Sitting

AT_BADR = {"venue": "kiosk", "centre_id": BADR_CENTRE.id}
AT_HOME = {"venue": "own-location"}
IN_PERSON = {"venue": "in-person"}

Json = dict[str, Any]


class Clerk:
    """A desk's browser, in the words of the desk. Each act returns the answer as it came."""

    def __init__(self, browser: Browser, service: Service) -> None:
        self.browser = browser
        self.service = service

    async def registers(self, number: int) -> str:
        """A citizen of that number; their id."""
        answer = await self.browser.post(
            "/api/desk/citizens", name=f"عينة: {number}", national_id=national_id(number), mobile=f"05{number:08}"
        )
        assert answer.status_code == 201, answer.text
        id: str = answer.json()["id"]
        return id

    async def holds(
        self, number: int = 0, place: Json | None = None, sitting: Sitting | None = None, **more: object
    ) -> httpx.Response:
        """The slot of that number, at any kiosk of Badr unless told otherwise."""
        sitting = sitting or self.service.sitting
        body = {"place": place or AT_BADR, "sitting_id": sitting.id, "starts_at": slot(sitting, number).isoformat()}
        return await self.browser.post("/api/desk/holds", **body, **more)

    async def held(self, number: int = 0, place: Json | None = None, sitting: Sitting | None = None) -> str:
        """The id of a hold of that slot."""
        answer = await self.holds(number, place, sitting)
        assert answer.status_code == 201, answer.text
        id: str = answer.json()["id"]
        return id

    async def books(self, citizen: str, hold: str, subject: str = "طلب تعبيد طريق", **more: object) -> httpx.Response:
        """What is held, for the citizen."""
        return await self.browser.post("/api/desk/audiences", citizen_id=citizen, hold_id=hold, subject=subject, **more)

    async def booked(self, number: int, at: int = 0, place: Json | None = None, **more: object) -> Json:
        """The audience of a new citizen of that number, in the slot ``at``."""
        answer = await self.books(await self.registers(number), await self.held(at, place), **more)
        assert answer.status_code == 201, answer.text
        audience: Json = answer.json()["audience"]
        return audience

    async def does(self, step: str, audience: Json, **body: object) -> httpx.Response:
        """A step with an audience."""
        return await self.browser.post(f"/api/desk/audiences/{audience['id']}/{step}", **body)

    async def receives(self, citizen: str, place: Json | None = None, **more: object) -> httpx.Response:
        """A walk-in."""
        asked = {"citizen_id": citizen, "place": place or AT_BADR, "subject": "طلب"} | more
        return await self.browser.post("/api/desk/walk-ins", **asked)

    async def day(self) -> list[Json]:
        """The lines of the list of the day."""
        entries: list[Json] = (await self.browser.get("/api/desk/day")).json()["entries"]
        return entries


def refusal(answer: httpx.Response) -> tuple[int, str]:
    """How it was refused."""
    return answer.status_code, answer.json()["code"]
