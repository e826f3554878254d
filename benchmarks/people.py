"""The caisse whose clients sign in, and as many invented ones as a benchmark needs. Reads files only."""

from collections.abc import Sequence
from datetime import date

from tenant_apps.demo.people import Person, demo_people

CAISSE = "nimes"
HOST = f"{CAISSE}.localhost"
# Of the eleven digits that Nîmes accepts, and of the range of phones that is kept for fiction.
_IDENTIFIERS, _PHONES = 70_000_000_000, 33_639_980_000


def the_person() -> Person:
    """The client whose pages are shown: the one of the demo's people at Nîmes who has the most contracts."""
    return max(
        (each for each in demo_people() if each.caisse == CAISSE), key=lambda each: len(each.contracts)
    )


def newcomers(*, first: int, count: int) -> Sequence[Person]:
    """Clients who are nobody else; the same number is the same person. Below 10 000, as there are phones."""
    return [_newcomer(number) for number in range(first, first + count)]


def _newcomer(number: int) -> Person:
    return Person(
        caisse=CAISSE,
        kind="client",
        identifier=str(_IDENTIFIERS + number),
        secret=f"Guichet-ouvert-{number}!",
        number=f"B-{number:05}",
        first_name="Camille",
        last_name=f"Essai{number:05}",
        birth_date=date(1970, 1, 1),
        email=f"camille.essai{number}@example.org",
        mobile=f"+{_PHONES + number}",
    )
