"""The public holidays of France (Code du travail, art. L3133-1), and those of its parts that have more."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache

from holidays.countries.france import France

# As the library spells the languages of the screens.
_LANGUAGES = {"fr": "fr", "en": "en_US"}
EVERYWHERE = ""
PLACES: tuple[str, ...] = (
    EVERYWHERE,
    *(each for each in France.subdivisions if not each.startswith("Zone")),
)


def public_holidays(*, place: str, years: Iterable[int]) -> dict[date, dict[str, str]]:
    """Their names by language; `place` is one of PLACES: empty, or a department or territory such as `57`."""
    found: dict[date, dict[str, str]] = {}
    for year in years:
        found |= _of_year(place, year)
    return found


@lru_cache(maxsize=256)
def _of_year(place: str, year: int) -> Mapping[date, dict[str, str]]:
    names: dict[date, dict[str, str]] = {}
    for language, spelt in _LANGUAGES.items():
        for day, name in France(subdiv=place or None, years=year, language=spelt, observed=False).items():
            names.setdefault(day, {})[language] = name
    return names
