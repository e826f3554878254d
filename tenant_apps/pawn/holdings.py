"""All contracts of a client at once: what their list, its sums and the home page say of each, and no more."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from guichet.kernel.money import ZERO, Money
from tenant_apps.clients.models import Client
from tenant_apps.pawn.card_payments import card_payments_by_contract
from tenant_apps.pawn.domain.standing import Standing, standing_of
from tenant_apps.pawn.domain.states import ENDED
from tenant_apps.pawn.domain.tariffs.debt import total_owed
from tenant_apps.pawn.domain.tariffs.loan import ActDone, Event, Loan, PaidDown, Prolonged, in_order
from tenant_apps.pawn.loans import as_redeemed
from tenant_apps.pawn.presentation import ContractView, shown
from tenant_apps.pawn.selectors import (
    CONTRACT_COLUMNS,
    charge_rows,
    contract_rows,
    contracts_by_key,
    event_rows,
)
from tenant_apps.pawn.tariffs.selectors import computed
from tenant_apps.payments.selectors import Disputed, disputed_among

Dated = tuple[int, int, Event]


@dataclass(frozen=True, slots=True)
class Holding:
    """A contract on a day. `as_of`: of a mirrored one, when its own system said what is due."""

    pk: int
    uuid: UUID
    standing: Standing
    sale_on: date | None
    """Of a sale that is announced, where its day is known."""
    lent: Money
    due: Money
    as_of: datetime | None
    number: str
    blocked: bool
    redeemable: bool
    """Here, today, and not in another system of the caisse, nor against a block."""
    to_fetch: bool
    """Redeemed here, and nobody has come for the objects yet."""
    disputes: Sequence[Disputed] = ()
    """Of what would be to fetch: the payments by card that a bank wants back, or has."""


def holdings_of(*, client: Client, today: date) -> list[Holding]:
    """Announced sales first, the nearest of them before the others, then what is due soonest, and last what has ended.
    Three queries, however many; two more where something is to be fetched.
    """
    events = _events(client)
    rows = (dict(zip(CONTRACT_COLUMNS, each, strict=True)) for each in contract_rows(client=client))
    found = _with_disputes([_holding(row, events.get(row["pk"], []), today) for row in rows])
    # A stable sort: what is neither for sale nor ended keeps its order by the term, and so does the rest.
    return sorted(found, key=_order)


def _order(holding: Holding) -> tuple[bool, bool, date]:
    """A sale whose day is not known comes after those that have one."""
    for_sale = holding.standing is Standing.FOR_SALE
    return holding.standing.ended, not for_sale, holding.sale_on or date.max


def _with_disputes(found: Sequence[Holding]) -> list[Holding]:
    """Nobody is asked to come for what a bank takes back."""
    paid = card_payments_by_contract(keys=[each.pk for each in found if each.to_fetch])
    disputes = {each.payment: each for each in disputed_among(uuids=list(paid))}
    of_contract: defaultdict[int, list[Disputed]] = defaultdict(list)
    for payment, contracts in paid.items():
        for contract in contracts if payment in disputes else ():
            of_contract[contract].append(disputes[payment])
    return [
        replace(each, to_fetch=False, disputes=of_contract[each.pk]) if each.pk in of_contract else each
        for each in found
    ]


def views_of(*, holdings: Sequence[Holding], today: date) -> list[ContractView]:
    """With their objects, in the same order. Two queries."""
    contracts = contracts_by_key(keys=[each.pk for each in holdings])
    return [
        shown(contract=contracts[each.pk], today=today, due=each.due, disputes=each.disputes)
        for each in holdings
    ]


def _holding(row: dict[str, Any], events: list[Dated], today: date) -> Holding:
    standing = standing_of(
        state=row["state"], due_on=row["due_on"], extra_until=row["extra_until"], today=today
    )
    blocked = row["claimed"] or (row["blocked"] and today < row["due_on"])
    return Holding(
        pk=row["pk"],
        uuid=row["uuid"],
        standing=standing,
        sale_on=row["sale_on"] if standing is Standing.FOR_SALE else None,
        lent=row["amount_lent"],
        due=_due(row, events, today),
        as_of=row["amount_due_as_of"],
        number=row["number"],
        blocked=row["blocked"] and not standing.ended,
        redeemable=row["tariff__uuid"] is not None and not standing.ended and not blocked,
        to_fetch=standing is Standing.REDEEMED and row["tariff__uuid"] is not None and not row["fetched"],
    )


def _due(row: dict[str, Any], events: list[Dated], today: date) -> Money:
    """As `loans.sum_due` has it."""
    if row["tariff__uuid"] is None:
        return row["amount_due"] or ZERO
    if row["state"] in ENDED:
        return ZERO
    tariff = computed(uuid=row["tariff__uuid"])
    loan = Loan(
        lent=row["amount_lent"], start=row["opened_on"], term=row["first_term"], events=in_order(events)
    )
    return total_owed(
        tariff=tariff, loan=as_redeemed(loan=loan, state=row["state"], tariff=tariff, on=today), on=today
    )


def _events(client: Client) -> dict[int, list[Dated]]:
    """By contract; what an operation charges comes after what it did."""
    found: defaultdict[int, list[Dated]] = defaultdict(list)
    for contract, operation, on, capital, until in event_rows(client=client):
        event = Prolonged(on=on, until=until) if until else PaidDown(on=on, capital=capital)
        found[contract].append((operation, 1, event))
    for contract, operation, on, act, extra in charge_rows(client=client):
        found[contract].append((operation, 2, ActDone(on=on, act=act, extra=extra)))
    return found
