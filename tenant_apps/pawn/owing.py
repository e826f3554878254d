"""« Combien je dois ? »: a contract's debt on a day, line by line, and how it grows."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language, gettext

from guichet.kernel import formatting
from guichet.kernel.money import Money
from guichet.web.charts import Chart, Point, bar_chart
from guichet.web.templatetags.guichet import date_long, euros
from tenant_apps.pawn.domain.law import last_term
from tenant_apps.pawn.domain.states import ENDED, State
from tenant_apps.pawn.domain.tariffs.months import add_months
from tenant_apps.pawn.explain import Explained, explained
from tenant_apps.pawn.loans import debt_of
from tenant_apps.pawn.models import Contract
from tenants.policy.current import current_policy

MOST_BARS = 5
STEPS = (1, 2, 3, 6)
"""Months between two bars."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """The days that may be asked about. What happens later nobody knows; the past is in the history."""

    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Owing:
    """A debt on a day. `late`: days since the term."""

    on: date
    total: Money
    lines: list[Explained]
    late: int
    chart: Chart


def bounds_of(*, contract: Contract, today: date) -> Bounds:
    """Until the last term that the law lets it have (CMF D514-7), or the announced sale, or the end of the grace."""
    if contract.state == State.FOR_SALE and contract.sale_on is not None:
        return Bounds(today, max(contract.sale_on, today))
    late_until = max(contract.due_on, today) + current_policy().pawn.grace
    return Bounds(today, max(last_term(opened_on=contract.opened_on), late_until))


def owing(*, contract: Contract, on: date, today: date) -> Owing | None:
    """None of a mirrored contract, and of one that has ended. `on`: within `bounds_of`."""
    found = debt_of(contract=contract, on=on)
    if found is None:
        return None
    return Owing(
        on=on,
        total=found.total,
        lines=explained(lines=found.lines, lent=contract.amount_lent),
        late=found.days_late,
        chart=_chart(contract, on, today),
    )


def _chart(contract: Contract, on: date, today: date) -> Chart:
    days = chart_days(
        on=on, today=today, term=contract.due_on, last=bounds_of(contract=contract, today=today).last
    )
    return bar_chart(
        title=gettext("Ce qu’il faut payer pour tout rembourser, selon le jour"),
        of_names=gettext("Le"),
        of_values=gettext("À payer"),
        points=[_point(contract, day, is_now=day == on, dated=days[0].year != days[-1].year) for day in days],
        language=_language(),
    )


def chart_days(*, on: date, today: date, term: date, last: date) -> list[date]:
    """From today to some months past the term, or past the day that is asked about; both have their bar."""
    until = min(max(on, add_months(max(term, today), 2)), last)
    months = next((step for step in STEPS if add_months(today, step * (MOST_BARS - 2)) >= until), STEPS[-1])
    days = {today, on, *({term} if today <= term <= last else ())}
    rank = 1
    while (day := add_months(today, months * rank)) <= until and len(days) < MOST_BARS:
        days.add(day)
        rank += 1
    return sorted(days)


def _point(contract: Contract, day: date, *, is_now: bool, dated: bool) -> Point:
    """`dated`: with its year, where not all bars are of one."""
    found = None if contract.state in ENDED else debt_of(contract=contract, on=day)
    owed = found.total if found else Money()
    name = f"{day:%d/%m/%y}" if dated else f"{day:%d/%m}"
    return Point(name=name, full_name=date_long(day), value=owed.euros, text=euros(owed), is_now=is_now)


def _language() -> formatting.Language:
    return "en" if (get_language() or "fr").startswith("en") else "fr"
