"""The loans of the demo, read from fixtures/loans/*.toml: opened and carried on through the services, in the past."""

import tomllib
import uuid
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from guichet.kernel.money import Money
from tenant_apps.clients.models import Client
from tenant_apps.clients.register_client import register_client
from tenant_apps.demo.reminded import note_reminders
from tenant_apps.identity.models import User
from tenant_apps.pawn.domain.blocking import TO_BLOCK
from tenant_apps.pawn.domain.operations import Means, at_counter
from tenant_apps.pawn.domain.possible import Act, BlockKind
from tenant_apps.pawn.domain.tariffs.months import add_months
from tenant_apps.pawn.loans import debt_of
from tenant_apps.pawn.models import Contract, Operation
from tenant_apps.pawn.services.announce_sale import announce_sale
from tenant_apps.pawn.services.block_contract import block_contract
from tenant_apps.pawn.services.fetch_object import fetch_object
from tenant_apps.pawn.services.keep_dates import keep_dates
from tenant_apps.pawn.services.open_contract import Pledge, open_contract
from tenant_apps.pawn.services.pay_out_boni import boni_left, pay_out_boni
from tenant_apps.pawn.services.pay_part import pay_part
from tenant_apps.pawn.services.prolong_contract import prolong_contract
from tenant_apps.pawn.services.quote import quote_contract
from tenant_apps.pawn.services.record_sale import owed_at_sale, record_sale
from tenant_apps.pawn.services.redeem_contract import redeem_contract

_NAMES = uuid.UUID("5f0c1d0e-6a5b-4c55-9d3e-0b6a3f0f7a10")
OPENING = time(10, 30)
A_PIECE = 500
A_DAY = timedelta(days=1)


@transaction.atomic
def load_loans(*, schema: str, now: datetime) -> int:
    """Those of the current caisse that are not there yet; how many. A loan that is there goes its own way."""
    path = Path(settings.FIXTURES) / "loans" / f"{schema}.toml"
    if not path.exists():
        return 0
    written = tomllib.loads(path.read_text(encoding="utf-8"))
    for client in written["clients"]:
        register_client(**client)
    teller = User.objects.filter(kind=User.Kind.STAFF).order_by("id").first()
    if teller is None:
        raise LookupError(f"nobody works at {schema}: its people come first")
    there = set(Operation.objects.values_list("uuid", flat=True))
    loans = [each for each in written["loans"] if _number(schema, each, 0) not in there]
    things, today = _things(), timezone.localdate(now)
    asked = {"origin": at_counter(by=teller.uuid, means=Means.TRANSFER)}
    for loan in loans:
        opened_on = add_months(today + timedelta(days=loan["due_in"]), -loan["months"])
        contract = open_contract(
            client=Client.objects.get(number=loan["client"]),
            objects=[things[name] for name in loan["objects"]],
            lent=Money.of(loan["lent"]),
            months=loan["months"],
            kept_at=written["kept_at"],
            operation=_number(schema, loan, 0),
            **_on(opened_on, asked),
        ).contract
        since = opened_on
        for rank, step in enumerate(loan.get("steps", ()), start=1):
            asked_then = {"operation": _number(schema, loan, rank), **asked}
            day = today + timedelta(days=step["day"])
            note_reminders(contract=contract, since=since, until=day)
            _carry_on(contract, step, today, asked_then)
            since = day
        note_reminders(contract=contract, since=since, until=today + A_DAY)
    keep_dates(on=today, now=now, limit=A_PIECE)
    return len(loans)


def _things() -> dict[str, Pledge]:
    folder = Path(settings.FIXTURES)
    written = tomllib.loads((folder / "loans" / "objects.toml").read_text(encoding="utf-8"))
    return {name: _pledge(folder / "pictures", entry) for name, entry in written.items()}


def _pledge(pictures: Path, entry: Mapping[str, Any]) -> Pledge:
    picture = pictures / entry["picture"] if "picture" in entry else None
    return Pledge(
        category=entry["category"],
        description=entry["description"],
        appraisal=Money.of(entry["appraisal"]),
        weight_grams=Decimal(entry["weight_grams"]) if "weight_grams" in entry else None,
        fineness=entry.get("fineness"),
        metal=entry.get("metal", ""),
        photo=picture.read_bytes() if picture else b"",
        photo_suffix=picture.suffix if picture else "",
    )


def _number(schema: str, loan: Mapping[str, Any], rank: int) -> uuid.UUID:
    """Of the opening, and of each step after it."""
    return uuid.uuid5(_NAMES, f"{schema}:{loan['key']}:{rank}")


def _carry_on(contract: Contract, step: Mapping[str, Any], today: date, asked: dict[str, Any]) -> None:
    fresh = Contract.objects.select_related("tariff", "client").get(pk=contract.pk)
    _STEPS[step["act"]](fresh, step, today, _on(today + timedelta(days=step["day"]), asked))


def _on(day: date, asked: Mapping[str, Any]) -> dict[str, Any]:
    """In the morning of that day."""
    return {**asked, "on": day, "now": timezone.make_aware(datetime.combine(day, OPENING))}


def _prolong(contract: Contract, step: Mapping[str, Any], _today: date, asked: dict[str, Any]) -> None:
    months = step["months"]
    paid = quote_contract(contract=contract, act=Act.PROLONG, on=asked["on"], months=months).total
    prolong_contract(contract=contract, months=months, paid=paid, **asked)


def _part(contract: Contract, step: Mapping[str, Any], _today: date, asked: dict[str, Any]) -> None:
    """What is due besides, and so many parts of the capital, in whole euros."""
    owed = debt_of(contract=contract, on=asked["on"])
    if owed is None:
        raise LookupError(contract.number)
    capital = Money(owed.capital.cents // step["share"] // 100 * 100)
    pay_part(contract=contract, paid=owed.charges + capital, **asked)


def _redeem(contract: Contract, _step: Mapping[str, Any], _today: date, asked: dict[str, Any]) -> None:
    paid = quote_contract(contract=contract, act=Act.REDEEM, on=asked["on"]).total
    redeem_contract(contract=contract, paid=paid, **asked)


def _fetch(contract: Contract, step: Mapping[str, Any], _today: date, asked: dict[str, Any]) -> None:
    fetch_object(contract=contract, name=step["name"], document="identity_card", **asked)


def _announce(contract: Contract, step: Mapping[str, Any], today: date, asked: dict[str, Any]) -> None:
    day = today + timedelta(days=step["sale_in"])
    announce_sale(contract=contract, sale_on=day, requested=step.get("requested", False), **asked)


def _sell(contract: Contract, step: Mapping[str, Any], _today: date, asked: dict[str, Any]) -> None:
    """For so many per cent of the debt, in tens of euros."""
    owed = owed_at_sale(contract=contract, on=asked["on"]).total
    record_sale(
        contract=contract, hammer_price=Money(owed.cents * step["percent"] // 100 // 1000 * 1000), **asked
    )


def _boni(contract: Contract, _step: Mapping[str, Any], _today: date, asked: dict[str, Any]) -> None:
    left = boni_left(contract=contract)
    pay_out_boni(contract=contract, document="identity_card", surety=False, left=left, **asked)


def _block(contract: Contract, step: Mapping[str, Any], _today: date, asked: dict[str, Any]) -> None:
    kind = BlockKind(step["kind"])
    block_contract(contract=contract, kind=kind, reason=TO_BLOCK[kind][0], **asked)


_STEPS = {
    "prolong": _prolong,
    "part": _part,
    "redeem": _redeem,
    "fetch": _fetch,
    "announce": _announce,
    "sell": _sell,
    "boni": _boni,
    "block": _block,
}
