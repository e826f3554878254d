"""Loans of alpha's to try the services on, under the grid of Nantes: 0,82 % a month, 1 % fixed, 7 % to leave a sale."""

import uuid
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import UUID

from django.conf import settings

from guichet.kernel.money import Money
from tenant_apps.clients.models import Client
from tenant_apps.pawn.domain.operations import Origin, at_counter, by_card
from tenant_apps.pawn.domain.possible import Act
from tenant_apps.pawn.domain.tariffs.check import check
from tenant_apps.pawn.domain.tariffs.document import TariffDocument
from tenant_apps.pawn.domain.tariffs.reading import read_tariff_file
from tenant_apps.pawn.models import Contract, Operation
from tenant_apps.pawn.services.announce_sale import announce_sale
from tenant_apps.pawn.services.doing import Done
from tenant_apps.pawn.services.open_contract import Pledge, open_contract
from tenant_apps.pawn.services.pay_out_boni import boni_left, pay_out_boni
from tenant_apps.pawn.services.pay_part import pay_part
from tenant_apps.pawn.services.prolong_contract import prolong_contract
from tenant_apps.pawn.services.quote import quote_contract
from tenant_apps.pawn.services.record_sale import record_sale
from tenant_apps.pawn.services.redeem_contract import redeem_contract
from tenant_apps.pawn.tariffs import apply_tariff as applying

START, TERM = date(2026, 1, 15), date(2026, 7, 15)
BY = UUID("11111111-1111-4111-8111-111111111111")
COUNTER = at_counter(by=BY)
WATCH = Pledge(category="watch", description="Montre en acier", appraisal=Money.of(3000))


def noon(day: date) -> datetime:
    return datetime.combine(day, time(11), tzinfo=UTC)


checked_once = cache(check)


@cache
def grid(name: str) -> TariffDocument:
    return read_tariff_file(Path(settings.FIXTURES) / "tariffs" / f"{name}.toml").document


def apply_grid(name: str = "nantes") -> None:
    """One of the demo's files, in the current caisse. What its check says is always the same: it is asked once."""
    with patch.object(applying, "check", checked_once):
        applying.apply_tariff(document=grid(name), author="Aude", reason="essai", at=noon(START))


def card() -> Origin:
    return by_card(payment=uuid.uuid4())


def asked(on: date, **otherwise: Any) -> dict[str, Any]:
    """What every act is told."""
    return {"operation": uuid.uuid4(), "origin": COUNTER, "on": on, "now": noon(on), **otherwise}


def lend(lent: int = 1000, *, on: date = START, months: int = 6, **otherwise: Any) -> Contract:
    """To the caisse's first client, on a watch."""
    done = open_contract(
        **{
            "client": Client.objects.get(number="C-1"),
            "objects": [WATCH],
            "lent": Money.of(lent),
            "months": months,
            "kept_at": "Alpha",
            **asked(on),
            **otherwise,
        }
    )
    return fresh(done.contract)


def fresh(contract: Contract) -> Contract:
    return Contract.objects.select_related("tariff", "client").get(pk=contract.pk)


def price(contract: Contract, act: Act, on: date, **otherwise: Any) -> Money:
    return quote_contract(contract=fresh(contract), act=act, on=on, **otherwise).total


def redeem(contract: Contract, on: date, **otherwise: Any) -> Done:
    paid = otherwise.pop("paid", None) or price(contract, Act.REDEEM, on)
    return redeem_contract(contract=contract, paid=paid, **asked(on, **otherwise))


def prolong(contract: Contract, on: date, *, months: int = 6, **otherwise: Any) -> Done:
    paid = otherwise.pop("paid", None) or price(contract, Act.PROLONG, on, months=months)
    return prolong_contract(contract=contract, months=months, paid=paid, **asked(on, **otherwise))


def pay_down(contract: Contract, on: date, paid: str, **otherwise: Any) -> Done:
    return pay_part(contract=contract, paid=Money.of(paid), **asked(on, **otherwise))


def announce(contract: Contract, on: date, sale_on: date, *, requested: bool = False) -> Done:
    return announce_sale(contract=contract, sale_on=sale_on, requested=requested, **asked(on))


def sell(contract: Contract, on: date, hammer: int) -> Done:
    return record_sale(contract=contract, hammer_price=Money.of(hammer), **asked(on))


def pay_boni(contract: Contract, on: date) -> Done:
    left = boni_left(contract=fresh(contract))
    return pay_out_boni(contract=contract, document="passport", surety=False, left=left, **asked(on))


def parts(operation: Operation) -> list[tuple[str, str]]:
    """As `("capital", "1000.00")`, in order."""
    return [(each.act or each.part, str(each.amount)) for each in operation.lines.order_by("position")]
