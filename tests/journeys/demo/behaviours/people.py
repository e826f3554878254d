"""Whom each behaviour is lived by: somebody of fixtures/people, whom no other journey meets."""

from collections.abc import Mapping
from types import MappingProxyType

from tenant_apps.demo.people import Person, demo_people

# By caisse and client number. Of two, the second has what the first has not.
LIVED_BY: Mapping[str, tuple[tuple[str, str], ...]] = MappingProxyType(
    {
        "a1": (("nimes", "C-20992"),),
        "a2": (("nimes", "C-21044"),),
        "a4": (("nimes", "C-21180"),),
        "a5": (("nimes", "C-21203"),),
        "a6": (("nimes", "C-21277"),),
        "a8": (("nimes", "C-21302"),),
        "b2": (("nimes", "C-18820"),),
        "c1": (("nantes", "74088"),),
        "c2": (("nantes", "74102"),),
        "c3": (("nantes", "74033"),),
        "c9": (("nantes", "74119"),),
        "d1": (("paris", "P-770455"),),
        "d2": (("paris", "P-770518"),),
        "d3": (("paris", "P-770603"),),
        "e1": (("cpms", "A-50817"),),
        "e2": (("cpms", "A-64402"), ("cpms", "A-49107")),
        "e3": (("cpms", "A-70311"),),
        "e4": (("cpms", "A-72018"),),
    }
)


def living(code: str) -> list[Person]:
    """As the files of the demo have them."""
    found = {(each.caisse, each.number): each for each in demo_people() if each.number}
    return [found[one] for one in LIVED_BY[code]]


def is_met_here(*, caisse: str, identifier: str) -> bool:
    """Whoever changes a secret here has another one than the demo prints, from then on."""
    return any(
        (each.caisse, each.identifier) == (caisse, identifier) for code in LIVED_BY for each in living(code)
    )
