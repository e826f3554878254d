"""What a file of agencies may say: `fixtures/agencies/*.toml`."""

import re
from datetime import date, time, timedelta
from itertools import pairwise
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, model_validator
from pydantic_core import PydanticCustomError

from tenant_apps.agencies.domain.limits import CHANGES_A_DAY, MISSED_AT_MOST, MISSED_WITHIN
from tenant_apps.agencies.domain.opening import Hours
from tenant_apps.agencies.domain.public_holidays import PLACES
from tenant_apps.agencies.domain.slots import STEP
from tenants.policy.durations import Duration, between
from tenants.policy.sections.base import Distinct, Line, LocalText, Paragraph, Section, Title

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
PurposeKind = Literal["bring", "redeem", "appraisal", "other"]
_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)", re.ASCII)


def _read_hours(written: Any) -> Hours:
    found = _HOURS.fullmatch(written) if isinstance(written, str) else None
    if found is None:
        raise PydanticCustomError("hours", "des heures s’écrivent « 09:00-12:30 »")
    opens, closes = time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))
    if opens >= closes:
        raise PydanticCustomError("hours", "l’heure de fermeture vient après celle d’ouverture")
    if any(_minutes(each) % STEP for each in (opens, closes)):
        raise PydanticCustomError("hours", "les heures tombent sur un multiple de 5 minutes")
    return Hours(opens, closes)


def write_hours(hours: Hours) -> str:
    return f"{hours.opens:%H:%M}-{hours.closes:%H:%M}"


def _minutes(moment: time) -> timedelta:
    return timedelta(hours=moment.hour, minutes=moment.minute)


def _apart(day: tuple[Hours, ...]) -> tuple[Hours, ...]:
    if any(later.opens <= earlier.closes for earlier, later in pairwise(day)):
        raise PydanticCustomError("hours", "les heures d’un jour se suivent sans se toucher")
    return day


def _whole(duration: timedelta) -> timedelta:
    if duration % STEP:
        raise PydanticCustomError("duration", "un multiple de 5 minutes est attendu")
    return duration


def _place(written: str) -> str:
    if written not in PLACES:
        known = ", ".join(each for each in PLACES if each)
        raise PydanticCustomError("place", "vide pour toute la France, ou : {known}", {"known": known})
    return written


WrittenHours = Annotated[Hours, BeforeValidator(_read_hours), PlainSerializer(write_hours, return_type=str)]
Day = Annotated[tuple[WrittenHours, ...], AfterValidator(_apart)]
Code = Annotated[Line, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]


class RulesEntry(Section):
    """What holds in all agencies of the caisse."""

    open_at_once: int = Field(ge=1, le=20, description="Les rendez-vous à venir qu’un client peut avoir.")
    late_after: Annotated[Duration, between("5 min", "14 jours")] = Field(
        description="Plus près du rendez-vous que cela, annuler ou déplacer est tardif."
    )
    late: Literal["accepted", "agency"] = Field(
        description="Un changement tardif : accepté et noté (accepted), ou par l’agence seulement (agency)."
    )
    missed_at_most: int = Field(
        default=MISSED_AT_MOST,
        ge=1,
        le=50,
        description="Les rendez-vous manqués, ou rendus trop tard, après lesquels l’agence seule en donne un autre.",
    )
    missed_within: Annotated[Duration, between("1 jour", "365 jours")] = Field(
        default=MISSED_WITHIN, description="Pendant combien de temps un rendez-vous manqué compte."
    )
    changes_a_day: int = Field(
        default=CHANGES_A_DAY,
        ge=1,
        le=100,
        description="Ce qu’un client peut prendre ou déplacer de rendez-vous en un jour.",
    )


class TimetableEntry(Section):
    """The hours that hold from a day on; a day that is not written is closed."""

    starts_on: date
    monday: Day = ()
    tuesday: Day = ()
    wednesday: Day = ()
    thursday: Day = ()
    friday: Day = ()
    saturday: Day = ()
    sunday: Day = ()

    @property
    def week(self) -> tuple[tuple[Hours, ...], ...]:
        return tuple(getattr(self, day) for day in DAYS)


class ClosureEntry(Section):
    """Days without opening, the last one included."""

    first: date
    last: date
    reason: LocalText

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last < self.first or not self.reason:
            raise PydanticCustomError("closure", "le dernier jour suit le premier, et une raison est dite")
        return self


class ResourceEntry(Section):
    """A counter or a room: how many people it receives at once."""

    code: Code
    name: Title
    capacity: int = Field(ge=1, le=20)


class PurposeEntry(Section):
    """How the agency receives for a purpose."""

    kind: PurposeKind
    duration: Annotated[Duration, between("5 min", "4 h"), AfterValidator(_whole)]
    notice: Annotated[Duration, between("5 min", "60 jours")] = Field(
        description="Ce qui sépare au moins la réservation du rendez-vous."
    )
    days_ahead: int = Field(ge=1, le=180, description="Jusqu’à combien de jours d’avance.")
    resources: Annotated[tuple[Code, ...], Distinct] = Field(min_length=1)
    bring: LocalText = Field(description="Ce qu’il faut apporter, une chose par ligne.")


class AgencyEntry(Section):
    """One agency, whole."""

    code: Code
    name: Title
    address: Annotated[Paragraph, Field(min_length=1, max_length=300)]
    phone: Annotated[Line, Field(max_length=30)]
    public_holidays: Annotated[str, AfterValidator(_place)] = ""
    timetables: tuple[TimetableEntry, ...] = Field(min_length=1)
    closures: tuple[ClosureEntry, ...] = ()
    resources: tuple[ResourceEntry, ...] = Field(min_length=1)
    purposes: tuple[PurposeEntry, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> Self:
        _once("starts_on", [str(each.starts_on) for each in self.timetables])
        _once("code", [each.code for each in self.resources])
        _once("kind", [each.kind for each in self.purposes])
        asked = {code for each in self.purposes for code in each.resources}
        if unknown := asked - {each.code for each in self.resources}:
            text = "cette ressource n’est pas dans l’agence : {unknown}"
            raise PydanticCustomError("resource", text, {"unknown": ", ".join(sorted(unknown))})
        return self


class AgenciesFile(Section):
    """All agencies of a caisse: one that is not there any more closes."""

    rules: RulesEntry
    agencies: tuple[AgencyEntry, ...]

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        _once("code", [each.code for each in self.agencies])
        return self


def _once(what: str, values: list[str]) -> None:
    if twice := sorted({each for each in values if values.count(each) > 1}):
        text = "{what} écrit deux fois : {twice}"
        raise PydanticCustomError("once", text, {"what": what, "twice": ", ".join(twice)})
