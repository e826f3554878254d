"""What an address asks of the calendar: for what, about what, where, when. What cannot be read is not asked."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict

from tenant_apps.agencies.models import Kind

_MOMENT = "%Y%m%dT%H%MZ"
_LONGEST = 40
# Beyond these years a moment may fall out of what Python counts once it is told in Paris.
_YEARS = range(2000, 2200)
NOTHING = "sans"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Each part may be missing. `without`: about nothing, said on purpose."""

    kind: str = ""
    about: UUID | None = None
    without: bool = False
    agency: UUID | None = None
    week: date | None = None
    starts_at: datetime | None = None

    def with_(self, **changes: Any) -> "Asked":
        return replace(self, **changes)

    @property
    def query(self) -> str:
        """What follows the question mark."""
        parts = {
            "motif": self.kind,
            "objet": NOTHING if self.without else self.about,
            "agence": self.agency,
            "semaine": self.week,
            "debut": written(self.starts_at) if self.starts_at else None,
        }
        return urlencode({name: str(value) for name, value in parts.items() if value})


def asked_in(data: QueryDict) -> Asked:
    kind, about = data.get("motif", ""), data.get("objet", "")
    return Asked(
        kind=kind if kind in Kind.values else "",
        about=read_uuid(about),
        without=about == NOTHING,
        agency=read_uuid(data.get("agence", "")),
        week=_read_day(data.get("semaine", "")),
        starts_at=read_moment(data.get("debut", "")),
    )


def written(moment: datetime) -> str:
    """To the minute, in UTC: `20260916T0730Z`. An hour that the clocks repeat is two of them."""
    return f"{moment.astimezone(UTC):{_MOMENT}}"


def read_moment(text: str) -> datetime | None:
    try:
        found = datetime.strptime(text[:_LONGEST], _MOMENT).replace(tzinfo=UTC)
    except ValueError:
        return None
    return found if found.year in _YEARS else None


def read_uuid(text: str) -> UUID | None:
    try:
        return UUID(text[:_LONGEST])
    except ValueError:
        return None


def _read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:_LONGEST])
    except ValueError:
        return None
