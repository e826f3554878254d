"""How a sale came out for the client: the price, the debt, what is left (CMF D514-21)."""

from dataclasses import dataclass
from datetime import date

from guichet.kernel.money import Money
from tenant_apps.pawn.domain.law import YEARS_OF_BONI
from tenant_apps.pawn.models import Contract


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleShown:
    """`debt`: what was owed but for `costs`, those of the sale. `until`: the first day when a boni is the caisse's."""

    sold_on: date
    price: Money
    debt: Money
    costs: Money
    boni: Money
    deficit: Money
    until: date
    years: int = YEARS_OF_BONI


def sale_of(*, contract: Contract) -> SaleShown | None:
    """None of a contract that was not sold here."""
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
    )
