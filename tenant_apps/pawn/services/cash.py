"""How much may change hands in cash for pawn loans, which have a limit of their own (CMF L112-6 II bis, D112-3)."""

from datetime import date

from guichet.kernel.money import Money, total
from tenant_apps.pawn.domain.operations import PAID_OUT, Means, OperationKind
from tenant_apps.pawn.domain.possible import WhyNot
from tenant_apps.pawn.models import Contract, Operation
from tenant_apps.pawn.services.errors import NotPossibleError
from tenants.policy.current import current_policy


def refuse_too_much_cash(
    *, contract: Contract | None, kind: OperationKind, means: Means | None, amount: Money, on: date
) -> None:
    """With what the day has brought of that contract already, so that nothing is split. `contract`: None before there
    is one. Raises NotPossibleError.
    """
    if means is not Means.CASH:
        return
    most = Money.of(current_policy().pawn.counter_cash_most)
    if amount + _before(contract, kind, on) > most:
        raise NotPossibleError(WhyNot.TOO_MUCH_CASH, most=most)


def _before(contract: Contract | None, kind: OperationKind, on: date) -> Money:
    if contract is None:
        return Money()
    found = Operation.objects.filter(contract=contract, means=Means.CASH, on=on)
    same_way = found.filter(kind__in=PAID_OUT) if kind in PAID_OUT else found.exclude(kind__in=PAID_OUT)
    return total(same_way.values_list("amount", flat=True))
