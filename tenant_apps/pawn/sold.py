"""How a sale came out for the client: the price, the debt, what is left, and what became of it (CMF D514-21)."""

from dataclasses import dataclass
from datetime import date

from guichet.kernel.money import Money
from tenant_apps.pawn.domain.law import YEARS_OF_BONI
from tenant_apps.pawn.domain.states import State
from tenant_apps.pawn.models import Contract
from tenant_apps.pawn.selectors import boni_payment
from tenant_apps.pawn.services.correct_sale import settled_from, why_not_correct


@dataclass(frozen=True, slots=True)
class BoniPaid:
    """`costs`: what its notice by post has cost, which the boni pays."""

    on: date
    amount: Money
    costs: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleShown:
    """`debt`: what was owed but for `costs`, those of the sale. `until`: the first day when a boni is the caisse's.
    `settled_on`: the day from which the price stays, while it may still be corrected.
    """

    sold_on: date
    price: Money
    debt: Money
    costs: Money
    boni: Money
    deficit: Money
    until: date
    years: int = YEARS_OF_BONI
    paid: BoniPaid | None = None
    lapsed: bool = False
    settled_on: date | None = None


def sale_of(*, contract: Contract, on: date) -> SaleShown | None:
    """None of a contract that was not sold here. Two queries at most."""
    found = None if contract.mirrored else getattr(contract, "sale", None)
    if found is None:
        return None
    return SaleShown(
        sold_on=found.sold_on,
        price=found.hammer_price,
        debt=found.owed - found.costs,
        costs=found.costs,
        boni=found.boni,
        deficit=found.deficit,
        until=found.lapses_on,
        paid=_paid(contract, found.boni),
        lapsed=contract.state == State.BONI_LAPSED,
        settled_on=None if why_not_correct(contract=contract, on=on) else settled_from(sale=found),
    )


def _paid(contract: Contract, boni: Money) -> BoniPaid | None:
    payment = boni_payment(contract=contract) if contract.state == State.BONI_CLAIMED else None
    return BoniPaid(payment.on, payment.amount, boni - payment.amount) if payment else None
