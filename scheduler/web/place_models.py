"""What the planning API gives of places. Times of the day are ``HH:MM`` of Riyadh's clock; ``24:00`` ends a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time

from scheduler.web.models import Answer, KioskView, Name
from tawasul.domain.hours import OpeningHours, Prayer, PrayerPause, Week
from tawasul.domain.places import CentreKind, Emirate, Kiosk, ReceptionCentre, Stop


class SpanView(Answer):
    """From ``opens`` to ``closes``."""

    opens: str
    closes: str


class HoursView(Answer):
    """The spans of each weekday, Monday first; and those in Ramadan."""

    week: list[list[SpanView]]
    ramadan: list[list[SpanView]]

    @classmethod
    def of(cls, hours: OpeningHours) -> HoursView:
        """From the domain."""
        return cls(week=_week(hours.week), ramadan=_week(hours.ramadan))


class PauseView(Answer):
    """What a prayer takes."""

    iqama_minutes: int
    pause_minutes: int
    before_minutes: int


class StopView(Answer):
    """A portable centre's stay."""

    on: date
    opens: str
    closes: str
    place: Name
    latitude: float
    longitude: float
    home: bool

    @classmethod
    def of(cls, stop: Stop) -> StopView:
        """From the domain."""
        return cls(
            on=stop.on,
            opens=text_of(stop.span.opens),
            closes=text_of(stop.span.closes),
            place=Name.of(stop.place),
            latitude=stop.coordinates.latitude,
            longitude=stop.coordinates.longitude,
            home=stop.home,
        )


class CentreView(Answer):
    """A reception centre."""

    id: str
    governorate_id: str
    name: Name
    kind: CentreKind
    opens_on: date | None
    closes_on: date | None
    latitude: float
    longitude: float
    hours: HoursView
    pauses: dict[Prayer, PauseView]
    stops: list[StopView]
    kiosks: list[KioskView]

    @classmethod
    def of(cls, centre: ReceptionCentre, kiosks: list[Kiosk]) -> CentreView:
        """From the domain."""
        return cls(
            id=centre.id,
            governorate_id=centre.governorate_id,
            name=Name.of(centre.name),
            kind=centre.kind,
            opens_on=centre.opens_on,
            closes_on=centre.closes_on,
            latitude=centre.coordinates.latitude,
            longitude=centre.coordinates.longitude,
            hours=HoursView.of(centre.hours),
            pauses=_pauses(centre.pauses),
            stops=[StopView.of(stop) for stop in centre.stops],
            kiosks=[KioskView.of(kiosk) for kiosk in kiosks],
        )


class EmirateView(Answer):
    """Where the Amir receives."""

    name: Name
    hours: HoursView
    pauses: dict[Prayer, PauseView]

    @classmethod
    def of(cls, emirate: Emirate) -> EmirateView:
        """From the domain."""
        return cls(name=Name.of(emirate.name), hours=HoursView.of(emirate.hours), pauses=_pauses(emirate.pauses))


class GovernorateView(Answer):
    """A governorate, to choose from."""

    id: str
    name: Name


class CentresView(Answer):
    """Where the Amir receives (null: nobody has said), all centres, and the governorates."""

    emirate: EmirateView | None
    governorates: list[GovernorateView]
    centres: list[CentreView]


class AddedCentre(Answer):
    """The new centre's id."""

    id: str


def _week(week: Week) -> list[list[SpanView]]:
    return [[SpanView(opens=text_of(span.opens), closes=text_of(span.closes)) for span in day] for day in week]


def _pauses(pauses: Mapping[Prayer, PrayerPause]) -> dict[Prayer, PauseView]:
    return {
        prayer: PauseView(
            iqama_minutes=int(pause.iqama.total_seconds() // 60),
            pause_minutes=int(pause.pause.total_seconds() // 60),
            before_minutes=int(pause.before.total_seconds() // 60),
        )
        for prayer, pause in pauses.items()
    }


def text_of(at: time) -> str:
    """``HH:MM``."""
    return "24:00" if at == time.max else f"{at:%H:%M}"
