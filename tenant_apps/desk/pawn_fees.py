"""Fees in the words of the counter: what an act would add to the debt, and what was added and is not paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext

from guichet.kernel.money import Money
from guichet.web.templatetags.guichet import date_long, euros
from tenant_apps.desk.pawn_words import TARIFF_ACTS
from tenant_apps.pawn.models import Contract
from tenant_apps.pawn.services.fees import fees_due, fees_of


@dataclass(frozen=True, slots=True)
class FeeLine:
    label: str
    amount: Money


@dataclass(frozen=True, slots=True)
class DueFeeLine:
    """`name`: what the form says of it."""

    name: str
    label: str


def fee_lines(*, contract: Contract, acts: Sequence[str], on: date) -> list[FeeLine]:
    """What costs nothing is left out."""
    found = fees_of(contract=contract, acts=acts, on=on)
    return [FeeLine(str(TARIFF_ACTS[each.act]), each.amount) for each in found if each.amount]


def due_fee_lines(*, contract: Contract) -> list[DueFeeLine]:
    return [
        DueFeeLine(
            each.name,
            gettext("%(what)s du %(day)s : %(sum)s")
            % {"what": TARIFF_ACTS[each.fee.act], "day": date_long(each.on), "sum": euros(each.fee.amount)},
        )
        for each in fees_due(contract=contract)
    ]
