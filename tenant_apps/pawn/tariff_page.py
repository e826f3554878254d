"""The page « Tarifs »: what the law wants shown of pawn loans, from the tariff in force (CMF D514-8-1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext

from guichet.kernel.money import ZERO, Money
from guichet.web.templatetags.guichet import date_long, euros
from tenant_apps.pawn.domain.law import LONGEST_MONTHS, YEARS_OF_BONI
from tenant_apps.pawn.domain.tariffs.debt import Simulation, simulate
from tenant_apps.pawn.domain.tariffs.document import ActFee, FixedFee, Late, TariffDocument
from tenant_apps.pawn.domain.tariffs.lines import Kind
from tenant_apps.pawn.domain.tariffs.taeg import shown as taeg_shown
from tenant_apps.pawn.domain.tariffs.tariff import tariff_of
from tenant_apps.pawn.domain.tariffs.usury import Used, nearest_to
from tenant_apps.pawn.explain import Explained, explained, rate, rate_per
from tenant_apps.pawn.settlement import credit_sentence
from tenant_apps.pawn.tariff_words import applied_in_words, counted_in_words, prolongation_in_words
from tenant_apps.pawn.tariffs.selectors import NoTariffError, document_of, tariff_in_force
from tenant_apps.pawn.wording import ACTS_CHARGED, sums_offered

EXAMPLE = Money.of(1000)
EXAMPLE_MONTHS = 6


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A loan worked out, representative (Code de la consommation L312-6) or asked for: TAEG and total due first."""

    lent: Money
    handed_over: Money
    months: int
    rate: str
    lines: list[Explained]
    taeg: str
    total: Money
    cost: Money

    @property
    def withheld(self) -> Money:
        """From the sum that is handed over: paid already, and not due at the term."""
        return self.lent - self.handed_over


@dataclass(frozen=True, slots=True, kw_only=True)
class TariffPage:
    label: str
    since: date
    invented: bool
    months: str
    offered: str
    brackets: list[Row]
    counting: list[str]
    fees: list[Row]
    late: list[Row]
    acts: list[Row]
    buyer_fee: str
    prolongation: str
    prolongation_counted: str
    example: Example | None
    usury: list[Row]
    usury_span: str
    usury_in_force: bool
    sentence: str
    longest_months: int = LONGEST_MONTHS
    boni_years: int = YEARS_OF_BONI


@dataclass(frozen=True, slots=True)
class Prices:
    """What a grid asks for, in words."""

    brackets: list[Row]
    fees: list[Row]
    late: list[Row]
    acts: list[Row]


def prices_of(*, document: TariffDocument) -> Prices:
    """In the language of the moment."""
    return Prices(
        brackets=_brackets(document),
        fees=[_fee(each, document.free_up_to) for each in document.fixed_fees],
        late=_late(document.late),
        acts=[_act(each) for each in document.acts],
    )


def document_today(*, today: date) -> TariffDocument | None:
    """None where the caisse has no tariff in force. One query."""
    try:
        return document_of(tariff=tariff_in_force(on=today))
    except NoTariffError:
        return None


def tariff_page(*, document: TariffDocument, today: date) -> TariffPage:
    used = nearest_to(today)
    return TariffPage(
        label=document.label,
        since=document.valid_from,
        invented=document.origin == "invented",
        months=_months(document.months),
        offered=sums_offered(
            least=document.amounts.least, greatest=document.amounts.greatest, step=document.amounts.step
        ),
        brackets=_brackets(document),
        counting=[*applied_in_words(document=document), *counted_in_words(document=document)],
        fees=[_fee(each, document.free_up_to) for each in document.fixed_fees],
        late=_late(document.late),
        acts=[_act(each) for each in document.acts],
        buyer_fee=rate(document.buyer_fee) if document.buyer_fee else "",
        prolongation=_months(document.prolongation.months) if document.prolongation.months else "",
        prolongation_counted=prolongation_in_words(document=document),
        example=_example(document, today),
        usury=_usury(used),
        usury_span=_span(used),
        usury_in_force=used.in_force,
        sentence=credit_sentence(),
    )


def _months(months: Sequence[int]) -> str:
    *others, last = map(str, sorted(months))
    listed = (
        gettext("%(others)s ou %(last)s") % {"others": ", ".join(others), "last": last} if others else last
    )
    return gettext("%(listed)s mois") % {"listed": listed}


def _between(above: Money, up_to: Money | None) -> str:
    if up_to is None:
        return (
            gettext("Au-dessus de %(above)s") % {"above": euros(above)}
            if above
            else gettext("Tous les prêts")
        )
    if not above:
        return gettext("Jusqu’à %(up_to)s") % {"up_to": euros(up_to)}
    return gettext("De plus de %(above)s à %(up_to)s") % {"above": euros(above), "up_to": euros(up_to)}


def _brackets(document: TariffDocument) -> list[Row]:
    rows = []
    if document.free_up_to:
        rows.append(Row(_between(ZERO, document.free_up_to), gettext("Sans intérêt")))
    above = document.free_up_to
    for each in document.brackets:
        if each.up_to is None or each.up_to > above:
            value = rate_per(each.rate, each.per)
            rows.append(Row(_between(above, each.up_to), value))
            above = each.up_to or above
    return rows


def _fee(fee: FixedFee, free_up_to: Money) -> Row:
    above = fee.above if fee.below_free else max(fee.above, free_up_to)
    base = {"lent": gettext("de la somme prêtée"), "rest": gettext("du capital qui reste dû")}[fee.base]
    parts = [f"{rate(fee.share)} {base}"] if fee.share else []
    parts += [euros(fee.amount)] if fee.amount else []
    charged = {
        "once": gettext("une fois"),
        "prolongation": gettext("au prêt et à chaque prolongation"),
        "period": gettext("tous les %(months)s mois") % {"months": fee.every_months},
    }[fee.charged]
    name = gettext("Droit fixe, %(charged)s") % {"charged": charged}
    return Row(
        f"{name} ({_between(above, fee.up_to).lower()})" if above or fee.up_to else name,
        " + ".join(parts),
    )


def _late(late: Late | None) -> list[Row]:
    if late is None:
        return []
    base = {
        "lent": gettext("de la somme prêtée"),
        "rest": gettext("du capital qui reste dû"),
        "interest": gettext("des intérêts dus"),
        "rest_and_interest": gettext("du capital et des intérêts dus"),
    }[late.base]
    return [
        Row(
            gettext("À partir du jour %(day)s de retard") % {"day": each.from_day},
            f"{rate(each.rate)} {base}",
        )
        for each in late.steps
    ]


def _act(act: ActFee) -> Row:
    parts = [euros(act.amount)] if act.amount else []
    if act.share:
        parts.append(gettext("%(rate)s de la somme prêtée") % {"rate": rate(act.share)})
    if act.plus_cost:
        parts.append(gettext("le coût réel"))
    return Row(str(ACTS_CHARGED[act.act]), " + ".join(parts) or euros(ZERO))


def _example(document: TariffDocument, today: date) -> Example | None:
    """None of a grid that publishes TAEG alone, from which nothing can be computed."""
    if document.published_as == "taeg":
        return None
    amounts, months = document.amounts, min(document.months, key=lambda each: abs(each - EXAMPLE_MONTHS))
    lent = min(max(EXAMPLE, amounts.least), amounts.greatest)
    lent = Money(lent.cents - lent.cents % amounts.step.cents)
    return worked_out(document=document, lent=lent, months=months, today=today)


def worked_out(*, document: TariffDocument, lent: Money, months: int, today: date) -> Example:
    """Of what the tariff offers, to the term, line by line."""
    found = simulate(tariff=tariff_of(document), capital=lent, start=today, months=months)
    return Example(
        lent=lent,
        handed_over=found.handed_over,
        months=months,
        rate=_rates(found),
        lines=explained(lines=(*found.withheld, *found.debt.lines, *found.compulsory), lent=lent),
        taeg=rate(taeg_shown(found.taeg)),
        total=found.paid,
        cost=found.cost,
    )


def _rates(found: Simulation) -> str:
    interest = [each for each in found.debt.lines if each.kind is Kind.INTEREST and each.rate]
    rates = [rate_per(each.rate or Decimal(0), each.rate_per) for each in interest]
    return ", ".join(dict.fromkeys(rates))


def _usury(used: Used) -> list[Row]:
    """The ceilings, which a lender must make known (CMF D314-17)."""
    rows, above = [], ZERO
    for each in used.period.ceilings:
        rows.append(Row(_between(above, each.up_to), rate(each.rate)))
        above = each.up_to or above
    return rows


def _span(used: Used) -> str:
    said = {"start": date_long(used.period.start), "end": date_long(used.period.end)}
    return gettext("du %(start)s au %(end)s") % said
