"""The file that a region's places are read from: TOML, one file a region. ``data/madinah.toml`` is the example.

::

    [region]                  id, arabic, english
    [emirate]                 arabic, english, latitude, longitude, hours, pauses
    [[governorates]]          id, arabic, english, latitude, longitude
        towns = [{arabic, english, at = [latitude, longitude], also = [other names]}, …]
    [[governorates.centres]]  id, arabic, english, latitude, longitude, hours, pauses,
                              kind = "permanent" | "temporary" | "portable", opens_on, closes_on
        stops = [{on, arabic, english, at, open = "08:00-12:00", home}, …]
    [[governorates.centres.kiosks]]  id, arabic, english
    [[agencies]]              id, arabic, english, acceptance_days, answer_days, closed_on
    [[wordings]]              id, arabic, english, text_arabic, text_english

``hours`` has ``week`` and ``ramadan``, each by day or by a run of days::

    week = { sunday-thursday = ["07:30-14:30"], saturday = ["16:00-21:00"] }

A day that is not named is closed; hours that are not given are the usual ones of ``tawasul.domain.hours``, as are the
``pauses`` for prayers that are not given: ``dhuhr = { iqama = 20, pause = 15, before = 0 }``, in minutes.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from types import MappingProxyType
from typing import Annotated, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from tawasul.domain.agency import USUAL_ACCEPTANCE_DAYS, USUAL_ANSWER_DAYS, Agency, AgencyId
from tawasul.domain.errors import InvalidInput
from tawasul.domain.hours import USUAL_HOURS, USUAL_PAUSES, WEEKDAYS, OpeningHours, Prayer, PrayerPause, Span, Week
from tawasul.domain.outcome import LONGEST_DIRECTIVE
from tawasul.domain.places import (
    CentreId,
    CentreKind,
    Coordinates,
    Emirate,
    Governorate,
    GovernorateId,
    Kiosk,
    KioskId,
    Name,
    ReceptionCentre,
    Region,
    RegionId,
    Stop,
    Town,
)
from tawasul.domain.wording import Wording, WordingId


@dataclass(frozen=True, slots=True)
class RegionPlaces:
    """All that a file says."""

    region: Region
    emirate: Emirate
    governorates: tuple[Governorate, ...]
    towns: tuple[Town, ...]
    centres: tuple[ReceptionCentre, ...]
    kiosks: tuple[Kiosk, ...]
    agencies: tuple[Agency, ...] = ()
    wordings: tuple[Wording, ...] = ()


def read_places(text: str) -> RegionPlaces:
    """The places that ``text`` tells of.

    Raises:
        InvalidInput: it is not TOML, or not a file of places; the message says where, a line for each mistake.
    """
    try:
        return _File.model_validate(tomllib.loads(text)).places()
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(f"not TOML: {error}", field="places") from None
    except ValidationError as error:
        mistakes = (f"{_where(each['loc'])}: {each['msg'].removeprefix('Value error, ')}" for each in error.errors())
        raise InvalidInput("\n".join(mistakes), field="places") from None


def _where(steps: tuple[int | str, ...]) -> str:
    """``governorates[2].towns[0].at``, counted from 1 as people count."""
    return "".join(f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in steps).lstrip(".") or "the file"


_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NOT_A_SPAN: Final = "a span is written 07:30-14:30, and the end of the day 24:00"


def _span(written: object) -> Span:
    opens, dash, closes = str(written).partition("-")
    if not dash:
        raise ValueError(_NOT_A_SPAN)
    try:
        return Span(time.fromisoformat(opens), time.max if closes == "24:00" else time.fromisoformat(closes))
    except InvalidInput as error:
        raise ValueError(f"{written} {error}") from None
    except ValueError:
        raise ValueError(_NOT_A_SPAN) from None


def _week(written: object) -> Week:
    """From ``{"sunday-thursday": ["07:30-14:30"]}``."""
    if not isinstance(written, Mapping):
        raise ValueError("a week is a table of days")
    days: dict[int, tuple[Span, ...]] = {}
    for run, spans in written.items():
        for day in _run_of_days(str(run)):
            if day in days:
                raise ValueError(f"{_DAYS[day]} is there twice")
            days[day] = tuple(_span(each) for each in spans)
    return tuple(days.get(day, ()) for day in range(WEEKDAYS))


def _run_of_days(run: str) -> Iterator[int]:
    first, _, last = run.partition("-")
    if first not in _DAYS or (last or first) not in _DAYS:
        raise ValueError(f"no such day: {run}")
    begins = _DAYS.index(first)
    for day in range(begins, begins + (_DAYS.index(last or first) - begins) % WEEKDAYS + 1):
        yield day % WEEKDAYS


_Id = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
_Text = Annotated[str, Field(min_length=1, max_length=120)]
_Latitude = Annotated[float, Field(ge=-90, le=90)]
_Longitude = Annotated[float, Field(ge=-180, le=180)]
_Week = Annotated[Week, BeforeValidator(_week)]
_Minutes = Annotated[int, Field(ge=0, le=120)]
_WorkingDays = Annotated[int, Field(ge=1, le=250)]
_Directive = Annotated[str, Field(min_length=1, max_length=LONGEST_DIRECTIVE)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Titled(_Table):
    arabic: _Text
    english: _Text

    @property
    def name(self) -> Name:
        return Name(self.arabic, self.english)


class _Named(_Titled):
    id: _Id


class _Hours(_Table):
    week: _Week
    ramadan: _Week

    @model_validator(mode="after")
    def _in_order(self) -> _Hours:
        try:
            self.hours()
        except InvalidInput as error:
            raise ValueError(str(error)) from None
        return self

    def hours(self) -> OpeningHours:
        return OpeningHours(self.week, self.ramadan)


class _Pause(_Table):
    iqama: _Minutes
    pause: _Minutes
    before: _Minutes = 0

    def length(self) -> PrayerPause:
        return PrayerPause(*(timedelta(minutes=each) for each in (self.iqama, self.pause, self.before)))


class _Site(_Titled):
    latitude: _Latitude
    longitude: _Longitude

    @property
    def coordinates(self) -> Coordinates:
        return Coordinates(self.latitude, self.longitude)


class _Receiving(_Site):
    hours: _Hours | None = None
    pauses: dict[Prayer, _Pause] = {}

    def opening_hours(self) -> OpeningHours:
        return USUAL_HOURS if self.hours is None else self.hours.hours()

    def prayer_pauses(self) -> Mapping[Prayer, PrayerPause]:
        own = {prayer: pause.length() for prayer, pause in self.pauses.items()}
        return MappingProxyType({**USUAL_PAUSES, **own})


class _Town(_Titled):
    at: tuple[_Latitude, _Longitude]
    also: tuple[_Text, ...] = ()

    def town(self, governorate_id: GovernorateId) -> Town:
        return Town(self.name, governorate_id, Coordinates(*self.at), self.also)


class _Stop(_Titled):
    on: date
    at: tuple[_Latitude, _Longitude]
    open: Annotated[Span, BeforeValidator(_span)]
    home: bool = False

    def stop(self) -> Stop:
        return Stop(self.on, self.name, Coordinates(*self.at), self.open, self.home)


class _Centre(_Named, _Receiving):
    kind: CentreKind = CentreKind.PERMANENT
    opens_on: date | None = None
    closes_on: date | None = None
    stops: tuple[_Stop, ...] = ()
    kiosks: tuple[_Named, ...] = ()

    def centre(self, governorate_id: GovernorateId) -> ReceptionCentre:
        return ReceptionCentre(
            CentreId(self.id),
            governorate_id,
            self.name,
            self.coordinates,
            self.kind,
            self.opens_on,
            self.closes_on,
            self.opening_hours(),
            self.prayer_pauses(),
            tuple(stop.stop() for stop in self.stops),
        )


class _Governorate(_Named, _Site):
    towns: tuple[_Town, ...] = ()
    centres: tuple[_Centre, ...] = ()


class _Agency(_Named):
    acceptance_days: _WorkingDays = USUAL_ACCEPTANCE_DAYS
    answer_days: _WorkingDays = USUAL_ANSWER_DAYS
    closed_on: date | None = None

    def agency(self) -> Agency:
        return Agency(AgencyId(self.id), self.name, self.acceptance_days, self.answer_days, self.closed_on)


class _Wording(_Named):
    text_arabic: _Directive
    text_english: _Directive

    def wording(self) -> Wording:
        return Wording(WordingId(self.id), self.name, Name(self.text_arabic, self.text_english))


class _File(_Table):
    region: _Named
    emirate: _Receiving
    governorates: tuple[_Governorate, ...]
    agencies: tuple[_Agency, ...] = ()
    wordings: tuple[_Wording, ...] = ()

    @model_validator(mode="after")
    def _each_id_once(self) -> _File:
        centres = [centre for governorate in self.governorates for centre in governorate.centres]
        kiosks = [kiosk for centre in centres for kiosk in centre.kiosks]
        for named in (self.governorates, centres, kiosks, self.agencies, self.wordings):
            seen: set[str] = set()
            for each in named:
                if each.id in seen:
                    raise ValueError(f"the id {each.id} is there twice")
                seen.add(each.id)
        return self

    def places(self) -> RegionPlaces:
        region_id = RegionId(self.region.id)
        placed = [(GovernorateId(governorate.id), governorate) for governorate in self.governorates]
        centres = [(id, centre) for id, governorate in placed for centre in governorate.centres]
        return RegionPlaces(
            region=Region(region_id, self.region.name),
            emirate=Emirate(
                region_id,
                self.emirate.name,
                self.emirate.coordinates,
                self.emirate.opening_hours(),
                self.emirate.prayer_pauses(),
            ),
            governorates=tuple(Governorate(id, region_id, each.name, each.coordinates) for id, each in placed),
            towns=tuple(town.town(id) for id, each in placed for town in each.towns),
            centres=tuple(centre.centre(id) for id, centre in centres),
            kiosks=tuple(
                Kiosk(KioskId(kiosk.id), CentreId(centre.id), kiosk.name)
                for _, centre in centres
                for kiosk in centre.kiosks
            ),
            agencies=tuple(each.agency() for each in self.agencies),
            wordings=tuple(each.wording() for each in self.wordings),
        )
