"""What a day's till should hold: by whom and by which means, what came in and what went out."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext

from guichet.kernel.money import Money
from tenant_apps.desk.export_pawn import bounds_of
from tenant_apps.identity.people import names_of
from tenant_apps.pawn.domain.operations import Means
from tenant_apps.pawn.selectors import Moved, moved_at_counter
from tenant_apps.pawn.wording import MEANS


@dataclass(slots=True)
class Sum:
    received: Money = field(default_factory=Money)
    paid_out: Money = field(default_factory=Money)

    @property
    def left(self) -> Money:
        return self.received - self.paid_out

    def take(self, moved: Moved) -> None:
        if moved.out:
            self.paid_out += moved.amount
        else:
            self.received += moved.amount


@dataclass(frozen=True, slots=True)
class TillLine:
    who: str
    means: str | Promise
    sums: Sum


@dataclass(frozen=True, slots=True)
class Till:
    """`clerks`: a line a person and means; `means`: all of them together."""

    clerks: list[TillLine]
    means: list[TillLine]


def till_of(*, day: date) -> Till:
    """Two queries."""
    since, until = bounds_of(day)
    by_clerk: dict[tuple[UUID, str], Sum] = defaultdict(Sum)
    by_means: dict[str, Sum] = defaultdict(Sum)
    for moved in moved_at_counter(since=since, until=until):
        by_clerk[moved.by, moved.means].take(moved)
        by_means[moved.means].take(moved)
    names = names_of(uuids={by for by, _ in by_clerk})
    somebody = gettext("une personne de l’agence")
    clerks = [
        TillLine(names.get(by, somebody), _means(means), sums) for (by, means), sums in by_clerk.items()
    ]
    order = [*(each.value for each in Means), ""]
    together = [TillLine("", _means(each), by_means[each]) for each in order if each in by_means]
    return Till(sorted(clerks, key=lambda line: (line.who, str(line.means))), together)


def _means(means: str) -> str | Promise:
    return MEANS[means] if means else gettext("Moyen non noté")
