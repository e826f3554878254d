"""What a payment changes, said before it is made: the new term, what stays due, where the money goes."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext, ngettext

from guichet.kernel.money import ZERO, Money
from guichet.web.templatetags.guichet import date_long, euros
from tenant_apps.pawn.domain.possible import Act
from tenant_apps.pawn.domain.tariffs.debt import debt
from tenant_apps.pawn.explain import label_of
from tenant_apps.pawn.loans import loan_of, tariff_of_contract
from tenant_apps.pawn.models import Contract
from tenant_apps.pawn.services.quote import Quote, quote_contract


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """Of a prolongation. `owed_now`: what would redeem it the same day, once paid; `owed_then`, at the new term."""

    before: date
    until: date
    added: Money
    """What the prolongation adds to the debt at once, beside what it has paid: a fee that waits for the end."""
    owed_now: Money
    owed_then: Money
    from_payment: bool
    """Whether the tariff counts the new months from the day of the payment, and not from the term."""

    @property
    def days(self) -> int:
        return (self.until - self.before).days

    @property
    def gained(self) -> str:
        return ngettext("%(count)s jour de plus", "%(count)s jours de plus", self.days) % {"count": self.days}

    @property
    def why_so_few(self) -> str:
        if not self.from_payment:
            return ""
        return gettext(
            "Votre tarif compte la nouvelle durée depuis le jour où vous payez, et non depuis l’échéance : plus vous "
            "payez près de l’échéance, plus vous gagnez de jours."
        )

    @property
    def sentences(self) -> tuple[str, ...]:
        """With the old term, the new one, and what will be owed."""
        moved = gettext("L’échéance passe du %(before)s au %(until)s : %(gained)s.") % {
            "before": date_long(self.before),
            "until": date_long(self.until),
            "gained": self.gained,
        }
        owed = gettext(
            "Une fois ce paiement fait, il restera à payer %(now)s pour tout rembourser le jour même, et %(then)s à la "
            "nouvelle échéance."
        ) % {"now": euros(self.owed_now), "then": euros(self.owed_then)}
        return tuple(each for each in (moved, owed, self.why_so_few) if each)


def effect_of(*, contract: Contract, quote: Quote) -> Effect | None:
    """None of what is no prolongation."""
    if quote.until is None or quote.after is None:
        return None
    tariff = tariff_of_contract(contract=contract)
    owed_now = debt(tariff=tariff, loan=quote.after, on=quote.on).total
    owed_before = debt(tariff=tariff, loan=loan_of(contract=contract), on=quote.on).total
    return Effect(
        before=contract.due_on,
        until=quote.until,
        added=max(owed_now + quote.total - owed_before, ZERO),
        owed_now=owed_now,
        owed_then=debt(tariff=tariff, loan=quote.after, on=quote.until).total,
        from_payment=tariff.document.prolongation.runs_from == "payment",
    )


def shares_of(*, quote: Quote) -> tuple[tuple[str, Money], ...]:
    """Where the money goes, a name each: charges before capital (Code civil 1343-1). Empty where there is one alone."""
    found: dict[str, Money] = {}
    for line in sorted(quote.lines, key=lambda each: each.kind.value == "capital"):
        if line.amount:
            name = label_of(line=line)
            found[name] = found.get(name, Money()) + line.amount
    return tuple(found.items()) if len(found) > 1 else ()


def quote_of_act(
    *,
    contract: Contract,
    act: Act,
    months: int | None,
    amount: Money | None,
    on: date,
    as_of: datetime | None = None,
) -> Quote:
    """With of `months` and `amount` what the act takes. Raises NotPossibleError."""
    if act is Act.PAY_PART:
        return quote_contract(contract=contract, act=act, on=on, amount=amount, as_of=as_of)
    asked = months if act is Act.PROLONG else None
    return quote_contract(contract=contract, act=act, on=on, months=asked, as_of=as_of)
