"""What every act on a contract has in common: the lock, the answer of before, the row of history, the journal."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from guichet.kernel.money import ZERO, Money, total
from tenant_apps.identity.people import user_of_client
from tenant_apps.journal.record import record
from tenant_apps.pawn.domain.operations import (
    RECEIVED,
    OperationKind,
    Origin,
    Part,
    Source,
    part_of,
)
from tenant_apps.pawn.domain.states import BY_DATE, State, state_by_date, step, steps_by_date
from tenant_apps.pawn.domain.tariffs.lines import Line
from tenant_apps.pawn.models import ActCharged, Contract, Operation, OperationLine
from tenant_apps.pawn.services import receipt_numbers
from tenant_apps.pawn.services.cash import refuse_too_much_cash
from tenant_apps.pawn.services.errors import OperationReusedError
from tenant_apps.pawn.services.receipt_numbers import next_receipt
from tenants.policy.current import current_policy

EVENTS: dict[OperationKind, str] = {kind: f"pawn.{kind.value}" for kind in OperationKind}
"""By act, what the journal calls it."""
_LETTERS: dict[OperationKind, str] = {
    **dict.fromkeys(RECEIVED, receipt_numbers.RECEIVED),
    OperationKind.BONI_PAID: receipt_numbers.BONI,
}
EVENTS_BY_DATE: dict[State, str] = {State.DUE: "pawn.due", State.IN_GRACE: "pawn.in_grace"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One act that somebody asks for. `content`: what makes it this act and no other, as plain values."""

    kind: OperationKind
    operation: UUID
    content: Sequence[object]
    origin: Origin
    on: date
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """Part of the money of an act."""

    part: Part
    amount: Money
    act: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """`replayed`: it had been done already, and this is what was answered then."""

    contract: Contract
    operation: Operation
    replayed: bool = False


def locked_contract(*, contract: Contract) -> Contract:
    """As it stands now, and nobody else's until the transaction ends."""
    found: Contract = (
        Contract.objects.select_for_update(of=("self",)).select_related("client").get(pk=contract.pk)
    )
    return found


def done_before(*, contract: Contract, asked: Asked) -> Done | None:
    """Under the contract's lock. Raises OperationReusedError."""
    found = Operation.objects.filter(uuid=asked.operation).first()
    if found is None:
        return None
    if found.fingerprint != fingerprint_of(contract=contract, asked=asked):
        raise OperationReusedError
    return Done(contract=contract, operation=found, replayed=True)


def fingerprint_of(*, contract: Contract, asked: Asked) -> str:
    """The day is none of it: a form that is sent again after midnight is the same form."""
    origin = [asked.origin.source, str(asked.origin.by), str(asked.origin.payment)]
    if asked.origin.means is not None:
        origin.append(asked.origin.means)
    content = [asked.kind, str(contract.uuid), origin, [str(each) for each in asked.content]]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def follow_calendar(*, contract: Contract, on: date, now: datetime) -> None:
    """Under the contract's lock: where the calendar has brought it, step by step. Saved, and in the journal."""
    state = State(contract.state)
    if contract.mirrored or state not in BY_DATE:
        return
    end = state_by_date(term=contract.due_on, on=on, due_for=current_policy().pawn.due_for)
    for each in steps_by_date(start=state, end=end):
        change(contract=contract, state=each)
        write_event(kind=EVENTS_BY_DATE[each], contract=contract, now=now)


def change(*, contract: Contract, state: State, **values: Any) -> None:
    """Save the new state and these columns. Raises IllegalStepError."""
    if state != contract.state:
        contract.state = step(start=State(contract.state), end=state)
    for name, value in values.items():
        setattr(contract, name, value)
    contract.save(update_fields=["state", *values])


def moved_by(*, lines: Iterable[Line]) -> list[Moved]:
    """A tariff's lines as parts of a payment; what comes to nothing is left out."""
    return [Moved(part=part_of(each.kind), amount=each.amount, act=each.act) for each in lines if each.amount]


def write_operation(
    *,
    contract: Contract,
    asked: Asked,
    moved: Sequence[Moved] = (),
    terms: tuple[date, date] | None = None,
    until: date | None = None,
    extra: Money = ZERO,
    acts: Sequence[str] = (),
    columns: Mapping[str, Any] | None = None,
    **details: str,
) -> Operation:
    """The row of history with its parts, what is charged from now on, and the journal. `extra`: what each act costs
    besides, where the tariff charges that too. `columns`: what this kind of act alone has.

    Raises NotPossibleError where too much would change hands in cash, and OperationReusedError.
    """
    days = dict(zip(("term_before", "term_after"), terms or (), strict=False))
    operation = _row(contract, asked, moved, {**days, "until": until, **(columns or {})})
    OperationLine.objects.bulk_create(
        OperationLine(
            operation=operation, position=position, part=each.part, act=each.act, amount=each.amount
        )
        for position, each in enumerate(moved, start=1)
    )
    ActCharged.objects.bulk_create(
        ActCharged(operation=operation, contract=contract, act=act, on=asked.on, extra=extra) for act in acts
    )
    known = {"operation": str(operation.uuid), "by": str(asked.origin.by or ""), "means": operation.means}
    said = {name: word for name, word in known.items() if word}
    write_event(kind=EVENTS[asked.kind], contract=contract, now=asked.now, **said, **details)
    return operation


def _row(contract: Contract, asked: Asked, moved: Sequence[Moved], columns: Mapping[str, Any]) -> Operation:
    amount = total(each.amount for each in moved)
    means = asked.origin.means if amount else None
    refuse_too_much_cash(contract=contract, kind=asked.kind, means=means, amount=amount, on=asked.on)
    try:
        with transaction.atomic():
            return Operation.objects.create(
                uuid=asked.operation,
                fingerprint=fingerprint_of(contract=contract, asked=asked),
                contract=contract,
                kind=asked.kind,
                on=asked.on,
                at=asked.now,
                source=asked.origin.source,
                payment=asked.origin.payment,
                by=asked.origin.by,
                means=means or "",
                amount=amount,
                capital=total(each.amount for each in moved if each.part is Part.CAPITAL),
                **{"receipt": _receipt(asked, amount), **columns},
            )
    except IntegrityError:
        # Another contract took the number of this form in the same moment.
        if not Operation.objects.filter(uuid=asked.operation).exists():
            raise
        raise OperationReusedError from None


def _receipt(asked: Asked, amount: Money) -> str:
    """Of what the client pays at the counter, and of a boni; a payment by card on line has its own."""
    letter = _LETTERS.get(asked.kind, "")
    given = letter and asked.origin.source is Source.COUNTER and amount
    return next_receipt(on=asked.on, letter=letter) if given else ""


def journalled_as(*, contract: Contract) -> list[str]:
    """What events of this contract are told of: its client's account, and the file for as long as there was none."""
    user = user_of_client(uuid=contract.client.uuid)
    return [str(contract.client.uuid), *([str(user.uuid)] if user else [])]


def write_event(*, kind: str, contract: Contract, now: datetime, **details: str) -> None:
    user = user_of_client(uuid=contract.client.uuid)
    subject = str(user.uuid if user else contract.client.uuid)
    record(kind=kind, at=now, subject=subject, contract=str(contract.uuid), **details)
