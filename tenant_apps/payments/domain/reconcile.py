"""The provider's list of a day against ours: what differs, by name."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Literal
from uuid import UUID

from guichet.kernel.money import Money


class Why(StrEnum):
    MISSING_HERE = "missing_here"
    MISSING_THERE = "missing_there"
    OTHER_AMOUNT = "other_amount"
    OTHER_STATE = "other_state"
    TWICE = "twice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One movement, ours or the provider's. `key`: what both call it. `within`: it is of the day that is compared."""

    kind: Literal["capture", "refund"]
    key: str
    amount: Money
    within: bool = True
    payment: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """`ours`, `theirs`: sums in euros, empty where there is none."""

    why: Why
    kind: str
    key: str
    payment: str
    ours: str
    theirs: str

    def written(self) -> dict[str, str]:
        return {name: str(value) for name, value in asdict(self).items()}


def differences(
    *, ours: Iterable[Entry], theirs: Iterable[Entry], known_elsewhere: frozenset[str]
) -> list[Difference]:
    """In the order of the keys. `known_elsewhere`: keys that we know in another state.

    Both lists reach beyond the day: two clocks never agree on which side of midnight a thing was.
    """
    here: dict[tuple[str, str], Entry] = {(each.kind, each.key): each for each in ours}
    there: dict[tuple[str, str], Entry] = {}
    found: list[Difference] = []
    for each in theirs:
        place = (each.kind, each.key)
        if place in there and each.within:
            found.append(_differs(Why.TWICE, None, each))
        there.setdefault(place, each)
    found.extend(_compared(here, there, known_elsewhere))
    return sorted(found, key=lambda each: (each.kind, each.key, each.why))


def _compared(
    here: Mapping[tuple[str, str], Entry], there: Mapping[tuple[str, str], Entry], known: frozenset[str]
) -> Iterator[Difference]:
    for place in here.keys() | there.keys():
        mine, other = here.get(place), there.get(place)
        if not any(each.within for each in (mine, other) if each):
            continue
        if mine is None:
            yield _differs(Why.OTHER_STATE if place[1] in known else Why.MISSING_HERE, None, other)
        elif other is None:
            yield _differs(Why.MISSING_THERE, mine, None)
        elif mine.amount != other.amount:
            yield _differs(Why.OTHER_AMOUNT, mine, other)


def _differs(why: Why, mine: Entry | None, other: Entry | None) -> Difference:
    one = mine or other
    if one is None:
        raise ValueError("a difference is about something")
    payment = (mine.payment if mine else None) or (other.payment if other else None)
    return Difference(
        why=why,
        kind=one.kind,
        key=one.key,
        payment=str(payment or ""),
        ours=str(mine.amount) if mine else "",
        theirs=str(other.amount) if other else "",
    )
