"""Charge what the agency did and what no other act charges by itself, as the contract's own tariff prices it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from guichet.kernel.money import ZERO, Money
from tenant_apps.pawn.domain.blocking import OTHER, is_reason
from tenant_apps.pawn.domain.operations import OperationKind, Origin
from tenant_apps.pawn.domain.possible import WhyNot
from tenant_apps.pawn.domain.states import ENDED, State
from tenant_apps.pawn.domain.tariffs.account import Account
from tenant_apps.pawn.domain.tariffs.debt import debt
from tenant_apps.pawn.domain.tariffs.loan import ActDone
from tenant_apps.pawn.loans import as_redeemed, loan_of, tariff_of_contract
from tenant_apps.pawn.models import Contract
from tenant_apps.pawn.services.doing import Asked, Done, done_before, locked_contract, write_operation
from tenant_apps.pawn.services.errors import NotPossibleError

BY_HAND = ("sending", "cleaning", OTHER)
"""What the tariff calls them. All others are charged with the notice, the block or the sale that they are of."""


@dataclass(frozen=True, slots=True)
class Priced:
    """`amount`: without what it costs besides, such as postage, which is added where `plus_cost`."""

    act: str
    amount: Money
    plus_cost: bool


@dataclass(frozen=True, slots=True)
class Foreseen:
    """`owed`: what pays everything, once the fee is charged."""

    fee: Money
    owed_before: Money
    owed: Money


def fees_priced(*, contract: Contract) -> list[Priced]:
    """Whatever has become of the contract."""
    if contract.mirrored:
        return []
    tariff = tariff_of_contract(contract=contract)
    account = Account(tariff, loan_of(contract=contract))
    found = []
    for act in BY_HAND:
        if act in tariff.acts:
            amount = account.act_line(ActDone(on=contract.opened_on, act=act)).amount
            found.append(Priced(act, amount, tariff.acts[act].written.plus_cost))
    return [each for each in found if each.amount or each.plus_cost]


def fees_to_charge(*, contract: Contract) -> list[Priced]:
    return [] if contract.state in ENDED else fees_priced(contract=contract)


def why_not_charge(*, contract: Contract) -> WhyNot | None:
    if contract.mirrored:
        return WhyNot.MIRRORED
    if contract.state in ENDED:
        return WhyNot.REDEEMED if contract.state == State.REDEEMED else WhyNot.SOLD
    return None if fees_priced(contract=contract) else WhyNot.NOT_PRICED


def foresee_fee(*, contract: Contract, act: str, cost: Money, on: date) -> Foreseen:
    """Nothing is written. Raises NotPossibleError, as `charge_fee`."""
    fee = _fee(contract, act, cost)
    tariff, loan = tariff_of_contract(contract=contract), loan_of(contract=contract)
    charged = loan.after(ActDone(on=on, act=act, extra=cost))
    before, after = (
        debt(tariff=tariff, loan=as_redeemed(loan=each, state=contract.state, tariff=tariff, on=on), on=on)
        for each in (loan, charged)
    )
    return Foreseen(fee=fee, owed_before=before.total, owed=after.total)


@transaction.atomic
def charge_fee(
    *,
    contract: Contract,
    act: str,
    cost: Money,
    reason: str,
    operation: UUID,
    origin: Origin,
    on: date,
    now: datetime,
) -> Done:
    """`cost`: what it cost besides, where the tariff adds that. `reason`: of `other`, which names nothing by itself.

    Due with the next payment. Raises NotPossibleError and OperationReusedError.
    """
    asked = Asked(
        kind=OperationKind.CHARGED,
        operation=operation,
        content=(act, cost, reason),
        origin=origin,
        on=on,
        now=now,
    )
    locked = locked_contract(contract=contract)
    if found := done_before(contract=locked, asked=asked):
        return found
    fee = _fee(locked, act, cost)
    if act == OTHER and not is_reason(reason, among=(OTHER,)):
        raise NotPossibleError(WhyNot.NO_REASON)
    done = write_operation(
        contract=locked, asked=asked, acts=[act], extra=cost, charged=act, added=str(fee), reason=reason
    )
    return Done(contract=locked, operation=done)


def _fee(contract: Contract, act: str, cost: Money) -> Money:
    if why := why_not_charge(contract=contract):
        raise NotPossibleError(why)
    priced = _named(fees_priced(contract=contract), act)
    fee = priced.amount + cost if priced else ZERO
    if priced is None or (cost and not priced.plus_cost) or not fee:
        raise NotPossibleError(WhyNot.NOT_PRICED)
    return fee


def _named(fees: Sequence[Priced], act: str) -> Priced | None:
    return next((each for each in fees if each.act == act), None)
