"""Those who have a part in a case, each with a browser: the desks, the office, two agencies, the citizen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import httpx
from support.cases import ROADS, WATER
from support.factories import BADR, YANBU, a_citizen, national_id
from support.store_app import Browser, Service

from tawasul.domain.case_number import CaseNumber
from tawasul.domain.people import Role
from tawasul.domain.riyadh import day_of

ID = national_id(1)


@dataclass
class People:
    """``citizen_id``: of who brings the cases. Their browser has no cookie: what they may do is in the link."""

    service: Service
    citizen_id: str
    desk: Browser
    other_desk: Browser
    office: Browser
    agency: Browser
    other_agency: Browser
    citizen: Browser

    @classmethod
    async def of(cls, service: Service) -> People:
        """All newly hired."""
        citizen = a_citizen(1)
        async with service.parts.database.unit_of_work() as uow:
            await uow.citizens.add(citizen)
            await uow.commit()
        return cls(
            service,
            citizen.id,
            desk=await service.signed_in("badr", Role.DESK, BADR),
            other_desk=await service.signed_in("yanbu", Role.DESK, YANBU),
            office=await service.signed_in("office", Role.OFFICE),
            agency=await service.signed_in_agency("water", WATER),
            other_agency=await service.signed_in_agency("roads", ROADS),
            citizen=service.browser(),
        )

    @property
    def in_a_week(self) -> str:
        """A day in Riyadh."""
        return (day_of(self.service.clock()) + timedelta(days=7)).isoformat()

    async def taken(self, subject: str = "انقطاع الماء عن قرية الصفراء", kind: str = "petition") -> dict[str, Any]:
        """A case that the desk of Badr took."""
        answer = await self.desk.post(
            "/api/desk/cases", kind=kind, citizen_id=self.citizen_id, subject=subject, text="ينقطع منذ شهر"
        )
        return dict(right(answer, 201)["case"])

    async def directed(self) -> dict[str, Any]:
        """A case on which the office directed something to the water company."""
        case = await self.taken()
        await self.does(self.office, f"/api/office/cases/{case['id']}/direct", **self.to_water)
        return case

    async def ratified(self) -> dict[str, Any]:
        """The same, and the citizen said at the desk that it is so."""
        case = await self.directed()
        directive = (await self.sees(self.desk, "desk", case))["directive"]
        path = f"/api/desk/cases/{case['id']}/ratify"
        await self.does(self.desk, path, directive_id=directive["id"], code=ID)
        return case

    async def answered(self) -> dict[str, Any]:
        """The same, and the water company answered it."""
        case = await self.ratified()
        path = f"/api/agency/cases/{case['id']}"
        await self.does(self.agency, f"{path}/take-on")
        await self.does(self.agency, f"{path}/answer", words="أُصلحت الشبكة")
        return case

    @property
    def to_water(self) -> dict[str, str]:
        """What the office directs."""
        return {"agency_id": WATER.id, "wording": "تُصلح الشبكة", "urgency": "urgent", "due_on": self.in_a_week}

    def token(self, case: dict[str, Any]) -> str:
        """Of the citizen's link."""
        return self.service.parts.following.links.token(CaseNumber.parse(case["number"]))

    async def does(self, browser: Browser, path: str, status: int = 200, **body: object) -> dict[str, Any]:
        """A step, which is answered as it should be."""
        return right(await browser.post(path, **body), status)

    async def sees(self, browser: Browser, whose: str, case: dict[str, Any]) -> dict[str, Any]:
        """The case opened by the API of the desk, the agency or the office."""
        return right(await browser.get(f"/api/{whose}/cases/{case['id']}"), 200)


def right(answer: httpx.Response, status: int) -> dict[str, Any]:
    """The answer's JSON, or nothing where it has none."""
    assert answer.status_code == status, answer.text
    return dict(answer.json()) if answer.content else {}


def last_week(service: Service) -> date:
    """A day that has passed."""
    return day_of(service.clock()) - timedelta(days=7)
