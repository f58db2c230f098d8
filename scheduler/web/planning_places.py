"""The office plans: hours, pauses, temporary and portable centres: JSON under ``/api/planning``. Previews and
``expected`` are as in ``scheduler.web.planning``.
"""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import replace

from fastapi import APIRouter

from scheduler.changes import Change, PutCentre, PutEmirate
from scheduler.planning import Planning
from scheduler.protocol_visit import ProtocolVisits
from scheduler.web.models import Name
from scheduler.web.place_asked import (
    AddCentre,
    PreviewHours,
    PreviewPauses,
    PreviewStops,
    PutHours,
    PutPauses,
    PutStops,
)
from scheduler.web.place_models import AddedCentre, CentresView, CentreView, EmirateView, GovernorateView
from scheduler.web.planning import IdPath, Plans
from scheduler.web.planning_models import ConsequencesView
from tawasul.access.policy import StaffPrincipal
from tawasul.domain.audit import AuditAction, AuditActor
from tawasul.domain.errors import InvalidInput
from tawasul.domain.places import CentreId, CentreKind

Ask = PreviewHours | PreviewPauses | PreviewStops


def planning_places_router(planning: Planning, visits: ProtocolVisits) -> APIRouter:
    """The router, over the use cases that the composition root made."""
    router = APIRouter(prefix="/api/planning", tags=["planning"])

    async def of_centre(id: str, body: Ask) -> Change:
        centre = await planning.centre(CentreId(id))
        match body:
            case PreviewHours():
                return PutCentre(replace(centre, hours=body.hours()), AuditAction.CHANGED_HOURS)
            case PreviewPauses():
                return PutCentre(replace(centre, pauses=body.by_prayer()), AuditAction.CHANGED_PAUSES)
            case PreviewStops():
                if centre.kind is not CentreKind.PORTABLE:
                    raise InvalidInput("only a portable centre has stops", field="stops")
                return PutCentre(replace(centre, stops=body.route()), AuditAction.CHANGED_STOPS)

    async def of_emirate(body: PreviewHours | PreviewPauses) -> Change:
        emirate = await planning.emirate()
        match body:
            case PreviewHours():
                return PutEmirate(replace(emirate, hours=body.hours()), AuditAction.CHANGED_HOURS)
            case PreviewPauses():
                return PutEmirate(replace(emirate, pauses=body.by_prayer()), AuditAction.CHANGED_PAUSES)

    async def preview(change: Awaitable[Change]) -> ConsequencesView:
        return ConsequencesView.of(await visits.preview(await change))

    async def confirm(
        who: StaffPrincipal, change: Awaitable[Change], shown: PutHours | PutPauses | PutStops
    ) -> ConsequencesView:
        done = await visits.confirm(AuditActor.of(who), await change, shown.expected, shown.seen)
        return ConsequencesView.of(done)

    @router.get("/centres")
    async def centres(who: Plans) -> CentresView:
        """Where the Amir receives, and all centres with hours, pauses, stops and kiosks."""
        emirate, governorates, found = await planning.centres()
        return CentresView(
            emirate=None if emirate is None else EmirateView.of(emirate),
            governorates=[GovernorateView(id=each.id, name=Name.of(each.name)) for each in governorates],
            centres=[CentreView.of(centre, kiosks) for centre, kiosks in found],
        )

    @router.post("/centres", status_code=201)
    async def add_centre(who: Plans, body: AddCentre) -> AddedCentre:
        """A temporary or a portable one."""
        return AddedCentre(id=(await planning.add_centre(who, body.centre(), body.kiosks)).id)

    @router.post("/centres/{id}/hours/preview")
    async def preview_hours(who: Plans, id: IdPath, body: PreviewHours) -> ConsequencesView:
        """Who loses a time by other hours. Changes nothing."""
        return await preview(of_centre(id, body))

    @router.put("/centres/{id}/hours")
    async def put_hours(who: Plans, id: IdPath, body: PutHours) -> ConsequencesView:
        """Other hours."""
        return await confirm(who, of_centre(id, body), body)

    @router.post("/centres/{id}/pauses/preview")
    async def preview_pauses(who: Plans, id: IdPath, body: PreviewPauses) -> ConsequencesView:
        """Who loses a time by other pauses. Changes nothing."""
        return await preview(of_centre(id, body))

    @router.put("/centres/{id}/pauses")
    async def put_pauses(who: Plans, id: IdPath, body: PutPauses) -> ConsequencesView:
        """Other pauses for prayer."""
        return await confirm(who, of_centre(id, body), body)

    @router.post("/centres/{id}/stops/preview")
    async def preview_stops(who: Plans, id: IdPath, body: PreviewStops) -> ConsequencesView:
        """Who loses a time by another route. Changes nothing."""
        return await preview(of_centre(id, body))

    @router.put("/centres/{id}/stops")
    async def put_stops(who: Plans, id: IdPath, body: PutStops) -> ConsequencesView:
        """Another route of a portable centre: all its stops."""
        return await confirm(who, of_centre(id, body), body)

    @router.post("/emirate/hours/preview")
    async def preview_office_hours(who: Plans, body: PreviewHours) -> ConsequencesView:
        """Who loses a time by other hours where the Amir receives. Changes nothing."""
        return await preview(of_emirate(body))

    @router.put("/emirate/hours")
    async def put_office_hours(who: Plans, body: PutHours) -> ConsequencesView:
        """Other hours where the Amir receives."""
        return await confirm(who, of_emirate(body), body)

    @router.post("/emirate/pauses/preview")
    async def preview_office_pauses(who: Plans, body: PreviewPauses) -> ConsequencesView:
        """Who loses a time by other pauses where the Amir receives. Changes nothing."""
        return await preview(of_emirate(body))

    @router.put("/emirate/pauses")
    async def put_office_pauses(who: Plans, body: PutPauses) -> ConsequencesView:
        """Other pauses for prayer where the Amir receives."""
        return await confirm(who, of_emirate(body), body)

    return router
